"""The running self-assessments of an organisation side by side, and one answer for several of them."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.models import Organisation
from accounts.policy import require
from compliance.beside import LINKED, beside_question, of_kind
from compliance.exchange.words import choice_label
from compliance.forms.links import LinkForm
from compliance.models import Assessment, Question
from compliance.rules import AssessmentState, QuestionState, Standing
from compliance.services import links
from compliance.services.answers import AnswerConflict
from compliance.services.assessments import RUNNING
from compliance.states import states_of
from compliance.views.finding import address, assessment_or_404, question_or_404
from compliance.views.rows import STANDING_COLOURS
from compliance.views.system_finding import operator_or_404
from core.bilingual import is_welsh_page
from core.errors import IllegalMove, RuleBroken
from core.forms import refused
from core.sent import sent_number

COLUMNS = 6
SHOWN_CHARACTERS = 280
MOST_RUNNING = 100
Linked = dict[tuple[int, int], list[Assessment]]


def running_of(request: AuthenticatedHttpRequest, operator: Organisation) -> list[Assessment]:
    """Its running self-assessments by name of the system. Two queries."""
    own = Assessment.objects.visible_to(request.user).filter(system__operator=operator, status__in=RUNNING)
    return list(own.for_detail().order_by("system__name", "pk")[:MOST_RUNNING])


def _editions(running: Sequence[Assessment], chosen: str) -> tuple[list[Any], Any]:
    """Their editions, newest first, and the one that is looked at: only answers to the same questions compare."""
    editions = {assessment.edition_id: assessment.edition for assessment in running}
    ordered = sorted(editions.values(), key=lambda edition: (edition.in_effect_on, edition.pk), reverse=True)
    if not ordered:
        return [], None
    return ordered, next((edition for edition in ordered if edition.key == chosen), ordered[0])


@require_safe
def side_by_side(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Systems as columns, the questions of one principle as rows."""
    operator = operator_or_404(request, organisation)
    running = running_of(request, operator)
    editions, edition = _editions(running, request.GET.get("edition", ""))
    offered = [assessment for assessment in running if assessment.edition == edition]
    wanted = set(request.GET.getlist("system"))
    chosen = [assessment for assessment in offered if assessment.reference in wanted] or offered
    shown = chosen[:COLUMNS]
    states = states_of(shown)
    linked = links.linked_with(shown) if shown else {}
    sentences = [_compared(states, number) for number in states[0].by_number] if states else []
    differing = {number for number, differs, _sentence in sentences if differs}
    number = _principle_number(request, states)
    context = {
        "organisation": operator,
        "edition": edition,
        "other_editions": [other for other in editions if other != edition],
        "offered": [(one.reference, one.system.local_name, one in shown) for one in offered],
        "columns": [_column(one) for one in shown],
        "left_out": len(chosen) - len(shown),
        "principles": _principles(states, differing, number, request) if states else [],
        "principle": _principle(states, number),
        "rows": _rows(request, states, number, linked),
        "can_compare": len(shown) > 1,
        "breadcrumbs": _trail(operator),
    }
    return render(request, "compliance/side_by_side.html", context)


def _trail(operator: Organisation, *further: tuple[str, str]) -> list[tuple[str, str]]:
    return [
        (operator.local_name, operator.get_absolute_url()),
        (_("Self-assessments"), reverse("compliance:assessments", args=[operator.slug])),
        (_("Side by side"), reverse("compliance:side_by_side", args=[operator.slug]) if further else ""),
        *further,
    ]


def _column(assessment: Assessment) -> dict[str, str]:
    return {
        "system": assessment.system.local_name,
        "url": assessment.get_absolute_url(),
        "status": assessment.get_status_display(),
    }


def _principle_number(request: AuthenticatedHttpRequest, states: Sequence[AssessmentState]) -> int:
    """Which principle is looked at; the first where the address names none."""
    numbers = [principle.principle.number for principle in states[0].principles] if states else [1]
    if not (asked := request.GET.get("principle", "")):
        return numbers[0]
    wanted = sent_number(asked)
    if wanted not in numbers:
        raise Http404
    return wanted


def _principle(states: Sequence[AssessmentState], number: int) -> Any:
    if not states:
        return None
    return next(p.principle for p in states[0].principles if p.principle.number == number)


