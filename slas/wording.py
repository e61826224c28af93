"""Writing a clause from the values of its structured fields, and judging such values. Pure: no database."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from compliance.services.texts import checked_text
from core.bilingual import is_welsh_page
from core.errors import Incomplete, Problem, RuleBroken
from core.yaml_reader import Words
from slas.clause_files import NUMBERS, PLACEHOLDER, ClauseText, FieldText, Paragraph, local

ENGLISH, WELSH = "en-gb", "cy"
TEXT_FIELD_LIMIT = 1000
FIRST_DAY, LAST_DAY = dt.date(1950, 1, 1), dt.date(2199, 12, 31)
MOST_PLACES = 2  # of a number that is not whole
Values = Mapping[str, Any]
_BLANK_LINES = re.compile(r"\n{3,}")
_INNER_AND = re.compile(r" (and|a|ac) ")
_VOWELS, _ASPIRATED = frozenset("aeiouwyâêîôûŵŷ"), frozenset("cpt")


@dataclass(frozen=True)
class Written:
    """A clause in both languages. `missing`: required fields that are not filled in; the text shows where they go."""

    en: str
    cy: str
    missing: tuple[str, ...]


def write(clause: ClauseText, values: Values, given: Mapping[str, Words]) -> Written:
    """The wording for these values, which `clean_values` gave. `given` has what the agreement itself says."""
    paragraphs = [each for each in clause.paragraphs if _applies(each, values)]
    with override(ENGLISH):
        english = _joined(
            _filled(each.text.en, clause, values, {k: w.en for k, w in given.items()}) for each in paragraphs
        )
    with override(WELSH):
        welsh = _joined(
            _filled(each.text.cy, clause, values, {k: w.cy or w.en for k, w in given.items()}) for each in paragraphs
        )
    return Written(english, welsh, tuple(field.key for field in missing_fields(clause, values)))


def _joined(paragraphs: Iterable[str]) -> str:
    return _BLANK_LINES.sub("\n\n", "\n\n".join(paragraphs)).strip()


def _applies(paragraph: Paragraph, values: Values) -> bool:
    return all(_is(values.get(field), wanted) for field, wanted in paragraph.when)


def _is(value: Any, wanted: Any) -> bool:
    if wanted == "given":
        return not is_blank(value)
    if wanted == "blank":
        return is_blank(value)
    if isinstance(wanted, tuple):
        return value in wanted or (isinstance(value, list) and bool(set(value) & set(wanted)))
    return bool(value == wanted) or (isinstance(value, list) and wanted in value)


def _filled(text: str, clause: ClauseText, values: Values, given: Mapping[str, str]) -> str:
    fields = {field.key: field for field in clause.fields}

    def replace(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in fields:
            return given[name]
        shown = in_words(fields[name], values.get(name))
        return shown or f"[{fields[name].local_label}]"

    return PLACEHOLDER.sub(replace, text)


# --- values ---


def is_blank(value: Any) -> bool:
    return value is None or value in ("", [])


def is_asked(field: FieldText, values: Values) -> bool:
    """Whether a field is asked for, given the values of the others."""
    return field.only_if is None or _is(values.get(field.only_if[0]), field.only_if[1])


def missing_fields(clause: ClauseText, values: Values) -> list[FieldText]:
    """Required fields that are asked for and not filled in."""
    return [f for f in clause.fields if f.required and is_asked(f, values) and is_blank(values.get(f.key))]


def suggested_values(clause: ClauseText) -> dict[str, Any]:
    """What the library suggests, as values are stored."""
    return clean_values(clause, {field.key: field.suggested for field in clause.fields})


def clean_values(clause: ClauseText, raw: Values) -> dict[str, Any]:
    """Values as they are stored: plain JSON, decimals as texts, days as ISO, what is not asked for left out.

    Raises Incomplete with a sentence for each field that does not fit, named by `field`.
    """
    found: dict[str, Any] = {}
    problems = []
    for field in clause.fields:  # what one depends on stands before it
        value = raw.get(field.key)
        if is_blank(value) or not is_asked(field, found):
            continue
        try:
            cleaned = _clean(field, value)
        except (ValueError, InvalidOperation, TypeError, RuleBroken):
            problems.append(Problem(_sentence(field), field=field.key))
            continue
        if field.not_before in found and cleaned < found[field.not_before]:  # ISO days sort as days do
            problems.append(Problem(_too_early(clause, field), field=field.key))
        elif not is_blank(cleaned):
            found[field.key] = cleaned
    if problems:
        raise Incomplete(problems)
    return found


def _clean(field: FieldText, value: Any) -> Any:
    if field.kind in NUMBERS:
        return _number(field, value)
    if field.kind == "date":
        return _day(value).isoformat()
    if field.kind == "yes_no":
        if value not in (True, False, "yes", "no"):
            raise ValueError
        return value in (True, "yes")
    if field.kind == "text":
        return " ".join(checked_text(str(value), limit=TEXT_FIELD_LIMIT).split())
    keys = [choice.key for choice in field.choices]
    if field.kind == "several":
        if isinstance(value, str) or not set(value) <= set(keys):
            raise ValueError
        return [key for key in keys if key in set(value)]
    if value not in keys:
        raise ValueError
    return value


def _day(value: Any) -> dt.date:
    day = value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError
    return day


def _number(field: FieldText, value: Any) -> int | str:
    number = Decimal(str(value))
    if not number.is_finite() or not Decimal(str(field.minimum)) <= number <= Decimal(str(field.maximum)):
        raise ValueError
    places = 0 if field.kind == "whole" else MOST_PLACES
    if number != round(number, places):
        raise ValueError
    return format(number.normalize(), "f") if places else int(number)


def _sentence(field: FieldText) -> str:
    if field.kind in NUMBERS:
        low, high = _plain_number(field.minimum), _plain_number(field.maximum)
        whole = _("%(label)s: enter a whole number from %(low)s to %(high)s.")
        broken = _("%(label)s: enter a number from %(low)s to %(high)s.")
        return (whole if field.kind == "whole" else broken) % {"label": field.local_label, "low": low, "high": high}
    if field.kind == "text":
        sentence = _("%(label)s: at most %(n)d characters fit.")
        return sentence % {"label": field.local_label, "n": TEXT_FIELD_LIMIT}
    if field.kind == "date":
        return _("%(label)s: enter a day such as 27 3 2027.") % {"label": field.local_label}
    return _("%(label)s: choose one of the answers shown.") % {"label": field.local_label}


def _too_early(clause: ClauseText, field: FieldText) -> str:
    sentence = _("%(label)s: this day is before the other: %(other)s.")
    return sentence % {"label": field.local_label, "other": clause.field(field.not_before).local_label}


# --- values in words, in the language that is active ---


def in_words(field: FieldText, value: Any) -> str:
    """A stored value as a reader sees it; empty where there is none."""
    if is_blank(value):
        return ""
    if field.kind in NUMBERS:
        return _with_unit(field, Decimal(str(value)))
    if field.kind == "date":
        return date_format(dt.date.fromisoformat(value), "j F Y")
    if field.kind == "yes_no":
        return _("yes") if value else _("no")
    if field.choices:
        names = {choice.key: local(choice.name) for choice in field.choices}
        return in_list([names[key] for key in (value if isinstance(value, list) else [value]) if key in names])
    return str(value)


def in_list(names: list[str]) -> str:
    """Names as a list in a sentence, in the active language; with semicolons where commas would not tell them apart."""
    if len(names) < 2:
        return "".join(names)
    *first, last = names
    many = any("," in name for name in names) or (len(names) > 2 and any(map(_INNER_AND.search, names)))
    final = _ac(last) if is_welsh_page() else f"and {last}"
    return ("; " if many else ", ").join(first) + ("; " if many else " ") + final


def _ac(word: str) -> str:
    """“And” before a Welsh word: `ac` before a vowel, else `a`, which takes in the article and changes c, p and t.
    Names keep their letters, but for the word that begins most councils' Welsh names.
    """
    article, _space, rest = word.partition(" ")
    if article in ("y", "yr"):
        return f"a'r {rest}"
    if word[:1].lower() in _VOWELS:
        return f"ac {word}"
    if word.startswith("Cyngor "):
        return f"a Ch{word[1:]}"
    if word[:1] in _ASPIRATED and word[1:2] != "h":
        return f"a {word[0]}h{word[1:]}"
    return f"a {word}"


def _plain_number(number: Any) -> str:
    value = Decimal(str(number)).normalize()
    whole = value == value.to_integral_value()
    return f"{int(value):,}" if whole else f"{value:,f}"


def _with_unit(field: FieldText, number: Decimal) -> str:
    shown = _plain_number(number)
    if field.kind == "money":
        return f"£{number:,.2f}" if "." in shown else f"£{shown}"
    if field.kind == "percent":
        return f"{shown}%"
    return with_unit(field.unit, number)


def with_unit(unit: str, number: Decimal) -> str:
    """A number with its unit in words; the number alone where the unit has none."""
    shown = _plain_number(number)
    n = int(number) if number == number.to_integral_value() else 5  # a broken number takes the general plural
    return (_unit(unit, n) % {"n": shown}) if unit in UNIT_WORDS else shown


UNIT_WORDS = frozenset(
    {"days", "working_days", "hours", "minutes", "seconds", "weeks", "months", "years", "times_a_year"}
)


def _unit(unit: str, n: int) -> str:
    words = {
        "days": ngettext("%(n)s day", "%(n)s days", n),
        "working_days": ngettext("%(n)s working day", "%(n)s working days", n),
        "hours": ngettext("%(n)s hour", "%(n)s hours", n),
        "minutes": ngettext("%(n)s minute", "%(n)s minutes", n),
        "seconds": ngettext("%(n)s second", "%(n)s seconds", n),
        "weeks": ngettext("%(n)s week", "%(n)s weeks", n),
        "months": ngettext("%(n)s month", "%(n)s months", n),
        "years": ngettext("%(n)s year", "%(n)s years", n),
        "times_a_year": ngettext("once a year", "%(n)s times a year", n),
    }
    return words[unit]


def differences(clause: ClauseText, before: Values, after: Values) -> list[tuple[str, str, str]]:
    """The fields whose values differ: label, the value before and the one after, in words."""
    return [
        (field.local_label, in_words(field, before.get(field.key)), in_words(field, after.get(field.key)))
        for field in clause.fields
        if before.get(field.key) != after.get(field.key)
    ]
