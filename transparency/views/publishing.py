"""Publishing, for the people of an operator: what is public, what is missing, preview, publish, withdraw."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import AuthenticatedHttpRequest, posted
from accounts.models import Organisation
from accounts.policy import require
from certification.models import Certificate
from compliance.models import CameraSystem
from compliance.views.system_finding import operator_or_404
from core.dates import today
from core.errors import Incomplete
from transparency import publishing as state
from transparency.addresses import system_path
from transparency.forms import PublishForm, WithdrawForm
from transparency.languages import LANGUAGES
from transparency.models import Publication
from transparency.pages.systems import information
from transparency.rendering import render_public
from transparency.services.gather import for_gathering, gather
from transparency.services.publish import publish_system, withdraw_publication
from transparency.services.readiness import gaps, missing_welsh, obstacles

PAGE_SIZE = 20
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def publications(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """The systems of an operator and what the public sees of each."""
    operator = operator_or_404(request, organisation)
    own = CameraSystem.objects.visible_to(request.user).filter(operator=operator).order_by("name", "pk")
    page = Paginator(own, PAGE_SIZE).get_page(request.GET.get("page"))
    newest = state.newest_of(system.reference for system in page)
    rows = [
        {
            "system": system,
            "version": getattr(newest.get(system.reference), "version", ""),
            **state.state_of(system, newest.get(system.reference)),
        }
        for system in page
    ]
    context = {"organisation": operator, "page_obj": page, "rows": rows, "breadcrumbs": operators_trail(operator)}
    return render(request, "publishing/publications.html", context)


@require_safe
def system(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """One system: what is public of it, whether that still holds, what stands in the way of publishing."""
    found = system_or_404(request, organisation, reference)
    versions = list(_versions(found))
    newest = versions[0] if versions else None
    problems = obstacles(found)
    context = {
        "organisation": found.operator,
        "system": found,
        "newest": newest,
        "versions": versions,
        "state": state.state_of(found, newest),
        "built": state.built_pages(newest) if newest else [],
        "differs": bool(newest and not newest.is_withdrawn and state.differs(newest, gather(found, on=today()))),
        "obstacles": problems,
        "gaps": [] if problems else gaps(found),
        "previews": _previews(found),
        "may_publish": request.user.has_perm("transparency.publish_system", found),
        "may_mend": request.user.has_perm("compliance.change_system", found),
        "may_withdraw": bool(newest and not newest.is_withdrawn)
        and request.user.has_perm("transparency.withdraw_publication", newest),
        "breadcrumbs": operators_trail(found.operator, (found.local_name, "")),
    }
    return render(request, "publishing/system.html", context)


@require_safe
def preview(request: AuthenticatedHttpRequest, organisation: str, reference: str, language: str) -> HttpResponse:
    """The public page of the records as they are now, in the portal's public look."""
    found = system_or_404(request, organisation, reference)
    chosen = next((each for each in LANGUAGES if each.tag == language), None)
    if chosen is None:
        raise Http404
    certificates = list(Certificate.objects.filter(systems=found).order_by("-issued_on", "-reference"))
    with override(chosen.code):
        context = information(gather(found, on=today()), found.operator, certificates)
        context |= {"preview": True, "preview_back": _address("system", found)}
    path = system_path(found.operator.slug, found.slug)
    response = HttpResponse(render_public("transparency/system.html", context, path=path, language=chosen))
    response["Cache-Control"] = "no-store"
    return response


@get_or_post
def publish(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """What publishing does, and the button. Nothing is published while something is missing."""
    found = system_or_404(request, organisation, reference)
    require(request.user, "transparency.publish_system", found)
    form = PublishForm(posted(request), welsh_is_missing=bool(missing_welsh(found)))
    problems, status = None, 200
    if request.method == "POST":
        if form.is_valid():
            try:
                publication = publish_system(system=found, by=request.user, **form.cleaned_data)
            except Incomplete as refusal:
                problems = refusal.problems
            else:
                messages.success(
                    request,
                    _("Published. The public page is being built: version %(version)d.")
                    % {"version": publication.version},
                )
                return redirect("publishing:system", found.operator.slug, found.reference)
        status = 422
    context = {
        "organisation": found.operator,
        "system": found,
        "form": form,
        "summary": problems,
        "obstacles": obstacles(found, welsh_may_be_missing=True),
        "back": _address("system", found),
        "breadcrumbs": operators_trail(
            found.operator, (found.local_name, _address("system", found)), (_("Publish"), "")
        ),
    }
    return render(request, "publishing/publish.html", context, status=status)


@get_or_post
def withdraw(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Take the page in force back, with a reason."""
    found = system_or_404(request, organisation, reference)
    publication = _versions(found).first()
    if publication is None:
        raise Http404
    require(request.user, "transparency.withdraw_publication", publication)
    form = WithdrawForm(posted(request))
    if request.method == "POST" and form.is_valid():
        withdraw_publication(publication=publication, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("Withdrawn. The address of the page says so in a minute."))
        return redirect("publishing:system", found.operator.slug, found.reference)
    context: dict[str, Any] = {
        "organisation": found.operator,
        "system": found,
        "publication": publication,
        "form": form,
        "back": _address("system", found),
        "breadcrumbs": operators_trail(
            found.operator, (found.local_name, _address("system", found)), (_("Withdraw"), "")
        ),
    }
    return render(request, "publishing/withdraw.html", context, status=422 if form.errors else 200)


def system_or_404(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> CameraSystem:
    """The system with what publishing reads of it."""
    operator = operator_or_404(request, organisation)
    own = CameraSystem.objects.visible_to(request.user).filter(operator=operator)
    get_object_or_404(own, reference=reference)
    return for_gathering(reference)


def _versions(found: CameraSystem) -> Any:
    publications = Publication.objects.of_systems().filter(subject_reference=found.reference)
    return publications.select_related("organisation", "published_by").order_by("-version")


def _previews(found: CameraSystem) -> list[dict[str, str]]:
    return [
        {"label": language.label, "lang": language.tag, "url": _address("preview", found, language.tag)}
        for language in LANGUAGES
    ]


def _address(name: str, found: CameraSystem, *args: str) -> str:
    return reverse(f"publishing:{name}", args=[found.operator.slug, found.reference, *args])


def operators_trail(operator: Organisation, *further: tuple[str, str]) -> list[tuple[str, str]]:
    """Breadcrumbs to a page of publishing."""
    url = reverse("publishing:publications", args=[operator.slug]) if further else ""
    return [(operator.local_name, operator.get_absolute_url()), (_("Publications"), url), *further]
