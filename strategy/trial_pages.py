"""What pages and files show of a trial, from frozen content, in the language of the page."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from compliance.models.vocabulary import LegalBasis
from core.errors import Text
from strategy.models.trials import Choice, Stage, TrialKind, Tried, stage_of
from transparency.pages.words import OwnText, day, own_text

Content = Mapping[str, Any]


def stage(content: Content, on: dt.date) -> Stage:
    """How it stands on a day, by what was published. `content` may be a summary."""
    days = content.get("days", content)
    starts_on, ends_on, due_on = (day(days[name]) for name in ("starts_on", "ends_on", "evaluation_due_on"))
    return stage_of(content["status"], starts_on, ends_on, due_on, on)


def written(both: Mapping[str, str]) -> OwnText:
    """A text of the organisation's own, in the language of the page where it is written in it."""
    return own_text({tag: {"text": both.get(tag, "")} for tag in ("en", "cy")}, "text")


def sections(content: Content) -> list[dict[str, Any]]:
    """The page's parts with their rows, in reading order; rows without a value are left out."""
    parts = (
        (_("What it is"), "about", _about(content)),
        (_("Where and when"), "when", _when(content)),
        (_("On which ground"), "law", _ground(content)),
        (_("People and proof"), "proof", _proof(content)),
        (_("What came of it"), "outcome", _outcome(content)),
    )
    told = ((title, key, [row for row in rows if row["value"]]) for title, key, rows in parts)
    return [{"title": title, "key": key, "rows": rows} for title, key, rows in told if rows]


def _row(key: Text, value: Text) -> dict[str, Any]:
    return {"key": key, "value": capfirst(str(value))}


def _own(content: Content, key: Text, name: str) -> dict[str, Any]:
    text, lang = written(content["texts"].get(name, {}))
    return {"key": key, "value": text, "lang": lang}


def _date(content: Content, name: str) -> str:
    found = day(content["days"][name])
    return date_format(found, "j F Y") if found else ""


def _about(content: Content) -> Iterator[dict[str, Any]]:
    yield _row(_("Kind"), TrialKind(content["kind"]).label)
    yield _row(_("Technology"), Tried(content["technology"]).label)
    yield _own(content, _("What it is to find out"), "purpose")
    yield _row(_("Partners and suppliers"), content["partners"])


def _when(content: Content) -> Iterator[dict[str, Any]]:
    yield _own(content, _("Place"), "place")
    yield _row(_("First day"), _date(content, "starts_on"))
    yield _row(_("Last day"), _date(content, "ends_on"))
    yield _row(_("Evaluation by"), _date(content, "evaluation_due_on"))


def _ground(content: Content) -> Iterator[dict[str, Any]]:
    basis = content["legal_basis"]
    yield _row(_("Legal basis"), LegalBasis(basis).label if basis else "")
    yield _own(content, _("The law it rests on"), "law")
    yield _own(content, _("Whom it looks for, and how that list is made"), "watchlist")
    yield _row(_("Data protection impact assessment"), _assessed(content["dpia"], content["dpia_words"]))
    yield _row(_("Equality assessment"), _assessed(content["equality"], content["equality_words"]))


def _assessed(record: Mapping[str, str] | None, words: str) -> str:
    if record is None:
        return words
    signed = day(record["signed_on"])
    told = {"reference": record["reference"], "day": date_format(signed, "j F Y") if signed else ""}
    sentence = _("%(reference)s, signed on %(day)s") % told if signed else record["reference"]
    return f"{sentence}. {words}" if words else sentence


def _proof(content: Content) -> Iterator[dict[str, Any]]:
    yield _own(content, _("How people on the spot are told"), "told")
    yield _own(content, _("By what it is judged"), "success")


def _outcome(content: Content) -> Iterator[dict[str, Any]]:
    yield _own(content, _("What was found"), "evaluation")
    yield _row(_("Evaluated by"), content["evaluated_by"])
    yield _row(_("Evaluated on"), _date(content, "evaluated_on"))
    yield _row(_("Decision"), Choice(content["choice"]).label if content["choice"] else "")
    yield _own(content, _("Reasons for the decision"), "decision")
    yield _row(_("Deciding post"), content["decided_by"])
    yield _row(_("Decided on"), _date(content, "decided_on"))
    yield _own(content, _("Why it was given up"), "abandoned_because")
