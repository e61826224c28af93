"""Pages of one camera: its record group by group, its history, forms that keep what was typed, entering by hand."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role
from compliance.models import Camera
from compliance.services.cameras_register import change_camera
from core import trail
from core.dates import today
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.compliance import CameraFactory, CameraSystemFactory

pytestmark = pytest.mark.django_db


def sign_in(client: Client, camera: Camera, role: Role = Role.CONTRIBUTOR) -> Any:
    person = member(camera.system.operator, role)
    client.force_login(person)
    return person


def rows(page: Any) -> dict[str, Any]:
    groups = page.context["groups"]
    return {row["key"]: row.get("values", row.get("value")) for group in groups for row in group["rows"]}


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CONTRIBUTOR])
def test_the_page_shows_the_record_and_who_may_changes_it(client, django_assert_max_num_queries, role):
    hub = OrganisationFactory(name="Fenland Hub")
    camera = CameraFactory(
        operator_ref="A7",
        location="Quay",
        precision="withheld",
        withheld_reason="A refuge",
        monitored_by=hub,
        maker="Acme 9",
        installed_on=dt.date(2019, 3, 27),
        purposes=["asb"],
    )
    sign_in(client, camera, role)
    with django_assert_max_num_queries(10):  # each of the panels costs one at most
        page = client.get(camera.get_absolute_url())
    shown = rows(page)
    assert (shown["Your own number"], shown["Watched by"], shown["Installed on"]) == (
        "A7",
        "Fenland Hub",
        "27 March 2019",
    )
    assert (shown["Purposes"], shown["Reason"], shown["Maker and model (never public)"]) == (
        ["Dealing with anti-social behaviour"],
        "A refuge",
        "Acme 9",
    )
    body = page.content.decode()
    assert ("edit/place/" in body, "The justification of this camera is outstanding" in body) == (
        role == Role.CONTRIBUTOR,
        True,
    )


def test_a_review_that_is_over_says_so(client):
    camera = CameraFactory(justified_on=today(), review_due_on=dt.date(2026, 1, 5))
    sign_in(client, camera)
    page = client.get(camera.get_absolute_url())
    assert [row["value"] for row in page.context["justification"]][2] == "5 January 2026: overdue"
    assert b"justification of this camera is outstanding" not in page.content


DEGREES = {"latitude": "53.4645151", "longitude": "-2.284777"}
SENT: dict[str, dict[str, Any]] = {
    "place": {
        "operator_ref": "A8",
        "location": "Mill Lane",
        "ward": "North",
        **DEGREES,
        "is_public_space": "on",
        "reason": "Mistyped",
    },
    "kind": {"camera_type": "ptz", "mount": "pole", "direction": "270", "view_description": "The taxi rank"},
    "use": {"purposes": ["asb", "public_safety"], "purpose_note": "Fights", "records_audio": "on"},
    "public": {
        "precision": "withheld",
        "withheld_reason": "A refuge",
        "withheld_post": "Head of Safety",
        "withheld_review_on_day": "1",
        "withheld_review_on_month": "5",
        "withheld_review_on_year": str(today().year + 1),
    },
    "days": {"installed_on_day": "1", "installed_on_month": "5", "installed_on_year": "2019"},
}
STORED: dict[str, dict[str, Any]] = {
    "place": {"operator_ref": "A8", "location": "Mill Lane", "ward": "North", "is_public_space": True},
    "kind": {"camera_type": "ptz", "mount": "pole", "direction": 270},
    "use": {"purposes": ["asb", "public_safety"], "purpose_note": "Fights", "records_audio": True},
    "public": {"withheld_post": "Head of Safety", "withheld_review_on": dt.date(today().year + 1, 5, 1)},
    "days": {"installed_on": dt.date(2019, 5, 1), "sign_up_on": None},
}


@pytest.mark.parametrize("group", SENT)
def test_each_group_is_changed_on_its_own_page(client, group):
    camera = CameraFactory()
    sign_in(client, camera)
    address = f"{camera.get_absolute_url()}edit/{group}/"
    assert client.get(address).status_code == 200
    done = client.post(address, {**SENT[group], "version": "1"})
    assert (done.status_code, done.url) == (302, camera.get_absolute_url())
    camera.refresh_from_db()
    assert {name: getattr(camera, name) for name in STORED[group]} == STORED[group]


def test_a_refusal_keeps_what_was_typed(client):
    camera = CameraFactory()
    sign_in(client, camera)
    page = client.post(f"{camera.get_absolute_url()}edit/public/", {"precision": "withheld", "version": "1"})
    assert (page.status_code, "Give the reason why the place is withheld." in page.content.decode()) == (422, True)
    body = client.post(
        f"{camera.get_absolute_url()}edit/place/", {**SENT["place"], "latitude": "90", "version": "1"}
    ).content.decode()
    assert ("not in England or Wales" in body, 'value="Mill Lane"' in body, "even_far" in body) == (True, True, False)
    assert Camera.objects.get().version == 1


@pytest.mark.parametrize(
    ("group", "sent", "wrong"),
    [
        ("place", {"latitude": "90"}, ["latitude"]),
        ("place", {"reason": "", "postcode": "NR1"}, ["postcode", "reason"]),
        ("place", {"operator_ref": "A9"}, ["operator_ref"]),
        ("place", {"latitude": "50.7", "longitude": "-3.5"}, ["even_far"]),
        ("public", {"withheld_reason": "", "withheld_post": " "}, ["withheld_post", "withheld_reason"]),
        ("kind", {"camera_type": "drone"}, []),
    ],
)
def test_what_is_refused_stands_at_its_field(client, group, sent, wrong):
    camera = CameraFactory(
        location="Old Street", system__operator__latitude="53.46", system__operator__longitude="-2.28"
    )
    CameraFactory(system=camera.system, operator_ref="A9")
    sign_in(client, camera)
    address = f"{camera.get_absolute_url()}edit/{group}/"
    form = client.post(address, {**SENT[group], "version": "1", **sent}).context["form"]
    above = [] if wrong else ["__all__"]
    assert (sorted(form.errors), "even_far" in form.fields) == (wrong or above, "even_far" in wrong)


def test_a_conflict_shows_both_and_a_second_save_decides(client):
    camera = CameraFactory(location="Old Street")
    person = sign_in(client, camera)
    address = f"{camera.get_absolute_url()}edit/place/"
    change_camera(camera=camera, version=1, changes={"location": "Their Street"}, by=person, reason="Wrong")
    page = client.post(address, {**SENT["place"], "version": "1"})
    body = page.content.decode()
    assert (page.status_code, "Their Street" in body, 'value="Mill Lane"' in body) == (409, True, True)
    assert (
        client.post(address, {**SENT["place"], "version": page.context["form"]["version"].value()}).status_code == 302
    )
    assert Camera.objects.get().location == "Mill Lane"


def test_what_is_gone_does_not_change(client):
    camera = CameraFactory(status="decommissioned")
    sign_in(client, camera)
    assert client.get(f"{camera.get_absolute_url()}edit/place/").status_code == 409
    assert b"edit/place/" not in client.get(camera.get_absolute_url()).content
    assert client.get(f"{camera.get_absolute_url()}edit/nothing/").status_code == 404


@pytest.mark.parametrize("times", [1, 3])
def test_history_says_who_changed_which_field_from_what_to_what(client, django_assert_num_queries, times):
    camera = CameraFactory(ward="Ward 0", camera_type="fixed")
    person = sign_in(client, camera)
    for n in range(times):
        camera = change_camera(camera=camera, version=camera.version, changes={"ward": f"Ward {n + 1}"}, by=person)
    change_camera(camera=camera, version=camera.version, changes={"camera_type": "ptz", "purposes": ["asb"]}, by=None)
    with django_assert_num_queries(7):
        page = client.get(f"{camera.get_absolute_url()}history/")
    newest, *_others, first = page.context["rows"]
    assert [(change["field"], change["before"], change["after"]) for change in newest["changes"]] == [
        ("type", "fixed", "pan, tilt and zoom"),
        ("purposes", "", "Dealing with anti-social behaviour"),
    ]
    assert (first["actor"], first["changes"]) == (
        str(person),
        [{"field": "ward", "before": "Ward 0", "after": "Ward 1"}],
    )
    narrowed = client.get(f"{camera.get_absolute_url()}history/?group=kind")
    assert [row["changes"][0]["field"] for row in narrowed.context["rows"]] == ["type"]


def test_history_is_of_this_camera_alone(client):
    camera, other = CameraFactory(), CameraFactory()
    change_camera(camera=other, version=1, changes={"ward": "South"}, by=None)
    sign_in(client, camera)
    assert client.get(f"{camera.get_absolute_url()}history/").context["rows"] == []


class TestNew:
    def address(self, system: Any) -> str:
        return f"/workspace/{system.operator.slug}/systems/{system.reference}/cameras/new/"

    def test_a_camera_that_is_there_is_entered(self, client):
        system = CameraSystemFactory()
        client.force_login(member(system.operator, Role.CONTRIBUTOR))
        assert client.get(self.address(system)).status_code == 200
        sent = {"operator_ref": "N1", "location": "Quay", "camera_type": "dome", **DEGREES}
        done = client.post(self.address(system), sent)
        camera = Camera.objects.get()
        assert (done.url, camera.status, str(camera.latitude)) == (
            camera.get_absolute_url(),
            "operational",
            "53.464515",
        )
        again = client.post(self.address(system), sent)
        assert (again.status_code, b"N1 already" in again.content) == (422, True)

    def test_a_place_far_off_is_said_to_be_right(self, client):
        system = CameraSystemFactory(operator__latitude="50.7", operator__longitude="-3.5")
        client.force_login(member(system.operator, Role.CONTRIBUTOR))
        sent = {"operator_ref": "N1", "camera_type": "dome", **DEGREES}
        assert client.post(self.address(system), sent).status_code == 422
        assert client.post(self.address(system), {**sent, "even_far": "on"}).status_code == 302

    def test_a_closed_system_gets_none(self, client):
        system = CameraSystemFactory(status="closed")
        client.force_login(member(system.operator, Role.CONTRIBUTOR))
        assert client.get(self.address(system)).status_code == 409


def test_the_history_names_the_list_that_a_camera_came_with(client):
    camera = CameraFactory()
    trail.record("created", camera, by=sign_in(client, camera), after={"status": "operational", "import": "ab" * 32})
    body = client.get(f"{camera.get_absolute_url()}history/").content.decode()
    assert ("a list that was brought in, file abababababab…" in body, "ab" * 32 in body) == (True, False)
