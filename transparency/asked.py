"""What a reader asks a list for in its address: values of fixed lists, words, and the lists to choose from."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from transparency.folding import folded

MAX_TEXT = 100


def known(asked: Mapping[str, str], name: str, values: Collection[str], otherwise: str = "") -> str:
    """The value asked for, if it is one of `values`; an unknown one asks for nothing."""
    value = asked.get(name, otherwise)
    return value if value in values else otherwise


def words(asked: Mapping[str, str], name: str = "q") -> str:
    """The text asked for, with single blanks, at most MAX_TEXT letters."""
    return " ".join(asked.get(name, "").replace("\x00", "").split())[:MAX_TEXT]


def says(texts: Iterable[str], wanted: str) -> bool:
    """Whether each word that is wanted begins one of the words of `texts`; so does no word at all."""
    said = folded(" ".join(texts)).split()
    return all(any(word.startswith(begun) for word in said) for begun in folded(wanted).split())


def chooser(
    name: str, label: str, pairs: Iterable[tuple[str, Any]], chosen: str, *, is_needed: bool = False
) -> dict[str, Any]:
    """One list to choose from, as `components/filter_lists.html` takes it: values with their words, and which is
    chosen; where one `is_needed`, there is no way to choose none.
    """
    choices = [{"value": value, "label": str(word), "chosen": value == chosen} for value, word in pairs]
    return {"name": name, "label": label, "choices": choices, "is_needed": is_needed}
