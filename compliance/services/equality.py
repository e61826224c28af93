"""Equality impact assessments beside a DPIA: written group by group, signed by the SRO, or made elsewhere."""

from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from compliance import frozen
from compliance.dpia_content import LANGUAGE, address, equality_values
from compliance.dpia_form import CHARACTERISTICS, LIMIT
from compliance.models import CameraSystem, Dpia, EqualityAssessment, Evidence
from compliance.models.vocabulary import DocumentKind
from compliance.services.dpia_printing import TITLE_LIMIT
from compliance.services.evidence import add_file
from compliance.services.signing import ContentChanged, signature_of
from compliance.services.texts import checked_text
from core import trail
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken, StaleRecord

Status = EqualityAssessment.Status
TEXT_LIMIT = 4000
CLOSED = (Dpia.Status.STOPPED, Dpia.Status.SUPERSEDED, Dpia.Status.NOT_REQUIRED)


@transaction.atomic
def start(*, dpia: Dpia, by: User) -> EqualityAssessment:
    """A draft, with what was signed for this assessment or for the one before. Raises RuleBroken, IllegalMove."""
    _require_none_in_draft(dpia)
    before = EqualityAssessment.objects.filter(
        dpia__in=[pk for pk in (dpia.pk, dpia.predecessor_id) if pk], evidence=None
    ).exclude(content="")
    last = before.order_by("-signed_at").first()
    copied = {name: getattr(last, name) for name in ("groups", "accuracy", "involved", "conclusion")} if last else {}
    made = EqualityAssessment.objects.create(operator=dpia.operator, dpia=dpia, started_by=by, **copied)
    trail.record("started", made, by=by, after={"dpia": dpia.reference})
    return made


def _require_none_in_draft(dpia: Dpia) -> None:
    if dpia.status in CLOSED:
        raise IllegalMove(dpia, dpia.status)
    if dpia.equality_assessments.filter(status=Status.DRAFT).exists():
        raise RuleBroken(_("An equality impact assessment is in draft already. Go on with that one."))


@transaction.atomic
def save_group(
    *, equality: EqualityAssessment, characteristic: str, effect: str, measure: str, version: int, by: User
) -> None:
    """What the cameras mean for people of one protected characteristic, and what is done about it.

    Raises RuleBroken, IllegalMove, StaleRecord.
    """
    if characteristic not in CHARACTERISTICS:
        raise RuleBroken(_("There is no such characteristic."))
    said = {"effect": checked_text(effect, limit=LIMIT), "measure": checked_text(measure, limit=LIMIT)}
    _write(equality, {"groups": equality.groups | {characteristic: said}}, version=version, by=by)


@transaction.atomic
def save_rest(
    *, equality: EqualityAssessment, accuracy: str, involved: str, conclusion: str, version: int, by: User
) -> None:
    """Accuracy across groups, who was involved, and the conclusion. Raises RuleBroken, IllegalMove, StaleRecord."""
    texts = {"accuracy": accuracy, "involved": involved, "conclusion": conclusion}
    values = {name: checked_text(text, limit=TEXT_LIMIT) for name, text in texts.items()}
    _write(equality, values, version=version, by=by)


def _write(equality: EqualityAssessment, values: dict[str, Any], *, version: int, by: User) -> None:
    if equality.status != Status.DRAFT or equality.evidence_id:
        raise IllegalMove(equality, Status.DRAFT)
    seen = EqualityAssessment.objects.filter(pk=equality.pk, version=version, status=Status.DRAFT)
    if equality.version != version or not seen.update(version=F("version") + 1, **values):
        raise StaleRecord(equality)
    before = {name: getattr(equality, name) for name in values}
    for name, value in values.items():
        setattr(equality, name, value)
    equality.version = version + 1
    trail.record("changed", equality, by=by, before=before, after=values)


