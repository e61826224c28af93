"""Yearly reviews of the demonstration: cameras kept together and one by itself, an annual review, a report."""

from typing import Any

from accounts.models import Role, User
from ccp_portal.demonstration import data
from ccp_portal.demonstration.people import World
from compliance import annual_review as layout
from compliance import frozen
from compliance.models import Camera, CameraSystem, Report
from compliance.services import annual_reviews, camera_reviews, reports
from compliance.services.camera_reviews import REVIEWABLE, Figures, Finding
from core.dates import add_months, today

Record = dict[str, Any]


def make_reviews(world: World, authority: Record) -> None:
    """Those of the authority, as far as the file says."""
    for wanted in data.read("camera_reviews.yaml"):
        if wanted["authority"] == authority["key"]:
            system = world.systems[wanted["system"]]
            manager = world.holder_or_spoc(authority["key"], Role.SCHEME_MANAGER)
            _review_cameras(system, wanted, manager)
            _review_system(system, wanted["annual"], manager, sro=world.holder(authority["key"], Role.SRO))
            kind, period = Report.Kind.SUMMARY, annual_reviews.last_year(today())
            reports.ask_report(operator=system.operator, system=None, kind=kind, period=period, by=manager)


def _review_cameras(system: CameraSystem, wanted: Record, by: User) -> None:
    """The first camera by itself; of the others those of its ward together."""
    own = Camera.objects.filter(system=system, status__in=REVIEWABLE).for_list()
    cameras = list(own.select_related("system__operator"))
    alone, ward = wanted["by_itself"], [camera for camera in cameras[1:] if camera.ward == cameras[0].ward]
    finding = Finding(alone["outcome"], alone["reason"], alone["alternatives"], Figures(**alone["figures"]))
    camera_reviews.review_camera(camera=cameras[0], finding=finding, by=by, version=cameras[0].version)
    figures = Figures(**wanted["figures"])
    refused = camera_reviews.confirmation_problems(ward, {})
    kept = [camera for camera in ward if camera.pk not in refused]
    if kept:
        camera_reviews.confirm_many(
            cameras=kept,
            finding=Finding("keep", wanted["reason"], wanted["alternatives"]),
            figures={camera.pk: figures for camera in kept},
            versions={camera.pk: camera.version for camera in kept},
            by=by,
        )


def _review_system(system: CameraSystem, wanted: Record, by: User, *, sro: User) -> None:
    """Written, sent and authorised in one go."""
    review = annual_reviews.start_review(system=system, period=annual_reviews.last_year(today()), by=by)
    header = {
        "reviewed_on": today(),
        "responsible_post": "CCTV manager",
        "contact": wanted["contact"],
        "next_review_on": add_months(today(), 12),
        "authorising_post": system.sro_post or "Director",
    }
    annual_reviews.save_header(review=review, values=header, version=review.version, by=by)
    items = {line.key: wanted["lines"].get(line.key) or _usual(line, wanted["comment"]) for line in layout.LINES}
    annual_reviews.save_lines(review=review, items=items, version=review.version, by=by)
    annual_reviews.send_review(review=review, by=by)
    annual_reviews.authorise(
        review=review,
        by=sro,
        typed_name=sro.get_full_name(),
        post=system.sro_post or "Director",
        password_checked=True,
        read_sha256=frozen.digest(layout.text_to_authorise(review)),
    )


def _usual(line: layout.Line, comment: str) -> dict[str, str]:
    """Performance is told in words and figures, without yes or no."""
    return {"answer": "" if line.section == layout.Section.PERFORMANCE else "yes", "comment": comment}
