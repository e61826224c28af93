"""Reading the files of the demonstration, and filling facts into its texts."""

import calendar
import datetime as dt
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from core.dates import today
from core.yaml_reader import parse_yaml

DATA = Path(__file__).parent / "data"
SENTENCE_START = re.compile(r"(^|[.?!]\s+|\n)(?P<first>[a-z])")


def read(name: str) -> Any:
    """One YAML file of the data folder."""
    return parse_yaml((DATA / name).read_text("utf-8"))


@cache
def authorities() -> list[dict[str, Any]]:
    return [read(f"authorities/{path.name}") for path in sorted((DATA / "authorities").glob("*.yaml"))]


@cache
def other_organisations() -> list[dict[str, Any]]:
    """Police forces, the other police body, certification bodies, the national body."""
    found: list[dict[str, Any]] = read("organisations.yaml")["organisations"]
    return found


@cache
def site_administrator() -> dict[str, Any]:
    found: dict[str, Any] = read("organisations.yaml")["site_administrator"]
    return found


@cache
def answers() -> dict[str, dict[str, Any]]:
    """What is answered by default, by the key of the question."""
    files = sorted((DATA / "answers").glob("*.yaml"))
    return {key: answer for path in files for key, answer in read(f"answers/{path.name}").items()}


@cache
def documents() -> dict[str, dict[str, Any]]:
    """Texts of documents by kind."""
    found: dict[str, dict[str, Any]] = read("documents.yaml")
    return found


@cache
def upkeep() -> dict[str, dict[str, Any]]:
    """What keeps the cameras of some systems working, by the key of the system."""
    found: dict[str, dict[str, Any]] = read("upkeep.yaml")
    return found


@cache
def agreements() -> list[dict[str, Any]]:
    """Between councils and forces; days count from today."""
    found: list[dict[str, Any]] = read("agreements.yaml")
    return found


@cache
def verdicts() -> dict[str, dict[str, Any]]:
    """What auditors find, by criterion."""
    found: dict[str, dict[str, Any]] = read("reviews.yaml")
    return found


def day(days: int) -> dt.date:
    """Today and so many days, which may be negative."""
    return today() + dt.timedelta(days=days)


def in_words(date: dt.date) -> str:
    """As it stands in a text: 5 March 2026. English whatever the language of the page."""
    return f"{date.day} {calendar.month_name[date.month]} {date.year}"


def filled(text: str, facts: Mapping[str, object]) -> str:
    """`text` with its facts, and a capital where a fact begins a sentence. Raises KeyError for an unknown fact."""
    written = text.strip().format_map({**facts, **{k.capitalize(): _capital(str(v)) for k, v in facts.items()}})
    return SENTENCE_START.sub(lambda match: match[0][:-1] + match["first"].upper(), written)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
