"""What changed between two frozen versions of a system's page, in words, in the language of the page.

Numbers, days and answers stand as before and after. Of texts, addresses and names it is said only that they changed:
what was taken back is not repeated. What is withheld in any of the versions concerned, or by now, is never repeated.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from compliance.models import CountedUnits, ServiceStandard, SystemUse, WithheldFact
from compliance.models.public_facts import PoliceAccess
from compliance.models.vocabulary import LegalBasis, Purpose, Technology
from core.bilingual import local_words
from core.errors import Text
from transparency.pages.words import day, labels, yes_no
from transparency.services.gather_facts import WITHHELD_WITH

Content = Mapping[str, Any]


class Change(NamedTuple):
    """One thing that changed: `before` and `after` in words, or a `note` where these are not told."""

    label: str
    before: str = ""
    after: str = ""
    note: str = ""


def changes(before: Content, after: Content, *, hidden: Collection[str] = ()) -> list[Change]:
    """From one frozen content to the next, of any schema so far; nothing where both say the same.

    `hidden` are fields (WithheldFact.Field) that are withheld by now, whatever the two said.
    """
    found = [*_counts(before, after), *_answers(before, after)]
    secret = {*hidden, *_withheld(before), *_withheld(after)}
    for field, part in _WITHHOLDABLE.items():
        told = list(part(before["facts"], after["facts"]))
        if field not in secret:
            found += told
        elif field not in {*_withheld(before), *_withheld(after)}:  # withheld only by now
            found += [Change(each.label, note=_("changed")) for each in told]
    found += [*_texts(before, after, secret), *_withholding(before, after), *_rest(before, after)]
    return found


def withheld_fields(content: Content) -> set[str]:
    """What a version withholds."""
    return set(_withheld(content))


# --- counts ---


def _counts(before: Content, after: Content) -> Iterator[Change]:
    old, new = before["facts"], after["facts"]
    yield from _pair(_("Cameras counted"), old["cameras_counted"], new["cameras_counted"], words=_number)
    was = {row["technology"]: row for row in old["technologies"]}
    now = {row["technology"]: row for row in new["technologies"]}
    for technology in Technology:
        first, last = was.get(technology.value, {}), now.get(technology.value, {})
        name = {"name": str(technology.label)}
        if len({*was, *now}) > 1 or not (first and last):
            yield from _pair(
                _("Number of: %(name)s") % name, first.get("total", 0), last.get("total", 0), words=_number
            )
        if last:
            days = first.get("retention_days"), last["retention_days"]
            yield from _pair(_("Retention of: %(name)s") % name, *days, words=_days)
            yield from _pair(_("Counted on: %(name)s") % name, first.get("counted_on"), last["counted_on"], words=_date)
    units = [{row["kind"]: row["count"] for row in facts.get("counted_units", [])} for facts in (old, new)]
    for kind in CountedUnits.Kind:
        yield from _pair(capfirst(str(kind.label)), units[0].get(kind.value), units[1].get(kind.value), words=_number)
    yield from _cameras(old["cameras"], new["cameras"])


def _cameras(old: Content, new: Content) -> Iterator[Change]:
    yield from _pair(_("Cameras in the list"), old["listed"], new["listed"], words=_number)
    hidden = [cameras["by_precision"]["withheld"] for cameras in (old, new)]
    yield from _pair(_("Cameras whose place is withheld"), *hidden, words=_number)
    was, now = (Counter(row["ref"] for row in cameras["list"]) for cameras in (old, new))
    added, gone = (now - was).total(), (was - now).total()
    told = [
        (added, ngettext("%(count)d camera came in", "%(count)d cameras came in", added)),
        (gone, ngettext("%(count)d camera went out", "%(count)d cameras went out", gone)),
    ]
    notes = [text % {"count": count} for count, text in told if count]
    if not notes and old["list"] != new["list"]:
        notes = [_("what is said of cameras changed")]
    if notes:
        yield Change(_("List of cameras"), note="; ".join(notes))


# --- answers ---


def _answers(before: Content, after: Content) -> Iterator[Change]:
    old, new = before["facts"], after["facts"]
    for name, label in (("purposes", _("Purposes")), ("legal_bases", _("Lawful basis"))):
        choices = Purpose if name == "purposes" else LegalBasis
        yield from _members(label, *(labels(facts[name], choices) for facts in (old, new)))
    for name, text in YES_NO.items():
        yield from _pair(str(text), old[name], new[name], words=yes_no)
    yield from _uses(old, new)
    watching = [facts["monitored_by"]["name"] if facts["monitored_by"] else None for facts in (old, new)]
    yield from _pair(_("Watched by"), *watching, words=_name)
    contacts = old["contacts"], new["contacts"]
    for name, text in POSTS.items():
        yield from _pair(str(text), *(each.get(name, "") for each in contacts), words=str)
    for name, text in REACHED.items():
        if note := _note(contacts[0].get(name, ""), contacts[1].get(name, ""), other=_("changed")):
            yield Change(str(text), note=note)
    confirmed = [each.get("spoc_confirmed_on") or None for each in contacts]
    yield from _pair(_("Contact confirmed on"), *confirmed, words=_date)
    yield from _pair(_("Considered by the committee on"), *(f.get("scrutinised_on") for f in (old, new)), words=_date)
    yield from _pair(_("Self-assessment signed on"), *(_signed(facts) for facts in (old, new)), words=_date)


YES_NO: Mapping[str, Text] = {
    "is_main": gettext_lazy("Main system in public places"),
    "biometrics": gettext_lazy("Biometric recognition"),
    "reference_database": gettext_lazy("Comparison with lists"),
    "joint": gettext_lazy("Run together with others"),
    "records_audio": gettext_lazy("Sound is recorded"),
}
POSTS: Mapping[str, Text] = {
    "sro_post": gettext_lazy("Who answers for the system"),
    "spoc_post": gettext_lazy("Whom to ask"),
}
REACHED: Mapping[str, Text] = {
    "sro_name": gettext_lazy("Name of the senior responsible officer"),
    "spoc_name": gettext_lazy("Name of the single point of contact"),
    "spoc_email": gettext_lazy("Email address of the single point of contact"),
    "spoc_phone": gettext_lazy("Telephone number of the single point of contact"),
    "postal_address": gettext_lazy("Postal address"),
    "dpo_contact": gettext_lazy("Contact of the data protection officer"),
    "ico_registration": gettext_lazy("ICO registration"),
    "privacy_notice_url": gettext_lazy("Address of the privacy notice"),
    "complaints_url": gettext_lazy("Address of the complaints procedure"),
    "sar_url": gettext_lazy("Address of the form for footage of oneself"),
}


def _uses(old: Content, new: Content) -> Iterator[Change]:
    was, now = ({use["kind"]: use for use in facts.get("uses", [])} for facts in (old, new))
    for kind in SystemUse.Kind:
        label, first, last = capfirst(str(kind.label)), was.get(kind.value), now.get(kind.value)
        answers = [None if use is None else use["used"] for use in (first, last)]
        if answers[0] != answers[1] and kind != SystemUse.Kind.AUDIO:  # sound is told as a fact
            yield from _pair(label, *answers, words=yes_no)
        elif first and last and answers[0] == answers[1] and first != last:
            yield Change(label, note=_("details changed"))


def _signed(facts: Content) -> str | None:
    return facts["self_assessment"]["signed_on"] if facts["self_assessment"] else None


# --- what may be withheld ---


def _areas(old: Content, new: Content) -> Iterator[Change]:
    yield from _members(_("Areas covered"), old["areas_covered"], new["areas_covered"], free=True)


def _police(old: Content, new: Content) -> Iterator[Change]:
    said = [labels(facts.get("police_access", []), PoliceAccess) for facts in (old, new)]
    yield from _members(_("Access of the police"), *said)


def _plates(old: Content, new: Content) -> Iterator[Change]:
    said = [facts.get("anpr_shared") or None for facts in (old, new)]
    yield from _pair(_("Number plates are shared with the police"), *said, words=lambda answer: yes_no(answer == "yes"))


def _places(old: Content, new: Content) -> Iterator[Change]:
    was, now = (facts.get("places") or {} for facts in (old, new))
    parts = (
        ("public_space", _("Cameras in public places"), _number),
        ("internal", _("Cameras inside buildings and depots"), _number),
        ("counted_on", _("Counted by place on"), _date),
    )
    for name, label, words in parts:
        yield from _pair(label, was.get(name), now.get(name), words=words)


def _partners(old: Content, new: Content) -> Iterator[Change]:
    yield from _members(_("Partners"), *(facts.get("partners", []) for facts in (old, new)), free=True)


def _contractors(old: Content, new: Content) -> Iterator[Change]:
    yield from _members(_("Contractors"), *(facts.get("contractors", []) for facts in (old, new)), free=True)


def _standard(kind: ServiceStandard.Kind) -> Callable[[Content, Content], Iterator[Change]]:
    def told(old: Content, new: Content) -> Iterator[Change]:
        stored = ({row["kind"]: row for row in facts.get("standards", [])} for facts in (old, new))
        rows: list[Content] = [by_kind.get(kind.value, {}) for by_kind in stored]
        name = {"name": str(kind.label)}
        units = [str(ServiceStandard.Unit(row["unit"]).label) if row else "" for row in rows]
        for part, text in (("target", _("Target: %(name)s")), ("result", _("Result: %(name)s"))):
            said = [f"{row[part]} {unit}" if row.get(part) else None for row, unit in zip(rows, units, strict=True)]
            yield from _pair(text % name, *said, words=str)

    return told


Field = WithheldFact.Field
_WITHHOLDABLE: Mapping[str, Callable[[Content, Content], Iterator[Change]]] = {
    Field.AREAS: _areas,
    Field.POLICE_ACCESS: _police,
    Field.ANPR_SHARING: _plates,
    Field.PLACES: _places,
    Field.PARTNERS: _partners,
    Field.CONTRACTORS: _contractors,
    Field.STAFFING: _standard(ServiceStandard.Kind.STAFFING),
    Field.EVIDENCE: _standard(ServiceStandard.Kind.EVIDENCE),
    Field.WORKING: _standard(ServiceStandard.Kind.WORKING),
    Field.REPAIR: _standard(ServiceStandard.Kind.REPAIR),
}


def _withheld(content: Content) -> list[str]:
    return [row["field"] for row in content["facts"].get("withheld_facts", [])]


def _withholding(before: Content, after: Content) -> Iterator[Change]:
    was, now = ({row["field"]: row for row in each["facts"].get("withheld_facts", [])} for each in (before, after))
    for field in WithheldFact.Field:
        label, first, last = capfirst(str(field.label)), was.get(field.value), now.get(field.value)
        if last and not first:
            yield Change(label, note=_("withheld from now on"))
        elif first and not last:
            yield Change(label, note=_("not withheld any more"))
        elif first != last:
            yield Change(label, note=_("the decision to withhold it was made again"))


# --- texts, and all else ---

TEXTS: Mapping[str, Text] = {
    "name": gettext_lazy("Name of the system"),
    "description": gettext_lazy("Description"),
    "pressing_need": gettext_lazy("Why they are needed"),
    "retention_reason": gettext_lazy("Why images are kept so long"),
    "footage_how_to": gettext_lazy("How to ask for footage"),
    "monitored_hours": gettext_lazy("Hours of watching"),
    "audio_reason": gettext_lazy("Why sound is recorded"),
    "camera_list_policy": gettext_lazy("How exactly places are listed"),
    "other_systems": gettext_lazy("Cameras that are not part of this system"),
    "police_agreement": gettext_lazy("Agreement with the police"),
    "anpr_sharing": gettext_lazy("How number plates are shared"),
    "requests_how_to": gettext_lazy("When police or insurers ask for pictures"),
    "complaints_how_to": gettext_lazy("How complaints are answered"),
    "scrutiny_committee": gettext_lazy("Committee that looks at the system"),
}


def _texts(before: Content, after: Content, secret: Collection[str]) -> Iterator[Change]:
    for field, label in TEXTS.items():
        if WITHHELD_WITH.get(field, field) in secret:
            continue
        notes = {
            "en": _note(before["texts"]["en"].get(field), after["texts"]["en"].get(field)),
            "cy": _note(before["texts"]["cy"].get(field), after["texts"]["cy"].get(field)),
        }
        if notes["en"]:
            yield Change(str(label), note=notes["en"])
        elif notes["cy"]:
            yield Change(str(label), note=_("in Welsh: %(note)s") % {"note": notes["cy"]})


def _note(old: str | None, new: str | None, *, other: str = "") -> str:
    """What became of a text without telling it; `other` says that it is another one now."""
    if old == new or (not old and not new):
        return ""
    if not old:
        return _("added")
    return (other or _("rewritten")) if new else _("taken away")


# Named by others or elsewhere on the page; of these it is said only that they changed.
WHOLE: Mapping[str, Text] = {
    "statistics": gettext_lazy("Statistics"),
    "dpias": gettext_lazy("Data protection impact assessments"),
    "annual_reviews": gettext_lazy("Annual reviews"),
    "consultations": gettext_lazy("Consultations"),
}


def _rest(before: Content, after: Content) -> Iterator[Change]:
    for name, label in WHOLE.items():
        if (before.get(name) or None) != (after.get(name) or None):
            yield Change(str(label), note=_("changed"))
    for name, text in (("name", _("Name of the authority")), ("police_forces", _("Police force of the area"))):
        if before["operator"][name] != after["operator"][name]:
            yield Change(text, note=_("changed"))


# --- words ---


def _pair(label: str, *values: Any, words: Callable[[Any], str]) -> Iterator[Change]:
    """Two values, before and after; one that was not there yet, or is not any more, is said to be so."""
    old, new = values
    if old == new or (old in (None, "") and new in (None, "")):
        return
    if old in (None, ""):
        yield Change(label, after=words(new))
    elif new in (None, ""):
        yield Change(label, note=_("taken away"))
    else:
        yield Change(label, words(old), words(new))


def _members(label: str, old: Collection[str], new: Collection[str], *, free: bool = False) -> Iterator[Change]:
    """Of `free` text that was taken away only how much it was."""
    added, gone = [each for each in new if each not in old], [each for each in old if each not in new]
    notes = [_("added: %(list)s") % {"list": "; ".join(added)}] if added else []
    notes += [_("taken away: %(list)s") % {"list": len(gone) if free else "; ".join(gone)}] if gone else []
    if notes:
        yield Change(label, note=". ".join(notes))


def _number(value: int) -> str:
    return f"{value:,}"


def _days(count: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def _date(text: str) -> str:
    found = day(text)
    return date_format(found, "j F Y") if found else ""


def _name(names: Mapping[str, str]) -> str:
    return local_words(names)
