"""How a page finds the organisation in its address, who is asking, and what was sent to it."""

from typing import Any

from allauth.core import ratelimit
from django.forms import BaseForm
from django.http import Http404, HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Organisation, User

# For a view that shows a form and takes it; one that only shows is `require_safe`, one that only acts `require_POST`.
get_or_post = require_http_methods(["GET", "HEAD", "POST"])


class AuthenticatedHttpRequest(HttpRequest):
    """A request behind LoginRequiredMiddleware. For types only."""

    user: User


def organisation_or_404(user: Any, slug: str) -> Organisation:
    """The organisation at that address, if the user belongs to it today. Else 404, for site administrators too: what an
    organisation records is not theirs to read, and an empty list would tell them that there is nothing.
    """
    for membership in user.memberships_now:
        if membership.organisation.slug == slug:
            organisation: Organisation = membership.organisation
            return organisation
    raise Http404


def administered_or_404(user: Any, slug: str) -> Organisation:
    """The same for its first page, people and audit trail, which site administrators look after everywhere."""
    return get_object_or_404(Organisation, slug=slug) if user.is_staff else organisation_or_404(user, slug)


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: what was sent, even if it is nothing; None where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def refused_password(request: AuthenticatedHttpRequest, form: BaseForm, sentence: str = "") -> int:
    """Whether the password that came again with an act is right: 0, or the status of the answer, with the error on the
    form. `sentence` says that it is wrong and what has not happened.
    """
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        form.add_error("password", _("Too many attempts. Wait a minute, then try again."))
        return 429
    if not request.user.check_password(form.cleaned_data["password"]):
        form.add_error("password", sentence or _("This is not your password. Nothing is signed yet."))
        return 422
    return 0
