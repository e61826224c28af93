"""What can be done with a sorted list: accept it, look at its columns again, put it away, take it back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import AuthenticatedHttpRequest, get_or_post
from compliance.forms.imports import AcceptForm
from compliance.models import ImportRun
from compliance.services import imports as services
from compliance.services.import_undoing import CannotUndo, can_undo, in_the_way, undo_until
from compliance.views.import_finding import IMPORT, run_address, run_or_404, trail_to_lists
from compliance.views.import_runs import page_of, seen
from compliance.views.system_finding import open_system_or_404
from core.errors import IllegalMove, Incomplete, StaleRecord

Status = ImportRun.Status


def _run(request: AuthenticatedHttpRequest, organisation: str, reference: str, run: str) -> ImportRun:
    found = run_or_404(request, organisation, reference, run)
    found.system = open_system_or_404(request, organisation, reference, IMPORT)
    return found


@require_POST
def accept(request: AuthenticatedHttpRequest, organisation: str, reference: str, run: str) -> HttpResponse:
    """Apply what was seen. If the sorting is another one by now, or the cameras changed, it is shown again: 409."""
    found = _run(request, organisation, reference, run)
    if found.status == Status.SORTED and request.POST.get("seen") != seen(found):
        return page_of(request, found, overtaken=True, status=409)
    form = AcceptForm(request.POST, gone=found.gone)
    even_ending = form.is_valid() and form.cleaned_data["even_ending"]
    try:
        done = services.accept(run=found, by=request.user, even_ending=even_ending)
    except Incomplete as lack:
        form.add_error("even_ending", str(lack.problems[0].text))
        return page_of(request, found, form=form, status=422)
    except StaleRecord:
        again = services.sort_again(run=found, by=request.user)
        if again.status != Status.SORTED:
            return redirect(run_address("import_run", found.system, found))
        return page_of(request, again, overtaken=True, status=409)
    if done.status == Status.APPLIED and found.status == Status.SORTED:
        messages.success(request, _said(done))
    return redirect(run_address("import_run", found.system, found))


def _said(run: ImportRun) -> str:
    """What it did, number by number."""
    changed = run.changed + run.moved + run.renumbered
    sentences = (
        (run.new, ngettext("%(count)d camera was imported.", "%(count)d cameras were imported.", run.new)),
        (changed, ngettext("%(count)d camera was changed.", "%(count)d cameras were changed.", changed)),
        (
            run.gone,
            ngettext(
                "%(count)d camera is recommended for removal.",
                "%(count)d cameras are recommended for removal.",
                run.gone,
            ),
        ),
    )
    return " ".join(sentence % {"count": count} for count, sentence in sentences if count)


@require_POST
def columns_again(request: AuthenticatedHttpRequest, organisation: str, reference: str, run: str) -> HttpResponse:
    found = _run(request, organisation, reference, run)
    services.ask_columns_again(run=found, by=request.user)
    return redirect(run_address("import_columns", found.system, found))


@require_POST
def discard(request: AuthenticatedHttpRequest, organisation: str, reference: str, run: str) -> HttpResponse:
    found = _run(request, organisation, reference, run)
    services.discard(run=found, by=request.user)
    messages.success(request, _("The list was discarded. Nothing was changed."))
    return redirect(run_address("import_run", found.system, found))


@get_or_post
def undo(request: AuthenticatedHttpRequest, organisation: str, reference: str, run: str) -> HttpResponse:
    """Take a list back, within a day: what that means, what stands in the way, and the act."""
    found = _run(request, organisation, reference, run)
    if found.status == Status.UNDONE:
        return redirect(run_address("import_run", found.system, found))
    if not can_undo(found):
        raise IllegalMove(found, Status.UNDONE)
    if request.method == "POST":
        try:
            done = services.take_back(run=found, by=request.user)
        except CannotUndo as refusal:
            return _undo_page(request, found, refusal, status=409)
        if done.status == Status.UNDONE:
            messages.success(request, _("The list was taken back. The cameras are as they were."))
        return redirect(run_address("import_run", found.system, found))
    return _undo_page(request, found, CannotUndo(found, in_the_way(found)))


def _undo_page(
    request: AuthenticatedHttpRequest, run: ImportRun, refusal: CannotUndo, *, status: int = 200
) -> HttpResponse:
    system = run.system
    title = _("Take a list back")
    context = {
        "organisation": system.operator,
        "system": system,
        "run": run,
        "title": title,
        "changed": run.changed + run.moved + run.renumbered,
        "problems": refusal.problems,
        "until": undo_until(run),
        "run_url": run_address("import_run", system, run),
        "breadcrumbs": trail_to_lists(system, (run.file_name, run_address("import_run", system, run)), (title, "")),
    }
    return render(request, "compliance/import_undo.html", context, status=status)
