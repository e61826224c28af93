"""Cameras on their way from proposal to operation, made through the services."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Role, User
from compliance.models import Camera, CameraSystem, Dpia, OperationalRequirement
from compliance.operational_requirement import PARTS
from compliance.services import camera_decisions, commissioning, proposals, requirements
from compliance.services.camera_decisions import Signature
from core.dates import today
from tests.factories.accounts import member
from tests.factories.cameras import DpiaFactory
from tests.factories.compliance import CameraFactory, CameraSystemFactory

WANTED = {
    "location": "Bus station, stand 4",
    "ward": "Central",
    "camera_type": "fixed",
    "purposes": ["public_safety"],
    "problem": "Passengers are threatened in the evening.",
    "alternatives": "Lighting was renewed in May and did not help.",
    "expected": "Half as many reports within a year.",
}
SIGNATURE = Signature("Sam Rowe", "Director of Place", password_checked=True)


@dataclass
class Way:
    """A system with the people who bring cameras through it."""

    system: CameraSystem = field(default_factory=CameraSystemFactory)
    people: dict[Role, User] = field(default_factory=dict)

    def by(self, role: Role) -> User:
        if role not in self.people:
            self.people[role] = member(self.system.operator, role)
        return self.people[role]

    def proposed(self, **values: Any) -> Camera:
        wanted = {**WANTED, **values}
        return proposals.propose(system=self.system, values=wanted, by=self.by(Role.SCHEME_MANAGER))

    def requirement(self, *cameras: Camera) -> OperationalRequirement:
        """A whole one, not yet said to be so."""
        manager = self.by(Role.SCHEME_MANAGER)
        made = requirements.start_requirement(system=self.system, cameras=cameras, title="Stands 1 to 6", by=manager)
        answers = {
            level: {
                a.key: a.choices[0][0] if a.choices else f"About {a.key}."
                for p in PARTS
                if p.level == level
                for a in p.asked
            }
            for level in (1, 2)
        }
        OperationalRequirement.objects.filter(pk=made.pk).update(level_1=answers[1], level_2=answers[2])
        made.refresh_from_db()
        return made

    def defined(self, **values: Any) -> Camera:
        camera = self.proposed(**values)
        requirements.define_requirement(requirement=self.requirement(camera), by=self.by(Role.SCHEME_MANAGER))
        camera.refresh_from_db()
        return camera

    def dpia(self, camera: Camera, status: str = Dpia.Status.DRAFT) -> Dpia:
        dpia: Dpia = DpiaFactory(operator=self.system.operator, status=status)
        dpia.cameras.add(camera)
        return dpia

    def police_say(self, camera: Camera) -> None:
        proposals.record_police_view(
            camera=camera,
            view="The police support it.",
            post="Neighbourhood inspector",
            on=today(),
            version=camera.proposal.version,
            by=self.by(Role.SCHEME_MANAGER),
        )

    def in_consultation(self, *, signed: bool = True, **values: Any) -> Camera:
        """The DPIA signed unless said otherwise; the police heard by hand; the public not asked."""
        camera = self.defined(**values)
        self.dpia(camera, Dpia.Status.SIGNED_OFF if signed else Dpia.Status.DRAFT)
        self.police_say(camera)
        proposals.send_to_consultation(camera=camera, by=self.by(Role.SPOC))
        return camera

    def decided(self, camera: Camera, *, approve: bool) -> Camera:
        camera_decisions.decide(
            camera=camera,
            approve=approve,
            reasons="It is needed there." if approve else "Lighting first.",
            public_not_asked="One camera in a closed yard." if approve else "",
            by=self.by(Role.SRO),
            signature=SIGNATURE,
        )
        camera.refresh_from_db()
        return camera

    def approved(self, **values: Any) -> Camera:
        return self.decided(self.in_consultation(**values), approve=True)

    def refused(self, **values: Any) -> Camera:
        return self.decided(self.proposed(**values), approve=False)

    def passes_its_test(self, camera: Camera) -> None:
        commissioning.record_test(
            camera=camera,
            on=today(),
            standard="iec-62676-4-2025",
            passed=True,
            recording_works=True,
            note="Faces are known again at stand 4, by day and by night.",
            by=self.by(Role.SCHEME_MANAGER),
        )

    def installed(self, **values: Any) -> Camera:
        camera = self.approved(**values)
        self.passes_its_test(camera)
        return proposals.install(camera=camera, installed_on=today(), sign_up_on=None, by=self.by(Role.SCHEME_MANAGER))

    def operational(self, sign_up_on: dt.date | None = None, **values: Any) -> Camera:
        return proposals.put_into_operation(
            camera=self.installed(**values), sign_up_on=sign_up_on or today(), by=self.by(Role.SCHEME_MANAGER)
        )

    def recommended(self, **fields: Any) -> Camera:
        """One that was in the street for long and is not needed any more."""
        camera: Camera = CameraFactory(system=self.system, **fields)
        camera_decisions.recommend_removal(camera=camera, reason="The shop is closed.", by=self.by(Role.SCHEME_MANAGER))
        return camera
