"""The audit trail: append-only entries, sealed in batches so that a later change of any of them shows.

An entry names record, actor and organisation as plain values, because a seal outlives the rows that it speaks of.
What is personal (the actor's address, personal values before and after) enters the seal as a salted hash: erasing the
text and its salt leaves the seal whole. Each seal hashes its entries in order together with the seal before it, and is
signed with the portal's key (`core.seal_proofs`), so that nobody without that key can make another.
"""

import contextlib
import contextvars
import functools
import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from core import bulk, seal_proofs

GENESIS = "0" * 64
_nobody = contextvars.ContextVar("nobody", default="the portal")
SEAL_BATCH = 2000

Values = dict[str, Any] | None
Told = tuple[models.Model, Values, Values]  # a subject with its values before and after


class TrailEntryQuerySet(models.QuerySet["TrailEntry"]):
    def of_organisation(self, organisation_id: int) -> "TrailEntryQuerySet":
        """What concerns one organisation, newest first."""
        return self.filter(organisation_id=organisation_id).order_by("-pk")

    def unsealed(self) -> "TrailEntryQuerySet":
        return self.filter(seal__isnull=True).order_by("pk")


class Seal(models.Model):
    """The hash over a batch of entries and over the seal before it."""

    number = models.PositiveBigIntegerField(unique=True, editable=False)
    previous = models.CharField(max_length=64, unique=True, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    entries_count = models.PositiveIntegerField(editable=False)
    at = models.DateTimeField(editable=False)
    # Over the digest, by the portal's key of that id; blank in seals made before seals were signed
    signature = models.TextField(blank=True, editable=False)
    key_id = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ("number",)

    def __str__(self) -> str:
        return f"seal {self.number}"


class TrailEntry(models.Model):
    """One act: who did what to which record, when, with the values before and after."""

    SEALED_FIELDS: ClassVar = (
        "at",
        "verb",
        "subject_kind",
        "subject_reference",
        "subject_id",
        "organisation_reference",
        "organisation_id",
        "actor_id",
        "before",
        "after",
        "personal_digest",
        "position",
    )

    at = models.DateTimeField(default=timezone.now, editable=False)
    verb = models.CharField(max_length=40, editable=False)
    subject_kind = models.CharField(max_length=80, editable=False)
    subject_reference = models.CharField(max_length=200, editable=False)
    subject_id = models.BigIntegerField(null=True, editable=False)
    organisation_reference = models.CharField(max_length=120, blank=True, editable=False)
    organisation_id = models.BigIntegerField(null=True, editable=False)
    actor_id = models.BigIntegerField(null=True, editable=False)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder, editable=False)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder, editable=False)
    personal = models.JSONField(null=True, encoder=DjangoJSONEncoder, editable=False)  # None: erased
    personal_salt = models.CharField(max_length=32, blank=True, editable=False)
    personal_digest = models.CharField(max_length=64, editable=False)
    seal = models.ForeignKey(
        Seal, null=True, on_delete=models.PROTECT, related_name="entries", editable=False, db_index=False
    )  # trail_by_seal begins with it
    position = models.PositiveIntegerField(null=True, editable=False)

    objects = TrailEntryQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=("organisation_id", "-id"), name="trail_by_organisation"),
            models.Index(fields=("subject_kind", "subject_id"), name="trail_by_subject"),
            models.Index(fields=("seal", "position"), name="trail_by_seal"),
        )
        verbose_name_plural = "trail entries"

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_kind} {self.subject_reference}"

    @property
    def actor(self) -> str:
        """Who acted, as was known then; empty after erasure."""
        return str((self.personal or {}).get("actor", ""))

    def canonical(self) -> bytes:
        """The bytes that a seal covers: one JSON line with sorted keys."""
        values = {name: getattr(self, name) for name in self.SEALED_FIELDS}
        values["at"] = self.at.astimezone(timezone.get_default_timezone()).isoformat()
        return json.dumps(
            values, sort_keys=True, ensure_ascii=False, separators=(",", ":"), cls=DjangoJSONEncoder
        ).encode()

    def personal_matches(self) -> bool:
        """Whether the personal values are those that were sealed; erased ones match by definition."""
        return self.personal is None or self.personal_digest == _personal_digest(self.personal, self.personal_salt)


@contextlib.contextmanager
def acting_as(name: str) -> Iterator[None]:
    """Inside, an act without a user is entered under `name`, such as "command line"."""
    token = _nobody.set(name)
    try:
        yield
    finally:
        _nobody.reset(token)


