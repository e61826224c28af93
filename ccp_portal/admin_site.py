"""The admin site: for looking, for superusers alone, and by the one door that there is."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _


class PortalAdminSite(AdminSite):
    """Django's admin without a sign-in and a password page of its own: allauth's have the limits and the trail."""

    site_header = site_title = _("CCTV Compliance Portal: reading the tables")
    index_title = _("Tables")
    site_url = "/workspace/"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only what reads: packages that bring an admin which writes are not asked in."""
        if getattr(admin_class, "reads_only", False):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and getattr(request.user, "is_superuser", False)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Strangers go to the portal's own sign-in; who is signed in and no superuser has no business here."""
        index = reverse("admin:index", current_app=self.name)
        if not request.user.is_authenticated:
            return redirect_to_login(index)
        if not self.has_permission(request):
            raise PermissionDenied
        return redirect(index)

    def password_change(  # type: ignore[override]  # a redirect is not a page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")
