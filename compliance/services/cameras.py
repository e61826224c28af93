"""Lists of cameras: kept for a while, judged outside any transaction, applied whole or not at all and once."""

import hashlib
import io
import itertools
import os
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.camera_lists.one_shape import CameraRow, Judgement, Known, judge
from compliance.models import Camera, CameraSystem, ImportProblem, ImportRun
from compliance.places import Place
from compliance.services.systems import FINAL
from core import trail
from core.errors import IllegalMove, RuleBroken, StaleRecord
from core.files import safe_name

MAX_BYTES = 25 * 1024 * 1024
KEEP_SECONDS = 24 * 3600  # an upload that nobody accepted
BATCH = 2000
HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Sorted:
    """A judged list and the state of the system that it was judged against."""

    judgement: Judgement
    estate: tuple[int, int]
    sha256: str
    file_name: str


def sort_list(*, system: CameraSystem, file: io.BufferedReader, file_name: str) -> Sorted:
    """Judge a list against the cameras of the system; nothing is written. Raises RuleBroken for what is no list."""
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    estate = _estate(system)
    return Sorted(judge(file, known=_known(system), centre=_centre(system)), estate, digest, safe_name(file_name))


def _estate(system: CameraSystem) -> tuple[int, int]:
    """Changes when a camera enters the system. One query."""
    found = Camera.objects.filter(system=system).aggregate(number=Count("pk"), last=Max("pk"))
    return found["number"], found["last"] or 0


def _known(system: CameraSystem) -> Iterator[Known]:
    fields = ("operator_ref", "location", "latitude", "longitude")
    for reference, location, latitude, longitude in (
        Camera.objects.filter(system=system).values_list(*fields).iterator(BATCH)
    ):
        yield Known(reference, location, Place(latitude, longitude) if latitude is not None else None)


def _centre(system: CameraSystem) -> Place | None:
    operator = system.operator
    if operator.latitude is None or operator.longitude is None:
        return None
    return Place(operator.latitude, operator.longitude)


@transaction.atomic
def apply_list(*, system: CameraSystem, wanted: Sorted, by: User | None, preview: str | None = None) -> ImportRun:
    """Enter the new cameras as operational, all or none, with their trail. The same `preview` again is the same run.

    Raises StaleRecord when cameras were added since the list was judged, IllegalMove for a closed system, RuleBroken
    when there is nothing new.
    """
    current = CameraSystem.objects.select_for_update(of=("self",)).select_related("operator").get(pk=system.pk)
    if preview and (earlier := ImportRun.objects.filter(settings={"preview": preview}, system=system).first()):
        return earlier
    if current.status in FINAL:
        raise IllegalMove(current, current.status)
    if _estate(current) != wanted.estate:
        raise StaleRecord(current)
    judgement = wanted.judgement
    if not judgement.new:
        raise RuleBroken(_("The list has no camera that the system does not have already."))
    run = ImportRun.objects.create(
        system=current,
        file_name=wanted.file_name,
        sha256=wanted.sha256,
        by=by,
        settings={"preview": preview} if preview else {},
        status=ImportRun.Status.APPLIED,
        applied_at=timezone.now(),
        **judgement.counts,
    )
    ImportProblem.objects.bulk_create(
        ImportProblem(run=run, row=problem.row, code=problem.code, message=problem.message)
        for problem in judgement.problems
    )
    trail.record("imported", run, by=by, after={"sha256": run.sha256, "system": current.reference, **judgement.counts})
    rows = iter(judgement.new)
    while batch := list(itertools.islice(rows, BATCH)):
        cameras = Camera.objects.bulk_create([_camera(row, current, run) for row in batch])
        after = {"status": Camera.Status.OPERATIONAL.value, "import": run.sha256}
        trail.record_many("created", cameras, by=by, organisation=current.operator, after=after)
    return run


def _camera(row: CameraRow, system: CameraSystem, run: ImportRun) -> Camera:
    return Camera(
        system=system,
        import_run=run,
        status=Camera.Status.OPERATIONAL,
        operator_ref=row.operator_ref,
        location=row.location,
        ward=row.ward,
        ward_code=row.ward_code,
        latitude=row.place.latitude if row.place else None,
        longitude=row.place.longitude if row.place else None,
    )


# --- Lists between upload and acceptance ---


def new_preview() -> str:
    """A key by which one look at a list is accepted once."""
    return secrets.token_hex(16)


def keep_upload(*, upload: UploadedFile) -> str:
    """Keep an uploaded list until it is accepted or a day has passed. Returns its SHA-256. Raises RuleBroken."""
    if not upload.size:
        raise RuleBroken(_("The file is empty. Choose the file again, it may not have finished saving."))
    if upload.size > MAX_BYTES:
        raise RuleBroken(_("The file is larger than %(megabytes)d MB.") % {"megabytes": MAX_BYTES // (1024 * 1024)})
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _clear_away(folder)
    draft = folder / f"draft-{secrets.token_hex(8)}"
    digest = hashlib.sha256()
    with open(draft, "xb", opener=_private) as file:
        for chunk in upload.chunks():
            digest.update(chunk)
            file.write(chunk)
    draft.replace(folder / digest.hexdigest())
    return digest.hexdigest()


def kept_upload(sha256: str) -> Path:
    """Where a kept list lies. Raises RuleBroken when it is there no more."""
    path = _folder() / sha256
    if not HASH.fullmatch(sha256) or not path.is_file():
        raise RuleBroken(_("This list is not kept any longer. Upload it again."))
    return path


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _clear_away(folder: Path) -> None:
    oldest = time.time() - KEEP_SECONDS
    for path in folder.iterdir():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
