"""The history of an answer: every accepted version with what it changed, and making an earlier one the answer again."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, organisation_or_404
from accounts.policy import require
from compliance.exchange.words import choice_label
from compliance.forms.fields import VersionField
from compliance.models import AnswerRevision, Assessment, Question
from compliance.models.assessment import LANGUAGES, Origin
from compliance.services.answers import AnswerConflict, restore_version
from compliance.views.both_answers import conflict_page
from compliance.views.finding import address, asked_or_404, question_trail
from compliance.word_diff import word_diff
from core.forms import GovukForm

PAGE = 50


class RestoreForm(GovukForm):
    """Which version was the answer when the history was read."""

    version = VersionField(lowest=1)


@require_safe
def answer_history(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """Every accepted version of an answer, newest first, each with what it changed word by word."""
    found, shown = asked_or_404(request, organisation_or_404(request.user, organisation), reference, number)
    kept = AnswerRevision.objects.filter(answer__assessment=found, answer__question=shown).select_related("by")
    page = Paginator(kept, PAGE).get_page(request.GET.get("page"))
    first = page.start_index() - 1 if page.paginator.count else 0
    versions = list(kept[first : first + PAGE + 1])  # and the one before the last of the page
    can_restore = found.status == Assessment.Status.DRAFT and request.user.has_perm("compliance.edit_answers", found)
    current = page.paginator.count and (versions[0].version if page.number == 1 else kept[0].version)
    earlier = [*versions[1:], None][: len(versions)]
    rows = [_row(found, shown, *pair, current) for pair in zip(versions, earlier, strict=True)]
    context = {
        "organisation": found.system.operator,
        "assessment": found,
        "question": shown,
        "versions": rows[:PAGE],
        "current": current,
        "can_restore": can_restore,
        "page_obj": page,
        "breadcrumbs": question_trail(found, shown, (_("History"), "")),
    }
    return render(request, "compliance/answer_history.html", context)


def _row(
    assessment: Assessment, question: Question, revision: AnswerRevision, before: AnswerRevision | None, current: int
) -> dict[str, Any]:
    came, languages = revision.origin != Origin.TYPED, dict(LANGUAGES)
    return {
        "number": revision.version,
        "is_current": revision.version == current,
        "choice": choice_label(revision.choice),
        "choice_before": choice_label(before.choice) if before and before.choice != revision.choice else "",
        "text": revision.text,
        "lang": revision.language,
        "language": languages[revision.language] if before and before.language != revision.language else "",
        "diff": word_diff(before.text, revision.text) if before and before.text != revision.text else [],
        "by": revision.by.get_full_name() if revision.by else "",
        "at": revision.at,
        "origin": revision.get_origin_display() if came else "",
        "note": revision.note,
        "restore_url": address("restore_answer", assessment, question.number, revision.version),
    }


@require_POST
def restore_answer(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int, version: int
) -> HttpResponse:
    """Make an earlier version the answer again, as a new version; 409 if somebody saved since the history was read."""
    found, asked = asked_or_404(request, organisation_or_404(request.user, organisation), reference, number)
    require(request.user, "compliance.edit_answers", found)
    form = RestoreForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["version"][0]))
        return redirect(address("answer_history", found, number))
    try:
        _answer, changed = restore_version(
            assessment=found, question=asked, number=version, version=form.cleaned_data["version"], by=request.user
        )
    except AnswerRevision.DoesNotExist:
        raise Http404 from None
    except AnswerConflict as conflict:
        return conflict_page(request, found, asked, conflict)
    names = {"version": version}
    done = _("Version %(version)d is the answer again.") if changed else _("This is what the answer says already.")
    messages.success(request, done % names)
    return redirect(address("answer_history", found, number))
