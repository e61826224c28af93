"""What every test gets: its own folders, a real broker behind the doorbell, and no network but this machine."""

import ipaddress
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import translation

from tests import tables

pytest_plugins = ["tests.browsing", "tests.processes", "tests.selection"]


class OutsideNetwork(AssertionError):
    """A test tried to leave this machine."""


def _is_here(host: str | bytes | None) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if not name or name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def no_network_but_this_machine() -> Iterator[None]:
    """Sockets of this process reach loopback and unix addresses only."""
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def refuse_outside(own: socket.socket, address: Any) -> None:
        if own.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
            raise OutsideNetwork(f"no test may connect to {address}")

    def guarded_connect(own: socket.socket, address: Any) -> None:
        refuse_outside(own, address)
        connect(own, address)

    def guarded_connect_ex(own: socket.socket, address: Any) -> int:
        refuse_outside(own, address)
        return connect_ex(own, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not _is_here(host):
            raise OutsideNetwork(f"no test may look up {host}")
        return getaddrinfo(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
        yield


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None, django_db_blocker: Any) -> Iterator[bool]:
    """Django finds the tables of this process made already; what is a file goes with the process's folder."""
    from tests.processes import database_url

    name = connection.creation._get_test_db_name()
    if connection.vendor == "sqlite":
        tables.copy_file(Path(name))
        yield True
        return
    with django_db_blocker.unblock():
        tables.copy_on_server(name, database_url())
    yield True
    with django_db_blocker.unblock():
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}"')


@pytest.fixture(autouse=True)
def own_folders(settings: Any, tmp_path: Path) -> Path:
    """Files, public pages and mail of one test, in the places that a real data folder has them. Returns that folder."""
    data = tmp_path / "portal"
    settings.PORTAL_DATA = data
    settings.MEDIA_ROOT = data / "files"
    settings.PUBLIC_ROOT = data / "public"
    settings.MAIL_ROOT = data / "mail"
    for folder in (settings.MEDIA_ROOT, settings.PUBLIC_ROOT, settings.MAIL_ROOT):
        folder.mkdir(parents=True)
    return data


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The minute in which requests are counted does not end in the middle of a test."""
    now = time.time()
    monkeypatch.setattr("core.limits.time", SimpleNamespace(time=lambda: now))


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A page leaves its language to the thread; the next test begins in that of the settings again."""
    yield
    translation.deactivate()


@pytest.fixture
def on_postgres() -> bool:
    """For the few rules that are kept by other means on the two databases."""
    return connection.vendor == "postgresql"
