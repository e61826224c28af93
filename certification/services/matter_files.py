"""Files of one matter between operator and certification body: kept under their hash, never replaced, never public."""

import secrets
from collections.abc import Sequence

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from certification.models import Application, MatterFile
from certification.services.holding import hold, next_in, require_text
from compliance.services.texts import checked_text
from core import trail
from core.errors import RuleBroken
from core.files import CheckedFile, check_upload, safe_name

TITLE_LIMIT = 150


def add_file(
    *,
    application: Application,
    purpose: str,
    title: str,
    upload: UploadedFile,
    organisation: Organisation,
    by: User,
) -> MatterFile:
    """Keep a file that one side gives to the other. Its title is that of the file where none was written.

    Raises RuleBroken with a sentence for what the portal does not hold (films, programs, archives; design 8), and for
    an organisation that is no party.
    """
    (kept,) = add_files(
        application=application, purpose=purpose, uploads=[upload], titles=[title], organisation=organisation, by=by
    )
    return kept


def add_files(
    *,
    application: Application,
    purpose: str,
    uploads: Sequence[UploadedFile],
    organisation: Organisation,
    by: User,
    titles: Sequence[str] = (),
) -> list[MatterFile]:
    """All of them, or none. An act that keeps files and then fails calls `discard`. Raises what `add_file` raises."""
    if organisation.pk not in (application.operator_id, application.body_id):
        raise RuleBroken(_("Only the two parties to an application add files to it."))
    checked = [_checked(upload, is_one_of_several=len(uploads) > 1) for upload in uploads]
    kept: list[MatterFile] = []
    try:
        with transaction.atomic():
            for place, (upload, facts) in enumerate(zip(uploads, checked, strict=True)):
                title = titles[place] if place < len(titles) else ""
                kept.append(_prepare(application, purpose, title, facts, organisation, by))
                kept[-1].file.save(_path(application), upload, save=False)
            _enter(application, kept, by)
    except BaseException:
        discard(kept)
        raise
    return kept


def _checked(upload: UploadedFile, *, is_one_of_several: bool) -> CheckedFile:
    """A refusal of one of several says which it is about."""
    try:
        return check_upload(upload, max_bytes=settings.EVIDENCE_MAX_BYTES)
    except RuleBroken as refusal:
        if not is_one_of_several:
            raise
        raise RuleBroken(f"{safe_name(upload.name or '')}: {refusal.sentence}") from refusal


def discard(files: Sequence[MatterFile]) -> None:
    """Remove the bytes of files whose rows were not written after all."""
    for kept in files:
        if name := kept.file.name:
            kept.file.storage.delete(name)


def _prepare(  # noqa: PLR0917  (one caller, above)
    application: Application, purpose: str, title: str, facts: CheckedFile, organisation: Organisation, by: User
) -> MatterFile:
    return MatterFile(
        application=application,
        purpose=MatterFile.Purpose(purpose),
        title=require_text(checked_text(title, limit=TITLE_LIMIT) or facts.name, _("Give the file a title.")),
        file_name=facts.name,
        media_type=facts.media_type,
        size=facts.size,
        sha256=facts.sha256,
        organisation=organisation,
        by=by,
    )


def _enter(application: Application, files: Sequence[MatterFile], by: User) -> None:
    """Number them while nobody else can."""
    if not files:
        return
    hold(application)
    for number, kept in enumerate(files, next_in(application.files.all())):
        kept.number = number
        kept.save(force_insert=True)
        trail.record(
            "added",
            kept,
            by=by,
            after={"purpose": kept.purpose, "title": kept.title, "sha256": kept.sha256, "size": kept.size},
        )


def _path(application: Application) -> str:
    """A place that says nothing about the file and cannot be guessed."""
    return f"matters/{application.reference}/{secrets.token_hex(12)}"
