"""Quote and signed engagement: recorded by those who may, private to the two parties, once at a time."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Notification, Role
from certification.models import Application, MatterFile
from certification.services import applications, engagements
from core.dates import today
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from core.models import TrailEntry
from tests.factories.accounts import member
from tests.factories.certification import Parties
from tests.factories.compliance import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def parties() -> Parties:
    return Parties.make()


def upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("quote.pdf", PDF)


def quote(parties: Parties, application: Application, **values):
    return engagements.record_quote(
        **{
            "application": application,
            "version": 0,
            "fee": Decimal("4321.50"),
            "planned_days": Decimal("2.5"),
            "quoted_on": today(),
            "upload": None,
            "by": parties.manager,
            **values,
        }
    )


def signed(parties: Parties, application: Application, **values):
    return engagements.record_signed(
        **{
            "application": application,
            "version": 1,
            "signed_on": today(),
            "signed_for_operator": "Head of Community Safety",
            "signed_for_body": "Operations Manager",
            "upload": None,
            "organisation": parties.operator,
            "by": parties.spoc,
            **values,
        }
    )


def address(application: Application, name: str, side: str = "body", *args: object) -> str:
    return reverse(f"certification:{name}", args=[getattr(application, side).slug, application.reference, *args])


def test_a_quote_with_its_file_then_the_signed_engagement_each_told_to_the_other_side(parties):
    application = parties.submitted()
    made = quote(parties, application, upload=upload())
    assert (made.fee, made.planned_days, made.quote.purpose) == (Decimal("4321.50"), Decimal("2.5"), "quote")
    assert Notification.objects.filter(user=parties.spoc).count() == 1
    before = Notification.objects.filter(user=parties.manager).count()
    made = signed(parties, application, upload=SimpleUploadedFile("engagement.pdf", PDF))
    assert (made.version, made.document.purpose, made.document.organisation) == (2, "engagement", parties.operator)
    assert made.fee == Decimal("4321.50")
    assert Notification.objects.filter(user=parties.manager).count() == before + 1
    entries = TrailEntry.objects.filter(subject_kind="certification.Engagement")
    assert [entry.verb for entry in entries] == ["changed", "changed"]


def test_of_two_who_record_the_second_is_stale_and_leaves_no_file(parties):
    application = parties.submitted()
    quote(parties, application)
    with pytest.raises(StaleRecord):
        quote(parties, application, upload=upload(), fee=Decimal(1))
    assert not MatterFile.objects.exists()
    assert engagements.engagement_of(application).fee == Decimal("4321.50")


def test_what_does_not_fit_is_refused_whole(parties):
    application = parties.submitted()
    with pytest.raises(Incomplete) as refusal:
        quote(
            parties,
            application,
            quoted_on=today() + dt.timedelta(days=1),
            planned_days=Decimal("1.2"),
            fee=Decimal(-1),
        )
    assert len(refusal.value.problems) == 3
    with pytest.raises(Incomplete):
        signed(parties, application, version=0, signed_for_body=" ")
    with pytest.raises(RuleBroken):
        quote(parties, application, upload=SimpleUploadedFile("film.mp4", b"\0\0\0\x18ftypmp42"))
    assert engagements.engagement_of(application) is None


def test_not_before_submission_and_not_after_the_end(parties):
    with pytest.raises(IllegalMove):
        quote(parties, parties.draft())
    application = parties.submitted()
    applications.withdraw_application(application=application, reason="Closing.", by=parties.spoc)
    with pytest.raises(IllegalMove):
        quote(parties, application)


def test_the_fee_is_seen_by_the_two_parties_and_not_by_the_auditor(client, parties):
    application = parties.in_review()
    made = quote(parties, application, upload=upload())
    seen = {
        parties.spoc: "operator",
        member(parties.operator, Role.VIEWER): "operator",
        parties.manager: "body",
        member(parties.body, Role.OBSERVER): "body",
    }
    for person, side in seen.items():
        client.force_login(person)
        assert "£4,321.50" in client.get(address(application, "application", side)).content.decode()
        answer = client.get(address(application, "matter_file", side, made.quote.number))
        assert b"".join(answer.streaming_content) == PDF
    for person in (parties.auditor, parties.decider):
        client.force_login(person)
        assert "4,321" not in client.get(address(application, "application")).content.decode()
        assert client.get(address(application, "matter_file", "body", made.quote.number)).status_code == 403
        assert client.get(address(application, "matter_file_view", "body", made.quote.number)).status_code == 403
    assert "4321.50" not in application.frozen


def test_by_forms(client, parties):
    application = parties.submitted()
    client.force_login(parties.manager)
    day = {f"quoted_on_{part}": value for part, value in (("day", "1"), ("month", "11"), ("year", "2026"))}
    sent = {"version": 0, "fee": "1200", "planned_days": "1.5", **day, "file": upload()}
    url = address(application, "engagement_quote")
    assert client.post(url, {**sent, "planned_days": "1.2", "file": ""}).status_code == 422
    assert client.post(url, sent).status_code == 302
    stale = client.post(url, {**sent, "fee": "1300"})
    page = stale.content.decode()
    assert (stale.status_code, "£1,200.00" in page, 'value="1300"' in page) == (409, True, True)
    assert f"Choose your file again: {upload().name}" in page
    assert parties.manager.get_full_name() in page
    again = {**sent, "fee": "1300", "file": "", "version": stale.context["form"]["version"].value()}
    assert client.post(url, {**again, "version": 0}).status_code == 409
    assert client.post(url, again).status_code == 302
    assert client.post(url, {**sent, "file": ""}).status_code == 409
    client.force_login(parties.spoc)
    day = {f"signed_on_{part}": value for part, value in (("day", "2"), ("month", "11"), ("year", "2026"))}
    sent = {"version": 2, "signed_for_operator": "Director", "signed_for_body": "Manager", **day}
    assert client.post(address(application, "engagement_sign", "operator"), sent).status_code == 302
    page = client.get(address(application, "application", "operator")).content.decode()
    assert "£1,300.00" in page
    assert "2 November 2026" in page
