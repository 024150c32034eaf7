"""Models, prices and settings."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
