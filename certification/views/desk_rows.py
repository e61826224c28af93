"""Ready lists for the templates of the desk."""

from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from certification.desk_forms import recommendations
from certification.models import Criterion, StepReview
from certification.submission import SubmittedAnswer, SubmittedAssessment, SubmittedEvidence
from certification.views import rows, talk_rows
from certification.views.desk_record import Desk
from certification.views.desk_words import review_title
from compliance.models.vocabulary import DocumentKind
from core.downloads import SHOWN
from core.registry import public_questions as sockets


def tasks(desk: Desk) -> list[dict[str, Any]]:
    """The principles with what is given and what is open under each."""
    tasks_ = []
    for number in desk.principles:
        own = [criterion for criterion in desk.criteria if criterion.principle == number]
        given = sum(criterion.pk in desk.verdicts for criterion in own)
        threads = sum(thread.principle == number for thread in desk.open_threads)
        findings = sum(finding.criterion.principle == number for finding in desk.findings)
        hints = [_("%(given)d of %(total)d verdicts") % {"given": given, "total": len(own)}]
        if threads:
            hints.append(
                ngettext("%(number)d clarification open", "%(number)d clarifications open", threads)
                % {"number": threads}
            )
        if findings:
            hints.append(ngettext("%(number)d finding", "%(number)d findings", findings) % {"number": findings})
        status, colour = (_("Done"), "green") if given == len(own) else (_("To do"), "blue")
        tasks_.append(
            {
                "title": desk.title_of(number),
                "url": desk.found.address("review_principle", number),
                "hint": ", ".join(hints),
                "status": status,
                "colour": colour,
            }
        )
    return tasks_


def review_facts(desk: Desk) -> list[dict[str, Any]]:
    """Auditor, due day and days of work, of those that are known."""
    review = desk.review
    facts = [{"key": _("Auditor"), "value": review.assignment.auditor.get_full_name()}]
    if review.due_on:
        facts.append({"key": _("Due"), "value": date_format(review.due_on, "j F Y")})
    if review.planned_days is not None:
        facts.append({"key": _("Planned days"), "value": f"{review.planned_days.normalize():f}"})
    if review.actual_days is not None:
        facts.append({"key": _("Actual days"), "value": f"{review.actual_days.normalize():f}"})
    return facts


def recommendation(review: StepReview) -> dict[str, Any] | None:
    """What was recommended; after step 1 of a full audit that it goes on. Needs `application` loaded."""
    if not review.recommendation:
        return None
    words = dict(recommendations(review))
    tag = rows.recommendation_tag(review)
    return {**tag, "label": words.get(review.recommendation, tag["label"])}


def other_reviews(desk: Desk) -> list[dict[str, Any]]:
    """The other reviews of the application, newest first."""
    return [
        {
            "title": review_title(review),
            "url": desk.found.address("review_earlier", place),
            "begun_at": review.begun_at,
            "tag": recommendation(review),
        }
        for place, review in reversed(list(enumerate(desk.reviews, 1)))
        if review.pk != desk.review.pk
    ]


def neighbour(desk: Desk, number: int, step: int) -> dict[str, str] | None:
    """The principle before or after."""
    place = desk.principles.index(number) + step
    if not 0 <= place < len(desk.principles):
        return None
    other = desk.principles[place]
    return {"url": desk.found.address("review_principle", other), "label": desk.title_of(other)}


def open_criteria(desk: Desk) -> list[dict[str, str]]:
    """Every criterion without a verdict, of all principles."""
    return [
        {"key": criterion.key, "url": address_of(desk, criterion)}
        for criterion in desk.criteria
        if criterion.pk not in desk.verdicts
    ]


def address_of(desk: Desk, criterion: Criterion) -> str:
    return f"{desk.found.address('review_principle', criterion.principle)}#{criterion.anchor}"


