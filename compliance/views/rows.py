"""Ready lists for templates: how questions, principles and actions are shown. No queries."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compliance.exchange.words import choice_label
from compliance.explain import OVERDUE, QUESTION_MARKS
from compliance.models import ActionItem, ActionTemplate, Assessment, Principle
from compliance.rules import AssessmentState, NotAsked, PrincipleState, Progress, QuestionState, Standing
from compliance.views.finding import action_address, address
from compliance.views.marks import Mark
from core.bilingual import local_words

STATUS_COLOURS = {
    Assessment.Status.DRAFT: "blue",
    Assessment.Status.READY: "yellow",
    Assessment.Status.SIGNED: "green",
    Assessment.Status.SUPERSEDED: "grey",
    Assessment.Status.ABANDONED: "grey",
}
STANDING_COLOURS = {
    Standing.UNANSWERED: "red",
    Standing.UNFINISHED: "yellow",
    Standing.CARRIED: "yellow",
    Standing.ANSWERED: "green",
    Standing.NOT_APPLICABLE: "grey",
    Standing.DOES_NOT_APPLY: "grey",
}
PROGRESS_COLOURS = {
    Progress.NOT_STARTED: "grey",
    Progress.IN_PROGRESS: "blue",
    Progress.ALL_ANSWERED: "green",
    Progress.GAPS: "yellow",
}
ACTION_COLOURS = {
    ActionItem.Status.OPEN: "blue",
    ActionItem.Status.IN_PROGRESS: "light-blue",
    ActionItem.Status.DONE: "green",
    ActionItem.Status.DROPPED: "grey",
}


def counts_of(state: PrincipleState | AssessmentState) -> str:
    """Counts in words: answered of asked, not applicable, gaps, open actions. Never a percentage."""
    words = [
        _("%(answered)d of %(asked)d answered") % {"answered": state.answered, "asked": state.asked},
    ]
    if number := state.to_reconfirm:
        words.append(
            ngettext("%(number)d not yet reconfirmed", "%(number)d not yet reconfirmed", number) % {"number": number}
        )
    if number := state.not_applicable:
        words.append(ngettext("%(number)d not applicable", "%(number)d not applicable", number) % {"number": number})
    if number := state.not_asked:
        words.append(ngettext("%(number)d does not apply", "%(number)d do not apply", number) % {"number": number})
    if number := state.gaps:
        words.append(_gaps(state, number))
    if number := state.open_actions:
        words.append(ngettext("%(number)d open action", "%(number)d open actions", number) % {"number": number})
    return ", ".join(words)


def _gaps(state: PrincipleState | AssessmentState, number: int) -> str:
    if isinstance(state, PrincipleState):
        return _("gaps")
    return ngettext("gaps in %(number)d principle", "gaps in %(number)d principles", number) % {"number": number}


def principle_tasks(
    state: AssessmentState, marks: Mapping[int, Sequence[Mark]] = MappingProxyType({}), *, only: Collection[int] = ()
) -> list[dict[str, Any]]:
    """The task list: one row per principle with its marks, for `components/task_list.html`; `only` some, if named."""
    return [
        {
            "title": _("%(number)d. %(title)s")
            % {"number": principle.principle.number, "title": principle.principle.local_title},
            "url": address("principle", state.assessment, principle.principle.number),
            "hint": counts_of(principle),
            "marks": marks.get(principle.principle.number, ()),
            "status": principle.progress.label,
            "colour": _colour(principle.progress, marks.get(principle.principle.number, ())),
        }
        for principle in state.principles
        if not only or principle.principle.number in only
    ]


def _colour(progress: Progress, marks: Sequence[Mark]) -> str:
    """Of the progress; amber where all is answered and a mark beside it says, in words, why it is not green."""
    is_amber = progress == Progress.ALL_ANSWERED and any(mark.turns_amber for mark in marks)
    return PROGRESS_COLOURS[Progress.GAPS if is_amber else progress]


def whole(state: AssessmentState, *, editable: bool) -> list[dict[str, Any]]:
    """Every principle with its questions, answers and actions, for `compliance/_principle_answers.html`."""
    return [principle_rows(state.assessment, principle, editable=editable) for principle in state.principles]


def principle_rows(assessment: Assessment, state: PrincipleState, *, editable: bool) -> dict[str, Any]:
    return {
        "number": state.principle.number,
        "title": state.principle.local_title,
        "counts": counts_of(state),
        "rows": [question_row(assessment, question, editable=editable) for question in state.questions],
        "actions": [action_row(action) for action in state.actions],
    }


def question_row(assessment: Assessment, state: QuestionState, *, editable: bool) -> dict[str, Any]:
    shown = state.is_asked
    return {
        "number": state.question.number,
        "title": state.question.local_title,
        "question": state.question.local_text,
        "choice": choice_label(state.choice) if shown else "",
        "text": state.text if shown else "",
        "lang": state.answer.language if state.answer else "",
        "why": state.not_asked.sentence if state.not_asked else "",
        "standing": state.standing.label,
        "colour": STANDING_COLOURS[state.standing],
        "is_open": state.standing in {Standing.UNANSWERED, Standing.UNFINISHED, Standing.CARRIED},
        "carried_from": state.carried_from if state.standing == Standing.CARRIED else "",
        "lack": state.lack if state.standing == Standing.UNFINISHED else "",
        "url": address("question", assessment, state.question.number),
        "explain_url": _explain_question(assessment, state),
        "change": editable and shown,
    }


def _explain_question(assessment: Assessment, state: QuestionState) -> str:
    """Where the mark of the question is explained; '' where none stands."""
    if state.standing.value not in QUESTION_MARKS:
        return ""
    return address("why_number", assessment, state.standing.value, state.question.number)


def action_row(action: ActionItem) -> dict[str, Any]:
    """One action in a list under its principle."""
    return {
        "reference": action.reference,
        "description": action.description,
        "url": action_address("action", action),
        "owner": action.owner.get_full_name() if action.owner else "",
        "due_on": action.due_on,
        "is_overdue": action.is_overdue(),
        "explain_url": reverse("compliance:why_record", args=[action.operator.slug, OVERDUE, action.reference])
        if action.is_overdue()
        else "",
        "is_open": action.is_open(),
        "priority": action.get_priority_display(),
        "status": action.get_status_display(),
        "colour": ACTION_COLOURS[ActionItem.Status(action.status)],
    }


def whole_signed(content: Mapping[str, Any], reference: str) -> list[dict[str, Any]]:
    """The same list from what was signed: nothing live is in it."""
    found = next(a for a in content["assessments"] if a["reference"] == reference)
    return [_signed_principle(principle) for principle in found["principles"]]


def _signed_principle(principle: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": principle["number"],
        "title": local_words(principle["title"]),
        "counts": "",
        "rows": [_signed_question(question) for question in principle["questions"]],
        "actions": [_signed_action(action) for action in principle["actions"]],
    }


def _signed_question(question: Mapping[str, Any]) -> dict[str, Any]:
    answer, standing = question["answer"] or {}, Standing(question["standing"])
    return {
        "number": question["number"],
        "title": local_words(question["title"]),
        "question": local_words(question["text"]),
        "choice": choice_label(answer.get("choice", "")),
        "text": answer.get("text", ""),
        "lang": answer.get("language", ""),
        "why": NotAsked(**question["not_asked"]).sentence if question["not_asked"] else "",
        "standing": standing.label,
        "colour": STANDING_COLOURS[standing],
    }


def _signed_action(action: Mapping[str, Any]) -> dict[str, Any]:
    status = ActionItem.Status(action["status"])
    return {
        "reference": action["reference"],
        "description": action["description"],
        "due_on": dt.date.fromisoformat(action["due_on"]),
        "priority": ActionItem.Priority(action["priority"]).label,
        "status": status.label,
        "colour": ACTION_COLOURS[status],
    }


def what_happened(before: str, after: str) -> str:
    """A stage of a self-assessment in words for a timeline."""
    status = Assessment.Status
    if (before, after) == (status.READY, status.DRAFT):
        return _("Returned with comments")
    words: Mapping[str, str] = {
        status.READY: _("Sent for sign-off"),
        status.SIGNED: _("Signed"),
        status.SUPERSEDED: _("Superseded by a newer one"),
        status.ABANDONED: _("Abandoned"),
    }
    return words[after]


def template_links(
    assessment: Assessment, principle: Principle, templates: Iterable[ActionTemplate]
) -> list[dict[str, str]]:
    """Ready-made actions, each a link to the form with its words filled in."""
    base = address("action_add", assessment)
    return [
        {"text": template.local_text, "url": f"{base}?principle={principle.number}&template={template.key}"}
        for template in templates
    ]
