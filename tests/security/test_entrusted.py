"""Installers, maintainers and members of hubs: one system, its upkeep, between two dates, and nothing else."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role, User
from compliance.entrusting import grant_token
from compliance.models import (
    Camera,
    CameraSystem,
    CameraSystemUserObjectPermission,
    CommissioningTest,
    Fault,
    SystemGrant,
)
from compliance.services import grants as services
from compliance.services.faults import report_fault
from core.dates import today
from core.errors import Incomplete, RuleBroken
from core.models import TrailEntry
from tests.factories.accounts import PASSWORD, UserFactory, member
from tests.factories.cameras import FaultFactory
from tests.factories.compliance import CameraFactory, CameraSystemFactory

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def system() -> CameraSystem:
    made: CameraSystem = CameraSystemFactory(status="active")
    CameraFactory(system=made)
    return made


def offered(system: CameraSystem, user: User, kind: str = "maintainer", **days: Any) -> SystemGrant:
    spoc = member(system.operator, Role.SPOC)
    return services.give_grant(system=system, kind=kind, email=user.email, company="Cables Ltd", by=spoc, **days)


def granted(system: CameraSystem, kind: str = "maintainer", **days: Any) -> User:
    """Somebody without any role who took up a grant."""
    user: User = UserFactory()
    services.accept_grant(grant=offered(system, user, kind, **days), by=user)
    return user


def pages(system: CameraSystem) -> dict[str, str]:
    """Every page behind the door of those who were granted a system, by name."""
    camera = Camera.objects.filter(system=system).first()
    told: Any = {"kind": "power", "stops_pictures": False, "description": "", "by": None}
    fault = report_fault(camera=camera, **told)
    further = {
        "camera": [camera.reference],
        "fault": [fault.reference],
        "fault_repair": [fault.reference],
        "fault_attend": [fault.reference],
        "fault_dismiss": [fault.reference],
        "fault_new": [camera.reference],
        "test_new": [camera.reference],
        "check_new": [camera.reference],
    }
    names = ("system", "cameras", "faults", "visits", "visit_new", "picture_checks", "check_round", *further)
    return {name: reverse(f"entrusted:{name}", args=[system.reference, *further.get(name, [])]) for name in names}


def answers(user: User, addresses: dict[str, str]) -> dict[str, int]:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return {name: client.get(url).status_code for name, url in addresses.items()}


@pytest.mark.parametrize(
    ("kind", "refused"),
    [("maintainer", ()), ("installer", ()), ("hub", ("visit_new", "test_new", "check_new", "check_round"))],
)
def test_each_kind_of_grant_opens_its_pages_and_no_others(system, kind, refused):
    addresses = pages(system)
    assert answers(granted(system, kind), addresses) == {name: 403 if name in refused else 200 for name in addresses}


def test_another_system_of_the_same_operator_is_as_unknown_as_none(system):
    other = CameraSystemFactory(operator=system.operator, status="active")
    CameraFactory(system=other)
    addresses = pages(other)
    assert answers(granted(system), addresses) == dict.fromkeys(addresses, 404)


def test_records_of_another_system_are_not_found_below_the_granted_one(system):
    theirs = CameraFactory(system=CameraSystemFactory(operator=system.operator))
    told: Any = {"kind": "power", "stops_pictures": False, "description": "", "by": None}
    fault = report_fault(camera=theirs, **told)
    addresses = {
        name: reverse(f"entrusted:{name}", args=[system.reference, reference])
        for name, reference in (
            ("camera", theirs.reference),
            ("fault_new", theirs.reference),
            ("fault", fault.reference),
        )
    }
    assert answers(granted(system), addresses) == dict.fromkeys(addresses, 404)


def test_a_grant_that_is_ended_over_or_to_begin_opens_nothing(system):
    addresses = pages(system)
    nothing = dict.fromkeys(addresses, 404)
    ended, over, later = granted(system), granted(system), granted(system, starts_on=today() + DAY)
    services.end_grant(grant=SystemGrant.objects.get(user=ended), by=member(system.operator, Role.SPOC))
    SystemGrant.objects.filter(user=over).update(starts_on=today() - 2 * DAY, ends_on=today() - DAY)
    assert [answers(user, addresses) for user in (ended, over, later)] == [nothing] * 3
    last_day = granted(system, ends_on=today())
    assert answers(last_day, addresses)["system"] == 200


def test_without_guardians_row_the_dates_alone_open_nothing(system):
    user = granted(system)
    CameraSystemUserObjectPermission.objects.filter(user=user).delete()
    assert answers(user, {"system": pages(system)["system"]}) == {"system": 404}


def test_ending_one_of_two_grants_leaves_what_the_other_needs(system):
    user, spoc = granted(system), member(system.operator, Role.SPOC)
    services.accept_grant(grant=offered(system, user, "installer"), by=user)
    services.end_grant(grant=SystemGrant.objects.get(kind="maintainer"), by=spoc)
    assert answers(user, {"system": pages(system)["system"]}) == {"system": 200}
    services.end_grant(grant=SystemGrant.objects.get(kind="installer"), by=spoc)
    assert CameraSystemUserObjectPermission.objects.count() == 0


def test_nothing_of_the_operator_is_seen_beside_the_upkeep_of_that_system(system):
    user, slug = granted(system), system.operator.slug
    camera = Camera.objects.get()
    operators = {
        "home": f"/workspace/{slug}/",
        "systems": f"/workspace/{slug}/systems/",
        "system": system.get_absolute_url(),
        "camera": camera.get_absolute_url(),
        "faults": f"/workspace/{slug}/systems/{system.reference}/faults/",
        "grants": f"/workspace/{slug}/systems/{system.reference}/looked-after-by/",
        "trail": f"/workspace/{slug}/trail/",
    }
    assert answers(user, operators) == dict.fromkeys(operators, 404)


def test_proposed_and_gone_cameras_are_not_shown_and_maker_and_reasons_are_not_told(system, client):
    proposed = CameraFactory(system=system, status="proposed", location="Secret corner")
    gone = CameraFactory(system=system, status="decommissioned", location="Old corner")
    Camera.objects.filter(status="operational").update(
        maker="Hikvision 2000", precision="withheld", withheld_reason="A refuge", purpose_note="Drug dealing"
    )
    client.force_login(granted(system))
    addresses = pages(system)
    text = "".join(client.get(addresses[name]).content.decode() for name in ("system", "cameras", "camera", "faults"))
    for hidden in ("Secret corner", "Old corner", "Hikvision", "A refuge", "Drug dealing"):
        assert hidden not in text
    for camera in (proposed, gone):
        url = reverse("entrusted:camera", args=[system.reference, camera.reference])
        assert client.get(url).status_code == 404


def test_a_maintainer_closes_a_fault_and_the_trail_of_the_operator_names_them(system, client):
    user = granted(system)
    camera = Camera.objects.get()
    fault = report_fault(camera=camera, kind="no_picture", stops_pictures=True, description="", by=None)
    client.force_login(user)
    url = reverse("entrusted:fault_repair", args=[system.reference, fault.reference])
    sent = {"repair": "New fuse.", "day_day": "1", "day_month": "1", "day_year": "2020", "time": "9:30"}
    refused = client.post(url, sent)
    assert (refused.status_code, "must not be before the fault was reported" in refused.content.decode()) == (422, True)
    now = {"day_day": str(today().day), "day_month": str(today().month), "day_year": str(today().year)}
    Fault.objects.update(reported_at=fault.reported_at - 2 * DAY)
    assert client.post(url, {**sent, **now, "time": "0:00"}).status_code == 302
    assert Camera.objects.get().status == "operational"
    entry = TrailEntry.objects.filter(verb="moved", subject_kind="compliance.Fault").get()
    assert (entry.actor_id, entry.organisation_id) == (user.pk, system.operator_id)


def test_a_maintainer_records_the_picture_check_of_a_camera_and_of_a_walk(system, client):
    user = granted(system)
    camera = Camera.objects.get()
    client.force_login(user)
    day = {"on_day": str(today().day), "on_month": str(today().month), "on_year": str(today().year)}
    look = {"picture": "as_commissioned", "export_works": "yes", "time_offset_seconds": "0", "sign_seen": "yes"}
    due = client.get(reverse("entrusted:picture_checks", args=[system.reference]))
    assert [row["url"] for row in due.context["rows"]] == [
        reverse("entrusted:camera", args=[system.reference, camera.reference])
    ]
    walk = reverse("entrusted:check_round", args=[system.reference])
    assert client.post(walk, {"camera": camera.reference, **day}).status_code == 422
    looks = {f"{camera.reference}-{name}": value for name, value in look.items()}
    assert client.post(walk, {"camera": camera.reference, **day, **looks}).status_code == 302
    one = reverse("entrusted:check_new", args=[system.reference, camera.reference])
    assert client.post(one, {**day, **look}).status_code == 302
    assert [check.by for check in camera.picture_checks.all()] == [user, user]
    assert {entry.organisation_id for entry in TrailEntry.objects.filter(verb="checked")} == {system.operator_id}


@pytest.mark.parametrize(
    ("kind", "waits"), [("maintainer", "2 open faults"), ("installer", "2 open faults, 1 camera to be tested")]
)
def test_what_waits_at_a_granted_system_stands_on_the_first_page(system, client, kind, waits):
    for broken in (Camera.objects.get(), CameraFactory(system=system)):
        report_fault(camera=broken, kind="power", stops_pictures=False, description="", by=None)
    CameraFactory(system=system, status="approved")
    tested = CameraFactory(system=system, status="approved")
    for passed in (True, False):
        CommissioningTest.objects.create(camera=tested, on=today(), standard="own", passed=passed)
    FaultFactory()
    client.force_login(granted(system, kind))
    page = client.get("/workspace/")
    assert [tile["waits"] for tile in page.context["entrusted"]] == [waits]
    assert [row["label"] for row in page.context["waiting"]] == [f"{waits}: {system.local_name}"]


# --- the link ---


def test_somebody_new_makes_an_account_by_the_link_once_and_finds_the_system(system, client):
    spoc = member(system.operator, Role.SPOC)
    given = {"kind": "installer", "email": " New@Cables.example ", "company": "Cables Ltd"}
    grant = services.give_grant(system=system, by=spoc, **given)
    url = reverse("taking_up:grant", args=[grant_token(grant)])
    assert client.get(url).status_code == 200
    sent = {"name": "Ina", "password": PASSWORD, "language": "en-gb"}
    assert client.post(url, sent).headers["Location"] == "/workspace/"
    user = User.objects.get(email="new@cables.example")
    assert (user.organisation_ids(), SystemGrant.objects.get().user) == (set(), user)
    home = client.get("/workspace/").content.decode()
    assert reverse("entrusted:system", args=[system.reference]) in home
    assert Client().get(url).status_code == 410
    assert mail.outbox == []  # the message is promised to a worker, never sent from a request


def test_the_link_serves_only_the_address_that_it_went_to(system, client):
    grant = offered(system, UserFactory())
    url = reverse("taking_up:grant", args=[grant_token(grant)])
    client.force_login(UserFactory())
    assert (client.get(url).status_code, client.post(url).status_code) == (403, 403)
    assert SystemGrant.objects.get().user is None
    assert "Sign in and accept" in Client().get(url).content.decode()


def test_a_withdrawn_offer_cannot_be_taken_up(system):
    user = UserFactory()
    grant = offered(system, user)
    services.end_grant(grant=grant, by=member(system.operator, Role.SPOC))
    with pytest.raises(services.GrantClosed):
        services.accept_grant(grant=grant, by=user)
    assert Client().get(reverse("taking_up:grant", args=[grant_token(grant)])).status_code == 410
    with pytest.raises(services.GrantClosed):
        services.end_grant(grant=grant, by=member(system.operator, Role.SPOC))


def test_what_cannot_be_offered_is_refused(system):
    user = UserFactory()
    offered(system, user)
    with pytest.raises(RuleBroken, match="has this grant"):
        offered(system, user)
    for wrong in ({"ends_on": today() - DAY}, {"starts_on": today() + 2 * DAY, "ends_on": today() + DAY}):
        with pytest.raises(Incomplete):
            offered(system, UserFactory(), **wrong)
    spoc = member(system.operator, Role.SPOC)
    with pytest.raises(Incomplete):
        services.give_grant(system=system, kind="hub", email="nobody", company="", by=spoc)
    assert SystemGrant.objects.count() == 1


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_of_a_granted_system_cost_the_same_for_any_number(system, number, client):
    CameraFactory.create_batch(number, system=system)
    addresses = pages(system)
    client.force_login(granted(system))
    costs = {}
    for name in ("system", "cameras", "faults", "camera"):
        with CaptureQueriesContext(connection) as found:
            client.get(addresses[name])
        costs[name] = len(found)
    assert costs == {"system": 8, "cameras": 6, "faults": 10, "camera": 10}
