"""The second step at sign-in: switch it on with an app, keep the recovery codes, switch it off, reset another's."""

import time
from typing import Any

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted, refused_password
from accounts.forms import ConfirmForm, PasswordAgainForm, SecondStepForm
from accounts.policy import require
from accounts.second_step_adapter import SecondStepAdapter
from accounts.services import second_step as services
from accounts.views.people import form_page, membership_or_404
from core.errors import RuleBroken
from core.forms import refused

SECRET = "second_step_secret"  # noqa: S105  (the name of a place in the session, which holds it encrypted)
CODES_UNTIL = "second_step_codes_until"
CODES_SHOWN_SECONDS = 600


@never_cache
@sensitive_post_parameters("password", "code")
@get_or_post
def second_step(request: AuthenticatedHttpRequest) -> HttpResponse:
    """How it stands; where it is off, the form that switches it on."""
    if authenticator := services.authenticator_of(request.user):
        left = len(services.recovery_codes(request.user))
        codes = ngettext("%(count)d not used yet", "%(count)d not used yet", left) % {"count": left}
        context = {
            "since": authenticator.created_at,
            "codes": codes,
            "few_codes": left < 3,
            **_trail(_("Second step at sign-in")),
        }
        return render(request, "accounts/second_step.html", context)
    form = SecondStepForm(posted(request))
    secret = _secret_of_session(request)
    status = 422 if form.is_bound else 200
    if form.is_valid() and not (status := _refused(request, form)):
        try:
            services.switch_on(user=request.user, secret=secret, code=form.cleaned_data["code"])
        except services.WrongCode as refusal:
            status = refused(form, refusal, "code")
        else:
            del request.session[SECRET]
            return _show_codes(request, _("The second step is switched on."))
    adapter = SecondStepAdapter()
    context = {
        "form": form,
        "picture": adapter.totp_picture(adapter.build_totp_url(request.user, secret)),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        **_trail(_("Second step at sign-in")),
    }
    return render(request, "accounts/second_step_setup.html", context, status=status)


def _secret_of_session(request: AuthenticatedHttpRequest) -> str:
    """The secret that is being set up: the same until it is used, so that a mistyped code costs no new picture."""
    adapter = SecondStepAdapter()
    if kept := request.session.get(SECRET):
        try:
            return adapter.decrypt(kept)
        except RuleBroken:  # the key was made anew meanwhile
            pass
    secret = generate_totp_secret()
    request.session[SECRET] = adapter.encrypt(secret)
    return secret


def _refused(request: AuthenticatedHttpRequest, form: Form) -> int:
    return refused_password(request, form, _("This is not your password. Nothing is changed yet."))


def _show_codes(request: AuthenticatedHttpRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    request.session[CODES_UNTIL] = time.time() + CODES_SHOWN_SECONDS
    return redirect("accounts:recovery_codes")


@never_cache
@get_or_post
def recovery_codes(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The codes, once: from when they are made until the person says that they are kept, ten minutes at most."""
    if request.method == "POST":
        request.session.pop(CODES_UNTIL, None)
        return redirect("accounts:second_step")
    if not (codes := _codes_to_show(request)):
        return redirect("accounts:second_step")
    context = {"codes": codes, **_trail(_("Recovery codes"), (_("Second step at sign-in"), "accounts:second_step"))}
    return render(request, "accounts/recovery_codes.html", context)


@never_cache
@require_safe
def recovery_codes_file(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The same codes as a text file, as long as the page shows them."""
    if not (codes := _codes_to_show(request)):
        return redirect("accounts:second_step")
    lead = _("Recovery codes of %(email)s for the CCTV Compliance Portal. Each works once.")
    text = "\r\n".join([lead % {"email": request.user.email}, "", *codes, ""])
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
    return response


def _codes_to_show(request: AuthenticatedHttpRequest) -> list[str]:
    """Grouped for the eye; [] when they are not to be shown any more."""
    if time.time() > request.session.get(CODES_UNTIL, 0):
        return []
    return [f"{code[:4]} {code[4:]}" for code in services.recovery_codes(request.user)]


@sensitive_post_parameters("password")
@get_or_post
def new_recovery_codes(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Ten new codes in place of the old ones, after the password."""

    def renew() -> HttpResponse:
        services.renew_recovery_codes(user=request.user)
        return _show_codes(request, _("The new codes are made; the old ones no longer work."))

    return _after_password(
        request,
        renew,
        title=_("Make new recovery codes"),
        lead=_("You get ten new codes. The old ones stop working, the used ones and the others."),
        submit_label=_("Make new codes"),
    )


@sensitive_post_parameters("password")
@get_or_post
def second_step_off(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Back to the password alone, after the password."""

    def switch_off() -> HttpResponse:
        services.switch_off(user=request.user)
        messages.success(request, _("The second step is switched off."))
        return redirect("accounts:settings")

    return _after_password(
        request,
        switch_off,
        title=_("Switch the second step off"),
        lead=_("You will sign in with your password alone. The recovery codes stop working."),
        submit_label=_("Switch it off"),
        warning=True,
    )


def _after_password(request: AuthenticatedHttpRequest, act: Any, **shown: Any) -> HttpResponse:
    """A page that asks for the password, then does `act`. Leads back where there is no second step."""
    if not services.authenticator_of(request.user):
        return redirect("accounts:second_step")
    form = PasswordAgainForm(posted(request))
    status = 422 if form.is_bound else 200
    if form.is_valid() and not (status := _refused(request, form)):
        done: HttpResponse = act()
        return done
    trail = _trail(shown["title"], (_("Second step at sign-in"), "accounts:second_step"))
    return render(request, "accounts/second_step_form.html", {"form": form, **shown, **trail}, status=status)


@get_or_post
def reset_second_step(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Take away the second step of a member who lost phone and codes. Who has none is refused: 422."""
    org, membership = membership_or_404(request, organisation, reference)
    require(request.user, "accounts.reset_second_step", membership)
    form = ConfirmForm(
        posted(request),
        label=_("I have spoken with this person, and know that it is them who asks"),
    )
    if form.is_valid():
        try:
            services.reset(membership=membership, by=request.user)
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("The second step is reset; the person is told."))
            return redirect("accounts:people", org.slug)
    return form_page(
        request,
        org,
        form,
        title=_("Reset the second step at sign-in"),
        submit_label=_("Reset it"),
        membership=membership,
        warning=True,
    )


def _trail(title: str, *between: tuple[str, str]) -> dict[str, Any]:
    way = [(_("My settings"), "accounts:settings"), *between]
    return {"breadcrumbs": [*((label, reverse(name)) for label, name in way), (title, "")]}
