"""`./portal bench`: what it prints, and that it runs from its data folder to the last line."""

import re
import subprocess
import sys

import pytest

from ccp_portal.environment import ROOT
from ccp_portal.launcher.__main__ import BENCHES
from tests.bench.__main__ import PARTS
from tests.bench.lines import Line, for_comparison, not_measured, verdict
from tests.processes import real_environment

pytestmark = pytest.mark.once
LINE = re.compile(r"[^:,]+: [^,]+, [^,]+, [^,]+, (holds|falls short|not measured|for comparison)")


def test_the_launcher_offers_the_parts_that_there_are():
    assert set(BENCHES) == set(PARTS)


@pytest.mark.parametrize(
    ("line", "printed"),
    (
        (
            Line("question page", "6 ms", "0.21", "at least 0.2", verdict(True)),
            "question page: 6 ms, 0.21, at least 0.2, holds",
        ),
        (Line("list", "9 ms", "0.1", "at least 0.15", verdict(False)), "list: 9 ms, 0.1, at least 0.15, falls short"),
        (not_measured("list", "no PostgreSQL, here", "0"), "list: no PostgreSQL; here, no ratio, 0, not measured"),
        (for_comparison("nothing", "1 ms"), "nothing: 1 ms, 1.00, no bar, for comparison"),
    ),
)
def test_a_line_has_four_parts_after_its_name(line: Line, printed: str):
    assert str(line) == printed
    assert LINE.fullmatch(printed)


@pytest.mark.process
def test_a_quick_run_measures_every_bar():
    """What the figures say depends on the machine; that nothing is lost does not."""
    done = subprocess.run(
        [sys.executable, "-m", "ccp_portal.launcher", "bench", "--quick"],
        cwd=ROOT,
        env=real_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    names = [line.split(":")[0] for line in lines]
    assert len(set(names)) == len(names)
    lists = [name for name in names if name.startswith("list of 300 cameras on ")]
    assert lists == ["list of 300 cameras on SQLite against raw executemany"]
    crowds = [line for line in lines if line.startswith("50 people autosaving at once on ")]
    assert [line.rsplit(", ", 1)[1] for line in crowds] == ["holds"]
    assert [line.rsplit(", ", 1)[1] for line in lines if line.startswith("SQL of ")] == ["holds"] * 3
