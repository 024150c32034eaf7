"""Addresses under ``/complaints/``."""

from typing import Any

app_name = "complaints"

urlpatterns: list[Any] = []
