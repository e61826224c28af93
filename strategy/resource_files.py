"""The entries of the library that come with the portal, read from YAML."""

import datetime as dt
from pathlib import Path
from typing import Any

from core.yaml_reader import parse_yaml, text_of
from strategy.models.resources import NUMBERS, Topic

LIBRARY = Path(__file__).parent / "data" / "resources" / "library.yaml"
REVIEW_AFTER = dt.timedelta(days=365)


def shipped_entries() -> list[dict[str, Any]]:
    """The fields of each; a test holds every entry to what a record needs before it may be published."""
    document = parse_yaml(text_of(LIBRARY))
    return [_fields(each, document["checked_on"]) for each in document["entries"]]


def _fields(entry: dict[str, Any], checked_on: dt.date) -> dict[str, Any]:
    return {
        "shipped": entry["key"],
        "title": entry["title"]["en"],
        "title_cy": entry["title"]["cy"],
        "summary": entry["summary"]["en"],
        "summary_cy": entry["summary"]["cy"],
        "publisher": entry["publisher"],
        "edition": entry["edition"],
        "url": entry.get("url", ""),
        "topic": Topic(entry["topic"]).value,
        "principles": [number for number in entry["principles"] if number in NUMBERS],
        "as_of": checked_on,
        "review_by": checked_on + REVIEW_AFTER,
    }
