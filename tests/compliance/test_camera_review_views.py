"""The queue of reviews, the review of one camera, and the table of a ward."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from compliance.models import Camera, CameraReview, PictureCheck
from compliance.sockets.reviews import cameras_to_review
from core.dates import add_months, today
from tests.factories.accounts import member
from tests.factories.cameras import FaultFactory
from tests.factories.compliance import CameraFactory, CameraSystemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def system() -> Any:
    return CameraSystemFactory()


@pytest.fixture
def manager(client: Client, system: Any) -> Any:
    person = member(system.operator, Role.SCHEME_MANAGER)
    client.force_login(person)
    return person


def due(camera: Camera, days: int) -> Camera:
    """The camera, kept at a review whose next is due in so many days."""
    day = today() + dt.timedelta(days=days)
    last = add_months(day, -12)
    Camera.objects.filter(pk=camera.pk).update(review_due_on=day, reviewed_on=last, justified_on=last)
    camera.refresh_from_db()
    return camera


def names(response: Any) -> list[str]:
    return [row["name"] for row in response.context["rows"]]


def typed_date(name: str, day: dt.date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def typed(**different: str) -> dict[str, str]:
    values = {
        **typed_date("on", today()),
        **typed_date("period_from", add_months(today(), -12)),
        **typed_date("period_until", today()),
        **typed_date("next_due_on", add_months(today(), 12)),
        "outcome": "keep",
        "reason": "Robberies at the stands.",
        "alternatives": "Lights were put up.",
        "version": "1",
    }
    return {**values, **different}


# --- the queue ---


def test_the_queue_lists_what_is_due_never_reviewed_first(client, system, manager):
    url = reverse("compliance:reviews", args=[system.operator.slug])
    due(CameraFactory(system=system, operator_ref="soon"), 30)
    due(CameraFactory(system=system, operator_ref="late"), -1)
    due(CameraFactory(system=system, operator_ref="fine"), 31)
    CameraFactory(system=system, operator_ref="new")
    CameraFactory(system=system, operator_ref="gone", status="decommissioned")
    CameraFactory(system=CameraSystemFactory(operator=system.operator, status="closed"), operator_ref="closed")
    CameraFactory(operator_ref="of a stranger")
    assert names(client.get(url)) == ["new", "late", "soon"]
    assert names(client.get(url, {"show": "overdue"})) == ["late"]
    assert names(client.get(url, {"show": "justification"})) == ["new"]
    assert names(client.get(url, {"show": "all", "ward": "Central"})) == ["new", "late", "soon", "fine"]
    [waits] = cameras_to_review(manager)
    assert (str(waits.label), waits.url) == ("Review 3 cameras: are they still needed?", url)


def test_a_picture_that_was_not_checked_for_a_year_is_found(client, system, manager):
    for name, day in (("old", add_months(today(), -12)), ("fresh", today())):
        camera = CameraFactory(system=system, operator_ref=name)
        PictureCheck.objects.create(
            camera=camera, on=day, export_works=True, time_offset_seconds=0, picture="as_commissioned"
        )
    url = reverse("compliance:reviews", args=[system.operator.slug])
    assert names(client.get(url, {"show": "picture"})) == ["old"]


@pytest.mark.parametrize("number", [1, 3])
def test_the_queue_costs_the_same_for_any_number(client, system, manager, django_assert_num_queries, number):
    CameraFactory.create_batch(number, system=system)
    with django_assert_num_queries(9):
        client.get(reverse("compliance:reviews", args=[system.operator.slug]))
    with django_assert_num_queries(6):
        client.get(reverse("compliance:reviews_wards", args=[system.operator.slug]))


def test_wards_count_what_is_due(client, system, manager):
    CameraFactory.create_batch(2, system=system, ward="North")
    due(CameraFactory(system=system, ward="North"), -5)
    due(CameraFactory(system=system, ward="South"), 200)
    CameraFactory(system=system, ward="")
    rows = client.get(reverse("compliance:reviews_wards", args=[system.operator.slug])).context["rows"]
    assert [(row["ward"], row["number"], row["due"], row["overdue"]) for row in rows] == [
        ("North", 3, 3, 1),
        ("No ward", 1, 1, 0),
        ("South", 1, 0, 0),
    ]


# --- one camera ---


def address(camera: Camera) -> str:
    system = camera.system
    return reverse("compliance:camera_review", args=[system.operator.slug, system.reference, camera.reference])


def test_a_camera_is_reviewed_with_last_years_figures_beside(client, system, manager):
    camera = CameraFactory(system=system)
    client.post(address(camera), typed(incidents="7", complaints="0"))
    page = client.get(address(camera))
    assert "7 in the last review." in str(page.context["form"]["incidents"].help_text)
    assert "Not recorded in the last review." in str(page.context["form"]["requests"].help_text)
    assert page.context["form"].initial["period_from"] == today()  # not before the period of the last one ended
    answer = client.post(
        address(camera),
        typed(
            incidents="3",
            requests="1",
            version="2",
            picture="as_commissioned",
            time_offset_seconds="-3",
            export_works="on",
            **typed_date("check_on", today()),
            **typed_date("period_from", today()),
        ),
    )
    assert (answer.status_code, answer.url) == (302, camera.get_absolute_url())
    newest = camera.reviews.first()
    assert (newest.incidents, newest.requests, newest.complaints) == (3, 1, None)
    assert (newest.picture_check.time_offset_seconds, newest.picture_check.by) == (-3, manager)
    shown = client.get(camera.get_absolute_url())
    [own] = [part for part in shown.context["parts"] if part["template"] == "compliance/_camera_reviews.html"]
    assert [row["incidents"] for row in own["part"]["rows"]] == [3, 7]


def test_what_is_missing_is_said_and_what_was_typed_stays(client, system, manager):
    camera = CameraFactory(system=system)
    answer = client.post(address(camera), typed(alternatives="", reason="Much was seen.", picture="worse_usable"))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"check_on", "time_offset_seconds"}
    answer = client.post(address(camera), typed(alternatives="", reason="Much was seen."))
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == ["Say which alternatives to the camera you considered."]
    assert answer.context["form"]["reason"].value() == "Much was seen."
    assert not CameraReview.objects.exists()


def test_a_camera_that_changed_meanwhile_is_a_conflict_and_nothing_typed_is_lost(client, system, manager):
    camera = CameraFactory(system=system)
    Camera.objects.filter(pk=camera.pk).update(version=4)
    answer = client.post(address(camera), typed())
    assert (answer.status_code, CameraReview.objects.exists()) == (409, False)
    form = answer.context["form"]
    assert (form["reason"].value(), form["version"].value()) == ("Robberies at the stands.", "4")


def test_a_camera_to_be_removed_waits_for_the_sro_and_is_not_reviewed(client, system, manager):
    camera = CameraFactory(system=system, status="remove_recommended")
    assert client.get(address(camera)).status_code == 409


# --- many ---


def together(system: Any, ward: str = "Central") -> str:
    url = reverse("compliance:reviews_confirm", args=[system.operator.slug, system.reference])
    return f"{url}?ward={ward}"


def test_a_ward_is_confirmed_after_a_look_at_what_would_be_recorded(client, system, manager):
    first, second = (CameraFactory(system=system, operator_ref=name) for name in ("1", "2"))
    CameraFactory(system=system, ward="North")
    page = client.get(together(system))
    assert [(row["name"], row["ticked"]) for row in page.context["rows"]] == [("1", False), ("2", False)]
    sent = typed(keep=f"{first.reference}:1") | {
        f"incidents-{first.reference}": "4",
        f"complaints-{first.reference}": "0",
    }
    looked = client.post(together(system), sent)
    assert (looked.status_code, CameraReview.objects.exists()) == (200, False)
    assert [row["name"] for row in looked.context["rows"]] == ["1"]
    payload = looked.context["payload"]
    again = client.post(together(system), {"step": "change", "payload": payload})
    assert [(row["ticked"], row["cells"][0]["value"]) for row in again.context["rows"]] == [(True, "4"), (False, "")]
    assert again.context["form"]["reason"].value() == "Robberies at the stands."
    done = client.post(together(system), {"step": "confirm", "payload": payload})
    assert done.status_code == 302
    made = CameraReview.objects.get()
    assert (made.camera, made.incidents, made.requests, made.complaints) == (first, 4, None, 0)
    twice = client.post(together(system), {"step": "confirm", "payload": payload})
    assert (twice.status_code, CameraReview.objects.count()) == (409, 1)
    assert second.reviews.count() == 0


def test_a_table_with_mistakes_comes_back_as_it_was(client, system, manager):
    broken, fine = (CameraFactory(system=system, operator_ref=name) for name in ("1", "2"))
    sent = typed(reason="") | {
        "keep": [f"{broken.reference}:1", f"{fine.reference}:1"],
        f"incidents-{fine.reference}": "many",
        f"complaints-{broken.reference}": "1",
    }
    FaultFactory(camera=broken)
    answer = client.post(together(system), sent)
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == [
        "Enter whole numbers, or nothing where nothing is recorded: 2",
        "1 has an open fault. Untick it, and review it by itself.",
    ]
    assert [row["cells"][0]["value"] for row in answer.context["rows"]] == ["", "many"]
    assert "reason" in answer.context["form"].errors
    assert client.post(together(system), typed()).context["form"].non_field_errors() == ["Tick at least one camera."]


def test_a_forged_payload_records_nothing(client, system, manager):
    CameraFactory(system=system)
    answer = client.post(together(system), {"step": "confirm", "payload": "forged"})
    assert (answer.status_code, CameraReview.objects.exists()) == (422, False)


def test_three_hundred_cameras_of_a_ward_are_confirmed_at_once(client, system, manager, django_assert_max_num_queries):
    Camera.objects.bulk_create(CameraFactory.build_batch(300, system=system))
    with django_assert_max_num_queries(10):
        page = client.get(together(system) + "&tick=1")
    rows = page.context["rows"]
    assert len(rows) == 300
    sent: dict[str, Any] = typed(keep="") | {"keep": [row["keep"] for row in rows if row["ticked"]]}
    for row in rows:
        sent |= {cell["name"]: "0" for cell in row["cells"]}
    looked = client.post(together(system), sent)
    client.post(together(system), {"step": "confirm", "payload": looked.context["payload"]})
    assert CameraReview.objects.filter(complaints=0).count() == 300
