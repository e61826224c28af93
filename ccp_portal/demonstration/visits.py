"""A site visit of the demonstration: agreed, held and signed off by both sides, with one thing amiss."""

import datetime as dt
from typing import Any

from accounts.models import Role, User
from ccp_portal.demonstration.people import World
from certification.models import Application, SiteVisit
from certification.services import visits
from certification.services.visit_points import stops_of
from certification.services.visit_seen import Said
from certification.visit_checklist import lines_at
from core.dates import LONDON, today

Record = dict[str, Any]


def hold_visit(world: World, authority: Record, application: Application, auditor: User) -> None:
    """Both sides of a visit today. What the data names is not as it should be at the first camera of the sample."""
    wanted: Record = authority["visit"]
    spoc = world.holder(authority["key"], Role.SPOC)
    day = today()
    visit = visits.propose(
        application=application,
        starts_at=dt.datetime.combine(day, dt.time(9, 30), tzinfo=LONDON),
        ends_at=dt.datetime.combine(day, dt.time(16, 0), tzinfo=LONDON),
        place=wanted["place"],
        agenda=wanted["agenda"],
        by=auditor,
    )
    visits.agree(visit=visit, version=visit.version, by=spoc)
    visits.draw_sample(visit=visit, version=visit.version, by=auditor)
    visits.begin(visit=visit, by=auditor)
    _see(visit, wanted["amiss"], auditor)
    visits.sign_off_auditor(
        visit=visit,
        version=visit.version,
        typed_name=auditor.get_full_name(),
        password_checked=True,
        by=auditor,
    )
    visits.sign_off_operator(
        visit=visit,
        typed_name=spoc.get_full_name(),
        post=wanted["post"],
        remarks=wanted["remarks"],
        read_sha256=visit.record_sha256,
        password_checked=True,
        by=spoc,
    )


def _see(visit: SiteVisit, amiss: Record, auditor: User) -> None:
    for place, stop in enumerate(stops_of(visit)):
        notes = amiss if place == 0 else {}
        said = [
            Said(line["key"], "no" if line["key"] in notes else "yes", notes.get(line["key"], ""), 0)
            for line in lines_at(visit, stop.kind)
        ]
        visits.observe(visit=visit, said=said, by=auditor, sample=stop.sample, place=stop.place)
