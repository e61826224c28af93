"""How a browser saves one answer, and what it learns from what comes back."""

import re
from typing import Any

from django.test import Client

from tests.bench.wire import Answer, post

VERSION = re.compile(rb'name="version" value="(\d+)"')


def save(question: str, session: str, text: str, version: int) -> bytes:
    """The request by which the page at `question` saves while somebody types."""
    return post(f"{question}autosave/", session, {"text": text, "version": version}, "HX-Request: true")


def see_both(question: str, session: str, text: str, version: int) -> bytes:
    """After a conflict: the form of the page itself, which shows both texts."""
    return post(question, session, {"text": text, "version": version})


def accepted(answer: Answer) -> bool:
    return answer.status == 200


def is_conflict(answer: Answer) -> bool:
    return answer.status == 409


def version_in(answer: Answer) -> int:
    """Against which version the next save goes, as the answer to a save or the page with both texts says."""
    found = VERSION.search(answer.body)
    if found is None:
        raise ValueError(f"no version in an answer {answer.status}")
    return int(found[1])


def in_process(client: Client, question: str, text: str, state: dict[str, Any]) -> Any:
    """The same save without a server, for counting its statements; `state["version"]` goes up."""
    answer = client.post(f"{question}autosave/", {"text": text, "version": state["version"]})
    state["version"] += 1
    return answer
