"""The portal's settings with a data folder of this test process alone. TEST_DATABASE_URL chooses another database.

A process that a test starts is a real one: it gets `ccp_portal.settings` (see `tests.processes`).
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from ccp_portal.environment import private_redis_url

TEST_DATA = Path(tempfile.mkdtemp(prefix="ccp-test-"))
(TEST_DATA / "static").mkdir()  # whitenoise warns when it is not there


def _clear_away(owner: int = os.getpid()) -> None:
    if os.getpid() == owner:  # not in a forked child
        shutil.rmtree(TEST_DATA, ignore_errors=True)


atexit.register(_clear_away)

for name in (
    "DEBUG",
    "EMAIL_URL",
    "ALLOWED_HOSTS",
    "PORTAL_OPERATOR",
    "PORTAL_CONTACT",
    "PORTAL_PHONE",
    "PORTAL_POST",
    "PORTAL_DEMONSTRATION",
    "PORTAL_PORT",
    "LOG_LEVEL",
):
    os.environ.pop(name, None)
os.environ["PORTAL_DATA"] = str(TEST_DATA)
os.environ["PORTAL_ORIGIN"] = "http://testserver"
os.environ["SECRET_KEY"] = "only-for-tests-" * 4
os.environ["REDIS_URL"] = private_redis_url(TEST_DATA)
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{TEST_DATA}/portal.sqlite3"
# Playwright runs an event loop in the thread of the test; Django would then refuse its blocking calls there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from ccp_portal.settings import *  # noqa: E402, F403  (the environment first)
from ccp_portal.settings import DATABASES, STORAGES  # noqa: E402

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_DATA / "test.sqlite3")}  # a file: workers and threads share it
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick, and good enough for made-up people
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
