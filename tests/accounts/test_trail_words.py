"""The words in which the audit trail is read."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

from accounts.trail_words import VERBS
from compliance.services.code import Outcome as CodeOutcome

pytestmark = pytest.mark.once

APPS = ("accounts", "certification", "compliance", "core", "slas", "strategy", "transparency")
# Loading reference data records what came of it.
OUTCOMES = {CodeOutcome.LOADED.value, CodeOutcome.REPLACED.value}


def verbs_written() -> set[str]:
    """The first argument of each call of `trail.record` and its like that is written out."""
    calls = (
        node
        for app in APPS
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args
    )
    return {
        call.args[0].value
        for call in calls
        if call.func.attr in {"record", "record_many", "record_each", "record_rows"}
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "trail"
        and isinstance(call.args[0], ast.Constant)
    }


def test_every_verb_that_a_service_writes_is_read_in_words() -> None:
    assert set(VERBS) == verbs_written() | OUTCOMES
