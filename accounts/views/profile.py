"""My settings: name, language, and the way to a new password."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.forms import ProfileForm
from accounts.services.people import update_profile
from accounts.services.second_step import authenticator_of


@get_or_post
def settings(request: AuthenticatedHttpRequest) -> HttpResponse:
    user = request.user
    form = ProfileForm(posted(request), initial={"name": user.name, "language": user.language})
    if form.is_valid():
        update_profile(user=user, **form.cleaned_data)
        with override(user.language):
            messages.success(request, _("Your settings are saved."))
        return redirect("accounts:settings")
    is_on = authenticator_of(user) is not None
    change = reverse("account_change_password")
    context = {
        "form": form,
        "sign_in": [
            {"key": _("Email address"), "value": user.email},
            {"key": _("Password"), "value": "••••••••", "url": change, "action": _("Change")},
            {
                "key": _("Second step at sign-in"),
                "value": _("A code of an app on your phone") if is_on else _("Off: your password alone is asked for"),
                "url": reverse("accounts:second_step"),
                "action": _("Look after") if is_on else _("Set up"),
            },
        ],
        "breadcrumbs": [(_("What waits for me"), reverse("accounts:home")), (_("My settings"), "")],
    }
    return render(request, "accounts/settings.html", context, status=422 if form.is_bound else 200)
