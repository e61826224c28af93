"""The disclosure bundle, for the people of an operator who answer freedom of information requests."""

from django.http import FileResponse
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest
from accounts.policy import require
from compliance.views.system_finding import operator_or_404
from core.downloads import download
from transparency.services.open_data import bundle_of


@require_safe
def bundle(request: AuthenticatedHttpRequest, organisation: str) -> FileResponse:
    """The public files of the operator in one ZIP."""
    operator = operator_or_404(request, organisation)
    require(request.user, "transparency.take_bundle", operator)
    return download(bundle_of(operator), name=f"open-data-{operator.slug}.zip", media_type="application/zip")
