"""Single points of contact: named, changed and ended by their organisation, told to and acknowledged by the managers'
association, published and taken back.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Kind, Organisation, User
from compliance.services.texts import checked_text
from core import trail
from core.dates import today
from core.errors import Incomplete, Problem, RuleBroken, StaleRecord
from strategy.models.spoc import NAME_LIMIT, POST_LIMIT, TELEPHONE_LIMIT, SpocConfirmation, SpocEntry, SpocPublication
from strategy.services import spoc_news


@dataclass(frozen=True)
class Details:
    """What an organisation says of its contact. `person` is somebody with an account there, if any."""

    post: str
    email: str
    name: str = ""
    telephone: str = ""
    post_cy: str = ""
    shows_name: bool = False
    shows_contact: bool = False
    language: str = SpocEntry.Language.ENGLISH
    person: User | None = None


def _checked(details: Details) -> dict[str, object]:
    """The fields of an entry. Raises Incomplete, RuleBroken for what is unfit."""
    post = checked_text(details.post, limit=POST_LIMIT)
    email = details.email.strip().lower()
    problems = [] if post else [Problem(_("Enter the post. The public reads it."), field="post")]
    try:
        validate_email(email)
    except ValidationError:
        problems.append(Problem(_("Enter an email address in the form name@example.org."), field="email"))
    if details.language not in SpocEntry.Language.values:
        problems.append(Problem(_("Choose one of the answers shown."), field="language"))
    if problems:
        raise Incomplete(problems)
    return {
        "post": post,
        "post_cy": checked_text(details.post_cy, limit=POST_LIMIT),
        "name": checked_text(details.name, limit=NAME_LIMIT),
        "email": email,
        "telephone": checked_text(details.telephone, limit=TELEPHONE_LIMIT),
        "shows_name": details.shows_name,
        "shows_contact": details.shows_contact,
        "language": details.language,
        "person": details.person,
    }


@transaction.atomic
def name_spoc(
    *, organisation: Organisation, details: Details, by: User | None, named_on: dt.date | None = None
) -> SpocEntry:
    """A person, or another one: the entry before ends today with what was public of it. Whoever stands in the entry
    with an account is told. Raises Incomplete, RuleBroken, StaleRecord when somebody else was quicker.
    """
    if not organisation.runs_cameras:
        raise RuleBroken(_("Only an organisation that may run cameras names a single point of contact."))
    fields = _checked(details)
    day = named_on or today()
    if day > today():
        raise Incomplete([Problem(_("The day must not be in the future."), field="named_on")])
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    for before in SpocEntry.objects.standing().filter(organisation=organisation):
        _end(before, by)
    try:
        with transaction.atomic():
            entry = SpocEntry.objects.create(organisation=organisation, named_on=day, made_by=by, **fields)
    except IntegrityError as error:
        raise StaleRecord(organisation) from error
    trail.record("named", entry, by=by, after={"post": entry.post, "named_on": day}, personal=_personal(entry))
    spoc_news.named(entry, by)
    return entry


def _personal(entry: SpocEntry) -> dict[str, str]:
    return {"name": entry.name, "email": entry.email, "telephone": entry.telephone}


def _held(entry: SpocEntry) -> SpocEntry:
    """The entry as it stands now, for this transaction alone. Raises StaleRecord for one that ended."""
    found = SpocEntry.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=entry.pk)
    if found.ended_on is not None:
        raise StaleRecord(found)
    return found


@transaction.atomic
def change_spoc(*, entry: SpocEntry, details: Details, by: User | None) -> SpocEntry:
    """Correct what is said of the same person. What is public follows at once; the association need not be told again.

    Raises Incomplete, RuleBroken, StaleRecord.
    """
    fields = _checked(details)
    held = _held(entry)
    before, was = {"post": held.post}, _personal(held)
    for name, value in fields.items():
        setattr(held, name, value)
    held.save(update_fields=list(fields))
    told = {"before": was, "after": _personal(held)}
    trail.record("changed", held, by=by, before=before, after={"post": held.post}, personal=told)
    public = held.publications.current().first()
    if public is not None and any(getattr(public, key) != value for key, value in held.public_facts().items()):
        _end_publication(public)
        SpocPublication.objects.create(entry=held, by=by, **held.public_facts())
        trail.record("published", held, by=by, after={"post": held.post})
    return held


@transaction.atomic
def end_spoc(*, entry: SpocEntry, by: User | None) -> None:
    """Nobody is named any more; what was public goes. Raises StaleRecord for one that ended."""
    _end(_held(entry), by)


def _end(entry: SpocEntry, by: User | None) -> None:
    """Its days stay for the history; address and telephone are erased, open links are closed."""
    for public in entry.publications.current():
        _end_publication(public)
    entry.ended_on, entry.email, entry.telephone = today(), "", ""
    entry.save(update_fields=["ended_on", "email", "telephone"])
    settle(entry)
    trail.record("ended", entry, by=by, after={"post": entry.post})


def settle(entry: SpocEntry) -> None:
    """The organisation acted: what mailboxes proposed is erased."""
    entry.confirmations.filter(settled_on__isnull=True).update(
        settled_on=today(), new_name="", new_post="", new_email=""
    )


@transaction.atomic
def dismiss_answer(*, entry: SpocEntry, by: User | None) -> None:
    """The organisation says that the entry is right all the same. Raises StaleRecord."""
    held = _held(entry)
    refused = held.confirmations.filter(settled_on__isnull=True).exclude(answer="")
    if refused.exclude(answer=SpocConfirmation.Answer.STILL_RIGHT).exists():
        settle(held)
        trail.record("kept", held, by=by, after={"post": held.post})


def _end_publication(public: SpocPublication) -> None:
    public.ended_on, public.name, public.email, public.telephone = today(), "", "", ""
    public.save(update_fields=["ended_on", "name", "email", "telephone"])


@transaction.atomic
def tell_association(*, entry: SpocEntry, by: User | None) -> bool:
    """Tell the managers' association who it is: its people hear of it. Done again it changes nothing (False).

    Raises StaleRecord, RuleBroken for a training organisation.
    """
    held = _held(entry)
    if held.organisation.is_training:
        raise RuleBroken(_("This is a training organisation: what it writes is not sent to anybody."))
    if held.told_on is not None:
        return False
    held.told_on = today()
    held.save(update_fields=["told_on"])
    trail.record("told", held, by=by, after={"told_on": held.told_on})
    spoc_news.told(held)
    return True


@transaction.atomic
def acknowledge(*, entries: Iterable[SpocEntry], body: Organisation, by: User | None) -> int:
    """A national body acknowledges those of which it was told, all at once; others are passed over. How many it were.

    Raises RuleBroken for a body that is none.
    """
    if body.kind != Kind.NATIONAL_BODY:
        raise RuleBroken(_("Only a national body acknowledges a single point of contact."))
    wanted = SpocEntry.objects.standing().filter(pk__in=[entry.pk for entry in entries])
    waiting = wanted.filter(told_on__isnull=False, acknowledged_on__isnull=True).order_by("pk")
    held = list(waiting.select_for_update(of=("self",)).select_related("organisation"))
    for entry in held:
        entry.acknowledged_on, entry.acknowledged_by = today(), body
    SpocEntry.objects.bulk_update(held, ["acknowledged_on", "acknowledged_by"])
    after = {"acknowledged_on": today(), "body": body.slug}
    trail.record_each("acknowledged", [(entry, None, after) for entry in held], by=by)
    for entry in held:
        spoc_news.acknowledged(entry, body)
    return len(held)


@transaction.atomic
def publish_spoc(*, entry: SpocEntry, by: User | None) -> bool:
    """The public reads the post, and the name and contact where the entry says so. Done again it changes nothing.

    Raises StaleRecord, RuleBroken for a training organisation.
    """
    held = _held(entry)
    if held.organisation.is_training:
        raise RuleBroken(_("This is a training organisation: nothing of it is published."))
    if held.publications.current().exists():
        return False
    SpocPublication.objects.create(entry=held, by=by, **held.public_facts())
    trail.record("published", held, by=by, after={"post": held.post})
    return True


@transaction.atomic
def withdraw_spoc(*, entry: SpocEntry, by: User | None) -> bool:
    """The public reads it no more. Done again it changes nothing. Raises StaleRecord."""
    held = _held(entry)
    public = held.publications.current().first()
    if public is None:
        return False
    _end_publication(public)
    trail.record("withdrawn", held, by=by, after={"post": held.post})
    return True
