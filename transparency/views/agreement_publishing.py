"""Publishing an agreement, for the people of its parties: what is withheld, preview, publish, withdraw."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from core.bilingual import local_words
from core.dates import LONDON, today
from core.errors import IllegalMove, Incomplete, RuleBroken
from core.forms import refused
from core.registry import Link
from slas.models import Agreement, Redaction
from slas.services.redacting import ALWAYS_PUBLIC, remove_redaction, set_redaction, signed_clauses
from slas.views.finding import Found, find
from slas.views.tabs import agreement_links
from transparency.addresses import agreement_path
from transparency.agreement_forms import RedactionForm
from transparency.agreement_shape import words_of
from transparency.agreement_standing import worth
from transparency.forms import WithdrawForm
from transparency.languages import LANGUAGES
from transparency.models import Publication
from transparency.pages.agreements import what_is_agreed
from transparency.services.gather_agreement import gather_agreement, summary_of
from transparency.services.publish_agreement import differs, obstacles, publish_agreement, withdraw_agreement
from transparency.views.publishing_parts import preview_page


@agreement_links.plug
def link_to_publication(user: Any, found: Found) -> list[Link]:
    """From the overview of an agreement that all signed. No query."""
    if found.agreement.status not in Agreement.COMPLETE:
        return []
    return [Link(_("What the public reads of it"), _address(found))]


def _address(found: Found, name: str = "agreement", *args: str) -> str:
    return reverse(f"publishing:{name}", args=[found.organisation.slug, found.agreement.reference, *args])


def _complete(request: AuthenticatedHttpRequest, organisation: str, reference: str, act: str = "") -> Found:
    """The agreement, which all have signed. Raises IllegalMove before."""
    found = find(request, organisation, reference, act)
    if found.agreement.status not in Agreement.COMPLETE:
        raise IllegalMove(found.agreement, "published")
    return found


def _versions(found: Found) -> list[Publication]:
    rows = Publication.objects.of_agreements().filter(subject_reference=found.agreement.reference)
    return list(rows.select_related("published_by").order_by("-version"))


@require_safe
def agreement(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """What the public reads of it, clause by clause, and what stands in the way of publishing."""
    found = _complete(request, organisation, reference)
    versions = _versions(found)
    return _page(request, found, versions)


def _page(
    request: AuthenticatedHttpRequest, found: Found, versions: list[Publication], status: int = 200, summary: Any = ()
) -> HttpResponse:
    newest = versions[0] if versions else None
    content = gather_agreement(found.agreement)
    is_public = bool(newest and newest.ended_at is None)
    context = {
        "organisation": found.organisation,
        "agreement": found.agreement,
        "newest": newest,
        "is_public": is_public,
        "differs": bool(newest and is_public and differs(newest, content)),
        "versions": [_version(each) for each in versions],
        "clauses": [_clause(found, clause) for clause in content["clauses"]],
        "is_ink": content["ink"] is not None,
        "obstacles": obstacles(found.agreement),
        "summary": summary,
        "previews": [
            {"label": each.label, "lang": each.tag, "url": _address(found, "agreement_preview", each.tag)}
            for each in LANGUAGES
        ],
        "public_url": agreement_path(found.agreement.reference),
        "may_publish": request.user.has_perm("slas.publish_agreement", found.party),
        "breadcrumbs": found.trail((_("Publication"), "")),
    }
    return render(request, "publishing/agreement.html", context, status=status)


def _clause(found: Found, clause: dict[str, Any]) -> dict[str, Any]:
    return {
        "number": clause["number"],
        "key": clause["key"],
        "title": local_words(clause["title"]),
        "withheld": local_words(words_of(clause["withheld"])) if clause["withheld"] else "",
        "can_be_withheld": clause["key"] not in ALWAYS_PUBLIC,
        "url": _address(found, "agreement_clause", clause["key"]),
    }


def _version(publication: Publication) -> dict[str, Any]:
    moment = publication.published_at.astimezone(LONDON)
    return {
        "number": publication.version,
        "at": date_format(moment, "j F Y, H:i"),
        "by": publication.published_by.get_full_name()
        if publication.published_by
        else _("the portal, following the agreement"),
        "sha256": publication.sha256,
        "withdrawn_reason": publication.withdrawn_reason,
        "ended_at": publication.ended_at,
    }


@require_safe
def preview(request: AuthenticatedHttpRequest, organisation: str, reference: str, language: str) -> HttpResponse:
    """The public page as it would be frozen now."""
    found = _complete(request, organisation, reference)
    content = gather_agreement(found.agreement)
    return preview_page(
        "transparency/agreement.html",
        lambda: {**what_is_agreed(content), "worth": worth(summary_of(content), today()), "as_of": today()},
        path=agreement_path(found.agreement.reference),
        tag=language,
        back=_address(found),
    )


@get_or_post
def clause(request: AuthenticatedHttpRequest, organisation: str, reference: str, key: str) -> HttpResponse:
    """Withhold one clause with a reason, or change the reason."""
    found = _complete(request, organisation, reference, "publish_agreement")
    signed = next((each for each in signed_clauses(found.agreement) if each["key"] == key), None)
    if signed is None or key in ALWAYS_PUBLIC:
        raise Http404
    redaction = Redaction.objects.filter(agreement=found.agreement, clause_key=key).first()
    form = RedactionForm(posted(request), redaction=redaction)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            set_redaction(
                agreement=found.agreement, party=found.party, by=request.user, clause_key=key, **form.cleaned_data
            )
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, _("The clause is withheld. Where the agreement is public, its page follows."))
            return redirect(_address(found))
    context = {
        "organisation": found.organisation,
        "agreement": found.agreement,
        "clause": {
            "number": signed["number"],
            "key": key,
            "title": local_words({"en": signed["title"], "cy": signed["title_cy"]}),
        },
        "text": local_words({"en": signed["text"], "cy": signed["text_cy"]}),
        "redaction": redaction,
        "form": form,
        "cancel_url": _address(found),
        "breadcrumbs": found.trail((_("Publication"), _address(found)), (_("Withhold a clause"), "")),
    }
    return render(request, "publishing/agreement_clause.html", context, status=status)


@require_POST
def show(request: AuthenticatedHttpRequest, organisation: str, reference: str, key: str) -> HttpResponse:
    """Let the public read a clause."""
    found = _complete(request, organisation, reference, "publish_agreement")
    try:
        remove_redaction(agreement=found.agreement, party=found.party, by=request.user, clause_key=key)
    except RuleBroken as refusal:
        return _page(request, found, _versions(found), status=422, summary=_told(refusal))
    messages.success(request, _("The public may read the clause. Where the agreement is public, its page follows."))
    return redirect(_address(found))


def _told(refusal: RuleBroken) -> list[dict[str, Any]]:
    return [{"text": problem.text, "url": problem.url} for problem in refusal.problems]


@require_POST
def publish(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Publish what the previews show."""
    found = _complete(request, organisation, reference, "publish_agreement")
    try:
        publication = publish_agreement(agreement=found.agreement, party=found.party, by=request.user)
    except Incomplete as refusal:
        return _page(request, found, _versions(found), status=422, summary=_told(refusal))
    messages.success(request, _("Published: version %(version)d.") % {"version": publication.version})
    return redirect(_address(found))


@get_or_post
def withdraw(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Take the page back, with a reason that the public reads."""
    found = _complete(request, organisation, reference, "publish_agreement")
    newest = next(iter(_versions(found)), None)
    if newest is None:
        raise Http404
    form = WithdrawForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        withdraw_agreement(publication=newest, party=found.party, by=request.user, reason=reason)
        messages.success(request, _("Withdrawn. The address of the page says so."))
        return redirect(_address(found))
    context = {
        "organisation": found.organisation,
        "agreement": found.agreement,
        "publication": newest,
        "form": form,
        "cancel_url": _address(found),
        "breadcrumbs": found.trail((_("Publication"), _address(found)), (_("Withdraw"), "")),
    }
    return render(request, "publishing/agreement_withdraw.html", context, status=422 if form.errors else 200)
