"""Strategies that a national body writes: added as drafts, filled part by part, published; and who leads a strand."""

import io
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.models import Organisation
from accounts.policy import require
from core.downloads import download
from core.errors import RuleBroken, StaleRecord
from core.forms import GovukForm, keep_typed, refused
from strategy.forms.plan_editing import DeliverableForm, LeadForm, ObjectiveForm, StrandForm, StrategyForm
from strategy.measures import MEASURES
from strategy.models import Deliverable, Holder, Strand, Strategy
from strategy.services import plan_editing as services

WORDS = ("name", "name_cy", "owner", "owner_cy", "summary", "summary_cy", "starts_on", "ends_on", "as_of", "source")
TEXTS = ("text", "text_cy", "success_measure", "success_measure_cy", "contribution", "contribution_cy")


def _organisation(request: AuthenticatedHttpRequest, slug: str) -> Organisation:
    org = organisation_or_404(request.user, slug)
    require(request.user, "strategy.administer", org)
    return org


def _own(request: AuthenticatedHttpRequest, slug: str, key: str) -> tuple[Organisation, Strategy]:
    """A strategy that the organisation added; 404 for those of others and of the portal."""
    org = _organisation(request, slug)
    return org, get_object_or_404(Strategy, key=key, organisation=org)


def _trail(org: Organisation, strategy: Strategy | None = None, title: str = "") -> list[tuple[Any, str]]:
    steps = [
        (org.local_name, org.get_absolute_url()),
        (_("Delivery plans"), reverse("national:plans", args=[org.slug])),
    ]
    if strategy is not None:
        steps.append((strategy.local_name, _address(org, strategy)))
    steps += [(title, "")] if title else []
    return [*steps[:-1], (steps[-1][0], "")]


def _address(org: Organisation, strategy: Strategy) -> str:
    return reverse("national:plan_edit", args=[org.slug, strategy.key])


