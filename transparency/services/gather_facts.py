"""What a camera system's public page tells beyond counts and cameras (domain 7.2): uses, police, standards, oversight.

What is withheld leaves nothing but that it is, why, which post decided, and when that is looked at again (9.11).
"""

from collections.abc import Callable, Mapping
from typing import Any

from compliance.models import CameraSystem, ServiceStandard, SystemUse, WithheldFact

# Texts that an authority writes for the public in both languages; the Welsh field of the record ends in `_cy`.
BILINGUAL = (
    "name",
    "description",
    "pressing_need",
    "retention_reason",
    "footage_how_to",
    "monitored_hours",
    "audio_reason",
    "camera_list_policy",
    "other_systems",
    "police_agreement",
    "anpr_sharing",
    "requests_how_to",
    "complaints_how_to",
    "scrutiny_committee",
)
# Texts that are withheld with another field than one of their own name.
WITHHELD_WITH = {
    "police_agreement": WithheldFact.Field.POLICE_ACCESS,
    "anpr_sharing": WithheldFact.Field.ANPR_SHARING,
}
Texts = dict[str, dict[str, str]]


def contacts(system: CameraSystem) -> dict[str, str]:
    """Posts and role mailboxes: people change, and their names are theirs (domain 11.27). An SRO may be named, a single
    point of contact only with the day on which they agreed to it. What is not given is empty.
    """
    confirmed = system.spoc_confirmed_on
    return {
        "sro_post": system.sro_post,
        "sro_name": system.sro_name,
        "spoc_post": system.spoc_post,
        "spoc_name": system.spoc_name if system.spoc_name_agreed_on else "",
        "spoc_email": system.spoc_email,
        "spoc_phone": system.spoc_phone,
        "spoc_confirmed_on": confirmed.isoformat() if confirmed else "",
        "postal_address": system.postal_address,
        "dpo_contact": system.dpo_contact,
        "ico_registration": system.ico_registration,
        "privacy_notice_url": system.privacy_notice_url,
        "complaints_url": system.complaints_url,
        "sar_url": system.sar_url,
    }


def texts(system: CameraSystem) -> Texts:
    """Texts by language; one that is not written is not there."""
    english = {field: getattr(system, field).strip() for field in BILINGUAL}
    welsh = {field: getattr(system, f"{field}_cy").strip() for field in BILINGUAL}
    return {
        language: {field: text for field, text in written.items() if text}
        for language, written in (("en", english), ("cy", welsh))
    }


def told_facts(system: CameraSystem) -> dict[str, Any]:
    """What the cameras do, what the police may, what is promised, who looks on. Two queries unless prefetched."""
    return {
        "uses": [_use(use) for use in _in_order(system.uses.all(), SystemUse.Kind.values)],
        "standards": [
            _standard(each) for each in _in_order(system.service_standards.all(), ServiceStandard.Kind.values)
        ],
        "police_access": list(system.police_access),
        "anpr_shared": system.anpr_shared,
        "places": _places(system),
        "scrutinised_on": _day(system.scrutinised_on),
        "partners": lines(system.partners),
        "contractors": lines(system.contractors),
    }


def withheld(system: CameraSystem) -> list[dict[str, Any]]:
    """What the public reads of each withheld field. One query unless prefetched."""
    facts = sorted(system.withheld_facts.all(), key=lambda fact: WithheldFact.Field.values.index(fact.field))
    return [
        {
            "field": fact.field,
            "reason": both(fact.reason, fact.reason_cy),
            "decided_by": fact.decided_by,
            "review_on": fact.review_on.isoformat(),
        }
        for fact in facts
    ]


def leave_out(field: str, facts: dict[str, Any], written: Texts) -> None:
    """Take what is withheld out of facts and texts before they are frozen."""
    _LEFT_OUT[field](facts, written)


def both(english: str, welsh: str) -> dict[str, str]:
    """A text in both languages as far as it is written; nothing where there is none."""
    return {language: text.strip() for language, text in (("en", english), ("cy", welsh)) if text.strip()}


def lines(text: str) -> list[str]:
    """One thing a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _use(use: SystemUse) -> dict[str, Any]:
    """Of what is not used only that; what is not given is not there."""
    given = {
        "run_by": use.run_by,
        "watchlist_owner": use.watchlist_owner,
        "first_used_on": _day(use.first_used_on),
        "term": use.term,
        "trial_until": _day(use.trial_until),
        "approved_by": use.approved_by,
        "approved_on": _day(use.approved_on),
        "explanation": both(use.explanation, use.explanation_cy),
    }
    return {"kind": use.kind, "used": use.used} | {name: value for name, value in given.items() if value and use.used}


def _standard(standard: ServiceStandard) -> dict[str, Any]:
    return {
        "kind": standard.kind,
        "unit": standard.unit,
        "target": _number(standard.target),
        "result": None if standard.result is None else _number(standard.result),
        "measured_from": _day(standard.measured_from),
        "measured_until": _day(standard.measured_until),
    }


def _number(value: Any) -> str:
    """As people write it: 5, not 5.00."""
    return f"{value.normalize():f}"


def _places(system: CameraSystem) -> dict[str, Any] | None:
    if system.public_space_count is None or system.internal_count is None:
        return None
    return {
        "public_space": system.public_space_count,
        "internal": system.internal_count,
        "counted_on": _day(system.places_counted_on),
    }


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _in_order(rows: Any, kinds: list[str]) -> list[Any]:
    return sorted(rows, key=lambda row: kinds.index(row.kind))


Leaver = Callable[[dict[str, Any], Texts], None]


def _texts_of(*fields: str) -> Leaver:
    def leave(_facts: dict[str, Any], written: Texts) -> None:
        for language in written.values():
            for field in fields:
                language.pop(field, None)

    return leave


def _fact(name: str, nothing: Any, *fields: str) -> Leaver:
    def leave(facts: dict[str, Any], written: Texts) -> None:
        facts[name] = nothing
        _texts_of(*fields)(facts, written)

    return leave


def _standard_of(kind: str) -> Leaver:
    def leave(facts: dict[str, Any], _written: Texts) -> None:
        facts["standards"] = [row for row in facts["standards"] if row["kind"] != kind]

    return leave


Field = WithheldFact.Field
_LEFT_OUT: Mapping[str, Leaver] = {
    Field.MONITORED_HOURS: _texts_of("monitored_hours"),
    Field.AREAS: _fact("areas_covered", []),
    Field.POLICE_ACCESS: _fact("police_access", [], "police_agreement"),
    Field.ANPR_SHARING: _fact("anpr_shared", "", "anpr_sharing"),
    Field.REQUESTS: _texts_of("requests_how_to"),
    Field.PLACES: _fact("places", None),
    Field.OTHER_SYSTEMS: _texts_of("other_systems"),
    Field.PARTNERS: _fact("partners", []),
    Field.CONTRACTORS: _fact("contractors", []),
    Field.STAFFING: _standard_of(ServiceStandard.Kind.STAFFING),
    Field.EVIDENCE: _standard_of(ServiceStandard.Kind.EVIDENCE),
    Field.WORKING: _standard_of(ServiceStandard.Kind.WORKING),
    Field.REPAIR: _standard_of(ServiceStandard.Kind.REPAIR),
}
