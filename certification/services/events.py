"""What happened to a certificate: append-only, and each event names the hash of the one before it (design 4).

The hash is SHA-256 over the canonical JSON (`compliance.frozen.canonical`) of `hashed_values`: anybody who has the
events of a certificate can compute it again. Who acted stands in the audit trail alone, so that it can be erased.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from certification.models import Certificate, CertificateEvent
from compliance.frozen import canonical, digest

Kind = CertificateEvent.Kind
GENESIS = "0" * 64
# What the status must be after an event; the others leave it as it was.
STATUS_AFTER: Mapping[str, str] = {
    Kind.SUSPENDED: Certificate.Status.SUSPENDED,
    Kind.REINSTATED: Certificate.Status.VALID,
    Kind.WITHDRAWN: Certificate.Status.WITHDRAWN,
    Kind.REPLACED: Certificate.Status.REPLACED,
}


@dataclass(frozen=True)
class PublicEvent:
    """An event as anybody may read it."""

    number: int
    kind: str
    label: str
    at: dt.datetime
    reason: str
    data: Mapping[str, Any]
    sha256: str
    previous: str


def hashed_values(reference: str, event: CertificateEvent) -> dict[str, Any]:
    """What the hash of an event covers. `at` is UTC with microseconds."""
    return {
        "certificate": reference,
        "number": event.number,
        "kind": str(event.kind),
        "at": event.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "reason": event.reason,
        "data": event.data,
        "previous": event.previous,
    }


@transaction.atomic
def add_event(
    certificate: Certificate,
    kind: str,
    *,
    by: User | None,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    at: dt.datetime | None = None,
) -> CertificateEvent:
    """Append one event, in the transaction of the act itself. `reason` and `data` are public; `data` is plain JSON.

    Two at once: the row of the certificate is held, so that the second follows the first.
    """
    Certificate.objects.select_for_update(no_key=True).only("pk").get(pk=certificate.pk)
    last = certificate.events.order_by("-number").first()
    event = CertificateEvent(
        certificate=certificate,
        number=last.number + 1 if last else 1,
        kind=kind,
        at=at or timezone.now(),
        by=by,
        reason=reason,
        data=dict(data or {}),
        previous=last.sha256 if last else GENESIS,
    )
    event.sha256 = digest(canonical(hashed_values(certificate.reference, event)))
    event.save(force_insert=True)
    return event


def verify_events(certificate: Certificate) -> bool:
    """Whether the events are whole: numbered from 1 without a gap, each hash as computed again, each naming the one
    before, the first an issue or a recording, and the last status that they tell is the certificate's. One query
    unless `events` are loaded.
    """
    previous, number, status = GENESIS, 0, str(Certificate.Status.VALID)
    for event in sorted(certificate.events.all(), key=lambda event: event.number):
        number += 1
        if number == 1 and event.kind not in (Kind.ISSUED, Kind.RECORDED):
            return False
        if event.number != number or event.previous != previous:
            return False
        if event.sha256 != digest(canonical(hashed_values(certificate.reference, event))):
            return False
        previous, status = event.sha256, STATUS_AFTER.get(event.kind, status)
        if event.kind == Kind.RECORDED:
            status = str(event.data.get("status", status))
    return number > 0 and status == certificate.status


def public_events(certificate: Certificate) -> list[PublicEvent]:
    """What its public page, its data and the register's history show, oldest first. One query unless loaded."""
    return [
        PublicEvent(
            number=event.number,
            kind=event.kind,
            label=str(event.get_kind_display()),
            at=event.at,
            reason=event.reason,
            data=event.data,
            sha256=event.sha256,
            previous=event.previous,
        )
        for event in sorted(certificate.events.all(), key=lambda event: event.number)
    ]
