"""Trials and research of one organisation: the list, one of them, and each step that the public reads."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.models import Organisation, User
from accounts.policy import require
from core.dates import today
from core.errors import IllegalMove, RuleBroken, StaleRecord, Text
from core.forms import GovukForm, keep_typed, refused
from strategy import trial_pages
from strategy.forms.trials import AnnounceForm, DecisionForm, EvaluationForm, GiveUpForm, TrialForm, WithdrawTrialForm
from strategy.models import Trial
from strategy.models.trials import STAGE_COLOURS, Stage
from strategy.services import publish_trial
from strategy.services import trials as services

Status = Trial.Status


def _organisation(request: AuthenticatedHttpRequest, slug: str, act: str) -> Organisation:
    found = organisation_or_404(request.user, slug)
    require(request.user, f"strategy.{act}_trials", found)
    return found


def _trial(org: Organisation, reference: str) -> Trial:
    rows = Trial.objects.filter(organisation=org).select_related("dpia", "equality")
    found = get_object_or_404(rows, reference=reference)
    found.organisation = org
    return found


def _trail(org: Organisation, trial: Trial | None = None, title: Text = "") -> list[tuple[Any, str]]:
    steps: list[tuple[Any, str]] = [
        (org.local_name, org.get_absolute_url()),
        (_("Trials and research"), reverse("national:trials", args=[org.slug])),
    ]
    if trial is not None:
        steps.append((trial.local_title, reverse("national:trial", args=[org.slug, trial.reference])))
    if title:
        return [*steps, (title, "")]
    return [*steps[:-1], (steps[-1][0], "")]


@require_safe
def trials(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """All of the organisation, newest first. One query beside those of every page."""
    org = _organisation(request, organisation, "read")
    rows = []
    for each in Trial.objects.filter(organisation=org):
        stage = each.stage(today())
        rows.append({"record": each, "stage": stage.label, "colour": STAGE_COLOURS[stage]})
    context = {
        "organisation": org,
        "rows": rows,
        "may_keep": request.user.has_perm("strategy.keep_trials", org),
        "breadcrumbs": _trail(org),
    }
    return render(request, "strategy/trials.html", context)


@require_safe
def trial(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """What is said of it, what is missing, and which step comes next. Three queries beside those of every page."""
    org = _organisation(request, organisation, "read")
    found = _trial(org, reference)
    stage = found.stage(today())
    public = publish_trial.newest_of(found.reference)
    is_draft = found.status == Status.DRAFT
    context = {
        "organisation": org,
        "trial": found,
        "stage": stage.label,
        "colour": STAGE_COLOURS[stage],
        "parts": trial_pages.sections(publish_trial.gather(found)),
        "public": public,
        "problems": list(services.lacks(found)) if is_draft else [],
        "is_draft": is_draft,
        "may_evaluate": found.status == Status.ANNOUNCED and stage != Stage.PLANNED,
        "may_keep": request.user.has_perm("strategy.keep_trials", org),
        "may_publish": request.user.has_perm("strategy.publish_trials", org),
        "breadcrumbs": _trail(org, found),
    }
    return render(request, "strategy/trial.html", context)


@get_or_post
def new(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    org = _organisation(request, organisation, "keep")
    form = TrialForm(posted(request), organisation=org)

    def keep() -> Trial:
        return services.enter(organisation=org, facts=form.facts(), by=request.user)

    return _described(request, org, None, form, keep)


@get_or_post
def change(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Everything that was described; once announced, with the reason that the public reads."""
    org = _organisation(request, organisation, "keep")
    found = _trial(org, reference)
    if found.status != Status.DRAFT:
        require(request.user, "strategy.publish_trials", org)
    form = TrialForm(posted(request), organisation=org, instance=found)

    def keep() -> Trial:
        data = form.cleaned_data
        return services.change(
            trial=found,
            facts=form.facts(),
            version=data["version"],
            by=request.user,
            note=data.get("note", ""),
            note_cy=data.get("note_cy", ""),
        )

    return _described(request, org, found, form, keep)


