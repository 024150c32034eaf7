"""Opportunities and what consultants do today."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
