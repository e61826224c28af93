"""Who people are, which organisations they belong to and in which role."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People and organisations"

    def ready(self) -> None:
        from accounts import permissions, sockets, tasks  # noqa: F401  (they register themselves)
