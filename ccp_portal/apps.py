"""What every process that starts Django shares: the Celery application, so that a promise rings the right bell, and
files that are its user's alone.
"""

import os

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "ccp_portal"

    def ready(self) -> None:
        # Database, logs and files hold people's data, and the data folder may be one that others can enter.
        os.umask(0o077)
        from ccp_portal import celery  # noqa: F401  (importing it makes it the current application)
