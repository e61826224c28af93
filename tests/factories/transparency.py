"""Published systems as tests need them: everything goes through the services, as in life."""

import datetime as dt
from typing import Any

from accounts.models import Organisation, Role, User
from compliance.models import CameraSystem
from compliance.models.camera import Precision
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.certification import active_system
from tests.factories.compliance import CameraFactory
from transparency.models import Publication
from transparency.services.publish import publish_system

WELSH_TEXTS = {
    "name_cy": "Canol y dref",
    "description_cy": "Camerâu yng nghanol y dref.",
    "pressing_need_cy": "Cynyddodd troseddau a gofnodwyd.",
    "retention_reason_cy": "Daw'r rhan fwyaf o geisiadau o fewn pedair wythnos.",
    "footage_how_to_cy": "Ysgrifennwch at y rheolwr.",
    "monitored_hours_cy": "24 awr, bob dydd",
}


def published(*, by: User | None = None, operator: Organisation | None = None, **fields: Any) -> Publication:
    """The first version of the page of an active system with everything that publishing asks for."""
    return publish_system(system=active_system(operator or OrganisationFactory(), **fields), by=by)


def system_of(publication: Publication) -> CameraSystem:
    return CameraSystem.objects.select_related("operator").get(reference=publication.subject_reference)


def spoc_of(system: CameraSystem) -> User:
    return member(system.operator, Role.SPOC)


def cameras_of_every_precision(system: CameraSystem) -> None:
    """One exact, one known by street, one by ward, two withheld for one reason; what must not leave says SECRET."""
    CameraFactory(system=system, operator_ref="EX1", location="Exact Lane", ward="Abbey", precision=Precision.EXACT)
    CameraFactory(system=system, operator_ref="ST1", location="Street Row", ward="Abbey", latitude="53.111111")
    CameraFactory(system=system, operator_ref="WA1", location="SECRET ward place", ward="Castle", precision="ward")
    for number in (1, 2):
        CameraFactory(
            system=system,
            operator_ref=f"SECRET{number}",
            location="SECRET refuge",
            ward="SECRET ward",
            latitude="52.222222",
            longitude="-1.333333",
            precision=Precision.WITHHELD,
            withheld_reason="Protected premises",
            withheld_post="Head of Safety",
            withheld_review_on=dt.date(2099, 1, 31),
        )
