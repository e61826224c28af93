"""How allauth behaves here: nobody signs up by themselves, and mail is promised, never sent inside a request.

Because the request only promises, an unknown address takes as long as a known one.
"""

from typing import Any, ClassVar
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext_lazy, override

from accounts.models import User
from accounts.services import people
from accounts.services.notifications import promise_mail


class AccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        # One sentence for both, so that nobody learns which addresses have an account.
        "email_password_mismatch": gettext_lazy("The email address or the password is wrong."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """An account begins with an invitation."""
        return False

    def format_email_subject(self, subject: str) -> str:
        return subject

    def is_safe_url(self, url: str) -> bool:
        """After sign-in one goes on within this portal only: the other names of ALLOWED_HOSTS are for machines."""
        request = allauth_context.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def get_reset_password_from_key_url(self, key: str) -> str:
        """By the portal's own address, whatever host the request came to."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.PORTAL_ORIGIN + path.replace("UID-KEY", quote(key))

    def set_password(self, user: User, password: str) -> None:
        people.set_password(user=user, password=password)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Render now, in the person's language or else that of the page; send by a job."""
        known = {"request": allauth_context.request, "email": email, "portal_origin": settings.PORTAL_ORIGIN, **context}
        with override(context["user"].language if "user" in context else get_language()):
            message = self.render_mail(template_prefix, email, known)
        promise_mail(to=email, subject=str(message.subject), body=str(message.body))
