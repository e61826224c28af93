"""The audit trail in words for people: what was done, to what kind of record, and what changed."""

import re
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.encoding import force_str
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.dates import LONDON
from core.trail import TrailEntry

# The verbs that services write. One that is not here is shown as it was written.
VERBS = {
    "accepted": gettext_lazy("accepted"),
    "acknowledged": gettext_lazy("acknowledged"),
    "added": gettext_lazy("added"),
    "advised": gettext_lazy("advised"),
    "answer_changed": gettext_lazy("answer changed"),
    "answered": gettext_lazy("answered"),
    "answers_imported": gettext_lazy("answers taken from a file"),
    "appealed": gettext_lazy("appealed"),
    "asked": gettext_lazy("asked"),
    "asked_again": gettext_lazy("asked again"),
    "asked_for_another_date": gettext_lazy("asked for another date"),
    "assigned": gettext_lazy("assigned"),
    "attached": gettext_lazy("attached to an answer"),
    "begun": gettext_lazy("begun"),
    "came": gettext_lazy("came from another organisation"),
    "camera_chosen": gettext_lazy("camera chosen by the auditor"),
    "camera_dropped": gettext_lazy("chosen camera taken off"),
    "carried": gettext_lazy("answers carried over"),
    "changed": gettext_lazy("changed"),
    "changed password": gettext_lazy("changed password"),
    "checked": gettext_lazy("checked"),
    "closed": gettext_lazy("closed"),
    "commented": gettext_lazy("commented"),
    "concluded": gettext_lazy("concluded"),
    "confirmed": gettext_lazy("confirmed"),
    "continued": gettext_lazy("continued after a surveillance review"),
    "counted": gettext_lazy("counted"),
    "counted disclosures": gettext_lazy("disclosures counted"),
    "created": gettext_lazy("created"),
    "decided": gettext_lazy("decided"),
    "declared": gettext_lazy("declared"),
    "detached": gettext_lazy("taken off an answer"),
    "delegated": gettext_lazy("named who answers"),
    "discarded": gettext_lazy("draft thrown away"),
    "disclosure_decided": gettext_lazy("decided what is public"),
    "documents_chosen": gettext_lazy("documents chosen"),
    "drafted": gettext_lazy("drafted"),
    "ended": gettext_lazy("ended"),
    "ended_unsigned": gettext_lazy("ended without the operator's signature"),
    "erased": gettext_lazy("name and address erased"),
    "evaluated": gettext_lazy("evaluated"),
    "exported": gettext_lazy("exported for the person"),
    "failed": gettext_lazy("failed"),
    "followed_up": gettext_lazy("followed up"),
    "frozen": gettext_lazy("text frozen"),
    "given": gettext_lazy("given"),
    "guided": gettext_lazy("guidance updated"),
    "hidden": gettext_lazy("hidden"),
    "imported": gettext_lazy("imported"),
    "invited": gettext_lazy("invited"),
    "issued": gettext_lazy("issued"),
    "joined": gettext_lazy("joined"),
    "kept": gettext_lazy("kept as it is"),
    "linked": gettext_lazy("linked to other systems"),
    "loaded": gettext_lazy("loaded"),
    "loosened": gettext_lazy("taken off a system of another organisation"),
    "made new recovery codes": gettext_lazy("made new recovery codes"),
    "made site administrator": gettext_lazy("made site administrator"),
    "mark_places_moved": gettext_lazy("places of the mark moved on"),
    "moved": gettext_lazy("moved to another stage"),
    "named": gettext_lazy("named"),
    "noted": gettext_lazy("note written"),
    "observed": gettext_lazy("observed"),
    "opened": gettext_lazy("opened"),
    "packed": gettext_lazy("packed into an archive"),
    "passed_on": gettext_lazy("passed on"),
    "placed": gettext_lazy("placed"),
    "places_set": gettext_lazy("places to be seen set"),
    "planned": gettext_lazy("planned"),
    "printed": gettext_lazy("printed"),
    "proposed": gettext_lazy("proposed"),
    "published": gettext_lazy("published"),
    "raised": gettext_lazy("raised"),
    "read": gettext_lazy("read"),
    "received": gettext_lazy("received"),
    "reclassified": gettext_lazy("sorted anew"),
    "recorded": gettext_lazy("recorded for the history"),
    "reissued": gettext_lazy("issued again in one act"),
    "removed": gettext_lazy("removed"),
    "renamed": gettext_lazy("renamed"),
    "renewal_begun": gettext_lazy("renewal begun"),
    "reopened": gettext_lazy("reopened"),
    "reorganised": gettext_lazy("came out of a reorganisation"),
    "replaced": gettext_lazy("replaced"),
    "replanned": gettext_lazy("planned anew"),
    "replied": gettext_lazy("replied"),
    "reported": gettext_lazy("reported"),
    "reset second step": gettext_lazy("reset the second step at sign-in"),
    "reviewed": gettext_lazy("reviewed"),
    "sample_drawn": gettext_lazy("sample drawn"),
    "saved": gettext_lazy("saved"),
    "scope_changed": gettext_lazy("scope changed"),
    "searched": gettext_lazy("looked for cameras"),
    "seated": gettext_lazy("member seated"),
    "sent again": gettext_lazy("sent again"),
    "set_up": gettext_lazy("set up"),
    "settled": gettext_lazy("marked as dealt with"),
    "showed_clause": gettext_lazy("clause shown to the public"),
    "signature_taken_back": gettext_lazy("signature taken back"),
    "signed": gettext_lazy("signed"),
    "signed_by_auditor": gettext_lazy("signed by the auditor"),
    "signed_by_operator": gettext_lazy("signed by the operator"),
    "started": gettext_lazy("started"),
    "submitted": gettext_lazy("submitted"),
    "summarised": gettext_lazy("summary written"),
    "switched off second step": gettext_lazy("switched off the second step at sign-in"),
    "switched on second step": gettext_lazy("switched on the second step at sign-in"),
    "taken_over": gettext_lazy("taken over by another body"),
    "tested": gettext_lazy("tested"),
    "told": gettext_lazy("told"),
    "unassigned": gettext_lazy("taken off again"),
    "unconfirmed": gettext_lazy("confirmation taken back"),
    "unlinked": gettext_lazy("unlinked from other systems"),
    "verdict": gettext_lazy("verdict given"),
    "voided": gettext_lazy("made void"),
    "withdrawn": gettext_lazy("withdrawn"),
    "withheld_clause": gettext_lazy("clause withheld from the public"),
    "written": gettext_lazy("written"),
    "wrote": gettext_lazy("wrote again"),
}
LONGEST_VALUE = 300
ISO = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?")


