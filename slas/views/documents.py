"""The signed document of an agreement, for everybody of its parties."""

from django.http import FileResponse, Http404
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest
from core.downloads import download
from slas.views.finding import find


@require_safe
def document(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> FileResponse:
    """The PDF of the text that all signed; 404 until a worker has made it."""
    found = find(request, organisation, reference)
    text = found.agreement.texts.standing().first()
    if text is None or not text.document:
        raise Http404
    return download(text.document.open("rb"), name=f"{found.agreement.reference}.pdf", media_type="application/pdf")
