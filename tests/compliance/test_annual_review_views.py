"""The pages of annual reviews, from start to what was frozen."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from compliance import annual_review as layout
from compliance.models import AnnualReview
from compliance.sockets.reviews import annual_reviews_to_authorise
from core.dates import add_months, today
from tests.compliance.test_annual_reviews import finished, sent
from tests.compliance.test_camera_review_views import typed_date
from tests.factories.accounts import PASSWORD, member
from tests.factories.compliance import CameraSystemFactory

pytestmark = pytest.mark.django_db


def at(review: AnnualReview, name: str = "annual_review", *further: str) -> str:
    return reverse(f"compliance:{name}", args=[review.system.operator.slug, review.reference, *further])


def sign_in(client: Client, review: AnnualReview, role: Role) -> Any:
    person = member(review.system.operator, role)
    client.force_login(person)
    return person


def lines_typed(section: str, **different: str) -> dict[str, str]:
    values = {f"{line.key}-answer": "yes" for line in layout.lines_of(section)}
    return {**values, "version": "1", **different}


def test_a_review_is_written_section_by_section_and_sent(client):
    system = CameraSystemFactory()
    client.force_login(member(system.operator, Role.SPOC))
    begin = reverse("compliance:annual_review_start", args=[system.operator.slug, system.reference])
    page = client.get(begin)
    initial = page.context["form"].initial
    made = client.post(
        begin, typed_date("period_from", initial["period_from"]) | typed_date("period_until", initial["period_until"])
    )
    review = AnnualReview.objects.get()
    assert made.url == at(review)
    assert client.post(at(review, "annual_review_send")).status_code == 422
    posts = {"responsible_post": "CCTV manager", "authorising_post": "Director", "contact": "", "version": "1"}
    dates = {
        **typed_date("period_from", review.period_from),
        **typed_date("period_until", review.period_until),
        **typed_date("reviewed_on", today()),
        **typed_date("next_review_on", add_months(today(), 12)),
    }
    assert client.post(at(review, "annual_review_edit", "header"), posts | dates).status_code == 302
    for version, section in enumerate(layout.Section.values, start=2):
        edited = client.post(at(review, "annual_review_edit", section), lines_typed(section, version=str(version)))
        assert edited.status_code == 302
    assert client.get(at(review)).context["problems"] == []
    assert client.post(at(review, "annual_review_send")).status_code == 302
    review.refresh_from_db()
    assert (review.status, len(review.items)) == ("ready", len(layout.LINES))


def test_what_somebody_else_saved_is_a_conflict_and_nothing_typed_is_lost(client):
    review = finished()
    sign_in(client, review, Role.CONTRIBUTOR)
    url = at(review, "annual_review_edit", "service")
    legends = [str(legend) for legend, _fields in client.get(url).context["form"].grouped_fields()]
    assert legends == [str(line.requirement) for line in layout.lines_of("service")]
    answer = client.post(url, lines_typed("service", **{"sia-comment": "All nine.", "version": "1"}))
    assert answer.status_code == 409
    form = answer.context["form"]
    assert (form["sia-comment"].value(), form["version"].value()) == ("All nine.", str(review.version))
    review.refresh_from_db()
    assert review.items["sia"]["comment"] == "As last year."


def test_the_sro_authorises_with_the_password_and_the_frozen_text_can_be_read(client):
    review = sent()
    sro = sign_in(client, review, Role.SRO)
    url = at(review, "annual_review_authorise")
    assert [waits.url for waits in annual_reviews_to_authorise(sro)] == [url]
    sha256 = client.get(url).context["sha256"]
    signature = {"typed_name": "Sam Officer", "post": "Director", "read_sha256": sha256}
    assert client.post(url, signature | {"password": "wrong"}).status_code == 422
    assert client.post(url, signature | {"password": PASSWORD}).status_code == 302
    frozen = client.get(at(review, "annual_review_json"))
    assert layout.frozen.digest(frozen.content.decode()) == sha256
    page = client.get(at(review))
    assert (page.context["holds"], page.context["tag"]["label"]) == (True, "authorised")
    assert client.get(url).status_code == 409


def test_returned_its_comments_stand_on_the_draft(client):
    review = sent()
    sign_in(client, review, Role.SRO)
    url = at(review, "annual_review_return")
    assert client.post(url, {"comments": ""}).status_code == 422
    assert client.post(url, {"comments": "Say more about the signs."}).status_code == 302
    assert client.get(at(review)).context["returned"].note == "Say more about the signs."


def test_pages_of_annual_reviews_cost_the_same_for_any_number(client, django_assert_num_queries):
    review = finished()
    sign_in(client, review, Role.SPOC)
    listed = reverse("compliance:annual_reviews", args=[review.system.operator.slug])
    for _more in range(2):
        with django_assert_num_queries(7):
            client.get(listed)
        with django_assert_num_queries(6):
            client.get(at(review))
        with django_assert_num_queries(5):
            client.get(at(review, "annual_review_edit", "performance"))
        finished(CameraSystemFactory(operator=review.system.operator))
