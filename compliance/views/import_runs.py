"""The page of a list that was brought in, by its state: how far it is, what it would change, what it changed."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Min
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest
from compliance.camera_lists.shapes import PLACES
from compliance.forms.imports import ENCODINGS, FIELD_WORDS, LEFT_OUT, SYSTEMS, AcceptForm
from compliance.models import Camera, ImportRun
from compliance.services import imports as services
from compliance.services.import_sorting import compared_in, is_kept
from compliance.services.import_undoing import can_undo, undo_until
from compliance.views import import_rows
from compliance.views.import_finding import run_address, run_or_404, tag_of_run, trail_to_lists
from compliance.views.system_finding import system_address
from compliance.views.tables import csv_answer

PAGE = 50
REFRESH_SECONDS = 2
Status = ImportRun.Status
UNDER_WAY = (Status.SORTING, Status.APPLYING)
SORTED_ONCE = (Status.SORTED, Status.APPLIED, Status.UNDONE)
PROBLEMS = "problems"


@require_safe
def run(request: AuthenticatedHttpRequest, organisation: str, reference: str, run: str) -> HttpResponse:
    """By state. While a worker is at it, the page asks again by itself, and is another one once he is done."""
    found = run_or_404(request, organisation, reference, run)
    if found.status == Status.UPLOADED:
        return redirect(run_address("import_columns", found.system, found))
    if found.status in UNDER_WAY or (found.status == Status.APPLIED and services.is_being_taken_back(found)):
        return _progress_page(request, found)
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return page_of(request, found)


def _progress_page(request: AuthenticatedHttpRequest, run: ImportRun) -> HttpResponse:
    far = services.progress_of(run)
    sentences = {
        Status.SORTING: _("The rows of the list are compared with your cameras."),
        Status.APPLYING: _("The list is being entered into the register."),
        Status.APPLIED: _("The list is being taken back."),
    }
    context = {
        **_frame(run),
        "sentence": sentences[Status(run.status)],
        "done": far[0] if far else None,
        "to_do": far[1] if far else None,
        "refresh_seconds": REFRESH_SECONDS,
    }
    return render(request, "compliance/import_progress.html", context)


def _frame(run: ImportRun) -> dict[str, Any]:
    system = run.system
    return {
        "organisation": system.operator,
        "system": system,
        "run": run,
        "tag": tag_of_run(run),
        "by": run.by.name if run.by else _("command line"),
        "lists_url": system_address("cameras_import", system),
        "cameras_url": system_address("cameras", system),
        "breadcrumbs": trail_to_lists(system, (run.file_name, "")),
    }


def page_of(
    request: AuthenticatedHttpRequest,
    run: ImportRun,
    *,
    form: AcceptForm | None = None,
    overtaken: bool = False,
    status: int = 200,
) -> HttpResponse:
    """What the list would change or changed, one kind of rows at a time."""
    shown = _shown(request, run)
    page = Paginator(_rows_of(run, shown, _only(request)), PAGE).get_page(request.GET.get("page"))
    context = {
        **_frame(run),
        **_acts(run, form),
        "figures": _figures(run) if run.status in SORTED_ONCE else [],
        "tabs": _tabs(run, shown) if run.status in SORTED_ONCE else [],
        "shown": shown,
        "rows": _as_shown(run, shown, list(page.object_list)),
        "page_obj": page,
        "read_as": _read_as(run),
        "problems_url": run_address("import_problems", run.system, run),
        "overtaken": overtaken,
        "remarks": _remarks_on_the_file(run),
        "kinds": _kinds_of_remarks(run, _only(request)) if shown == PROBLEMS else [],
    }
    return render(request, "compliance/import_run.html", context, status=status)


# --- what can be done ---


def _acts(run: ImportRun, form: AcceptForm | None) -> dict[str, Any]:
    is_sorted = run.status == Status.SORTED
    kept = is_sorted and is_kept(run.reference)
    wanted = kept and services.changes_something(run)
    ends_many = wanted and services.ends_many(run)
    return {
        "is_sorted": is_sorted,
        "is_kept": kept,
        "may_accept": wanted,
        "accept_label": _accept_label(run),
        "form": form if form is not None else AcceptForm(gone=run.gone) if ends_many else None,
        "ends_many": ends_many,
        "compared": compared_in(run.estate),
        "seen": seen(run),
        "may_undo": can_undo(run),
        "undo_until": undo_until(run),
    }


def seen(run: ImportRun) -> str:
    """What a person saw of the sorting, as the form says it again: another sorting, another word."""
    return "-".join(map(str, [*run.counts.values(), *run.estate]))


def _accept_label(run: ImportRun) -> str:
    number = run.new + run.changed + run.moved + run.renumbered + run.gone
    return ngettext("Apply %(number)d change", "Apply all %(number)d changes", number) % {"number": number}


# --- what it shows ---


def _figures(run: ImportRun) -> list[dict[str, Any]]:
    words = {
        "rows": _("rows"),
        "new": _("new"),
        "unchanged": _("unchanged"),
        "changed": _("changed"),
        "moved": _("moved"),
        "renumbered": _("renumbered"),
        "gone": _("gone"),
        "duplicate": _("duplicates, left out"),
        "refused": _("refused, left out"),
    }
    return [{"label": words[name], "value": run.counts[name]} for name in words]


def _words_of_tabs() -> dict[str, str]:
    return {
        "new": _("New"),
        "changed": _("Changed"),
        "moved": _("Moved"),
        "renumbered": _("Renumbered"),
        "gone": _("Gone"),
        PROBLEMS: _("Remarks on rows"),
    }


def _numbers(run: ImportRun) -> dict[str, int]:
    return {name: getattr(run, name) for name in ("new", "changed", "moved", "renumbered", "gone")}


def _tabs(run: ImportRun, shown: str) -> list[dict[str, Any]]:
    numbers = {**_numbers(run), PROBLEMS: run.problems.count()}
    return [
        {"label": words, "number": numbers[name], "url": f"?show={name}", "is_current": name == shown}
        for name, words in _words_of_tabs().items()
        if numbers[name] or name == shown
    ]


def _shown(request: AuthenticatedHttpRequest, run: ImportRun) -> str:
    """What was asked for; else the first kind that has rows."""
    asked = request.GET.get("show", "")
    if asked in _words_of_tabs():
        return asked
    return next((name for name, number in _numbers(run).items() if number), PROBLEMS)


def _only(request: AuthenticatedHttpRequest) -> str:
    """The code of the one kind of remark that was asked for; '' for all."""
    return request.GET.get("kind", "")[:60]


def _remarks_on_the_file(run: ImportRun) -> list[str]:
    """What is wrong with the list as a whole stands above everything else. One query."""
    return list(run.problems.filter(row=0).order_by("pk").values_list("message", flat=True))


def _kinds_of_remarks(run: ImportRun, only: str) -> list[dict[str, Any]]:
    """Each remark once with how many rows it is on, the most frequent first. One query."""
    counted = run.problems.filter(row__gt=0).values("code").annotate(number=Count("pk"), words=Min("message"))
    found = [(row["code"], row["number"], row["words"]) for row in counted.order_by("-number", "code")]
    if len(found) < 2:
        return []
    return [
        {"words": words, "number": number, "url": f"?show={PROBLEMS}&kind={code}", "is_current": code == only}
        for code, number, words in found
    ]


def _rows_of(run: ImportRun, shown: str, only: str = "") -> Any:
    if shown == PROBLEMS:
        remarks = run.problems.order_by("pk")
        return remarks.filter(code=only) if only else remarks
    if run.status == Status.SORTED:
        return import_rows.KeptRows(run, shown) if is_kept(run.reference) else ()
    if shown == "new":
        return Camera.objects.filter(import_run=run).order_by("pk")
    changes = run.changed_cameras.filter(sorted_as=shown)
    return changes.select_related("camera").order_by("pk")


def _as_shown(run: ImportRun, shown: str, rows: Sequence[Any]) -> list[dict[str, Any]]:
    system, is_sorted = run.system, run.status == Status.SORTED
    if shown == PROBLEMS:
        words = {name: str(label) for name, label in _landed().items()}
        return [
            {"row": problem.row, "message": problem.message, "landed": words.get(problem.sorted_as, "")}
            for problem in rows
        ]
    if shown == "new":
        return import_rows.new_rows(rows) if is_sorted else import_rows.entered_rows(system, rows)
    if shown == "gone":
        if is_sorted:
            return import_rows.missing_rows(system, rows)
        return import_rows.gone_rows(system, [change.camera for change in rows])
    return import_rows.change_rows(system, rows) if is_sorted else import_rows.changed_rows(system, rows)


def _landed() -> dict[str, str]:
    return {
        "new": _("new"),
        "unchanged": _("unchanged"),
        "changed": _("changed"),
        "moved": _("moved"),
        "renumbered": _("renumbered"),
        "duplicate": _("duplicate, left out"),
        "refused": _("refused, left out"),
    }


def _read_as(run: ImportRun) -> list[dict[str, str]]:
    """How the file was read, as its page says for good."""
    settings = run.settings
    mapping = {name: field for name, field in settings.get("mapping", {}).items() if field != LEFT_OUT}
    encoding, crs = settings.get("encoding", ""), settings.get("crs", "")
    order = {field: place for place, field in enumerate(FIELD_WORDS)}  # PostgreSQL does not keep that of the columns
    known = sorted(mapping.items(), key=lambda column: order.get(column[1], len(order)))
    columns = "; ".join(f"{name}: {FIELD_WORDS.get(field, field)}" for name, field in known)
    rows = [
        (_("Columns"), columns),
        (_("Character encoding"), str(ENCODINGS.get(encoding, encoding))),
        (_("Coordinates"), str(SYSTEMS.get(crs, crs)) if PLACES & set(mapping.values()) else ""),
        (_("Transformation"), settings.get("transformation") or ""),
        (_("SHA-256 of the file"), run.sha256),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]


# --- remarks as a file ---


@require_safe
def problems_csv(request: AuthenticatedHttpRequest, organisation: str, reference: str, run: str) -> HttpResponse:
    """All remarks on the rows, never cut, so that whoever keeps the list can mend it; no formula is run by it."""
    found = run_or_404(request, organisation, reference, run)
    rows = found.problems.order_by("pk").values_list("row", "sorted_as", "code", "message")
    columns = ("row", "sorted_as", "code", "message")
    return csv_answer(columns, rows.iterator(2000), name=f"{found.reference}-remarks")
