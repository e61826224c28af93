"""The entry of one organisation: who its single point of contact is, who knows it, what the public reads."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.models import Organisation, User
from accounts.policy import require
from core.errors import RuleBroken, StaleRecord, Text
from core.forms import refused
from strategy.forms.spocs import SpocForm
from strategy.models import SpocConfirmation, SpocEntry, SpocPublication
from strategy.services import spoc_confirmation, spocs

Answer = SpocConfirmation.Answer


def _organisation(request: AuthenticatedHttpRequest, slug: str, act: str) -> Organisation:
    found = organisation_or_404(request.user, slug)
    require(request.user, f"strategy.{act}", found)
    return found


def _standing(org: Organisation) -> SpocEntry | None:
    rows = SpocEntry.objects.standing().filter(organisation=org).select_related("acknowledged_by", "person")
    entry = rows.first()
    if entry is not None:
        entry.organisation = org
    return entry


def _standing_or_409(org: Organisation) -> SpocEntry:
    """An act on an entry that somebody ended meanwhile is a wrong state."""
    entry = _standing(org)
    if entry is None:
        raise StaleRecord(org)
    return entry


@require_safe
def spoc(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Who it is, what is missing, and who it was. Four queries beside those of every page."""
    org = _organisation(request, organisation, "read_spoc")
    entry = _standing(org)
    public = entry.publications.current().first() if entry else None
    context = {
        "organisation": org,
        "entry": entry,
        "public": public,
        "rows": _facts(entry, public) if entry else [],
        "answer": _open_answer(entry) if entry else None,
        "may_keep": request.user.has_perm("strategy.keep_spoc", org),
        "before": SpocEntry.objects.filter(organisation=org, ended_on__isnull=False),
        "breadcrumbs": _trail(org),
    }
    return render(request, "strategy/spoc.html", context)


def _trail(org: Organisation, title: Text = "") -> list[tuple[Any, str]]:
    here = (org.local_name, org.get_absolute_url())
    page = _("Single point of contact")
    return [here, (page, reverse("national:spoc", args=[org.slug])), (title, "")] if title else [here, (page, "")]


def _open_answer(entry: SpocEntry) -> SpocConfirmation | None:
    """A "no" on which the organisation did not act yet."""
    said = entry.confirmations.filter(settled_on__isnull=True)
    return said.filter(answer__in=(Answer.SOMEBODY_ELSE, Answer.NOT_ME)).first()


def _day(day: Any, otherwise: Text) -> Text:
    return date_format(day, "j F Y") if day else otherwise


def _facts(entry: SpocEntry, public: SpocPublication | None) -> list[dict[str, Any]]:
    known = _("the public may read it")
    inside = _("for the managers' association alone")
    contact = known if entry.shows_contact else inside
    rows: list[dict[str, Any]] = [{"key": _("Post"), "value": entry.post}]
    if entry.post_cy:
        rows.append({"key": _("Post in Welsh"), "value": entry.post_cy, "lang": "cy"})
    if entry.name:
        rows.append({"key": _("Name"), "value": f"{entry.name} ({known if entry.shows_name else inside})"})
    rows.append({"key": _("Email address"), "value": f"{entry.email} ({contact})"})
    if entry.telephone:
        rows.append({"key": _("Telephone"), "value": f"{entry.telephone} ({contact})"})
    acknowledged = _day(entry.acknowledged_on, _("Not yet"))
    if entry.acknowledged_by:
        acknowledged = f"{acknowledged}, {entry.acknowledged_by.local_name}"
    return [
        *rows,
        {"key": _("Named on"), "value": _day(entry.named_on, "")},
        {"key": _("Managers' association told"), "value": _day(entry.told_on, _("Not yet"))},
        {"key": _("Acknowledged by the association"), "value": acknowledged},
        {"key": _("Public since"), "value": _day(public.published_on if public else None, _("Not public"))},
        {"key": _("Last confirmed by the person"), "value": _day(entry.confirmed_on, _("Not yet"))},
        {"key": _("The mailbox is asked again on"), "value": _day(entry.confirm_by, "")},
    ]


