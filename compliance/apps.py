"""Camera systems and cameras, editions of the Code, self-assessments, actions and evidence."""

from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "compliance"
    verbose_name = "Compliance"

    def ready(self) -> None:
        from compliance import permissions, sockets, tasks  # noqa: F401  (they register themselves)
