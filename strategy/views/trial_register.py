"""Trials and research for everybody: the register, one of them with its versions, and data. All live."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import override

from compliance.views.tables import csv_answer
from core.dates import today
from strategy import trial_pages
from strategy import trial_register as register
from strategy.models.trials import STAGE_COLOURS
from strategy.services import publish_trial
from transparency.views.public import answer, language_of, open_data, public

ROWS_A_PAGE = 50


@public
def trials(request: HttpRequest) -> HttpResponse:
    """Filtered and paged. One query."""
    choice, on = register.Choice.of(request.GET), today()
    pages = Paginator(register.published(choice, on), ROWS_A_PAGE)
    page_obj = pages.get_page(request.GET.get("page"))
    language, _path = language_of(request)
    with override(language.code):
        context = {
            "rows": [register.line(each, on) for each in page_obj.object_list],
            "page_obj": page_obj,
            "count": pages.count,
            "query": choice.text,
            "lists": register.options(choice),
            "is_filtered": bool(choice),
            "as_of": on,
        }
    return answer(request, "strategy/trials_public.html", context, query=request.GET.urlencode())


@public
def trial(request: HttpRequest, reference: str) -> HttpResponse:
    """The newest version, or that it was withdrawn. Two queries."""
    publication = publish_trial.newest_of(reference)
    if publication is None or not publication.organisation.is_counted:
        raise Http404
    content, on = publication.facts(), today()
    language, _path = language_of(request)
    with override(language.code):
        stage = trial_pages.stage(content, on)
        context = {
            "publication": publication,
            "reference": publication.subject_reference,
            "title": trial_pages.written(content["texts"]["title"]),
            "organisation": publication.organisation.local_name,
            "stage": stage.label,
            "colour": STAGE_COLOURS[stage],
            "sections": [] if publication.is_withdrawn else trial_pages.sections(content),
            "report": content["evaluation_url"],
            "versions": list(register.versions(publication.subject_reference)),
            "as_of": on,
        }
    return answer(request, "strategy/trial_public.html", context)


@public
def trials_csv(request: HttpRequest) -> HttpResponse:
    """The filter of the page holds here too."""
    on = today()
    rows = register.published(register.Choice.of(request.GET), on, with_content=True)
    table = ([value or "" for value in register.data(each, on).values()] for each in rows)
    return open_data(csv_answer(register.COLUMNS, table, name="trials"))


@public
def trials_json(request: HttpRequest) -> HttpResponse:
    on = today()
    rows = register.published(register.Choice.of(request.GET), on, with_content=True)
    content = {
        "as_of": on.isoformat(),
        "licence": settings.PORTAL_LICENCE_URL,
        "trials": [register.data(each, on) for each in rows],
    }
    return open_data(JsonResponse(content, json_dumps_params={"ensure_ascii": False}))
