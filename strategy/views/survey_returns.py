"""Returns to surveys as people with an account read them: the secretary all, who was asked its own."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Organisation
from accounts.policy import require
from compliance.views.tables import csv_answer
from core.errors import IllegalMove
from strategy import survey_pages
from strategy.forms.survey_answers import SendBackForm, SignForm
from strategy.forms.surveys import AddressForm
from strategy.models import Survey, SurveyQuestion, SurveyReturn
from strategy.models.surveys import QuestionKind
from strategy.services import survey_returns as services
from strategy.services import survey_running
from strategy.views.surveys import body_or_refused, crumbs, form_page, return_tag, survey_or_404, tag_of

HEAD = ("organisation", "name", "kind", "region", "status", "signed_at", "lead", "completer_post", "signer_post")


@require_safe
def received(request: AuthenticatedHttpRequest, organisation: str, reference: str, asked: str) -> HttpResponse:
    """One return as the body that asked reads it. Three queries beside those of every page."""
    org = body_or_refused(request, organisation, "run")
    survey = survey_or_404(org, reference)
    rows = SurveyReturn.objects.filter(survey=survey).select_related("organisation", "lead")
    record = get_object_or_404(rows, organisation__slug=asked)
    record.survey = survey
    context = {
        "organisation": org,
        "survey": survey,
        "record": record,
        "tag": return_tag(record),
        **survey_pages.answered(record),
        "may_mend": survey.status == Survey.Status.OPEN,
        "may_return": record.can_move_to(SurveyReturn.Status.ASKED),
        "may_ask_again": record.status != SurveyReturn.Status.SIGNED,
        "breadcrumbs": crumbs(org, survey, record.organisation.local_name),
    }
    return render(request, "strategy/survey_return.html", context)


def _asked_or_404(request: AuthenticatedHttpRequest, organisation: str, reference: str, asked: str) -> SurveyReturn:
    """A return of an open survey. Raises IllegalMove."""
    survey = survey_or_404(body_or_refused(request, organisation, "run"), reference)
    rows = SurveyReturn.objects.filter(survey=survey).select_related("organisation")
    record = get_object_or_404(rows, organisation__slug=asked)
    record.survey = survey
    if survey.status != Survey.Status.OPEN:
        raise IllegalMove(survey, Survey.Status.OPEN)
    return record


@get_or_post
def address(request: AuthenticatedHttpRequest, organisation: str, reference: str, asked: str) -> HttpResponse:
    """Another address of a chief executive, while the survey is open."""
    record = _asked_or_404(request, organisation, reference, asked)
    form = AddressForm(posted(request), initial={"email": record.email})

    def act() -> object:
        return survey_running.correct_address(record=record, email=form.cleaned_data["email"], by=request.user)

    title = _("Correct the address: %(name)s") % {"name": record.organisation.local_name}
    lead = _("Links that were sent before end, and a new one is sent.")
    done = _("A new link is sent.")
    return form_page(request, record.survey.organisation, form, title, act, survey=record.survey, lead=lead, done=done)


@get_or_post
def return_it(request: AuthenticatedHttpRequest, organisation: str, reference: str, asked: str) -> HttpResponse:
    """A return that says too little goes back to who answered, while the survey is open."""
    record = _asked_or_404(request, organisation, reference, asked)
    if not record.can_move_to(SurveyReturn.Status.ASKED):
        raise IllegalMove(record, SurveyReturn.Status.ASKED)
    form = SendBackForm(posted(request), initial={"version": record.version})

    def act() -> object:
        return survey_running.return_to_sender(record=record, by=request.user, **form.cleaned_data)

    title = _("Send it back: %(name)s") % {"name": record.organisation.local_name}
    lead = _("It can be changed again and has to be signed anew.")
    done = _("Sent back. Whoever completes the return gets a link again.")
    return form_page(request, record.survey.organisation, form, title, act, survey=record.survey, lead=lead, done=done)


def _table(survey: Survey) -> tuple[list[SurveyQuestion], Iterator[dict[str, Any]]]:
    """Every return with every answer. Two queries."""
    questions = list(survey.questions.all())
    returns = survey.returns.select_related("organisation", "lead").order_by("organisation__name", "pk")
    return questions, (_row(each, questions) for each in returns)


def _row(record: SurveyReturn, questions: list[SurveyQuestion]) -> dict[str, Any]:
    asked = record.organisation
    signed: dt.datetime | None = record.signed_at
    head = (
        *(asked.slug, asked.name, asked.kind, asked.region, record.status, signed.isoformat() if signed else ""),
        *(record.lead.slug if record.lead else "", record.completer_post, record.signer_post),
    )
    answers = {f"answer-{each.key}": _plain(each, record.answers.get(each.key)) for each in questions}
    reasons = {f"reason-{each.key}": record.reasons.get(each.key, "") for each in questions if each.prefill}
    return dict(zip(HEAD, head, strict=True)) | answers | reasons


def _plain(question: SurveyQuestion, value: Any) -> str | int:
    """An option by its English words, a number as a number."""
    if question.kind == QuestionKind.CHOICE and str(value).isdigit():
        return str(question.options[int(value)][0])
    return value if isinstance(value, int) else str(value or "")


@require_safe
def returns_csv(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Every return with every answer, for the body that asked."""
    survey = survey_or_404(body_or_refused(request, organisation, "run"), reference)
    questions, rows = _table(survey)
    reasons = [f"reason-{each.key}" for each in questions if each.prefill]
    columns = (*HEAD, *(f"answer-{each.key}" for each in questions), *reasons)
    return csv_answer(columns, (row.values() for row in rows), name=f"{survey.reference.lower()}-returns")


