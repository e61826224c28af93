"""Surveys in the workspace of a national body: drafted, asked, opened, reminded of, closed, published."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.models import Kind, Organisation
from accounts.policy import require
from compliance.views.tables import csv_answer
from core.errors import IllegalMove, RuleBroken, StaleRecord
from core.forms import keep_typed, refused
from strategy import shares, survey_facts, survey_lists, survey_register, survey_tables
from strategy.forms.survey_answers import SurveyAnswersForm
from strategy.forms.surveys import AskForm, StepForm, SurveyForm, SurveyQuestionForm
from strategy.models import Survey, SurveyReturn
from strategy.models.surveys import QuestionKind
from strategy.services import publish_survey
from strategy.services import surveys as services
from transparency.pages.words import REGIONS

Status = Survey.Status
COLOURS = {Status.DRAFT: "grey", Status.OPEN: "green", Status.CLOSED: "blue", Status.PUBLISHED: "purple"}
RETURN_COLOURS = {
    SurveyReturn.Status.ASKED: "grey",
    SurveyReturn.Status.COMPLETED: "yellow",
    SurveyReturn.Status.SIGNED: "green",
}
ROWS_A_PAGE = 50
Act = Callable[[], object]


def body_or_refused(request: AuthenticatedHttpRequest, slug: str, act: str) -> Organisation:
    found = organisation_or_404(request.user, slug)
    require(request.user, f"strategy.{act}_surveys", found)
    return found


def survey_or_404(org: Organisation, reference: str) -> Survey:
    found = get_object_or_404(Survey, organisation=org, reference=reference)
    found.organisation = org
    return found


def crumbs(org: Organisation, survey: Survey | None = None, *titles: str) -> list[tuple[Any, str]]:
    steps: list[tuple[Any, str]] = [
        (org.local_name, org.get_absolute_url()),
        (_("Surveys"), reverse("national:surveys", args=[org.slug])),
    ]
    if survey is not None:
        name = "survey" if survey.organisation_id == org.pk else "survey_asked"
        steps.append((survey.local_title, reverse(f"national:{name}", args=[org.slug, survey.reference])))
    steps += [(title, "") for title in titles]
    return [*steps[:-1], (steps[-1][0], "")]


def tag_of(survey: Survey) -> dict[str, Any]:
    return {"label": survey.get_status_display(), "colour": COLOURS[Status(survey.status)]}


def return_tag(record: SurveyReturn) -> dict[str, Any]:
    return {"label": record.get_status_display(), "colour": RETURN_COLOURS[SurveyReturn.Status(record.status)]}


@require_safe
def surveys(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Those that the body runs; of others those that ask it. One query beside those of every page."""
    org = body_or_refused(request, organisation, "read")
    runs = org.kind == Kind.NATIONAL_BODY
    own = Survey.objects.filter(organisation=org) if runs else Survey.objects.none()
    asked = SurveyReturn.objects.none() if runs else SurveyReturn.objects.filter(organisation=org)
    asked = asked.exclude(survey__status=Status.DRAFT).select_related("survey").order_by("-survey_id")
    context = {
        "organisation": org,
        "rows": [{"survey": each, **tag_of(each)} for each in own],
        "asked": [{"survey": each.survey, "open": tag_of(each.survey), **return_tag(each)} for each in asked],
        "runs": runs,
        "may_run": request.user.has_perm("strategy.run_surveys", org),
        "breadcrumbs": crumbs(org),
    }
    return render(request, "strategy/surveys.html", context)


