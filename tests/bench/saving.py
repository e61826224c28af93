"""How a browser saves one answer, and what it learns from what comes back."""

import re
from typing import Any

from django.test import Client

from tests.bench.wire import Answer, post

VERSION = re.compile(rb'name="version"[^>]*value="(\d+)"')


def save(question: str, session: str, text: str, version: int) -> bytes:
    """The request that saves `text` as the answer to the question at that address."""
    return post(question, session, {"text": text, "version": version})


def accepted(answer: Answer) -> bool:
    return answer.status in (200, 302)


def is_conflict(answer: Answer) -> bool:
    return answer.status == 409


def version_after(answer: Answer, before: int) -> int:
    """Against which version the next save goes: the next one, or after a conflict that of the other's text."""
    if accepted(answer):
        return before + 1
    found = VERSION.search(answer.body)
    return int(found[1]) if found else before


def in_process(client: Client, question: str, text: str, state: dict[str, Any]) -> Any:
    """The same save without a server, for counting its statements; `state["version"]` goes up."""
    answer = client.post(question, {"text": text, "version": state["version"]})
    state["version"] += 1
    return answer
