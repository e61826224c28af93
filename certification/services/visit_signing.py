"""Both sides sign the record of a visit: the auditor first, then the operator. Nothing of it changes afterwards."""

import hashlib
from collections.abc import Mapping

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from certification.models import SiteVisit, VisitMessage
from certification.services.holding import require_text
from certification.services.visit_holding import claim, hold_visit, require_auditor, say, tell_body, tell_operator
from certification.services.visit_points import missing_in, rows_of
from certification.services.visit_sample import require_unsigned
from certification.visit_record import content_of, with_operator
from compliance.frozen import canonical, digest
from compliance.services.texts import checked_text
from core import jobs, trail
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord

Status = SiteVisit.Status
NAME_LIMIT, POST_LIMIT, REMARKS_LIMIT, REASON_LIMIT = 150, 150, 2000, 2000
PRINT_RECORD = "certification.print_visit_record"
PRINT_CHECKLIST = "certification.print_visit_checklist"


@transaction.atomic
def sign_off_auditor(*, visit: SiteVisit, version: int, typed_name: str, password_checked: bool, by: User) -> None:
    """The auditor's signature freezes what was seen. Raises Incomplete with everything that nothing was said about,
    RuleBroken for anybody but the auditor at work and without a fresh password, StaleRecord, IllegalMove.
    """
    typed_name = require_text(checked_text(typed_name, limit=NAME_LIMIT), _("Type your name."))
    require_password(password_checked)
    hold_visit(visit, Status.UNDER_WAY, wanted=Status.SIGNED)
    require_auditor(visit, by)
    require_unsigned(visit)
    claim(visit, version)
    rows = rows_of(visit)
    if problems := missing_in(visit, rows):
        raise Incomplete(problems, _("The visit is not complete yet."))
    now = timezone.now()
    record = content_of(visit, rows, signed_at=now, auditor=typed_name)
    write(visit, auditor_signed_at=now, auditor_name=typed_name, record=record, record_sha256=digest(record))
    trail.record(
        "signed_by_auditor", visit, by=by, after={"sha256": visit.record_sha256}, personal={"name": typed_name}
    )
    tell_operator(
        visit,
        subject=format_lazy(
            gettext_lazy("The record of a site visit waits for your signature: {reference}"), reference=visit.reference
        ),
        body=gettext_lazy("Read what the auditor saw. You can add remarks; then sign it off."),
        roles=(Role.SPOC, Role.SRO),
    )


@transaction.atomic
def sign_off_operator(
    *,
    visit: SiteVisit,
    typed_name: str,
    post: str,
    remarks: str,
    read_sha256: str,
    password_checked: bool,
    by: User,
) -> None:
    """The operator's signature on exactly what the auditor signed, with remarks where there are any; the record is
    printed then. Raises Incomplete, RuleBroken, StaleRecord when it is not what was read, IllegalMove.
    """
    typed_name, post = checked_text(typed_name, limit=NAME_LIMIT), checked_text(post, limit=POST_LIMIT)
    remarks = checked_text(remarks, limit=REMARKS_LIMIT)
    lacks = [] if typed_name else [_("Type your name.")]
    if not post:
        lacks.append(_("Enter your post."))
    if lacks:
        raise Incomplete(lacks)
    require_password(password_checked)
    hold_visit(visit, Status.UNDER_WAY, wanted=Status.SIGNED)
    visit.refresh_from_db(fields=["record", "record_sha256"])
    if visit.auditor_signed_at is None:
        raise IllegalMove(visit, Status.SIGNED)
    if visit.review.assignment.auditor_id == by.pk:
        raise RuleBroken(_("The auditor of the visit cannot sign for the operator."))
    if read_sha256 != visit.record_sha256:
        raise StaleRecord(visit)
    claim(visit, visit.version)
    now = timezone.now()
    record = with_operator(visit.record, name=typed_name, post=post, remarks=remarks, signed_at=now)
    write(
        visit,
        operator_signed_by=by,
        operator_signed_at=now,
        operator_name=typed_name,
        operator_post=post,
        operator_remarks=remarks,
        record=record,
        record_sha256=digest(record),
    )
    visit.move_to(Status.SIGNED, by=by)
    trail.record(
        "signed_by_operator",
        visit,
        by=by,
        after={"sha256": visit.record_sha256, "remarks": remarks},
        personal={"name": typed_name, "post": post},
    )
    promise_record(visit)
    tell_body(
        visit,
        subject=format_lazy(gettext_lazy("A site visit is signed off by both sides: {reference}"), reference=visit),
        body=format_lazy(gettext_lazy("Application: {reference}"), reference=visit.application.reference),
    )