def record(
    verb: str,
    subject: models.Model,
    *,
    by: Any,
    organisation: Any = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
) -> TrailEntry:
    """Append one entry, in the transaction of the act itself.

    `by` is a user, or None for the portal itself or a command (which `acting_as` names). The organisation is the
    subject's own `trail_organisation()` unless given. `personal` takes what is about a person: it is stored erasable.
    """
    entry = _entry(verb, subject, by=by, organisation=organisation, before=before, after=after, personal=personal)
    entry.save(force_insert=True)
    return entry


def record_about(
    verb: str,
    *,
    kind: str,
    reference: str,
    by: Any,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> TrailEntry:
    """Append one entry about something that is no row, such as a key."""
    salt = secrets.token_hex(16)
    known = {"actor": str(by) if by is not None else _nobody.get()}
    return TrailEntry.objects.create(
        verb=verb,
        subject_kind=kind,
        subject_reference=reference,
        actor_id=getattr(by, "pk", None),
        before=before or {},
        after=after or {},
        personal=known,
        personal_salt=salt,
        personal_digest=_personal_digest(known, salt),
    )


def record_many(
    verb: str,
    subjects: Iterable[models.Model],
    *,
    by: Any,
    organisation: Any = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Append the same entry for many subjects, in bulk (imports)."""
    record_each(verb, ((subject, before, after) for subject in subjects), by=by, organisation=organisation)


def record_each(verb: str, told: Iterable[Told], *, by: Any, organisation: Any = None) -> None:
    """Append one entry for each of many subjects, each with its own values before and after, in bulk.

    The organisation is each subject's own `trail_organisation()` unless given, as for `record`. Nothing personal.
    """
    groups: dict[tuple[type[models.Model], Any], list[tuple[int | None, str, Values, Values]]] = {}
    for subject, before, after in told:
        owner = organisation
        if owner is None and hasattr(subject, "trail_organisation"):
            owner = subject.trail_organisation()
        key = subject.pk if isinstance(subject.pk, int) else None
        reference = str(getattr(subject, "reference", "") or subject)
        groups.setdefault((type(subject), owner), []).append((key, reference, before, after))
    for (kind, owner), rows in groups.items():
        record_rows(verb, kind, rows, by=by, organisation=owner)


def record_rows(
    verb: str,
    kind: type[models.Model],
    told: Iterable[tuple[int | None, str, Values, Values]],
    *,
    by: Any,
    organisation: Any,
) -> None:
    """The same for rows that are no objects: primary key and reference of each, its values before and after."""
    personal = {"actor": str(by) if by is not None else _nobody.get()}
    same = {
        "at": timezone.now(),
        "verb": verb,
        "subject_kind": kind._meta.label,
        "organisation_reference": getattr(organisation, "slug", "") or "",
        "organisation_id": getattr(organisation, "pk", None),
        "actor_id": getattr(by, "pk", None),
        "personal": personal,
    }
    fields = ("subject_id", "subject_reference", "before", "after", "personal_salt", "personal_digest")
    rows = _bulk_rows(told, f":{_canonical(personal)}".encode())
    bulk.insert_rows(TrailEntry, fields, rows, same=same, texts=("before", "after"))


def _bulk_rows(told: Iterable[tuple[int | None, str, Values, Values]], personal: bytes) -> Iterator[tuple[Any, ...]]:
    """The values of `record_rows`; a dictionary that comes again for the next subject is made into JSON once."""
    last: tuple[Values, Values] = (None, None)
    texts = ("{}", "{}")
    salts = _salts()
    for key, reference, before, after in told:
        if before is not last[0] or after is not last[1]:
            last = (before, after)
            texts = (json.dumps(before or {}, cls=DjangoJSONEncoder), json.dumps(after or {}, cls=DjangoJSONEncoder))
        salt = next(salts)
        yield key, reference[:200], *texts, salt, hashlib.sha256(salt.encode() + personal).hexdigest()


def _salts() -> Iterator[str]:
    """Random ones without end, some hundreds from each call of the system."""
    while True:
        letters = os.urandom(16 * 256).hex()
        for start in range(0, len(letters), 32):
            yield letters[start : start + 32]


def _entry(
    verb: str,
    subject: models.Model,
    *,
    by: Any,
    organisation: Any,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    personal: dict[str, Any] | None,
) -> TrailEntry:
    if organisation is None and hasattr(subject, "trail_organisation"):
        organisation = subject.trail_organisation()
    known = {**(personal or {}), "actor": str(by) if by is not None else _nobody.get()}
    salt = secrets.token_hex(16)
    # Values pass through JSON once, so that what is hashed now is what is read back later.
    plain_before, plain_after, known = json.loads(json.dumps([before or {}, after or {}, known], cls=DjangoJSONEncoder))
    return TrailEntry(
        verb=verb,
        subject_kind=subject._meta.label,
        subject_reference=str(getattr(subject, "reference", "") or subject)[:200],
        subject_id=subject.pk if isinstance(subject.pk, int) else None,
        organisation_reference=getattr(organisation, "slug", "") or "",
        organisation_id=getattr(organisation, "pk", None),
        actor_id=getattr(by, "pk", None),
        before=plain_before,
        after=plain_after,
        personal=known,
        personal_salt=salt,
        personal_digest=_personal_digest(known, salt),
    )


def _canonical(personal: dict[str, Any]) -> str:
    return json.dumps(personal, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _personal_digest(personal: dict[str, Any], salt: str) -> str:
    return hashlib.sha256(f"{salt}:{_canonical(personal)}".encode()).hexdigest()


def _digest(previous: str, entries: Iterable[TrailEntry]) -> str:
    seen = hashlib.sha256(previous.encode())
    for entry in entries:
        seen.update(b"\n" + entry.canonical())
    return seen.hexdigest()


@transaction.atomic
def seal_next() -> Seal | None:
    """Seal the oldest entries that have no seal yet, at most SEAL_BATCH, and sign. None when there is nothing to seal.

    Two sealers at once: the second breaks on the unique `number` and changes nothing. Raises KeysBroken.
    """
    entries = list(TrailEntry.objects.unsealed()[:SEAL_BATCH])
    if not entries:
        return None
    last = Seal.objects.order_by("-number").first()
    for position, entry in enumerate(entries):
        entry.position = position
    previous = last.digest if last else GENESIS
    seal = Seal(
        number=last.number + 1 if last else 1,
        previous=previous,
        digest=_digest(previous, entries),
        entries_count=len(entries),
        at=timezone.now(),
    )
    seal.signature, seal.key_id = seal_proofs.sign(seal)
    seal.save(force_insert=True)
    for entry in entries:
        entry.seal = seal
    TrailEntry.objects.bulk_update(entries, ("seal", "position"), batch_size=500)
    transaction.on_commit(functools.partial(seal_proofs.remember, seal))
    return seal


def seal_all() -> int:
    """Seal everything that is there now. Returns the number of seals made."""
    made = 0
    while seal_next():
        made += 1
    return made


@dataclass(frozen=True)
class Verification:
    """What `verify` found: seals and sealed entries read, entries not yet sealed, and the first broken seal or None."""

    seals: int
    entries: int
    unsealed: int
    broken: int | None = None
    reason: str = ""


def verify() -> Verification:
    """Recompute every seal in order and check its signature; stop at the first that does not hold (design 8).

    A seal without a signature holds only before the first signed one. What this portal remembers beside the database of
    its own last seal must be there too: whoever cuts off the end, or strips all signatures, is found by that.
    """
    unsealed = TrailEntry.objects.unsealed().count()
    remembered = seal_proofs.remembered()
    signed_from = remembered.first if remembered else None
    previous, count, expected = GENESIS, 0, 1
    for seal in Seal.objects.iterator():
        entries = list(_entries_of(seal))
        reason = _fault(seal, entries, previous, expected) or seal_proofs.fault(seal, signed_from, remembered)
        if reason:
            return Verification(expected - 1, count, unsealed, broken=seal.number, reason=reason)
        if seal.signature and signed_from is None:
            signed_from = seal.number
        previous, count, expected = seal.digest, count + len(entries), expected + 1
    if remembered and remembered.last >= expected:
        reason = f"it is missing: this portal has made {remembered.last} seals"
        return Verification(expected - 1, count, unsealed, broken=expected, reason=reason)
    return Verification(expected - 1, count, unsealed)


def _entries_of(seal: Seal) -> Iterator[TrailEntry]:
    return TrailEntry.objects.filter(seal=seal).order_by("position", "pk").iterator()


def _fault(seal: Seal, entries: list[TrailEntry], previous: str, expected: int) -> str:
    if seal.number != expected:
        return f"seal {expected} is missing"
    if seal.previous != previous:
        return "it does not follow the seal before it"
    if len(entries) != seal.entries_count:
        return f"it covers {seal.entries_count} entries, {len(entries)} are there"
    if seal.digest != _digest(previous, entries):
        return "an entry was changed, added, removed or reordered"
    for entry in entries:
        if not entry.personal_matches():
            return f"the personal values of entry {entry.pk} were changed"
    return ""