def _form_page(
    request: AuthenticatedHttpRequest,
    org: Organisation,
    strategy: Strategy | None,
    form: GovukForm,
    act: Callable[[], object],
    *,
    title: str,
) -> HttpResponse:
    """One form and its act: what is refused stays on the page with what was typed; afterwards the plan."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = act()
            except StaleRecord as refusal:
                keep_typed(form, seen=getattr(refusal.record, "sha256", ""))
                form.add_error(
                    None, _("Somebody else changed this meanwhile. Look at it, then save again if yours should stand.")
                )
                status = 409
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, _("Saved."))
                return redirect(_address(org, made if isinstance(made, Strategy) else strategy))  # type: ignore[arg-type]
    context = {
        "organisation": org,
        "form": form,
        "title": title,
        "cancel_url": _address(org, strategy) if strategy else reverse("national:plans", args=[org.slug]),
        "breadcrumbs": _trail(org, strategy, title),
    }
    return render(request, "strategy/trial_form.html", context, status=status)


def _facts(form: GovukForm) -> dict[str, Any]:
    """What was typed, without what says which state was looked at."""
    return {name: value for name, value in form.cleaned_data.items() if name != "seen"}


@get_or_post
def new(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    org = _organisation(request, organisation)
    form = StrategyForm(posted(request), is_new=True)

    def act() -> Strategy:
        return services.add_strategy(organisation=org, facts=form.cleaned_data, by=request.user)

    return _form_page(request, org, None, form, act, title=_("Add a strategy"))


@require_safe
def plan(request: AuthenticatedHttpRequest, organisation: str, key: str) -> HttpResponse:
    """All parts of one strategy with what can be done to each. Of one that comes with the portal the leads alone can be
    changed. Five queries beside those of every page.
    """
    org = _organisation(request, organisation)
    strategy = get_object_or_404(Strategy, key=key)
    is_own = strategy.organisation_id == org.pk
    if strategy.is_draft and not is_own:
        raise Http404
    objectives = strategy.objectives.select_related("strand").prefetch_related("deliverables")
    context = {
        "organisation": org,
        "strategy": strategy,
        "is_own": is_own,
        "strands": strategy.strands.prefetch_related("holders"),
        "objectives": [
            {"objective": each, "deliverables": [_row(found) for found in each.deliverables.all()]}
            for each in objectives
        ],
        "breadcrumbs": _trail(org, strategy),
    }
    return render(request, "strategy/plan_edit.html", context)


def _row(found: Deliverable) -> dict[str, Any]:
    measure = MEASURES.get(found.measure)
    return {"deliverable": found, "counted_by": measure.label if measure else ""}


@get_or_post
def words(request: AuthenticatedHttpRequest, organisation: str, key: str) -> HttpResponse:
    org, strategy = _own(request, organisation, key)
    initial = {"seen": strategy.sha256, **{name: getattr(strategy, name) for name in WORDS}}
    form = StrategyForm(posted(request), initial=initial)

    def act() -> Strategy:
        seen = form.cleaned_data["seen"]
        return services.change_strategy(strategy=strategy, facts=_facts(form), seen=seen, by=request.user)

    return _form_page(request, org, strategy, form, act, title=_("Change its words"))


@require_safe
def file(request: AuthenticatedHttpRequest, organisation: str, key: str) -> FileResponse:
    """The strategy in the format that `load_strategy` takes."""
    org = _organisation(request, organisation)
    strategy = get_object_or_404(Strategy, key=key)
    if strategy.is_draft and strategy.organisation_id != org.pk:
        raise Http404
    content = io.BytesIO(services.file_of(strategy).encode())
    return download(content, name=f"{strategy.key}.yaml", media_type="application/yaml")


@get_or_post
def strand(request: AuthenticatedHttpRequest, organisation: str, key: str, strand: str = "") -> HttpResponse:
    """A new one, or with `strand` one that there is."""
    org, strategy = _own(request, organisation, key)
    found = get_object_or_404(Strand, strategy=strategy, key=strand) if strand else None
    kept = {"name": found.name, "name_cy": found.name_cy} if found else {}
    form = StrandForm(posted(request), initial={"seen": strategy.sha256, **kept})

    def act() -> Strategy:
        seen = form.cleaned_data["seen"]
        return services.keep_strand(strategy=strategy, key=strand, facts=_facts(form), seen=seen, by=request.user)

    return _form_page(request, org, strategy, form, act, title=_("Change the strand") if found else _("Add a strand"))


@get_or_post
def objective(request: AuthenticatedHttpRequest, organisation: str, key: str, number: str = "") -> HttpResponse:
    """A new one, or with `number` one that there is."""
    org, strategy = _own(request, organisation, key)
    found = get_object_or_404(strategy.objectives.select_related("strand"), number=number) if number else None
    initial: dict[str, Any] = {"seen": strategy.sha256}
    if found:
        initial |= {"statement": found.statement, "statement_cy": found.statement_cy}
        initial["strand"] = found.strand.key if found.strand else ""
    form = ObjectiveForm(posted(request), initial=initial, strategy=strategy, is_new=found is None)

    def act() -> Strategy:
        seen = form.cleaned_data["seen"]
        return services.keep_objective(strategy=strategy, number=number, facts=_facts(form), seen=seen, by=request.user)

    title = _("Change objective %(number)s") % {"number": number} if found else _("Add an objective")
    return _form_page(request, org, strategy, form, act, title=title)


@get_or_post
def deliverable(
    request: AuthenticatedHttpRequest, organisation: str, key: str, objective: str = "", number: str = ""
) -> HttpResponse:
    """A new one of an objective, or with `number` one that there is."""
    org, strategy = _own(request, organisation, key)
    initial: dict[str, Any] = {"seen": strategy.sha256}
    if number:
        rows = Deliverable.objects.filter(objective__strategy=strategy).select_related("objective")
        found = get_object_or_404(rows, number=number)
        objective = found.objective.number
        initial |= {name: getattr(found, name) for name in (*TEXTS, "measure", "target_percent")}
        initial["target_on"] = found.original_target_on
    else:
        of = get_object_or_404(strategy.objectives.prefetch_related("deliverables"), number=objective)
        initial["number"] = f"{objective}.{of.deliverables.count() + 1}"
    form = DeliverableForm(posted(request), initial=initial, is_new=not number)

    def act() -> Strategy:
        return services.keep_deliverable(
            strategy=strategy,
            objective=objective,
            number=number,
            facts=_facts(form),
            seen=form.cleaned_data["seen"],
            by=request.user,
        )

    title = _("Change deliverable %(number)s") % {"number": number} if number else _("Add a deliverable")
    return _form_page(request, org, strategy, form, act, title=title)


@get_or_post
def lead(request: AuthenticatedHttpRequest, organisation: str, key: str, strand: str) -> HttpResponse:
    """Who leads a strand of any strategy, those that come with the portal included."""
    org = _organisation(request, organisation)
    found = _strand_or_404(org, key, strand)
    form = LeadForm(posted(request))

    def act() -> object:
        return services.name_lead(strand=found, by=request.user, **form.cleaned_data)

    title = _("Name who leads: %(strand)s") % {"strand": found.local_name}
    return _form_page(request, org, found.strategy, form, act, title=title)


def _strand_or_404(org: Organisation, key: str, strand: str) -> Strand:
    found: Strand = get_object_or_404(Strand.objects.select_related("strategy"), strategy__key=key, key=strand)
    if found.strategy.is_draft and found.strategy.organisation_id != org.pk:
        raise Http404
    return found


@require_POST
def lead_remove(request: AuthenticatedHttpRequest, organisation: str, key: str, pk: int) -> HttpResponse:
    org = _organisation(request, organisation)
    holder = get_object_or_404(Holder.objects.select_related("strand"), pk=pk, strand__strategy__key=key)
    found = _strand_or_404(org, key, holder.strand.key)
    services.remove_lead(holder=holder, by=request.user)
    messages.success(request, _("Taken out."))
    return redirect(_address(org, found.strategy))


@require_POST
def take_out(request: AuthenticatedHttpRequest, organisation: str, key: str) -> HttpResponse:
    """`kind` and `name` say what: a strand, an objective or a deliverable."""
    org, strategy = _own(request, organisation, key)
    sent = {name: request.POST.get(name, "") for name in ("kind", "name", "seen")}

    def act() -> object:
        return services.take_out(strategy=strategy, by=request.user, **sent)

    return _done(request, org, strategy, act, _("Taken out."))


@require_POST
def publish(request: AuthenticatedHttpRequest, organisation: str, key: str) -> HttpResponse:
    org, strategy = _own(request, organisation, key)

    def act() -> object:
        return services.publish_strategy(strategy=strategy, seen=request.POST.get("seen", ""), by=request.user)

    return _done(request, org, strategy, act, _("Published. Everybody reads it, and its deliverables are counted."))


def _done(
    request: AuthenticatedHttpRequest, org: Organisation, strategy: Strategy, act: Callable[[], object], said: str
) -> HttpResponse:
    """An act of one button: what is refused is said on the page of the plan."""
    try:
        act()
    except StaleRecord:
        messages.error(request, _("Somebody else changed this meanwhile. Look at it, then do it again."))
    except RuleBroken as refusal:
        for problem in refusal.problems:
            messages.error(request, str(problem.text))
    else:
        messages.success(request, said)
    return redirect(_address(org, strategy))
