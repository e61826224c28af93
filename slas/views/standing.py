"""What happens to an agreement that all signed: it goes on unchanged, or it is ended by notice."""

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted, refused_password
from core.dates import today
from core.errors import IllegalMove, RuleBroken
from core.forms import refused
from slas import stages
from slas.forms.standing import NoticeForm, TakeBackForm, UnchangedForm
from slas.models import Agreement, ConfirmedUnchanged
from slas.services import standing as services
from slas.services.holding import require_status
from slas.views.finding import Found, find
from slas.views.tabs import tabs, when_complete

Status = Agreement.Status


@require_safe
def standing(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Its days, what each side said at the review, notice, and what this user may do."""
    found = find(request, organisation, reference)
    record = found.agreement
    require_status(record, *Agreement.COMPLETE, wanted=Status.TERMINATED)
    reviews = list(record.reviews.select_related("organisation").order_by("-at", "-pk"))
    context = {
        **_around(found),
        "facts": _facts(record),
        "reviews": [_review_row(each) for each in reviews],
        "acts": _acts(request, found),
        "tabs": tabs(found, "agreement_standing"),
        "breadcrumbs": found.trail((_("Review and end"), "")),
    }
    return render(request, "slas/standing.html", context)


def _around(found: Found) -> dict[str, Any]:
    return {
        "organisation": found.organisation,
        "agreement": found.agreement,
        "tag": stages.tag_of(found.agreement),
        "cancel_url": found.address("agreement_standing") if when_complete(found.agreement) else "",
    }


def _facts(record: Agreement) -> list[dict[str, Any]]:
    months = record.notice_months
    notice = _("Not said") if months is None else ngettext("%(n)d month", "%(n)d months", months) % {"n": months}
    review = date_format(record.review_on, "j F Y") if record.review_on else _("Not said")
    rows: list[dict[str, Any]] = [
        {"key": _("In force"), "value": stages.dates_in_words(record)},
        {"key": _("Review due"), "value": review},
        {"key": _("Notice"), "value": notice},
    ]
    if record.status == Status.TERMINATED and record.notice_on and record.ends_early_on:
        giver = record.notice_by.local_name if record.notice_by else ""
        rows += [
            {"key": _("Notice given"), "value": f"{date_format(record.notice_on, 'j F Y')}, {giver}"},
            {"key": _("Why"), "value": record.notice_reason},
            {"key": _("Last day after notice"), "value": date_format(record.ends_early_on, "j F Y")},
        ]
    return rows


def _review_row(word: ConfirmedUnchanged) -> dict[str, Any]:
    return {
        "who": word.organisation.local_name,
        "at": word.at,
        "review_on": word.review_on,
        "counts": word.in_effect_at is not None,
    }


def _acts(request: AuthenticatedHttpRequest, found: Found) -> dict[str, bool]:
    """Which buttons the page has: those that this user may press now."""
    record, user = found.agreement, request.user
    reviews, ends = (
        user.has_perm("slas.review_agreement", found.party),
        user.has_perm("slas.end_agreement", found.party),
    )
    lives = record.status == Status.SIGNED_BY_BOTH
    return {
        "unchanged": reviews and lives and record.is_in_force(),
        "renew": user.has_perm("slas.begin_agreement", found.organisation) and lives,
        "notice": ends and lives and not (record.ends_on and record.ends_on < today()),
        "take_back": ends and _can_take_back(found),
    }


def _can_take_back(found: Found) -> bool:
    record = found.agreement
    in_time = record.ends_early_on is not None and record.ends_early_on >= today()
    return record.status == Status.TERMINATED and in_time and record.notice_by_id == found.organisation.pk


@get_or_post
def unchanged(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Say for the side until when it goes on unchanged."""
    found = find(request, organisation, reference, "review_agreement")
    record = found.agreement
    if record.status != Status.SIGNED_BY_BOTH or not record.is_in_force():
        raise IllegalMove(record, Status.SIGNED_BY_BOTH)
    said = services.open_reviews(record)
    other = next((word for word in said if word.side != found.side), None)
    form = UnchangedForm(posted(request), initial={"review_on": other.review_on if other else None})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            day = form.cleaned_data["review_on"]
            try:
                both = services.confirm_unchanged(agreement=record, party=found.party, by=request.user, review_on=day)
            except RuleBroken as refusal:
                status = _refused(form, refusal)
            else:
                done = _("Both sides said so: it goes on unchanged.")
                messages.success(request, done if both else _("Said for your side. The other side is told."))
                return redirect(found.address("agreement_standing"))
    context = {
        **_around(found),
        "form": form,
        "other": _review_row(other) if other else None,
        "breadcrumbs": _below(found, _("Confirm unchanged")),
    }
    return render(request, "slas/unchanged.html", context, status=status)


def _below(found: Found, title: str) -> list[tuple[str, str]]:
    return found.trail((_("Review and end"), found.address("agreement_standing")), (title, ""))


def _refused(form: BaseForm, refusal: RuleBroken) -> int:
    """A wrong state goes on to the page that says so; all else stands at the form."""
    if isinstance(refusal, IllegalMove):
        raise refusal
    return refused(form, refusal)


@sensitive_post_parameters("password")
@get_or_post
def notice(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """End it early, with a reason, a last day and the password again."""
    found = find(request, organisation, reference, "end_agreement")
    record = found.agreement
    if record.status != Status.SIGNED_BY_BOTH or (record.ends_on and record.ends_on < today()):
        raise IllegalMove(record, Status.TERMINATED)
    form = NoticeForm(posted(request))
    status = 200
    if request.method == "POST":
        status = 422
        wrong = _("This is not your password. No notice was given.")
        if form.is_valid() and not (status := refused_password(request, form, wrong)):
            cleaned = form.cleaned_data
            try:
                services.give_notice(
                    agreement=record,
                    party=found.party,
                    by=request.user,
                    reason=cleaned["reason"],
                    last_day=cleaned["last_day"],
                    password_checked=True,
                )
            except RuleBroken as refusal:
                status = _refused(form, refusal)
            else:
                messages.success(request, _("Notice is given, and all parties are told."))
                return redirect(found.address("agreement_standing"))
    context = {
        **_around(found),
        "form": form,
        "earliest": services.earliest_last_day(record),
        "parties": [party.organisation.local_name for party in record.parties.all()],
        "breadcrumbs": _below(found, _("Give notice")),
    }
    return render(request, "slas/notice.html", context, status=status)


@sensitive_post_parameters("password")
@get_or_post
def take_back(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Take the own notice back while the agreement is still in force."""
    found = find(request, organisation, reference, "end_agreement")
    record = found.agreement
    if not _can_take_back(found):
        raise IllegalMove(record, Status.SIGNED_BY_BOTH)
    form = TakeBackForm(posted(request))
    status = 200
    if request.method == "POST":
        status = 422
        wrong = _("This is not your password. The notice stands.")
        if form.is_valid() and not (status := refused_password(request, form, wrong)):
            services.take_back_notice(agreement=record, party=found.party, by=request.user, password_checked=True)
            messages.success(request, _("The notice is taken back, and all parties are told."))
            return redirect(found.address("agreement_standing"))
    context = {**_around(found), "form": form, "breadcrumbs": _below(found, _("Take the notice back"))}
    return render(request, "slas/notice_back.html", context, status=status)
