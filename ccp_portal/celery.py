"""The Celery application: one task that runs promised work, one that rings again, one that seals the trail."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ccp_portal.settings")

app = Celery("ccp_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
