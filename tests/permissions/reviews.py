"""Rows of the permission table: reviews of cameras, annual reviews of systems, and reports."""

from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile

from accounts.models import Role
from compliance.models import AnnualReview, Report
from tests.factories.cameras import AnnualReviewFactory
from tests.factories.compliance import PDF, CameraSystemFactory
from tests.permissions.rows import OPERATOR, Row, act, form, page

if TYPE_CHECKING:
    from tests.permissions.world import World

DRAFTERS = {Role.CONTRIBUTOR, Role.SCHEME_MANAGER, Role.SPOC}
MANAGERS = {Role.SCHEME_MANAGER, Role.SPOC}
CAMERA: Any = {"of": "published system", "parts": {"camera": "@camera"}}
DRAFT: Any = {"of": "draft annual review"}
READY: Any = {"of": "ready annual review"}
REPORTERS = {*MANAGERS, Role.SRO, Role.DPO}
SECTION: Any = {"parts": {"section": "service"}}

CONTENT = '{"as_of":"2026-11-22","blocks":[],"lead":"","system":"","title":"List"}'

REVIEWS: list[Row] = [
    *page("compliance:reviews", OPERATOR),
    *page("compliance:reviews_wards", OPERATOR),
    *form("compliance:reviews_confirm", OPERATOR, MANAGERS, of="published system"),
    *form("compliance:camera_review", OPERATOR, MANAGERS, **CAMERA),
    *page("compliance:annual_reviews", OPERATOR),
    *form("compliance:annual_review_start", OPERATOR, MANAGERS, of="published system"),
    *page("compliance:annual_review", OPERATOR, **DRAFT),
    *form("compliance:annual_review_edit", OPERATOR, DRAFTERS, **DRAFT, **SECTION),
    *act("compliance:annual_review_figures", OPERATOR, DRAFTERS, **DRAFT),
    *act("compliance:annual_review_send", OPERATOR, {Role.SPOC}, 422, **DRAFT),
    *act("compliance:annual_review_abandon", OPERATOR, {Role.SPOC}, **DRAFT),
    *form("compliance:annual_review_authorise", OPERATOR, {Role.SRO}, **READY),
    *form("compliance:annual_review_return", OPERATOR, {Role.SRO}, **READY),
    *page("compliance:annual_review_json", OPERATOR, of="authorised annual review"),
    *act("compliance:annual_review_print", OPERATOR, REPORTERS, of="authorised annual review"),
    *page("compliance:reports", OPERATOR),
    *form("compliance:report_ask", OPERATOR, REPORTERS),
    *page("compliance:report", OPERATOR, of="report"),
    *page("compliance:report_pdf", OPERATOR, of="report"),
    *page("compliance:report_json", OPERATOR, of="report"),
]


def add_reviews(world: "World") -> None:
    """An annual review in each state that has pages of its own, and a report."""
    for status in (AnnualReview.Status.DRAFT, AnnualReview.Status.READY, AnnualReview.Status.AUTHORISED):
        system = CameraSystemFactory(operator=world.operator, status="active")
        content = "{}" if status == AnnualReview.Status.AUTHORISED else ""
        made = AnnualReviewFactory(system=system, status=status, content=content)
        world.records[f"{status.value} annual review"] = made
    report = Report(operator=world.operator, kind=Report.Kind.CAMERA_LIST, content=CONTENT, sha256="0" * 64)
    report.pdf.save("report.pdf", ContentFile(PDF))
    world.records["report"] = report
