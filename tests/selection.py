"""Which tests a run is about, and what it says of the others: one line for each reason, never silence.

A complete run (`--complete`, given by `./portal test`) fails when a test was skipped: a part could not run.
"""

from pathlib import Path
from typing import Any

import pytest

SHARED_DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
NOTES: pytest.StashKey[dict[str, int]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also tests marked long")
    parser.addoption("--complete", action="store_true", help="fail if anything was skipped")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[NOTES] = {}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    kept, left_out, notes = [], [], config.stash[NOTES]
    for item in items:
        reason = reason_to_leave_out(config, item)
        if reason:
            notes[reason] = notes.get(reason, 0) + 1
            left_out.append(item)
            continue
        kept.append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def reason_to_leave_out(config: pytest.Config, item: pytest.Item) -> str:
    """Why this test does not apply here; empty when it does."""
    if item.get_closest_marker("shared_data") and not SHARED_DATA.is_dir():
        return "read real files of ../shared/data, which is not there"
    if item.get_closest_marker("long") and not config.getoption("long"):
        return "take long; --long runs them"
    return ""


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    output: dict[str, Any] | None = getattr(config, "workeroutput", None)
    if output is not None:  # a worker of xdist: the controller speaks for it
        notes = config.stash[NOTES]
        output["left_out"] = notes
        return
    if config.getoption("complete") and session.exitstatus == 0 and _skipped(config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Each worker collects the whole suite: the largest count is the count."""
    notes = node.config.stash[NOTES]
    for reason, count in getattr(node, "workeroutput", {}).get("left_out", {}).items():
        notes[reason] = max(notes.get(reason, 0), count)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for reason, count in config.stash[NOTES].items():
        terminalreporter.write_line(f"deselected: {count} tests that {reason}")
    if config.getoption("complete") and (skipped := _skipped(config)):
        terminalreporter.write_line(f"FAILED: {skipped} tests were skipped; a complete run skips nothing", red=True)


def _skipped(config: pytest.Config) -> int:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return len(reporter.stats.get("skipped", [])) if reporter else 0
