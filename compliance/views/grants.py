"""Who looks after a system without belonging to the operator: given and ended by its people, taken up by a link."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.forms import NewPersonForm
from accounts.models import User
from accounts.views.invitation import SIGN_IN_BACKEND
from compliance.entrusting import LinkExpired, LinkForged, grant_of
from compliance.forms.upkeep import GrantForm
from compliance.models import SystemGrant
from compliance.services import grants as services
from compliance.services.grants import GrantClosed
from compliance.services.systems import FINAL
from compliance.views.doors import Door, door_to
from compliance.views.upkeep_forms import form_page
from core.dates import today
from core.errors import IllegalMove, RuleBroken
from core.forms import refused

PAGE_SIZE = 50
GIVE = "compliance.give_grants"


@require_safe
def grants(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Who was granted the system, now and before."""
    door = door_to(request, organisation, reference)
    own = SystemGrant.objects.filter(system=door.system).select_related("user", "given_by")
    page = Paginator(own, PAGE_SIZE).get_page(request.GET.get("page"))
    may_give = door.may(GIVE)
    context = door.known() | {
        "page_obj": page,
        "rows": [_row(door, grant, may_give=may_give) for grant in page],
        "new_url": door.address("grant_new") if may_give and door.system.status not in FINAL else "",
        "breadcrumbs": door.crumbs((_("Installers, maintainers and hubs"), "")),
    }
    return render(request, "compliance/grants.html", context)


def _row(door: Door, grant: SystemGrant, *, may_give: bool) -> dict[str, Any]:
    label, colour = _standing(grant)
    is_over = grant.ended_at is not None or (grant.ends_on is not None and grant.ends_on < today())
    return {
        "who": grant.user.get_full_name() if grant.user else grant.email,
        "email": grant.email,
        "company": grant.company,
        "kind": capfirst(grant.get_kind_display()),
        "starts_on": grant.starts_on,
        "ends_on": grant.ends_on,
        "label": label,
        "colour": colour,
        "end_url": door.address("grant_end", grant.reference) if may_give and not is_over else "",
        "again_url": door.address("grant_again", grant.reference)
        if may_give and not services.why_closed(grant)
        else "",
    }


def _standing(grant: SystemGrant) -> tuple[str, str]:
    """From its dates, as of today."""
    if grant.ended_at is not None:
        return _("ended"), "grey"
    if grant.ends_on is not None and grant.ends_on < today():
        return _("over"), "grey"
    if grant.user_id is None:
        return _("invited"), "yellow"
    return (_("begins later"), "blue") if grant.starts_on > today() else (_("holds"), "green")


@get_or_post
def new(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Invite somebody to look after this system."""
    door = door_to(request, organisation, reference)
    door.require(GIVE)
    if door.system.status in FINAL:
        raise IllegalMove(door.system, door.system.status)
    form = GrantForm(posted(request))
    title, back = _("Give somebody access to this system"), door.address("grants")
    return form_page(
        door,
        form,
        title=title,
        lead=_(
            "They see the list of cameras, faults, visits, tests and picture checks of this system and nothing else. "
            "Everything that they record carries their name. You can end it at any moment."
        ),
        submit_label=_("Send the invitation"),
        save=lambda: services.give_grant(system=door.system, by=request.user, **form.cleaned_data),
        done=_("The invitation is on its way."),
        back=back,
        crumbs=door.crumbs((_("Installers, maintainers and hubs"), back), (title, "")),
    )


def _found(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, grant: str
) -> tuple[Door, SystemGrant]:
    door = door_to(request, organisation, reference)
    own = SystemGrant.objects.filter(system=door.system).select_related("user", "system__operator")
    found = get_object_or_404(own, reference=grant)
    door.require(GIVE)
    return door, found


@require_POST
def end(request: AuthenticatedHttpRequest, organisation: str, reference: str, grant: str) -> HttpResponse:
    """End it at once."""
    door, found = _found(request, organisation, reference, grant)
    services.end_grant(grant=found, by=request.user)
    messages.success(request, _("Ended. The person no longer sees the system."))
    return redirect(door.address("grants"))


@require_POST
def again(request: AuthenticatedHttpRequest, organisation: str, reference: str, grant: str) -> HttpResponse:
    """Send the link again."""
    door, found = _found(request, organisation, reference, grant)
    services.send_again(grant=found, by=request.user)
    messages.success(request, _("The link is on its way again."))
    return redirect(door.address("grants"))


# --- the link in the message ---


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@get_or_post
def take_up(request: HttpRequest, token: str) -> HttpResponse:
    """404 for a link that this portal did not make, 410 for one that is used, withdrawn or too old."""
    try:
        found = grant_of(token)
    except LinkForged:
        sentence = _(
            "This link is not whole, or not from this portal. Open it again from the message, or copy all of it."
        )
        return _closed(request, sentence, status=404)
    except LinkExpired:
        sentence = _("The time of this invitation is over. Ask the person who invited you to send it again.")
        return _closed(request, sentence)
    if sentence := services.why_closed(found):
        return _closed(request, sentence)
    try:
        if request.user.is_authenticated:
            return _as_myself(request, found, request.user)
        return _as_somebody_new(request, found)
    except GrantClosed as closed:
        return _closed(request, str(closed.sentence))


def _as_myself(request: HttpRequest, found: SystemGrant, user: User) -> HttpResponse:
    is_mine = found.email == user.email
    if request.method == "POST" and is_mine:
        services.accept_grant(grant=found, by=user)
        return _welcome(request, found)
    context = {**_known(found), "is_mine": is_mine, "me": user.email}
    return render(request, "accounts/invitation_accept.html", context, status=200 if is_mine else 403)


def _as_somebody_new(request: HttpRequest, found: SystemGrant) -> HttpResponse:
    if User.objects.filter(email=found.email).exists():
        sign_in = f"{reverse('account_login')}?{urlencode({'next': request.path})}"
        return render(request, "accounts/invitation_sign_in.html", {**_known(found), "sign_in_url": sign_in})
    form = NewPersonForm(posted(request), email=found.email, initial={"language": get_language()})
    if form.is_valid():
        try:
            user = services.accept_grant(grant=found, **form.cleaned_data)
        except GrantClosed:
            raise
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            login(request, user, backend=SIGN_IN_BACKEND)
            return _welcome(request, found)
    context = {**_known(found), "form": form}
    return render(request, "accounts/invitation_join.html", context, status=422 if form.is_bound else 200)


def _known(found: SystemGrant) -> dict[str, Any]:
    """What the templates of an invitation show."""
    role = _("%(kind)s, for the system %(system)s") % {
        "kind": capfirst(found.get_kind_display()),
        "system": found.system.local_name,
    }
    return {"invitation": found, "host": found.system.operator, "role": role}


def _welcome(request: HttpRequest, found: SystemGrant) -> HttpResponse:
    messages.success(request, _("Welcome. The system stands on this page from its first day on."))
    return redirect(settings.LOGIN_REDIRECT_URL)


def _closed(request: HttpRequest, sentence: str, *, status: int = 410) -> HttpResponse:
    return render(request, "accounts/invitation_closed.html", {"sentence": sentence}, status=status)
