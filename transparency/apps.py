"""What the public sees: publications, baked pages, register, verify, open data."""

from django.apps import AppConfig


class TransparencyConfig(AppConfig):
    name = "transparency"
    verbose_name = "Transparency"

    def ready(self) -> None:
        from transparency import (  # noqa: F401
            agreement_sources,
            enquiry_sockets,
            enquiry_tasks,
            permissions,
            receivers,
            sockets,
            tasks,
        )
        from transparency.services import open_data, places, search_index  # noqa: F401
