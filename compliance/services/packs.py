"""The archive of a Code Assessment Pack: made once by a worker, from a frozen list of files by their hashes."""

import datetime as dt
import hashlib
import json
import tempfile
import zipfile
from collections.abc import Sequence
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import User
from compliance.exchange.csv_files import BOM
from compliance.models import CameraSystem, Report
from compliance.reports.paper import content_pdf
from compliance.services.reports import State, ask_report
from compliance.services.reports import states_of as states_of_reports
from core import jobs, trail
from core.dates import today
from core.registry import KeptFile, kept_files

MAKE = "compliance.make_pack"
FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of every file of an archive: the same content is the same bytes
IN_MEMORY = 20_000_000
YEAR_BEGINS = (4, 1)


def ask_pack(*, system: CameraSystem, by: User) -> Report:
    """Promise the pack of a system as it stands now: its index first, then the archive. The same asked again while the
    index is made is one. Raises as `ask_report` does.
    """
    kind = Report.Kind.CODE_ASSESSMENT_PACK
    return ask_report(operator=system.operator, system=system, kind=kind, period=last_year(), by=by)


def promise_archive(report_id: int) -> None:
    """When the index of a pack is made, its archive follows. Nothing for other reports; promised twice it is one."""
    made = Report.objects.filter(pk=report_id, kind=Report.Kind.CODE_ASSESSMENT_PACK).exclude(pdf="")
    if made.exists():
        with transaction.atomic():
            jobs.promise(MAKE, {"report_id": report_id}, key=_key(report_id))


def _key(report_id: int) -> str:
    return f"{MAKE}:{report_id}"


def last_year() -> tuple[dt.date, dt.date]:
    """The last whole year from April to March."""
    day = today()
    first = day.replace(year=day.year - 1 if (day.month, day.day) >= YEAR_BEGINS else day.year - 2, month=4, day=1)
    return first, first.replace(year=first.year + 1, month=3, day=31)


def archive_name(report: Report) -> str:
    return f"packs/{report.reference}.zip"


def has_archive(report: Report) -> bool:
    return default_storage.exists(archive_name(report))


def states_of(found: Sequence[Report]) -> dict[int, State]:
    """How each pack stands; one is ready with its archive. Two queries for those that are not ready."""
    states = states_of_reports(found)
    waiting = {
        _key(report.pk): report.pk for report in found if states[report.pk] == State.READY and not has_archive(report)
    }
    if waiting:
        states |= dict.fromkeys(waiting.values(), State.MAKING)
        given_up = jobs.Job.objects.filter(key__in=waiting, given_up_at__isnull=False).values_list("key", flat=True)
        states |= {waiting[key]: State.FAILED for key in given_up if key is not None}
    return states


def make_pack(report_id: int) -> None:
    """Make the archive unless it is there. Raises OSError when a file that it names is gone."""
    report = Report.objects.select_related("operator", "system__operator").get(pk=report_id)
    if has_archive(report):
        return
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as archive:
        sha256 = _write(archive, report)
        archive.seek(0)
        name = archive_name(report)
        if default_storage.save(name, File(archive)) != name:
            raise OSError(f"the storage took {name} under another name")
    trail.record("packed", report, by=None, after={"sha256": sha256})


def _write(archive: IO[bytes], report: Report) -> str:
    """Index as PDF and JSON, records, tables, documents, and a manifest with the hash of each. Returns that of all."""
    content = json.loads(report.content)
    known = {found.sha256: found for plug in kept_files for found in plug(report.system)}
    with report.pdf.open("rb") as pdf:
        parts = [("index.pdf", pdf.read()), ("index.json", report.content.encode())]
    parts += [
        (each["name"], content_pdf(each["content"], sha256=each["sha256"])) for each in content.get("records", [])
    ]
    parts += [(name, (BOM + table).encode()) for name, table in sorted(content["tables"].items())]
    manifest = {name: hashlib.sha256(data).hexdigest() for name, data in parts}
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts:
            packed.writestr(_entry(name), data)
        for file in content["files"]:
            packed.writestr(_entry(file["name"]), _bytes_of(known, file["sha256"]))
            manifest[file["name"]] = file["sha256"]
        lines = "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(manifest.items()))
        packed.writestr(_entry("manifest.sha256"), lines)
    archive.seek(0)
    return hashlib.file_digest(archive, "sha256").hexdigest()  # type: ignore[arg-type]


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, FIRST_DAY)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _bytes_of(known: dict[str, KeptFile], sha256: str) -> bytes:
    """The file with that hash. Raises OSError when it is gone or is another one now."""
    found = known.get(sha256)
    data = found.content() if found else b""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise OSError(f"the file with the hash {sha256} is not kept any more")
    return data
