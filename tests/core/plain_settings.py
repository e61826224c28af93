"""The portal's real settings, with static files by their plain names, as the tests have them."""

from ccp_portal.settings import *  # noqa: F403
from ccp_portal.settings import STORAGES

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
