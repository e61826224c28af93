"""A date as people know it by heart: three inputs for day, month and year, and errors that say which is wrong."""

import calendar
import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils import dates, translation
from django.utils.translation import gettext_lazy as _


class DateParts(NamedTuple):
    """A date as it was typed, whatever it says."""

    day: str = ""
    month: str = ""
    year: str = ""


PART_LABELS = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
PART_WIDTHS = {"day": 2, "month": 2, "year": 4}
MISSING_PARTS = {
    ("day",): _("The date must include a day."),
    ("month",): _("The date must include a month."),
    ("year",): _("The date must include a year."),
    ("day", "month"): _("The date must include a day and a month."),
    ("day", "year"): _("The date must include a day and a year."),
    ("month", "year"): _("The date must include a month and a year."),
}


class MemorableDateWidget(forms.Widget):
    """Inputs named `<field>_day`, `<field>_month` and `<field>_year`, with ids of the same shape."""

    template_name = "django/forms/widgets/memorable_date.html"
    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        attrs = dict(attrs or {})
        wrong = str(attrs.pop("wrong_parts", "")).split()
        context = super().get_context(name, None, attrs)
        typed = self._parts(value)
        identifier = context["widget"]["attrs"].get("id", "")
        context["widget"]["parts"] = [
            {
                "id": f"{identifier}_{part}" if identifier else "",
                "name": f"{name}_{part}",
                "label": label,
                "value": getattr(typed, part),
                "width": PART_WIDTHS[part],
                "wrong": part in wrong,
            }
            for part, label in PART_LABELS.items()
        ]
        return context

    @staticmethod
    def _parts(value: Any) -> DateParts:
        if isinstance(value, DateParts):
            return value
        if isinstance(value, dt.date):
            return DateParts(str(value.day), str(value.month), str(value.year))
        return DateParts()

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> DateParts:
        return DateParts(*(str(data.get(f"{name}_{part}") or "").strip() for part in DateParts._fields))

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(f"{name}_{part}" in data for part in DateParts._fields)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_day" if id_ else ""


class MemorableDateField(forms.DateField):
    """A date from three inputs; the month may be a number or its name. `clean` gives a `datetime.date` or None."""

    widget = MemorableDateWidget
    default_error_messages: ClassVar[dict[str, Any]] = {
        "not_real": _("Enter a real date, for example 27 3 2026."),
        "year_digits": _("The year must have four digits."),
    }

    def to_python(self, value: Any) -> dt.date | None:
        if not isinstance(value, DateParts):
            return super().to_python(value)
        missing = tuple(part for part in DateParts._fields if not getattr(value, part))
        if len(missing) == len(value):
            return None
        if missing:
            raise ValidationError(MISSING_PARTS[missing], code="parts_missing", params={"parts": missing})
        day, month, year = _number(value.day), _month(value.month), _number(value.year)
        if year is not None and len(value.year) != PART_WIDTHS["year"]:
            raise self._error("year_digits", ("year",))
        wrong = tuple(
            part for part, number in zip(DateParts._fields, (day, month, year), strict=True) if number is None
        )
        if day is None or month is None or year is None:
            raise self._error("not_real", wrong)
        try:
            return dt.date(year, month, day)
        except ValueError:
            raise self._error("not_real", ("day", "month", "year")) from None

    def _error(self, code: str, parts: tuple[str, ...]) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params={"parts": parts})

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


class DayOrMonthField(MemorableDateField):
    """The same, where the day may be left empty because no more than the month is known: then `clean` gives the first
    day of the month, or its last one, and `is_month_alone` of what was typed is true.
    """

    def __init__(self, *, ends: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.ends = ends  # the end of something: the last day of the month

    def to_python(self, value: Any) -> dt.date | None:
        if not is_month_alone(value):
            return super().to_python(value)
        first = super().to_python(value._replace(day="1"))
        if first is None or not self.ends:
            return first
        return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def is_month_alone(typed: Any) -> bool:
    """Whether a month and a year were typed, and no day."""
    return isinstance(typed, DateParts) and not typed.day and bool(typed.month and typed.year)


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= PART_WIDTHS["year"] else None


def _month(typed: str) -> int | None:
    """1 to 12 from a number or from a month's name, long or short, in the language of the page or in English."""
    number = _number(typed)
    if number is not None:
        return number if 1 <= number <= len(dates.MONTHS) else None
    wanted = typed.strip(". ").casefold()
    for language in (translation.get_language(), "en"):
        with translation.override(language):
            for names in (dates.MONTHS, dates.MONTHS_3):
                for position, name in names.items():
                    if str(name).casefold() == wanted:
                        return position
    return None
