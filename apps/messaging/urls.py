"""Addresses of this floor."""

from django.urls import URLPattern

app_name = "messaging"
urlpatterns: list[URLPattern] = []
