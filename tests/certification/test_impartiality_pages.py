"""Pages of impartiality: assigning with everything said before, declaring item by item, the two registers of a body."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Role
from certification.models import Competence, Interest
from certification.services import competences, intake, interests
from core.dates import today
from core.errors import Incomplete, RuleBroken
from core.models import TrailEntry
from tests.factories.accounts import OrganisationFactory, UserFactory, member
from tests.factories.certification import Parties
from tests.factories.certification_impartial import CompetenceFactory, InterestFactory, competent
from tests.factories.certification_life import planned

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
NOTHING = {"advised": "no", "worked": "no", "other": "no"}


@pytest.fixture
def parties() -> Parties:
    return Parties.make()


def address(application, name: str) -> str:
    return reverse(f"certification:{name}", args=[application.body.slug, application.reference])


def of_body(parties: Parties, name: str, *args: object) -> str:
    return reverse(f"certification:{name}", args=[parties.body.slug, *args])


def day(name: str, value: dt.date) -> dict[str, int]:
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


# --- assigning ---


def test_stops_and_warnings_of_everybody_stand_before_the_choice(client, parties):
    application = parties.accepted()
    warned, stopped = (member(parties.body, Role.AUDITOR) for _ in range(2))
    for person in (parties.auditor, warned, stopped):
        competent(parties.body, person)
    InterestFactory(body=parties.body, person=warned, operator=parties.operator, kind="other", note="Hidden words")
    InterestFactory(body=parties.body, person=stopped, operator=parties.operator)
    client.force_login(parties.manager)
    page = client.get(address(application, "application_assign"))
    text = page.content.decode()
    assert page.context["stopped"] == [
        {"name": stopped.get_full_name(), "reasons": (f"Advises: {parties.operator.name}",)}
    ]
    assert f"Has another tie to: {parties.operator.name}" in text
    assert stopped.reference not in text
    assert "checked" not in text
    assert "Hidden words" not in text
    sent = {"auditor": warned.reference}
    refused = client.post(address(application, "application_assign"), sent)
    assert refused.status_code == 422
    assert "Say why this auditor is assigned despite" in refused.content.decode()
    assert client.post(address(application, "application_assign"), {"auditor": stopped.reference}).status_code == 422
    done = client.post(address(application, "application_assign"), {**sent, "reason_despite": "Nobody else is free."})
    assert done.status_code == 302
    told = client.get(address(application, "application")).content.decode()
    assert "Assigned nevertheless: Nobody else is free." in told


def test_the_reason_is_not_asked_where_nobody_has_a_warning(client, parties):
    application = parties.accepted()
    client.force_login(parties.manager)
    page = client.get(address(application, "application_assign")).content.decode()
    assert "reason_despite" not in page
    assert "has not recorded the competence of anybody yet" in page
    answer = client.post(address(application, "application_assign"), {"auditor": parties.auditor.reference})
    assert answer.status_code == 302


def test_the_applicant_reads_neither_warnings_nor_reason(client, parties):
    application = parties.accepted()
    InterestFactory(body=parties.body, person=parties.auditor, operator=parties.operator, kind="other")
    client.force_login(parties.manager)
    client.post(
        address(application, "application_assign"), {"auditor": parties.auditor.reference, "reason_despite": "Secret."}
    )
    client.force_login(parties.spoc)
    page = client.get(reverse("certification:application", args=[parties.operator.slug, application.reference]))
    assert "Secret." not in page.content.decode()
    assert "another tie" not in page.content.decode()


@pytest.mark.parametrize("auditors", [1, 3])
def test_the_page_of_an_assignment_costs_the_same_for_any_number_of_auditors(
    client, parties, django_assert_num_queries, auditors
):
    application = parties.accepted()
    for _ in range(auditors - 1):
        InterestFactory(body=parties.body, person=member(parties.body, Role.AUDITOR), operator=parties.operator)
    client.force_login(parties.manager)
    with django_assert_num_queries(10):
        client.get(address(application, "application_assign"))


def test_a_surveillance_review_is_assigned_on_the_same_page(client, parties):
    review = planned(parties)
    InterestFactory(body=parties.body, person=parties.auditor, operator=parties.operator, kind="other")
    client.force_login(parties.manager)
    url = of_body(parties, "surveillance_assign", review.certificate.reference, review.number)
    assert "Has another tie to" in client.get(url).content.decode()
    assert client.post(url, {"auditor": parties.auditor.reference}).status_code == 422
    sent = {"auditor": parties.auditor.reference, "reason_despite": "It is small."}
    assert client.post(url, sent).status_code == 302


# --- declaring ---


def test_nothing_is_ticked_in_a_declaration_and_every_item_is_asked(client, parties):
    application = parties.assigned()
    client.force_login(parties.auditor)
    page = client.get(address(application, "application_declare")).content.decode()
    assert page.count('type="radio"') == 6
    assert "checked" not in page
    assert "in the last 2 years" in page
    for item in NOTHING:
        sent = {name: value for name, value in NOTHING.items() if name != item}
        assert client.post(address(application, "application_declare"), sent).status_code == 422
    assert application.open_assignment().declared_at is None


def test_a_yes_without_its_words_is_refused_and_with_them_ends_the_assignment(client, parties):
    application = parties.assigned()
    client.force_login(parties.auditor)
    url = address(application, "application_declare")
    assert client.post(url, {**NOTHING, "advised": "yes"}).status_code == 422
    answer = client.post(url, {**NOTHING, "advised": "yes", "advised_text": "Wrote its manual, 2025."})
    assert answer.status_code == 302
    assert application.open_assignment() is None


def test_what_was_declared_is_offered_to_be_recorded_until_it_is(client, parties):
    application = parties.assigned()
    client.force_login(parties.auditor)
    sent = {**NOTHING, "advised": "yes", "advised_text": "Wrote its manual, 2025."}
    client.post(address(application, "application_declare"), sent)
    client.force_login(parties.manager)
    (offered,) = client.get(of_body(parties, "interests")).context["declared"]
    form = client.get(offered["url"]).context["form"]
    begun = {name: form[name].value() for name in ("person", "operator", "kind", "note")}
    assert begun == {
        "person": parties.auditor.reference,
        "operator": parties.operator.slug,
        "kind": "advised",
        "note": "Wrote its manual, 2025.",
    }
    assert client.post(offered["url"], {**begun, **day("ends_on", dt.date(2025, 6, 30))}).status_code == 302
    assert client.get(of_body(parties, "interests")).context["declared"] == []
    interest = Interest.objects.get()
    assert (interest.number, interest.ends_on, interest.by) == (1, dt.date(2025, 6, 30), parties.manager)
    page = client.get(address(application, "application_assign"))
    assert [person["name"] for person in page.context["stopped"]] == [parties.auditor.get_full_name()]


def test_nobody_begins_a_record_with_words_that_were_not_declared(client, parties):
    client.force_login(parties.manager)
    url = of_body(parties, "interest_add") + "?person=x&operator=y&kind=advised&declared=AP-2345678"
    assert client.get(url).context["form"]["note"].value() is None


# --- the registers ---


def test_each_person_sees_their_own_rows_and_manager_and_observer_all(client, parties):
    other = member(parties.body, Role.AUDITOR)
    for person in (parties.auditor, other):
        CompetenceFactory(body=parties.body, auditor=person, basis=f"Basis of {person.pk}")
        InterestFactory(body=parties.body, person=person, note=f"Note of {person.pk}")
    CompetenceFactory(basis="Of another body")
    InterestFactory(note="Of another body")
    sees = {
        parties.manager: {parties.auditor.pk, other.pk},
        member(parties.body, Role.OBSERVER): {parties.auditor.pk, other.pk},
        parties.auditor: {parties.auditor.pk},
        other: {other.pk},
        parties.decider: set(),
    }
    for reader, whose in sees.items():
        client.force_login(reader)
        for name, word in (("competences", "Basis"), ("interests", "Note")):
            page = client.get(of_body(parties, name)).content.decode()
            assert {pk for pk in (parties.auditor.pk, other.pk) if f"{word} of {pk}" in page} == whose
            assert "Of another body" not in page
            assert ("/add/" in page) is (reader == parties.manager)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name_and_queries", [("competences", 7), ("interests", 6)])
def test_a_register_costs_the_same_for_any_number_of_rows(
    client, parties, django_assert_num_queries, name_and_queries, rows
):
    name, queries = name_and_queries
    for _ in range(rows):
        person = member(parties.body, Role.AUDITOR)
        CompetenceFactory(body=parties.body, auditor=person)
        InterestFactory(body=parties.body, person=person)
    client.force_login(member(parties.body, Role.OBSERVER))
    with django_assert_num_queries(queries):
        page = client.get(of_body(parties, name))
    assert len(page.context["rows"]) == rows


@pytest.mark.parametrize("declared", [1, 3])
def test_what_was_declared_costs_the_same_for_any_number(client, parties, django_assert_num_queries, declared):
    for _ in range(declared):
        application = parties.assigned()
        intake.declare(application=application, interests={"other": "Shares."}, by=parties.auditor)
        application.operator = OrganisationFactory()
        application.save()
    client.force_login(parties.manager)
    with django_assert_num_queries(7):
        page = client.get(of_body(parties, "interests"))
    assert len(page.context["declared"]) == declared


def test_a_competence_is_recorded_ended_and_each_stands_in_the_trail(client, parties):
    client.force_login(parties.manager)
    sent = {
        "auditor": parties.auditor.reference,
        "technology": "anpr",
        "basis": "A course.",
        **day("starts_on", dt.date(2026, 2, 1)),
    }
    assert client.post(of_body(parties, "competence_add"), sent).status_code == 302
    again = client.post(of_body(parties, "competence_add"), sent)
    assert again.status_code == 422
    assert "holds in that time already" in again.content.decode()
    url = of_body(parties, "competence_end", parties.auditor.reference, "anpr", "2026-02-01")
    assert client.post(url, day("ends_on", dt.date(2026, 1, 31))).status_code == 422
    assert client.post(url, day("ends_on", dt.date(2026, 6, 30))).status_code == 302
    assert Competence.objects.get().ends_on == dt.date(2026, 6, 30)
    verbs = TrailEntry.objects.filter(subject_kind__icontains="competence").order_by("pk")
    assert [entry.verb for entry in verbs] == ["recorded", "ended"]
    assert "A course." not in str([entry.after for entry in verbs])


def test_competence_is_for_auditors_of_the_body_and_rests_on_something(parties):
    fields = {"body": parties.body, "technology": "cctv", "starts_on": today(), "ends_on": None, "by": parties.manager}
    for person in (parties.decider, UserFactory()):
        with pytest.raises(RuleBroken, match="for auditors of your organisation"):
            competences.record_competence(auditor=person, basis="A course.", **fields)
    with pytest.raises(Incomplete):
        competences.record_competence(auditor=parties.auditor, basis=" ", **fields)
    with pytest.raises(RuleBroken, match="Choose a technology"):
        competences.record_competence(auditor=parties.auditor, basis="x", **{**fields, "technology": "radar"})


def test_what_ends_within_90_days_is_shown_unless_a_later_one_is_recorded(client, parties):
    soon = today() + dt.timedelta(days=90)
    CompetenceFactory(body=parties.body, auditor=parties.auditor, ends_on=soon)
    renewed = CompetenceFactory(body=parties.body, auditor=parties.auditor, technology="anpr", ends_on=soon)
    CompetenceFactory(
        body=parties.body, auditor=parties.auditor, technology="anpr", starts_on=renewed.ends_on + DAY, ends_on=None
    )
    CompetenceFactory(body=parties.body, auditor=parties.auditor, technology="bwv", ends_on=soon + DAY)
    client.force_login(parties.manager)
    page = client.get(of_body(parties, "competences"))
    assert page.context["expiring"] == 1
    labels = [(row["technology"], row["tag"]["label"]) for row in page.context["rows"]]
    assert labels == [
        ("Automatic number plate recognition (ANPR)", "Not yet"),
        ("Automatic number plate recognition (ANPR)", "Ends soon"),
        ("Body-worn video", "Holds"),
        ("CCTV", "Ends soon"),
    ]


def test_an_interest_is_recorded_for_people_of_the_body_in_operators(parties):
    fields = {"body": parties.body, "kind": "other", "starts_on": None, "ends_on": None, "by": parties.manager}
    with pytest.raises(RuleBroken, match="people of your organisation"):
        interests.record_interest(person=UserFactory(), operator=parties.operator, note="x", **fields)
    with pytest.raises(RuleBroken, match="operators of cameras"):
        interests.record_interest(person=parties.auditor, operator=parties.body, note="x", **fields)
    with pytest.raises(Incomplete):
        interests.record_interest(person=parties.auditor, operator=parties.operator, note="", **fields)
    dates = {"starts_on": today(), "ends_on": today() - DAY}
    with pytest.raises(RuleBroken, match="must not be before"):
        interests.record_interest(person=parties.auditor, operator=parties.operator, note="x", **{**fields, **dates})
    assert not Interest.objects.exists()


def test_interests_are_numbered_in_each_body_and_changed_by_number(client, parties):
    InterestFactory()
    for _ in range(2):
        interests.record_interest(
            body=parties.body,
            person=parties.decider,
            operator=OrganisationFactory(),
            kind="other",
            note="Shares.",
            starts_on=None,
            ends_on=None,
            by=parties.manager,
        )
    assert list(Interest.objects.filter(body=parties.body).values_list("number", flat=True)) == [1, 2]
    client.force_login(parties.manager)
    url = of_body(parties, "interest_change", 2)
    assert client.post(url, {"note": "Sold.", **day("ends_on", today())}).status_code == 302
    assert Interest.objects.get(body=parties.body, number=2).note == "Sold."
    assert Interest.objects.get(body=parties.body, number=1).note == "Shares."
    assert client.get(of_body(parties, "interest_change", 3)).status_code == 404
