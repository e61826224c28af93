"""Performance: returns of a period by either side, and figures against targets."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.policy import require
from compliance.services.kept_lists import keep_upload, kept_upload
from compliance.views.tables import csv_answer
from core.errors import Incomplete, RuleBroken, StaleRecord
from core.forms import keep_typed, refused
from core.templatetags.govuk import form_problems
from slas import figures, return_periods, stages
from slas.forms.returns import BeginReturnForm, ReturnCommentForm, ReturnFileForm, ReturnForm
from slas.models import Agreement, MeasureFigure, PerformanceReturn
from slas.return_files import COLUMNS, empty_table, read_return
from slas.services import returns as services
from slas.views.finding import Found, find
from slas.views.tabs import tabs

Status = PerformanceReturn.Status
ANSWER_ID = "answer_%s"  # the form of figures on the same page has a comment, too
COLOURS = {Status.DRAFT: "grey", Status.SUBMITTED: "blue", Status.QUERIED: "orange", Status.AGREED: "green"}


@require_safe
def returns(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Every return of the agreement that this party reads, and each measure against its target."""
    found = find(request, organisation, reference)
    record = _complete(found)
    made = list(record.returns.seen_by(found.organisation.pk).select_related("organisation"))
    readings = figures.readings_of(record)
    measures = list(record.measures.all())
    sent = [each for each in made if each.status != Status.DRAFT]
    may = request.user.has_perm("slas.report_performance", found.party)
    context = {
        "organisation": found.organisation,
        "agreement": record,
        "tag": stages.tag_of(record),
        "returns": [_row(found, each) for each in made],
        "form": _begin_form(request, record) if may else None,
        "measures": [
            {"name": measure.local_name, "target": _target(measure), "chart": figures.chart_of(measure, readings)}
            for measure in measures
        ],
        "ways": _ways(sent),
        "outcomes": figures.outcome_table(figures.outcomes_of(sent)),
        "tabs": tabs(found, "returns"),
        "breadcrumbs": found.trail((_("Performance"), "")),
    }
    return render(request, "slas/returns.html", context)


def _complete(found: Found) -> Agreement:
    """The agreement, if all signed it: there is no such page before."""
    if found.agreement.status not in Agreement.COMPLETE:
        raise Http404
    return found.agreement


def _begin_form(request: AuthenticatedHttpRequest, agreement: Agreement) -> BeginReturnForm | None:
    periods = return_periods.periods_of(agreement)
    if not periods:
        return None
    choices = [(first.isoformat(), return_periods.in_words(first, last)) for first, last in periods]
    return BeginReturnForm(posted(request), periods=choices)


def _row(found: Found, made: PerformanceReturn) -> dict[str, Any]:
    return {
        "period": return_periods.in_words(made.starts_on, made.ends_on),
        "by": made.organisation.local_name,
        "url": found.address("return", made.reference),
        "label": made.get_status_display(),
        "colour": COLOURS[Status(made.status)],
    }


def _target(measure: Any) -> str:
    return f"{measure.get_better_display()} {figures.in_unit(measure.target, measure.unit)}"


def _ways(made: list[PerformanceReturn]) -> list[dict[str, Any]]:
    """How evidence went, as rows with share."""
    names = {
        way: str(PerformanceReturn._meta.get_field(way).verbose_name)  # type: ignore[union-attr]
        for way in figures.WAYS
    }
    shares = figures.evidence_shares(made)
    return [{"key": capfirst(names[way]), "value": f"{number:,} ({share}%)"} for way, (number, share) in shares.items()]


