"""Evidence beside an answer: what supports it, adding to it, taking from the library, and taking off again."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.policy import require
from compliance.beside import LINKED, beside_question, of_kind
from compliance.forms.evidence import EvidenceFilterForm, EvidenceForm, LibraryForm
from compliance.models import Assessment, CameraSystem, Evidence, EvidenceUse, Question
from compliance.rules import AssessmentState, QuestionState
from compliance.services import evidence as services
from compliance.views import evidence_rows as rows
from compliance.views.evidence import PAGE_SIZE
from compliance.views.finding import address, trail_to
from core.errors import IllegalMove, RuleBroken
from core.forms import refused
from core.prepared import Prepared

USES = Prepared(
    lambda assessment, question: (
        EvidenceUse.objects.filter(assessment=assessment, question=question)
        .select_related("evidence__operator")
        .order_by("evidence__title", "pk")
    )
)


def evidence_part(
    request: AuthenticatedHttpRequest, state: AssessmentState, asked: QuestionState
) -> dict[str, Any] | None:
    """On the page of a question: the evidence of its answer and the ways to add to it. One query beside
    `beside_question`.
    """
    found, question = state.assessment, asked.question
    shown = [_use(found, question, use.evidence) for use in USES(assessment=found.pk, question=question.pk)]
    can_edit = found.status == Assessment.Status.DRAFT and request.user.has_perm("compliance.edit_answers", found)
    can_add = can_edit and asked.is_asked
    if not shown and not can_add:
        return None
    is_linked = can_add and shown and bool(of_kind(beside_question(found, question), LINKED))
    return {
        "template": "compliance/_question_evidence.html",
        "evidence": shown,
        "share_url": address("question_evidence_share", found, question.number) if is_linked else "",
        "can_edit": can_edit,
        "add_url": address("question_evidence_add", found, question.number) if can_add else "",
        "choose_url": address("question_evidence", found, question.number) if can_add else "",
    }


def _use(assessment: Assessment, question: Question, evidence: Evidence) -> dict[str, Any]:
    return {
        "title": evidence.title,
        "what": rows.what_of(evidence),
        "url": rows.address("evidence", evidence),
        "due": rows.due_tag(evidence.review_on),
        "detach_url": address("question_evidence_detach", assessment, question.number, evidence.reference),
    }


def _assessment_or_404(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> Assessment:
    """The self-assessment with its system and operator alone. One query."""
    operator = organisation_or_404(request.user, organisation)
    own = Assessment.objects.visible_to(request.user).filter(system__operator=operator)
    return get_object_or_404(own.select_related("system__operator"), reference=reference)


def _question_of(found: Assessment, number: int) -> Question:
    return get_object_or_404(Question.objects.select_related("principle"), edition=found.edition_id, number=number)


def _refuse_locked(found: Assessment) -> None:
    if found.status != Assessment.Status.DRAFT:
        raise IllegalMove(found, Assessment.Status.DRAFT)


def _crumbs(found: Assessment, question: Question, title: str) -> list[tuple[str, str]]:
    label = _("Question %(number)d") % {"number": question.number}
    return trail_to(found, (label, address("question", found, question.number)), (title, ""))


@get_or_post
def add(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """Add a file or a link to the library and to this answer at once."""
    found = _assessment_or_404(request, organisation, reference)
    require(request.user, "compliance.edit_answers", found)
    question = _question_of(found, number)
    _refuse_locked(found)
    form = EvidenceForm(posted(request), request.FILES or None, operator=None)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("kind", "title", "url", "dated", "review_on", "marking")}
        try:
            services.add_for_answer(
                assessment=found, question=question, upload=request.FILES.get("file"), by=request.user, **values
            )
        except RuleBroken as refusal:
            refused(form, refusal, "file")
        else:
            messages.success(request, _("Added: %(title)s") % {"title": form.cleaned_data["title"]})
            return redirect(f"{address('question', found, number)}#evidence")
    title = _("Add evidence")
    context = {
        "organisation": found.system.operator,
        "title": title,
        "caption": f"{question.number}. {question.local_title}",
        "form": form,
        "submit_label": title,
        "cancel_url": address("question", found, number),
        "breadcrumbs": _crumbs(found, question, title),
    }
    return render(request, "compliance/evidence_add.html", context, status=422 if form.errors else 200)


@get_or_post
def choose(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """Take evidence that is in the library already; one document may support many answers and systems."""
    found = _assessment_or_404(request, organisation, reference)
    require(request.user, "compliance.edit_answers", found)
    question = _question_of(found, number)
    _refuse_locked(found)
    operator = found.system.operator
    library = Evidence.objects.visible_to(request.user).filter(operator=operator)
    taken = EvidenceUse.objects.filter(assessment=found, question=question).values("evidence")
    form = LibraryForm(posted(request), library=library)
    if request.method == "POST" and form.is_valid():
        chosen = list(form.cleaned_data["evidence"])
        services.attach_several(evidence=chosen, assessment=found, question=question, by=request.user)
        messages.success(request, _("The evidence is attached to the answer."))
        return redirect(f"{address('question', found, number)}#evidence")
    systems = list(CameraSystem.objects.visible_to(request.user).filter(operator=operator).order_by("name"))
    filters = EvidenceFilterForm(request.GET or None, systems=systems)
    page = Paginator(filters.narrow(library).exclude(pk__in=taken).for_list(), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    title = _("Take evidence from the library")
    context = {
        "organisation": operator,
        "title": title,
        "caption": f"{question.number}. {question.local_title}",
        "form": form if form.errors else None,
        "filters": filters,
        "page_obj": page,
        "rows": [rows.evidence_row(evidence) for evidence in page],
        "is_narrowed": any(request.GET.get(name) for name in filters.fields),
        "add_url": address("question_evidence_add", found, number),
        "cancel_url": address("question", found, number),
        "breadcrumbs": _crumbs(found, question, title),
    }
    return render(request, "compliance/evidence_choose.html", context, status=422 if form.errors else 200)


@require_POST
def share(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """The evidence of this answer for the answers that are linked to it, too."""
    found = _assessment_or_404(request, organisation, reference)
    require(request.user, "compliance.edit_answers", found)
    question = _question_of(found, number)
    if services.share_with_linked(assessment=found, question=question, by=request.user):
        messages.success(request, _("The other linked systems use this evidence now, too."))
    else:
        messages.success(request, _("Nothing was left to do: no linked system lacks any of this evidence."))
    return redirect(f"{address('question', found, number)}#evidence")


@require_POST
def detach(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int, evidence: str
) -> HttpResponse:
    """Take evidence off this answer; it stays in the library."""
    found = _assessment_or_404(request, organisation, reference)
    require(request.user, "compliance.edit_answers", found)
    question = _question_of(found, number)
    used = get_object_or_404(Evidence.objects.visible_to(request.user), uses__assessment=found, reference=evidence)
    services.detach(evidence=used, assessment=found, question=question, by=request.user)
    messages.success(request, _("Removed from this answer. It stays in the library."))
    return redirect(f"{address('question', found, number)}#evidence")
