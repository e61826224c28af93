"""Refusals become pages: what was refused, why, and what to do next."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core.context import portal
from core.errors import IllegalMove, Incomplete, PortalError, Problem, RuleBroken, StaleRecord
from core.sent import page_before, typed_texts


class RefusalMiddleware:
    """Renders what services refuse: 422 incomplete or against a rule, 409 wrong state or overtaken."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "GET" and not response.content:
            return opened_without_its_form(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, PortalError):
            return None
        return refused(request, exception)


def refused(request: HttpRequest, error: PortalError) -> HttpResponse:
    """The page for one refusal."""
    problems: Sequence[Problem] = ()
    steps = _next_steps(request)
    if isinstance(error, StaleRecord):
        status, title = 409, _("Somebody else changed this first")
        lead = _("Nothing was written. Open the page again to see how it stands now, then repeat what is still needed.")
    elif isinstance(error, IllegalMove):
        status, title = 409, _("This is not possible now")
        lead = _("The record is at the stage “%(now)s”, from which this step cannot be taken. Nothing was written.") % {
            "now": _stage(error)
        }
        steps = [*_to_the_record(request, error.record), *steps]
    elif isinstance(error, Incomplete):
        status, title = 422, _("Something is still missing")
        lead = _("Nothing was written. Put these right, then try again:")
        problems = error.problems
    elif isinstance(error, RuleBroken):
        status, title, lead = 422, _("This cannot be done"), str(error.sentence)
    else:
        status, title, lead = 422, _("This cannot be done"), str(error)
    context = {"title": title, "lead": lead, "problems": problems, "next_steps": steps}
    context["typed_texts"] = typed_texts(request)
    return render(request, "errors/refused.html", context, status=status)


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form that does not belong to this sign-in (CSRF): somebody signed in again since it was opened."""
    return render(request, "403_csrf.html", {"typed_texts": typed_texts(request)}, status=403)


def opened_without_its_form(request: HttpRequest, refusal: HttpResponse) -> HttpResponse:
    """The page for an address that takes a form only, opened as a link, such as one kept or one after sign-in."""
    context = {
        "title": _("This address takes a form only"),
        "lead": _("It was opened without one, so nothing was changed. Go to the page of the record and choose again."),
        "next_steps": [{"label": _("What waits for me"), "url": "/workspace/"}],
    }
    page = render(request, "errors/refused.html", context, status=405)
    page["Allow"] = refusal["Allow"]
    return page


def fault(request: HttpRequest) -> HttpResponse:
    """The page for a fault of the portal: without session, user or database, which may be what failed."""
    return HttpResponseServerError(render_to_string("500.html", portal(request)))


def _stage(error: IllegalMove) -> str:
    display = getattr(error.record, "get_status_display", None)
    return str(display()) if display else error.before


def _to_the_record(request: HttpRequest, record: Any) -> list[dict[str, str]]:
    """The page of the record as it is now, for members of the organisation whose workspace it stands in."""
    address = getattr(record, "get_absolute_url", None)
    owner = getattr(record, "trail_organisation", None)
    user: Any = getattr(request, "user", None)
    if address is None or owner is None or user is None or not user.is_authenticated:
        return []
    is_member = owner().pk in user.organisation_ids()
    return [{"label": _("See how it stands now"), "url": address()}] if is_member else []


def _next_steps(request: HttpRequest) -> list[dict[str, str]]:
    """Back to the page of the act, and home: both always exist."""
    steps = []
    if request.method == "POST" and (before := page_before(request)):
        steps.append({"label": _("Back to the page before"), "url": before})
    steps.append({"label": _("What waits for me"), "url": "/workspace/"})
    return steps
