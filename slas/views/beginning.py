"""Beginning an agreement and changing what stands around its clauses while it is a draft."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.policy import require
from core.errors import RuleBroken, StaleRecord
from core.forms import keep_typed, refused
from slas.forms.beginning import BeginForm, FrameForm
from slas.models import Agreement
from slas.services import beginning, drafting
from slas.services.holding import require_status
from slas.views.finding import find, list_trail

Status = Agreement.Status
MOST_PREVIOUS = 12


@get_or_post
def begin(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """What it is about, with whom, from which clauses; then the draft is there. `previous` in the address is chosen."""
    org = organisation_or_404(request.user, organisation)
    require(request.user, "slas.begin_agreement", org)
    own = Agreement.objects.of(org).complete().exclude(status=Status.REPLACED).for_page().order_by("-completed_at")
    previous = list(own[:MOST_PREVIOUS])
    form = BeginForm(
        posted(request),
        organisation=org,
        previous=previous,
        initial=_initial(request.GET.get("previous"), previous, org),
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = beginning.begin(
                    organisation=org,
                    frame=form.frame(),
                    clause_set=form.cleaned_data["clause_set"],
                    by=request.user,
                    **form.start(),
                )
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, _("The draft is there. Go through its clauses, then send it."))
                return redirect("slas:clauses", org.slug, made.reference)
    context = {"organisation": org, "form": form, "breadcrumbs": [*list_trail(org), (_("Begin"), "")]}
    return render(request, "slas/begin.html", context, status=status)


def _initial(reference: str | None, previous: list[Agreement], organisation: object) -> dict[str, object]:
    chosen = next((agreement for agreement in previous if agreement.reference == reference), None)
    if chosen is None:
        return {}
    found = FrameForm.initial_of(chosen, organisation)  # type: ignore[arg-type]
    return {**found, "source": chosen.reference, "clause_set": chosen.clause_set, "version": 0}


@get_or_post
def change(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Change title, parties, technologies and systems of a draft."""
    found = find(request, organisation, reference, "negotiate")
    record = found.agreement
    require_status(record, Status.DRAFT, wanted=Status.DRAFT)
    form = FrameForm(
        posted(request), organisation=found.organisation, initial=FrameForm.initial_of(record, found.organisation)
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            version = form.cleaned_data["version"]
            try:
                drafting.change_frame(agreement=record, frame=form.frame(), by=request.user, version=version)
            except StaleRecord:
                record.refresh_from_db(fields=["version"])
                keep_typed(form, version=record.version)
                form.add_error(None, _("Somebody changed it meanwhile. Look at it first; save again to keep yours."))
                status = 409
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                messages.success(request, _("Saved."))
                return redirect(found.address("agreement"))
    context = {
        "organisation": found.organisation,
        "agreement": record,
        "form": form,
        "cancel_url": found.address("agreement"),
        "breadcrumbs": found.trail((_("Change"), "")),
    }
    return render(request, "slas/frame.html", context, status=status)
