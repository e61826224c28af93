"""Number plate readers of the police are theirs to publish: the portal counts them and lists none (domain 11.6)."""

import pytest

from core.dates import today
from tests.factories.accounts import PoliceForceFactory
from tests.factories.certification import active_system
from tests.factories.compliance import CameraFactory
from transparency.services.gather import for_gathering, gather

pytestmark = pytest.mark.django_db


def test_number_plate_readers_of_the_police_are_counted_and_listed_nowhere():
    force = PoliceForceFactory()
    system = active_system(force, technologies=["cctv", "anpr"])
    system.technologies.update(fixed_count=9)
    CameraFactory(system=system, operator_ref="1", location="High Street", precision="exact")
    CameraFactory(system=system, operator_ref="2", location="SECRET bridge", camera_type="anpr", precision="exact")
    CameraFactory(system=system, operator_ref="3", location="SECRET ring road", anpr_enabled=True, precision="ward")
    facts = gather(for_gathering(system.reference), on=today())["facts"]
    assert ([row["ref"] for row in facts["cameras"]["list"]], "SECRET" in str(facts)) == (["1"], False)
    assert (facts["cameras"]["listed"], facts["cameras"]["by_precision"]["exact"]) == (1, 1)
