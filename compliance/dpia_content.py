"""What a data protection impact assessment covers, lacks and says: its cameras, open questions, and text to sign."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from compliance.dpia_form import CATEGORIES, PARTS, Part, highest, lacking, values_of
from compliance.frozen import canonical
from compliance.models import Camera, Dpia, EqualityAssessment
from compliance.models.camera import CameraQuerySet, CameraType
from compliance.models.dpia import Level
from core.dates import LONDON
from core.errors import Problem, Text

LANGUAGE = "en-gb"  # of the questions in what is signed
SCHEMA = "ccp/dpia/1"
EQUALITY_SCHEMA = "ccp/equality-assessment/1"
GONE = (Camera.Status.REFUSED, Camera.Status.DECOMMISSIONED)
# What in a name of a place tells its category (domain 4.8, appendix); the first that fits.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "car_park": ("car park", "carpark", "parking", "park and ride", "park & ride", "multi-storey", "maes parcio"),
    "school": ("school", "college", "academy", "nursery", "ysgol"),
    "transport": ("station", "bus", "railway", "tram", "interchange", "taxi", "gorsaf"),
    "park": ("park", "recreation", "playground", "gardens", "common", "cemetery", "parc"),
    "housing_estate": ("estate", "flats", "tower", "court", "ystad"),
    "town_centre": ("town centre", "city centre", "high street", "market", "precinct", "square", "canol y dref"),
    "residential": ("avenue", "close", "crescent", "drive"),
}


def cameras_of(dpia: Dpia) -> CameraQuerySet:
    """The cameras that it covers and that are not gone: those that it names, or all of its systems."""
    named = Q(dpias=dpia)
    if dpia.covers_whole_systems:
        named = Q(system__in=dpia.systems.values("pk"))
    return Camera.objects.filter(named).exclude(status__in=GONE)


def covers_something(dpia: Dpia) -> bool:
    """Whether it says which cameras it is about. One query at most."""
    return bool(dpia.systems.all()) if dpia.covers_whole_systems else dpia.cameras.exists()


def category_of(camera: Camera) -> str:
    """The category of a place as its name tells it; a person looks at it afterwards."""
    place = f"{camera.location} {camera.locality} {camera.ward}".casefold()
    return next((key for key, words in _WORDS.items() if any(word in place for word in words)), "other")


def counted_matrix(dpia: Dpia) -> list[dict[str, Any]]:
    """The cameras covered by category of place and type, each with the level that the matrix gives it already."""
    cameras = cameras_of(dpia).only("location", "locality", "ward", "camera_type")
    counts = Counter((category_of(camera), camera.camera_type) for camera in cameras.iterator(chunk_size=2000))
    levels = {(row["category"], row["camera_type"]): row["level"] for row in dpia.matrix}
    order = (list(CATEGORIES), CameraType.values)
    return [
        {"category": category, "camera_type": kind, "count": count, "level": levels.get((category, kind), "")}
        for (category, kind), count in sorted(
            counts.items(), key=lambda item: (order[0].index(item[0][0]), order[1].index(item[0][1]))
        )
    ]


def recognition_reasons(dpia: Dpia) -> list[Text]:
    """Why an equality impact assessment is required beside it; empty where it is not. One query where its systems are
    loaded.

    It is where one of its systems (its cameras are of these) recognises people or compares images with a reference
    database; where one of its cameras uses analytics or reads number plates; or where it says itself that people are
    recognised or data matched (Equality Act 2010, s.149; R (Bridges), 2020).
    """
    systems, reasons = list(dpia.systems.all()), list[Text]()
    if any(system.biometrics for system in systems):
        reasons.append(_("A system that it covers uses biometric recognition."))
    if any(system.reference_database for system in systems):
        reasons.append(_("A system that it covers compares images or number plates with a reference database."))
    reads = Q(anpr_enabled=True) | Q(camera_type=CameraType.ANPR)
    if cameras_of(dpia).filter(~Q(analytics="") | reads).exists():
        reasons.append(_("A camera that it covers uses analytics or reads number plates."))
    if {"biometrics", "matching"} & set(dpia.triggers):
        reasons.append(_("It says that people are recognised or data of different sources are matched."))
    return reasons


def signed_equality(dpia: Dpia) -> EqualityAssessment | None:
    """The equality impact assessment in force beside it. No query where they are loaded."""
    signed = [one for one in dpia.equality_assessments.all() if one.status == EqualityAssessment.Status.SIGNED_OFF]
    return max(signed, key=lambda one: one.pk, default=None)


def residual_of(dpia: Dpia) -> str:
    """The greatest risk that is left after the measures."""
    return highest(risk["residual"] for risk in dpia.risks)


def address(name: str, dpia: Dpia, *args: object) -> str:
    """The address of one of its pages."""
    return reverse(f"compliance:{name}", args=[dpia.operator.slug, dpia.reference, *args])


def missing_before_advice(dpia: Dpia) -> list[Problem]:
    """What has to be there before the data protection officer is asked. One query."""
    return list(_open_parts(dpia))


def _open_parts(dpia: Dpia) -> Iterator[Problem]:
    if not covers_something(dpia):
        yield Problem(_("Say which cameras it covers."), address("dpia_cover", dpia))
    for part in PARTS:
        if part.key == "consultation":
            continue  # people may be asked while the data protection officer reads
        for field in lacking(part, dpia):
            text = _("%(part)s: %(question)s") % {"part": part.title, "question": field.label}
            yield Problem(text, address("dpia_part", dpia, part.key))
    if not dpia.matrix or any(not row["level"] for row in dpia.matrix):
        yield Problem(
            _("Give each row of the risk matrix a level: kinds of places by types of cameras."),
            address("dpia_matrix", dpia),
        )
    if not dpia.risks:
        yield Problem(_("Name at least one risk, its measure and what is left of it."), address("dpia_risk_new", dpia))


def missing_before_signature(dpia: Dpia) -> list[Problem]:
    """Everything that stands between it and its signature, each with the page where it is mended."""
    problems = list(_open_parts(dpia))
    if not dpia.consulted:
        problems.append(
            Problem(
                _("Say who was asked and what they said, or why nobody was asked."),
                address("dpia_part", dpia, "consultation"),
            )
        )
    if not dpia.advice or dpia.advice_followed is None:
        problems.append(Problem(_("The data protection officer's advice is open."), dpia.get_absolute_url()))
    if residual_of(dpia) == Level.HIGH:
        problems.append(
            Problem(_("A high risk is left: consult the ICO first (UK GDPR Article 36)."), dpia.get_absolute_url())
        )
    if not signed_equality(dpia) and recognition_reasons(dpia):
        problems.append(
            Problem(
                _("Sign the equality impact assessment first: analytics or recognition are used."),
                address("equality", dpia),
            )
        )
    return problems


# --- The text to be signed ---


def content_of(dpia: Dpia) -> str:
    """Canonical JSON of all that it says, in English whoever reads, without names of people."""
    with override(LANGUAGE):
        return canonical(as_values(dpia))


def as_values(dpia: Dpia) -> dict[str, Any]:
    """The same before it is text."""
    equality = signed_equality(dpia)
    return {
        "schema": SCHEMA,
        "reference": dpia.reference,
        "own_number": dpia.own_number,
        "title": dpia.title,
        "made_outside_the_portal": dpia.made_elsewhere,
        "operator": {
            "name": dpia.operator.name,
            "slug": dpia.operator.slug,
            "gss_code": dpia.operator.gss_code,
        },
        "cameras": _cameras(dpia),
        "screening": dpia.screening,
        "parts": [{"key": part.key, "title": str(part.title), "answers": _answers(part, dpia)} for part in PARTS],
        "matrix": dpia.matrix,
        "risks": dpia.risks,
        "residual_risk": residual_of(dpia),
        "advice": {
            "text": dpia.advice,
            "on": dpia.advice_at.astimezone(LONDON).date().isoformat() if dpia.advice_at else None,
            "followed": dpia.advice_followed,
            "why_not": dpia.advice_reason,
        },
        "ico": dpia.ico_note,
        "equality": equality_values(equality) if equality else None,
        "predecessor": dpia.predecessor.reference if dpia.predecessor else None,
        "document": _document(dpia) if dpia.made_elsewhere else None,
    }


def _answers(part: Part, dpia: Dpia) -> list[dict[str, Any]]:
    """The answered questions, each with its words; what was chosen stands by its key and in words."""
    values, answers = values_of(part, dpia), []
    for field in part.fields:
        if field.key in values:
            value, labels = values[field.key], dict(field.choices)
            answer = {"key": field.key, "question": str(field.label), "answer": value}
            if labels:
                answer["chosen"] = [str(labels[key]) for key in (value if isinstance(value, list) else [value])]
            answers.append(answer)
    return answers


def _cameras(dpia: Dpia) -> dict[str, Any]:
    """The cameras as they are on the day; whole systems by name, too, because cameras come and go."""
    covered = cameras_of(dpia).for_list().values_list("reference", "operator_ref")
    named = [{"reference": reference, "number": number} for reference, number in covered]
    return {
        "systems": [
            {"reference": system.reference, "name": system.name}
            for system in sorted(dpia.systems.all(), key=lambda system: system.reference)
        ],
        "whole_systems": dpia.covers_whole_systems,
        "as_written": dpia.cameras_as_written,
        "count": len(named),
        "list": named,
    }


def _document(dpia: Dpia) -> dict[str, Any]:
    kept = dpia.parts.get("elsewhere", {})
    return {"sha256": dpia.document_sha256} | {name: kept.get(name) for name in ("signed_on", "post", "scope")}


def equality_values(equality: EqualityAssessment) -> dict[str, Any]:
    """What an equality impact assessment says."""
    return {
        "schema": EQUALITY_SCHEMA,
        "reference": equality.reference,
        "dpia": equality.dpia.reference,
        "groups": equality.groups,
        "accuracy": equality.accuracy,
        "involved": equality.involved,
        "conclusion": equality.conclusion,
        "document_sha256": equality.evidence.sha256 if equality.evidence else None,
    }


def differences(before: Dpia, after: Dpia) -> list[dict[str, Any]]:
    """What changed since the assessment that this one follows: question, what stood there, what stands now."""
    changed = []
    for part in PARTS:
        old, new = values_of(part, before), values_of(part, after)
        changed += [
            {"part": part, "field": field, "before": old.get(field.key, ""), "after": new.get(field.key, "")}
            for field in part.fields
            if old.get(field.key, "") != new.get(field.key, "")
        ]
    return changed


def frozen_values(dpia: Dpia) -> dict[str, Any]:
    """What was signed."""
    values: dict[str, Any] = json.loads(dpia.content)
    return values
