"""The frozen text of a submission, under this app's own predicate."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest
from certification.submission import holds
from certification.views.finding import Found, find


@require_safe
def submission(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The frozen text, byte for byte as it was hashed."""
    found = _readable(request, organisation, reference)
    if not holds(found.application):
        return _altered(request, found, _("The text of the submission does not have the hash that was recorded."))
    response = HttpResponse(found.application.frozen, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.application.reference}.json"'
    response["Cache-Control"] = "private, no-store"
    return response


def _readable(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> Found:
    """Drafts have no frozen documents: the operator opens them among its evidence."""
    found = find(request, organisation, reference, "read_documents")
    if not found.application.frozen:
        raise Http404
    return found


def _altered(request: AuthenticatedHttpRequest, found: Found, sentence: str) -> HttpResponse:
    context = {
        "organisation": found.organisation,
        "application": found.application,
        "sentence": sentence,
        "back_url": found.address("application"),
        "breadcrumbs": found.trail((_("Document"), "")),
    }
    return render(request, "certification/altered.html", context, status=409)
