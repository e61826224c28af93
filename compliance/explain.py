"""Why something is marked: the rule in a sentence, what it looked at, and who can change it.

One function for each amber or red mark, and for what is overdue or missing. They look at what the rules looked at and
decide nothing themselves; `compliance.rules` and the dates decide.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance.models import ActionItem, Assessment, Evidence, Question
from compliance.models.assessment import Choice
from compliance.radar import AHEAD, DueEvidence, due_words
from compliance.rules import (
    ALWAYS,
    SRO_QUESTION,
    AssessmentState,
    PrincipleState,
    Progress,
    QuestionState,
    Remark,
    Standing,
    needs_text,
)
from core.dates import today
from core.errors import Text

GAP_WITHOUT_ACTION, GAP_DENIED, DIFFERS = "gap-without-action", "gap-denied", "differs"
EVIDENCE_DUE, OVERDUE, SCOPE, SRO, WAITS = "evidence-due", "overdue", "scope", "sro", "waits-for-sign-off"


@dataclass(frozen=True)
class Input:
    """One thing that the rule looked at: what it is, how it stands, and the page where it stands."""

    label: Text
    value: Text
    url: str = ""


@dataclass(frozen=True)
class Explanation:
    """`mark` is the word as pages show it, `rule` a sentence, `change` says who can change what."""

    mark: Text
    rule: Text
    inputs: Sequence[Input]
    change: Sequence[Text]


@dataclass(frozen=True)
class Mark:
    """A mark at a principle or a question, in words, and the key of its explanation."""

    key: str
    label: Text


DRAFTERS = gettext_lazy(
    "Contributors, scheme managers and the single point of contact change answers while it is in draft."
)
PLANNERS = gettext_lazy("Contributors, scheme managers and the single point of contact plan actions.")
DESCRIBERS = gettext_lazy("Scheme managers and the single point of contact change the record of the system.")
KEEPERS = gettext_lazy(
    "Contributors, scheme managers and the single point of contact add evidence, replace it and set its review date."
)


def _page(name: str, assessment: Assessment, *args: object) -> str:
    return reverse(f"compliance:{name}", args=[assessment.system.operator.slug, assessment.reference, *args])


def _question_page(state: AssessmentState, number: int) -> str:
    return _page("question", state.assessment, number)


def _day(day: dt.date) -> str:
    return date_format(day, "j F Y")


# --- marks of a question ---


def _asked_because(state: AssessmentState, asked: QuestionState) -> Iterable[Input]:
    """Why the question is asked at all: the condition that holds, or the answer that it follows."""
    question = asked.question
    system = state.assessment.system
    if question.applies != ALWAYS:
        yield Input(_("Asked because of the record of the system"), system.local_name, system.get_absolute_url())
    for other in state.questions:
        if other.question.pk == question.follows_id:
            label = _("Asked because of the answer to question %(number)d") % {"number": other.question.number}
            yield Input(label, _choice(other.choice), _question_page(state, other.question.number))


def _choice(choice: str) -> str:
    return str(Choice(choice).label) if choice else _("None yet")


def _own(state: AssessmentState, asked: QuestionState) -> list[Input]:
    number = asked.question.number
    written = _("%(number)d characters") % {"number": len(asked.text)} if asked.text else _("None yet")
    found = [Input(_("Answer chosen"), _choice(asked.choice), _question_page(state, number))]
    if asked.question.kind == Question.Kind.TEXT and not asked.choice:
        found = []
    return [*found, Input(_("Text"), written, _question_page(state, number))]


def unanswered(state: AssessmentState, asked: QuestionState) -> Explanation:
    rule = _("A question that applies to the system needs an answer before sign-off; it is marked while it has none.")
    inputs = [*_own(state, asked), *_asked_because(state, asked)]
    return Explanation(Standing.UNANSWERED.label, rule, inputs, [DRAFTERS])


def unfinished(state: AssessmentState, asked: QuestionState) -> Explanation:
    lacks = asked.own_lack or _("Nothing is lacking any more.")
    rule = _("An answer counts once it is complete; it is marked while something is lacking.") + " " + lacks
    inputs = [*_own(state, asked), *_asked_because(state, asked)]
    if needs_text(asked.question, asked.choice):
        inputs.append(Input(_("A text is needed with this answer"), _("Yes")))
    inputs.append(Input(_("Longest text"), _("%(number)d characters") % {"number": asked.question.limit}))
    return Explanation(Standing.UNFINISHED.label, rule, inputs, [DRAFTERS])


def carried(state: AssessmentState, asked: QuestionState) -> Explanation:
    rule = _(
        "An answer that was carried over counts once somebody says that it still holds: by saving it, or by confirming"
        " the answers of its principle."
    )
    number = asked.question.number
    inputs = [
        Input(_("Carried over from"), asked.carried_from, _question_page(state, number)),
        Input(
            _("Principle"),
            asked.question.principle.local_title,
            _page("principle", state.assessment, asked.question.principle.number),
        ),
    ]
    return Explanation(Standing.CARRIED.label, rule, inputs, [DRAFTERS])


def differs(state: AssessmentState, asked: QuestionState) -> Explanation:
    rule = _(
        "Most yes-or-no questions have an expected answer. Another one is honest and holds nothing up; it should fit"
        " what is said about gaps."
    )
    inputs = [
        Input(_("Answer chosen"), _choice(asked.choice), _question_page(state, asked.question.number)),
        Input(_("Expected answer"), _choice(asked.question.expected)),
        *_gap_inputs(state, asked.question.principle.number),
    ]
    return Explanation(_("Not the expected answer"), rule, inputs, [DRAFTERS])


def _gap_inputs(state: AssessmentState, principle: int) -> Iterable[Input]:
    for other in _principle(state, principle).questions:
        if other.question.kind == Question.Kind.GAP:
            label = _("Gaps under principle %(number)d") % {"number": principle}
            yield Input(label, _choice(other.choice), _question_page(state, other.question.number))


def _principle(state: AssessmentState, number: int) -> PrincipleState:
    return next(found for found in state.principles if found.principle.number == number)


# --- marks of a principle ---


def gaps(state: AssessmentState, principle: PrincipleState) -> Explanation:
    rule = _(
        "A principle is marked so when all its questions are answered and the closing one says that there are gaps. A"
        " gap that is named and planned for is a good answer: nothing is wrong with this mark."
    )
    number = principle.principle.number
    inputs = [*_gap_inputs(state, number), *_action_inputs(principle)]
    return Explanation(Progress.GAPS.label, rule, inputs, [DRAFTERS, PLANNERS])


def gap_without_action(state: AssessmentState, principle: PrincipleState) -> Explanation:
    rule = _(
        "Where gaps are named, at least one open action has to be planned under the same principle before sign-off. An"
        " action that was carried forward counts; one that is done or dropped does not."
    )
    number = principle.principle.number
    nothing = [Input(_("Open actions under this principle"), _("None"), _page("principle", state.assessment, number))]
    inputs = [*_gap_inputs(state, number), *(_action_inputs(principle) or nothing)]
    return Explanation(_("Gaps without an open action"), rule, inputs, [PLANNERS, DRAFTERS])


def gap_denied(state: AssessmentState, principle: PrincipleState) -> Explanation:
    rule = _(
        "A principle is marked so when its closing question says that there are no gaps, but another answer is not the"
        " expected one. Both can be right; look at them together. It does not hold up sign-off."
    )
    inputs = list(_gap_inputs(state, principle.principle.number))
    for asked in principle.questions:
        if asked.differs:
            label = _("Question %(number)d") % {"number": asked.question.number}
            value = _("%(answer)s; expected: %(expected)s") % {
                "answer": _choice(asked.choice),
                "expected": _choice(asked.question.expected),
            }
            inputs.append(Input(label, value, _question_page(state, asked.question.number)))
    return Explanation(_("No gaps, but another answer differs"), rule, inputs, [DRAFTERS])


def evidence_due(state: AssessmentState, principle: PrincipleState, due: Iterable[DueEvidence] = ()) -> Explanation:
    rule = _(
        "Evidence has a review date. From %(days)d days before that day, the principles that rest on it are marked, by"
        " the calendar alone: no answer is changed and nothing is held up."
    ) % {"days": AHEAD.days}
    slug = state.assessment.system.operator.slug
    inputs = []
    for item in due:
        url = reverse("compliance:evidence", args=[slug, item.reference])
        inputs.append(Input(item.title, f"{due_words(item.is_past)}: {_day(item.review_on)}", url))
    nothing = [Input(_("Evidence with a review due or due soon"), _("None any more"))]
    return Explanation(_("Evidence with a review due or due soon"), rule, inputs or nothing, [KEEPERS])


def _action_inputs(principle: PrincipleState) -> list[Input]:
    """The actions of the principle, open or not."""
    found = []
    for action in principle.actions:
        url = reverse("compliance:action", args=[action.operator.slug, action.reference])
        value = _("%(status)s, due %(day)s") % {"status": action.get_status_display(), "day": _day(action.due_on)}
        found.append(Input(action.description, value, url))
    return found


# --- marks of the whole ---


def scope(state: AssessmentState) -> Explanation:
    rule = _("A self-assessment says first what it covers; without a scope it cannot be signed.")
    inputs = [Input(_("Scope"), _("Nothing is written yet."), _page("assessment_scope", state.assessment))]
    if state.assessment.scope.strip():
        inputs = [Input(_("Scope"), _("Written"), _page("assessment_scope", state.assessment))]
    return Explanation(_("The scope is missing"), rule, inputs, [DRAFTERS])


def sro(state: AssessmentState) -> Explanation:
    rule = _(
        "The question about the senior responsible officer and the record of the system should say the same. It does"
        " not hold up sign-off."
    )
    system = state.assessment.system
    inputs = [Input(_("Post on the record of the system"), state.sro_post or _("None"), system.get_absolute_url())]
    for asked in state.questions:
        if asked.question.key == SRO_QUESTION:
            label = _("Answer to question %(number)d") % {"number": asked.question.number}
            inputs.append(Input(label, _choice(asked.choice), _question_page(state, asked.question.number)))
    return Explanation(_("Senior responsible officer: answer and record differ"), rule, inputs, [DRAFTERS, DESCRIBERS])


def waits_for_sign_off(state: AssessmentState) -> Explanation:
    rule = _(
        "It was sent for sign-off, and is locked until the senior responsible officer signs it or returns it with"
        " comments."
    )
    inputs = [Input(_("Stage"), state.assessment.get_status_display(), _page("assessment", state.assessment))]
    return Explanation(
        Assessment.Status.READY.label, rule, inputs, [_("The senior responsible officer signs it or returns it.")]
    )


# --- marks of single records ---


def overdue(action: ActionItem) -> Explanation:
    rule = _("An action is overdue when it is open and its due date is past. Nothing is stored: the calendar decides.")
    url = reverse("compliance:action", args=[action.operator.slug, action.reference])
    inputs = [
        Input(_("Due"), _day(action.due_on), url),
        Input(_("Today"), _day(today())),
        Input(_("Status"), action.get_status_display(), url),
        Input(_("Owner"), action.owner.get_full_name() if action.owner else _("Nobody yet"), url),
    ]
    change: list[Text] = [_("The owner closes it or says why it is dropped."), PLANNERS]
    return Explanation(_("overdue"), rule, inputs, change)


def review_due(evidence: Evidence) -> Explanation:
    rule = _(
        "From %(days)d days before its review date, evidence reads “review due soon”; from the day after it, “review"
        " due”. Nothing is stored: the calendar decides."
    ) % {"days": AHEAD.days}
    url = reverse("compliance:evidence", args=[evidence.operator.slug, evidence.reference])
    review = _day(evidence.review_on) if evidence.review_on else _("None")
    inputs = [Input(_("Review date"), review, url), Input(_("Today"), _day(today()))]
    title = due_words(is_past=bool(evidence.review_on and evidence.review_on < today()))
    return Explanation(title, rule, inputs, [KEEPERS])


OfQuestion = Callable[[AssessmentState, QuestionState], Explanation]
OfPrinciple = Callable[..., Explanation]
QUESTION_MARKS: Mapping[str, OfQuestion] = {
    Standing.UNANSWERED.value: unanswered,
    Standing.UNFINISHED.value: unfinished,
    Standing.CARRIED.value: carried,
    DIFFERS: differs,
}
PRINCIPLE_MARKS: Mapping[str, OfPrinciple] = {
    Progress.GAPS.value: gaps,
    GAP_WITHOUT_ACTION: gap_without_action,
    GAP_DENIED: gap_denied,
    EVIDENCE_DUE: evidence_due,
}
WHOLE_MARKS: Mapping[str, Callable[[AssessmentState], Explanation]] = {
    SCOPE: scope,
    SRO: sro,
    WAITS: waits_for_sign_off,
}
RECORD_MARKS: Mapping[str, tuple[type[ActionItem] | type[Evidence], Callable[..., Explanation]]] = {
    OVERDUE: (ActionItem, overdue),
    EVIDENCE_DUE: (Evidence, review_due),
}


def mark_of_remark(state: AssessmentState, remark: Remark) -> tuple[str, int]:
    """The key of the explanation of a blocker or warning, and the number that it goes with (0: the whole)."""
    if remark.question is None:
        return SCOPE, 0
    asked = state.by_number[remark.question.number]
    if asked.lack:
        return asked.standing.value, remark.question.number
    if remark.question.key == SRO_QUESTION:
        return SRO, 0
    return (GAP_WITHOUT_ACTION if asked.is_gap else GAP_DENIED), remark.question.principle.number


def marks_of_question(asked: QuestionState) -> list[Mark]:
    """The marks that stand at a question now."""
    found = [Mark(asked.standing.value, asked.standing.label)] if asked.standing.value in QUESTION_MARKS else []
    if asked.differs:
        found.append(Mark(DIFFERS, _("Not the expected answer")))
    return found


def marks_of_principle(principle: PrincipleState, due: Sequence[DueEvidence] = ()) -> list[Mark]:
    """The marks that stand at a principle now. `due` is the evidence that it rests on and that is due."""
    found = []
    if principle.gaps and not principle.open_actions:
        found.append(Mark(GAP_WITHOUT_ACTION, _("Gaps without an open action")))
    elif principle.progress == Progress.GAPS:
        found.append(Mark(Progress.GAPS.value, _("Why “with gaps”?")))
    if any(principle.warnings()):
        found.append(Mark(GAP_DENIED, _("No gaps, but another answer differs")))
    if due:
        found.append(Mark(EVIDENCE_DUE, f"{_('Evidence')}: {due_words(any(item.is_past for item in due))}"))
    return found
