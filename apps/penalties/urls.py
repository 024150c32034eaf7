"""Addresses under ``/penalties/``."""

from typing import Any

app_name = "penalties"

urlpatterns: list[Any] = []