@require_POST
def begin(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Begin the own return for a period."""
    found = find(request, organisation, reference, "report_performance")
    form = _begin_form(request, _complete(found))
    if form is None or not form.is_valid():
        messages.error(request, _("Choose a period that is over and in which the agreement was in force."))
        return redirect(found.address("returns"))
    starts_on = dt.date.fromisoformat(form.cleaned_data["starts_on"])
    made = services.begin_return(agreement=found.agreement, party=found.party, starts_on=starts_on, by=request.user)
    return redirect(found.address("return", made.reference))


def _return_or_404(found: Found, made: str) -> PerformanceReturn:
    rows = _complete(found).returns.seen_by(found.organisation.pk).select_related("organisation")
    record = get_object_or_404(rows, reference=made)
    record.agreement = found.agreement
    return record


@get_or_post
def one_return(request: AuthenticatedHttpRequest, organisation: str, reference: str, made: str) -> HttpResponse:
    """One return: filled in by who makes it, read, agreed or asked about by the other side."""
    found = find(request, organisation, reference)
    record = _return_or_404(found, made)
    if request.method != "POST":
        return _return_page(request, found, record)
    require(request.user, "slas.report_performance", found.party)
    form = _figures_form(found, record, _figures_read(found, record), request.POST)
    status = 422
    if form.is_valid() and not (status := _save(request, found, record, form)):
        return redirect(found.address("return", record.reference))
    return _return_page(request, found, record, form=form, status=status)


def _figures_read(found: Found, record: PerformanceReturn) -> list[MeasureFigure]:
    """Those that this party reads. Figures that were asked about are changed in place: until they are sent again, only
    who makes them reads them. One query.
    """
    if record.status == Status.QUERIED and not _is_own(found, record):
        return []
    return list(record.figures.select_related("measure"))


def _is_own(found: Found, record: PerformanceReturn) -> bool:
    return record.organisation_id == found.organisation.pk


def _figures_form(found: Found, record: PerformanceReturn, rows: list[MeasureFigure], sent: Any = None) -> ReturnForm:
    initial = ReturnForm.initial_of(record, rows)
    return ReturnForm(sent, made=record, side=found.side, figures=rows, initial=initial)


def _return_page(
    request: AuthenticatedHttpRequest,
    found: Found,
    record: PerformanceReturn,
    *,
    form: ReturnForm | None = None,
    comment_form: ReturnCommentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, with the form that was refused where one was."""
    may = request.user.has_perm("slas.report_performance", found.party)
    is_own = _is_own(found, record)
    fills = is_own and may and record.status in (Status.DRAFT, Status.QUERIED)
    rows = _figures_read(found, record)
    if comment_form is None and may and record.status != Status.DRAFT:
        comment_form = ReturnCommentForm(initial={"version": record.version}, auto_id=ANSWER_ID)
    if form is None and fills:
        form = _figures_form(found, record, rows)
    context = {
        "organisation": found.organisation,
        "agreement": found.agreement,
        "made": record,
        "period": return_periods.in_words(record.starts_on, record.ends_on),
        "label": record.get_status_display(),
        "colour": COLOURS[Status(record.status)],
        "form": form,
        "figures": [_figure_row(each) for each in rows],
        "ways": _ways([record]),
        "outcomes": figures.outcome_table(figures.outcomes_of([record])),
        "comments": [_comment_row(each) for each in record.comments.select_related("organisation").order_by("-at")],
        "comment_form": comment_form,
        "summary": form_problems(comment_form),  # without any, those of `form`
        "can_judge": may and not is_own and record.status == Status.SUBMITTED and _is_other_side(found, record),
        "breadcrumbs": found.trail((_("Performance"), found.address("returns")), (_("Return"), "")),
    }
    return render(request, "slas/return.html", context, status=status)


def _is_other_side(found: Found, record: PerformanceReturn) -> bool:
    maker = found.agreement.party_of(record.organisation)
    return maker is not None and maker.side != found.side


def _save(request: AuthenticatedHttpRequest, found: Found, record: PerformanceReturn, form: ReturnForm) -> int:
    """0, or the status of the page that says why nothing was saved. With `send` it goes to the other side too."""
    version = form.cleaned_data["version"]
    try:
        services.save_return(made=record, party=found.party, given=form.given(), by=request.user, version=version)
        if "send" in request.POST:
            services.submit(made=record, party=found.party, by=request.user)
    except StaleRecord:
        record.refresh_from_db(fields=["version"])
        keep_typed(form, version=record.version)
        form.add_error(None, _("Somebody changed it meanwhile. Look at it first; save again to keep yours."))
        return 409
    except Incomplete as refusal:
        record.refresh_from_db(fields=["version"])
        keep_typed(form, version=record.version)
        return refused(form, refusal)
    except RuleBroken as refusal:
        return refused(form, refusal)
    sent = record.status == Status.SUBMITTED
    messages.success(request, _("The other side has the figures now.") if sent else _("Saved."))
    return 0


def _figure_row(figure: Any) -> dict[str, Any]:
    measure = figure.measure
    value = figures.value_of(figure.numerator, figure.denominator, is_share=measure.has_denominator)
    return {
        "name": measure.local_name,
        "numerator": figures.plain(figure.numerator),
        "denominator": figures.plain(figure.denominator),
        "value": figures.in_unit(value, measure.unit),
        "target": _target(measure),
        "is_met": None if value is None else measure.is_met_by(value),
        "comment": figure.comment,
    }


def _comment_row(comment: Any) -> dict[str, Any]:
    return {"title": comment.organisation.local_name, "by": "", "at": comment.at, "note": comment.text}


@require_POST
def judge(request: AuthenticatedHttpRequest, organisation: str, reference: str, made: str) -> HttpResponse:
    """The other side agrees the figures, asks about them, or either side comments: by the button that was pressed. What
    is refused stands on the page again with what was typed.
    """
    found = find(request, organisation, reference, "report_performance")
    record = _return_or_404(found, made)
    form = ReturnCommentForm(request.POST, auto_id=ANSWER_ID)
    status = 422
    if form.is_valid() and not (status := _judge(request, found, record, form)):
        return redirect(found.address("return", record.reference))
    return _return_page(request, found, record, comment_form=form, status=status)


def _judge(request: AuthenticatedHttpRequest, found: Found, record: PerformanceReturn, form: ReturnCommentForm) -> int:
    """0, or the status of the page that says why nothing was written."""
    comment, version = form.cleaned_data["comment"], form.cleaned_data["version"]
    asked: dict[str, Any] = {"made": record, "party": found.party, "by": request.user}
    try:
        if "agree" in request.POST:
            services.agree(comment=comment, version=version, **asked)
            messages.success(request, _("The figures are agreed."))
        elif "ask" in request.POST:
            services.ask_about(comment=comment, version=version, **asked)
            messages.success(request, _("Asked. The return goes back to who made it."))
        else:
            services.comment_on(comment=comment, **asked)
            messages.success(request, _("Your comment is there."))
    except StaleRecord:
        keep_typed(form, version=record.version)
        form.add_error(None, _("The figures were changed meanwhile. Look at them first, then answer again."))
        return 409
    except RuleBroken as refusal:
        return refused(form, refusal)
    return 0


@get_or_post
def from_file(request: AuthenticatedHttpRequest, organisation: str, reference: str, made: str) -> HttpResponse:
    """Figures from a file go into the draft; what cannot be read is told row by row, and then nothing is changed."""
    found = find(request, organisation, reference, "report_performance")
    record = _return_or_404(found, made)
    form = ReturnFileForm(posted(request), request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                measures = services.measures_of(found.agreement, found.side)
                given = read_return(kept_upload(keep_upload(upload=form.cleaned_data["file"])), measures)
                services.save_return(
                    made=record, party=found.party, given=given, by=request.user, version=record.version
                )
            except RuleBroken as refusal:
                status = refused(form, refusal, "file")
            else:
                messages.success(request, _("The figures are in the draft. Look at them, then send them."))
                return redirect(found.address("return", record.reference))
    context = {
        "organisation": found.organisation,
        "agreement": found.agreement,
        "made": record,
        "period": return_periods.in_words(record.starts_on, record.ends_on),
        "form": form,
        "cancel_url": found.address("return", record.reference),
        "breadcrumbs": found.trail((_("Performance"), found.address("returns")), (_("From a file"), "")),
    }
    return render(request, "slas/return_file.html", context, status=status)


@require_safe
def template(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The empty table for this party."""
    found = find(request, organisation, reference)
    rows = empty_table(services.measures_of(_complete(found), found.side), found.side)
    return csv_answer(COLUMNS, rows, name=f"return-{found.agreement.reference}")
