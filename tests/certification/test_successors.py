"""A certificate in the place of another: its own number, every word kept but what changes, the old one replaced."""

import datetime as dt

import pytest
from django.db import transaction

from certification.models import Certificate, CertificateNumber, CertificationScheme
from certification.services import copies
from certification.services.certificates import issue_certificate, issue_successor
from certification.services.events import public_events, verify_events
from certification.services.numbers import Number
from core.dates import last_day, today
from core.errors import Incomplete, RuleBroken
from core.models import Job
from tests.factories.certification import CertificationSchemeFactory, Parties, SchemeBodyFactory

pytestmark = pytest.mark.django_db
KEPT_DATES = ("valid_from", "valid_until", "next_review_on")


def awarded() -> tuple[Parties, Certificate]:
    parties = Parties.make()
    certificate = parties.awarded().certificate
    assert certificate is not None
    start = today() - dt.timedelta(days=100)
    Certificate.objects.filter(pk=certificate.pk).update(valid_from=start, valid_until=last_day(start, 12))
    certificate.refresh_from_db()
    return parties, certificate


def test_a_reissue_keeps_every_word_and_date_and_gives_a_new_number():
    parties, old = awarded()
    CertificationScheme.objects.update(name="Renamed", statement="Renamed")  # after the issue: not a word of it
    new = issue_successor(certificate=old, origin="reissue", by=parties.decider, reason="A new name.")
    assert new.reference == str(Number("CC", today().year, 2))
    assert new.address.endswith(f"/certificates/{new.reference}/")
    assert {field: getattr(new, field) for field in (*copies.KEPT, *KEPT_DATES)} == {
        field: getattr(old, field) for field in (*copies.KEPT, *KEPT_DATES)
    }
    assert (new.origin, new.predecessor, new.application, new.issued_on) == ("reissue", old, old.application, today())
    assert list(new.systems.all()) == list(old.systems.all())
    old.refresh_from_db()
    assert (old.status, old.reference) == ("replaced", str(Number("CC", today().year, 1)))
    assert [event.kind for event in public_events(old)] == ["issued", "replaced"]
    assert [event.data for event in public_events(new)] == [{"origin": "reissue", "in_place_of": old.reference}]
    assert verify_events(old)
    assert verify_events(new)
    assert Job.objects.filter(key=f"certification.print_certificate:{new.pk}").exists()


def test_another_scheme_and_another_body_are_copied_as_they_are_today():
    parties, old = awarded()
    scheme = CertificationSchemeFactory(number_prefix="NEW", terms="One.\nTwo.", version="2")
    body = SchemeBodyFactory(scheme=scheme, accreditation_number="1234").body
    new = issue_successor(certificate=old, origin="transfer", by=parties.decider, scheme=scheme, body=body)
    assert new.reference == str(Number("NEW", today().year, 1))
    assert (new.scheme_name, new.scheme_version, new.terms) == (scheme.name, "2", "One.\nTwo.")
    assert (new.body, new.body_name, new.accreditation_number) == (body, body.name, "1234")
    assert (new.operator_name, new.found) == (old.operator_name, old.found)


def test_a_narrower_scope_leaves_out_the_welsh_of_the_wider_one():
    parties, old = awarded()
    Certificate.objects.update(scope_cy="Cwmpas ehangach")
    old.refresh_from_db()
    new = issue_successor(certificate=old, origin="scope", by=parties.decider, scope="The car parks only.")
    assert (new.scope, new.scope_cy, new.valid_until) == ("The car parks only.", "", old.valid_until)


def test_only_listed_systems_stay_and_at_least_one():
    parties, old = awarded()
    system = old.systems.get()
    with pytest.raises(RuleBroken, match="at least one"):
        issue_successor(certificate=old, origin="scope", by=parties.decider, systems=[])
    stranger = type(system)(reference="CS-NOBODY")
    with pytest.raises(RuleBroken, match="applied for"):
        issue_successor(certificate=old, origin="scope", by=parties.decider, systems=[system, stranger])
    assert CertificateNumber.objects.get().last == 1


@pytest.mark.parametrize("status", ["suspended", "withdrawn", "replaced"])
def test_nothing_follows_one_that_is_not_valid(status):
    parties, old = awarded()
    Certificate._base_manager.filter(pk=old.pk).update(status=status)
    old.refresh_from_db()
    with pytest.raises(RuleBroken):
        issue_successor(certificate=old, origin="reissue", by=parties.decider)
    assert CertificateNumber.objects.get().last == 1


def test_nothing_without_an_end_is_issued_in_the_place_of_another():
    parties, old = awarded()
    Certificate.objects.filter(pk=old.pk).update(valid_until=None)
    old.refresh_from_db()
    with pytest.raises(Incomplete, match="A certificate has a last day"):
        issue_successor(certificate=old, origin="scope", by=parties.decider, scope="The car parks only.")
    old.refresh_from_db()
    assert (old.status, CertificateNumber.objects.get().last) == ("valid", 1)


def test_a_matter_that_is_not_awarded_has_no_certificate():
    parties, old = awarded()
    with pytest.raises(RuleBroken, match="awarded"):
        issue_successor(certificate=old, origin="transfer", by=parties.decider, matter=parties.submitted())


def test_new_dates_run_from_today():
    parties, old = awarded()
    new = issue_successor(certificate=old, origin="renewal", by=parties.decider, dates="new")
    assert (new.valid_from, new.valid_until) == (today(), last_day(today(), 12))


def test_a_decision_may_narrow_the_scope_of_an_award():
    parties = Parties.make()
    application = parties.recommended()
    with transaction.atomic():
        type(application)._base_manager.filter(pk=application.pk).update(status="awarded")
        application.refresh_from_db()
        certificate = issue_certificate(application=application, by=parties.decider, scope="One street.")
    assert certificate.scope == "One street."
