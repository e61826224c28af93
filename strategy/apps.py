"""The national picture: strategies whose plans count themselves from the records, and what stands beside them."""

from django.apps import AppConfig


class StrategyConfig(AppConfig):
    name = "strategy"
    verbose_name = "National picture"

    def ready(self) -> None:
        # They register themselves
        from strategy import (  # noqa: F401
            bulletin_sockets,
            consultation_permissions,
            consultation_sockets,
            group_sockets,
            measures,
            model_sockets,
            permissions,
            picture_sockets,
            question_sockets,
            reorganisation_permissions,
            reorganisation_sockets,
            resource_sockets,
            sockets,
            spoc_sockets,
            survey_sockets,
            tasks,
            training_sockets,
            trial_permissions,
            trial_sockets,
        )
