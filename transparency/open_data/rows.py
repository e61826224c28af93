"""Rows of open data, by column: what a publication or the register says, and nothing that it does not say.

Every row is a dict with all columns of its table (`transparency.open_data.columns`); what is not known is None.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from convertbng.cutil import convert_to_osgb36
from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from accounts.models import Organisation
from certification.models import Certificate
from compliance.models.camera import CameraType
from compliance.models.vocabulary import LegalBasis, Purpose
from transparency.languages import ENGLISH
from transparency.listed_cameras import has_place, is_named, is_public, technologies_of, technology_of
from transparency.models import Publication
from transparency.open_data.osm import tags_of
from transparency.pages.words import labels

Row = dict[str, Any]


def camera_rows(content: Mapping[str, Any], path: str) -> Iterator[Row]:
    """The cameras of one frozen page, in its order. Places are turned into the national grid all at once."""
    public = [row for row in content["facts"]["cameras"]["list"] if is_public(row, content["operator"])]
    placed = [row for row in public if has_place(row)]
    grid = dict(zip(map(id, placed), _grid(placed), strict=True))
    for row in public:
        yield _camera_row(content, row, path, grid.get(id(row), (None, None)))


def _camera_row(
    content: Mapping[str, Any], row: Mapping[str, Any], path: str, grid: tuple[int | None, int | None]
) -> Row:
    """The columns of domain 7.5 of one listed camera. What its precision does not allow is left out again here."""
    facts, operator = content["facts"], content["operator"]
    placed, named = has_place(row), is_named(row)
    knows_more = content["schema"] != "ccp/system-publication/1"
    view, purpose = (row.get("view") or {}, row.get("purpose") or {}) if named else ({}, {})
    shown: Row = {
        "camera_ref": row["ref"],
        "authority": operator["slug"],
        "authority_name": operator["name"]["en"],
        "gss_code": operator.get("gss_code") or None,
        "system_reference": content["reference"],
        "system": content["texts"]["en"].get("name", ""),
        "location_description": (row.get("location") or None) if named else None,
        "locality": row.get("locality") or None,
        "ward": row["ward"] or None,
        "postcode_district": (row.get("postcode_district") or None) if named else None,
        "latitude": float(row["latitude"]) if placed else None,
        "longitude": float(row["longitude"]) if placed else None,
        "easting": grid[0],
        "northing": grid[1],
        "location_precision": row["precision"],
        "camera_type": row["type"],
        "technology": technology_of(row["type"], technologies_of(facts)),
        "mount": row.get("mount"),
        "direction": row.get("direction") if named else None,
        "view_description": view.get("en"),
        "view_description_cy": view.get("cy"),
        "purpose": purpose.get("en") or _purposes(row.get("purposes") or facts["purposes"]),
        "purpose_cy": purpose.get("cy"),
        "records_audio": bool(row.get("records_audio")) if knows_more else None,
        "anpr_enabled": row["type"] == CameraType.ANPR or bool(row.get("anpr_enabled")) if knows_more else None,
        "analytics": row.get("analytics"),
        "status": "operational",
        "installed_on": row.get("installed_on"),
        "last_reviewed_on": row.get("last_reviewed_on"),
        "review_outcome": row.get("review_outcome"),
        "monitored_by": (row.get("monitored_by") or {}).get("en"),
        "address": f"{settings.PORTAL_ORIGIN}{path}",
    }
    return {**shown, **tags_of(shown)}


def _grid(rows: Sequence[Mapping[str, Any]]) -> list[tuple[int | None, int | None]]:
    """Places as metres of the British National Grid by OSTN15; None where that does not reach."""
    if not rows:
        return []
    longitudes = np.array([float(row["longitude"]) for row in rows])
    latitudes = np.array([float(row["latitude"]) for row in rows])
    pairs = zip(*convert_to_osgb36(longitudes, latitudes), strict=True)
    return [(None, None) if math.isnan(east) else (round(east), round(north)) for east, north in pairs]


def _purposes(values: Sequence[str]) -> str | None:
    with override(ENGLISH.code):
        return "; ".join(labels(values, Purpose)) or None


def system_row(publication: Publication, content: Mapping[str, Any]) -> Row:
    """One published system: what it is for and how many cameras are known in which way."""
    facts, operator, texts = content["facts"], content["operator"], content["texts"]
    cameras = facts["cameras"]
    with override(ENGLISH.code):
        bases = "; ".join(labels(facts["legal_bases"], LegalBasis))
    retention = sorted({row["retention_days"] for row in facts["technologies"] if row["retention_days"]})
    days = sorted(filter(None, (row["counted_on"] for row in facts["technologies"])))
    signed = facts["self_assessment"]
    return {
        "reference": content["reference"],
        "authority": operator["slug"],
        "authority_name": operator["name"]["en"],
        "gss_code": operator.get("gss_code") or None,
        "name": texts["en"].get("name", ""),
        "name_cy": texts["cy"].get("name"),
        "technologies": "; ".join(row["technology"] for row in facts["technologies"]),
        "purposes": _purposes(facts["purposes"]),
        "legal_bases": bases or None,
        "retention_days": "; ".join(map(str, retention)) or None,
        "cameras_counted": facts["cameras_counted"],
        "counted_on": days[-1] if days else None,
        "cameras_listed": cameras["listed"],
        "cameras_exact": cameras["by_precision"]["exact"],
        "cameras_street": cameras["by_precision"]["street"],
        "cameras_ward": cameras["by_precision"]["ward"],
        "cameras_withheld": cameras["by_precision"]["withheld"],
        "biometrics": facts["biometrics"],
        "reference_database": facts["reference_database"],
        "records_audio": facts["records_audio"],
        "monitored_by": facts["monitored_by"]["name"]["en"] if facts["monitored_by"] else None,
        "areas_covered": "; ".join(facts["areas_covered"] or ()) or None,
        "contact_post": facts["contacts"]["spoc_post"] or None,
        "contact_email": facts["contacts"]["spoc_email"] or None,
        "self_assessment_signed_on": signed["signed_on"] if signed else None,
        "version": publication.version,
        "published_on": _date(publication.published_at),
        "address": f"{settings.PORTAL_ORIGIN}{publication.path}",
    }


def publication_row(publication: Publication) -> Row:
    """The newest version of one published thing. A withdrawn one keeps its address, its day and its reason."""
    return {
        "reference": publication.reference,
        "kind": publication.kind,
        "authority": publication.organisation.slug,
        "subject_reference": publication.subject_reference,
        "title": publication.title,
        "title_cy": publication.title_cy or None,
        "version": publication.version,
        "published_on": _date(publication.published_at),
        "withdrawn_on": _date(publication.ended_at) if publication.ended_at else None,
        "withdrawn_reason": publication.withdrawn_reason or None,
        "sha256": publication.sha256,
        "licence": settings.PORTAL_LICENCE_URL,
        "address": f"{settings.PORTAL_ORIGIN}{publication.path}",
        "frozen_content": f"{settings.PORTAL_ORIGIN}/api/v1/publications/{publication.reference}/",
    }


def certificate_row(certificate: Certificate) -> Row:
    """One certificate as issued, and its last event: dates alone, for what it is worth changes with the day."""
    events = sorted(certificate.events.all(), key=lambda event: event.number)
    last = events[-1] if events else None
    return {
        "number": certificate.reference,
        "authority": certificate.operator.slug,
        "holder": certificate.operator_name,
        "holder_cy": certificate.operator_name_cy or None,
        "body": certificate.body_name,
        "accreditation_number": certificate.accreditation_number or None,
        "scheme": certificate.scheme.key,
        "step": certificate.aim,
        "systems": "; ".join(listed["name"] for listed in certificate.systems_listed) or None,
        "scope": certificate.scope or None,
        "issued_on": _iso(certificate.issued_on),
        "valid_from": _iso(certificate.valid_from),
        "valid_until": _iso(certificate.valid_until),
        "next_review_on": _iso(certificate.next_review_on),
        "last_event": last.kind if last else None,
        "last_event_on": _date(last.at) if last else None,
        "document_sha256": certificate.document_sha256 or None,
        "address": f"{settings.PORTAL_ORIGIN}/certificates/{certificate.reference}/",
    }


def authority_row(organisation: Organisation, totals: Mapping[str, Any]) -> Row:
    """One authority; `totals` are the sums of its pages in force."""
    return {
        "authority": organisation.slug,
        "gss_code": organisation.gss_code or None,
        "name": organisation.full_name,
        "name_cy": organisation.name_cy or None,
        "kind": organisation.kind,
        "subkind": organisation.subkind or None,
        "nation": organisation.nation or None,
        "region": organisation.region or None,
        "starts_on": _iso(organisation.starts_on),
        "ends_on": _iso(organisation.ends_on),
        "made_up": organisation.is_demonstration,
        "publishes_here": bool(totals.get("systems")),
        "systems": totals.get("systems", 0),
        "cameras_counted": totals.get("cameras_counted", 0),
        "cameras_listed": totals.get("cameras_listed", 0),
        "cameras_withheld": totals.get("cameras_withheld", 0),
        "last_published_on": totals.get("last_published_on"),
        "address": f"{settings.PORTAL_ORIGIN}/authorities/{organisation.slug}/",
    }


def withheld_rows(publication: Publication, content: Mapping[str, Any]) -> Iterator[Row]:
    """What a published thing says it keeps back: how much, why, which post decided, when that is looked at again."""
    if publication.kind == Publication.Kind.SYSTEM:
        yield from _withheld_of_system(publication, content)
    elif publication.kind == Publication.Kind.SELF_ASSESSMENT:
        for row in content["withheld"]:
            yield _withheld(
                publication,
                content["system"],
                ("answer", "answers of the self-assessment", row["answers"]),
                row["reason"],
                (content["withheld_by"], content["review_on"]),
            )


def _withheld_of_system(publication: Publication, content: Mapping[str, Any]) -> Iterator[Row]:
    """Post and review date as they were published; versions before schema 3 do not say them."""
    for row in content["facts"]["cameras"]["withheld"]:
        what = ("camera", "places of cameras", row["cameras"])
        decided = (row.get("post", ""), row.get("review_on", ""))
        yield _withheld(publication, content["reference"], what, {"en": row["reason"]}, decided)
    for row in content["facts"].get("withheld_facts", []):
        decided = (row["decided_by"], row["review_on"])
        yield _withheld(publication, content["reference"], ("fact", row["field"], 1), row["reason"], decided)


def _withheld(
    publication: Publication,
    system: str,
    what: tuple[str, str, int],
    reason: Mapping[str, str],
    decided: tuple[str, str],
) -> Row:
    kind, words, number = what
    return {
        "authority": publication.organisation.slug,
        "system_reference": system,
        "publication": publication.reference,
        "kind": kind,
        "what": words,
        "withheld_number": number,
        "reason": reason.get("en"),
        "reason_cy": reason.get("cy"),
        "decided_by": decided[0] or None,
        "review_on": decided[1] or None,
        "published_on": _date(publication.published_at),
        "address": f"{settings.PORTAL_ORIGIN}{publication.path}",
    }


def _iso(value: Any) -> str | None:
    return value.isoformat() if value else None


def _date(moment: Any) -> str:
    return timezone.localdate(moment).isoformat()
