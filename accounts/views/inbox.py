"""The inbox: what a person was told, also by email."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest
from accounts.forms import MarkReadForm
from accounts.models import Notification
from accounts.services.notifications import mark_read

PAGE_SIZE = 20


@require_safe
def inbox(request: AuthenticatedHttpRequest) -> HttpResponse:
    notifications = Notification.objects.filter(user=request.user).for_list()
    page = Paginator(notifications, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "has_unread": any(n.read_at is None for n in page.object_list),
        "breadcrumbs": [(_("What waits for me"), reverse("accounts:home")), (_("Inbox"), "")],
    }
    return render(request, "accounts/inbox.html", context)


@require_POST
def read(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Mark one message as read, or all where none is named. Somebody else's message is as unknown as none."""
    form = MarkReadForm(request.POST, user=request.user)
    if not form.is_valid():
        raise Http404
    mark_read(user=request.user, notification=form.cleaned_data["notification"])
    messages.success(request, _("Marked as read."))
    return redirect("accounts:inbox")
