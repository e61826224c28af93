"""What may change about evidence: its file, what is said of it, and whether the public may see it."""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.leaks import Leak, leaks_of
from compliance.models import CameraSystem, Evidence, EvidenceVersion
from compliance.models.evidence import evidence_path
from compliance.services.evidence import check_record
from compliance.signals import evidence_described
from core import trail
from core.errors import RuleBroken, StaleRecord
from core.files import CheckedFile, check_upload

DETAILS = ("kind", "title", "dated", "review_on", "marking")
KEPT = ("file", "file_name", "media_type", "size", "sha256", "version", "dated", "added_by", "added_at")
REASON_LIMIT = 2000


class LeaksFound(RuleBroken):
    """A file that is to be public contains details that its pages do not show. `leaks` are what a look inside found."""

    def __init__(self, leaks: Sequence[Leak]) -> None:
        super().__init__(
            _("This file contains details that its pages do not show. Replace it with a clean one, or give a reason.")
        )
        self.leaks = leaks


def details_token(evidence: Evidence, systems: Sequence[CameraSystem]) -> str:
    """A hash of all that can be changed about it: whoever saves says which state they read."""
    values = [str(getattr(evidence, name) or "") for name in DETAILS]
    references = sorted(system.reference for system in systems)
    return hashlib.sha256(json.dumps([values, references]).encode()).hexdigest()


@transaction.atomic
def change_details(
    *, evidence: Evidence, changes: dict[str, Any], systems: Sequence[CameraSystem], seen: str, by: User
) -> None:
    """Kind, title, dates, marking and systems. `seen` is the token of the state that was read.

    Raises StaleRecord when somebody else changed it since, Incomplete, RuleBroken.
    """
    stored = Evidence.objects.select_for_update().get(pk=evidence.pk)
    old_systems = list(stored.systems.all())
    if details_token(stored, old_systems) != seen:
        raise StaleRecord(stored)
    before = _details(stored, old_systems)
    for name in DETAILS:
        value = changes[name]
        setattr(evidence, name, value.strip() if isinstance(value, str) else value)
    check_record(evidence, systems)
    evidence.save(update_fields=DETAILS)
    evidence.systems.set(systems)
    trail.record("changed", evidence, by=by, before=before, after=_details(evidence, systems))
    evidence_described.send(sender=Evidence, evidence=evidence)


def _details(evidence: Evidence, systems: Sequence[CameraSystem]) -> dict[str, Any]:
    values = {name: getattr(evidence, name) for name in DETAILS}
    return {**values, "systems": sorted(system.reference for system in systems)}


def replace_file(
    *,
    evidence: Evidence,
    upload: UploadedFile,
    version: int,
    by: User,
    dated: dt.date | None = None,
    review_on: dt.date | None = None,
) -> None:
    """A new file in the place of the present one, which is kept as a version: what was signed with it stays readable.

    `version` is that of the file which was on the page. Without a new review date the one before stays, so that no
    replacement takes a document off the calendar. The public may see a file that the SPOC decided on, never the next
    one: the new file is not public until somebody who may publish it says so.
    Raises StaleRecord when it was replaced meanwhile, RuleBroken for a link, the same file, or what is not held.
    """
    if not evidence.file:
        raise RuleBroken(_("This evidence is a link. Change its address by adding a new one."))
    checked = check_upload(upload, max_bytes=settings.EVIDENCE_MAX_BYTES)
    if checked.sha256 == evidence.sha256:
        raise RuleBroken(_("This is the file that is here already: its hash is the same. Choose the new one."))
    leaks = leaks_of(upload, checked.media_type)
    name = default_storage.save(evidence_path(evidence, checked.name), upload)
    try:
        _write_replacement(evidence, name, checked, leaks, version, by, dated, review_on)
    except BaseException:
        default_storage.delete(name)  # a row that was not written has no file
        raise


@transaction.atomic
def _write_replacement(  # noqa: PLR0917  (one caller, above)
    evidence: Evidence,
    name: str,
    checked: CheckedFile,
    leaks: list[Leak],
    version: int,
    by: User,
    dated: dt.date | None,
    review_on: dt.date | None,
) -> None:
    old = Evidence.objects.select_related("operator").get(pk=evidence.pk)
    fresh = {
        "file": name,
        "file_name": checked.name,
        "media_type": checked.media_type,
        "size": checked.size,
        "sha256": checked.sha256,
        "version": version + 1,
        "dated": dated,
        "review_on": review_on or old.review_on,
        "leaks": leaks,
        "is_public": False,
        "added_by": by,
        "added_at": timezone.now(),
    }
    for field, value in fresh.items():
        setattr(evidence, field, value)
    check_record(evidence, list(evidence.systems.all()))
    if not Evidence.objects.filter(pk=evidence.pk, version=version).update(**fresh):
        raise StaleRecord(evidence)
    EvidenceVersion.objects.create(evidence=evidence, **{field: getattr(old, field) for field in KEPT})
    trail.record(
        "replaced",
        evidence,
        by=by,
        before={"version": version, "sha256": old.sha256, "is_public": old.is_public},
        after={"version": version + 1, "sha256": checked.sha256, "is_public": fresh["is_public"]},
    )


@transaction.atomic
def publish_evidence(*, evidence: Evidence, by: User, reason: str = "") -> None:
    """The public may see it. A file is looked into again; one that leaks needs a reason, which the trail keeps.

    Raises LeaksFound without one, StaleRecord when it was replaced meanwhile. What is public already stays so.
    """
    leaks: list[Leak] = []
    if evidence.file:
        with evidence.file.open("rb") as file:
            leaks = leaks_of(file, evidence.media_type)
    reason = reason.strip()
    if leaks and not reason:
        raise LeaksFound(leaks)
    if evidence.is_public:
        return
    looked_at = Evidence.objects.filter(pk=evidence.pk, version=evidence.version)
    if not looked_at.update(is_public=True, leaks=leaks):
        raise StaleRecord(evidence)
    evidence.is_public, evidence.leaks = True, leaks
    trail.record(
        "published",
        evidence,
        by=by,
        after={"sha256": evidence.sha256, "leaks": [leak["kind"] for leak in leaks], "reason": reason if leaks else ""},
    )


@transaction.atomic
def withdraw_evidence(*, evidence: Evidence, by: User) -> None:
    """The public may no longer see it."""
    if not Evidence.objects.filter(pk=evidence.pk, is_public=True).update(is_public=False):
        return
    evidence.is_public = False
    trail.record("withdrawn", evidence, by=by, before={"is_public": True}, after={"is_public": False})