def missing(equality: EqualityAssessment) -> list[Problem]:
    """What is open before it can be signed, each with the page where it is written."""
    if equality.evidence_id:
        return []
    problems = [
        Problem(
            _("Say what it means for people of this characteristic: %(name)s") % {"name": name},
            address("equality_group", equality.dpia, key),
        )
        for key, name in CHARACTERISTICS.items()
        if not equality.groups.get(key, {}).get("effect")
    ]
    asked = {
        "accuracy": _("Say how accuracy differs between groups, and how that is known."),
        "involved": _("Say who was involved."),
        "conclusion": _("Write the conclusion."),
    }
    rest = address("equality_rest", equality.dpia)
    return problems + [Problem(text, rest) for name, text in asked.items() if not getattr(equality, name)]


def content_of(equality: EqualityAssessment) -> str:
    """The text to be signed."""
    with override(LANGUAGE):
        return frozen.canonical(equality_values(equality))


@transaction.atomic
def sign_off(
    *, equality: EqualityAssessment, by: User, typed_name: str, post: str, password_checked: bool, read_sha256: str = ""
) -> None:
    """The senior responsible officer signs it, or that the file is what was signed elsewhere; an earlier one beside the
    same DPIA is replaced. Raises RuleBroken, Incomplete, IllegalMove, ContentChanged, StaleRecord.
    """
    typed_name, post = signature_of(typed_name, post, password_checked)
    held = EqualityAssessment.objects.select_for_update(of=("self",), no_key=True)
    equality.refresh_from_db(from_queryset=held.select_related("dpia__operator", "evidence"))
    if equality.status != Status.DRAFT:
        raise IllegalMove(equality, Status.SIGNED_OFF)
    if problems := missing(equality):
        raise Incomplete(problems, _("The equality impact assessment is not complete yet."))
    content = content_of(equality)
    if read_sha256 and read_sha256 != frozen.digest(content):
        raise ContentChanged(equality)
    for earlier in equality.dpia.equality_assessments.filter(status=Status.SIGNED_OFF):
        earlier.move_to(Status.SUPERSEDED, by=by, note=equality.reference)
    equality.content, equality.sha256 = content, frozen.digest(content)
    equality.signed_by, equality.signed_at = by, timezone.now()
    equality.signed_name, equality.signed_post = typed_name, post
    equality.save(update_fields=["content", "sha256", "signed_by", "signed_at", "signed_name", "signed_post"])
    equality.move_to(Status.SIGNED_OFF, by=by)
    after = {"sha256": equality.sha256, "post": post, "dpia": equality.dpia.reference}
    trail.record("signed", equality, by=by, after=after, personal={"typed_name": typed_name})


@transaction.atomic
def drop(*, equality: EqualityAssessment, reason: str, by: User) -> None:
    """Give up a draft. The record stays. Raises Incomplete, IllegalMove, StaleRecord."""
    reason = checked_text(reason, limit=TEXT_LIMIT)
    if not reason:
        raise Incomplete([_("Say why it is dropped.")])
    equality.move_to(Status.DROPPED, by=by, note=reason)


def record_elsewhere(
    *, dpia: Dpia, upload: UploadedFile, systems: Sequence[CameraSystem], scope: str, by: User
) -> EqualityAssessment:
    """One that was made outside the portal: it counts when the senior responsible officer signs that this is it.

    Raises RuleBroken, Incomplete, IllegalMove; then nothing is left.
    """
    _require_none_in_draft(dpia)
    evidence: Evidence | None = None
    try:
        with transaction.atomic():
            evidence = add_file(
                operator=dpia.operator,
                upload=upload,
                kind=DocumentKind.OTHER,
                title=(_("Equality impact assessment: %(title)s") % {"title": dpia.title})[:TITLE_LIMIT],
                systems=systems,
                by=by,
            )
            text = checked_text(scope, limit=TEXT_LIMIT)
            if not text:
                raise Incomplete([_("Say what it covers and concludes.")])
            made = EqualityAssessment.objects.create(
                operator=dpia.operator, dpia=dpia, evidence=evidence, conclusion=text, started_by=by
            )
            trail.record("added", made, by=by, after={"dpia": dpia.reference, "sha256": evidence.sha256})
            return made
    except BaseException:
        if evidence is not None and evidence.file:
            evidence.file.storage.delete(str(evidence.file.name))
        raise
