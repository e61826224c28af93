"""Service level agreements between councils and police."""

from django.apps import AppConfig


class SlasConfig(AppConfig):
    name = "slas"
    verbose_name = "Agreements"

    def ready(self) -> None:
        from slas import permissions, sockets, tasks, verifiable  # noqa: F401  (they register themselves)
