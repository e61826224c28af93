"""What the pages of publishing share: how they find the system, lead to each other, preview, and withdraw."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.access import AuthenticatedHttpRequest, posted
from accounts.models import Organisation
from accounts.policy import require
from compliance.models import CameraSystem
from compliance.views.system_finding import operator_or_404
from transparency.forms import WithdrawForm
from transparency.languages import LANGUAGES
from transparency.models import Publication
from transparency.models.publication import PublicationQuerySet
from transparency.rendering import render_public
from transparency.services.gather import for_gathering
from transparency.services.publish import withdraw_publication

Trail = list[tuple[str, str]]


def system_or_404(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> CameraSystem:
    """The system with what publishing reads of it."""
    operator = operator_or_404(request, organisation)
    own = CameraSystem.objects.visible_to(request.user).filter(operator=operator)
    get_object_or_404(own, reference=reference)
    return for_gathering(reference)


def versions_of(found: CameraSystem, publications: PublicationQuerySet) -> PublicationQuerySet:
    """Those of `publications` that are about the system, newest first, with what their pages show."""
    own = publications.filter(subject_reference=found.reference)
    return own.select_related("organisation", "published_by").order_by("-version")


def address(name: str, found: CameraSystem, *args: str) -> str:
    """The address of one of the pages of publishing about a system."""
    return reverse(f"publishing:{name}", args=[found.operator.slug, found.reference, *args])


def operators_trail(operator: Organisation, *further: tuple[str, str]) -> Trail:
    """Breadcrumbs to a page of publishing."""
    url = reverse("publishing:publications", args=[operator.slug]) if further else ""
    return [(operator.local_name, operator.get_absolute_url()), (_("Publications"), url), *further]


def preview_links(name: str, found: CameraSystem) -> list[dict[str, str]]:
    """The ways to a preview in each language."""
    return [
        {"label": language.label, "lang": language.tag, "url": address(name, found, language.tag)}
        for language in LANGUAGES
    ]


def preview_page(
    template: str, gathered: Callable[[], dict[str, Any]], *, path: str, tag: str, back: str
) -> HttpResponse:
    """What the public would see at `path`; `gathered` is called in the language with that tag. Raises Http404."""
    chosen = next((language for language in LANGUAGES if language.tag == tag), None)
    if chosen is None:
        raise Http404
    with override(chosen.code):
        context = gathered() | {"preview": True, "preview_back": back}
    response = HttpResponse(render_public(template, context, path=path, language=chosen))
    response["Cache-Control"] = "no-store"
    return response


def withdraw_page(
    request: AuthenticatedHttpRequest, publication: Publication | None, found: CameraSystem, *, page: str, trail: Trail
) -> HttpResponse:
    """Ask for the reason, take `publication` back with it, and go on to the page with that name."""
    if publication is None:
        raise Http404
    require(request.user, "transparency.withdraw_publication", publication)
    form = WithdrawForm(posted(request))
    if request.method == "POST" and form.is_valid():
        withdraw_publication(publication=publication, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("Withdrawn. The address of the page says so in a minute."))
        return redirect(address(page, found))
    context = {
        "organisation": found.operator,
        "system": found,
        "publication": publication,
        "form": form,
        "back": address(page, found),
        "breadcrumbs": trail,
    }
    return render(request, "publishing/withdraw.html", context, status=422 if form.errors else 200)
