"""Addresses under ``/ssi/``."""

from typing import Any

app_name = "ssi"

urlpatterns: list[Any] = []
