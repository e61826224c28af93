"""YAML files that people write and the portal loads: judged whole, every problem named with its place.

The sentences are read by whoever writes such a file, on a command line, and stay in English.
"""

import datetime as dt
import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError

from core.errors import RuleBroken
from core.forms import refuse_control_characters

MAX_CHARACTERS = 2_000_000
SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True)
class Words:
    """A text in English and, where the format asks for it, in Welsh."""

    en: str
    cy: str = ""


class _Loader(yaml.SafeLoader):
    """Safe types only, and a key that stands twice in one map is an error instead of a lost text."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue  # no format has such a key; the safe loader says so
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"“{key.value}” stands twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def text_of(path: Path) -> str:
    """A file as text. Raises RuleBroken with one sentence for what is not there to be read, or no text in UTF-8."""
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise RuleBroken(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise RuleBroken(f"{path} is not a text in UTF-8.") from error


def parse_yaml(text: str) -> Any:
    """What a YAML text says. Raises RuleBroken with one sentence and the line where it cannot be read."""
    if len(text) > MAX_CHARACTERS:
        raise RuleBroken(f"The file is longer than {MAX_CHARACTERS:,} characters.")
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506  (a SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise RuleBroken(f"The file cannot be read as YAML, line {line}: {error.problem}.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise RuleBroken(f"The file cannot be read as YAML: {reason}.") from error


def longest_of(model: Any, field: str) -> int:
    """How many characters a column takes."""
    return int(model._meta.get_field(field).max_length)


class _Missing:
    """Stands where a key is missing; that was noted once and is not noted again."""


MISSING: Any = _Missing()


class YamlReader:
    """Reads part by part, notes every problem with its place, and gives stand-ins for what is wrong."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def wrong(self, where: str, sentence: str) -> None:
        self.problems.append(f"{where}: {sentence}")

    def unique(self, keys: Iterable[str], where: str) -> None:
        seen: set[str] = set()
        for key in keys:
            if key in seen:
                self.wrong(where, f"“{key}” stands twice.")
            seen.add(key)

    # --- small parts ---

    def mapping(self, value: Any, where: str, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, Any]:
        required = frozenset(required)
        absent = dict.fromkeys(required, MISSING)
        if not isinstance(value, dict):
            if value is not MISSING:
                self.wrong(where, "should be a map of keys and values.")
            return absent
        for key in sorted(required - value.keys()):
            self.wrong(where, f"“{key}” is missing.")
        for key in sorted(map(str, value.keys() - required - set(optional))):
            self.wrong(where, f"“{key}” is not a key of the format.")
        return {**absent, **value}

    def entries(self, value: Any, where: str) -> list[Any]:
        if value is MISSING:
            return []
        if not isinstance(value, list):
            self.wrong(where, "should be a list.")
            return []
        return value

    def text(self, value: Any, where: str, longest: int) -> str:
        if value is MISSING:
            return ""
        if not isinstance(value, str) or not value.strip():
            self.wrong(where, "should be a text that is not empty.")
            return ""
        if len(value) > longest:
            self.wrong(where, f"has {len(value)} characters, at most {longest} fit.")
        try:
            refuse_control_characters(value)
        except ValidationError:
            self.wrong(where, "holds a character that cannot be shown.")
        return value.strip()

    def words(self, value: Any, where: str, longest: int = 4000, *, welsh: bool = True) -> Words:
        found = self.mapping(value, where, ("en", "cy") if welsh else ("en",), () if welsh else ("cy",))
        return Words(
            self.text(found["en"], f"{where}, English", longest),
            self.text(found.get("cy", MISSING), f"{where}, Welsh", longest),
        )

    def slug(self, value: Any, where: str, longest: int) -> str:
        text = self.text(value, where, longest)
        if text and not SLUG.fullmatch(text):
            self.wrong(where, "should be made of small letters, digits, hyphens and underscores.")
        return text

    def number(self, value: Any, where: str, highest: int) -> int:
        if value is MISSING:
            return 0
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= highest:
            self.wrong(where, f"should be a number from 1 to {highest:,}.")
            return 0
        return value

    def one_of(self, value: Any, where: str, allowed: Iterable[str]) -> str:
        if value is MISSING:
            return ""
        allowed = sorted(allowed)
        if isinstance(value, bool):
            self.wrong(where, 'write "yes" and "no" in quotes.')
        elif value not in allowed:
            self.wrong(where, f"“{value}” is not one of {', '.join(allowed)}.")
        return str(value)

    def date(self, value: Any, where: str) -> dt.date:
        if value is MISSING:
            return dt.date.min
        if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
            self.wrong(where, "should be a date such as 2022-01-12.")
            return dt.date.min
        return value

    def address(self, value: Any, where: str) -> str:
        text = self.text(value, where, 200)
        if text and not text.startswith(("https://", "http://")):
            self.wrong(where, "should begin with https://.")
        return text
