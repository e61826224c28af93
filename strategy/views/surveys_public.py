"""Surveys for everybody: what was published, the figures that others reported, marked as such, two of them compared,
and all of it as data.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.formats import number_format
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from compliance.views.tables import csv_answer
from strategy import survey_comparison, survey_register, survey_tables
from strategy.services import publish_survey
from transparency.models import Publication
from transparency.views.public import answer, language_of, open_data, public

COLUMNS = ("survey", "year", "reported_on", "figure", "number", "more_than", "source", "source_url")


@public
def surveys(request: HttpRequest) -> HttpResponse:
    """One query: what was reported is shipped with the portal."""
    language, _path = language_of(request)
    with override(language.code):
        context = {
            "rows": [survey_register.line(each) for each in survey_register.published()],
            "reported": [_shown(each) for each in survey_tables.reported()],
        }
    return answer(request, "strategy/surveys_public.html", context)


def _newest(reference: str) -> Publication:
    found = publish_survey.newest_of(reference)
    if found is None or not found.organisation.is_counted:
        raise Http404
    return found


@public
def survey(request: HttpRequest, reference: str) -> HttpResponse:
    """The newest version, or that it was withdrawn. One query."""
    publication = _newest(reference)
    language, _path = language_of(request)
    with override(language.code):
        context = {
            **survey_register.shown(publication.facts()),
            "publication": publication,
            "organisation": publication.organisation.local_name,
        }
    return answer(request, "strategy/survey_public.html", context)


def _standing(reference: str) -> Publication:
    publication = _newest(reference)
    if publication.is_withdrawn:
        raise Http404
    return publication


@public
def survey_csv(request: HttpRequest, reference: str) -> HttpResponse:
    """Every number that the page shows, one in each row; what the page leaves out is left out."""
    publication = _standing(reference)
    language, _path = language_of(request)
    with override(language.code):
        rows = list(survey_register.table(publication.facts()))
    return open_data(csv_answer(survey_register.COLUMNS, rows, name=publication.subject_reference.lower()))


@public
def survey_json(request: HttpRequest, reference: str) -> HttpResponse:
    """The frozen tables in both languages."""
    publication = _standing(reference)
    content = {"licence": settings.PORTAL_LICENCE_URL, "version": publication.version, **publication.facts()}
    return open_data(JsonResponse(content, json_dumps_params={"ensure_ascii": False}))


@public
def compare(request: HttpRequest) -> HttpResponse:
    """`with` in the address names two; else they are chosen. Two queries."""
    wanted = [each.replace("\x00", "") for each in request.GET.getlist("with")[:2]]
    language, _path = language_of(request)
    with override(language.code):
        found = survey_comparison.sides(wanted)
        offered = survey_comparison.offered()
        chosen = [each.key for each in found] + ["", ""]
        context: dict[str, Any] = {
            "lists": [
                {"name": name, "choices": [(key, title, key == chosen[place]) for key, title in offered]}
                for place, name in enumerate((_("First survey"), _("Second survey")))
            ],
            "compared": survey_comparison.compared(found) if len(found) == 2 else None,
            "is_asked": bool(wanted),
        }
    return answer(request, "strategy/survey_compare.html", context, query=request.GET.urlencode())


def _shown(survey: dict[str, Any]) -> dict[str, Any]:
    """In the language of the page."""
    tag = "cy" if (get_language() or "").startswith("cy") else "en"
    return {
        "key": survey["key"],
        "title": survey["title"][tag],
        "reported_on": survey["published_on"],
        "source": survey["source"]["name"][tag],
        "url": survey["source"]["url"],
        "rows": [{"what": each["text"][tag], "number": _number(each)} for each in survey["figures"]],
    }


def _number(figure: dict[str, Any]) -> str:
    number = number_format(figure["number"], force_grouping=True)
    return _("More than %(number)s") % {"number": number} if figure["more_than"] else number


def _data(survey: dict[str, Any], figure: dict[str, Any]) -> dict[str, str]:
    day: dt.date = survey["published_on"]
    values = (
        *(survey["key"], str(survey["year"]), day.isoformat(), figure["key"], str(figure["number"])),
        *("yes" if figure["more_than"] else "no", survey["source"]["name"]["en"], survey["source"]["url"]),
    )
    return dict(zip(COLUMNS, values, strict=True))


def _rows() -> list[dict[str, str]]:
    return [_data(survey, figure) for survey in survey_tables.reported() for figure in survey["figures"]]


@public
def reported_csv(_request: HttpRequest) -> HttpResponse:
    return open_data(csv_answer(COLUMNS, (list(row.values()) for row in _rows()), name="surveys-reported"))


@public
def reported_json(_request: HttpRequest) -> HttpResponse:
    content = {"licence": settings.PORTAL_LICENCE_URL, "counted_by_the_portal": False, "figures": _rows()}
    return open_data(JsonResponse(content, json_dumps_params={"ensure_ascii": False}))
