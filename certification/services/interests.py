"""The register of interests of a body: what ties its people to operators, with dates. Recorded by its manager.

Nothing is deleted: what is over gets its last day. What an auditor declared is offered here until it is recorded.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from certification.models import AuditorAssignment, Interest
from certification.services.holding import require_order, require_text
from compliance.services.people import members
from compliance.services.texts import checked_text
from core import trail
from core.errors import RuleBroken

NOTE_LIMIT = 1000
Kind = Interest.Kind


def interests_of(body: Organisation, *, of: User | None = None) -> QuerySet[Interest]:
    """Those of a body by person; of one person alone where `of` is given."""
    own = Interest.objects.filter(body=body).select_related("person", "operator")
    if of is not None:
        own = own.filter(person=of)
    return own.order_by("person__name", "person", "operator__name", "pk")


def numbered(body: Organisation, number: int) -> Interest | None:
    """The n-th that the body recorded, from 1. One query."""
    return Interest.objects.filter(body=body).select_related("person", "operator", "body").filter(number=number).first()


@dataclass(frozen=True)
class Declared:
    """An interest that an auditor declared and that is not in the register."""

    assignment: AuditorAssignment
    kind: str
    text: str


def declared_of(body: Organisation) -> list[Declared]:
    """What auditors declared and nobody recorded since, newest first. Two queries."""
    assignments = (
        AuditorAssignment.objects.filter(application__body=body, has_conflict=True)
        .select_related("auditor", "application__operator")
        .defer("application__frozen")
        .order_by("-declared_at", "-pk")
    )
    recorded: dict[tuple[int, int, str], dt.datetime] = {}
    for person, operator, kind, at in Interest.objects.filter(body=body).values_list(
        "person", "operator", "kind", "at"
    ):
        key = (person, operator, kind)
        recorded[key] = max(at, recorded.get(key, at))
    found, seen = [], set()
    for assignment in assignments:
        for kind, text in assignment.interests_declared.items():
            key = (assignment.auditor_id, assignment.application.operator_id, kind)
            since = recorded.get(key)
            if key in seen or (since is not None and assignment.declared_at and since >= assignment.declared_at):
                continue
            seen.add(key)
            found.append(Declared(assignment, kind, text))
    return found


@transaction.atomic
def record_interest(
    *,
    body: Organisation,
    person: User,
    operator: Organisation,
    kind: str,
    note: str,
    starts_on: dt.date | None,
    ends_on: dt.date | None,
    by: User,
) -> Interest:
    """Raises RuleBroken for somebody of another organisation, an organisation that runs no cameras, and dates in the
    wrong order; Incomplete without a note.
    """
    note = require_text(checked_text(note, limit=NOTE_LIMIT), _("Say what the interest is."))
    if kind not in Kind.values:
        raise RuleBroken(_("Choose the kind of interest."))
    if not operator.runs_cameras:
        raise RuleBroken(_("Interests are recorded in operators of cameras."))
    Organisation.objects.select_for_update(no_key=True).get(pk=body.pk)  # numbers without a gap
    if not members(body).filter(pk=person.pk).exists():
        raise RuleBroken(_("Interests are recorded for people of your organisation."))
    require_order(starts_on, ends_on)
    interest = Interest.objects.create(
        body=body,
        number=Interest.objects.filter(body=body).count() + 1,
        person=person,
        operator=operator,
        kind=kind,
        note=note,
        starts_on=starts_on,
        ends_on=ends_on,
        by=by,
    )
    trail.record("recorded", interest, by=by, after=_plain(interest), personal={"note": note})
    return interest


@transaction.atomic
def change_interest(
    *, interest: Interest, note: str, starts_on: dt.date | None, ends_on: dt.date | None, by: User
) -> None:
    """Its words and dates; person, operator and kind stay. Raises RuleBroken, Incomplete."""
    note = require_text(checked_text(note, limit=NOTE_LIMIT), _("Say what the interest is."))
    require_order(starts_on, ends_on)
    before, note_before = _plain(interest), interest.note
    interest.note, interest.starts_on, interest.ends_on = note, starts_on, ends_on
    interest.save(update_fields=["note", "starts_on", "ends_on"])
    personal = {"note": note, "note before": note_before}
    trail.record("changed", interest, by=by, before=before, after=_plain(interest), personal=personal)


def _plain(interest: Interest) -> dict[str, str]:
    return {
        "kind": interest.kind,
        "starts_on": str(interest.starts_on or ""),
        "ends_on": str(interest.ends_on or ""),
    }
