"""Certificates: words copied at issue, standing derived from dates, numbers without gap, decisions after issue."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import transaction

from certification.models import Application, Certificate, CertificateNumber, CertificationScheme
from certification.models.certificate import Standing
from certification.services import certificates as services
from certification.services import life
from certification.services.decisions import decide
from certification.services.numbers import Number
from certification.services.schemes import add_body
from certification.signals import certificate_changed
from compliance.models import CameraSystem
from core.dates import last_day, today
from core.errors import IllegalMove, Incomplete, RuleBroken
from core.models import Job
from tests.at_once import at_once
from tests.factories.accounts import OrganisationFactory
from tests.factories.certification import CertificateFactory, CertificationSchemeFactory, Parties, past_certificate

DAY = dt.timedelta(days=1)
START, END = dt.date(2026, 3, 1), dt.date(2027, 2, 28)
REVIEW = dt.date(2026, 9, 1)
CLOSED = dt.date(2026, 6, 1)
Status = Certificate.Status


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "day", "standing"),
    [
        ({}, START - DAY, Standing.NOT_YET),
        ({"next_review_on": START - 2 * DAY}, START - DAY, Standing.NOT_YET),
        ({"valid_until": None}, START - DAY, Standing.NOT_YET),
        ({"status": Status.SUSPENDED}, START - DAY, Standing.SUSPENDED),
        ({}, START, Standing.VALID),
        ({}, END, Standing.VALID),
        ({}, END + DAY, Standing.EXPIRED),
        ({"valid_until": None}, dt.date(2099, 1, 1), Standing.VALID),
        ({"next_review_on": REVIEW}, REVIEW, Standing.VALID),
        ({"next_review_on": REVIEW}, REVIEW + DAY, Standing.REVIEW_DUE),
        ({"next_review_on": REVIEW}, END + DAY, Standing.EXPIRED),
        ({"status": Status.SUSPENDED}, START, Standing.SUSPENDED),
        ({"status": Status.SUSPENDED}, END + DAY, Standing.SUSPENDED),
        ({"status": Status.WITHDRAWN}, END + DAY, Standing.WITHDRAWN),
        ({"status": Status.REPLACED}, START, Standing.REPLACED),
        ({"closed_on": CLOSED}, CLOSED - DAY, Standing.VALID),
        ({"closed_on": CLOSED}, CLOSED, Standing.HISTORIC),
        ({"closed_on": CLOSED, "status": Status.WITHDRAWN}, CLOSED, Standing.HISTORIC),
        ({"closed_on": CLOSED, "valid_until": None}, dt.date(2099, 1, 1), Standing.HISTORIC),
        ({"closed_on": CLOSED}, END + DAY, Standing.HISTORIC),
    ],
)
def test_standing_on_a_day_and_its_twin_in_sql(values, day, standing):
    closed_on = values.pop("closed_on", None) if "closed_on" in values else None
    values = {"valid_from": START, "valid_until": END, **values}
    certificate = CertificateFactory(application__scheme__closed_on=closed_on, **values)
    certificate.refresh_from_db()
    assert certificate.standing(day) == standing
    in_force = standing in (Standing.VALID, Standing.REVIEW_DUE)
    assert certificate.is_in_force(day) is in_force
    assert Certificate.objects.in_force(day).filter(pk=certificate.pk).exists() is in_force
    assert [each for each in Standing if Certificate.objects.of_standing(each, day).exists()] == [standing]


@pytest.mark.django_db
def test_twins_agree_on_every_day_around_the_dates():
    certificates = [
        CertificateFactory(valid_from=START, valid_until=END, status=status, next_review_on=review)
        for status in Status.values
        for review in (None, REVIEW)
    ]
    certificates.append(CertificateFactory(application__scheme__closed_on=CLOSED, valid_from=START, valid_until=END))
    for boundary in (START, END, REVIEW, CLOSED):
        for day in (boundary - DAY, boundary, boundary + DAY):
            found = set(Certificate.objects.in_force(day))
            assert found == {certificate for certificate in certificates if certificate.is_in_force(day)}


@pytest.mark.django_db
def test_a_certificate_copies_its_words_at_issue(settings):
    parties = Parties.make(
        nation="wales", name="Ynys Dawel", name_cy="Ynys Dawel CY", official_name="Ynys Dawel Council"
    )
    application = parties.awarded()
    certificate = application.certificate
    system = application.systems.get()
    assert certificate.reference == str(Number("CC", today().year, 1))
    assert (certificate.operator_name, certificate.operator_name_cy) == ("Ynys Dawel Council", "Ynys Dawel CY")
    assert certificate.body_name == parties.body.name
    assert (certificate.scheme_name, certificate.scheme_statement) == (parties.scheme.name, parties.scheme.statement)
    assert certificate.scope == application.scope
    assert certificate.found == {"met": 3}
    assert certificate.systems_listed == [
        {
            "reference": system.reference,
            "name": system.name,
            "technologies": ["CCTV"],
            "cameras": 15,
            "counted_on": today().isoformat(),
        }
    ]
    assert list(certificate.systems.all()) == [system]
    assert (certificate.issued_on, certificate.valid_from) == (today(), today())
    assert certificate.valid_until == last_day(today(), 12)
    assert certificate.next_review_on is None
    assert certificate.address == f"{settings.PORTAL_ORIGIN}/certificates/{certificate.reference}/"
    CameraSystem.objects.update(name="Renamed")
    CertificationScheme.objects.update(name="Renamed")
    OrganisationFactory._meta.model.objects.update(name="Renamed", official_name="Renamed")
    again = Certificate.objects.get()
    assert "Renamed" not in [again.operator_name, again.body_name, again.scheme_name, again.systems_listed[0]["name"]]


@pytest.mark.django_db
def test_an_english_authority_has_no_welsh_line_and_an_accreditation_is_copied():
    parties = Parties.make(name_cy="Enw")
    parties.scheme.bodies.all().delete()
    add_body(scheme=parties.scheme, body=parties.body, accreditation_number="9876", by=None)
    certificate = parties.awarded().certificate
    assert (certificate.operator_name_cy, certificate.accreditation_number) == ("", "9876")


@pytest.mark.django_db
def test_nothing_is_issued_for_an_application_that_was_not_awarded():
    parties = Parties.make()
    with pytest.raises(RuleBroken):
        services.issue_certificate(application=parties.recommended(), by=parties.decider)
    assert not CertificateNumber.objects.exists()


@pytest.mark.django_db
def test_a_number_of_a_failed_award_is_given_to_the_next():
    parties = Parties.make()
    application = parties.recommended()
    with transaction.atomic():
        decide(application=application, outcome="award", reasons="x", by=parties.decider)
        transaction.set_rollback(True)
    assert not Job.objects.filter(kind="certification.print_certificate").exists()
    parties.awarded()
    assert Certificate.objects.get().reference == str(Number("CC", today().year, 1))


@pytest.mark.django_db(transaction=True)
def test_twenty_awards_at_once_have_twenty_numbers_without_gap():
    parties = Parties.make()
    applications = [parties.recommended() for _ in range(20)]

    def award(application: Application) -> Callable[[], object]:
        return lambda: decide(application=application, outcome="award", reasons="The review holds.", by=parties.decider)

    assert at_once(*(award(application) for application in applications)) == {"done": 20}
    numbers = sorted(Certificate.objects.values_list("reference", flat=True))
    assert numbers == [str(Number("CC", today().year, counter)) for counter in range(1, 21)]
    assert Job.objects.filter(kind="certification.print_certificate").count() == 20


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_decide_the_same_application_one_decides():
    parties = Parties.make()
    application = parties.recommended()

    def award() -> Callable[[], object]:
        own = Application.objects.get(pk=application.pk)
        return lambda: decide(application=own, outcome="award", reasons="The review holds.", by=parties.decider)

    ends = at_once(*(award() for _ in range(10)))
    assert (ends["done"], ends["IllegalMove"] + ends["StaleRecord"]) == (1, 9)
    assert CertificateNumber.objects.get().last == 1


# --- after issue ---


@pytest.mark.django_db
def test_suspended_reinstated_withdrawn_each_with_a_reason_and_a_signal():
    parties = Parties.make()
    certificate = parties.awarded().certificate
    heard: list[tuple[str, str]] = []

    def hear(sender, certificate, **_kwargs) -> None:
        heard.append((certificate.reference, certificate.status))

    certificate_changed.connect(hear)
    try:
        with pytest.raises(Incomplete):
            life.suspend(certificate=certificate, reason=" ", by=parties.decider)
        life.suspend(certificate=certificate, reason="Recorders failed.", by=parties.decider)
        assert certificate.standing() == Standing.SUSPENDED
        life.reinstate(certificate=certificate, reason="Mended.", by=parties.decider)
        assert certificate.standing() == Standing.VALID
        life.withdraw_certificate(certificate=certificate, reason="Closed.", by=parties.decider)
        assert certificate.standing() == Standing.WITHDRAWN
    finally:
        certificate_changed.disconnect(hear)
    reference = certificate.reference
    assert heard == [(reference, "suspended"), (reference, "valid"), (reference, "withdrawn")]
    assert [change.note for change in certificate.changes.all()] == ["Recorders failed.", "Mended.", "Closed."]
    with pytest.raises(IllegalMove):
        life.reinstate(certificate=certificate, reason="Again", by=parties.decider)


@pytest.mark.django_db
def test_no_auditor_of_the_matter_and_no_member_of_the_holder_decides_about_a_certificate():
    parties = Parties.make()
    certificate = parties.awarded().certificate
    with pytest.raises(RuleBroken, match="must not decide"):
        life.suspend(certificate=certificate, reason="x", by=parties.auditor)
    with pytest.raises(RuleBroken, match="Impartiality"):
        life.suspend(certificate=certificate, reason="x", by=parties.spoc)
    assert certificate.status == Status.VALID


@pytest.mark.django_db
def test_a_past_certificate_and_one_of_a_closed_scheme_are_never_in_force():
    past_certificate()
    CertificateFactory(application__scheme=CertificationSchemeFactory(closed=True), valid_until=None)
    assert not Certificate.objects.in_force().exists()
