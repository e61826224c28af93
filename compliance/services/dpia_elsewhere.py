"""Assessments that were made outside the portal: file, dates, post and scope, confirmed by the SRO (design 1, 8)."""

import datetime as dt
from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, Role, User
from compliance.dpia_content import address, content_of, recognition_reasons, signed_equality
from compliance.models import Camera, CameraSystem, Dpia, Evidence
from compliance.models.vocabulary import DocumentKind
from compliance.services.dpia_printing import TITLE_LIMIT
from compliance.services.dpias import REVIEW_MONTHS, freeze, hold
from compliance.services.elsewhere import date_problems
from compliance.services.evidence import add_file
from compliance.services.fields import field_problems
from compliance.services.people import tell_holders
from compliance.services.texts import checked_text
from core import trail
from core.dates import add_months
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken

Status = Dpia.Status
POST_LIMIT = 120
SCOPE_LIMIT = 4000


def record_elsewhere(
    *,
    operator: Organisation,
    title: str,
    upload: UploadedFile,
    systems: Sequence[CameraSystem],
    cameras: Sequence[Camera],
    as_written: str,
    signed_on: dt.date,
    post: str,
    scope: str,
    by: User,
    own_number: str = "",
    review_on: dt.date | None = None,
) -> Dpia:
    """Record one with its file; without cameras it covers the whole systems. The senior responsible officer is told.

    Raises RuleBroken, Incomplete; then nothing is left.
    """
    evidence: Evidence | None = None
    try:
        with transaction.atomic():
            dpia = Dpia(
                operator=operator,
                title=title.strip(),
                own_number=own_number.strip(),
                covers_whole_systems=not cameras,
                cameras_as_written=checked_text(as_written, limit=1000),
                parts={
                    "elsewhere": {
                        "signed_on": signed_on.isoformat(),
                        "post": checked_text(post, limit=POST_LIMIT),
                        "scope": checked_text(scope, limit=SCOPE_LIMIT),
                    }
                },
                review_on=review_on,
                made_elsewhere=True,
                started_by=by,
            )
            _check(dpia, systems, cameras, signed_on)
            evidence = add_file(
                operator=operator,
                upload=upload,
                kind=DocumentKind.OTHER,  # until it is confirmed: it does not count before
                title=(_("DPIA: %(title)s") % {"title": dpia.title})[:TITLE_LIMIT],
                systems=systems,
                by=by,
                dated=signed_on,
                review_on=review_on,
            )
            dpia.evidence, dpia.document_sha256 = evidence, evidence.sha256
            _enter(dpia, systems, cameras, by)
            return dpia
    except BaseException:
        if evidence is not None and evidence.file:
            evidence.file.storage.delete(str(evidence.file.name))
        raise


def _enter(dpia: Dpia, systems: Sequence[CameraSystem], cameras: Sequence[Camera], by: User) -> None:
    dpia.save(force_insert=True)
    dpia.systems.set(systems)
    dpia.cameras.set(cameras)
    after = {"title": dpia.title, "sha256": dpia.document_sha256, **dpia.parts["elsewhere"]}
    trail.record("added", dpia, by=by, after=after)
    dpia.move_to(Status.ELSEWHERE, by=by)
    tell_holders(
        Role.SRO,
        dpia.operator,
        subject=format_lazy(gettext_lazy("Confirm a DPIA made outside the portal: {title}"), title=dpia.title),
        body=gettext_lazy("Read it, and say whether it is what was signed. It counts only after that."),
        url=dpia.get_absolute_url(),
    )


def _check(dpia: Dpia, systems: Sequence[CameraSystem], cameras: Sequence[Camera], signed_on: dt.date) -> None:
    if not dpia.operator.runs_cameras:
        raise RuleBroken(_("This organisation is not of a kind that runs cameras."))
    if {system.operator_id for system in systems} - {dpia.operator_id}:
        raise RuleBroken(_("The systems must be of the same organisation."))
    if {camera.system_id for camera in cameras} - {system.pk for system in systems}:
        raise RuleBroken(_("The cameras must be of the systems that are chosen."))
    problems = field_problems(dpia) + list(date_problems(signed_on, dpia.review_on).values())
    if not systems:
        problems.append(_("Choose at least one system."))
    if not dpia.parts["elsewhere"]["post"]:
        problems.append(_("Say which post signed it."))
    if not dpia.parts["elsewhere"]["scope"]:
        problems.append(_("Say what it covers."))
    if problems:
        raise Incomplete(problems)


@transaction.atomic
def confirm(*, dpia: Dpia, by: User, post: str) -> None:
    """It is what was signed, says the senior responsible officer, and counts from now on.

    Raises Incomplete where an equality impact assessment is required and not signed; IllegalMove, StaleRecord.
    """
    hold(dpia)
    if dpia.status != Status.ELSEWHERE:
        raise IllegalMove(dpia, Status.SIGNED_OFF)
    if not signed_equality(dpia) and recognition_reasons(dpia):
        sentence = _("Sign the equality impact assessment first: analytics or recognition are used.")
        raise Incomplete([Problem(sentence, address("equality", dpia))])
    signed_on = dt.date.fromisoformat(dpia.parts["elsewhere"]["signed_on"])
    review_on = dpia.review_on or add_months(signed_on, REVIEW_MONTHS)
    freeze(dpia, content=content_of(dpia), by=by, name=by.get_full_name(), post=post, review_on=review_on)
    evidence = dpia.evidence
    if evidence:
        before = {"kind": evidence.kind, "review_on": evidence.review_on}
        evidence.kind, evidence.review_on = DocumentKind.DPIA, review_on
        evidence.save(update_fields=["kind", "review_on"])
        after = {"kind": evidence.kind, "review_on": review_on}
        trail.record("changed", evidence, by=by, before=before, after=after)


@transaction.atomic
def decline(*, dpia: Dpia, reason: str, by: User) -> None:
    """It does not count, and why. Raises Incomplete without a reason, IllegalMove, StaleRecord."""
    reason = checked_text(reason, limit=SCOPE_LIMIT)
    if not reason:
        raise Incomplete([_("Say why you do not confirm it.")])
    if dpia.status != Status.ELSEWHERE:
        raise IllegalMove(dpia, Status.STOPPED)
    dpia.move_to(Status.STOPPED, by=by, note=reason)
