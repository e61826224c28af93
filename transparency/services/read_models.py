"""Read models: tables that search, map and open data ask. They are made from publications alone and can be made anew.

Each model plugs one function in; it replaces the rows of one published thing by what its newest version says, or takes
them away where that was withdrawn. Nothing else writes these tables.
"""

from collections.abc import Callable, Iterable

from django.db import transaction

from core import jobs
from core.jobs import Job
from core.registry import Socket
from transparency.models import Publication

THINGS_A_JOB = 40

# What a model is given: the newest version of one published thing, withdrawn ones included.
Reader = Callable[[Publication], None]
read_models: Socket[Reader] = Socket()


def promise_refresh(publications: Iterable[Publication]) -> list[Job]:
    """Promise that the read models say what the newest versions of these things say, a handful a job."""
    things = list(dict.fromkeys((each.kind, each.subject_reference) for each in publications))
    return [
        jobs.promise(
            "transparency.refresh", {"things": [list(thing) for thing in things[start : start + THINGS_A_JOB]]}
        )
        for start in range(0, len(things), THINGS_A_JOB)
    ]


def refresh(things: Iterable[tuple[str, str]]) -> None:
    """Bring the read models up to date with published things, each by its kind and the reference of its subject."""
    for kind, subject_reference in things:
        _refresh(kind, subject_reference)


@transaction.atomic
def _refresh(kind: str, subject_reference: str) -> None:
    """One after the other for each thing: the row that is held is that of its first version, which all share."""
    versions = Publication.objects.filter(kind=kind, subject_reference=subject_reference)
    versions.select_for_update(no_key=True).only("pk").order_by("version").first()
    newest = versions.select_related("organisation").order_by("-version").first()
    if newest is not None:
        for reader in read_models:
            reader(newest)
