"""Sign-in, sign-out and passwords: those pages of allauth that this portal has. Nobody signs up by themselves."""

from allauth.account import views as allauth
from django.contrib.auth.decorators import login_not_required
from django.urls import path, re_path

from accounts.views import entrance

urlpatterns = [
    path("login/", login_not_required(entrance.LoginView.as_view()), name="account_login"),
    path("second-step/", login_not_required(entrance.SecondStepView.as_view()), name="mfa_authenticate"),
    path("logout/", login_not_required(entrance.LogoutView.as_view()), name="account_logout"),
    path("inactive/", login_not_required(allauth.account_inactive), name="account_inactive"),
    # Says that an account begins with an invitation.
    path("signup/", login_not_required(allauth.signup), name="account_signup"),
    path("password/change/", entrance.PasswordChangeView.as_view(), name="account_change_password"),
    path("password/reset/", login_not_required(entrance.PasswordResetView.as_view()), name="account_reset_password"),
    path("password/reset/done/", login_not_required(allauth.password_reset_done), name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        login_not_required(allauth.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        login_not_required(entrance.PasswordResetFromKeyView.as_view()),
        name="account_reset_password_from_key",
    ),
]