@get_or_post
def name(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Name somebody, or somebody else; `?from=answer` fills in whom the mailbox named."""
    org = _organisation(request, organisation, "keep_spoc")
    entry = _standing(org)
    proposed: dict[str, str] = {}
    said = _open_answer(entry) if entry and request.GET.get("from") == "answer" else None
    if said is not None:
        proposed = {"name": said.new_name, "post": said.new_post, "email": said.new_email}
    form = SpocForm(posted(request), organisation=org, initial=proposed)

    def keep() -> None:
        spocs.name_spoc(
            organisation=org, details=form.details(), by=request.user, named_on=form.cleaned_data["named_on"]
        )
        messages.success(request, _("Named. Now tell the managers' association, and publish."))

    title = _("Name somebody else") if entry else _("Name the single point of contact")
    return _with_form(request, org, form, keep, title=title, replaced=entry)


@get_or_post
def change(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    org = _organisation(request, organisation, "keep_spoc")
    entry = _standing_or_409(org)
    form = SpocForm(posted(request), organisation=org, entry=entry)

    def keep() -> None:
        spocs.change_spoc(entry=entry, details=form.details(), by=request.user)
        messages.success(request, _("Changed. If the entry is public, the public reads it as it is now."))

    return _with_form(request, org, form, keep, title=_("Change the details"))


def _with_form(
    request: AuthenticatedHttpRequest,
    org: Organisation,
    form: SpocForm,
    keep: Callable[[], None],
    *,
    title: str,
    replaced: SpocEntry | None = None,
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                keep()
            except RuleBroken as refusal:
                status = refused(form, refusal)
            else:
                return redirect("national:spoc", org.slug)
    context = {
        "organisation": org,
        "form": form,
        "title": title,
        "replaced": replaced,
        "cancel_url": reverse("national:spoc", args=[org.slug]),
        "breadcrumbs": _trail(org, title),
    }
    return render(request, "strategy/spoc_form.html", context, status=status)


def _tell(entry: SpocEntry, by: User) -> str:
    spocs.tell_association(entry=entry, by=by)
    return _("The managers' association is told. You hear when it acknowledges.")


def _publish(entry: SpocEntry, by: User) -> str:
    spocs.publish_spoc(entry=entry, by=by)
    return _("Published. The register shows it within a minute.")


def _withdraw(entry: SpocEntry, by: User) -> str:
    spocs.withdraw_spoc(entry=entry, by=by)
    return _("Withdrawn. The register shows it no more.")


def _ask(entry: SpocEntry, by: User) -> str:
    spoc_confirmation.ask(entry=entry, by=by)
    return _("The question is sent. Its link works for 30 days.")


def _dismiss(entry: SpocEntry, by: User) -> str:
    spocs.dismiss_answer(entry=entry, by=by)
    return _("The entry stays as it is.")


def _end(entry: SpocEntry, by: User) -> str:
    spocs.end_spoc(entry=entry, by=by)
    return _("Ended. Nobody is named now, and nothing of it is public.")


ACTS: dict[str, Callable[[SpocEntry, User], str]] = {
    "tell": _tell,
    "publish": _publish,
    "withdraw": _withdraw,
    "ask": _ask,
    "keep": _dismiss,
}


@require_POST
def act(request: AuthenticatedHttpRequest, organisation: str, act: str) -> HttpResponse:
    """One button: done twice it is done once; 409 where nobody is named any more."""
    return _acted(request, _organisation(request, organisation, "keep_spoc"), ACTS[act])


def _acted(request: AuthenticatedHttpRequest, org: Organisation, do: Callable[[SpocEntry, User], str]) -> HttpResponse:
    try:
        messages.success(request, do(_standing_or_409(org), request.user))
    except RuleBroken as refusal:
        messages.error(request, str(refusal.sentence))
    return redirect("national:spoc", org.slug)


@get_or_post
def end(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """A page that says what ends, then the act."""
    org = _organisation(request, organisation, "keep_spoc")
    entry = _standing_or_409(org)
    if request.method == "POST":
        return _acted(request, org, _end)
    context = {"organisation": org, "entry": entry, "breadcrumbs": _trail(org, _("End the entry"))}
    return render(request, "strategy/spoc_end.html", context)
