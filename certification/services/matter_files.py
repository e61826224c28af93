"""Files of one matter between operator and certification body: kept under their hash, never replaced, never public."""

import contextlib
import secrets
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from certification.models import Application, MatterFile
from certification.services.holding import hold, next_in
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
    """All of them, or none. An act that goes on after them does so inside `keeping`. Raises what `add_file` raises."""
    if organisation.pk not in (application.operator_id, application.body_id):
        raise RuleBroken(_("Only the two parties to an application add files to it."))
    checked = [_checked(upload, is_one_of_several=len(uploads) > 1) for upload in uploads]
    with keeping() as kept:
        for place, (upload, facts) in enumerate(zip(uploads, checked, strict=True)):
            title = checked_text(titles[place], limit=TITLE_LIMIT) if place < len(titles) else ""
            file = MatterFile(
                application=application,
                purpose=MatterFile.Purpose(purpose),
                title=title or facts.name,
                file_name=facts.name,
                media_type=facts.media_type,
                size=facts.size,
                sha256=facts.sha256,
                organisation=organisation,
                by=by,
            )
            kept.append(file)
            file.file.save(_path(application), upload, save=False)
        _enter(application, kept, by)
    return kept


def _checked(upload: UploadedFile, *, is_one_of_several: bool) -> CheckedFile:
    """A refusal of one of several says which it is about."""
    try:
        return check_upload(upload, max_bytes=settings.EVIDENCE_MAX_BYTES)
    except RuleBroken as refusal:
        if not is_one_of_several:
            raise
        raise RuleBroken(f"{safe_name(upload.name or '')}: {refusal.sentence}") from refusal


@contextlib.contextmanager
def keeping() -> Iterator[list[MatterFile]]:
    """The transaction of an act with files: put what it keeps into the list. If it fails, bytes go with the rows."""
    kept: list[MatterFile] = []
    try:
        with transaction.atomic():
            yield kept
    except BaseException:
        for file in kept:
            if name := file.file.name:
                file.file.storage.delete(name)
        raise


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