def verb_words(verb: str) -> str:
    return force_str(VERBS.get(verb, verb))


def kind_words(label: str) -> str:
    """The name of a kind of record, by its model's label; the label itself for one that the portal no longer has."""
    try:
        return force_str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):
        return label


def trail_row(entry: TrailEntry) -> dict[str, Any]:
    """One entry as the page of the trail shows it."""
    return {
        "at": entry.at,
        "actor": entry.actor or _("erased"),
        "verb": verb_words(entry.verb),
        "kind": kind_words(entry.subject_kind),
        "reference": entry.subject_reference,
        "changes": _changes(entry),
        "seal": entry.seal.number if entry.seal else None,
    }


def _changes(entry: TrailEntry) -> list[dict[str, str]]:
    """Field by field what stood before and after, in the words of the record's fields; then what is personal."""
    personal = {name: value for name, value in (entry.personal or {}).items() if name != "actor"}
    names = [name for name in dict.fromkeys([*entry.before, *entry.after]) if name not in personal]
    changes = []
    for name in names:
        before, after = entry.before.get(name), entry.after.get(name)
        if before != after and not (_is_nothing(before) and _is_nothing(after)):
            words = _FieldWords(entry.subject_kind, name)
            changes.append({"field": words.label, "before": words.of(before), "after": words.of(after)})
    for name, value in personal.items():
        words = _FieldWords(entry.subject_kind, name)
        changes.append({"field": words.label, "before": "", "after": words.of(value)})
    return changes


class _FieldWords:
    """The name of a field and its values in words: choices by their labels, dates as people write them."""

    def __init__(self, label: str, name: str) -> None:
        self.label = name.replace("_", " ")
        self.choices: dict[Any, Any] = {}
        try:
            field = apps.get_model(label)._meta.get_field(name)
        except (LookupError, ValueError, FieldDoesNotExist):
            return
        if isinstance(field, Field):
            self.label = force_str(field.verbose_name)
            self.choices = dict(field.flatchoices)

    def of(self, value: Any) -> str:
        if _is_nothing(value):
            return ""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, list):
            return ", ".join(self.of(part) for part in value)
        text = force_str(self.choices.get(value, "")) if isinstance(value, str | int) else ""
        text = text or _day_or_time(str(value)) or str(value)
        return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"


def _is_nothing(value: Any) -> bool:
    return value in (None, "", [], {})


def _day_or_time(text: str) -> str:
    """A date or a time of the trail (ISO 8601) as people write it; '' for any other text."""
    if not ISO.fullmatch(text):
        return ""
    if day := parse_date(text):
        return date_format(day, "j F Y")
    moment = parse_datetime(text)
    return date_format(moment.astimezone(LONDON), "j F Y, H:i") if moment else ""
