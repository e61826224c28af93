"""What a frozen page tells of uses, police, standards and withheld facts, in the language of the page (domain 7.2).

Publications before schema 3 say nothing of these: what they do not know is left out, never answered with "no".
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance.models import ServiceStandard, SystemUse, WithheldFact
from compliance.models.public_facts import PoliceAccess
from compliance.models.vocabulary import LegalBasis, Technology
from core.errors import Text
from transparency.pages.words import OwnText, day, own_text

Facts = Mapping[str, Any]
Kind = SystemUse.Kind
USED: Mapping[str, Text] = {
    Kind.LIVE_RECOGNITION: gettext_lazy(
        "Live facial recognition is used: the faces of people who pass are compared with a watchlist."
    ),
    Kind.RETROSPECTIVE_RECOGNITION: gettext_lazy("Facial recognition is used on recordings."),
    Kind.SEARCH: gettext_lazy("Software searches recordings for people, objects or vehicles."),
    Kind.BEHAVIOUR: gettext_lazy("Software detects behaviour, such as crowding or loitering."),
    Kind.LOUDSPEAKERS: gettext_lazy("People can be spoken to through loudspeakers."),
    Kind.AUDIO: gettext_lazy("Sound is recorded."),
}
NOT_USED: Mapping[str, Text] = {
    Kind.LIVE_RECOGNITION: gettext_lazy("No live facial recognition is used."),
    Kind.RETROSPECTIVE_RECOGNITION: gettext_lazy("No facial recognition is used on recordings."),
    Kind.SEARCH: gettext_lazy("No software searches recordings for people, objects or vehicles."),
    Kind.BEHAVIOUR: gettext_lazy("No software detects behaviour."),
    Kind.LOUDSPEAKERS: gettext_lazy("There are no loudspeakers."),
    Kind.AUDIO: gettext_lazy("No sound is recorded."),
}
BASES: Mapping[str, Text] = {
    LegalBasis.PUBLIC_TASK: gettext_lazy("The law gives the authority a task in the public interest that needs them."),
    LegalBasis.LEGAL_OBLIGATION: gettext_lazy("A law obliges the authority to use them."),
    LegalBasis.LEGITIMATE_INTERESTS: gettext_lazy(
        "The authority has an interest of its own that outweighs the effect on people."
    ),
    LegalBasis.VITAL_INTERESTS: gettext_lazy("They protect somebody’s life."),
    LegalBasis.LAW_ENFORCEMENT: gettext_lazy("The authority has a duty of its own to enforce the law."),
}


def legal_bases(values: list[str]) -> list[dict[str, str]]:
    """Each basis with what it means in plain words."""
    return [
        {"plain": str(BASES[basis]), "law": str(basis.label)} for basis in LegalBasis if basis.value in values
    ]  # in the list's own order


def uses(facts: Facts, own: Mapping[str, OwnText]) -> list[dict[str, Any]]:
    """Said in words even when the answer is no: silence reads badly (domain 11.29)."""
    said = {use["kind"]: use for use in facts.get("uses", [])}
    items = list(_recognition(facts, said))
    if "uses" in facts:
        items += [_use(kind, said.get(kind)) for kind in (Kind.SEARCH, Kind.BEHAVIOUR, Kind.LOUDSPEAKERS)]
    sound = said.get(Kind.AUDIO, {}) | {"kind": Kind.AUDIO.value, "used": facts["records_audio"]}
    items.append(_use(Kind.AUDIO, sound) | {"reason": own.get("audio_reason") if facts["records_audio"] else None})
    items.append({"key": _("Comparison with lists"), "sentence": _comparing(facts)})
    return items


def _recognition(facts: Facts, said: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    answered = [said[kind] for kind in SystemUse.RECOGNITION if kind in said]
    if not answered:
        sentence = (
            _("Biometric recognition, such as facial recognition, is used.")
            if facts["biometrics"]
            else _("No facial recognition and no other biometric recognition is used.")
        )
        yield {"key": _("Recognition of people"), "sentence": sentence}
        return
    for kind in SystemUse.RECOGNITION:
        fallback = None if facts["biometrics"] else {"used": False}  # there is none of any kind
        yield _use(kind, said.get(kind, fallback))
    if facts["biometrics"] and len(answered) == len(SystemUse.RECOGNITION) and not any(use["used"] for use in answered):
        yield {"key": _("Other recognition"), "sentence": _("Another kind of biometric recognition is used.")}


def _comparing(facts: Facts) -> str:
    if facts["reference_database"]:
        return _("Images or number plates are compared with a reference database, such as a list of vehicles.")
    return _("Images and number plates are not compared with any reference database.")


def _use(kind: SystemUse.Kind, use: Mapping[str, Any] | None) -> dict[str, Any]:
    key = capfirst(str(kind.label))
    if use is None:
        return {"key": key, "sentence": _("The authority has not said whether this is used.")}
    if not use["used"]:
        return {"key": key, "sentence": str(NOT_USED[kind])}
    explanation = own_text(_texts(use.get("explanation", {})), "text")
    return {"key": key, "sentence": str(USED[kind]), "details": list(_details(use)), "reason": explanation}


def _details(use: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    told = (
        (_("Operated by"), use.get("run_by")),
        (_("Watchlist of"), use.get("watchlist_owner")),
        (_("First used on"), _date(use.get("first_used_on"))),
        (_("On trial until"), _date(use.get("trial_until"))),
        (_("Approved by"), use.get("approved_by")),
        (_("Approved on"), _date(use.get("approved_on"))),
    )
    yield from ({"key": key, "value": value} for key, value in told if value)
    if use.get("term") == SystemUse.Term.PERMANENT:
        yield {"key": "", "value": _("It is permanent, not on trial.")}


def police(facts: Facts) -> list[str]:
    """What the police can do by themselves, and whether number plates are shared, in sentences."""
    if "police_access" not in facts:
        return []
    held = {field["field"] for field in facts["withheld_facts"]}
    sentences = []
    if PoliceAccess.NONE in facts["police_access"]:
        sentences.append(_("The police cannot see, steer or download pictures by themselves. They have to ask."))
    elif facts["police_access"]:
        sentences += [str(CAN[access]) for access in PoliceAccess if access.value in facts["police_access"]]
    elif WithheldFact.Field.POLICE_ACCESS not in held:
        sentences.append(_("The authority has not said what the police can do by themselves."))
    if facts["anpr_shared"]:
        shared = _("Number plates that are read are shared with the police.")
        unshared = _("Number plates that are read are not shared with the police.")
        sentences.append(shared if facts["anpr_shared"] == "yes" else unshared)
    return sentences


CAN: Mapping[PoliceAccess, Text] = {
    PoliceAccess.LIVE_VIEW: gettext_lazy("The police can see live pictures."),
    PoliceAccess.REMOTE_CONTROL: gettext_lazy("The police can steer cameras."),
    PoliceAccess.DOWNLOAD: gettext_lazy("The police can download recordings."),
}


def standards(facts: Facts) -> list[dict[str, Any]]:
    """Promises with what was reached, and from when to when that was measured; withheld ones as such."""
    hidden = withheld(facts)
    stored = {row["kind"]: row for row in facts.get("standards", [])}
    rows = []
    for kind in ServiceStandard.Kind:
        name = capfirst(str(kind.label))
        if kind.value in stored:
            rows.append({"name": name} | _measured(stored[kind.value]))
        elif f"standard_{kind.value}" in hidden:
            rows.append({"name": name, "withheld": hidden[f"standard_{kind.value}"]})
    return rows


def _measured(row: Mapping[str, Any]) -> dict[str, Any]:
    values = {"unit": str(ServiceStandard.Unit(row["unit"]).label)}
    result = row["result"]
    return {
        "target": _("%(number)s %(unit)s") % {**values, "number": row["target"]},
        "result": _("%(number)s %(unit)s") % {**values, "number": result} if result is not None else "",
        "measured_from": day(row["measured_from"]),
        "measured_until": day(row["measured_until"]),
    }


def withheld(facts: Facts) -> dict[str, dict[str, Any]]:
    """What is withheld, by field: what it is, why, which post decided, and when that is looked at again."""
    return {
        row["field"]: {
            "label": capfirst(str(WithheldFact.Field(row["field"]).label)),
            "reason": own_text(_texts(row["reason"]), "text"),
            "decided_by": row["decided_by"],
            "review_on": day(row["review_on"]),
        }
        for row in facts.get("withheld_facts", [])
    }


def absent_technologies(facts: Facts) -> list[str]:
    """Those that the system has none of: a count of nothing is a count (domain 7.2)."""
    present = {row["technology"] for row in facts["technologies"]}
    present |= {row["kind"] for row in facts.get("counted_units", []) if row["count"]}
    return [str(technology.label) for technology in Technology if technology.value not in present]


def places(facts: Facts) -> dict[str, Any] | None:
    """Cameras in public places and inside, with the day of that count."""
    counted = facts.get("places")
    return {**counted, "counted_on": day(counted["counted_on"])} if counted else None


def _texts(written: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {language: {"text": written[language]} if language in written else {} for language in ("en", "cy")}


def _date(text: str | None) -> str:
    found = day(text)
    return date_format(found, "j F Y") if found else ""
