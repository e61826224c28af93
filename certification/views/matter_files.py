"""Files of a matter: handed out to both parties on asking, under the question that its documents are under."""

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest
from certification.models import MatterFile
from certification.views.finding import find
from core.downloads import download


@require_safe
def matter_file(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponseBase:
    """The bytes, for everybody at the operator, the body's manager, decision maker and observer, and its auditor after
    declaring.
    """
    found = find(request, organisation, reference, "read_documents", scope="for_desk")
    kept = get_object_or_404(MatterFile, application=found.application, number=number)
    try:
        file = kept.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return download(file, name=kept.file_name, media_type=kept.media_type)
