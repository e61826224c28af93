"""The frozen text of a submission, under this app's own predicate."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest
from certification.submission import holds
from certification.views.finding import find
from certification.views.viewer import altered


@require_safe
def submission(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The frozen text, byte for byte as it was hashed."""
    found = find(request, organisation, reference, "read_documents")
    if not found.application.frozen:  # a draft
        raise Http404
    if not holds(found.application):
        return altered(request, found, _("The text of the submission does not have the hash that was recorded."))
    response = HttpResponse(found.application.frozen, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.application.reference}.json"'
    response["Cache-Control"] = "private, no-store"
    return response
