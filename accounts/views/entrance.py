"""Sign-in and passwords: allauth's views, answering as every page here: refused forms 422, too many tries 429."""

from typing import Any

from allauth.account import views
from allauth.mfa.base.views import AuthenticateView
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.forms import PASSWORD_HINT


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """The page for somebody who tried too often; allauth finds it as `handler429` of the addresses too."""
    return render(request, "429.html", status=429)


class _Refusing:
    """Gives a form that is refused its status."""

    def form_invalid(self, form: Form) -> HttpResponse:
        codes = {error.code for errors in form.errors.as_data().values() for error in errors}
        if "too_many_login_attempts" in codes:
            return too_many_requests(self.request)  # type: ignore[attr-defined]
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return response


class _NewPassword:
    """Asks for a new password in the words in which an invitation asks for the first one."""

    def get_form(self, form_class: type[Form] | None = None) -> Form:
        form: Form = super().get_form(form_class)  # type: ignore[misc]
        form.fields["password1"].label, form.fields["password1"].help_text = _("New password"), PASSWORD_HINT
        form.fields["password2"].label = _("New password again")
        if "oldpassword" in form.fields:
            form.fields["oldpassword"].label, form.fields["oldpassword"].help_text = _("Present password"), ""
        return form


class LoginView(_Refusing, views.LoginView):
    """Sign in."""

    def get_form(self, form_class: type[Form] | None = None) -> Form:
        form: Form = super().get_form(form_class)
        form.fields["password"].help_text = ""  # the page has its own way to a new password
        return form


class SecondStepView(_Refusing, AuthenticateView):
    """The code after the password, where the person has switched that on."""

    def _build_forms(self) -> Form | None:
        """One form: this portal has no keys that sign by themselves."""
        self.webauthn_form = None
        sent = self.request.POST if self.request.method == "POST" else None
        self.auth_form = self.get_form_class()(sent, user=self.stage.login.user)
        return self.auth_form


class LogoutView(views.LogoutView):
    """Sign out. The browser forgets the pages that it kept: the next person at it cannot go back to them."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(*args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        return response


class PasswordResetView(_Refusing, views.PasswordResetView):
    """Ask for a link to a new password."""


class PasswordResetFromKeyView(_Refusing, _NewPassword, views.PasswordResetFromKeyView):
    """Choose a new password, by a link. A link that no longer works is 410."""

    def render_to_response(self, context: dict[str, Any], **options: Any) -> HttpResponse:
        response: HttpResponse = super().render_to_response(context, **options)
        if context.get("token_fail"):
            response.status_code = 410
        return response


class PasswordChangeView(_Refusing, _NewPassword, views.PasswordChangeView):
    """Choose a new password, signed in."""
