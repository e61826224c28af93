"""Who is asked to answer which principles."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Membership, Organisation, Role, User
from accounts.policy import require
from compliance.forms.working import AssignForm
from compliance.models import Assessment, Principle, PrincipleAssignment
from compliance.services.assessments import RUNNING
from compliance.services.assignments import assign, unassign
from compliance.views.finding import address, assessment_or_404, trail_to
from core.errors import RuleBroken
from core.forms import refused
from core.sent import sent_number

DRAFTERS = (Role.CONTRIBUTOR, Role.SCHEME_MANAGER, Role.SPOC)


def _drafters(organisation: Organisation) -> QuerySet[User]:
    """Everybody who may answer there today, by name."""
    held = Membership.objects.current().filter(organisation=organisation, role__in=DRAFTERS)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name", "pk")


@get_or_post
def assignments(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Who answers what; a POST asks one more person."""
    found = assessment_or_404(request, organisation, reference)
    require(request.user, "compliance.assign_principles", found)
    principles = Principle.objects.filter(edition=found.edition_id)
    form = AssignForm(posted(request), people=_drafters(found.system.operator), principles=principles)
    if form.is_valid():
        person = form.cleaned_data["user"]
        try:
            new = assign(assessment=found, principles=form.cleaned_data["principles"], user=person, by=request.user)
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _told(person, len(new)))
            return redirect(address("assignments", found))
    context = {
        "organisation": found.system.operator,
        "assessment": found,
        "form": form,
        "is_running": found.status in RUNNING,
        "assigned": _assigned(found),
        "remove_url": address("assignment_end", found),
        "breadcrumbs": trail_to(found, (_("Who answers what"), "")),
    }
    return render(request, "compliance/assignments.html", context, status=422 if form.errors else 200)


def _told(person: User, number: int) -> str:
    if not number:
        return _("This was asked before: %(name)s") % {"name": person.get_full_name()}
    words = ngettext(
        "Asked to answer %(number)d principle: %(name)s", "Asked to answer %(number)d principles: %(name)s", number
    )
    return words % {"number": number, "name": person.get_full_name()}


def _assigned(assessment: Assessment) -> list[dict[str, object]]:
    """By principle, each with its people. One query."""
    rows = PrincipleAssignment.objects.filter(assessment=assessment).select_related("principle", "user")
    found: dict[int, dict[str, object]] = {}
    for row in rows.order_by("principle__number", "user__name", "pk"):
        entry = found.setdefault(
            row.principle.number,
            {
                "number": row.principle.number,
                "title": f"{row.principle.number}. {row.principle.local_title}",
                "url": address("principle", assessment, row.principle.number),
                "people": [],
            },
        )
        people = entry["people"]
        assert isinstance(people, list)  # noqa: S101  (for the type checker)
        people.append({"name": row.user.get_full_name(), "reference": row.user.reference})
    return list(found.values())


@require_POST
def end(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Take somebody off a principle."""
    found = assessment_or_404(request, organisation, reference)
    require(request.user, "compliance.assign_principles", found)
    rows = PrincipleAssignment.objects.filter(assessment=found).select_related("principle", "user")
    wanted = sent_number(request.POST.get("principle", ""))
    row = get_object_or_404(rows, principle__number=wanted, user__reference=request.POST.get("person", "")[:20])
    unassign(assessment=found, principle=row.principle, user=row.user, by=request.user)
    messages.success(request, _("Removed from the principle: %(name)s") % {"name": row.user.get_full_name()})
    return redirect(address("assignments", found))
