"""Events of certificates: append-only, linked by hashes, and every tampering shows."""

import importlib
from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import models

from certification.models import Certificate, CertificateEvent
from certification.models.life import AppendOnly
from certification.services.events import GENESIS, add_event, public_events, verify_events
from compliance.frozen import canonical, digest
from tests.at_once import at_once
from tests.factories.accounts import UserFactory
from tests.factories.certification import CertificateFactory

Kind = CertificateEvent.Kind


def with_events(**fields) -> Certificate:
    certificate = CertificateFactory(**fields)
    add_event(certificate, Kind.ISSUED, by=UserFactory(), data={"origin": "award"})
    add_event(certificate, Kind.CONTINUED, by=None, reason="The review found nothing.", data={"until": "2027-11-22"})
    return certificate


def tamper(certificate: Certificate, number: int, **values) -> None:
    """Past the model, as somebody with the database would."""
    models.QuerySet(CertificateEvent).filter(certificate=certificate, number=number).update(**values)


@pytest.mark.django_db
def test_each_event_names_the_hash_of_the_one_before():
    certificate = with_events()
    first, second = certificate.events.all()
    assert (first.number, first.previous, second.number, second.previous) == (1, GENESIS, 2, first.sha256)
    assert second.sha256 == digest(
        canonical(
            {
                "certificate": certificate.reference,
                "number": 2,
                "kind": "continued",
                "at": second.at.isoformat(timespec="microseconds"),
                "reason": "The review found nothing.",
                "data": {"until": "2027-11-22"},
                "previous": first.sha256,
            }
        )
    )
    assert verify_events(certificate)


@pytest.mark.django_db
def test_an_event_is_neither_changed_nor_deleted():
    event = with_events().events.first()
    event.reason = "Another"
    for act in (
        event.save,
        event.delete,
        lambda: CertificateEvent.objects.update(reason="Another"),
        lambda: CertificateEvent.objects.all().delete(),
    ):
        with pytest.raises(AppendOnly):
            act()
    assert CertificateEvent.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values", [{"reason": "x"}, {"kind": "corrected"}, {"data": {}}, {"previous": "f" * 64}, {"sha256": "f" * 64}]
)
def test_a_changed_event_shows(values):
    certificate = with_events()
    tamper(certificate, 2, **values)
    assert not verify_events(certificate)


@pytest.mark.django_db
def test_missing_moved_and_forged_events_show():
    assert not verify_events(CertificateFactory()), "a certificate without any event was issued by nobody"
    certificate = with_events()
    models.QuerySet(CertificateEvent).filter(certificate=certificate, number=1).delete()
    assert not verify_events(certificate)
    suspended = with_events(status=Certificate.Status.SUSPENDED)
    assert not verify_events(suspended), "its status says what no event says"
    add_event(suspended, Kind.SUSPENDED, by=None)
    assert verify_events(suspended)
    models.QuerySet(CertificateEvent).filter(certificate=suspended, number=3).delete()
    assert not verify_events(suspended)


@pytest.mark.django_db
def test_what_is_public_of_an_event_names_nobody(django_assert_num_queries):
    certificate = with_events()
    with django_assert_num_queries(1):
        told = public_events(certificate)
    assert [(event.number, event.label) for event in told] == [
        (1, "issued"),
        (2, "continued after a surveillance review"),
    ]
    assert not hasattr(told[0], "by")


@pytest.mark.django_db(transaction=True)
def test_ten_events_at_once_make_one_chain():
    certificate = with_events()

    def act() -> Callable[[], object]:
        own = Certificate.objects.get(pk=certificate.pk)
        return lambda: add_event(own, Kind.CORRECTED, by=None)

    assert at_once(*(act() for _ in range(10))) == {"done": 10}
    assert certificate.events.count() == 12
    assert verify_events(certificate)


@pytest.mark.django_db
def test_certificates_from_before_get_their_events_from_their_history():
    certificate, by = CertificateFactory(), UserFactory()
    certificate.move_to("suspended", by=by, note="Recorders failed.")
    certificate.move_to("valid", by=by, note="Mended.")
    migration = importlib.import_module("certification.migrations.0004_first_events")
    migration.add_first_events(apps, None)
    migration.add_first_events(apps, None)
    assert [event.kind for event in certificate.events.all()] == ["issued", "suspended", "reinstated"]
    assert verify_events(certificate)
