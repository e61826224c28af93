"""The workspace's first page, and an organisation's."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, administered_or_404
from accounts.context import my_organisations
from accounts.models import Organisation, Role, User
from accounts.waiting import waiting_at, waiting_for, waiting_rows
from core import registry
from core.dates import today
from core.registry import Waiting

PAGE_SIZE = 25


@require_safe
def home(request: AuthenticatedHttpRequest) -> HttpResponse:
    """What waits for me, across all my roles, and my organisations."""
    items = waiting_for(request.user)
    entrusted = [tile for plug in registry.entrusted for tile in plug(request.user)]
    items += [
        Waiting(f"{tile['waits']}: {tile['title']}", tile["url"], tile["operator"])
        for tile in entrusted
        if tile["waits"]
    ]
    page = Paginator(items, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "waiting": waiting_rows(list(page.object_list)),
        "organisations": [_tile(request.user, o, items) for o in my_organisations(request.user)],
        "entrusted": entrusted,
        "administers": request.user.is_staff,
    }
    return render(request, "accounts/home.html", context)


@require_safe
def organisation_home(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """An organisation's first page: what waits here, and what each app says of it to its people."""
    org = administered_or_404(request.user, organisation)
    items = waiting_at(waiting_for(request.user), org)
    roles = held_roles(request.user, org)
    panels = [panel for plug in registry.home_panels for panel in plug(request.user, org)] if roles else []
    context = {
        "organisation": org,
        "roles": roles,
        "waiting": waiting_rows(items[:PAGE_SIZE], with_organisation=False),
        "more_waiting": max(0, len(items) - PAGE_SIZE),
        "panels": sorted(panels, key=lambda panel: panel.get("order", 100)),
        "not_current": _past_or_to_come(org),
        "breadcrumbs": [(_("What waits for me"), reverse("accounts:home")), (org.local_name, "")],
    }
    return render(request, "accounts/organisation.html", context)


def held_roles(user: User, organisation: Organisation) -> list[Any]:
    """The words for the roles that the user holds there today, without the implied ones."""
    return [Role(m.role).label for m in user.memberships_now if m.organisation_id == organisation.pk]


def _past_or_to_come(organisation: Organisation) -> str:
    """A sentence about an organisation that does not exist today, or ''."""
    if organisation.ends_on is not None and organisation.ends_on < today():
        return _("This organisation ended on %(day)s") % {"day": date_format(organisation.ends_on, "j F Y")}
    if organisation.starts_on is not None and organisation.starts_on > today():
        return _("This organisation begins on %(day)s") % {"day": date_format(organisation.starts_on, "j F Y")}
    return ""


def _tile(user: User, organisation: Organisation, items: list[Waiting]) -> dict[str, Any]:
    count = len(waiting_at(items, organisation))
    roles = ", ".join(str(role) for role in held_roles(user, organisation))
    waits = ngettext("%(count)d thing waits for you", "%(count)d things wait for you", count) % {"count": count}
    return {
        "title": organisation.local_name,
        "url": organisation.get_absolute_url(),
        "roles": roles,
        "waits": waits if count else "",
    }
