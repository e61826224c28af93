"""A camera's whole life on the pages alone, without JavaScript: a list is brought in, a camera is asked for, refused,
asked for again, approved, put up, reviewed and removed, by the people whose task each step is.
"""

import io
import re
from collections.abc import Callable

import pytest

from accounts.models import Role
from compliance.models import Camera
from compliance.operational_requirement import PARTS
from core.dates import today
from tests.factories.accounts import PASSWORD, OrganisationFactory, member
from tests.factories.certification import active_system
from tests.factories.dpias import signed_dpia
from tests.journeys.walker import Walker

pytestmark = pytest.mark.django_db
LIST = b"camera_id,location,area_name,lon,lat\n1,Corn Hall,Central,-2.284777,53.464515\n2,Weir Lane,North,-2.29,53.47\n"
SIGNED = {"typed_name": "Sefton Rowe", "post": "Director of Place", "password": PASSWORD}
ASKED = {
    "location": "Bus station, stand 4",
    "purposes": ["public_safety"],
    "problem": "Passengers are threatened in the evening.",
}


@pytest.fixture
def system():
    return active_system(OrganisationFactory())


@pytest.fixture
def people(system) -> Callable[[Role], Walker]:
    known: dict[Role, Walker] = {}

    def person(role: Role) -> Walker:
        return known.setdefault(role, Walker(member(system.operator, role)))

    return person


def test_a_cameras_life(system, people):
    home = f"/workspace/{system.operator.slug}/"
    cameras = f"{home}systems/{system.reference}/cameras/"
    a_list_is_brought_in(people(Role.SCHEME_MANAGER), cameras)
    refused = a_camera_is_asked_for_and_refused(people, home)
    camera = it_is_asked_for_again(people, refused)
    it_is_approved(people, camera, cameras)
    it_is_put_up(people, camera, cameras)
    it_is_reviewed_and_removed(people, camera, home, cameras)
    states = dict(Camera.objects.order_by("pk").values_list("location", "status"))
    assert states == {
        "Corn Hall": "operational",
        "Weir Lane": "operational",
        "Bus station, stand 4": "decommissioned",
    }
    assert Camera.objects.filter(status="refused").count() == 1
    outcomes = list(camera.decisions.order_by("pk").values_list("outcome", flat=True))
    assert outcomes == ["approved", "removed"]


def a_list_is_brought_in(manager: Walker, cameras: str) -> None:
    manager.open(f"{cameras}import/")
    file = io.BytesIO(LIST)
    file.name = "cameras.csv"
    manager.press("Look at", file=file)
    manager.press("Sort the list")
    manager.press("Apply all 2 changes")
    manager.open(cameras)
    manager.sees("Corn Hall", "Weir Lane")


def a_camera_is_asked_for_and_refused(people: Callable[[Role], Walker], home: str) -> Camera:
    contributor, sro = people(Role.CONTRIBUTOR), people(Role.SRO)
    contributor.open(f"{home}proposals/")
    contributor.follow("Propose a camera")
    contributor.press("Propose it", expect=422)
    contributor.press("Propose it", system=_only_choice(contributor, "system"), **ASKED)
    contributor.sees("Proposal: Bus station, stand 4")
    camera = Camera.objects.get(status="proposed")
    sro.open(contributor.path)
    sro.follow("Decide")
    sro.press("Decide", outcome="refuse", reasons="Lighting first.", **SIGNED)
    sro.sees("Decision: refused", "Lighting first.")
    return camera


def _only_choice(person: Walker, name: str) -> str:
    form = next(form for form in person.page.forms if name in form.fields)
    return str(form.inputs[name].value_options[-1])


def it_is_asked_for_again(people: Callable[[Role], Walker], refused: Camera) -> Camera:
    manager = people(Role.SCHEME_MANAGER)
    manager.open(f"{refused.get_absolute_url()}proposal/")
    manager.sees("Lighting first.")
    manager.follow("Propose it again")
    manager.press("Propose it", alternatives="New lighting came in May and did not help.")
    camera = Camera.objects.get(status="proposed")
    assert camera.previous == refused
    manager.follow("Write the operational requirement")
    manager.press("Begin")
    manager.follow(str(PARTS[0].title))
    for part in PARTS:
        answers = {asked.key: asked.choices[3][0] if asked.choices else f"About {asked.key}." for asked in part.asked}
        manager.press("Save and go on", **answers)
    manager.sees("About export.")
    manager.press("This is the operational requirement")
    return camera


def it_is_approved(people: Callable[[Role], Walker], camera: Camera, cameras: str) -> None:
    spoc, sro = people(Role.SPOC), people(Role.SRO)
    proposal = f"{cameras}{camera.reference}/proposal/"
    spoc.open(proposal)
    spoc.sees("Begin the data protection impact assessment", "Ask the police")
    signed_dpia(camera.system, cameras=0)
    spoc.follow("record their view")
    spoc.press("Save", police_view="They support it.", police_post="Neighbourhood inspector", police_view_on=today())
    spoc.follow("Go on to consultation")
    spoc.press("Go on to consultation")
    sro.open("/workspace/")
    sro.follow("Decide on a proposed camera")
    sro.press("Decide", expect=422, outcome="approve", reasons="It is needed.", **SIGNED)
    sro.sees("The public was not asked")
    why = "One camera that looks at one stand."
    sro.press("Decide", outcome="approve", reasons="It is needed.", public_not_asked=why, **SIGNED)
    sro.sees("Decision: approved", why, "They support it.")


def it_is_put_up(people: Callable[[Role], Walker], camera: Camera, cameras: str) -> None:
    manager = people(Role.SCHEME_MANAGER)
    manager.open("/workspace/")
    manager.follow("Have an approved camera put up")
    manager.follow("Record that it is up")
    up = manager.path
    manager.press("Record that it is up", expect=422, installed_on=today())
    manager.follow("Record a commissioning test")
    manager.press(
        "Record it",
        on=today(),
        standard="iec-62676-4-2025",
        passed="yes",
        recording_works="yes",
        by_night="yes",
        note="Faces are known again at stand 4, by day and by night.",
    )
    manager.open(up)
    manager.press("Record that it is up", installed_on=today())
    manager.open(f"{cameras}{camera.reference}/operate/")
    manager.press("Put it into operation", expect=422)
    manager.press("Put it into operation", sign_up_on=today())
    camera.refresh_from_db()
    assert (camera.status, camera.justified_on) == ("operational", today())


def it_is_reviewed_and_removed(people: Callable[[Role], Walker], camera: Camera, home: str, cameras: str) -> None:
    manager, sro = people(Role.SCHEME_MANAGER), people(Role.SRO)
    manager.open(f"{cameras}{camera.reference}/")
    manager.follow("Review whether it is still needed")
    manager.press("Record the review", outcome="remove", reason="The bus station moves away.", incidents="0")
    sro.open("/workspace/")
    sro.follow("Decide about the removal of 1 camera")
    box = next(box.get("value") for box in sro.page.iter("input") if box.get("name") == "cameras")
    assert re.fullmatch(r"CM-\w+\.\d+", box)
    sro.press("Decide", cameras=box, outcome="remove", reasons="The stands are closed.", **SIGNED)
    manager.open("/workspace/")
    manager.follow("Take 1 camera down")
    manager.press("Record that they are down", cameras=camera.reference, removed_on=today(), sign_removed_on=today())
    manager.open(f"{home}proposals/removals/")
    manager.sees("No camera waits for a decision.")
