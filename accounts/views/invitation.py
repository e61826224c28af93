"""The page behind an invitation's link: accept as who I am, or as somebody new."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.access import get_or_post, posted
from accounts.forms import NewPersonForm
from accounts.links import LinkExpired, LinkForged, reference_of
from accounts.models import Invitation, Role, User
from accounts.services import invitations
from accounts.services.invitations import InvitationClosed
from core.dates import today
from core.errors import RuleBroken
from core.forms import refused

SIGN_IN_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@get_or_post
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """404 for a link that this portal did not make, 410 for one that is used, withdrawn or too old."""
    try:
        found = Invitation.objects.select_related("organisation").get(reference=reference_of(token))
    except (LinkForged, Invitation.DoesNotExist):
        sentence = _(
            "This link is not whole, or not from this portal. Open it again from the message, or copy all of it."
        )
        return _closed(request, sentence, status=404)
    except LinkExpired:
        return _closed(
            request, _("The time of this invitation is over. Ask the person who invited you to send it again.")
        )
    if not found.is_open():
        return _closed(request, invitations.why_closed(found))
    try:
        if request.user.is_authenticated:
            return _as_myself(request, found, request.user)
        return _as_somebody_new(request, found)
    except InvitationClosed as closed:
        return _closed(request, str(closed.sentence))


def _as_myself(request: HttpRequest, found: Invitation, user: User) -> HttpResponse:
    is_mine = found.email in ("", user.email)
    if request.method == "POST" and is_mine:
        invitations.accept(invitation=found, by=user)
        return _welcome(request, found)
    context = {**_known(found), "is_mine": is_mine, "me": user.email}
    return render(request, "accounts/invitation_accept.html", context, status=200 if is_mine else 403)


def _as_somebody_new(request: HttpRequest, found: Invitation) -> HttpResponse:
    if found.email and User.objects.filter(email=found.email).exists():
        sign_in = f"{reverse('account_login')}?{urlencode({'next': request.path})}"
        return render(request, "accounts/invitation_sign_in.html", {**_known(found), "sign_in_url": sign_in})
    form = NewPersonForm(posted(request), email=found.email, initial={"language": get_language()})
    if form.is_valid():
        try:
            user = invitations.accept(invitation=found, **form.cleaned_data)
        except InvitationClosed:
            raise
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            login(request, user, backend=SIGN_IN_BACKEND)
            return _welcome(request, found)
    context = {**_known(found), "form": form}
    return render(request, "accounts/invitation_join.html", context, status=422 if form.is_bound else 200)


def _known(found: Invitation) -> dict[str, object]:
    return {
        "invitation": found,
        "host": found.organisation,
        "role": Role(found.role).label if found.role else _("site administrator"),
    }


def _welcome(request: HttpRequest, found: Invitation) -> HttpResponse:
    if found.starts_on is not None and found.starts_on > today():
        day = date_format(found.starts_on, "j F Y")
        messages.success(request, _("Welcome. Your role begins on %(day)s") % {"day": day})
        return redirect(settings.LOGIN_REDIRECT_URL)
    messages.success(request, _("Welcome. Your role begins today."))
    return redirect(found.organisation.get_absolute_url() if found.organisation else settings.LOGIN_REDIRECT_URL)


def _closed(request: HttpRequest, sentence: str, *, status: int = 410) -> HttpResponse:
    return render(request, "accounts/invitation_closed.html", {"sentence": sentence}, status=status)
