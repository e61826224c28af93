"""How a page finds the organisation in its address, and who is asking."""

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import Organisation, User


class AuthenticatedHttpRequest(HttpRequest):
    """A request behind LoginRequiredMiddleware. For types only."""

    user: User


def organisation_or_404(user: Any, slug: str) -> Organisation:
    """The organisation at that address, if the user belongs to it today (or administers the site). Else 404."""
    for membership in user.memberships_now:
        if membership.organisation.slug == slug:
            organisation: Organisation = membership.organisation
            return organisation
    if not user.is_staff:
        raise Http404
    return get_object_or_404(Organisation, slug=slug)
