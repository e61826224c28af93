"""What every signed-in page knows: the sections of the organisation in the address, unread messages, my organisations.

Everything is worked out when a template asks for it, so that public pages cost nothing and stay without a session.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Notification, Organisation
from core import registry
from core.addresses import address_of
from core.prepared import Prepared

WORKSPACE = "/workspace/"
UNREAD = Prepared(  # counted on every page behind the sign-in
    lambda user: (
        Notification.objects.filter(user=user)
        .unread()
        .values_list("user")
        .annotate(number=Count("pk"))
        .values_list("number", flat=True)
    )
)


def workspace(request: HttpRequest) -> dict[str, Any]:
    """`sections` (label, url, group, current, is_page), `unread_count` and `my_organisations` under /workspace/;
    nothing elsewhere.
    """
    if not request.path_info.startswith(WORKSPACE) or not request.user.is_authenticated:
        return {}
    user = request.user
    return {
        "sections": SimpleLazyObject(lambda: _sections(request)),
        "unread_count": SimpleLazyObject(lambda: sum(UNREAD(user=user.pk))),
        "my_organisations": SimpleLazyObject(lambda: my_organisations(user)),
    }


def my_organisations(user: Any) -> list[Organisation]:
    """Organisations that the user belongs to today, each once, by name. No query beyond the memberships'."""
    found = {membership.organisation_id: membership.organisation for membership in user.memberships_now}
    return list(found.values())


def _sections(request: HttpRequest) -> list[dict[str, Any]]:
    """The navigation of the organisation in the address: those sections that this user sees there."""
    match = request.resolver_match
    slug = match.kwargs.get("organisation") if match else None
    organisation = _organisation(request.user, slug) if slug else None
    if organisation is None:
        return []
    home = f"{WORKSPACE}{slug}/"
    rest = request.path_info.removeprefix(home)
    shown = [s for s in sorted(registry.sections, key=_place) if s.shown(request.user, organisation)]
    current = max(shown, key=lambda section: _nearness(section, rest), default=None)
    return [
        {
            "label": section.label,
            "url": (url := address_of(section.url_name, slug)),
            "group": section.group.label if section.group else "",
            "current": section is current and _nearness(section, rest) > 0,
            "is_page": url == request.path_info,
        }
        for section in shown
    ]


def _place(section: registry.Section) -> tuple[int, int]:
    return section.group.order if section.group else 0, section.order


def _nearness(section: registry.Section, rest: str) -> int:
    """How many steps of a path are those of a section; 0: none of its pages."""
    if not section.prefix:
        return 1 if rest == "" else 0
    steps = rest.split("/")
    return max(_steps_met(part.strip("/").split("/"), steps) for part in (section.prefix, *section.also))


def _steps_met(part: Sequence[str], steps: Sequence[str]) -> int:
    met = len(part) <= len(steps) and all(own in ("*", step) for own, step in zip(part, steps, strict=False))
    return len(part) if met else 0


def _organisation(user: Any, slug: str) -> Organisation | None:
    for organisation in my_organisations(user):
        if organisation.slug == slug:
            return organisation
    return Organisation.objects.filter(slug=slug).first() if user.is_staff else None
