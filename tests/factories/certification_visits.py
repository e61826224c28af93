"""Applications for full certification on their way through step 2; stages are reached through the services."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from certification.models import Application, SiteVisit, StepReview
from certification.services import intake, reviews, visits
from certification.services.visit_points import stops_of
from certification.services.visit_seen import Said
from certification.visit_checklist import lines_at
from compliance.models import CameraSystem
from core.dates import LONDON, today
from tests.factories.accounts import member
from tests.factories.certification import (
    Parties,
    conclude,
    set_all_verdicts,
)
from tests.factories.compliance import CameraFactory

PLACE = "Control room, Civic Centre"


def london(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=LONDON)


class FullParties(Parties):
    """Parties whose applications aim at full certification, with five cameras in the register of each system."""

    aim = "full"
    sites = PLACE
    cameras = 5

    def system(self) -> CameraSystem:
        system = super().system()
        for number in range(1, self.cameras + 1):
            CameraFactory(
                system=system,
                operator_ref=f"{1000 + number}",
                location=f"Market Street {number}",
                camera_type="fixed",
            )
        return system

    def step1_passed(self) -> Application:
        application = self.in_review()
        set_all_verdicts(application, by=self.auditor)
        conclude(application, by=self.auditor)
        return application

    def propose(self, application: Application, day: dt.date | None = None, **more: Any) -> SiteVisit:
        day = day or today()
        return visits.propose(
            application=application,
            starts_at=more.pop("starts_at", london(day, 10)),
            ends_at=more.pop("ends_at", london(day, 16)),
            place=more.pop("place", "Civic Centre, main entrance"),
            agenda=more.pop("agenda", "Control room, then a round of cameras."),
            by=more.pop("by", self.auditor),
        )

    def proposed(self) -> SiteVisit:
        return self.propose(self.step1_passed())

    def agreed(self) -> SiteVisit:
        visit = self.proposed()
        visits.agree(visit=visit, version=visit.version, by=self.spoc)
        return visit

    def drawn(self) -> SiteVisit:
        visit = self.agreed()
        visits.draw_sample(visit=visit, version=visit.version, by=self.auditor)
        return visit

    def under_way(self) -> SiteVisit:
        visit = self.drawn()
        visits.begin(visit=visit, by=self.auditor)
        return visit

    def seen(self) -> SiteVisit:
        """Everything is written down, as it should be."""
        visit = self.under_way()
        see_all(visit, by=self.auditor)
        return visit

    def auditor_signed(self) -> SiteVisit:
        visit = self.seen()
        visits.sign_off_auditor(
            visit=visit, version=visit.version, typed_name="A. Auditor", password_checked=True, by=self.auditor
        )
        return visit

    def signed(self) -> SiteVisit:
        visit = self.auditor_signed()
        countersign(visit, by=self.spoc)
        return visit

    def step2_concluded(self) -> Application:
        visit = self.signed()
        application = visit.application
        set_all_verdicts(application, by=self.auditor)
        conclude(application, by=self.auditor)
        return application

    def sro(self) -> Any:
        return member(self.operator, Role.SRO)


def see_all(visit: SiteVisit, by: Any) -> None:
    for stop in stops_of(visit):
        said = [Said(line["key"], "yes", "", 0) for line in lines_at(visit, stop.kind)]
        visits.observe(visit=visit, said=said, by=by, sample=stop.sample, place=stop.place)


def countersign(visit: SiteVisit, by: Any, **more: Any) -> None:
    visits.sign_off_operator(
        visit=visit,
        typed_name=more.get("typed_name", "S. Poc"),
        post=more.get("post", "CCTV manager"),
        remarks=more.get("remarks", ""),
        read_sha256=more.get("read_sha256", visit.record_sha256),
        password_checked=True,
        by=by,
    )


def watched(parties: FullParties) -> StepReview:
    """An open surveillance review of the certificate that was awarded after step 2."""
    from certification.services import decisions

    application = parties.step2_concluded()
    decisions.decide(application=application, outcome="award", reasons="The review holds.", by=parties.decider)
    intake.end_finished(application)
    assignment = application.assignments.create(
        auditor=parties.auditor, assigned_by=parties.manager, declared_at=timezone.now(), has_conflict=False
    )
    return reviews.open_review(application, StepReview.Step.SURVEILLANCE, assignment, by=parties.auditor)


def address(visit: SiteVisit, name: str = "visit", *args: object, side: str = "body") -> str:
    """Of a page of the visit, on the side of the body or of the operator."""
    slug = (visit.application.body if side == "body" else visit.application.operator).slug
    return reverse(f"certification:{name}", args=[slug, visit.application.reference, visit.reference, *args])
