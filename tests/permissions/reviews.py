"""Rows of the permission table: reviews of cameras, annual reviews of systems, and reports."""

from typing import TYPE_CHECKING, Any

from accounts.models import Role
from compliance.models import AnnualReview
from tests.factories.cameras import AnnualReviewFactory
from tests.factories.compliance import CameraSystemFactory
from tests.permissions.rows import OPERATOR, Row, act, form, page

if TYPE_CHECKING:
    from tests.permissions.world import World

DRAFTERS = {Role.CONTRIBUTOR, Role.SCHEME_MANAGER, Role.SPOC}
MANAGERS = {Role.SCHEME_MANAGER, Role.SPOC}
CAMERA: Any = {"of": "published system", "parts": {"camera": "@camera"}}
DRAFT: Any = {"of": "draft annual review"}
READY: Any = {"of": "ready annual review"}
SECTION: Any = {"parts": {"section": "service"}}

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
]


def add_reviews(world: "World") -> None:
    """An annual review in each state that has pages of its own."""
    for status in (AnnualReview.Status.DRAFT, AnnualReview.Status.READY, AnnualReview.Status.AUTHORISED):
        system = CameraSystemFactory(operator=world.operator, status="active")
        content = "{}" if status == AnnualReview.Status.AUTHORISED else ""
        made = AnnualReviewFactory(system=system, status=status, content=content)
        world.records[f"{status.value} annual review"] = made
