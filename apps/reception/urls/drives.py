"""Test drives and the self-check."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