def _principles(
    states: Sequence[AssessmentState], differing: set[int], current: int, request: AuthenticatedHttpRequest
) -> list[dict[str, Any]]:
    """The way to each principle, with how many of its questions are answered differently."""
    found = []
    for principle in states[0].principles:
        number = principle.principle.number
        query = request.GET.copy()
        query["principle"] = str(number)
        differ = sum(state.question.number in differing for state in principle.questions)
        words = ngettext("%(number)d differs", "%(number)d differ", differ) % {"number": differ}
        found.append(
            {
                "label": _("%(number)d. %(title)s") % {"number": number, "title": principle.principle.local_title},
                "url": f"?{query.urlencode()}",
                "differs": words if differ else "",
                "is_current": number == current,
            }
        )
    return found


def _rows(
    request: AuthenticatedHttpRequest, states: Sequence[AssessmentState], number: int, linked: Linked
) -> list[dict[str, Any]]:
    if not states:
        return []
    principle = next(p for p in states[0].principles if p.principle.number == number)
    rows = []
    for asked in principle.questions:
        question = asked.question
        _number, differs, sentence = _compared(states, question.number)
        rows.append(
            {
                "number": question.number,
                "title": question.local_title,
                "sentence": sentence,
                "differs": differs,
                "cells": [_cell(request, state, question.number, linked) for state in states],
                "link_url": _link_url(states, question) if _can_link(request, states, question.number) else "",
            }
        )
    return rows


def _link_url(states: Sequence[AssessmentState], question: Question) -> str:
    first = states[0].assessment
    url = reverse("compliance:answer_once", args=[first.system.operator.slug, question.number])
    return f"{url}?edition={first.edition.key}"


def _can_link(request: AuthenticatedHttpRequest, states: Sequence[AssessmentState], number: int) -> bool:
    drafts = [state for state in states if _takes_part(state, number)]
    return len(drafts) > 1 and request.user.has_perm("compliance.edit_answers", drafts[0].assessment)


def _takes_part(state: AssessmentState, number: int) -> bool:
    """A draft whose system is asked that question."""
    return state.assessment.status == Assessment.Status.DRAFT and state.by_number[number].is_asked


def _compared(states: Sequence[AssessmentState], number: int) -> tuple[int, bool, str]:
    """The question, whether answers to it differ, and how they compare in a sentence."""
    asked = [state.by_number[number] for state in states if state.by_number[number].is_asked]
    given = {(one.choice, one.text) for one in asked if one.choice or one.text}
    empty = sum(not (one.choice or one.text) for one in asked)
    if len(asked) < links.FEWEST:
        sentence = _("Asked of one of these systems only.") if asked else _("Not asked of any of these systems.")
        return number, False, sentence
    if not given:
        return number, False, _("Not answered for any of these systems yet.")
    if len(given) > 1:
        return number, True, _("The answers differ.")
    if empty:
        return number, True, _("Answered for some of these systems only.")
    return number, False, _("The same answer for all that are asked.")


def _cell(request: AuthenticatedHttpRequest, state: AssessmentState, number: int, linked: Linked) -> dict[str, Any]:
    asked, found = state.by_number[number], state.assessment
    partners = linked.get((found.pk, asked.question.pk), [])
    return {
        "system": found.system.local_name,
        "url": address("question", found, number),
        "why": asked.not_asked.sentence if asked.not_asked else "",
        "choice": choice_label(asked.choice) if asked.is_asked else "",
        "text": Truncator(asked.text).chars(SHOWN_CHARACTERS) if asked.is_asked else "",
        "standing": asked.standing.label,
        "colour": STANDING_COLOURS[asked.standing],
        "shows_standing": asked.standing in {Standing.UNANSWERED, Standing.UNFINISHED, Standing.CARRIED},
        "linked": ", ".join(other.system.local_name for other in partners),
        "unlink_url": address("unlink", found, number)
        if partners and request.user.has_perm("compliance.edit_answers", found)
        else "",
    }


