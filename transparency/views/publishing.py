"""Publishing, for the people of an operator: what is public, what is missing, preview, publish, withdraw."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.policy import require
from certification.models import Certificate
from compliance.models import CameraSystem
from compliance.views.system_finding import operator_or_404
from core.dates import today
from core.errors import Incomplete
from transparency import publishing as state
from transparency.addresses import CAMERAS_A_PAGE, system_path
from transparency.changes import Change, changes
from transparency.forms import PublishForm
from transparency.models import Publication
from transparency.models.publication import PublicationQuerySet
from transparency.page_fields import answered, by_group, states
from transparency.pages.systems import information
from transparency.services.gather import gather
from transparency.services.publish import publish_system
from transparency.services.readiness import missing_welsh, obstacles
from transparency.views.publishing_parts import (
    Trail,
    address,
    operators_trail,
    preview_links,
    preview_page,
    system_or_404,
    versions_of,
    withdraw_page,
)

PAGE_SIZE = 20


@require_safe
def publications(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """The systems of an operator and what the public sees of each."""
    operator = operator_or_404(request, organisation)
    own = CameraSystem.objects.visible_to(request.user).filter(operator=operator).order_by("name", "pk")
    page = Paginator(own, PAGE_SIZE).get_page(request.GET.get("page"))
    newest = state.newest_of(system.reference for system in page)
    plans = state.open_plans(page)
    rows = [
        {
            "system": system,
            "plan": plans.get(system.pk),
            "version": getattr(newest.get(system.reference), "version", ""),
            **state.state_of(system, newest.get(system.reference)),
        }
        for system in page
    ]
    context = {
        "organisation": operator,
        "page_obj": page,
        "rows": rows,
        "may_take_bundle": request.user.has_perm("transparency.take_bundle", operator),
        "breadcrumbs": operators_trail(operator),
    }
    return render(request, "publishing/publications.html", context)


@require_safe
def system(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """One system: what is public of it, whether that still holds, what stands in the way of publishing."""
    found = system_or_404(request, organisation, reference)
    versions = list(_versions(found))
    newest = versions[0] if versions else None
    problems = obstacles(found)
    content = gather(found, on=today())
    context = {
        "organisation": found.operator,
        "system": found,
        "newest": newest,
        "versions": versions,
        "state": state.state_of(found, newest),
        "built": state.built_pages(newest) if newest else [],
        "failed": state.failed_pages(newest) if newest else [],
        "differs": bool(newest and not newest.is_withdrawn and state.differs(newest, content)),
        "changes": _changes(newest, content),
        "obstacles": problems,
        "plan": state.open_plans([found]).get(found.pk),
        **answered(states(found, content)),
        "previews": preview_links("preview", found),
        "may_publish": request.user.has_perm("transparency.publish_system", found),
        "may_mend": request.user.has_perm("compliance.change_system", found),
        "may_withdraw": bool(newest and not newest.is_withdrawn)
        and request.user.has_perm("transparency.withdraw_publication", newest),
        "breadcrumbs": operators_trail(found.operator, (found.local_name, "")),
    }
    return render(request, "publishing/system.html", context)


@require_safe
def fields(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Every field of the page: answered, withheld or missing, and what a reader wants it for."""
    found = system_or_404(request, organisation, reference)
    known = states(found, gather(found, on=today()))
    context = {
        "organisation": found.operator,
        "system": found,
        "groups": by_group(known),
        **answered(known),
        "may_mend": request.user.has_perm("compliance.change_system", found),
        "breadcrumbs": _trail(found, _("What the page tells")),
    }
    return render(request, "publishing/fields.html", context)


@require_safe
def preview(request: AuthenticatedHttpRequest, organisation: str, reference: str, language: str) -> HttpResponse:
    """The public page of the records as they are now, in the portal's public look."""
    found = system_or_404(request, organisation, reference)

    def gathered() -> dict[str, Any]:
        certificates = list(Certificate.objects.filter(systems=found).order_by("-issued_on", "-reference"))
        shown = information(gather(found, on=today()), found.operator, certificates, most_rows=CAMERAS_A_PAGE)
        return shown | {"system_slug": found.slug}

    path = system_path(found.operator.slug, found.slug)
    return preview_page("transparency/system.html", gathered, path=path, tag=language, back=address("system", found))


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
        "changes": _changes(_versions(found).first(), gather(found, on=today())),
        "back": address("system", found),
        "breadcrumbs": _trail(found, _("Publish")),
    }
    return render(request, "publishing/publish.html", context, status=status)


@get_or_post
def withdraw(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Take the page in force back, with a reason."""
    found = system_or_404(request, organisation, reference)
    return withdraw_page(request, _versions(found).first(), found, page="system", trail=_trail(found, _("Withdraw")))


def _changes(newest: Publication | None, content: dict[str, Any]) -> list[Change] | None:
    """What would change for the public; None while it reads nothing."""
    if newest is None or newest.is_withdrawn:
        return None
    return changes(newest.facts(), content)


def _versions(found: CameraSystem) -> PublicationQuerySet:
    return versions_of(found, Publication.objects.of_systems())


def _trail(found: CameraSystem, last: str) -> Trail:
    return operators_trail(found.operator, (found.local_name, address("system", found)), (last, ""))
