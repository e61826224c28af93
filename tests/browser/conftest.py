"""One demonstration portal for all tests of this folder: real processes, real pages."""

from collections.abc import Iterator

import pytest

from tests.processes import RunningPortal, running_portal


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    with running_portal(tmp_path_factory.mktemp("demonstration")) as portal:
        yield portal
