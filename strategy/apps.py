"""The national picture: strategies whose plans count themselves from the records, and what stands beside them."""

from django.apps import AppConfig


class StrategyConfig(AppConfig):
    name = "strategy"
    verbose_name = "National picture"

    def ready(self) -> None:
        # They register themselves
        from strategy import group_sockets, measures, permissions, sockets, spoc_sockets, tasks  # noqa: F401
