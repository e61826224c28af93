"""Annual reviews of systems: list, start, the form by sections, send, authorise or return, and what was frozen."""

import datetime as dt
import json
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted, refused_password
from accounts.models import Organisation
from accounts.policy import require
from compliance import annual_review as layout
from compliance import frozen
from compliance.forms.annual_reviews import AuthoriseForm, HeaderForm, LinesForm, PeriodForm, ReturnReviewForm
from compliance.models import AnnualReview, CameraSystem, Report
from compliance.services import annual_reviews as services
from compliance.services.systems import FINAL
from compliance.views.camera_reviews import crumbs
from compliance.views.system_finding import open_system_or_404, operator_or_404, trail_to_system
from core.dates import today
from core.downloads import frozen_text
from core.errors import IllegalMove, RuleBroken, StaleRecord
from core.forms import GovukForm, keep_typed, refused
from core.registry import Link

PAGE_SIZE = 50
HEADER = "header"
Status = AnnualReview.Status
COLOURS = {
    Status.DRAFT: "blue",
    Status.READY: "yellow",
    Status.AUTHORISED: "green",
    Status.SUPERSEDED: "grey",
    Status.ABANDONED: "grey",
}


def _crumbs(operator: Organisation, *further: tuple[str, str]) -> list[tuple[str, str]]:
    url = reverse("compliance:annual_reviews", args=[operator.slug]) if further else ""
    return crumbs(operator, (_("Annual reviews"), url), *further)


def _crumbs_to(review: AnnualReview, *further: tuple[str, str]) -> list[tuple[str, str]]:
    url = services.address("annual_review", review) if further else ""
    return _crumbs(review.system.operator, (review.reference, url), *further)


