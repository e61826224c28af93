"""The public copy of a self-assessment, for the people of an operator: decide answer by answer, preview, publish."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post
from accounts.policy import require
from compliance.models import CameraSystem
from compliance.services.disclosures import (
    REASON_LIMIT,
    USUAL_REASON,
    Disclosure,
    decide_disclosures,
    disclosures_token,
)
from compliance.views.rows import whole_signed
from core.dates import today
from core.errors import Incomplete
from transparency import publishing as state
from transparency.addresses import answers_path
from transparency.models import Publication
from transparency.models.publication import PublicationQuerySet
from transparency.pages.answers import counts_in_words, public_answers
from transparency.services.gather_answers import Source, gather_answers, newest_signed, summary_of_answers
from transparency.services.publish import publish_answers
from transparency.views.publishing_parts import (
    Trail,
    address,
    operators_trail,
    preview_links,
    preview_page,
    system_or_404,
    versions_of,
    withdraw_page,
)


@get_or_post
def answers(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Every answer by principle, public or withheld with a reason; a POST decides. Nothing is published by it."""
    found = system_or_404(request, organisation, reference)
    source = newest_signed(found)
    if request.method != "POST":
        return _page(request, found, source)
    require(request.user, "transparency.publish_system", found)
    if source is None:
        raise Http404
    decisions = _decisions(request, source.disclosures)
    try:
        changed = decide_disclosures(
            assessment=source.assessment, decisions=decisions, by=request.user, seen=request.POST.get("seen", "")
        )
    except Incomplete as refusal:
        summary = [{"text": problem.text, "url": problem.url} for problem in refusal.problems]
        return _page(request, found, source, decisions=decisions, summary=summary, status=422)
    if changed:
        messages.success(request, _("Your decisions are saved. The public sees them when you publish the copy."))
    else:
        messages.info(request, _("Nothing was changed."))
    return redirect("publishing:answers", found.operator.slug, found.reference)


def _decisions(request: AuthenticatedHttpRequest, before: dict[int, Disclosure]) -> dict[int, Disclosure]:
    """What the form says; what it does not name stays as it is."""
    decisions = {}
    for number, now in before.items():
        said = request.POST.get(f"public-{number}")
        if said in {"yes", "no"}:
            reason = request.POST.get(f"reason-{number}", now.reason).strip()[:REASON_LIMIT]
            if reason == _(USUAL_REASON):  # shown in the language of the person
                reason = USUAL_REASON
            decisions[number] = Disclosure(said == "yes", "" if said == "yes" else reason)
    return decisions


def _page(
    request: AuthenticatedHttpRequest,
    found: CameraSystem,
    source: Source | None,
    *,
    decisions: dict[int, Disclosure] | None = None,
    summary: Any = (),
    status: int = 200,
) -> HttpResponse:
    newest = _versions(found).first()
    content = gather_answers(found, source, on=today()) if source else None
    may_publish = request.user.has_perm("transparency.publish_system", found)
    context = {
        "organisation": found.operator,
        "system": found,
        "assessment": source.assessment if source else None,
        "newest": newest,
        "built": state.built_pages(newest) if newest else [],
        "differs": bool(newest and content and not newest.is_withdrawn and _differs(newest, content)),
        "counts": counts_in_words(summary_of_answers(content)) if content else "",
        "parts": _parts(source, decisions) if source else [],
        "seen": disclosures_token(source.assessment, source.disclosures) if source else "",
        "summary": summary,
        "previews": preview_links("answers_preview", found) if content else [],
        "may_publish": may_publish and content is not None,
        "may_withdraw": bool(newest and newest.ended_at is None)
        and request.user.has_perm("transparency.withdraw_publication", newest),
        "reason_limit": REASON_LIMIT,
        "breadcrumbs": operators_trail(
            found.operator, (found.local_name, address("system", found)), (_("Answers of the self-assessment"), "")
        ),
    }
    return render(request, "publishing/answers.html", context, status=status)


def _differs(newest: Publication, content: dict[str, Any]) -> bool:
    """Whether another copy would be published now; the day and the day of review aside."""
    dated = {"as_of": "", "review_on": ""}
    return {**newest.facts(), **dated} != {**content, **dated}


def _parts(source: Source, decisions: dict[int, Disclosure] | None) -> list[dict[str, Any]]:
    """What was signed, each answer with what holds for it or was just sent."""
    holds = source.disclosures | (decisions or {})
    parts = whole_signed(source.content, source.assessment.reference)
    for part in parts:
        for row in part["rows"]:
            disclosure = holds[row["number"]]
            row["is_public"], row["reason"] = disclosure.is_public, _(disclosure.reason) if disclosure.reason else ""
            row["lacks_reason"] = not disclosure.is_public and not disclosure.reason
    return parts


@require_safe
def preview(request: AuthenticatedHttpRequest, organisation: str, reference: str, language: str) -> HttpResponse:
    """The public copy as it would be published now, exactly as the public would see it."""
    found = system_or_404(request, organisation, reference)
    source = newest_signed(found)
    if source is None:
        raise Http404
    path = answers_path(found.operator.slug, found.slug)
    return preview_page(
        "transparency/answers.html",
        lambda: public_answers(gather_answers(found, source, on=today()), found.operator),
        path=path,
        tag=language,
        back=address("answers", found),
    )


@get_or_post
def publish(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """What publishing does, and the button."""
    found = system_or_404(request, organisation, reference)
    require(request.user, "transparency.publish_system", found)
    if request.method == "POST":
        publication = publish_answers(system=found, by=request.user)
        sentence = _("Published. The public page is being built: version %(version)d.")
        messages.success(request, sentence % {"version": publication.version})
        return redirect("publishing:answers", found.operator.slug, found.reference)
    source = newest_signed(found)
    if source is None:
        raise Http404
    content = gather_answers(found, source, on=today())
    context = {
        "organisation": found.operator,
        "system": found,
        "counts": counts_in_words(summary_of_answers(content)),
        "previews": preview_links("answers_preview", found),
        "back": address("answers", found),
        "breadcrumbs": _trail(found, _("Publish")),
    }
    return render(request, "publishing/answers_publish.html", context)


@get_or_post
def withdraw(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Take the copy in force back, with a reason."""
    found = system_or_404(request, organisation, reference)
    return withdraw_page(request, _versions(found).first(), found, page="answers", trail=_trail(found, _("Withdraw")))


def _versions(found: CameraSystem) -> PublicationQuerySet:
    return versions_of(found, Publication.objects.of_answers())


def _trail(found: CameraSystem, last: str) -> Trail:
    further = (found.local_name, address("system", found))
    return operators_trail(
        found.operator, further, (_("Answers of the self-assessment"), address("answers", found)), (last, "")
    )
