"""Many certificates issued again in one act, because their scheme is succeeded by another: its name or words change,
scope, dates and decisions do not. The act writes what is to be done; workers do it in chunks, each certificate once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import User
from certification.models import Certificate, CertificationScheme, Reissue, ReissueItem
from certification.services.certificates import issue_successor
from certification.services.life import REASON_LIMIT, after_replacement
from certification.services.news import tell_holder
from certification.services.schemes import require_may_certify
from compliance.services.texts import checked_text
from core import jobs, trail
from core.dates import today
from core.errors import Incomplete, PortalError, RuleBroken

REISSUE_JOB = "certification.reissue"
CHUNK = 25
Status = Certificate.Status
WANTED = (Status.VALID, Status.SUSPENDED)  # the others ended and stay what they are


@dataclass
class Sorting:
    """Which certificates would be issued again, and which not, each with the reason in English (it is kept)."""

    again: list[Certificate] = field(default_factory=list)
    refused: list[tuple[Certificate, str]] = field(default_factory=list)


def sort(scheme: CertificationScheme, successor: CertificationScheme) -> Sorting:
    """Look at all certificates of the scheme that have not ended. Two queries."""
    may_certify = set(successor.bodies.current().values_list("body_id", flat=True))
    sorting = Sorting()
    taken = ReissueItem.objects.filter(refusal="").values("certificate")
    found = Certificate.objects.filter(scheme=scheme, status__in=WANTED).exclude(pk__in=taken)
    with override("en-gb"):
        for certificate in found.select_related("operator", "body", "scheme").order_by("pk"):
            reason = _why_not(certificate, may_certify)
            if reason:
                sorting.refused.append((certificate, reason))
            else:
                sorting.again.append(certificate)
    return sorting


def _why_not(certificate: Certificate, may_certify: set[int]) -> str:
    if certificate.application_id is None:
        return _("It was recorded for the history.")
    if certificate.status == Status.SUSPENDED:
        return _("It is suspended.")
    if certificate.valid_until is not None and certificate.valid_until < today():
        return _("It has expired.")
    if certificate.body_id not in may_certify:
        return _("Its certification body may not certify under the new scheme.")
    return ""


def successors_of(scheme: CertificationScheme) -> list[CertificationScheme]:
    """Schemes that succeed it and are open today. One query."""
    return [s for s in scheme.successors.order_by("-opened_on") if s.opened_on <= today() and not s.is_closed()]


@transaction.atomic
def start(*, scheme: CertificationScheme, successor: CertificationScheme, reason: str, by: User) -> Reissue:
    """Promise that every certificate of `scheme` that stands is issued again under `successor`.

    Raises Incomplete without a reason; RuleBroken when `successor` does not succeed it or is not open, when `scheme` is
    closed already, and when nothing is left to do: of two at once, the second finds nothing.
    """
    reason = checked_text(reason, limit=REASON_LIMIT)
    if not reason:
        raise Incomplete([_("Write the reason.")])
    CertificationScheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)  # one at a time
    if successor.pk not in {s.pk for s in successors_of(scheme)}:
        raise RuleBroken(_("The new scheme must succeed this one and be open."))
    if scheme.is_closed():
        raise RuleBroken(_("The scheme is closed: its certificates are historic and stay as they are."))
    sorting = sort(scheme, successor)
    if not sorting.again:
        raise RuleBroken(_("No certificate of this scheme is left to be issued again."))
    reissue = Reissue.objects.create(scheme=scheme, successor=successor, reason=reason, by=by)
    items = ReissueItem.objects.bulk_create(
        [ReissueItem(reissue=reissue, certificate=certificate) for certificate in sorting.again], batch_size=500
    )
    ReissueItem.objects.bulk_create(
        [ReissueItem(reissue=reissue, certificate=c, refusal=why) for c, why in sorting.refused], batch_size=500
    )
    for place in range(0, len(items), CHUNK):
        chunk = [item.pk for item in items[place : place + CHUNK]]
        jobs.promise(REISSUE_JOB, {"item_ids": chunk}, key=f"{REISSUE_JOB}:{reissue.pk}:{place // CHUNK}")
    trail.record(
        "reissued",
        reissue,
        by=by,
        after={
            "scheme": scheme.key,
            "successor": successor.key,
            "reason": reason,
            "certificates": len(items),
            "refused": len(sorting.refused),
        },
    )
    return reissue


def do_chunk(item_ids: Sequence[int]) -> None:
    """Issue these again, each in a transaction of its own: what was done stays done when the worker dies."""
    for item_id in item_ids:
        try:
            _do(item_id)
        except PortalError as refusal:
            with override("en-gb"):
                sentence = str(getattr(refusal, "sentence", "") or _("It changed meanwhile."))
            ReissueItem.objects.filter(pk=item_id, successor__isnull=True).update(refusal=sentence[:300])


@transaction.atomic
def _do(item_id: int) -> None:
    item = (
        ReissueItem.objects.select_for_update(no_key=True, of=("self",))
        .select_related("reissue__successor", "reissue__by")
        .get(pk=item_id)
    )
    if item.successor_id is not None or item.refusal:
        return
    reissue = item.reissue
    certificate = (
        Certificate.objects.select_for_update(no_key=True, of=("self",))
        .select_related("scheme", "operator", "body", "application")
        .get(pk=item.certificate_id)
    )
    require_may_certify(reissue.successor, certificate.body)  # its right may have ended while the work waited
    successor = issue_successor(
        certificate=certificate,
        origin=Certificate.Origin.REISSUE,
        scheme=reissue.successor,
        dates="kept",
        reason=reissue.reason,
        by=reissue.by,
    )
    after_replacement(certificate, successor, by=reissue.by)
    ReissueItem.objects.filter(pk=item_id).update(successor=successor)
    tell_holder(
        successor,
        subject=format_lazy(
            gettext_lazy("A certificate was issued again, unchanged: {certificate}"), certificate=certificate.reference
        ),
        body=format_lazy(
            gettext_lazy("Certificate {new} takes its place. The reason:\n\n{reason}"),
            new=successor.reference,
            reason=reissue.reason,
        ),
    )


@dataclass(frozen=True)
class Progress:
    """How far a reissue is: `wanted` certificates were to be issued again, `refused` never."""

    done: int
    refused: int
    wanted: int
    printed: int

    @property
    def is_finished(self) -> bool:
        return self.done + self.refused >= self.wanted

    @property
    def is_printed(self) -> bool:
        return self.is_finished and self.printed >= self.done


def progress(reissue: Reissue) -> Progress:
    """One query."""
    counts = reissue.items.aggregate(
        all=Count("pk"),
        done=Count("pk", filter=Q(successor__isnull=False)),
        refused=Count("pk", filter=~Q(refusal="")),
        printed=Count("pk", filter=Q(successor__isnull=False) & ~Q(successor__document="")),
    )
    return Progress(counts["done"], counts["refused"], counts["all"], counts["printed"])
