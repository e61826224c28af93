"""Public pages that could not be built, for site administrators: which, why, and building them again."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest
from accounts.policy import require
from transparency.models import BakedPage
from transparency.services.rebuild import build_failed_again

PAGE_SIZE = 50


@require_safe
def failed_pages(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Each page with its error; its last good version is still shown to the public."""
    require(request.user, "accounts.administer_site", request.user)
    failed = BakedPage.objects.exclude(error="").order_by("path")
    context = {
        "page_obj": Paginator(failed, PAGE_SIZE).get_page(request.GET.get("page")),
        "breadcrumbs": [
            (_("What waits for me"), reverse("accounts:home")),
            (_("Administration"), reverse("accounts:administration")),
            (_("Pages that could not be built"), ""),
        ],
    }
    return render(request, "publishing/failed_pages.html", context)


@require_POST
def build_again(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Promise all of them anew."""
    require(request.user, "accounts.administer_site", request.user)
    count = build_failed_again(by=request.user)
    sentence = ngettext("%(count)d page is being built again.", "%(count)d pages are being built again.", count)
    messages.success(request, sentence % {"count": count})
    return redirect("built_pages:failed")
