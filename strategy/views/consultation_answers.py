"""Answers to a national consultation, read one by one by the secretary."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from compliance.models import Consultation, ConsultationResponse
from core.bilingual import local_text
from core.errors import IllegalMove, RuleBroken
from core.forms import refused
from strategy.consultation_pages import in_lines
from strategy.forms.consultations import DecideForm
from strategy.models import NationalConsultation, NationalResponse
from strategy.models.consultations import QuestionKind
from strategy.services import consultation_responses as services
from strategy.services.consultation_questions import words_of
from strategy.services.consultation_responses import moment_words
from strategy.views.consultations import body_or_refused, crumbs, national_or_404

PAGE_SIZE = 50
Release = ConsultationResponse.Release


def _of(national: NationalConsultation) -> Any:
    return NationalResponse.objects.filter(response__consultation=national.consultation).select_related("response")


def standing(each: NationalResponse) -> dict[str, str]:
    if each.response.release == Release.UNREAD:
        return {"label": _("not read yet"), "colour": "yellow"}
    if each.is_set_aside:
        return {"label": _("set aside"), "colour": "red"}
    if each.response.release == Release.RELEASED:
        return {"label": _("counted, to be published"), "colour": "green"}
    return {"label": _("counted, not published"), "colour": "grey"}


def _row(each: NationalResponse) -> dict[str, Any]:
    response = each.response
    likeness = []
    if getattr(each, "has_same_words", False):
        likeness.append(_("same words as another answer"))
    if getattr(each, "has_same_sender", False):
        likeness.append(_("same organisation as another answer"))
    return {
        "reference": response.reference,
        "who": response.organisation if each.is_organisation else response.name or _("a person"),
        "at": moment_words(response.at),
        "likeness": likeness,
        **standing(each),
    }


@require_safe
def answers(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Unread ones first; what is like another answer says so. Two queries beside those of every page and the record."""
    org = body_or_refused(request, organisation, "run")
    found = national_or_404(org, reference)
    rows = (
        _of(found).with_likeness().order_by("-response__release", "response__at", "pk")
    )  # "unread" comes last by name
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "organisation": org,
        "consultation": found.consultation,
        "page_obj": page,
        "rows": [_row(each) for each in page],
        "may_decide": found.consultation.status in (Consultation.Status.OPEN, Consultation.Status.CLOSED),
        "breadcrumbs": crumbs(org, found, _("Answers")),
    }
    return render(request, "strategy/consultation_answers.html", context)


@require_POST
def accept(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """All that were ticked, at once."""
    org = body_or_refused(request, organisation, "run")
    found = national_or_404(org, reference)
    if found.consultation.status not in (Consultation.Status.OPEN, Consultation.Status.CLOSED):
        raise IllegalMove(found.consultation, Consultation.Status.CONCLUDED)
    ticked = list(_of(found).filter(response__reference__in=request.POST.getlist("answer")[:PAGE_SIZE]))
    for each in ticked:
        each.response.consultation = found.consultation
    services.accept(responses=ticked, by=request.user)
    messages.success(request, _("Accepted: %(count)d.") % {"count": len(ticked)})
    return redirect("national:consultation_answers", org.slug, reference)


@get_or_post
def answer(request: AuthenticatedHttpRequest, organisation: str, reference: str, answer: str) -> HttpResponse:
    """One answer in full, what is like it, and the decision on it."""
    org = body_or_refused(request, organisation, "run")
    found = national_or_404(org, reference)
    each = get_object_or_404(_of(found).with_likeness(), response__reference=answer)
    each.response.consultation = found.consultation
    asked = list(zip(found.consultation.questions, each.response.answers, strict=False))
    texts = [
        (question["key"], _question(question), each.shown_answers.get(question["key"], text))
        for question, text in asked
        if question["kind"] == QuestionKind.TEXT and text
    ]
    form = DecideForm(posted(request), texts=texts)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _decide(each, form, request)
            except RuleBroken as refusal:
                status = refused(form, refusal, "reason")
            else:
                messages.success(request, _("Recorded."))
                return redirect("national:consultation_answers", org.slug, reference)
    context = {
        "organisation": org,
        "row": _row(each),
        "rows": _shown(each, asked),
        "form": form,
        "may_decide": found.consultation.status in (Consultation.Status.OPEN, Consultation.Status.CLOSED),
        "cancel_url": reverse("national:consultation_answers", args=[org.slug, reference]),
        "breadcrumbs": crumbs(org, found, _("Answer %(reference)s") % {"reference": answer}),
    }
    return render(request, "strategy/consultation_answer.html", context, status=status)


def _question(question: dict[str, Any]) -> str:
    return local_text(type("Asked", (), question), "text")


def _shown(each: NationalResponse, asked: list[tuple[dict[str, Any], Any]]) -> list[dict[str, Any]]:
    response, nothing = each.response, _("not given")
    rows: list[dict[str, Any]] = [
        {"key": _("Answers"), "value": _("for an organisation") if each.is_organisation else _("as a person")},
        {"key": _("Organisation"), "value": response.organisation or nothing},
        {"key": _("Name"), "value": response.name or nothing},
        {"key": _("Email address"), "value": response.email or nothing},
        {"key": _("May it be published?"), "value": each.get_consent_display()},
        {"key": _("Came by"), "value": each.get_channel_display()},
    ]
    lang = response.language
    for question, given in asked:
        rows.append(
            {"key": _question(question), **in_lines(words_of(question, given) or [_("no answer")]), "lang": lang}
        )
    if response.release_reason:
        rows.append({"key": _("Reason"), "value": response.release_reason})
    return rows


def _decide(each: NationalResponse, form: DecideForm, request: AuthenticatedHttpRequest) -> None:
    cleaned = form.cleaned_data
    by, reason, responses = request.user, cleaned["reason"], [each]
    services.redact(national=each, texts={key: cleaned[f"text-{key}"] for key in form.keys}, by=by)
    if cleaned["decision"] == "accept":
        services.accept(responses=responses, by=by)
    elif cleaned["decision"] == "withhold":
        services.withhold(responses=responses, reason=reason, by=by)
    else:
        services.set_aside(responses=responses, reason=reason, by=by)
