"""Pages of decisions and of a certificate's life: the way through the forms, who sees what, literal query counts."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Role
from certification import life_sockets
from certification.models import Application, Certificate, CertificateEvent, StepReview, SurveillanceReview
from certification.models.certificate import Standing
from certification.services import marks
from certification.services.appeals import appeal
from certification.services.decisions import decide
from certification.services.events import add_event
from certification.sockets import waiting
from core.dates import add_months, today
from tests.factories.accounts import member
from tests.factories.certification import Parties
from tests.factories.certification_life import (
    conclude,
    full_certificate,
    issued,
    other_body,
    planned,
    reviewed,
    under_review,
)

pytestmark = pytest.mark.django_db
REASON = "The signs are gone."
LIST, CERTIFICATE, MARKS, SURVEILLANCE, SURVEILLANCE_BY_AUDITOR = 6, 12, 8, 9, 12  # queries


@pytest.fixture
def parties() -> Parties:
    return Parties.make()


def at(parties: Parties, side: str, name: str, record, *args: object) -> str:
    return reverse(f"certification:{name}", args=[getattr(parties, side).slug, record.reference, *args])


# --- the decision ---


def test_an_award_shows_the_words_of_the_certificate_before_it_is_issued(client, parties):
    application = parties.recommended()
    url = at(parties, "body", "decision", application)
    client.force_login(parties.decider)
    sent = {"outcome": "award", "reasons": "The review holds.", "scope": "Fewer cameras."}
    check = client.post(url, sent)
    assert check.status_code == 200
    words = {row["key"]: row.get("value") for row in check.context["words"]}
    assert words["Scope"] == "Fewer cameras."
    assert words["Holder"] == parties.operator.full_name
    assert words["What it is not"] == parties.scheme.statement
    assert not Certificate.objects.exists()
    changed = client.post(url, {**sent, "confirmed": "on", "edit": "on"})
    assert changed.context["form"].initial["scope"] == "Fewer cameras."
    assert not Certificate.objects.exists()
    assert client.post(url, {**sent, "confirmed": "on"}).status_code == 302
    certificate = Certificate.objects.get()
    printed = {row["key"]: row.get("value") for row in check.context["words"]}
    assert printed["Scope"] == certificate.scope
    assert printed["Issued by"] == certificate.body_name
    assert client.post(url, {**sent, "confirmed": "on"}).status_code == 409


def test_an_award_that_is_stopped_is_refused_before_the_check(client, parties):
    application = parties.recommended()
    parties.scheme.bodies.all().delete()
    client.force_login(parties.decider)
    page = client.post(at(parties, "body", "decision", application), {"outcome": "award", "reasons": "x"})
    assert page.status_code == 422
    assert "may not certify" in page.content.decode()


def test_the_manager_reads_that_nobody_may_decide_about_an_appeal(client, parties):
    application = parties.recommended("decline")
    decide(application=application, outcome="decline", reasons="Signs are missing.", by=parties.decider)
    appeal(application=application, grounds="The signs were there.", by=parties.spoc)
    client.force_login(parties.manager)
    url = at(parties, "body", "application", application)
    sentence = "Nobody at your organisation may decide about it"
    page = client.get(url).content.decode()
    assert sentence in page
    assert parties.spoc.email not in page
    member(parties.body, Role.DECISION_MAKER)
    assert sentence not in client.get(url).content.decode()


def test_a_declined_applicant_appeals_and_a_third_person_decides(client, parties):
    application = parties.recommended("decline")
    decide(application=application, outcome="decline", reasons="Signs are missing.", by=parties.decider)
    client.force_login(parties.spoc)
    url = at(parties, "operator", "appeal", application)
    page = client.get(at(parties, "operator", "application", application)).content.decode()
    assert url in page
    assert client.post(url, {"grounds": ""}).status_code == 422
    assert client.post(url, {"grounds": "The signs were there."}).status_code == 302
    page = client.get(at(parties, "operator", "application", application)).content.decode()
    assert "The signs were there." in page
    decision = at(parties, "body", "decision", application)
    client.force_login(parties.decider)
    assert client.get(decision).status_code == 403
    client.force_login(member(parties.body, Role.DECISION_MAKER))
    shown = client.get(decision)
    assert "The signs were there." in shown.content.decode()
    assert [value for value, _label in shown.context["form"].fields["outcome"].choices] == ["award", "decline"]
    assert client.post(decision, {"outcome": "decline", "reasons": "They were not."}).status_code == 302
    client.force_login(parties.spoc)
    assert client.post(url, {"grounds": "Again."}).status_code == 422


# --- the certificate and its acts ---


def test_the_page_of_a_certificate_shows_its_events_and_warns_when_one_was_changed(client, parties):
    certificate = parties.awarded().certificate
    add_event(certificate, "corrected", by=parties.decider, reason="A letter in the address.")
    client.force_login(parties.spoc)
    url = at(parties, "operator", "certificate", certificate)
    page = client.get(url)
    assert [row["title"] for row in page.context["changes"]] == ["Corrected", "Issued"]
    assert page.context["chain_holds"]
    super(type(CertificateEvent.objects.all()), CertificateEvent.objects.filter(number=2)).update(reason="Another.")
    page = client.get(url)
    assert not page.context["chain_holds"]
    assert "This list of events is not whole" in page.content.decode()


def test_each_side_finds_its_own_acts(client, parties):
    certificate = full_certificate(parties)
    pages = {}
    for name, side in (("spoc", "operator"), ("manager", "body"), ("auditor", "body"), ("decider", "body")):
        client.force_login(getattr(parties, name))
        context = client.get(at(parties, side, "certificate", certificate)).context
        pages[name] = (sorted(context["holder_acts"]), [act["label"] for act in context["acts"]])
    decisions = ["Suspend the certificate", "Withdraw the certificate", "Change its scope"]
    assert pages == {
        "spoc": (["renew", "transfer"], []),
        "manager": ([], []),
        "auditor": ([], []),
        "decider": ([], decisions),
    }


def test_the_scope_is_changed_by_a_form(client, parties):
    certificate = parties.awarded().certificate
    url = at(parties, "body", "certificate_scope", certificate)
    client.force_login(parties.decider)
    systems = [system.reference for system in certificate.systems.all()]
    assert client.get(url).context["form"].initial["systems"] == systems
    assert client.post(url, {"scope": certificate.scope, "systems": systems, "reason": REASON}).status_code == 422
    assert client.post(url, {"scope": "Fewer.", "systems": systems, "reason": REASON}).status_code == 302
    assert client.post(url, {"scope": "Fewer.", "systems": systems, "reason": REASON}).status_code == 409
    assert Certificate.objects.get(predecessor=certificate).scope == "Fewer."


def test_the_holder_renews_and_asks_for_a_transfer(client, parties):
    certificate = parties.awarded().certificate
    body, decider = other_body(parties.scheme)
    client.force_login(parties.spoc)
    assert client.post(at(parties, "operator", "certificate_renew", certificate)).status_code == 302
    assert client.post(at(parties, "operator", "certificate_renew", certificate)).status_code == 422
    renewal = Application.objects.get(renews=certificate)
    assert certificate.reference in client.get(at(parties, "operator", "application", renewal)).content.decode()
    asked = client.post(
        at(parties, "operator", "certificate_transfer", certificate), {"body": body.slug, "reason": "It is nearer."}
    )
    transfer = certificate.transfers.get()
    assert asked.url == at(parties, "operator", "transfer", transfer)
    client.force_login(decider)
    here = reverse("certification:transfer", args=[body.slug, transfer.reference])
    assert client.get(here).status_code == 200
    decision = reverse("certification:transfer_decision", args=[body.slug, transfer.reference])
    assert client.post(decision, {"outcome": "take", "reasons": ""}).status_code == 422
    assert client.post(decision, {"outcome": "take", "reasons": "Reports were read."}).status_code == 302
    assert client.get(here).status_code == 200
    after = Certificate.objects.get(predecessor=certificate)
    own = reverse("certification:certificate", args=[body.slug, after.reference])
    assert client.get(own).status_code == 200
    matter = reverse("certification:application", args=[body.slug, after.application.reference])
    assert client.get(matter).status_code == 200
    client.force_login(parties.decider)
    assert client.get(at(parties, "body", "certificate", certificate)).status_code == 200
    assert client.get(at(parties, "body", "certificate", after)).status_code == 404


# --- surveillance ---


def test_a_surveillance_review_goes_from_side_to_side(client, parties):
    review = planned(parties)
    certificate, number = review.certificate, review.number

    def url(name: str, side: str) -> str:
        return at(parties, side, name, certificate, number)

    def acts(person, side: str = "body") -> list[str]:
        client.force_login(person)
        return sorted(client.get(url("surveillance", side)).context["acts"])

    assert acts(parties.spoc, "operator") == ["changes"]
    assert client.post(url("surveillance_changes", "operator"), {"changes": "None."}).status_code == 302
    assert acts(parties.manager) == ["assign"]
    sent = {"auditor": parties.auditor.reference}
    assert client.post(url("surveillance_assign", "body"), sent).status_code == 302
    assert acts(parties.auditor) == ["declare"]
    declaration = at(parties, "body", "application_declare", certificate.application)
    assert client.post(declaration, {"advised": "no", "worked": "no", "other": "no"}).status_code == 302
    assert acts(parties.auditor) == ["begin"]
    assert client.post(url("surveillance_begin", "body")).status_code == 302
    assert acts(parties.auditor) == ["desk"]
    assert client.get(at(parties, "body", "review", certificate.application)).status_code == 200
    concluded = client.post(
        at(parties, "body", "review_conclude", certificate.application),
        {"recommendation": "continue", "conclusion": "Nothing was found.", "actual_days": "1"},
    )
    assert concluded.status_code == 302
    assert acts(parties.auditor) == []
    assert acts(parties.decider) == ["decide"]
    assert "Nothing was found." in client.get(url("surveillance_decision", "body")).content.decode()
    sent = {"outcome": "continue", "reasons": "Nothing stands against it."}
    assert client.post(url("surveillance_decision", "body"), sent).status_code == 302
    assert client.post(url("surveillance_decision", "body"), sent).status_code == 409
    review.refresh_from_db()
    assert review.status == SurveillanceReview.Status.DECIDED


def test_the_holder_reads_neither_auditor_nor_conclusion(client, parties):
    review = reviewed(parties)
    StepReview.objects.filter(pk=review.review_id).update(conclusion="For the body alone.")
    url = at(parties, "operator", "surveillance", review.certificate, review.number)
    client.force_login(parties.spoc)
    page = client.get(url).content.decode()
    assert "For the body alone." not in page
    assert parties.auditor.get_full_name() not in page


def test_places_of_the_mark_are_declared_removed_and_checked(client, parties):
    review = under_review(parties)
    certificate = review.certificate
    client.force_login(parties.spoc)
    places = at(parties, "operator", "marks", certificate)
    assert client.post(places, {"kind": "website"}).status_code == 422
    for where in ("https://example.org/cctv", "Car parks"):
        assert client.post(places, {"kind": "website", "where": where}).status_code == 302
    client.force_login(parties.auditor)
    page = client.get(at(parties, "body", "surveillance", certificate, review.number))
    check = page.context["places"][0]["check_url"]
    assert client.post(check, {"result": "wrong"}).status_code == 302
    client.force_login(parties.spoc)
    removed = at(parties, "operator", "mark_removed", certificate, 1)
    day = today()
    sent = {"removed_on_day": day.day, "removed_on_month": day.month, "removed_on_year": day.year}
    assert client.post(removed, sent).status_code == 302
    assert client.post(removed, sent).status_code == 409
    rows = client.get(places).context["places"]
    assert [(row["where"], row["removed_on"]) for row in rows] == [
        ("Car parks", None),
        ("https://example.org/cctv", day),
    ]
    assert client.post(check, {"result": "ok"}).status_code == 404


# --- lists ---


@pytest.mark.parametrize("standing", list(Standing))
def test_the_list_is_filtered_by_standing_as_the_twin_says(client, parties, standing):
    application = parties.awarded()
    past = {"valid_from": add_months(today(), -24), "valid_until": add_months(today(), -12)}
    issued(application=application, **past)
    issued(application=application, next_review_on=add_months(today(), -1))
    issued(application=application, valid_from=add_months(today(), 1))
    for status in ("suspended", "withdrawn", "replaced"):
        issued(application=application, status=status)
        issued(application=application, status=status, **past)
    if standing == Standing.HISTORIC:
        parties.scheme.closed_on = today()
        parties.scheme.save()
    everything = Certificate.objects.select_related("scheme")
    expected = {certificate.reference for certificate in everything if certificate.standing() == standing}
    assert expected
    client.force_login(parties.manager)
    url = reverse("certification:certificates", args=[parties.body.slug])
    page = client.get(url, {"standing": standing.value})
    assert {row["reference"] for row in page.context["certificates"]} == expected
    assert len(client.get(url, {"standing": "nonsense"}).context["certificates"]) == everything.count()


# --- what pages cost ---


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_any_number(client, parties, rows, django_assert_num_queries):
    application = parties.awarded()
    for _ in range(rows - 1):
        issued(application=application)
    client.force_login(parties.manager)
    url = reverse("certification:certificates", args=[parties.body.slug])
    client.get(url)
    with django_assert_num_queries(LIST):
        assert len(client.get(url).context["certificates"]) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_a_certificate_costs_the_same_for_any_number_of_events_and_places(
    client, parties, rows, django_assert_num_queries
):
    certificate = full_certificate(parties)
    body, _decider = other_body(parties.scheme)
    certificate.transfers.create(body=body, reason="x", asked_by=parties.spoc)
    for number in range(rows):
        add_event(certificate, "corrected", by=parties.decider, reason="x")
        marks.add_place(certificate=certificate, kind="sign", where=f"Place {number}", by=parties.spoc)
    client.force_login(parties.spoc)
    urls = {
        CERTIFICATE: at(parties, "operator", "certificate", certificate),
        MARKS: at(parties, "operator", "marks", certificate),
    }
    client.get(urls[CERTIFICATE])
    for queries, url in urls.items():
        with django_assert_num_queries(queries):
            client.get(url)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_surveillance_review_costs_the_same_for_any_number_of_places(
    client, parties, rows, django_assert_num_queries
):
    review = under_review(parties)
    for number in range(rows):
        marks.add_place(certificate=review.certificate, kind="sign", where=f"Place {number}", by=parties.spoc)
    for person, side, queries in (
        (parties.spoc, "operator", SURVEILLANCE),
        (parties.auditor, "body", SURVEILLANCE_BY_AUDITOR),
    ):
        client.force_login(person)
        url = at(parties, side, "surveillance", review.certificate, review.number)
        client.get(url)
        with django_assert_num_queries(queries):
            client.get(url)


# --- what waits for whom ---


def waits(person) -> list[str]:
    fresh = type(person).objects.get(pk=person.pk)
    items = [*life_sockets.surveillance(fresh), *life_sockets.transfers(fresh)]
    return [str(item.label).split(":")[0] for item in items]


def test_a_surveillance_review_waits_for_nobody_until_its_day_comes_near(parties):
    review = planned(parties)
    people = (parties.spoc, parties.manager, parties.auditor, parties.decider)
    assert [waits(person) for person in people] == [[], [], [], []]
    near = today() + dt.timedelta(days=90)
    SurveillanceReview.objects.filter(pk=review.pk).update(due_on=near)
    assert [waits(person) for person in people] == [
        ["Say what has changed before a surveillance review"],
        ["Assign an auditor to a surveillance review"],
        [],
        [],
    ]


def test_it_waits_for_the_auditor_then_for_a_decision_maker(parties):
    review = under_review(parties)
    assert waits(parties.auditor) == ["Go on with a surveillance review"]
    conclude(review, parties.auditor)
    assert waits(parties.auditor) == []
    assert waits(parties.decider) == ["Decide after a surveillance review"]


def test_a_transfer_waits_for_the_receiving_body(parties):
    body, decider = other_body(parties.scheme)
    certificate = parties.awarded().certificate
    certificate.transfers.create(body=body, reason="x", asked_by=parties.spoc)
    assert waits(decider) == ["Decide about the transfer of a certificate"]
    assert waits(parties.decider) == []


def test_an_appeal_waits_for_those_without_part(parties):
    third = member(parties.body, Role.DECISION_MAKER)
    application = parties.recommended("decline")
    decide(application=application, outcome="decline", reasons="x", by=parties.decider)
    appeal(application=application, grounds="x", by=parties.spoc)

    def waiting_for(person) -> list[str]:
        return [str(item.label).split(":")[0] for item in waiting(type(person).objects.get(pk=person.pk))]

    assert waiting_for(third) == ["Decide about an appeal"]
    assert waiting_for(parties.decider) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_what_waits_costs_the_same_for_any_number(parties, django_assert_num_queries, rows):
    for _ in range(rows):
        planned(parties)
    SurveillanceReview.objects.update(due_on=today())
    person = type(parties.manager).objects.get(pk=parties.manager.pk)
    assert person.memberships_now
    with django_assert_num_queries(2):
        assert len(list(life_sockets.surveillance(person))) == rows
