"""The register as data: CSV for spreadsheets, JSON for programs, a feed of what changed. Dates in ISO, keys fixed."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from accounts.models import Organisation
from certification.models import Certificate, CertificateEvent, CertificationScheme
from core.context import PORTAL_NAME
from core.dates import midnight
from transparency.languages import Language
from transparency.register import EVENTS, operator_name
from transparency.schemes import text_of
from transparency.standing import worth

COLUMNS = (
    "number",
    "standing",
    "standing_on",
    "holder",
    "holder_gss_code",
    "region",
    "police_forces",
    "body",
    "scheme",
    "step",
    "technologies",
    "systems",
    "scope",
    "issued_on",
    "valid_from",
    "valid_until",
    "next_review_on",
    "origin",
    "address",
)
ENTRIES = 100  # of the feed
SCHEMES = 20


Forces = Mapping[int, list[str]]


def forces_by_operator() -> Forces:
    """The names of the territorial forces of each organisation. One query."""
    names: dict[int, list[str]] = {}
    pairs = Organisation.police_forces.through.objects.order_by("to_organisation__name")
    for operator, name in pairs.values_list("from_organisation_id", "to_organisation__name"):
        names.setdefault(operator, []).append(name)
    return names


def record(certificate: Certificate, on: date, forces: Forces) -> dict[str, Any]:
    """One row. Needs scheme and operator loaded; no query."""
    return {
        "number": certificate.reference,
        "standing": certificate.standing(on).value,
        "standing_on": on.isoformat(),
        "holder": certificate.operator_name,
        "holder_gss_code": certificate.operator.gss_code,
        "region": certificate.operator.region,
        "police_forces": forces.get(certificate.operator_id, []),
        "body": certificate.body_name,
        "scheme": certificate.scheme.key,
        "step": certificate.aim,
        "technologies": sorted(
            {each for listed in certificate.systems_listed for each in listed.get("technologies", ())}
        ),
        "systems": [listed["name"] for listed in certificate.systems_listed],
        "scope": certificate.scope,
        "issued_on": _iso(certificate.issued_on),
        "valid_from": _iso(certificate.valid_from),
        "valid_until": _iso(certificate.valid_until),
        "next_review_on": _iso(certificate.next_review_on),
        "origin": certificate.origin,
        "address": f"{settings.PORTAL_ORIGIN}/certificates/{certificate.reference}/",
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def table(certificates: Iterable[Certificate], on: date) -> Iterator[list[str]]:
    """A row for each; what is a list is one cell, with semicolons."""
    forces = forces_by_operator()
    for certificate in certificates:
        row = record(certificate, on, forces)
        yield [_cell(row[column]) for column in COLUMNS]


def _cell(value: Any) -> str:
    return "; ".join(value) if isinstance(value, list) else value or ""


def as_json(certificates: Iterable[Certificate], on: date) -> str:
    """A list with what happened to each beside its facts."""
    forces = forces_by_operator()
    rows = [{**record(each, on, forces), "history": list(_history(each))} for each in certificates]
    return json.dumps({"as_of": on.isoformat(), "count": len(rows), "certificates": rows}, ensure_ascii=False, indent=1)


def _history(certificate: Certificate) -> Iterator[Mapping[str, Any]]:
    for event in sorted(certificate.events.all(), key=lambda event: event.number):
        yield {"event": event.kind, "at": event.at.isoformat(timespec="seconds"), "reason": event.reason}


def feed(language: Language, on: date) -> str:
    """What happened to certificates and schemes, newest first, as Atom. Two queries. Call it in that language."""
    home = settings.PORTAL_ORIGIN + language.prefix
    atom = Atom1Feed(
        title=_("Changes in the register of certificates"),
        link=f"{home}/certificates/",
        description="",
        subtitle=_("What was issued, suspended, reinstated, withdrawn, replaced or recorded, newest first."),
        feed_url=f"{home}/feeds/certificates.atom",
        feed_guid=f"{settings.PORTAL_ORIGIN}/feeds/certificates.atom",
        language=language.tag,
        author_name=str(PORTAL_NAME),
    )
    for entry in sorted([*_events(home, on), *_closings(home, on)], key=lambda e: e["updateddate"], reverse=True):
        atom.add_item(**entry)
    return str(atom.writeString("utf-8"))


def _events(home: str, on: date) -> Iterator[dict[str, Any]]:
    events = CertificateEvent.objects.select_related("certificate__scheme").defer(
        "certificate__facts", "certificate__facts_jws", "certificate__terms", "certificate__terms_cy"
    )
    for event in events.order_by("-at", "-pk")[:ENTRIES]:
        certificate = event.certificate
        told = [
            _("Holder: %(name)s") % {"name": operator_name(certificate)},
            _("Certification body: %(name)s") % {"name": certificate.body_name},
            _("Standing today: %(word)s") % {"word": worth(certificate, on).word},
        ]
        if event.reason:
            told.append(_("Reason: %(reason)s") % {"reason": event.reason})
        yield {
            "title": f"{certificate.reference}: {EVENTS[event.kind]}",
            "link": f"{home}/certificates/{certificate.reference}/",
            "unique_id": f"{settings.PORTAL_ORIGIN}/certificates/{certificate.reference}/#event-{event.number}",
            "description": _html(told),
            "pubdate": event.at,
            "updateddate": event.at,
        }


def _html(lines: Iterable[str]) -> str:
    """Summaries of a feed are HTML: what somebody wrote must not become markup in whatever shows it."""
    return "<br>".join(map(escape, lines))


def _closings(home: str, on: date) -> Iterator[dict[str, Any]]:
    closed = CertificationScheme.objects.filter(closed_on__lte=on).order_by("-closed_on")[:SCHEMES]
    for scheme in closed:
        assert scheme.closed_on is not None  # noqa: S101  (for the type checker)
        reason = text_of(scheme, "closing_reason").text
        since = midnight(scheme.closed_on)
        yield {
            "title": _("Scheme closed: %(name)s") % {"name": text_of(scheme, "name").text},
            "link": f"{home}/schemes/{scheme.key}/",
            "unique_id": f"{settings.PORTAL_ORIGIN}/schemes/{scheme.key}/#closed",
            "description": _html(filter(None, [_("None of its certificates is valid any more."), reason])),
            "pubdate": since,
            "updateddate": since,
        }