@get_or_post
def answer_once(request: AuthenticatedHttpRequest, organisation: str, number: int) -> HttpResponse:
    """All answers to one question, and the choice of those that one answer shall serve from now on."""
    operator = operator_or_404(request, organisation)
    running = running_of(request, operator)
    _all, edition = _editions(running, request.GET.get("edition", ""))
    states = states_of([assessment for assessment in running if assessment.edition == edition])
    if not states:
        raise Http404
    require(request.user, "compliance.edit_answers", states[0].assessment)
    question = question_or_404(states[0], number).question
    possible = [state for state in states if _takes_part(state, number)]
    assessments = [state.assessment for state in possible]
    keepable = [s.assessment for s in possible if not s.by_number[number].carried_from]
    read = {f"read-{s.assessment.reference}": s.by_number[number].version for s in possible}
    form = LinkForm(posted(request), assessments=assessments, keepable=keepable, initial=read)
    status = 200
    if request.method == "POST":
        if form.is_valid() and _linked(request, form, question, assessments):
            url = reverse("compliance:side_by_side", args=[operator.slug])
            return redirect(
                f"{url}?edition={question.edition.key}&principle={question.principle.number}#question-{number}"
            )
        status = 422
    linked = links.linked_with(assessments) if assessments else {}
    context = {
        "organisation": operator,
        "edition": edition,
        "question": question,
        "cells": [
            {**_cell(request, state, number, linked), "text": state.by_number[number].text} for state in possible
        ],
        "form": form,
        "can_link": len(possible) > 1 and bool(keepable),
        "back_url": f"{reverse('compliance:side_by_side', args=[operator.slug])}"
        f"?edition={edition.key}&principle={question.principle.number}",
        "breadcrumbs": _trail(operator, (_("Question %(number)d") % {"number": number}, "")),
    }
    return render(request, "compliance/answer_once.html", context, status=status)


def _linked(
    request: AuthenticatedHttpRequest, form: LinkForm, question: Question, assessments: Sequence[Assessment]
) -> bool:
    """Whether the answers are linked now; the refusal stands on the form otherwise."""
    by_reference = {assessment.reference: assessment for assessment in assessments}
    chosen = [by_reference[reference] for reference in form.cleaned_data["members"]]
    keep = by_reference[form.cleaned_data["keep"]]
    try:
        links.link(question=question, assessments=chosen, keep=keep, by=request.user, read=form.read)
    except AnswerConflict:
        sentence = _("One of these answers was changed meanwhile. Nothing is linked. Read them again, then choose.")
        form.add_error(None, sentence)
        return False
    except IllegalMove:
        form.add_error(None, _("One of these self-assessments is no longer in draft. Nothing is linked."))
        return False
    except RuleBroken as refusal:
        refused(form, refusal)
        return False
    names = ", ".join(assessment.system.local_name for assessment in chosen)
    messages.success(request, _("One answer serves these systems now: %(systems)s") % {"systems": names})
    return True


@require_POST
def unlink(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """One click: this self-assessment answers for itself again."""
    found = assessment_or_404(request, organisation, reference)
    require(request.user, "compliance.edit_answers", found)
    question = Question.objects.select_related("principle").filter(edition=found.edition_id, number=number).first()
    if question is None:
        raise Http404
    links.unlink(assessment=found, question=question, by=request.user)
    messages.success(
        request, _("Question %(number)d is answered for this system alone again.") % {"number": question.number}
    )
    if request.POST.get("then") == "side":
        url = reverse("compliance:side_by_side", args=[organisation])
        return redirect(f"{url}?edition={found.edition.key}&principle={question.principle.number}#question-{number}")
    return redirect(address("question", found, number))


def links_part(
    request: AuthenticatedHttpRequest, state: AssessmentState, asked: QuestionState
) -> dict[str, Any] | None:
    """On the page of a question: which other systems its answer serves. No query beside `beside_question`."""
    found = state.assessment
    if found.status not in RUNNING:
        return None
    partners = of_kind(beside_question(found, asked.question), LINKED)
    if not partners:
        return None
    slug, number = found.system.operator.slug, asked.question.number
    return {
        "template": "compliance/_question_links.html",
        "systems": [
            {
                "name": (is_welsh_page() and other.other) or other.name,
                "url": reverse("compliance:question", args=[slug, other.reference, number]),
            }
            for other in partners
        ],
        "unlink_url": address("unlink", found, number)
        if request.user.has_perm("compliance.edit_answers", found)
        else "",
    }
