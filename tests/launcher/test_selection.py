"""A complete run does not pass over in silence what it did not run."""

import subprocess
import sys
from pathlib import Path

import pytest

from ccp_portal.environment import ROOT
from ccp_portal.launcher.testing import SPREAD

pytestmark = pytest.mark.once

SUITE = """
import pytest

def test_plain():
    pass

@pytest.mark.long
def test_long():
    pass

def test_that_cannot_run():
    if {skips}:
        pytest.skip("no browser")
"""


def run(folder: Path, *arguments: str, skips: bool) -> subprocess.CompletedProcess[str]:
    """pytest on the suite above, with the portal's selection and nothing else of the portal."""
    (folder / "test_suite.py").write_text(SUITE.format(skips=skips))
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n  long\n  shared_data\n")
    own = ["-p", "tests.selection", "-p", "no:django", "-p", "no:cacheprovider", "--rootdir", str(folder)]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-c", str(folder / "pytest.ini"), *own, *arguments, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("spread", ((), SPREAD))
def test_a_complete_run_with_a_skipped_test_fails_and_says_so(tmp_path, spread):
    done = run(tmp_path, "--complete", *spread, skips=True)
    assert done.returncode == 1
    assert "FAILED: 1 tests were skipped; a complete run skips nothing" in done.stdout
    assert done.stdout.splitlines()[-1].count("1 passed, 1 skipped") == 1


@pytest.mark.parametrize("spread", ((), SPREAD))
def test_what_does_not_apply_is_deselected_with_one_line(tmp_path, spread):
    done = run(tmp_path, "--complete", *spread, skips=False)
    assert done.returncode == 0
    assert done.stdout.count("deselected: 1 tests that take long; --long runs them") == 1
    assert "2 passed" in done.stdout.splitlines()[-1]


def test_the_long_ones_run_when_asked_for(tmp_path):
    done = run(tmp_path, "--complete", "--long", skips=False)
    assert (done.returncode, "deselected" in done.stdout) == (0, False)
    assert "3 passed" in done.stdout.splitlines()[-1]


def test_a_part_of_the_suite_may_skip(tmp_path):
    assert run(tmp_path, skips=True).returncode == 0
