from django.apps import AppConfig

from apps.core import checks

__all__ = ["CoreConfig", "checks"]  # importing the checks registers them


class CoreConfig(AppConfig):
    name = "apps.core"
