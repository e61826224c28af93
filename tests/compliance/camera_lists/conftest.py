from pathlib import Path

import pytest

from tests.compliance.camera_lists.lists import Lists


@pytest.fixture
def lists(tmp_path: Path) -> Lists:
    return Lists(tmp_path)
