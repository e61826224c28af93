"""Ready rows for the pages of a certificate's life. No queries: everything is loaded by the scope `for_life`."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from certification import stages
from certification.models import Certificate, CertificateEvent, MarkPlace, SurveillanceReview, Transfer
from certification.services.renewals import open_renewal
from certification.views import rows
from certification.views.finding import list_trail
from core.dates import today

Status = Certificate.Status


def address(org: Organisation, certificate: Certificate, name: str, *args: object) -> str:
    """The address of one of its pages, on this party's side."""
    return reverse(f"certification:{name}", args=[org.slug, certificate.reference, *args])


def certificate_url(org: Organisation, certificate: Certificate) -> str:
    """Its page on this party's side, or the public one where the party has none (after a transfer)."""
    if org.pk not in (certificate.operator_id, certificate.body_id):
        return certificate.get_absolute_url()
    return address(org, certificate, "certificate")


def certificate_trail(org: Organisation, certificate: Certificate, *further: tuple[str, str]) -> list[tuple[str, str]]:
    """Breadcrumbs: the organisation, its certificates, this one, and what lies below. The last has no address."""
    here = certificate_url(org, certificate) if further else ""
    return [*list_trail(org, "certificates", _("Certificates")), (certificate.reference, here), *further]


def holder_acts(user: User, org: Organisation, certificate: Certificate) -> dict[str, str]:
    """Addresses of what the holder's SPOC can do now; an act that is not possible is not there."""
    if not user.has_perm("certification.hold_certificate", certificate):
        return {}
    acts = {}
    renewal = open_renewal(certificate)
    if renewal is not None:
        acts["renewal"] = reverse("certification:application", args=[org.slug, renewal.reference])
    elif certificate.status in (Status.VALID, Status.SUSPENDED):
        acts["renew"] = address(org, certificate, "certificate_renew")
    asked = any(t.status == Transfer.Status.ASKED for t in certificate.transfers.all())
    movable = certificate.status == Status.VALID and certificate.application_id and not certificate.scheme.is_closed()
    if movable and not asked:
        acts["transfer"] = address(org, certificate, "certificate_transfer")
    return acts


# --- what happened ---


def event_rows(certificate: Certificate, org: Organisation) -> list[dict[str, Any]]:
    """Every event, newest first, with what it names."""
    return [
        {
            "title": capfirst(event.get_kind_display()),
            "by": event.by.get_full_name() if event.by else "",
            "at": event.at,
            "note": "\n".join(filter(None, [event.reason, *_details(event)])),
        }
        for event in sorted(certificate.events.all(), key=lambda event: -event.number)
    ]


def _details(event: CertificateEvent) -> Iterable[str]:
    data = event.data
    if before := data.get("in_place_of"):
        yield _("In the place of %(certificate)s") % {"certificate": before}
    if after := data.get("by"):
        yield _("By %(certificate)s") % {"certificate": after}
    if following := data.get("next_review_on"):
        yield _("Next review: %(day)s") % {"day": rows.day(dt.date.fromisoformat(following))}


# --- surveillance, mark, transfer ---


def surveillance_tag(review: SurveillanceReview) -> dict[str, str]:
    """Its state in words; a planned one whose day is past is overdue."""
    is_open = review.status in (SurveillanceReview.Status.PLANNED, SurveillanceReview.Status.UNDER_REVIEW)
    if is_open and review.due_on < today():
        return {"label": _("Overdue"), "colour": "red"}
    return {
        "label": str(capfirst(review.get_status_display())),
        "colour": stages.SURVEILLANCE_COLOURS.get(review.status, "grey"),
    }


def surveillance_rows(certificate: Certificate, org: Organisation, user: User) -> list[dict[str, Any]]:
    """What is planned and what was; with the address of each for those who may read it."""
    readable = user.has_perm("certification.read_surveillance", certificate)
    return [
        {
            "number": review.number,
            "due_on": review.due_on,
            "url": address(org, certificate, "surveillance", review.number) if readable else "",
            "tag": surveillance_tag(review),
        }
        for review in sorted(certificate.surveillance.all(), key=lambda review: review.number)
    ]


def mark_figures(certificate: Certificate) -> dict[str, int]:
    places = list(certificate.mark_places.all())
    return {"shown": sum(place.removed_on is None for place in places), "all": len(places)}


CHECK_COLOURS = {MarkPlace.Check.IN_ORDER: "green", MarkPlace.Check.WRONG: "red", MarkPlace.Check.GONE: "grey"}


def place_rows(certificate: Certificate, org: Organisation, *, holds: bool, checks: bool) -> list[dict[str, Any]]:
    """Places of the mark, those that still show it first."""
    ordered = sorted(certificate.mark_places.all(), key=lambda place: (place.removed_on is not None, place.number))
    return [
        {
            "number": place.number,
            "kind": capfirst(place.get_kind_display()),
            "where": place.where,
            "since": place.since,
            "removed_on": place.removed_on,
            "check": {
                "label": capfirst(MarkPlace.Check(place.check_result).label),
                "colour": CHECK_COLOURS[MarkPlace.Check(place.check_result)],
            }
            if place.check_result
            else None,
            "checked_at": place.checked_at,
            "remove_url": address(org, certificate, "mark_removed", place.number)
            if holds and place.removed_on is None
            else "",
            "check_url": address(org, certificate, "mark_check", place.number)
            if checks and place.removed_on is None
            else "",
        }
        for place in ordered
    ]


def transfer_rows(certificate: Certificate, org: Organisation, user: User) -> list[dict[str, Any]]:
    """Transfers of it that this person may read, newest first."""
    found = []
    for transfer in certificate.transfers.all():
        transfer.certificate = certificate  # what is loaded already
        if not user.has_perm("certification.read_transfer", transfer):
            continue
        found.append(
            {
                "reference": transfer.reference,
                "url": reverse("certification:transfer", args=[org.slug, transfer.reference]),
                "body": transfer.body.local_name,
                "tag": transfer_tag(transfer),
                "asked_at": transfer.asked_at,
            }
        )
    return found


def transfer_tag(transfer: Transfer) -> dict[str, str]:
    return {
        "label": str(capfirst(transfer.get_status_display())),
        "colour": stages.TRANSFER_COLOURS.get(transfer.status, "grey"),
    }
