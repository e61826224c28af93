"""What is applied for: begin an application, change a draft, take the newest signatures."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.models import Organisation
from accounts.policy import require
from certification.applying_forms import TermsForm, open_offers
from certification.models import Application
from certification.services import applications as services
from certification.views import rows
from certification.views.finding import Found, find, list_trail, require_move
from compliance.models import CameraSystem
from core.errors import RuleBroken, StaleRecord
from core.forms import keep_typed, refused

Status = Application.Status


@get_or_post
def new(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Begin an application, perhaps for a system (`?system=`) or after one that was closed (`?previous=`)."""
    org = organisation_or_404(request.user, organisation)
    require(request.user, "certification.apply", org)
    previous = _previous(request, org)
    form = _terms_form(request, org, previous)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            made = services.start_application(operator=org, previous=previous, by=request.user, **form.terms())
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, _("The draft is saved. Choose its documents next."))
            return redirect("certification:application", org.slug, made.reference)
    context = {
        "organisation": org,
        "form": form,
        "previous": previous,
        "can_be_made": bool(form.offers) and bool(form.fields["systems"].queryset.exists()),  # type: ignore[attr-defined]
        "has_offers": bool(form.offers),
        "cancel_url": reverse("certification:applications", args=[org.slug]),
        "breadcrumbs": [*list_trail(org, "applications", _("Applications")), (_("New application"), "")],
    }
    return render(request, "certification/application_form.html", context, status=status)


def _previous(request: AuthenticatedHttpRequest, org: Organisation) -> Application | None:
    reference = request.GET.get("previous", "")
    own = Application.objects.visible_to(request.user).filter(operator=org, status__in=Application.CLOSED)
    return own.for_list().filter(reference=reference).first() if reference else None


def _systems(org: Organisation) -> QuerySet[CameraSystem]:
    return CameraSystem.objects.filter(operator=org, status__in=services.RUN).order_by("name", "pk")


def _terms_form(
    request: AuthenticatedHttpRequest, org: Organisation, shown: Application | None, *, version: int = 0
) -> TermsForm:
    """The form, filled with the terms of an application or with the systems of the address."""
    initial: dict[str, Any] = {"version": version, "systems": request.GET.getlist("system")}
    offers = open_offers()
    if shown is not None:
        initial |= {
            "offer": f"{shown.scheme.key}/{shown.body.slug}",
            "aim": shown.aim,
            "systems": [system.reference for system in shown.systems.all()],
            "scope": shown.scope,
            "scope_cy": shown.scope_cy,
            "is_bilingual": shown.is_bilingual,
            "sites": shown.sites,
        }
    return TermsForm(posted(request), initial=initial, operator=org, offers=offers, systems=_systems(org))


@get_or_post
def change(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Change what a draft applies for. What was typed stays when somebody else was quicker."""
    found = find(request, organisation, reference, "edit_draft")
    record = found.application
    require_move(record, Status.DRAFT, wanted=Status.DRAFT)
    form = _terms_form(request, found.organisation, record, version=record.version)
    status, overtaken = (422 if form.errors else 200), False
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            services.change_draft(application=record, version=version, by=request.user, **form.terms())
        except StaleRecord:
            status, overtaken = 409, True
            take_version(form, record)
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, _("The draft is saved."))
            return redirect(found.address("application"))
    stored = Application.objects.for_detail().get(pk=record.pk) if overtaken else record
    context = {
        "organisation": found.organisation,
        "application": record,
        "form": form,
        "can_be_made": True,
        "has_offers": True,
        "overtaken": overtaken,
        "stored": rows.terms_rows(Found(found.organisation, stored), [s.local_name for s in stored.systems.all()])
        if overtaken
        else [],
        "cancel_url": found.address("application"),
        "breadcrumbs": found.trail((_("What is applied for"), "")),
    }
    return render(request, "certification/application_form.html", context, status=status)


def take_version(form: Any, record: Application) -> None:
    """A form that was overtaken can be sent again over what is stored now, which stands beside it."""
    record.refresh_from_db(fields=["version"])
    keep_typed(form, version=record.version)


@require_POST
def take_signed(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Take the newest signed self-assessments that cover the systems."""
    found = find(request, organisation, reference, "edit_draft")
    services.take_signed_assessments(application=found.application, version=found.application.version, by=request.user)
    messages.success(request, _("The newest signed self-assessments go with the application."))
    return redirect(found.address("application"))
