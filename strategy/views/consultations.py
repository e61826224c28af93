"""National consultations in the workspace of a national body: drafted, opened, withdrawn, concluded."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.models import Organisation
from accounts.policy import require
from compliance.models import Consultation
from core.errors import IllegalMove, RuleBroken, StaleRecord
from core.forms import GovukForm, keep_typed, refused
from strategy.forms.consultations import (
    ConcludeConsultationForm,
    DocumentForm,
    NationalConsultationForm,
    OpenConsultationForm,
    QuestionForm,
    WithdrawConsultationForm,
)
from strategy.models import NationalConsultation, NationalResponse
from strategy.models.consultations import STAGE_COLOURS, QuestionKind, Stage
from strategy.services import consultations as services
from strategy.services.consultation_responses import moment_words
from strategy.services.consultation_summary import summary_of

Status = Consultation.Status


def body_or_refused(request: AuthenticatedHttpRequest, slug: str, act: str) -> Organisation:
    found = organisation_or_404(request.user, slug)
    require(request.user, f"strategy.{act}_national_consultations", found)
    return found


def national_or_404(org: Organisation, reference: str) -> NationalConsultation:
    rows = NationalConsultation.objects.select_related("consultation")
    found = get_object_or_404(rows, consultation__organisation=org, consultation__reference=reference)
    found.consultation.organisation = org
    return found


def crumbs(org: Organisation, national: NationalConsultation | None = None, *titles: str) -> list[tuple[Any, str]]:
    steps: list[tuple[Any, str]] = [
        (org.local_name, org.get_absolute_url()),
        (_("National consultations"), reverse("national:consultations", args=[org.slug])),
    ]
    if national is not None:
        address = reverse("national:consultation", args=[org.slug, national.reference])
        steps.append((national.consultation.local_title, address))
    steps += [(title, "") for title in titles]
    return [*steps[:-1], (steps[-1][0], "")]


def stage_tag(national: NationalConsultation) -> dict[str, Any]:
    stage = national.stage(timezone.now())
    return {"label": stage.label, "colour": STAGE_COLOURS[stage]}


@require_safe
def consultations(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """All of the body, newest first. One query beside those of every page."""
    org = body_or_refused(request, organisation, "read")
    found = NationalConsultation.objects.filter(consultation__organisation=org).select_related("consultation")
    context = {
        "organisation": org,
        "rows": [
            {
                "record": each,
                "opens": moment_words(each.opens_at),
                "closes": moment_words(each.closes_at),
                **stage_tag(each),
            }
            for each in found
        ],
        "may_run": request.user.has_perm("strategy.run_national_consultations", org),
        "breadcrumbs": crumbs(org),
    }
    return render(request, "strategy/consultations.html", context)


@require_safe
def consultation(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """What is asked, what is missing, how many answered, which step comes next. Five queries at most beside those of
    every page.
    """
    org = body_or_refused(request, organisation, "read")
    found = national_or_404(org, reference)
    stage = found.stage(timezone.now())
    is_draft = stage == Stage.DRAFT
    answers = NationalResponse.objects.filter(response__consultation=found.consultation)
    context = {
        "organisation": org,
        "national": found,
        "consultation": found.consultation,
        "tag": stage_tag(found),
        "rows": _facts(found),
        "questions": [
            {**each, "kind_words": capfirst(str(QuestionKind(each["kind"]).label))}
            for each in found.consultation.questions
        ],
        "documents": list(found.documents.all()),
        "problems": services.lacks(found, welsh_may_be_missing=False) if is_draft else [],
        "counts": [] if is_draft else _counts(summary_of(found.consultation), answers.unread().count()),
        "is_draft": is_draft,
        "is_closed": stage == Stage.CLOSED,
        "may_withdraw": stage in (Stage.LATER, Stage.OPEN),
        "is_public": not is_draft,
        "may_run": request.user.has_perm("strategy.run_national_consultations", org),
        "breadcrumbs": crumbs(org, found),
    }
    return render(request, "strategy/consultation.html", context)


def _counts(figures: dict[str, Any], unread: int) -> list[dict[str, Any]]:
    return [
        {"key": _("Answers received"), "value": figures["received"]},
        {"key": _("Not read yet"), "value": unread},
        {"key": _("From people"), "value": figures["people"]},
        {"key": _("From organisations"), "value": figures["organisations"]},
        {"key": _("In Welsh"), "value": figures["in_welsh"]},
        {"key": _("By file"), "value": figures["by_file"]},
        {"key": _("Set aside"), "value": figures["set_aside"]},
    ]


def _facts(found: NationalConsultation) -> list[dict[str, Any]]:
    consultation = found.consultation
    nothing = _("not given")
    return [
        {"key": _("Opens"), "value": moment_words(found.opens_at)},
        {"key": _("Closes"), "value": moment_words(found.closes_at)},
        {
            "key": _("Title in Welsh"),
            "value": consultation.title_cy or nothing,
            "lang": "cy" if consultation.title_cy else "",
        },
        {"key": _("What it is about"), "value": consultation.summary},
        {"key": _("Background"), "value": found.background or nothing},
        {"key": _("Whom to ask"), "value": found.contact or nothing},
        {
            "key": _("Names are kept after the outcome or the withdrawal for"),
            "value": _("%(count)d months") % {"count": found.keep_months},
        },
    ]


Act = Callable[[], object]


def _page(
    request: AuthenticatedHttpRequest,
    org: Organisation,
    form: Any,
    title: str,
    act: Act,
    *,
    national: NationalConsultation | None = None,
    done: str = "",
    lead: str = "",
) -> HttpResponse:
    """One form and its act: what is refused stays on the page with what was typed."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = act()
            except StaleRecord as refusal:
                keep_typed(form, version=getattr(refusal.record, "version", 0))
                form.add_error(
                    None, _("Somebody else changed this meanwhile. Look at it, then save again if yours should stand.")
                )
                status = 409
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, done or _("Saved."))
                target = national or made
                return redirect("national:consultation", org.slug, target.reference)  # type: ignore[attr-defined]
    back = reverse("national:consultation", args=[org.slug, national.reference]) if national else ""
    context = {
        "organisation": org,
        "form": form,
        "title": title,
        "lead": lead,
        "cancel_url": back or reverse("national:consultations", args=[org.slug]),
        "breadcrumbs": crumbs(org, national, title),
    }
    return render(request, "strategy/trial_form.html", context, status=status)


