"""Changing evidence: its file, what is said of it, and whether the public may see it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.policy import require
from compliance.forms.evidence import DetailsForm, PublishForm, ReplaceForm
from compliance.models import Evidence
from compliance.services import evidence_changes as services
from compliance.views import evidence_rows as rows
from compliance.views.evidence import crumbs, evidence_or_404
from core.errors import Incomplete, RuleBroken
from core.forms import GovukForm, refused


@get_or_post
def change(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Title, kind, systems, dates and marking. Somebody else's change in between is a conflict: 409."""
    found = evidence_or_404(request, organisation, reference)
    require(request.user, "compliance.change_evidence", found)
    systems = list(found.systems.all())
    initial = {name: getattr(found, name) for name in services.DETAILS}
    initial |= {
        "systems": [system.reference for system in systems],
        "seen": services.details_token(found, systems),
    }
    form = DetailsForm(posted(request), operator=found.operator, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_details(
                evidence=found,
                changes={name: form.cleaned_data[name] for name in services.DETAILS},
                systems=list(form.cleaned_data.get("systems", ())),
                seen=form.cleaned_data["seen"],
                by=request.user,
            )
        except Incomplete as refusal:
            refused(form, refusal, "file")
        else:
            messages.success(request, _("The details are saved."))
            return redirect("compliance:evidence", organisation, reference)
    return _form_page(request, found, form, _("Change the details"), _("Save"))


@get_or_post
def replace(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """A new file in the place of the present one, which stays as a version."""
    found = evidence_or_404(request, organisation, reference)
    require(request.user, "compliance.change_evidence", found)
    form = ReplaceForm(posted(request), request.FILES or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        was_public = found.is_public
        try:
            services.replace_file(
                evidence=found,
                upload=form.cleaned_data["file"],
                version=form.cleaned_data["version"],
                dated=form.cleaned_data["dated"],
                review_on=form.cleaned_data["review_on"],
                by=request.user,
            )
        except RuleBroken as refusal:
            refused(form, refusal, "file")
        else:
            if was_public:
                messages.warning(request, _("Nobody decided yet to show the new file, so it is no longer public."))
            messages.success(request, _("The file is replaced. The one before is kept below."))
            return redirect("compliance:evidence", organisation, reference)
    return _form_page(request, found, form, _("Replace the file"), _("Replace the file"))


def _form_page(
    request: AuthenticatedHttpRequest, found: Evidence, form: GovukForm, title: str, label: str
) -> HttpResponse:
    here = rows.address("evidence", found)
    context = {
        "organisation": found.operator,
        "title": title,
        "caption": found.title,
        "form": form,
        "submit_label": label,
        "cancel_url": here,
        "breadcrumbs": crumbs(found.operator, (found.title, here), (title, "")),
    }
    return render(request, "compliance/evidence_add.html", context, status=422 if form.errors else 200)


@get_or_post
def publish(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """What the file gives away, what to do about it, and publishing it: a clean one, or all the same with a reason."""
    found = evidence_or_404(request, organisation, reference)
    require(request.user, "compliance.publish_evidence", found)
    leaks, form = rows.leaks_of(found), PublishForm(posted(request), has_leaks=bool(found.leaks))
    if request.method == "POST" and form.is_valid():
        try:
            services.publish_evidence(evidence=found, reason=form.cleaned_data.get("reason", ""), by=request.user)
        except services.LeaksFound as refusal:  # in a file that was added before files were looked into
            found.leaks = list(refusal.leaks)
            leaks, form = rows.leaks_of(found), PublishForm({}, has_leaks=True)
        else:
            messages.success(request, _("The file may be published now."))
            return redirect("compliance:evidence", organisation, reference)
    here = rows.address("evidence", found)
    title = _("Let the public see it")
    context = {
        "organisation": found.operator,
        "evidence": found,
        "title": title,
        "form": form,
        "leaks": leaks,
        "submit_label": _("Publish all the same") if leaks else _("Publish"),
        "cancel_url": here,
        "breadcrumbs": crumbs(found.operator, (found.title, here), (title, "")),
    }
    return render(request, "compliance/evidence_publish.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The public may no longer see it."""
    found = evidence_or_404(request, organisation, reference)
    require(request.user, "compliance.publish_evidence", found)
    services.withdraw_evidence(evidence=found, by=request.user)
    messages.success(request, _("It is no longer public."))
    return redirect("compliance:evidence", organisation, reference)
