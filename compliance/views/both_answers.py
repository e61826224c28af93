"""Two people on one question: both answers side by side, word by word, and what to do about it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import AuthenticatedHttpRequest, organisation_or_404
from accounts.policy import require
from compliance.exchange.words import choice_label
from compliance.forms.answers import answer_form
from compliance.models import Answer, Assessment, Question
from compliance.models.assessment import LANGUAGES, Choice
from compliance.services.answers import AnswerConflict
from compliance.services.comments import COMMENT_LIMIT, add_comment
from compliance.views.finding import address, asked_or_404, question_trail
from compliance.word_diff import word_diff


def saved_tag(assessment: Assessment, question: Question) -> str:
    """On the message that confirms a save: which text the browser need not keep any more."""
    return f"{assessment.reference}/{question.number}"


def conflict_page(
    request: AuthenticatedHttpRequest, assessment: Assessment, question: Question, conflict: AnswerConflict
) -> HttpResponse:
    """Both answers side by side; whatever is chosen is saved against the newest version, so a third one shows again."""
    theirs = conflict.theirs
    merged = {
        "choice": conflict.choice if conflict.choice == theirs.choice else "",
        "not_applicable": conflict.choice == theirs.choice == Choice.NOT_APPLICABLE,
        "text": _both(conflict.text, theirs.text),
        "version": theirs.version,
    }
    own = {"choice": conflict.choice, "text": conflict.text, "version": theirs.version}
    if language := _language(request):  # what was asked for stands beside each, and goes along
        merged["language"] = own["language"] = language
    if conflict.choice == Choice.NOT_APPLICABLE and question.kind == Question.Kind.TEXT:
        own["not_applicable"] = "on"
    carried = _carried(request)
    context = {
        "organisation": assessment.system.operator,
        "title": _("This answer was changed meanwhile"),
        "question": question,
        "mine": {"choice": choice_label(conflict.choice), "text": conflict.text, "language": _words_of(language)},
        "theirs": {**_theirs(theirs), "language": _words_of(language and theirs.language)},
        "by_myself": theirs.updated_by_id == request.user.pk,
        "accepted": conflict.accepted,
        "diff": word_diff(theirs.text, conflict.text) if theirs.text and conflict.text else [],
        "mine_fields": [*own.items(), *carried],
        "carried": carried,
        "form": answer_form(question, initial=merged),
        "url": address("question", assessment, question.number),
        "note_url": address("keep_note", assessment, question.number),
        "note_fields": [("choice", conflict.choice), ("text", conflict.text)],
        "history_url": address("answer_history", assessment, question.number),
        "breadcrumbs": question_trail(assessment, question, (_("Both answers"), "")),
    }
    return render(request, "compliance/conflict.html", context, status=409)


def _theirs(answer: Answer) -> dict[str, Any]:
    return {
        "choice": choice_label(answer.choice),
        "text": answer.text,
        "by": answer.updated_by.get_full_name() if answer.updated_by else "",
        "at": answer.updated_at,
    }


def _language(request: AuthenticatedHttpRequest) -> str:
    """In which one the refused answer is written, if its form asked for that."""
    said = request.POST.get("language", "")
    return said if said in dict(LANGUAGES) else ""


def _words_of(language: str) -> str:
    return _("Written in: %(language)s") % {"language": dict(LANGUAGES)[language]} if language else ""


def _both(mine: str, theirs: str) -> str:
    """The text to begin a merger with: one text where they agree."""
    return mine if mine == theirs else "\n\n".join(filter(None, (mine, theirs)))


def _carried(request: AuthenticatedHttpRequest) -> list[tuple[str, str]]:
    """What was typed about an action goes along, so that it is not lost over the answer; and where to go afterwards."""
    return [
        (name, str(value))
        for name, value in request.POST.items()
        if (name.startswith("action-") or name == "then") and value
    ]


@require_POST
def keep_note(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """The answer saved meanwhile stands; the other text becomes a comment beside it."""
    found, asked = asked_or_404(request, organisation_or_404(request.user, organisation), reference, number)
    require(request.user, "compliance.edit_answers", found)
    choice, text = request.POST.get("choice", ""), request.POST.get("text", "").strip()
    label = choice_label(choice) if choice in Choice.values else ""
    words = [_("Kept as a note, not saved as the answer:"), label, text]
    whole = "\n".join(filter(None, words))
    note = whole if len(whole) <= COMMENT_LIMIT else text
    add_comment(assessment=found, question=asked, text=note if label or text else "", by=request.user)
    messages.success(request, _("Your text is kept as a comment."), extra_tags=saved_tag(found, asked))
    return redirect(f"{address('question', found, number)}#comments")
