"""Answers to a consultation, for the operator: read one by one, counted, exported without names."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.policy import require
from compliance.forms.consultations import AnswerFilterForm, ReadForm
from compliance.models import Consultation, ConsultationResponse
from compliance.services import consultation_answers as services
from compliance.views.consultations import crumbs, figures_of, found_or_404
from compliance.views.tables import csv_answer
from core.errors import IllegalMove, RuleBroken
from core.forms import refused

PAGE_SIZE = 25
Release = ConsultationResponse.Release
COLOURS = {Release.UNREAD: "yellow", Release.RELEASED: "green", Release.KEPT: "grey"}
COLUMNS = ("reference", "day", "answers_as", "view", "text", "language", "may_be_published", "read", "reason")


@get_or_post
def responses(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """All answers, by page and filter; those that are ticked are said to be read."""
    found = found_or_404(request, organisation, reference)
    require(request.user, "compliance.read_responses", found)
    if found.status == Consultation.Status.DRAFT:
        raise IllegalMove(found, Consultation.Status.CLOSED)
    form = ReadForm(posted(request), consultation=found)
    if request.method == "POST":
        require(request.user, "compliance.release_responses", found)
        if form.is_valid() and _decided(request, form):
            return redirect(request.get_full_path())
    return _page(request, found, form)


def _decided(request: AuthenticatedHttpRequest, form: ReadForm) -> bool:
    read = list(form.cleaned_data["response"].select_related("consultation__organisation"))
    try:
        if form.cleaned_data["decision"] == Release.RELEASED:
            services.release_responses(responses=read, by=request.user)
        else:
            services.keep_responses(responses=read, reason=form.cleaned_data["reason"], by=request.user)
    except RuleBroken as refusal:
        refused(form, refusal)
        return False
    messages.success(request, _("Read: %(count)d.") % {"count": len(read)})
    return True


def _page(request: AuthenticatedHttpRequest, found: Consultation, form: ReadForm) -> HttpResponse:
    filters = AnswerFilterForm(request.GET)
    chosen = {name: value for name, value in filters.cleaned_data.items() if value} if filters.is_valid() else {}
    listed = found.responses.filter(**chosen).with_same_text().select_related("force")
    page = Paginator(listed.order_by("-at", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    ticked = set(request.POST.getlist("response"))
    query = request.GET.copy()
    query.pop("page", None)
    may_release = request.user.has_perm("compliance.release_responses", found)
    may_erase = request.user.has_perm("compliance.erase_respondent", found)
    context = {
        "organisation": found.organisation,
        "consultation": found,
        "figures": figures_of(found),
        "form": form,
        "filters": filters,
        "is_filtered": bool(chosen),
        "page_obj": page,
        "query": query.urlencode(),
        "rows": [answer_row(found, each, ticked=ticked, may_erase=may_erase) for each in page],
        "may_release": may_release and any(each.force_id is None for each in page),
        "breadcrumbs": crumbs(found.organisation, (found.local_title, found.get_absolute_url()), (_("Answers"), "")),
    }
    return render(request, "compliance/consultation_answers.html", context, status=422 if form.errors else 200)


def answer_row(
    found: Consultation, response: ConsultationResponse, *, ticked: set[str], may_erase: bool
) -> dict[str, Any]:
    """One answer as the operator reads it. No queries."""
    who = ", ".join(filter(None, [response.name, response.email, response.organisation]))
    url = reverse(
        "compliance:consultation_erase_person", args=[found.organisation.slug, found.reference, response.reference]
    )
    return {
        "reference": response.reference,
        "kind": capfirst(response.get_kind_display()),
        "force": response.force.local_name if response.force else "",
        "view": capfirst(response.get_view_display()),
        "text": response.text,
        "lang": response.language if response.language != "en" else "",
        "own": [
            (question["text"], own_answer(question, text))
            for question, text in zip(found.questions, response.answers, strict=False)
            if text
        ],
        "who": who,
        "at": response.at,
        "may_publish": response.may_publish,
        "is_repeated": response.is_repeated,  # type: ignore[attr-defined]
        "label": response.get_release_display(),
        "colour": COLOURS[Release(response.release)],
        "reason": response.release_reason,
        "is_ticked": response.reference in ticked,
        "is_public": response.force_id is None,
        "erase_url": url if may_erase and response.force_id is None and who else "",
    }


def own_answer(question: dict[str, str], text: str) -> str:
    """The words of an answer to a question of the consultation's own."""
    if question["kind"] != "choice":
        return text
    return {"yes": _("Yes"), "no": _("No"), "unsure": _("I am not sure")}.get(text, text)


@require_safe
def export(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """All answers as CSV, without names and mailboxes."""
    found = found_or_404(request, organisation, reference)
    require(request.user, "compliance.read_responses", found)
    columns = [*COLUMNS, *(question["text"] for question in found.questions)]
    rows = (_exported(found, each) for each in found.responses.all().iterator())
    return csv_answer(columns, rows, name=found.reference)


def _exported(found: Consultation, response: ConsultationResponse) -> list[Any]:
    answers = [*response.answers, *[""] * len(found.questions)][: len(found.questions)]
    return [
        response.reference,
        timezone.localdate(response.at).isoformat(),
        response.kind,
        response.view,
        response.text,
        response.language,
        "yes" if response.may_publish else "no",
        response.release,
        response.release_reason,
        *answers,
    ]


@require_POST
def erase(request: AuthenticatedHttpRequest, organisation: str, reference: str, answer: str) -> HttpResponse:
    """Take name and mailbox off an answer."""
    found = found_or_404(request, organisation, reference)
    require(request.user, "compliance.erase_respondent", found)
    response = get_object_or_404(found.responses.of_public(), reference=answer)
    services.erase_person(response=response, by=request.user)
    messages.success(request, _("Name and address of this answer are erased. The answer stays counted."))
    return redirect("compliance:consultation_responses", found.organisation.slug, found.reference)
