"""Both worlds, built once for this folder and never written to: every request is undone."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from tests.factories.compliance import CodeEditionFactory
from tests.permissions.walking import Walk
from tests.permissions.world import build


@pytest.fixture(scope="package")
def walk(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """Everybody of two worlds, each signed in, with the records of both."""
    folder = tmp_path_factory.mktemp("permissions")
    with (
        django_db_blocker.unblock(),
        override_settings(PORTAL_DATA=folder, MEDIA_ROOT=folder / "files", PUBLIC_ROOT=folder / "public"),
        transaction.atomic(),
    ):
        edition: Any = CodeEditionFactory()
        yield Walk(own=build(edition), other=build(edition), folder=folder)
        transaction.set_rollback(True)


@pytest.fixture
def undone(walk: Walk, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Walk]:
    """The walk, with its files where they were made; whatever a test writes is undone. Refusals are not logged."""
    monkeypatch.setattr(logging.getLogger("django.request"), "level", logging.ERROR)
    settings.PORTAL_DATA = walk.folder
    settings.MEDIA_ROOT = walk.folder / "files"
    with transaction.atomic():
        yield walk
        transaction.set_rollback(True)
