"""What of a camera system is public (domain 7.2), as plain values: facts once, the authority's texts in two languages.

This is the only way from records to the public. It names each field that goes out, so that a new column stays inside
until somebody writes it here. Never: answers and evidence of self-assessments, names of people but of those whom the
authority names to the public (gather_facts.py), the connection of the system to networks (Code, principle 9), live
faults, and of cameras whose place is withheld more than count and reason.
"""

import datetime as dt
from collections import Counter
from typing import Any

from django.db.models import OuterRef, Prefetch, Subquery
from django.utils import timezone

from accounts.models import Organisation
from certification.models import Certificate
from compliance.models import (
    Assessment,
    Camera,
    CameraReview,
    CameraSystem,
    CountedUnits,
    SignedAssessment,
    SystemTechnology,
)
from compliance.models.camera import NEVER_MAPPED, Precision
from compliance.services.counted_units import newest_counts
from transparency.listed_cameras import reads_for_police
from transparency.services import gather_facts
from transparency.services.gather_documents import gather_documents

# 1 knew number, ward, place and type of a camera, and no counted units; 2 nothing of gather_facts.py but four texts
SCHEMA = "ccp/system-publication/3"


def gather(system: CameraSystem, *, on: dt.date) -> dict[str, Any]:
    """The public content of a system as of a day, ready to be frozen. The cost is the same whatever its size."""
    technologies = [_technology(row) for row in system.technologies.all()]
    written, withheld = gather_facts.texts(system), gather_facts.withheld(system)
    content: dict[str, Any] = {
        "schema": SCHEMA,
        "reference": system.reference,
        "as_of": on.isoformat(),
        "operator": _organisation(system.operator) | {"police_forces": _forces(system.operator)},
        "facts": {
            "is_main": system.is_main,
            "technologies": technologies,
            "cameras_counted": sum(row["total"] for row in technologies),
            "counted_units": _counted_units(system),
            "purposes": list(system.purposes),
            "legal_bases": list(system.legal_bases),
            "biometrics": system.biometrics,
            "reference_database": system.reference_database,
            "joint": system.joint,
            "records_audio": system.records_audio,
            "monitored_by": _organisation(system.monitored_by) if system.monitored_by else None,
            "areas_covered": gather_facts.lines(system.areas_covered),
            **gather_facts.told_facts(system),
            "contacts": gather_facts.contacts(system),
            "cameras": _cameras(system),
            "self_assessment": _self_assessment(system),
            "certificates": _certificates(system),
            "withheld_facts": withheld,
        },
        "texts": written,
        **gather_documents(system),
    }
    for fact in withheld:
        gather_facts.leave_out(fact["field"], content["facts"], written)
    return content


def for_gathering(reference: str) -> CameraSystem:
    """The system with what `gather` reads of it. Raises CameraSystem.DoesNotExist."""
    return (
        CameraSystem.objects.select_related("operator", "monitored_by")
        .prefetch_related("technologies", "uses", "service_standards", "withheld_facts")
        .prefetch_related(Prefetch("operator__police_forces", Organisation.objects.order_by("name")))
        .get(reference=reference)
    )


def _organisation(organisation: Organisation) -> dict[str, Any]:
    return {
        "slug": organisation.slug,
        "kind": organisation.kind,
        "gss_code": organisation.gss_code or "",
        "name": {"en": organisation.full_name, "cy": organisation.name_cy},
        "nation": organisation.nation,
    }


def _forces(operator: Organisation) -> list[dict[str, str]]:
    return [{"en": force.name, "cy": force.name_cy} for force in operator.police_forces.all()]


def _technology(row: SystemTechnology) -> dict[str, Any]:
    return {
        "technology": row.technology,
        "fixed": row.fixed_count,
        "ptz": row.ptz_count,
        "redeployable": row.redeployable_count,
        "mobile": row.mobile_count,
        "total": row.total,
        "counted_on": row.counted_on.isoformat() if row.counted_on else None,
        "retention_days": row.retention_days,
    }


def _counted_units(system: CameraSystem) -> list[dict[str, Any]]:
    """What is counted and never mapped. Number plate readers of the police stay inside: they are theirs to publish."""
    return [
        {"kind": counted.kind, "count": counted.count, "counted_on": counted.counted_on.isoformat()}
        for counted in newest_counts(system)
        if counted.kind != CountedUnits.Kind.POLICE_ANPR
    ]


