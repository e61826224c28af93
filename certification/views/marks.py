"""Where the holder says that it shows the mark: the list, adding to it, taking away, and the auditor's check."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Organisation
from accounts.policy import require
from certification.life_forms import CheckForm, PlaceForm, RemovedForm
from certification.models import Certificate, MarkPlace, SurveillanceReview
from certification.services import marks as services
from certification.views import life_rows
from certification.views.finding import find_certificate
from core.errors import IllegalMove, RuleBroken, StaleRecord
from core.forms import refused


@get_or_post
def places(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """All places; the holder's SPOC adds one."""
    org, found = find_certificate(request, organisation, reference, scope="for_marks")
    holds = request.user.has_perm("certification.hold_certificate", found)
    if request.method == "POST":
        require(request.user, "certification.hold_certificate", found)
    form = PlaceForm(posted(request))
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.add_place(certificate=found, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, _("The place was added."))
            return redirect("certification:marks", org.slug, found.reference)
    context = {
        "organisation": org,
        "certificate": found,
        "places": life_rows.place_rows(found, org, holds=holds, checks=False),
        "form": form if holds and found.status in (Certificate.Status.VALID, Certificate.Status.SUSPENDED) else None,
        "breadcrumbs": life_rows.certificate_trail(org, found, (_("Where the mark is shown"), "")),
    }
    return render(request, "certification/marks.html", context, status=status)


@get_or_post
def removed(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """The holder's SPOC says since when the mark is gone there."""
    org, found = find_certificate(request, organisation, reference)
    place = get_object_or_404(found.mark_places, number=number)
    require(request.user, "certification.hold_certificate", found)
    if place.removed_on is not None:
        raise StaleRecord(place)
    form = RemovedForm(posted(request))
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.remove_place(place=place, removed_on=form.cleaned_data["removed_on"], by=request.user)
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, _("The place is listed as removed."))
            return redirect("certification:marks", org.slug, found.reference)
    return _page(request, org, place, form, status, back=life_rows.address(org, found, "marks"))


@get_or_post
def check(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """The auditor of the open surveillance review says what they saw there."""
    org, found = find_certificate(request, organisation, reference)
    place = get_object_or_404(found.mark_places.filter(removed_on__isnull=True), number=number)
    require(request.user, "certification.work_on_surveillance", found)
    under_review = SurveillanceReview.Status.UNDER_REVIEW
    surveillance = found.surveillance.select_related("review__assignment").filter(status=under_review).first()
    if surveillance is None or surveillance.review is None:
        raise IllegalMove(found, Certificate.Status.VALID)
    form = CheckForm(posted(request))
    status = 422 if form.errors else 200
    back = life_rows.address(org, found, "surveillance", surveillance.number)
    if request.method == "POST" and form.is_valid():
        try:
            services.check_place(
                place=place, review=surveillance.review, result=form.cleaned_data["result"], by=request.user
            )
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            return redirect(f"{back}#marks")
    return _page(request, org, place, form, status, back=back)


def _page(
    request: AuthenticatedHttpRequest,
    org: Organisation,
    place: MarkPlace,
    form: RemovedForm | CheckForm,
    status: int,
    *,
    back: str,
) -> HttpResponse:
    certificate = place.certificate
    context = {
        "organisation": org,
        "certificate": certificate,
        "place": place,
        "form": form,
        "cancel_url": back,
        "breadcrumbs": life_rows.certificate_trail(
            org,
            certificate,
            (_("Where the mark is shown"), life_rows.address(org, certificate, "marks")),
            (place.where, ""),
        ),
    }
    return render(request, "certification/mark_place.html", context, status=status)
