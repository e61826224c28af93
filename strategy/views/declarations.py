"""The senior responsible officer's dated word that there is no public-space system."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.policy import require
from core.errors import RuleBroken, StaleRecord
from core.forms import refused
from strategy.forms.spocs import NoSystemForm
from strategy.models import NoSystemDeclaration
from strategy.services import declarations


@get_or_post
def no_system(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """What stands, what stood, and the form. Two queries beside those of every page."""
    org = organisation_or_404(request.user, organisation)
    require(request.user, "strategy.declare_no_system", org)
    words = list(NoSystemDeclaration.objects.filter(organisation=org).select_related("declared_by"))
    form = NoSystemForm(posted(request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                declarations.declare_no_system(organisation=org, reason=form.cleaned_data["reason"], by=request.user)
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, _("Declared. It stands until you take it back."))
                return redirect("national:no_system", org.slug)
    context = {
        "organisation": org,
        "form": form,
        "standing": next((word for word in words if word.ended_on is None), None),
        "before": [word for word in words if word.ended_on is not None],
        "cancel_url": org.get_absolute_url(),
        "breadcrumbs": [(org.local_name, org.get_absolute_url()), (_("No public-space system"), "")],
    }
    return render(request, "strategy/no_system.html", context, status=status)


@require_POST
def take_back(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """409 where none stands."""
    org = organisation_or_404(request.user, organisation)
    require(request.user, "strategy.declare_no_system", org)
    word = NoSystemDeclaration.objects.filter(organisation=org, ended_on__isnull=True).first()
    if word is None:
        raise StaleRecord(org)
    declarations.take_back(word=word, by=request.user)
    messages.success(request, _("Taken back. From tomorrow your authority counts in 5.2 and 5.4 again."))
    return redirect("national:no_system", org.slug)
