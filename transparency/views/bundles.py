"""The disclosure bundle, for the people of an operator who answer freedom of information requests."""

from django.contrib import messages
from django.http import FileResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest
from accounts.policy import require
from compliance.views.system_finding import operator_or_404
from core.downloads import download
from transparency.services.open_data import bundle_of


@require_safe
def bundle(request: AuthenticatedHttpRequest, organisation: str) -> FileResponse | HttpResponseRedirect:
    """The public files of the operator in one ZIP, as a worker packed them; until then, word that it is being made."""
    operator = operator_or_404(request, organisation)
    require(request.user, "transparency.take_bundle", operator)
    packed = bundle_of(operator)
    if packed is None:
        messages.info(request, _("The disclosure bundle is being made. Ask for it again in a minute."))
        return redirect("publishing:publications", operator.slug)
    return download(packed, name=f"open-data-{operator.slug}.zip", media_type="application/zip")