def _found(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> AnnualReview:
    """Two queries."""
    operator = operator_or_404(request, organisation)
    own = AnnualReview.objects.visible_to(request.user).filter(system__operator=operator)
    return get_object_or_404(own.select_related("system__operator", "authorised_by"), reference=reference)


@require_safe
def reviews(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """All annual reviews of an operator, the newest first, and the systems for which one can be started."""
    operator = operator_or_404(request, organisation)
    own = AnnualReview.objects.visible_to(request.user).filter(system__operator=operator)
    page = Paginator(own.for_list().order_by("-period_from", "-pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    systems = CameraSystem.objects.visible_to(request.user).filter(operator=operator).exclude(status__in=FINAL)
    may_start = request.user.has_perm("compliance.review_cameras", operator)
    context = {
        "organisation": operator,
        "page_obj": page,
        "rows": [_row(review) for review in page],
        "starts": [
            {
                "label": system.local_name,
                "url": reverse("compliance:annual_review_start", args=[operator.slug, system.reference]),
            }
            for system in systems.order_by("name")
        ]
        if may_start
        else [],
        "breadcrumbs": _crumbs(operator),
    }
    return render(request, "compliance/annual_reviews.html", context)


def _row(review: AnnualReview) -> dict[str, Any]:
    return {
        "url": services.address("annual_review", review),
        "reference": review.reference,
        "system": review.system.local_name,
        "period_from": review.period_from,
        "period_until": review.period_until,
        "reviewed_on": review.reviewed_on,
        "next_review_on": review.next_review_on,
        "label": review.get_status_display(),
        "colour": COLOURS[Status(review.status)],
    }


@get_or_post
def start(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Begin the annual review of a system."""
    system = open_system_or_404(request, organisation, reference, "compliance.start_annual_review")
    first, last = services.last_year(today())
    form = PeriodForm(posted(request), initial={"period_from": first, "period_until": last})
    if request.method == "POST" and form.is_valid():
        period = (form.cleaned_data["period_from"], form.cleaned_data["period_until"])
        try:
            made = services.start_review(system=system, period=period, by=request.user)
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            return redirect(services.address("annual_review", made))
    title = _("Start an annual review")
    context = {
        "organisation": system.operator,
        "title": title,
        "caption": system.local_name,
        "form": form,
        "submit_label": _("Start"),
        "cancel_url": reverse("compliance:annual_reviews", args=[system.operator.slug]),
        "breadcrumbs": trail_to_system(system, (title, "")),
    }
    return render(request, "compliance/annual_review_form.html", context, status=422 if form.errors else 200)


@require_safe
def review(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The whole in three columns, as it stands or as it was frozen, and what can be done next."""
    found = _found(request, organisation, reference)
    user, is_draft = request.user, found.status == Status.DRAFT
    content = json.loads(found.content) if found.content else layout.content_of(found)
    returned = found.changes.filter(before=Status.READY, after=Status.DRAFT).select_related("by").last()
    may_edit = is_draft and user.has_perm("compliance.edit_annual_review", found)
    may_send = is_draft and user.has_perm("compliance.send_annual_review", found)
    context = {
        "organisation": found.system.operator,
        "review": found,
        "tag": {"label": found.get_status_display(), "colour": COLOURS[Status(found.status)]},
        "header": header_rows(content),
        "parts_of_form": [_section(found, part, may_edit=may_edit) for part in content["sections"]],
        "figures_as_of": parse_date(content["figures_as_of"]),
        "header_url": services.address("annual_review_edit", found, HEADER) if may_edit else "",
        "may_edit": may_edit,
        "may_send": may_send,
        "problems": services.blockers(found) if may_send else [],
        "may_authorise": found.status == Status.READY and user.has_perm("compliance.authorise_annual_review", found),
        "returned": returned if is_draft else None,
        "holds": bool(found.content) and frozen.digest(found.content) == found.sha256,
        "may_print": found.status == Status.AUTHORISED
        and user.has_perm("compliance.ask_report", found.system.operator),
        "sheet": _sheet(found) if found.status == Status.AUTHORISED else "",
        "breadcrumbs": _crumbs_to(found),
    }
    return render(request, "compliance/annual_review.html", context)


def _sheet(found: AnnualReview) -> str:
    """The address of the newest sheet that was made of it, '' where none was. One query."""
    made = Report.objects.filter(
        kind=Report.Kind.ANNUAL_REVIEW,
        system=found.system_id,
        period_from=found.period_from,
        period_until=found.period_until,
        asked_at__gte=found.authorised_at,
    ).exclude(pdf="")
    newest = made.order_by("asked_at", "pk").last()
    return reverse("compliance:report_pdf", args=[found.system.operator.slug, newest.reference]) if newest else ""


def header_rows(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The head of the form as a summary list."""
    start, end = (_day(day) for day in content["period"])
    return [
        {"key": _("System"), "value": content["system"]["name"]},
        {"key": _("Period"), "value": f"{start} – {end}"},
        {"key": _("Date of review"), "value": _day(content["reviewed_on"])},
        {"key": _("Responsible officer"), "value": content["responsible_post"] or _("not given")},
        {"key": _("Contact"), "value": content["contact"] or _("not given")},
        {"key": _("Authorising officer"), "value": content["authorising_post"] or _("not given")},
        {"key": _("Next review date"), "value": _day(content["next_review_on"])},
    ]


def _day(text: str) -> str:
    return date_format(dt.date.fromisoformat(text), "j F Y") if text else _("not given")


def _section(found: AnnualReview, part: dict[str, Any], *, may_edit: bool) -> dict[str, Any]:
    section = layout.Section(part["key"])
    return {
        "key": part["key"],
        "title": section.label,
        "url": services.address("annual_review_edit", found, part["key"]) if may_edit else "",
        "lines": [line | {"due": parse_date(line["due_on"]) if line["due_on"] else None} for line in part["lines"]],
    }


@get_or_post
def edit(request: AuthenticatedHttpRequest, organisation: str, reference: str, section: str) -> HttpResponse:
    """The header, or the lines of one section. What was typed stays when somebody else was quicker: 409."""
    found = _found(request, organisation, reference)
    require(request.user, "compliance.edit_annual_review", found)
    if section not in (HEADER, *layout.Section.values):
        raise Http404
    if found.status != Status.DRAFT:
        raise IllegalMove(found, Status.DRAFT)
    form = _edit_form(found, section, posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, found, form)
        except StaleRecord:
            found.refresh_from_db()
            keep_typed(form, version=found.version)
            return _edit_page(request, found, section, form, status=409)
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect(services.address("annual_review", found))
    return _edit_page(request, found, section, form, status=422 if form.errors else 200)


def _edit_form(found: AnnualReview, section: str, sent: Any) -> HeaderForm | LinesForm:
    if section == HEADER:
        names = (*services.HEADER, "version")
        return HeaderForm(sent, initial={name: getattr(found, name) for name in names})
    lines = layout.lines_of(section)
    initial: dict[str, Any] = {"version": found.version}
    for line in lines:
        item = layout.item_of(found, line.key)
        initial |= {f"{line.key}-{part}": value for part, value in item.items()}
        initial[f"{line.key}-due_on"] = parse_date(item["due_on"]) if item["due_on"] else None
    form = LinesForm(sent, lines=lines, initial=initial)
    for line in lines:
        if line.figures:
            form.fields[f"{line.key}-answer"].help_text = _help(found, line)
    return form


def _help(found: AnnualReview, line: layout.Line) -> str:
    """The line's help with its figures in a sentence."""
    words = []
    for key in line.figures:
        figure = layout.figure_of(found, key)
        words.append(f"{figure['label']}: {figure['value'] if figure['value'] is not None else _('not recorded')}")
    return " ".join(filter(None, [str(line.help), "; ".join(words) + "."]))


def _save(request: AuthenticatedHttpRequest, found: AnnualReview, form: HeaderForm | LinesForm) -> None:
    version = form.cleaned_data["version"]
    if isinstance(form, LinesForm):
        services.save_lines(review=found, items=form.items(), version=version, by=request.user)
    else:
        services.save_header(review=found, values=form.cleaned_data, version=version, by=request.user)


def _edit_page(
    request: AuthenticatedHttpRequest, found: AnnualReview, section: str, form: GovukForm, *, status: int
) -> HttpResponse:
    title = _("Dates and posts") if section == HEADER else str(layout.Section(section).label)
    context = {
        "organisation": found.system.operator,
        "title": title,
        "caption": found.system.local_name,
        "form": form,
        "overtaken": status == 409,
        "cancel_url": services.address("annual_review", found),
        "breadcrumbs": _crumbs_to(found, (title, "")),
    }
    return render(request, "compliance/annual_review_form.html", context, status=status)


@require_POST
def figures(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Take the figures afresh."""
    found = _found(request, organisation, reference)
    require(request.user, "compliance.edit_annual_review", found)
    services.take_figures(review=found, by=request.user)
    messages.success(request, _("The figures are those of today."))
    return redirect(services.address("annual_review", found))


@require_POST
def send(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Give it to the senior responsible officer."""
    found = _found(request, organisation, reference)
    require(request.user, "compliance.send_annual_review", found)
    services.send_review(review=found, by=request.user)
    messages.success(request, _("The annual review is with the senior responsible officer."))
    return redirect(services.address("annual_review", found))


@require_POST
def abandon(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Give up a draft."""
    found = _found(request, organisation, reference)
    require(request.user, "compliance.send_annual_review", found)
    services.abandon_review(review=found, by=request.user)
    messages.success(request, _("The annual review is abandoned. What was written stays on record."))
    return redirect(services.address("annual_review", found))


@sensitive_post_parameters("password")
@get_or_post
def authorise(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The senior responsible officer reads the whole and authorises it, with the password again."""
    found = _found(request, organisation, reference)
    require(request.user, "compliance.authorise_annual_review", found)
    if found.status != Status.READY:
        raise IllegalMove(found, Status.AUTHORISED)
    form = AuthoriseForm(posted(request), initial={"post": found.authorising_post})
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid() and not (status := refused_password(request, form)):
        signature = {name: form.cleaned_data[name] for name in ("typed_name", "post", "read_sha256")}
        try:
            services.authorise(review=found, by=request.user, password_checked=True, **signature)
        except RuleBroken as refusal:
            status = refused(form, refusal)
        else:
            messages.success(request, _("The annual review is authorised and frozen."))
            return redirect(services.address("annual_review", found))
    content = layout.content_of(found)
    sha256 = frozen.digest(frozen.canonical(content))
    form.initial["read_sha256"] = sha256
    context = {
        "organisation": found.system.operator,
        "review": found,
        "header": header_rows(content),
        "parts_of_form": [_section(found, part, may_edit=False) for part in content["sections"]],
        "figures_as_of": parse_date(content["figures_as_of"]),
        "problems": services.blockers(found),
        "sha256": sha256,
        "form": form,
        "breadcrumbs": _crumbs_to(found, (_("Authorise"), "")),
    }
    return render(request, "compliance/annual_review_authorise.html", context, status=status)


@get_or_post
def return_review(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Back to draft, with what should be changed."""
    found = _found(request, organisation, reference)
    require(request.user, "compliance.authorise_annual_review", found)
    if found.status != Status.READY:
        raise IllegalMove(found, Status.DRAFT)
    form = ReturnReviewForm(posted(request))
    if request.method == "POST" and form.is_valid():
        services.return_review(review=found, comments=form.cleaned_data["comments"], by=request.user)
        messages.success(request, _("The annual review is back in draft, and its team is told."))
        return redirect(services.address("annual_review", found))
    title = _("Return with comments")
    context = {
        "organisation": found.system.operator,
        "title": title,
        "caption": found.system.local_name,
        "form": form,
        "submit_label": _("Return it"),
        "cancel_url": services.address("annual_review_authorise", found),
        "breadcrumbs": _crumbs_to(found, (title, "")),
    }
    return render(request, "compliance/annual_review_form.html", context, status=422 if form.errors else 200)


@require_safe
def frozen_json(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The exact bytes that were hashed."""
    found = _found(request, organisation, reference)
    if not found.content:
        raise Http404
    return frozen_text(found.content, name=f"annual-review-{found.reference}.json")


def review_links(request: AuthenticatedHttpRequest, system: CameraSystem) -> list[Link]:
    """From the page of a system: the reviews of its cameras and its annual reviews."""
    slug = system.operator.slug
    return [
        Link(_("Reviews of its cameras"), f"{reverse('compliance:reviews', args=[slug])}?system={system.reference}"),
        Link(_("Annual reviews"), reverse("compliance:annual_reviews", args=[slug])),
        Link(_("Reports"), reverse("compliance:reports", args=[slug])),
    ]
