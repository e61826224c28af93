"""Makes the Celery application known in every process that starts Django, so that a promise rings the right bell."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "ccp_portal"

    def ready(self) -> None:
        from ccp_portal import celery  # noqa: F401  (importing it makes it the current application)
