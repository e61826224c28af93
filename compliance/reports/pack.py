"""The Code Assessment Pack of a system: what proves that its scheme meets the code, with all of it named by its hash,
and what is missing (domain 4.8, SPOC guidance). The files themselves go into one archive (`compliance.services.packs`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Q
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from compliance.exchange.csv_files import file_of
from compliance.frozen import canonical
from compliance.models import AnnualReview, Camera, CameraSystem, Report
from compliance.models.camera import NEVER_MAPPED
from compliance.models.vocabulary import DocumentKind
from compliance.reports.blocks import Block, Value, bullets, day, day_of, envelope, facts, heading, table, text
from compliance.reports.pack_parts import PARTS, STATISTICS, drawn_up, folder_of
from core.errors import RuleBroken, Text
from core.registry import KeptFile, kept_files

MOST_BYTES = 500_000_000  # of all that is in the archive; what does not go in is named as missing
PRINTED = 20_000_000  # of them kept free for what is printed: index and records
CAMERA_COLUMNS = ("reference", "number", "location", "ward", "type", "status", "justified_on", "review_due_on")
OTHER_KINDS: Mapping[str, Text] = {
    "self_assessment": gettext_lazy("signed self-assessment"),
    "certificate": gettext_lazy("certificate"),
    STATISTICS: gettext_lazy("statistics"),
}
WANTED = (
    "self_assessment",
    DocumentKind.CODE_OF_PRACTICE,
    DocumentKind.PROCEDURES_MANUAL,
    DocumentKind.DPIA,
    DocumentKind.SHARING_AGREEMENT,
    DocumentKind.OPERATIONAL_REQUIREMENT,
    DocumentKind.TRAINING_RECORD,
    DocumentKind.ANNUAL_REPORT,
    DocumentKind.SIGN_SURVEY,
    DocumentKind.MAINTENANCE_RECORD,
    "certificate",
)


def code_assessment_pack(report: Report) -> dict[str, Any]:
    """What the pack says and holds. `files` names each file of the archive; `tables` are files made here."""
    system = report.system
    if system is None:
        raise RuleBroken(_("Choose the system that this report is about."))
    records = drawn_up(report, system)
    tables = {"cameras.csv": _camera_table(system)}
    written = sum(len(made.encode()) for made in (*tables.values(), *(canonical(each["content"]) for each in records)))
    taken, left_out = _within_bounds(_once(found for plug in kept_files for found in plug(system)), PRINTED + written)
    files = _named(taken)
    cameras = system.cameras.in_use()
    missing = [*_missing(system, cameras, {each["kind"] for each in (*records, *files)}), *left_out]
    blocks = [
        facts(_facts(system, cameras)),
        heading(_("What is missing")),
        bullets(missing) if missing else text(_("Nothing that the portal looks for is missing.")),
        heading(_("What is in the pack")),
        facts(_parts([*records, *files])),
        *_listed(records, files),
    ]
    lead = _("The documents and records by which this scheme shows how it has regard to the code, as of one day.")
    content = envelope(report, _("Code Assessment Pack"), lead, blocks)
    return content | {"files": files, "records": records, "missing": missing, "tables": tables}


def _parts(held: list[dict[str, Any]]) -> list[tuple[str, Value]]:
    """How many documents each part has, in the order of the folders."""
    counted = Counter(folder_of(each["kind"]) for each in held)
    found: list[tuple[str, Value]] = []
    for folder, (title, _kinds) in PARTS.items():
        words = ngettext("%(count)d document", "%(count)d documents", counted[folder]) % {"count": counted[folder]}
        found.append((str(title), words if counted[folder] else _("none")))
    return found


def _listed(records: list[dict[str, Any]], files: list[dict[str, Any]]) -> list[Block]:
    heads = [_("File"), _("Kind"), _("Dated"), _("SHA-256")]
    drawn, kept = (
        [[each["name"], kind_words(each["kind"]), day_of(each["dated"]) or None, each["sha256"]] for each in held]
        for held in (records, files)
    )
    blocks = []
    if drawn:
        words = _("Drawn up from the records for this pack. The hash is of the text; the manifest has that of the PDF.")
        blocks += [text(words), table(_("Records"), heads, drawn)]
    if kept:
        blocks.append(table(_("Documents"), heads, kept))
    return blocks or [text(_("No document about this system is kept in the portal."))]


def kind_words(kind: str) -> str:
    known = dict(DocumentKind.choices) | dict(OTHER_KINDS)
    return capfirst(str(known.get(kind, kind)))


def _once(found: Iterable[KeptFile]) -> list[KeptFile]:
    """Each file once, though two apps may know it."""
    return list({file.sha256: file for file in found}.values())


def _within_bounds(found: list[KeptFile], size: int) -> tuple[list[KeptFile], list[str]]:
    """Those that find room beside what takes up `size` bytes already, and words for the others."""
    taken, left_out = [], []
    for file in found:
        if size + file.size > MOST_BYTES:
            left_out.append(_("Too large for the pack: %(title)s") % {"title": file.title})
        else:
            taken.append(file)
            size += file.size
    return taken, left_out


def _named(found: list[KeptFile]) -> list[dict[str, Any]]:
    """Names that no two files share and that say nothing a file system could stumble over."""
    files = []
    for number, file in enumerate(found, start=1):
        ending = file.ending if re.fullmatch(r"[a-z0-9]{1,5}", file.ending) else "bin"
        files.append(
            {
                "name": f"{folder_of(file.kind)}/{number:03}-{slugify(file.title)[:60] or 'document'}.{ending}",
                "kind": str(file.kind),
                "title": file.title,
                "dated": file.dated.isoformat() if file.dated else "",
                "sha256": file.sha256,
            }
        )
    return files


def _facts(system: CameraSystem, cameras: Any) -> list[tuple[str, Value]]:
    """What the system is, who answers for it, how many cameras, and how many are justified. Three queries."""
    counted = cameras.aggregate(
        listed=Count("pk", distinct=True),
        justified=Count("pk", filter=Q(justified_on__isnull=False), distinct=True),
        required=Count("pk", filter=Q(operational_requirements__isnull=False), distinct=True),
    )
    reviewed = AnnualReview.objects.filter(system=system, authorised_at__isnull=False).order_by("-period_until").first()
    technologies = [f"{row.get_technology_display()} ({row.total})" for row in system.technologies.all()]
    return [
        (_("System"), system.name),
        (_("Technologies, with cameras counted"), ", ".join(technologies) or None),
        (_("Post of the senior responsible officer"), system.sro_post or None),
        (_("Post of the single point of contact"), system.spoc_post or None),
        (_("ICO registration number"), system.ico_registration or None),
        (_("Cameras in the register"), counted["listed"]),
        (_("of these with their need shown"), counted["justified"]),
        (_("of these with an operational requirement"), counted["required"]),
        (_("Newest annual review authorised, period until"), day(reviewed.period_until) if reviewed else None),
    ]


def _missing(system: CameraSystem, cameras: Any, kinds: set[str]) -> list[str]:
    found = [
        _("No document of this kind: %(kind)s") % {"kind": kind_words(kind)} for kind in WANTED if kind not in kinds
    ]
    outstanding = cameras.filter(justified_on__isnull=True).count()
    if outstanding:
        found.append(_("Cameras whose justification is outstanding: %(count)d") % {"count": outstanding})
    if not system.statistics.filter(confirmed_at__isnull=False).exists():
        found.append(_("No confirmed statistics of any period"))
    by_status = Counter(system.cameras.filter(camera_type__in=NEVER_MAPPED).values_list("camera_type", flat=True))
    if not cameras.exists() and not by_status:
        found.append(_("No camera is in the register"))
    return found


def _camera_table(system: CameraSystem) -> str:
    """The register of the system as CSV, without maker and coordinates. One query."""
    found = Camera.objects.filter(system=system).order_by("operator_ref", "pk")
    rows = [
        [
            camera.reference,
            camera.operator_ref,
            camera.location,
            camera.ward,
            camera.camera_type,
            camera.status,
            camera.justified_on.isoformat() if camera.justified_on else "",
            camera.review_due_on.isoformat() if camera.review_due_on else "",
        ]
        for camera in found.iterator()
    ]
    return file_of(CAMERA_COLUMNS, rows).decode("utf-8-sig")