def criterion_card(desk: Desk, criterion: Criterion) -> dict[str, Any]:
    """A criterion with what was said about it before: earlier verdict, clarifications, findings; and its neighbours."""
    place = next(place for place, other in enumerate(desk.criteria) if other.pk == criterion.pk)
    before = desk.criteria[place - 1] if place else None
    after = desk.criteria[place + 1] if place + 1 < len(desk.criteria) else None
    organisation, asked = desk.found.organisation, urlencode({"criterion": criterion.key})
    return {
        "criterion": criterion,
        "earlier": _earlier(desk, criterion),
        "threads": [
            talk_rows.clarification_row(thread, organisation)
            for thread in desk.threads
            if thread.criterion_id == criterion.pk
        ],
        "findings": [
            talk_rows.finding_row(finding, organisation)
            for finding in desk.findings
            if finding.criterion_id == criterion.pk
        ],
        "ask_url": f"{desk.found.address('clarification_ask')}?{asked}" if desk.is_open else "",
        "raise_url": f"{desk.found.address('finding_raise')}?{asked}" if desk.is_open else "",
        "before": {"key": before.key, "url": address_of(desk, before)} if before else None,
        "after": {"key": after.key, "url": address_of(desk, after)} if after else None,
    }


def _earlier(desk: Desk, criterion: Criterion) -> dict[str, Any] | None:
    verdict = desk.previous_verdicts.get(criterion.key)
    if verdict is None:
        return None
    step = StepReview.Step(verdict.review.step).label
    return {"tag": rows.grade_tag(verdict.grade), "note": verdict.note, "at": verdict.at, "step": step}


# --- answers ---


def answers(desk: Desk, principle: int) -> list[dict[str, Any]]:
    """Each assessed system with its answers, their evidence and the clarifications about them. One query."""
    assessed = desk.submission.assessed(principle)
    files = desk.files_of({piece.reference for one in assessed for answer in one.answers for piece in answer.evidence})
    return [
        {
            "system": one.system,
            "questions": [_answer(desk, principle, one, answer, files) for answer in one.answers],
        }
        for one in assessed
    ]


def public_questions(desk: Desk, principle: int) -> list[dict[str, Any]]:
    """What the public asked on a principle of the submitted systems, each named where there are several. One query."""
    names = {system.reference: system.name for system in desk.submission.systems()}
    return [
        {
            "system": names[each.system] if len(names) > 1 else "",
            "question": each.question,
            "reply": each.reply,
            "language": each.language,
            "published_at": each.published_at,
        }
        for plug in sockets
        for each in plug(list(names), principle)
    ]


def _answer(
    desk: Desk,
    principle: int,
    assessed: SubmittedAssessment,
    answer: SubmittedAnswer,
    files: dict[str, tuple[int, str]],
) -> dict[str, Any]:
    about: dict[str, str | int] = {"principle": principle, "question": answer.number}
    asked = urlencode({**about, "system": assessed.system_reference})
    back = f"{desk.found.address('review_principle', principle)}"
    return {
        "answer": answer,
        "evidence": [_evidence(desk, piece, files, back) for piece in answer.evidence],
        "threads": [
            talk_rows.clarification_row(thread, desk.found.organisation)
            for thread in desk.threads
            if thread.question == answer.number
            and (thread.system is None or thread.system.reference == assessed.system_reference)
        ],
        "ask_url": f"{desk.found.address('clarification_ask')}?{asked}" if desk.is_open and answer.applies else "",
    }


def _evidence(desk: Desk, piece: SubmittedEvidence, files: dict[str, tuple[int, str]], back: str) -> dict[str, Any]:
    """A file as it was signed: name, hash, size; what browsers show opens in place."""
    size, media_type = files.get(piece.sha256, (0, ""))
    kind = DocumentKind(piece.kind).label if piece.kind in DocumentKind.values else ""
    shown = {"title": piece.title, "kind": kind, "sha256": piece.sha256, "is_link": bool(piece.url)}
    if piece.url:
        return {**shown, "url": piece.url}
    if not media_type:
        return {**shown, "url": "", "file_name": piece.file_name}
    name = "submitted_evidence_view" if media_type in SHOWN else "submitted_evidence"
    url = desk.found.address(name, piece.sha256)
    return {
        **shown,
        "url": f"{url}?{urlencode({'back': back})}" if media_type in SHOWN else url,
        "file_name": piece.file_name,
        "size": filesizeformat(size),
    }
