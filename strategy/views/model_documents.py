"""Model documents in the workspace of an operator: read with the facts of a system, copied into its records."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, organisation_or_404
from accounts.models import Organisation
from accounts.policy import require
from compliance.models import CameraSystem
from compliance.models.vocabulary import DocumentKind
from core.bilingual import is_welsh_page, local_words
from core.errors import RuleBroken
from strategy import model_documents
from strategy.model_documents import LANGUAGES, Model
from strategy.models import ModelCopy
from strategy.services.model_documents import copy_model
from transparency.asked import chooser, known


def _organisation(request: AuthenticatedHttpRequest, slug: str, act: str) -> Organisation:
    found = organisation_or_404(request.user, slug)
    require(request.user, f"strategy.{act}", found)
    return found


def _model_or_404(key: str) -> Model:
    found = model_documents.models().get(key)
    if found is None:
        raise Http404
    return found


def _crumbs(org: Organisation, *titles: str) -> list[tuple[Any, str]]:
    own = (_("Model documents"), reverse("national:models", args=[org.slug]) if titles else "")
    return [(org.local_name, org.get_absolute_url()), own, *((title, "") for title in titles)]


@require_safe
def models(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """All of them, and which the organisation has copied. One query beside those of every page."""
    org = _organisation(request, organisation, "read_models")
    copies: dict[str, list[ModelCopy]] = {}
    for copy in ModelCopy.objects.filter(evidence__operator=org).select_related("evidence"):
        copies.setdefault(copy.model, []).append(copy)
    rows = [
        {
            "model": model,
            "title": _name(model),
            "about": local_words(model.about),
            "copies": [{"copy": each, "is_old": each.edition < model.edition} for each in copies.get(key, [])],
        }
        for key, model in model_documents.models().items()
    ]
    context = {"organisation": org, "rows": rows, "breadcrumbs": _crumbs(org)}
    return render(request, "strategy/models.html", context)


def _name(model: Model) -> str:
    """What the document is called where no system is named."""
    if model.kind != DocumentKind.OTHER:
        return str(DocumentKind(model.kind).label)
    return {"privacy_notice": _("privacy notice"), "sign": _("sign")}[model.key]


@require_safe
def model(request: AuthenticatedHttpRequest, organisation: str, key: str) -> HttpResponse:
    """The model with the facts of one system, in one language, as it would be copied. Five queries at most beside those
    of every page.
    """
    org = _organisation(request, organisation, "read_models")
    found = _model_or_404(key)
    rows = CameraSystem.objects.filter(operator=org).select_related("operator").prefetch_related("technologies")
    systems = list(rows.order_by("-is_main", "name"))
    by_reference = {each.reference: each for each in systems}
    language = known(request.GET, "language", LANGUAGES, "cy" if is_welsh_page() else "en")
    wanted = known(request.GET, "system", by_reference, systems[0].reference if systems else "")
    system = by_reference.get(wanted)
    filled = model_documents.filled(found, system, language) if system else None
    title = filled.title if filled else capfirst(_name(found))
    names = [(each.reference, each.local_name) for each in systems]
    context = {
        "organisation": org,
        "model": found,
        "system": system,
        "filled": filled,
        "language": language,
        "lang": "" if language == ("cy" if is_welsh_page() else "en") else language,
        "lists": [
            chooser("system", _("System"), names, wanted, is_needed=True),
            chooser("language", _("Language"), [("en", _("English")), ("cy", _("Welsh"))], language, is_needed=True),
        ],
        "may_copy": request.user.has_perm("strategy.copy_model", org),
        "breadcrumbs": _crumbs(org, title),
    }
    return render(request, "strategy/model.html", context)


@require_POST
def copy(request: AuthenticatedHttpRequest, organisation: str, key: str) -> HttpResponse:
    """Into the records of the organisation, about the system that was looked at."""
    org = _organisation(request, organisation, "copy_model")
    found = _model_or_404(key)
    rows = CameraSystem.objects.filter(operator=org).select_related("operator").prefetch_related("technologies")
    system = get_object_or_404(rows, reference=request.POST.get("system", ""))
    language = known(request.POST, "language", LANGUAGES, "en")
    try:
        evidence = copy_model(model=found, system=system, language=language, by=request.user)
    except RuleBroken as refusal:
        messages.error(request, str(refusal.sentence))
        return redirect("national:model", org.slug, key)
    messages.success(request, _("Copied into your records as a Word file. Write what the yellow marks leave to you."))
    return redirect("compliance:evidence", org.slug, evidence.reference)
