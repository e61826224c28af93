"""Certification schemes, applications, reviews, decisions and certificates."""

from django.apps import AppConfig


class CertificationConfig(AppConfig):
    name = "certification"
    verbose_name = "Certification"

    def ready(self) -> None:
        from certification import (  # noqa: F401  (they register themselves)
            life_sockets,
            permissions,
            sockets,
            talk_sockets,
            tasks,
            verifiable,
        )
