"""Addresses of this floor."""

from django.urls import URLPattern

app_name = "exchange"
urlpatterns: list[URLPattern] = []
