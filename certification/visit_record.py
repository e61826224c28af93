"""The record of a site visit as it is signed: canonical JSON and its hash. The format: docs/site-visit-format.md."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from certification.models import Observation, SiteVisit, VisitPhoto
from certification.services.visit_points import Rows
from certification.visit_checklist import CAMERA
from compliance.frozen import canonical, digest
from core.dates import LONDON

SCHEMA = "ccp/site-visit/1"
SIGNED, UNSIGNED = "operator_signature", "operator_did_not_sign"  # at most one of them stands in a record
Where = tuple[int | None, str]


def content_of(visit: SiteVisit, rows: Rows, *, signed_at: dt.datetime, auditor: str) -> str:
    """What the auditor signs, as canonical JSON. Two queries beside the `rows` and what the visit was loaded with."""
    application = visit.application
    observations: dict[Where, dict[str, Observation]] = defaultdict(dict)
    for observation in rows.observations:
        observations[observation.sample_id, observation.place][observation.item] = observation
    photos: dict[Where, list[VisitPhoto]] = defaultdict(list)
    for photo in visit.photos.select_related("file"):
        photos[photo.sample_id, photo.place].append(photo)
    begun = visit.changes.filter(after=SiteVisit.Status.UNDER_WAY).order_by("-at").first()
    content = {
        "schema": SCHEMA,
        "visit": visit.reference,
        "application": application.reference,
        "operator": {"name": application.operator.name, "slug": application.operator.slug},
        "body": {"name": application.body.name, "slug": application.body.slug},
        "scheme": application.scheme.key,
        "step": visit.review.step,
        "agreed": {"from": _time(visit.starts_at), "to": _time(visit.ends_at), "place": visit.place},
        "agenda": visit.agenda,
        "begun_at": _time(begun.at) if begun else None,
        "sample": _sample(visit),
        "cameras": [
            {
                "position": sample.position,
                "system": sample.system.reference,
                "reference": sample.camera_reference,
                "location": sample.location,
                "type": sample.kind,
                "stratum": sample.stratum,
                "chosen_because": sample.reason if sample.is_chosen else None,
                **_seen(visit, CAMERA, observations[sample.pk, ""], photos[sample.pk, ""]),
            }
            for sample in rows.samples
        ],
        "places": [
            {
                "name": place["name"],
                "kind": place["kind"],
                **_seen(visit, place["kind"], observations[None, place["name"]], photos[None, place["name"]]),
            }
            for place in visit.places
        ],
        "auditor": {"name": auditor, "signed_at": _time(signed_at)},
    }
    return canonical(content)


def _sample(visit: SiteVisit) -> dict[str, Any] | None:
    if visit.drawn_at is None:
        return None
    return {"seed": visit.seed, "drawn_at": _time(visit.drawn_at), **visit.rule}


def _seen(
    visit: SiteVisit, kind: str, observed: dict[str, Observation], photos: Iterable[VisitPhoto]
) -> dict[str, Any]:
    return {
        "lines": [_line(line, observed.get(line["key"])) for line in visit.checklist if line["at"] == kind],
        "photos": [{"number": p.file.number, "title": p.file.title, "sha256": p.file.sha256} for p in photos],
    }


def _line(line: dict[str, Any], observation: Observation | None) -> dict[str, Any]:
    return {
        "item": line["key"],
        "principle": line["principle"],
        "text": line["text"]["en"],
        "seen": observation.seen if observation else None,
        "note": observation.note if observation else "",
        "finding": str(observation.finding) if observation and observation.finding else None,
    }


def with_operator(record: str, *, name: str, post: str, remarks: str, signed_at: dt.datetime) -> str:
    """The record once more with the operator's signature, which names the hash of what the auditor had signed."""
    content = json.loads(record)
    content[SIGNED] = {
        "name": name,
        "post": post,
        "remarks": remarks,
        "signed_at": _time(signed_at),
        "signed_sha256": digest(record),
    }
    return canonical(content)


def without_operator(
    record: str, *, reason: str, asked_on: Iterable[dt.date], by: str, recorded_at: dt.datetime
) -> str:
    """The record once more with the auditor's word that the operator did not sign, on what the auditor had signed."""
    content = json.loads(record)
    content[UNSIGNED] = {
        "reason": reason,
        "asked_on": [day.isoformat() for day in asked_on],
        "recorded_by": by,
        "recorded_at": _time(recorded_at),
        "signed_sha256": digest(record),
    }
    return canonical(content)


def holds(visit: SiteVisit) -> bool:
    """Whether the stored record has the stored hash, and what was added last is about what the auditor had signed."""
    if not visit.record or digest(visit.record) != visit.record_sha256:
        return False
    content = json.loads(visit.record)
    added = content.pop(SIGNED, None) or content.pop(UNSIGNED, None)
    return added is None or digest(canonical(content)) == added["signed_sha256"]


def _time(moment: dt.datetime) -> str:
    """In London with its offset, to the second."""
    return moment.astimezone(LONDON).isoformat(timespec="seconds")
