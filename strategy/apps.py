"""The national picture: strategies whose plans count themselves from the records, and what stands beside them."""

from django.apps import AppConfig


class StrategyConfig(AppConfig):
    name = "strategy"
    verbose_name = "National picture"

    def ready(self) -> None:
        from strategy import measures, permissions, sockets, spoc_sockets, tasks  # noqa: F401  (they register themselves)
