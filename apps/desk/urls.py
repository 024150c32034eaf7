"""Addresses of this floor."""

from django.urls import path

from apps.desk.views import home

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
]
