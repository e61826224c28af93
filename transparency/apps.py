"""What the public sees: publications, baked pages, register, verify, open data."""

from django.apps import AppConfig


class TransparencyConfig(AppConfig):
    name = "transparency"
    verbose_name = "Transparency"

    def ready(self) -> None:
        from transparency import enquiry_sockets, enquiry_tasks, permissions, receivers, sockets, tasks  # noqa: F401
        from transparency.services import open_data, places, search_index  # noqa: F401