def _described(
    request: AuthenticatedHttpRequest,
    org: Organisation,
    trial: Trial | None,
    form: TrialForm,
    keep: Callable[[], Trial],
) -> HttpResponse:
    title = _("Change what is said") if trial else _("Enter a trial")
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                kept = keep()
            except StaleRecord as refusal:
                status = _overtaken(form, refusal)
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, _("Saved."))
                return redirect("national:trial", org.slug, kept.reference)
    back = reverse("national:trial", args=[org.slug, trial.reference]) if trial else ""
    context = {
        "organisation": org,
        "form": form,
        "title": title,
        "cancel_url": back or reverse("national:trials", args=[org.slug]),
        "breadcrumbs": _trail(org, trial, title),
    }
    return render(request, "strategy/trial_form.html", context, status=status)


def _overtaken(form: Any, refusal: StaleRecord) -> int:
    """Somebody else saved meanwhile: what was typed stays, and saving again is a decision."""
    keep_typed(form, version=getattr(refusal.record, "version", 0))
    form.add_error(None, _("Somebody else changed this meanwhile. Look at it, then save again if yours should stand."))
    return 409


@require_POST
def drop(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Throw a draft away."""
    org = _organisation(request, organisation, "keep")
    try:
        services.drop(trial=_trial(org, reference), by=request.user)
    except RuleBroken as refusal:
        messages.error(request, str(refusal.sentence))
        return redirect("national:trial", org.slug, reference)
    messages.success(request, _("The draft is thrown away."))
    return redirect("national:trials", org.slug)


Act = Callable[[Trial, dict[str, Any], User], object]


def _announce(trial: Trial, data: dict[str, Any], by: User) -> object:
    reason = data["welsh_missing_reason"]
    return services.announce(trial=trial, version=data["version"], by=by, welsh_missing_reason=reason)


def _evaluate(trial: Trial, data: dict[str, Any], by: User) -> object:
    return services.evaluate(trial=trial, facts=data, version=data["version"], by=by)


def _decide(trial: Trial, data: dict[str, Any], by: User) -> object:
    return services.decide(trial=trial, facts=data, version=data["version"], by=by)


def _give_up(trial: Trial, data: dict[str, Any], by: User) -> object:
    return services.give_up(trial=trial, facts=data, version=data["version"], by=by)


def _withdraw(trial: Trial, data: dict[str, Any], by: User) -> object:
    return services.withdraw(trial=trial, reason=data["reason"], by=by)


# The title of its page, its form, what it does, and the status that follows, if one does
ACTS: dict[str, tuple[Text, type[GovukForm], Act, str]] = {
    "announce": (gettext_lazy("Announce"), AnnounceForm, _announce, Status.ANNOUNCED),
    "evaluate": (gettext_lazy("Record what was found"), EvaluationForm, _evaluate, Status.EVALUATED),
    "decide": (gettext_lazy("Record the decision"), DecisionForm, _decide, Status.DECIDED),
    "give-up": (gettext_lazy("Give it up"), GiveUpForm, _give_up, Status.ABANDONED),
    "withdraw": (gettext_lazy("Withdraw from the public"), WithdrawTrialForm, _withdraw, ""),
}


@get_or_post
def act(request: AuthenticatedHttpRequest, organisation: str, reference: str, act: str) -> HttpResponse:
    """One step that the public reads at once."""
    org = _organisation(request, organisation, "publish")
    found = _trial(org, reference)
    title, form_class, do, following = ACTS[act]
    if following and not found.can_move_to(following):
        raise IllegalMove(found, following)
    form = form_class(posted(request), initial={"version": found.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                do(found, form.cleaned_data, request.user)
            except StaleRecord as refusal:
                status = _overtaken(form, refusal)
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, _("Done. The public reads it within a minute."))
                return redirect("national:trial", org.slug, found.reference)
    context = {
        "organisation": org,
        "form": form,
        "title": title,
        "lead": _("The public reads this at once, under the name of your organisation."),
        "cancel_url": reverse("national:trial", args=[org.slug, found.reference]),
        "breadcrumbs": _trail(org, found, title),
    }
    return render(request, "strategy/trial_form.html", context, status=status)
