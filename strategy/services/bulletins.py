"""Bulletins and news: written by a secretary, frozen when published, corrected by a new version that says so."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from compliance.services.texts import checked_text
from core import trail
from core.dates import today
from core.errors import Incomplete, Problem, RuleBroken, StaleRecord
from strategy.models import Bulletin, BulletinItem
from strategy.models.bulletins import ITEM_LIMIT
from transparency.models import Publication
from transparency.services.publish import Subject, new_version, withdraw_publication

SCHEMA = "ccp/bulletin-publication/1"
WRITTEN = ("title", "title_cy", "text", "text_cy", "expires_on")
ITEM = ("headline", "headline_cy", "text", "text_cy", "link")
MOST_ITEMS, NOTE_LIMIT = 40, 500
Facts = Mapping[str, Any]


@transaction.atomic
def write(*, body: Organisation, kind: str, facts: Facts, by: User | None) -> Bulletin:
    """A draft; a bulletin has the next number of its body. Raises Incomplete, RuleBroken."""
    Organisation.objects.select_for_update(no_key=True).only("pk").get(pk=body.pk)
    made = Bulletin(body=body, kind=kind)
    if kind == Bulletin.Kind.BULLETIN:
        last = Bulletin.objects.filter(body=body).aggregate(last=Max("number"))["last"]
        made.number = (last or 0) + 1
    _take(made, facts)
    made.save()
    trail.record("drafted", made, by=by, after={"title": made.title})
    return made


@transaction.atomic
def change(*, bulletin: Bulletin, facts: Facts, version: int, by: User | None) -> Bulletin:
    """The draft as it is from now on; what is public stays until it is published again.

    Raises Incomplete, StaleRecord.
    """
    held = _held(bulletin, version)
    _take(held, facts)
    _save(held)
    trail.record("changed", held, by=by, after={"title": held.title})
    return held


@transaction.atomic
def put_item(*, bulletin: Bulletin, facts: Facts, by: User | None, item: BulletinItem | None = None) -> BulletinItem:
    """One more piece at the end, or another text of one that there is. Raises Incomplete, RuleBroken, StaleRecord."""
    held = _held(bulletin, None)
    if item is None and held.items.count() >= MOST_ITEMS:
        raise RuleBroken(_("A bulletin has at most %(n)d items.") % {"n": MOST_ITEMS})
    last = held.items.aggregate(last=Max("position"))["last"]
    made = item or BulletinItem(bulletin=held, position=(last or 0) + 1)
    for name in ITEM:
        setattr(made, name, checked_text(facts[name], limit=ITEM_LIMIT))
    if problems := [_missing(made, name) for name in ("headline", "text") if not getattr(made, name)]:
        raise Incomplete(problems)
    made.save()
    _save(held)
    trail.record("changed", held, by=by, after={"item": made.headline})
    return made


@transaction.atomic
def drop_item(*, item: BulletinItem, by: User | None) -> None:
    held = _held(item.bulletin, None)
    trail.record("changed", held, by=by, before={"item": item.headline})
    item.delete()
    _save(held)


@transaction.atomic
def move_item(*, item: BulletinItem, by: User | None) -> None:
    """One place towards the head; the first stays."""
    held = _held(item.bulletin, None)
    before = held.items.filter(position__lt=item.position).order_by("-position").first()
    if before is None:
        return
    before.position, item.position = item.position, before.position
    BulletinItem.objects.bulk_update([before, item], ["position"])
    _save(held)
    trail.record("changed", held, by=by, after={"item": item.headline})


@transaction.atomic
def publish(*, bulletin: Bulletin, version: int, by: User | None, note: str = "", note_cy: str = "") -> Publication:
    """Freeze it as it stands. Published before, `note` says what was corrected.

    Raises Incomplete with everything that is missing, StaleRecord where somebody else changed it meanwhile.
    """
    held = _held(bulletin, version)
    before = newest_of(held.reference)
    note = checked_text(note, limit=NOTE_LIMIT)
    if problems := obstacles(held, is_first=before is None, note=note):
        raise Incomplete(problems)
    return new_version(
        Subject(held, "bulletin", held.reference, held.body, held.title, held.title_cy),
        Publication.Kind.BULLETIN,
        path=f"/bulletins/{held.reference}/",
        content=gather(held, note=note, note_cy=checked_text(note_cy, limit=NOTE_LIMIT)),
        summary=_summary(held),
        by=by,
    )


def obstacles(bulletin: Bulletin, *, is_first: bool = True, note: str = "") -> list[Problem]:
    """What keeps it from being published, everything at once. One query."""
    problems = []
    items = list(bulletin.items.all())
    if bulletin.kind == Bulletin.Kind.BULLETIN and not items:
        problems.append(Problem(_("Add at least one item.")))
    if bulletin.kind == Bulletin.Kind.NEWS and not bulletin.text:
        problems.append(_missing(bulletin, "text"))
    if bulletin.body.is_welsh:
        records: list[Any] = [bulletin, *items]
        for record in records:
            names = [name for name in ("title", "headline", "text") if getattr(record, name, "")]
            if any(not getattr(record, f"{name}_cy") for name in names):
                problems.append(Problem(_("Write this in Welsh too: %(text)s.") % {"text": record}))
    if not is_first and not note:
        problems.append(Problem(_("Say what was corrected. The public reads it."), field="note"))
    return problems


@transaction.atomic
def withdraw(*, bulletin: Bulletin, reason: str, by: User | None) -> None:
    """Take it back; its address stays and says so. Raises RuleBroken, Incomplete, StaleRecord."""
    publication = newest_of(bulletin.reference)
    if publication is None or publication.ended_at is not None:
        raise RuleBroken(_("Nothing of it is public."))
    withdraw_publication(publication=publication, by=by, reason=reason)


def newest_of(reference: str) -> Publication | None:
    """The newest version, withdrawn or not. One query."""
    versions = Publication.objects.filter(kind=Publication.Kind.BULLETIN, subject_reference=reference.upper())
    return versions.select_related("organisation").order_by("-version").first()


def gather(bulletin: Bulletin, *, note: str = "", note_cy: str = "") -> dict[str, Any]:
    """Everything that the page says. One query."""
    return {
        "schema": SCHEMA,
        "reference": bulletin.reference,
        "kind": bulletin.kind,
        "number": bulletin.number,
        "title": _both(bulletin, "title"),
        "text": _both(bulletin, "text"),
        "expires_on": bulletin.expires_on.isoformat() if bulletin.expires_on else "",
        "items": [
            {"headline": _both(item, "headline"), "text": _both(item, "text"), "link": item.link}
            for item in bulletin.items.all()
        ],
        "note": {"en": note, "cy": note_cy} if note_cy else {"en": note},
    }


def _summary(bulletin: Bulletin) -> dict[str, Any]:
    expires_on = bulletin.expires_on.isoformat() if bulletin.expires_on else ""
    found = [[item.headline, item.headline_cy] for item in bulletin.items.all()]
    return {"kind": bulletin.kind, "number": bulletin.number, "expires_on": expires_on, "found": found}


def _both(record: Any, name: str) -> dict[str, str]:
    english, welsh = getattr(record, name), getattr(record, f"{name}_cy")
    return {"en": english, "cy": welsh} if welsh else {"en": english}


def _held(bulletin: Bulletin, version: int | None) -> Bulletin:
    rows = Bulletin.objects.select_for_update(of=("self",)).select_related("body")
    held = rows.filter(pk=bulletin.pk).first()
    if held is None or (version is not None and held.version != version):
        raise StaleRecord(held or bulletin)
    return held


def _save(bulletin: Bulletin) -> None:
    bulletin.version += 1
    bulletin.save()


def _take(bulletin: Bulletin, facts: Facts) -> None:
    for name in WRITTEN:
        value = facts[name]
        setattr(bulletin, name, checked_text(value, limit=ITEM_LIMIT) if isinstance(value, str) else value)
    problems = [] if bulletin.title else [_missing(bulletin, "title")]
    if bulletin.expires_on and bulletin.expires_on < today() and bulletin._state.adding:
        problems.append(Problem(_("The day is over already."), field="expires_on"))
    if problems:
        raise Incomplete(problems)


def _missing(record: Any, name: str) -> Problem:
    label = record._meta.get_field(name).verbose_name
    return Problem(_("Missing: %(what)s.") % {"what": label}, field=name)