@transaction.atomic
def take_back_signature(*, visit: SiteVisit, reason: str, by: User) -> None:
    """The auditor opens the record again to correct it, while the operator has not signed. The operator is told why.

    Raises Incomplete without a reason, RuleBroken, IllegalMove.
    """
    reason = require_text(checked_text(reason, limit=REASON_LIMIT), _("Say what is to be corrected."))
    hold_visit(visit, Status.UNDER_WAY, wanted=Status.UNDER_WAY)
    require_auditor(visit, by)
    if visit.auditor_signed_at is None:
        raise IllegalMove(visit, Status.UNDER_WAY)
    visit.refresh_from_db(fields=["record_sha256"])
    before = {"sha256": visit.record_sha256}
    claim(visit, visit.version)
    write(visit, auditor_signed_at=None, auditor_name="", record="", record_sha256="")
    trail.record("signature_taken_back", visit, by=by, before=before, after={"reason": reason})
    say(visit, VisitMessage.Kind.REOPENED, by, reason)
    tell_operator(
        visit,
        subject=format_lazy(gettext_lazy("The record of a site visit is corrected: {reference}"), reference=visit),
        body=format_lazy(gettext_lazy("The auditor's reason:\n\n{reason}"), reason=reason),
    )


def require_password(password_checked: bool) -> None:
    """Raises RuleBroken unless whoever signs has just given the password again."""
    if not password_checked:
        raise RuleBroken(_("Give your password again to sign."))


def write(visit: SiteVisit, **values: object) -> None:
    """What a signature changes in the row of a visit."""
    for name, value in values.items():
        setattr(visit, name, value)
    visit.save(update_fields=list(values))


# --- paper, made by a worker ---


def promise_record(visit: SiteVisit) -> None:
    """The record is printed once it has ended."""
    jobs.promise(PRINT_RECORD, {"visit_id": visit.pk}, key=f"{PRINT_RECORD}:{visit.pk}")


@transaction.atomic
def attach_record(*, visit: SiteVisit, pdf: bytes) -> bool:
    """Store the signed record as it was printed, once. False when there was one already."""
    name, sha256 = f"visits/{visit.reference}/record.pdf", hashlib.sha256(pdf).hexdigest()
    if not SiteVisit.objects.filter(pk=visit.pk, document="").update(document=name, document_sha256=sha256):
        return False
    _store(name, pdf)
    visit.refresh_from_db(fields=["document", "document_sha256"])
    trail.record("printed", visit, by=None, after={"sha256": sha256, "bytes": len(pdf)})
    return True


def checklist_path(visit: SiteVisit, content: Mapping[str, object]) -> str:
    """Where the checklist with exactly this content lies once it is printed."""
    return f"visits/{visit.reference}/checklist-{digest(canonical(content))}.pdf"


@transaction.atomic
def ask_for_checklist(*, visit: SiteVisit, path: str) -> None:
    """Promise the checklist on paper unless it is there or promised."""
    if not default_storage.exists(path) and not checklist_is_promised(visit):
        jobs.promise(PRINT_CHECKLIST, {"visit_id": visit.pk})


def checklist_is_promised(visit: SiteVisit) -> bool:
    """Whether a worker is to print the visit's checklist as it then stands. One query."""
    arguments = {"visit_id": visit.pk}
    under_way = jobs.Job.objects.open().filter(kind=PRINT_CHECKLIST).order_by("pk")
    return any(job.arguments == arguments for job in under_way)


def find_checklist(path: str) -> bool:
    return default_storage.exists(path)


def keep_checklist(*, path: str, pdf: bytes) -> None:
    _store(path, pdf)


def _store(name: str, pdf: bytes) -> None:
    default_storage.delete(name)
    stored = default_storage.save(name, ContentFile(pdf))
    if stored != name:
        raise OSError(f"the storage took {name} as {stored}")
