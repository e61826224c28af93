"""Words of public pages: labels of controlled values, and an authority's own texts in the language of the page."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from accounts.models import Organisation
from core.errors import Text

REGIONS: Mapping[str, Text] = {
    "North East": pgettext_lazy("region", "North East"),
    "North West": pgettext_lazy("region", "North West"),
    "Yorkshire and The Humber": pgettext_lazy("region", "Yorkshire and The Humber"),
    "East Midlands": pgettext_lazy("region", "East Midlands"),
    "West Midlands": pgettext_lazy("region", "West Midlands"),
    "East of England": pgettext_lazy("region", "East of England"),
    "London": pgettext_lazy("region", "London"),
    "South East": pgettext_lazy("region", "South East"),
    "South West": pgettext_lazy("region", "South West"),
    "Wales": pgettext_lazy("region", "Wales"),
}

KINDS_OF_AUTHORITY: Mapping[str, Text] = {
    "city_of_london": gettext_lazy("City of London Corporation"),
    "county": gettext_lazy("County council"),
    "london_borough": gettext_lazy("London borough"),
    "metropolitan_district": gettext_lazy("Metropolitan district"),
    "non_metropolitan_district": gettext_lazy("District council"),
    "unitary": gettext_lazy("Unitary authority"),
    "welsh_unitary": gettext_lazy("Principal council in Wales"),
    "highways": gettext_lazy("Highways authority"),
    "nhs": gettext_lazy("Body of the National Health Service"),
    "education": gettext_lazy("School, college or university"),
}


class OwnText(NamedTuple):
    """A text that an authority wrote. `lang` names its language where that is not the page's: 'en', 'cy', else ''."""

    text: str
    lang: str

    def __bool__(self) -> bool:
        return bool(self.text)


def own_text(texts: Mapping[str, Mapping[str, str]], field: str) -> OwnText:
    """The text in the language of the page, else in the other one, marked as such."""
    page, other = ("cy", "en") if get_language() == "cy" else ("en", "cy")
    if text := texts[page].get(field):
        return OwnText(text, "")
    text = texts[other].get(field, "")
    return OwnText(text, other if text else "")


def full_name(organisation: Organisation) -> str:
    """The name that stands above a page about the organisation."""
    return organisation.name_cy if get_language() == "cy" and organisation.name_cy else organisation.full_name


def region_name(region: str) -> str:
    return str(REGIONS.get(region, region))


def kind_name(organisation: Organisation) -> str:
    """What kind of organisation it is, as finely as the portal knows."""
    label = KINDS_OF_AUTHORITY.get(organisation.subkind)
    return str(label) if label else capfirst(organisation.get_kind_display())


def labels(values: Iterable[str], choices: Any) -> list[str]:
    """The words for values of a controlled list, in the list's own order; a value that it lacks is left out."""
    chosen = set(values)
    return [str(choice.label) for choice in choices if choice.value in chosen]


def day(text: str | None) -> dt.date | None:
    """A frozen ISO date."""
    return dt.date.fromisoformat(text) if text else None


def yes_no(value: bool) -> str:
    return _("Yes") if value else _("No")