@require_safe
def survey(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """What is asked, what is missing, who answered, the tables as they stand, the next step. Eight queries at most
    beside those of every page.
    """
    org = body_or_refused(request, organisation, "read")
    found = survey_or_404(org, reference)
    questions = list(found.questions.all())
    returns = list(found.returns.select_related("organisation", "lead"))
    page_obj = Paginator(returns, ROWS_A_PAGE).get_page(request.GET.get("page"))
    is_draft, is_closed = found.status == Status.DRAFT, found.status == Status.CLOSED
    may_run = request.user.has_perm("strategy.run_surveys", org)
    context = {
        "organisation": org,
        "survey": found,
        "tag": tag_of(found),
        "rows": _facts(found),
        "questions": [_question(each) for each in questions],
        "problems": list(services.lacks(found)) if is_draft else [],
        "returns": [{"record": each, **return_tag(each)} for each in page_obj.object_list],
        "page_obj": page_obj,
        "is_draft": is_draft,
        "is_open": found.status == Status.OPEN,
        "is_closed": is_closed,
        "is_published": found.status == Status.PUBLISHED,
        "response": None if is_draft else _response(returns),
        "tables": survey_register.shown(publish_survey.gather(found)) if is_closed else None,
        "may_run": may_run,
        "breadcrumbs": crumbs(org, found),
    }
    return render(request, "strategy/survey.html", context)


@require_safe
def preview(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The page that a chief executive answers, before anybody is asked; nothing can be typed. Three queries beside
    those of every page.
    """
    org = body_or_refused(request, organisation, "read")
    found = survey_or_404(org, reference)
    unsaved = SurveyReturn(survey=found, organisation=org)
    form = SurveyAnswersForm(record=unsaved, questions=list(found.questions.all()), names_signer=True)
    for field in form.fields.values():
        field.disabled = True
    title = _("What those who are asked see")
    context = {
        "organisation": org,
        "survey": found,
        "form": form,
        "title": title,
        "breadcrumbs": crumbs(org, found, title),
    }
    return render(request, "strategy/survey_preview.html", context)


def _response(returns: list[SurveyReturn]) -> dict[str, Any]:
    """How many signed a return, in all and by region. No query."""
    found = survey_tables.response(returns)
    return {
        **found,
        "share": shares.percent(found["answered"], found["asked"]),
        "regions": [
            {
                "name": REGIONS.get(name, _("not known")),
                "share": shares.percent(row["answered"], row["asked"]),
                **row,
            }
            for name, row in found["by"]["region"].items()
        ],
    }


def _facts(found: Survey) -> list[dict[str, Any]]:
    nothing = _("not given")
    return [
        {"key": _("First day"), "value": found.opens_on or nothing, "is_day": bool(found.opens_on)},
        {"key": _("Last day"), "value": found.closes_on or nothing, "is_day": bool(found.closes_on)},
        {"key": _("Title in Welsh"), "value": found.title_cy or nothing, "lang": "cy" if found.title_cy else ""},
        {"key": _("What it is for"), "value": found.purpose or nothing},
        {"key": _("That in Welsh"), "value": found.purpose_cy or nothing, "lang": "cy" if found.purpose_cy else ""},
    ]


def _question(question: Any) -> dict[str, Any]:
    fact = survey_facts.FACTS.get(question.prefill)
    return {
        "key": question.key,
        "text": question.local_question,
        "kind": capfirst(str(QuestionKind(question.kind).label)),
        "required": question.required,
        "options": [text for text, _welsh in question.options],
        "prefill": fact.label if fact else "",
    }


def form_page(
    request: HttpRequest, org: Organisation, form: Any, title: str, act: Act, *,
    survey: Survey | None = None, target: str = "", done: str = "", lead: str = "",
) -> HttpResponse:  # fmt: skip
    """One form and its act: what is refused stays on the page with what was typed. Afterwards `target`, or the page of
    the survey.
    """
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = act()
            except StaleRecord as refusal:
                if "version" in form.fields:
                    keep_typed(form, version=getattr(refusal.record, "version", 0))
                form.add_error(
                    None, _("Somebody else changed this meanwhile. Look at it, then save again if yours should stand.")
                )
                status = 409
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, done or _("Saved."))
                reference = survey.reference if survey else made.reference  # type: ignore[attr-defined]
                return redirect(target or reverse("national:survey", args=[org.slug, reference]))
    back = target or (reverse("national:survey", args=[org.slug, survey.reference]) if survey else "")
    context = {
        "organisation": org,
        "form": form,
        "title": title,
        "lead": lead,
        "cancel_url": back or reverse("national:surveys", args=[org.slug]),
        "breadcrumbs": crumbs(org, survey, title),
    }
    return render(request, "strategy/trial_form.html", context, status=status)


@get_or_post
def new(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    org = body_or_refused(request, organisation, "run")
    form = SurveyForm(posted(request), initial={"version": 0})
    done = _("Kept as a draft. Now write the questions.")
    return form_page(
        request,
        org,
        form,
        _("Draft a survey"),
        lambda: services.draft_survey(organisation=org, facts=form.facts(), by=request.user),
        done=done,
    )


def _draft(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> Survey:
    """One that can still be changed. Raises IllegalMove."""
    found = survey_or_404(body_or_refused(request, organisation, "run"), reference)
    if found.status != Status.DRAFT:
        raise IllegalMove(found, Status.DRAFT)
    return found


@get_or_post
def change(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    found = _draft(request, organisation, reference)
    form = SurveyForm(posted(request), initial=SurveyForm.initial_of(found))

    def save() -> object:
        version = form.cleaned_data["version"]
        return services.change_survey(survey=found, facts=form.facts(), version=version, by=request.user)

    return form_page(request, found.organisation, form, _("Change the draft"), save, survey=found)


@require_POST
def copy(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    org = body_or_refused(request, organisation, "run")
    made = services.copy_survey(survey=survey_or_404(org, reference), by=request.user)
    messages.success(request, _("A new draft with the same questions. Give it its days, and say whom it asks."))
    return redirect("national:survey", org.slug, made.reference)


@get_or_post
def question(request: AuthenticatedHttpRequest, organisation: str, reference: str, key: str = "") -> HttpResponse:
    found = _draft(request, organisation, reference)
    initial: dict[str, Any] = {}
    if key:
        own = found.questions.filter(key=key).first()
        if own is None:
            raise Http404
        initial = SurveyQuestionForm.initial_of(own)
    form = SurveyQuestionForm(posted(request), initial=initial)

    def save() -> object:
        if key:
            return services.change_question(survey=found, key=key, facts=form.facts(), by=request.user)
        return services.add_question(survey=found, facts=form.facts(), by=request.user)

    title = _("Change the question") if key else _("Add a question")
    return form_page(request, found.organisation, form, title, save, survey=found)


def _act(request: AuthenticatedHttpRequest, org: Organisation, found: Survey, act: Act, done: str) -> HttpResponse:
    """An act of one button: done, or told why not."""
    try:
        act()
    except RuleBroken as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, done)
    return redirect("national:survey", org.slug, found.reference)


@require_POST
def drop_question(request: AuthenticatedHttpRequest, organisation: str, reference: str, key: str) -> HttpResponse:
    found = _draft(request, organisation, reference)

    def drop() -> None:
        services.remove_question(survey=found, key=key, by=request.user)

    return _act(request, found.organisation, found, drop, _("The question is taken out."))


@require_POST
def move_question(request: AuthenticatedHttpRequest, organisation: str, reference: str, key: str) -> HttpResponse:
    found = _draft(request, organisation, reference)

    def move() -> None:
        services.move_question_up(survey=found, key=key, by=request.user)

    return _act(request, found.organisation, found, move, _("It stands one place higher."))


@get_or_post
def ask(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    found = _draft(request, organisation, reference)
    files = request.FILES if request.method == "POST" else None
    form = AskForm(posted(request), files)

    def save() -> object:
        return services.ask_organisations(survey=found, emails=form.emails(), by=request.user)

    lead = _("Whoever is named here already gets the newer address. The list to fill in has all principal authorities.")
    return form_page(request, found.organisation, form, _("Whom it asks"), save, survey=found, lead=lead)


@require_safe
def ask_list(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The list to fill in."""
    found = survey_or_404(body_or_refused(request, organisation, "run"), reference)
    return csv_answer(survey_lists.COLUMNS, survey_lists.rows_of(found), name=f"{found.reference.lower()}-asked")


@require_POST
def stop_asking(request: AuthenticatedHttpRequest, organisation: str, reference: str, asked: str) -> HttpResponse:
    found = _draft(request, organisation, reference)
    record = get_object_or_404(
        SurveyReturn.objects.select_related("organisation"), survey=found, organisation__slug=asked
    )

    def stop() -> None:
        services.stop_asking(survey=found, organisation=record.organisation, by=request.user)

    return _act(request, found.organisation, found, stop, _("It is not asked any more."))


def _step(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, status: Any, words: tuple[str, str, str]
) -> HttpResponse:
    """Opens, closes or publishes, once what it means was read. `words`: title, what it means, what was done."""
    title, lead, done = words
    found = survey_or_404(body_or_refused(request, organisation, "run"), reference)
    if not found.can_move_to(status):
        raise IllegalMove(found, status)
    form = StepForm(posted(request), initial={"version": found.version})
    steps: dict[Any, Callable[..., object]] = {
        Status.OPEN: services.open_survey,
        Status.CLOSED: services.close_survey,
        Status.PUBLISHED: publish_survey.publish_survey,
    }

    def take() -> object:
        return steps[status](survey=found, version=form.cleaned_data["version"], by=request.user)

    return form_page(request, found.organisation, form, title, take, survey=found, lead=lead, done=done)


@get_or_post
def open_it(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    lead = _("Each chief executive gets a link by email. What is asked, and whom, cannot be changed then.")
    return _step(request, organisation, reference, Status.OPEN, (_("Open it"), lead, _("Opened. The links are sent.")))


@require_POST
def remind(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    org = body_or_refused(request, organisation, "run")
    found = survey_or_404(org, reference)
    try:
        sent = services.remind_now(survey=found, by=request.user)
    except RuleBroken as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        told = ngettext("%(count)d reminder is sent.", "%(count)d reminders are sent.", sent) % {"count": sent}
        messages.success(request, told)
    return redirect("national:survey", org.slug, found.reference)


@get_or_post
def close(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    lead = _("No link takes an answer any more. Returns that nobody signed are not counted.")
    return _step(
        request, organisation, reference, Status.CLOSED, (_("Close it"), lead, _("Closed. Look at the tables."))
    )


@get_or_post
def publish(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    lead = _("Everybody reads the tables as you see them here. No return and no name is published.")
    done = _("The tables are published.")
    return _step(request, organisation, reference, Status.PUBLISHED, (_("Publish the tables"), lead, done))
