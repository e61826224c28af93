"""Clause libraries: loaded whole, never changed once an agreement rests on one, only succeeded."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction

from accounts.models import User
from core import trail
from core.errors import RuleBroken
from slas.clause_files import LibraryText
from slas.clause_reader import read_library
from slas.models import ClauseLibrary


class Outcome(StrEnum):
    LOADED = "loaded"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class LoadedLibrary:
    library: ClauseLibrary
    outcome: Outcome


def load_library(*, text: str, by: User | None) -> LoadedLibrary:
    """Store the clause library that a YAML text describes.

    The same content again changes nothing; other content under the same key replaces a library that nothing rests on.
    Raises Incomplete with every problem of the text, RuleBroken for what is no YAML, for a library in use, and for one
    that succeeds a library that is not loaded or has a successor already.
    """
    return _store(read_library(text), by)


@transaction.atomic
def _store(wanted: LibraryText, by: User | None) -> LoadedLibrary:
    library = ClauseLibrary.objects.select_for_update().filter(key=wanted.key).first()
    before = {"sha256": library.sha256} if library else {}
    if library is None:
        library, outcome = ClauseLibrary(key=wanted.key), Outcome.LOADED
    elif library.sha256 == wanted.sha256:
        return LoadedLibrary(library, Outcome.UNCHANGED)
    elif library.in_use():
        raise RuleBroken(
            f"The clause library “{library.key}” is in use: it cannot be changed, only succeeded. "
            "Give the new one its own key."
        )
    else:
        outcome = Outcome.REPLACED
    library.name, library.name_cy = wanted.name.en, wanted.name.cy
    library.published_on, library.sha256, library.content = wanted.published_on, wanted.sha256, wanted.as_json()
    library.succeeds = _predecessor(wanted)
    library.save()
    trail.record(outcome.value, library, by=by, before=before, after={"key": library.key, "sha256": library.sha256})
    return LoadedLibrary(library, outcome)


def _predecessor(wanted: LibraryText) -> ClauseLibrary | None:
    if not wanted.succeeds:
        return None
    found = ClauseLibrary.objects.exclude(key=wanted.key).filter(key=wanted.succeeds).first()
    if found is None:
        raise RuleBroken(f"The clause library “{wanted.succeeds}”, which this one succeeds, is not loaded.")
    if ClauseLibrary.objects.exclude(key=wanted.key).filter(succeeds=found).exists():
        raise RuleBroken(f"The clause library “{wanted.succeeds}” has a successor already.")
    return found
