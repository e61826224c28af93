"""Answers from a file: upload, look at them beside what is stored, take over what is ticked."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.policy import require
from compliance.exchange.words import choice_label
from compliance.forms.exchange import AnswersFileForm
from compliance.models import Assessment, CameraSystem
from compliance.services import answer_import as services
from compliance.services.answer_import import Kind, Laid, Offer
from compliance.services.kept_lists import keep_upload, kept_upload
from compliance.views.finding import address, trail_to
from compliance.views.previews import Preview
from compliance.views.system_finding import system_address, system_or_404, trail_to_system
from core.errors import RuleBroken
from core.files import safe_name
from core.forms import refused
from core.sent import sent_number

LOOSE_SHOWN = 200
TEXT_SHOWN = 5_000  # characters; no question takes more than 4,000
ALL_NEW = "all-new"


class AnswersPreview(Preview):
    """A look at a file with answers."""

    SALT = "compliance.answers.preview"


def _system(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> CameraSystem:
    """Raises Http404, PermissionDenied."""
    system = system_or_404(request, organisation, reference)
    require(request.user, "compliance.edit_answers", Assessment(system=system))
    return system


@get_or_post
def upload(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Take a file and go on to look at it; without a running draft, offer to start one."""
    system = _system(request, organisation, reference)
    draft = services.running_draft(system)
    form = AnswersFileForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            services.check_answers_file(file)
            if draft is None:
                raise RuleBroken(_("This system has no self-assessment in draft. Start one first."))
            sha256 = keep_upload(upload=file)
            _laid(draft, sha256, file.name)
        except RuleBroken as refusal:
            refused(form, refusal, "file")
        else:
            preview = AnswersPreview(system.pk, request.user.pk, sha256, safe_name(file.name))
            return redirect(system_address("answers_import_preview", system, preview.token()))
    title = _("Bring answers in from a file")
    start = reverse("compliance:assessment_start", args=[system.operator.slug]) + f"?system={system.reference}"
    context = {
        "organisation": system.operator,
        "system": system,
        "draft": draft,
        "title": title,
        "form": form,
        "start_url": start if request.user.has_perm("compliance.start_assessment", system) else "",
        "cancel_url": address("take", draft) if draft else system.get_absolute_url(),
        "breadcrumbs": trail_to(draft, (title, "")) if draft else trail_to_system(system, (title, "")),
    }
    return render(request, "compliance/answers_import.html", context, status=422 if form.errors else 200)


def _laid(draft: Assessment, sha256: str, file_name: str) -> Laid:
    content = kept_upload(sha256).read_bytes()
    return services.lay_beside(assessment=draft, content=content, file_name=file_name)


@get_or_post
def preview(request: AuthenticatedHttpRequest, organisation: str, reference: str, token: str) -> HttpResponse:
    """The answers of the file beside the stored ones; what is ticked is taken over."""
    system = _system(request, organisation, reference)
    look = AnswersPreview.read(token, system=system, user=request.user)
    draft = services.running_draft(system)
    if draft is None:
        raise RuleBroken(_("This system has no self-assessment in draft. Start one first."))
    laid = _laid(draft, look.sha256, look.file_name)
    if request.method == "POST":
        return _take(request, laid, look.sha256)
    return _page(request, laid)


def _take(request: AuthenticatedHttpRequest, laid: Laid, sha256: str) -> HttpResponse:
    versions = _shown_versions(request, laid)
    chosen = [offer for offer in services.takeable(laid) if _is_chosen(request, offer) and offer.number in versions]
    if not chosen:
        return _page(request, laid, status=422, problem=_("Tick at least one answer to take over."))
    draft = laid.assessment
    done = services.take_over(
        assessment=draft, offers=chosen, versions=versions, file_name=laid.file_name, by=request.user
    )
    if done.taken:
        sentence = ngettext("%(number)d answer was taken over.", "%(number)d answers were taken over.", len(done.taken))
        messages.success(request, sentence % {"number": len(done.taken)})
    if not done.conflicts and not done.refused:
        return redirect(draft)
    return _page(
        request, _laid(draft, sha256, laid.file_name), status=409, conflicts=done.conflicts, refused=done.refused
    )


def _shown_versions(request: AuthenticatedHttpRequest, laid: Laid) -> dict[int, int]:
    """The version of each stored answer that the page showed, by number of question."""
    shown = {offer.number: sent_number(request.POST.get(f"version-{offer.number}", "")) for offer in laid.offers}
    return {number: version for number, version in shown.items() if version is not None}


def _is_chosen(request: AuthenticatedHttpRequest, offer: Offer) -> bool:
    """Ticked; or new on the page that was shown, when all new ones were asked for in one go."""
    if request.POST.get("act") == ALL_NEW:
        return str(offer.number) in request.POST.getlist("new")
    return str(offer.number) in request.POST.getlist("take")


def _page(
    request: AuthenticatedHttpRequest,
    laid: Laid,
    *,
    status: int = 200,
    problem: str = "",
    conflicts: Any = (),
    refused: Any = None,
) -> HttpResponse:
    draft, new = laid.assessment, laid.of(Kind.NEW)
    system = draft.system
    loose = laid.found.loose
    title = _("What the file holds")
    context = {
        "organisation": system.operator,
        "assessment": draft,
        "system": system,
        "title": title,
        "file_name": laid.file_name,
        "figures": [
            {"label": _("new"), "value": len(new)},
            {"label": _("different"), "value": len(laid.of(Kind.DIFFERS))},
            {"label": _("the same"), "value": len(laid.of(Kind.SAME))},
            {"label": _("cannot be taken"), "value": len(laid.of(Kind.REFUSED))},
            {"label": _("not matched"), "value": len(loose)},
        ],
        "rows": [_row(offer) for offer in services.takeable(laid)],
        "new_count": len(new),
        "refused_rows": [_row(offer) for offer in laid.of(Kind.REFUSED)],
        "loose": [{"where": piece.where, "text": _shortened(piece.text)} for piece in loose[:LOOSE_SHOWN]],
        "loose_more": max(len(loose) - LOOSE_SHOWN, 0),
        "missing": ", ".join(map(str, laid.missing)),
        "conflicts": ", ".join(map(str, conflicts)),
        "not_taken": refused or {},
        "summary": [{"text": problem, "url": "#answers"}] if problem else [],
        "upload_url": system_address("answers_import", system),
        "breadcrumbs": trail_to(
            draft, (_("Bring answers in from a file"), system_address("answers_import", system)), (title, "")
        ),
    }
    return render(request, "compliance/answers_preview.html", context, status=status)


def _shortened(text: str) -> str:
    """What is longer than any answer is not shown to its end; how much is left out stands there."""
    if len(text) <= TEXT_SHOWN:
        return text
    left = _("and %(number)d more characters in the file") % {"number": len(text) - TEXT_SHOWN}
    return f"{text[:TEXT_SHOWN]} … ({left})"


def _row(offer: Offer) -> dict[str, Any]:
    state = offer.state
    return {
        "number": offer.number,
        "title": offer.question.local_title,
        "question": offer.question.local_text,
        "where": offer.given.where,
        "choice": choice_label(offer.choice) if offer.choice in {"yes", "no", "na"} else _shortened(offer.choice),
        "text": _shortened(offer.text),
        "lang": offer.language if offer.language != "en" else "",
        "stored_choice": choice_label(state.choice),
        "stored_text": state.text,
        "version": offer.version,
        "is_new": offer.kind == Kind.NEW,
        "problem": offer.problem,
        "why": state.not_asked.sentence if state.not_asked else "",
    }
