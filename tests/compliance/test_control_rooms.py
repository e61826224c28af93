"""Control rooms: kept by their own people, chosen by the operator of a system, and their card on paper."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import Role
from compliance.models import ControlRoom, RoomService
from compliance.services import control_rooms as services
from compliance.services import room_printing
from core.dates import today
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from core.jobs import Job
from tests.factories.accounts import (
    CertificationBodyFactory,
    OrganisationFactory,
    PoliceForceFactory,
    UserFactory,
    member,
)
from tests.factories.cameras import ControlRoomFactory
from tests.factories.compliance import CameraFactory, CameraSystemFactory

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def test_a_room_is_added_and_changed_by_its_version():
    by = UserFactory()
    room = services.add_room(organisation=OrganisationFactory(), values={"name": " Guildhall "}, by=by)
    assert (room.name, room.version) == ("Guildhall", 1)
    changed = services.change_room(room=room, version=1, changes={"phone_24h": "01632 960123"}, by=by)
    assert (changed.phone_24h, changed.version) == ("01632 960123", 2)
    with pytest.raises(StaleRecord):
        services.change_room(room=room, version=1, changes={"name": "Town hall"}, by=by)
    with pytest.raises(Incomplete):
        services.change_room(room=room, version=2, changes={"name": " "}, by=by)
    with pytest.raises(RuleBroken):
        services.add_room(organisation=CertificationBodyFactory(), values={"name": "Desk"}, by=by)
    assert ControlRoom.objects.get().name == "Guildhall"


def test_one_room_at_a_time_watches_a_system_and_the_days_follow_each_other():
    system, by = CameraSystemFactory(), UserFactory()
    one, other = ControlRoomFactory(), ControlRoomFactory()
    begun = today() - 30 * DAY
    services.choose_room(system=system, room=one, starts_on=begun, by=by)
    with pytest.raises(Incomplete, match="before the present control room began"):
        services.choose_room(system=system, room=other, starts_on=begun - DAY, by=by)
    with pytest.raises(Incomplete, match="today or earlier"):
        services.choose_room(system=system, room=other, starts_on=today() + DAY, by=by)
    services.choose_room(system=system, room=other, starts_on=today(), by=by)
    rows = RoomService.objects.order_by("starts_on").values_list("room", "starts_on", "ends_on")
    assert list(rows) == [(one.pk, begun, today() - DAY), (other.pk, today(), None)]
    assert [service.room for service in RoomService.objects.current()] == [other]
    services.choose_room(system=system, room=None, starts_on=today(), by=by)
    assert list(RoomService.objects.current()) == []


def test_nobody_watches_a_closed_system():
    with pytest.raises(IllegalMove):
        services.choose_room(
            system=CameraSystemFactory(status="closed"), room=ControlRoomFactory(), starts_on=today(), by=UserFactory()
        )


def watched_room() -> ControlRoom:
    system = CameraSystemFactory(status="active", monitored_hours="24 hours")
    CameraFactory.create_batch(2, system=system)
    CameraFactory(system=system, status="proposed")
    room: ControlRoom = ControlRoomFactory(how_to_ask="Send form 12.")
    services.choose_room(system=system, room=room, starts_on=today(), by=UserFactory())
    return room


def test_a_card_is_read_by_those_who_may_find_its_cameras_and_by_nobody_else(client):
    room = watched_room()
    operator = RoomService.objects.get().system.operator
    force, stranger = PoliceForceFactory(), PoliceForceFactory()
    operator.police_forces.add(force)
    statuses = {}
    for name, organisation in (("room", room.organisation), ("operator", operator), ("force", force), ("no", stranger)):
        client.force_login(member(organisation, Role.VIEWER))
        statuses[name] = client.get(
            reverse("compliance:room_card", args=[organisation.slug, room.reference])
        ).status_code
    assert statuses == {"room": 200, "operator": 200, "force": 200, "no": 404}


def test_a_room_is_changed_by_its_own_people_alone(client):
    room = watched_room()
    operator = RoomService.objects.get().system.operator
    client.force_login(member(operator, Role.SPOC))
    assert client.get(reverse("compliance:room_edit", args=[operator.slug, room.reference])).status_code == 404


def test_a_room_that_was_overtaken_keeps_what_was_typed_and_can_be_saved_again(client):
    room = ControlRoomFactory(name="Guildhall")
    client.force_login(member(room.organisation, Role.SPOC))
    url = reverse("compliance:room_edit", args=[room.organisation.slug, room.reference])
    sent = {name: getattr(room, name) for name in services.FACTS} | {"name": "Town hall", "version": room.version}
    services.change_room(room=room, version=room.version, changes={"name": "City hall"}, by=UserFactory())
    page = client.post(url, sent)
    assert (page.status_code, page.context["stored"][0]["value"]) == (409, "City hall")
    again = {**sent, "version": page.context["form"]["version"].value()}
    assert client.post(url, again).status_code == 302
    assert ControlRoom.objects.get().name == "Town hall"


def test_the_card_is_printed_once_by_a_worker_and_again_when_it_says_something_else(client):
    room = watched_room()
    client.force_login(member(room.organisation, Role.VIEWER))
    url = reverse("compliance:room_card", args=[room.organisation.slug, room.reference])
    pdf = reverse("compliance:room_card_pdf", args=[room.organisation.slug, room.reference])
    assert (client.post(url).status_code, client.post(url).status_code, client.get(pdf).status_code) == (302, 302, 404)
    assert Job.objects.filter(kind=room_printing.PRINT_CARD).count() == 1
    room_printing.print_card(room.pk)
    answer = client.get(pdf)
    reader = PdfReader(io.BytesIO(b"".join(answer.streaming_content)))
    text = " ".join(page.extract_text() for page in reader.pages)
    for wanted in ("Guildhall control room", "01632 960001", "Send form 12.", "2 cameras", "31 days", "24 hours"):
        assert wanted in " ".join(text.split())
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    services.change_room(room=room, version=1, changes={"phone_24h": "01632 960999"}, by=UserFactory())
    assert client.get(pdf).status_code == 404
