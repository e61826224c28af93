"""The catalogue of courses and awards: loaded from a file, kept by the administrators of national bodies."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from compliance.services.texts import checked_text
from core import trail
from core.dates import today
from core.errors import Incomplete, Problem, RuleBroken, StaleRecord
from strategy.course_files import TEXTS, read_courses
from strategy.models import Course
from strategy.models.training import TEXT_LIMIT

FIELDS = (
    *("kind", "audience", "name", "name_cy", "summary", "summary_cy", *TEXTS),
    *("accredited_until", "source", "checked_on", "ended_on"),
)


@transaction.atomic
def load_courses(*, text: str, by: User | None) -> dict[str, int]:
    """Enter what is not there yet. What an administrator keeps since is theirs: it is not overwritten.

    Raises RuleBroken, Incomplete with everything that is wrong with the file.
    """
    wanted = read_courses(text)
    there = set(Course.objects.values_list("key", flat=True))
    for each in wanted:
        if each.key not in there:
            trail.record("created", Course.objects.create(key=each.key, **each.values()), by=by)
    return {"added": sum(each.key not in there for each in wanted), "courses": len(wanted)}


@transaction.atomic
def keep(
    *, body: Organisation, course: Course | None, key: str, facts: Mapping[str, Any], version: int, by: User | None
) -> Course:
    """A new entry, or other words for one. Raises Incomplete, RuleBroken, StaleRecord."""
    if course is None:
        if Course.objects.filter(key=key).exists():
            raise Incomplete([Problem(_("This address is in use already."), field="key")])
        held = Course(key=key, version=0)
    else:
        found = Course.objects.select_for_update().filter(pk=course.pk).first()
        if found is None or found.version != version:
            raise StaleRecord(found or course)
        held = found
    for name in FIELDS:
        value = facts[name]
        setattr(held, name, checked_text(value, limit=TEXT_LIMIT) if isinstance(value, str) else value)
    if held.checked_on > today():
        raise Incomplete([Problem(_("The day must not be in the future."), field="checked_on")])
    if held.accredited_until and not held.accredited_by:
        raise Incomplete([Problem(_("Say who accredits it."), field="accredited_by")])
    if not held.name or not held.source:
        raise RuleBroken(_("An entry has a name and a source."))
    held.version += 1
    held.save()
    trail.record("changed" if course else "created", held, by=by, organisation=body, after={"name": held.name})
    return held
