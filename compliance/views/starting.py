"""Beginning a self-assessment: blank, or with the answers of an earlier one or of another system."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Organisation
from accounts.policy import require
from compliance.forms.starting import FILE, LAST, OTHER, StartForm
from compliance.models import Assessment, CameraSystem
from compliance.services.assessments import RUNNING, AlreadyRunning, start_assessment
from compliance.services.carry import start_from
from compliance.services.systems import FINAL
from compliance.views.system_finding import operator_or_404, system_address
from core.errors import Problem, RuleBroken

MOST_SOURCES = 200


def may_start(request: AuthenticatedHttpRequest, operator: Organisation) -> bool:
    """Asked of the operator instead of each system: the predicate looks at nothing else."""
    return request.user.has_perm("compliance.start_assessment", CameraSystem(operator=operator))


@get_or_post
def start(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Choose the system and what to begin with."""
    operator = operator_or_404(request, organisation)
    require(request.user, "compliance.start_assessment", CameraSystem(operator=operator))
    own = CameraSystem.objects.visible_to(request.user).filter(operator=operator)
    possible = own.exclude(status__in=FINAL).order_by("name")
    running = Assessment.objects.filter(system__operator=operator, status__in=RUNNING)
    offered = possible if request.method == "POST" else possible.exclude(assessments__status__in=RUNNING)
    sources = _sources(request, operator)
    form = StartForm(
        posted(request),
        systems=offered,
        sources=[(reference, _source_label(source)) for reference, source in sources.items()],
        initial={"system": request.GET.get("system")},
    )
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        try:
            begun = _begin(request, form, sources)
        except AlreadyRunning as refusal:
            problems = [Problem(refusal.sentence, refusal.assessment.get_absolute_url())]
        except RuleBroken as refusal:
            problems = [Problem(refusal.sentence)]
        else:
            if form.cleaned_data["begin"] == FILE:
                return redirect("compliance:answers_import", operator.slug, begun.system.reference)
            return redirect(begun)
    context = {
        "organisation": operator,
        "form": form,
        "summary": problems,
        "running": [_running(one) for one in running.select_related("system__operator").order_by("system__name")],
        "can_choose": offered.exists(),
        "systems_url": reverse("compliance:systems", args=[operator.slug]),
        "breadcrumbs": [
            (operator.local_name, operator.get_absolute_url()),
            (_("Self-assessments"), reverse("compliance:assessments", args=[operator.slug])),
            (_("Start"), ""),
        ],
    }
    status = 422 if form.errors or problems else 200
    return render(request, "compliance/assessment_start.html", context, status=status)


def _running(assessment: Assessment) -> dict[str, str]:
    """One that is not signed yet, and where answers come into it from a file."""
    in_draft = assessment.status == Assessment.Status.DRAFT
    return {
        "system": assessment.system.local_name,
        "status": assessment.get_status_display(),
        "url": assessment.get_absolute_url(),
        "import_url": system_address("answers_import", assessment.system) if in_draft else "",
    }


def _sources(request: AuthenticatedHttpRequest, operator: Organisation) -> dict[str, Assessment]:
    """Signed and running ones to copy from, by reference, in the order of their systems. One query."""
    offered = (*RUNNING, Assessment.Status.SIGNED)
    own = Assessment.objects.visible_to(request.user).filter(system__operator=operator, status__in=offered)
    found = own.select_related("system__operator", "edition").order_by("system__name", "-started_at")
    return {source.reference: source for source in found[:MOST_SOURCES]}


def _source_label(source: Assessment) -> str:
    return f"{source.system.local_name}: {source.get_status_display()} ({source.reference})"


def _begin(request: AuthenticatedHttpRequest, form: StartForm, sources: dict[str, Assessment]) -> Assessment:
    """Raises what the services raise, and RuleBroken where there is nothing to copy from."""
    system, begin = form.cleaned_data["system"], form.cleaned_data["begin"]
    source = None
    if begin == LAST:
        signed = (s for s in sources.values() if s.system == system and s.status == Assessment.Status.SIGNED)
        source = next(signed, None)
        if source is None:
            raise RuleBroken(
                _("Nothing is signed for this system yet. Begin blank, or with the answers of another self-assessment.")
            )
    elif begin == OTHER:
        source = sources[form.cleaned_data["source"]]
    if source is None:
        begun = start_assessment(system=system, by=request.user)
        if begin == FILE:
            messages.success(request, _("The self-assessment is started. Choose the file with its answers."))
        else:
            messages.success(request, _("The self-assessment is started. Say first what it covers."))
        return begun
    begun = start_from(system=system, source=source, by=request.user)
    number = begun.answers.count()
    sentence = ngettext(
        "The self-assessment is started with %(number)d answer. Confirm it, or change it.",
        "The self-assessment is started with %(number)d answers. Confirm them, or change them.",
        number,
    )
    messages.success(request, sentence % {"number": number})
    return begun
