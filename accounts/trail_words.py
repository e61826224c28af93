"""The audit trail in words for people: what was done, to what kind of record, and what changed."""

from typing import Any

from django.apps import apps
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.trail import TrailEntry

# The verbs that services write. One that is not here is shown as it was written.
VERBS = {
    "accepted": gettext_lazy("accepted"),
    "answered": gettext_lazy("answered"),
    "changed": gettext_lazy("changed"),
    "changed password": gettext_lazy("changed password"),
    "created": gettext_lazy("created"),
    "ended": gettext_lazy("ended"),
    "given": gettext_lazy("given"),
    "invited": gettext_lazy("invited"),
    "joined": gettext_lazy("joined"),
    "made site administrator": gettext_lazy("made site administrator"),
    "moved": gettext_lazy("moved to another stage"),
    "published": gettext_lazy("published"),
    "renamed": gettext_lazy("renamed"),
    "sent again": gettext_lazy("sent again"),
    "signed": gettext_lazy("signed"),
    "withdrawn": gettext_lazy("withdrawn"),
}
LONGEST_VALUE = 300


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
    """Field by field what stood before and what after; personal values, unless erased, at the end."""
    names = dict.fromkeys([*entry.before, *entry.after])
    changes = [
        {
            "field": name.replace("_", " "),
            "before": _text(entry.before.get(name)),
            "after": _text(entry.after.get(name)),
        }
        for name in names
        if entry.before.get(name) not in (None, "", [], {}) or entry.after.get(name) not in (None, "", [], {})
    ]
    personal = {name: value for name, value in (entry.personal or {}).items() if name != "actor"}
    return changes + [{"field": name, "before": "", "after": _text(value)} for name, value in personal.items()]


def _text(value: Any) -> str:
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"
