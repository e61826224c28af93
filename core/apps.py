"""The floor of the house: no words of the field stand here."""

from django.apps import AppConfig
from django.urls import register_converter


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        from core import tasks  # noqa: F401  (the work that it does registers itself)
        from core.converters import IsoDateConverter

        register_converter(IsoDateConverter, "iso_date")