@get_or_post
def new(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    org = body_or_refused(request, organisation, "run")
    form = NationalConsultationForm(posted(request), initial={"version": 0})
    return _page(
        request,
        org,
        form,
        _("Draft a national consultation"),
        lambda: services.draft(organisation=org, facts=form.facts(), by=request.user),
        done=_("Kept as a draft. Now write the questions."),
    )


def _draft(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> NationalConsultation:
    """One that can still be changed. Raises IllegalMove."""
    org = body_or_refused(request, organisation, "run")
    found = national_or_404(org, reference)
    if found.consultation.status != Status.DRAFT:
        raise IllegalMove(found.consultation, Status.DRAFT)
    return found


@get_or_post
def change(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    found = _draft(request, organisation, reference)
    form = NationalConsultationForm(posted(request), initial=NationalConsultationForm.initial_of(found))

    def save() -> object:
        version = form.cleaned_data["version"]
        return services.change_draft(national=found, facts=form.facts(), version=version, by=request.user)

    return _page(request, found.consultation.organisation, form, _("Change the draft"), save, national=found)


@get_or_post
def question(request: AuthenticatedHttpRequest, organisation: str, reference: str, key: str = "") -> HttpResponse:
    found = _draft(request, organisation, reference)
    initial: dict[str, Any] = {"version": found.consultation.version}
    if key:
        own = next((each for each in found.consultation.questions if each["key"] == key), None)
        if own is None or own.get("about_welsh"):
            raise Http404
        initial |= QuestionForm.initial_of(own)
    form = QuestionForm(posted(request), initial=initial)

    def save() -> object:
        values, version = form.cleaned_data, form.cleaned_data["version"]
        return services.set_question(national=found, values=values, key=key, version=version, by=request.user)

    title = _("Change the question") if key else _("Add a question")
    return _page(request, found.consultation.organisation, form, title, save, national=found)


@require_POST
def drop_question(request: AuthenticatedHttpRequest, organisation: str, reference: str, key: str) -> HttpResponse:
    found = _draft(request, organisation, reference)
    try:
        services.remove_question(national=found, key=key, version=found.consultation.version, by=request.user)
    except RuleBroken as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, _("The question is taken out."))
    return redirect("national:consultation", organisation, reference)


@get_or_post
def document(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    found = _draft(request, organisation, reference)
    files = request.FILES if request.method == "POST" else None
    form = DocumentForm(posted(request), files, initial={"version": found.consultation.version})

    def save() -> object:
        cleaned = form.cleaned_data
        version, upload = cleaned["version"], cleaned["upload"]
        return services.add_document(national=found, upload=upload, facts=cleaned, version=version, by=request.user)

    return _page(request, found.consultation.organisation, form, _("Add a document"), save, national=found)


@require_POST
def drop_document(request: AuthenticatedHttpRequest, organisation: str, reference: str, document: str) -> HttpResponse:
    found = _draft(request, organisation, reference)
    gone = get_object_or_404(found.documents, reference=document)
    services.remove_document(document=gone, version=found.consultation.version, by=request.user)
    messages.success(request, _("The document is taken off."))
    return redirect("national:consultation", organisation, reference)


@get_or_post
def open_it(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    org = body_or_refused(request, organisation, "run")
    found = national_or_404(org, reference)
    if not found.consultation.can_move_to(Status.OPEN):
        raise IllegalMove(found.consultation, Status.OPEN)
    form = OpenConsultationForm(posted(request), initial={"version": found.consultation.version})
    lead = _("Everybody reads it at once. Answers are taken from %(first)s until %(last)s. It cannot be changed then.")
    said = {"first": moment_words(found.opens_at), "last": moment_words(found.closes_at)}
    return _page(
        request,
        org,
        form,
        _("Open it"),
        lambda: services.open_it(national=found, by=request.user, **form.cleaned_data),
        national=found,
        done=_("Opened. Everybody can read it within a minute."),
        lead=lead % said,
    )


@get_or_post
def withdraw(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    org = body_or_refused(request, organisation, "run")
    found = national_or_404(org, reference)
    if found.stage(timezone.now()) not in (Stage.LATER, Stage.OPEN):
        raise IllegalMove(found.consultation, Status.WITHDRAWN)
    form = WithdrawConsultationForm(posted(request), initial={"version": found.consultation.version})
    return _page(
        request,
        org,
        form,
        _("Withdraw the consultation"),
        lambda: services.withdraw(national=found, by=request.user, **form.cleaned_data),
        national=found,
        done=_("Withdrawn. Its address says so, with your reason."),
    )


@get_or_post
def conclude(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    org = body_or_refused(request, organisation, "run")
    found = national_or_404(org, reference)
    if found.stage(timezone.now()) != Stage.CLOSED:
        raise IllegalMove(found.consultation, Status.CONCLUDED)
    initial = {"version": found.consultation.version}
    form: GovukForm = ConcludeConsultationForm(posted(request), questions=found.consultation.questions, initial=initial)

    def save() -> object:
        facts = form.facts()  # type: ignore[attr-defined]
        return services.conclude(national=found, facts=facts, version=form.cleaned_data["version"], by=request.user)

    return _page(
        request,
        org,
        form,
        _("Publish the outcome"),
        save,
        national=found,
        done=_("The outcome is published."),
        lead=_("The public reads this beside the figures. Name no people."),
    )
