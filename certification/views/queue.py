"""What is on an auditor's desk, by due date; a body's manager, decision makers and observer see all its desks."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, DateField, Exists, F, Min, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.models import Kind, Organisation, Role, User
from accounts.policy import require
from certification import stages
from certification.desk_forms import PlanForm
from certification.models import Application, AuditorAssignment, Clarification, Finding, StepReview
from certification.services import planning
from certification.services.at_work import open_review_of
from certification.views.desk_words import review_title
from certification.views.finding import find_at_work, list_trail
from core.dates import today
from core.errors import IllegalMove, RuleBroken
from core.forms import refused

PAGE = 20
Status = Application.Status
NOT_ON_A_DESK = (Status.DRAFT, Status.SUBMITTED)


@require_safe
def reviews(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Applications at work, the earliest due first. Never in the order of who is how quick."""
    org = organisation_or_404(request.user, organisation)
    if org.kind != Kind.CERTIFICATION_BODY:
        raise Http404
    require(request.user, "certification.read_queue", org)
    page = Paginator(_queue(org, request.user), PAGE).get_page(request.GET.get("page"))
    context = {
        "organisation": org,
        "page_obj": page,
        "rows": [_row(application, org, request.user) for application in page],
        "sees_all": request.user.holds(Role.BODY_MANAGER, Role.DECISION_MAKER, Role.OBSERVER, at=org),
        "breadcrumbs": [*list_trail(org, "applications", _("Applications")), (_("Reviews"), "")],
    }
    return render(request, "certification/reviews.html", context)


def _queue(org: Organisation, user: User) -> Any:
    """Everything of the body that has or needs an auditor now; of an auditor alone what is assigned to them."""
    open_reviews = StepReview.objects.filter(application=OuterRef("pk"), concluded_at__isnull=True)
    assigned = AuditorAssignment.objects.filter(application=OuterRef("pk"), ended_at__isnull=True)
    open_threads = (
        Clarification.objects.filter(application=OuterRef("pk"), status__in=Clarification.OPEN)
        .order_by()
        .values("application")
    )
    unsettled = (
        Finding.objects.filter(application=OuterRef("pk"), status__in=Finding.UNSETTLED)
        .order_by()
        .values("application")
    )
    at_work = Q(status__in=set(Application.OPEN) - set(NOT_ON_A_DESK)) | Q(Exists(open_reviews))
    return (
        Application.objects.readable_by(user)
        .filter(at_work, body=org)
        .defer("frozen")
        .select_related("operator", "body")
        .prefetch_related(
            "systems",
            Prefetch("assignments", AuditorAssignment.objects.select_related("auditor")),
            Prefetch("reviews", StepReview.objects.defer("conclusion").order_by("pk")),
        )
        .with_visit_stage()
        .annotate(
            due=Coalesce(
                Subquery(open_reviews.order_by("pk").values("due_on")[:1], output_field=DateField()),
                Subquery(assigned.values("due_on")[:1], output_field=DateField()),
            ),
            threads=Subquery(open_threads.annotate(n=Count("pk")).values("n")),
            oldest=Subquery(open_threads.annotate(first=Min("opened_at")).values("first")),
            unsettled=Subquery(unsettled.annotate(n=Count("pk")).values("n")),
        )
        .order_by(F("due").asc(nulls_last=True), "submitted_at", "pk")
    )


def _row(application: Any, org: Organisation, user: User) -> dict[str, Any]:
    step = stages.next_step(application)
    assignment = stages.open_assignment(application)
    open_review = next((review for review in application.reviews.all() if review.concluded_at is None), None)
    done = [review.actual_days for review in application.reviews.all() if review.actual_days is not None]
    name = "review" if open_review else "application"
    return {
        "reference": application.reference,
        "url": reverse(f"certification:{name}", args=[org.slug, application.reference]),
        "operator": application.operator.local_name,
        "systems": [system.local_name for system in application.systems.all()],
        "tag": stages.status_tag(application),
        "step": review_title(open_review) if open_review and application.status == Status.AWARDED else "",
        "auditor": assignment.auditor.get_full_name() if assignment else "",
        "due_on": application.due,
        "is_overdue": application.due is not None and application.due < today(),
        "planned": open_review.planned_days if open_review else None,
        "actual": sum(done) if done else None,
        "who": step.who,
        "what": step.what,
        "mine": stages.is_mine(step, application, user),
        "threads": application.threads or 0,
        "oldest": application.oldest,
        "unsettled": application.unsettled or 0,
    }


@get_or_post
def plan(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The manager sets by when the review is wanted, and how many days are planned for it."""
    found = find_at_work(request, organisation, reference, "manage_application")
    record = found.application
    assignment = stages.open_assignment(record)
    if assignment is None:
        raise IllegalMove(record, Status.STEP1_REVIEW)
    review = open_review_of(record)
    due_on = review.due_on if review else assignment.due_on
    planned = review.planned_days if review else None
    form = PlanForm(posted(request), has_review=review is not None, initial={"due_on": due_on, "planned_days": planned})
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            planning.plan(application=record, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            status = refused(form, refusal, "due_on")
        else:
            messages.success(request, _("The plan of the review is saved."))
            return redirect(found.address("application"))
    context = {
        "organisation": found.organisation,
        "application": record,
        "form": form,
        "heading": _("Plan the review"),
        "submit_label": _("Save"),
        "cancel_url": found.address("application"),
        "breadcrumbs": found.trail((_("Plan the review"), "")),
    }
    return render(request, "certification/act.html", context, status=status)
