"""The portal's settings and, for comparison, views that do nothing. The environment is that of the running bench."""

from ccp_portal.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # dozens of people are made up in a moment
