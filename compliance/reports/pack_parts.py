"""What a Code Assessment Pack is made of (glossary: CAP), and the parts of it that are drawn up from the records."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance import frozen
from compliance.models import AnnualReview, CameraSystem, OperationalRequirement, Report
from compliance.models.vocabulary import DocumentKind
from compliance.operational_requirement import PARTS as ASKED
from compliance.operational_requirement import answers_of, in_words
from compliance.reports import annual
from compliance.reports.blocks import Block, Value, day, envelope, facts, heading, text
from core.dates import LONDON
from core.errors import Text

STATISTICS = "statistics"
MOST_REVIEWS = 3
# Folder → what stands in it, and the kinds of its files. All other kinds stand in the last.
PARTS: Mapping[str, tuple[Text, tuple[str, ...]]] = {
    "1-self-assessment": (gettext_lazy("Self-assessment"), ("self_assessment",)),
    "2-dpias": (gettext_lazy("Data protection impact assessments"), (DocumentKind.DPIA,)),
    "3-operational-requirements": (
        gettext_lazy("Operational requirements"),
        (DocumentKind.OPERATIONAL_REQUIREMENT,),
    ),
    "4-annual-review": (gettext_lazy("Annual reviews"), (DocumentKind.ANNUAL_REPORT,)),
    "5-statistics": (gettext_lazy("Statistics"), (STATISTICS, DocumentKind.DISCLOSURE_SUMMARY)),
    "6-policies": (
        gettext_lazy("Policies and procedures"),
        (
            DocumentKind.CODE_OF_PRACTICE,
            DocumentKind.PROCEDURES_MANUAL,
            DocumentKind.TRAINING_RECORD,
            DocumentKind.LICENCE,
        ),
    ),
    "7-agreements": (
        gettext_lazy("Agreements, with police and contractors"),
        (DocumentKind.SHARING_AGREEMENT, DocumentKind.CONTRACT),
    ),
    "8-certificates": (gettext_lazy("Certificates"), ("certificate",)),
    "9-other": (gettext_lazy("Other documents"), ()),
}
FOLDER_OF = {str(kind): folder for folder, (_title, kinds) in PARTS.items() for kind in kinds}


def folder_of(kind: str) -> str:
    return FOLDER_OF.get(str(kind), "9-other")


def drawn_up(report: Report, system: CameraSystem) -> list[dict[str, Any]]:
    """Records of the system as documents of the pack: name, kind, title, date, what it says, and the hash of that."""
    made = [*_annual_reviews(report, system), *_requirements(report, system), *_statistics(report, system)]
    return [
        {
            "name": f"{folder_of(kind)}/{name}.pdf",
            "kind": str(kind),
            "title": content["title"],
            "dated": dated,
            "content": content,
            "sha256": frozen.digest(frozen.canonical(content)),
        }
        for name, kind, dated, content in made
    ]


Made = tuple[str, str, str, dict[str, Any]]


def _annual_reviews(report: Report, system: CameraSystem) -> Iterator[Made]:
    """The newest that were authorised, one of each period."""
    authorised = AnnualReview.objects.filter(system=system, status=AnnualReview.Status.AUTHORISED)
    periods = list(dict.fromkeys(authorised.order_by("-period_until").values_list("period_from", "period_until")))[
        :MOST_REVIEWS
    ]
    for start, end in periods:
        about = Report(
            operator=report.operator, system=system, kind=Report.Kind.ANNUAL_REVIEW, period_from=start, period_until=end
        )
        content = annual.annual_review(about) | {"reference": report.reference}
        yield f"annual-review-{start}", DocumentKind.ANNUAL_REPORT, end.isoformat(), content


def _requirements(report: Report, system: CameraSystem) -> Iterator[Made]:
    """All that were written here, in one document; files of those made elsewhere stand beside it."""
    found = list(OperationalRequirement.objects.filter(system=system).prefetch_related("cameras").order_by("reference"))
    if found:
        blocks = [block for requirement in found for block in _requirement(requirement)]
        lead = _("What each camera must show, of what, when and for whom, as it was written down.")
        content = envelope(report, _("Operational requirements"), lead, blocks)
        newest = max(requirement.changed_at for requirement in found)
        kind = DocumentKind.OPERATIONAL_REQUIREMENT
        yield "operational-requirements", kind, newest.astimezone(LONDON).date().isoformat(), content


def _requirement(requirement: OperationalRequirement) -> Iterator[Block]:
    yield heading(f"{requirement.title} ({requirement.reference})")
    cameras = ", ".join(camera.name for camera in requirement.cameras.all())
    rows: list[tuple[str, Value]] = [(_("Cameras"), cameras or None)]
    levels = (requirement.level_1, requirement.level_2)
    for part in ASKED:
        given = answers_of(part, levels)
        rows += [(str(asked.label), in_words(asked, given[asked.key])) for asked in part.asked if asked.key in given]
    yield facts(rows)
    if requirement.evidence_id:
        yield text(
            _("It was made outside the portal on %(day)s; its file is in this pack.") % {"day": _day(requirement)}
        )


def _day(requirement: OperationalRequirement) -> str:
    return day(requirement.dated) or _("a day that is not recorded")


def _statistics(report: Report, system: CameraSystem) -> Iterator[Made]:
    """Its year with the years before, small numbers left out as in every report."""
    if system.statistics.filter(confirmed_at__isnull=False).exists():
        about = Report(
            operator=report.operator,
            system=system,
            kind=Report.Kind.ANNUAL_REPORT,
            period_from=report.period_from,
            period_until=report.period_until,
        )
        content = annual.annual_report(about) | {"reference": report.reference}
        yield "statistics-and-annual-report", STATISTICS, str(content["as_of"]), content