def _cameras(system: CameraSystem) -> dict[str, Any]:
    """Cameras in use at the precision that each may be known at; withheld ones as counts by reason, post and review.

    What reads number plates for the police is counted with its technology and listed nowhere (domain 11.6).
    """
    listed, precisions = [], Counter[str]()
    withheld = Counter[tuple[str, str, str]]()  # reason, deciding post, day of the next look
    newest = CameraReview.objects.filter(camera=OuterRef("pk")).order_by("-on", "-pk")
    cameras = system.cameras.in_use().select_related("monitored_by")
    cameras = cameras.annotate(review_outcome=Subquery(newest.values("outcome")[:1]))
    for camera in cameras.order_by("ward", "location", "operator_ref", "pk"):
        if reads_for_police(system.operator.kind, camera.camera_type, camera.anpr_enabled):
            continue
        precisions[camera.precision] += 1
        if camera.precision == Precision.WITHHELD:
            withheld[camera.withheld_reason, camera.withheld_post, _day(camera.withheld_review_on) or ""] += 1
        else:
            listed.append(_camera(camera))
    return {
        "list": listed,
        "listed": len(listed),
        "by_precision": {precision.value: precisions[precision] for precision in Precision},
        "withheld": [
            {"reason": reason, "post": post, "review_on": review_on, "cameras": count}
            for (reason, post, review_on), count in sorted(withheld.items())
        ],
    }


def _camera(camera: Camera) -> dict[str, Any]:
    """One camera; a place finer than its precision does not leave the record, nor do words that would betray it.

    What is not given is not there. Never: maker, owner, faults, who changed what, and the place of what moves.
    """
    shown: dict[str, Any] = {
        "ref": camera.operator_ref,
        "ward": camera.ward,
        "type": camera.camera_type,
        "precision": camera.precision,
    }
    given: dict[str, Any] = {
        "locality": camera.locality,
        "mount": camera.mount,
        "purposes": list(camera.purposes),
        "records_audio": camera.records_audio,
        "anpr_enabled": camera.anpr_enabled,
        "analytics": camera.analytics,
        "privacy_zones": camera.has_privacy_zones,
        "monitored_by": _organisation(camera.monitored_by)["name"] if camera.monitored_by else None,
        "installed_on": _day(camera.installed_on),
        "last_reviewed_on": _day(camera.reviewed_on),
        "review_outcome": camera.review_outcome,  # type: ignore[attr-defined]
    }
    if camera.precision in (Precision.EXACT, Precision.STREET) and camera.camera_type not in NEVER_MAPPED:
        shown["location"] = camera.location
        given |= {
            "postcode_district": camera.postcode.split(" ")[0],
            "view": gather_facts.both(camera.view_description, camera.view_description_cy),
            "purpose": gather_facts.both(camera.purpose_note, camera.purpose_note_cy),
        }
        if camera.direction is not None:
            shown["direction"] = camera.direction
    if camera.precision == Precision.EXACT and camera.latitude is not None and camera.longitude is not None:
        shown |= {"latitude": str(camera.latitude), "longitude": str(camera.longitude)}
    return shown | {name: value for name, value in given.items() if value}


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _self_assessment(system: CameraSystem) -> dict[str, Any] | None:
    """Date, post and hash of the newest signed one: what it says stays with the operator until it publishes that."""
    signed = (
        SignedAssessment.objects.filter(
            assessments__system=system,
            assessments__status__in=(Assessment.Status.SIGNED, Assessment.Status.SUPERSEDED),
        )
        .order_by("-signed_at", "-pk")
        .first()
    )
    if signed is None:
        return None
    edition = signed.assessments.filter(system=system).select_related("edition").order_by("-pk")[0].edition
    return {
        "signed_on": timezone.localdate(signed.signed_at).isoformat(),
        "post": signed.post,
        "sha256": signed.sha256,
        "edition": {"en": edition.title, "cy": edition.title_cy},
    }


def _certificates(system: CameraSystem) -> list[str]:
    """References only: what a certificate is worth is asked on the day, never frozen."""
    return list(Certificate.objects.filter(systems=system).order_by("reference").values_list("reference", flat=True))
