"""The door and its traffic."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