@require_safe
def returns_json(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    survey = survey_or_404(body_or_refused(request, organisation, "run"), reference)
    questions, rows = _table(survey)
    content = {
        "reference": survey.reference,
        "questions": [{"key": each.key, "kind": each.kind, "text": each.text} for each in questions],
        "returns": list(rows),
    }
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "private, no-store"
    return response


def _own(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> tuple[Organisation, SurveyReturn]:
    org = body_or_refused(request, organisation, "read")
    rows = SurveyReturn.objects.filter(organisation=org).exclude(survey__status=Survey.Status.DRAFT)
    record = get_object_or_404(rows.select_related("survey__organisation", "lead"), survey__reference=reference)
    record.organisation = org
    return org, record


@require_safe
def asked(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """What the organisation was asked and what stands in its return. Three queries beside those of every page."""
    org, record = _own(request, organisation, reference)
    completed = record.status == SurveyReturn.Status.COMPLETED and record.survey.status == Survey.Status.OPEN
    context = {
        "organisation": org,
        "survey": record.survey,
        "record": record,
        "tag": return_tag(record),
        "survey_tag": tag_of(record.survey),
        **survey_pages.answered(record),
        "may_sign": completed and request.user.has_perm("strategy.sign_survey_return", org),
        "is_own": True,
        "breadcrumbs": crumbs(org, record.survey),
    }
    return render(request, "strategy/survey_return.html", context)


def _to_sign(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> tuple[Organisation, SurveyReturn]:
    """One that waits for the signature of whoever asks. Raises IllegalMove."""
    org, record = _own(request, organisation, reference)
    require(request.user, "strategy.sign_survey_return", org)
    if not record.can_move_to(SurveyReturn.Status.SIGNED):
        raise IllegalMove(record, SurveyReturn.Status.SIGNED)
    return org, record


@get_or_post
def sign(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    org, record = _to_sign(request, organisation, reference)
    form = SignForm(posted(request), initial={"version": record.version, "name": request.user.get_full_name()})

    def act() -> object:
        return services.sign(record=record, by=request.user, **form.cleaned_data)

    target = reverse("national:survey_asked", args=[org.slug, record.survey.reference])
    done = _("Signed. The return counts from now on.")
    return form_page(request, org, form, _("Sign the return"), act, survey=record.survey, target=target, done=done)


@get_or_post
def send_back(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    org, record = _to_sign(request, organisation, reference)
    form = SendBackForm(posted(request), initial={"version": record.version})

    def act() -> object:
        return services.send_back(record=record, by=request.user, **form.cleaned_data)

    target = reverse("national:survey_asked", args=[org.slug, record.survey.reference])
    done = _("Sent back. Whoever completes the return gets a link again.")
    return form_page(request, org, form, _("Send the return back"), act, survey=record.survey, target=target, done=done)
