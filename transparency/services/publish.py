"""Publishing and withdrawing: gather → freeze → promise the building of the pages that follow from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from compliance.frozen import canonical, digest
from compliance.models import CameraSystem
from core import trail
from core.dates import today
from core.errors import Incomplete, Problem, RuleBroken, StaleRecord
from transparency.addresses import answers_path, system_path
from transparency.models import Publication, PublicationSchedule
from transparency.page_fields import missing_in
from transparency.services.bake import promise_pages
from transparency.services.dependants import of_publication
from transparency.services.ending_plans import end_plan
from transparency.services.gather import for_gathering, gather
from transparency.services.gather_answers import gather_answers, newest_signed, summary_of_answers
from transparency.services.read_models import promise_refresh
from transparency.services.readiness import missing_welsh, obstacles

Version = tuple[Publication, Publication | None]  # and the one before


@transaction.atomic
def publish_system(*, system: CameraSystem, by: User | None, welsh_missing_reason: str = "") -> Publication:
    """Freeze what is public of the system as a new version, end the version before, promise the pages.

    `welsh_missing_reason` is kept only where Welsh is missing at an authority in Wales. The same again on the same day,
    such as a button pressed twice, is the version in force.
    Raises Incomplete with everything that is missing; StaleRecord when somebody published at the same moment.
    """
    publication, before = _publish_system(system, by, welsh_missing_reason)
    end_plan(system, PublicationSchedule.Outcome.BY_HAND, by=by)
    _promise_what_follows([(publication, before)])
    return publication


@transaction.atomic
def publish_systems(*, systems: Sequence[CameraSystem], by: User | None, promise: bool = True) -> list[Publication]:
    """The same for many at once, all or none: the same rows, and each page that follows from several promised once.

    Without `promise` nothing is promised: whoever publishes a whole estate asks `rebuild_all` at its end.
    """
    done = [_publish_system(system, by, "") for system in systems]
    if promise:
        _promise_what_follows(done)
    return [publication for publication, _before in done]


def _publish_system(system: CameraSystem, by: User | None, welsh_missing_reason: str) -> Version:
    CameraSystem.objects.select_for_update(no_key=True).only("pk").get(pk=system.pk)  # one after the other
    fresh = for_gathering(system.reference)
    reason = short_reason(welsh_missing_reason, "welsh_missing_reason")
    if problems := obstacles(fresh, welsh_may_be_missing=bool(reason)):
        raise Incomplete(problems)
    content = gather(fresh, on=today())
    return _freeze(
        _system(fresh),
        Publication.Kind.SYSTEM,
        path=system_path(fresh.operator.slug, fresh.slug),
        content=content,
        summary=summary(content),
        by=by,
        welsh_missing_reason=reason if missing_welsh(fresh) else "",
    )


@transaction.atomic
def publish_answers(*, system: CameraSystem, by: User | None) -> Publication:
    """Freeze the public copy of the signed self-assessment that is in force, as `publish_system` does its page.

    Raises RuleBroken while none is signed, StaleRecord when somebody published at the same moment.
    """
    CameraSystem.objects.select_for_update(no_key=True).only("pk").get(pk=system.pk)
    fresh = for_gathering(system.reference)
    source = newest_signed(fresh)
    if source is None:
        raise RuleBroken(_("No self-assessment of this system is signed, so there is nothing to publish."))
    content = gather_answers(fresh, source, on=today())
    return new_version(
        _system(fresh),
        Publication.Kind.SELF_ASSESSMENT,
        path=answers_path(fresh.operator.slug, fresh.slug),
        content=content,
        summary=summary_of_answers(content),
        by=by,
    )


@dataclass(frozen=True)
class Subject:
    """What a publication is about: the record with its reference, whose it is, and what it is called."""

    record: Model
    kind: str  # the name under which the trail has its reference
    reference: str
    organisation: Organisation
    title: str
    title_cy: str


def _system(system: CameraSystem) -> Subject:
    return Subject(system, "system", system.reference, system.operator, system.name, system.name_cy)


def new_version(
    subject: Subject,
    kind: str,
    *,
    path: str,
    content: dict[str, Any],
    summary: dict[str, Any],
    by: User | None,
    welsh_missing_reason: str = "",
) -> Publication:
    """The next version of a published thing, the one before ended, the pages promised; the same again is no new one.
    Call it while the record is held. Raises StaleRecord.
    """
    version = _freeze(
        subject,
        kind,
        path=path,
        content=content,
        summary=summary,
        by=by,
        welsh_missing_reason=welsh_missing_reason,
    )
    _promise_what_follows([version])
    return version[0]


def _promise_what_follows(versions: Sequence[Version]) -> None:
    """Pages and rows of the read models, each once. A version that was in force already promises nothing."""
    new = [(publication, before) for publication, before in versions if publication != before]
    promise_pages(path for publication, before in new for path in of_publication(publication, before))
    promise_refresh([publication for publication, _before in new])


def _freeze(
    subject: Subject,
    kind: str,
    *,
    path: str,
    content: dict[str, Any],
    summary: dict[str, Any],
    by: User | None,
    welsh_missing_reason: str,
) -> Version:
    """The new version and the one before; the version in force twice where that says the same. Promises nothing.
    Raises RuleBroken for a training organisation: nothing of it is ever public.
    """
    if subject.organisation.is_training:
        raise RuleBroken(_("This is a training organisation: nothing of it is published."))
    now, text = timezone.now(), canonical(content)
    versions = Publication.objects.filter(kind=kind, subject_reference=subject.reference)
    before = versions.order_by("-version").first()
    if before and before.ended_at is None and _says(before) == (path, text, welsh_missing_reason):
        return before, before
    versions.current().update(ended_at=now)
    try:
        with transaction.atomic():
            publication = Publication.objects.create(
                kind=kind,
                organisation=subject.organisation,
                subject_reference=subject.reference,
                path=path,
                title=subject.title,
                title_cy=subject.title_cy,
                version=before.version + 1 if before else 1,
                content=text,
                sha256=digest(text),
                summary=summary,
                welsh_missing_reason=welsh_missing_reason,
                published_by=by,
                published_at=now,
            )
    except IntegrityError as error:
        raise StaleRecord(subject.record) from error
    trail.record(
        "published",
        publication,
        by=by,
        before={"version": before.version, "sha256": before.sha256} if before else {},
        after={"version": publication.version, "sha256": publication.sha256, subject.kind: subject.reference},
    )
    return publication, before


@transaction.atomic
def withdraw_publication(*, publication: Publication, by: User | None, reason: str) -> None:
    """Take a published page back. Its address stays and says so, with the day and `reason`, which the public reads.

    Raises Incomplete without a reason, StaleRecord when it is not the version in force any more.
    """
    reason = short_reason(reason, "withdrawn_reason")
    if not reason:
        raise Incomplete([Problem(_("Say why the page is withdrawn: the public reads the reason at its address."))])
    now = timezone.now()
    done = Publication.objects.current().filter(pk=publication.pk)
    if not done.update(ended_at=now, withdrawn_reason=reason, withdrawn_by=by):
        raise StaleRecord(publication)
    publication.ended_at, publication.withdrawn_reason, publication.withdrawn_by = now, reason, by
    trail.record("withdrawn", publication, by=by, after={"version": publication.version, "reason": reason})
    if publication.kind == Publication.Kind.SYSTEM:
        system = CameraSystem.objects.get(reference=publication.subject_reference)
        end_plan(system, PublicationSchedule.Outcome.BY_HAND, by=by)
    promise_pages(of_publication(publication))
    promise_refresh([publication])


def _says(publication: Publication) -> tuple[str, str, str]:
    """By which one version is the same as another."""
    return publication.path, publication.content, publication.welsh_missing_reason


def short_reason(text: str, field: str) -> str:
    """`text` without blanks around it. Raises RuleBroken when it is longer than the record can keep."""
    text = text.strip()
    limit = Publication._meta.get_field(field).max_length or 0  # type: ignore[union-attr]
    if len(text) > limit:
        raise RuleBroken(_("Shorten the reason to %(limit)d characters.") % {"limit": limit})
    return text


def summary(content: dict[str, Any]) -> dict[str, Any]:
    """The figures of a frozen content that lists and sums show."""
    facts = content["facts"]
    days = sorted(filter(None, (row["counted_on"] for row in facts["technologies"])))
    signed = facts["self_assessment"]
    return {
        "technologies": [row["technology"] for row in facts["technologies"]],
        "cameras_counted": facts["cameras_counted"],
        "counted_from": days[0] if days else None,
        "counted_until": days[-1] if days else None,
        "cameras_listed": facts["cameras"]["listed"],
        "cameras_withheld": facts["cameras"]["by_precision"]["withheld"],
        "signed_on": signed["signed_on"] if signed else None,
        "spoc_post": facts["contacts"]["spoc_post"],
        "spoc_email": facts["contacts"]["spoc_email"],
        "is_main": facts["is_main"],
        "missing": missing_in(content),
    }
