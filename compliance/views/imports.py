"""Bringing a list of cameras in: the upload with what came before, and the columns to be confirmed."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from compliance.camera_lists import ListLook
from compliance.forms.imports import CameraListForm, ColumnsForm
from compliance.models import CameraSystem, ImportRun
from compliance.services import imports as services
from compliance.services import list_mappings
from compliance.views.import_finding import IMPORT, run_address, run_or_404, tag_of_run, trail_to_lists
from compliance.views.system_finding import open_system_or_404, system_address
from core.errors import IllegalMove, RuleBroken
from core.forms import refused

LISTS_A_PAGE = 20
FAR = "far"  # the code of a place far from the authority


@get_or_post
def upload(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Take a list and go on to its columns. What is no list is refused here, with one sentence."""
    system = open_system_or_404(request, organisation, reference, IMPORT)
    form = CameraListForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = services.receive_list(system=system, upload=form.cleaned_data["file"], by=request.user)
        except RuleBroken as refusal:
            refused(form, refusal, "file")
        else:
            return redirect(run_address("import_columns", system, run))
    lists = ImportRun.objects.visible_to(request.user).filter(system=system).for_list()
    page = Paginator(lists, LISTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "organisation": system.operator,
        "system": system,
        "form": form,
        "page_obj": page,
        "lists": [_list_row(system, run) for run in page],
        "cancel_url": system_address("cameras", system),
        "breadcrumbs": trail_to_lists(system),
    }
    return render(request, "compliance/imports.html", context, status=422 if form.errors else 200)


def _list_row(system: CameraSystem, run: ImportRun) -> dict[str, Any]:
    return {
        "name": run.file_name,
        "url": run_address("import_run", system, run),
        "at": run.at,
        "by": run.by.name if run.by else _("command line"),
        "new": run.new,
        "changed": run.changed + run.moved + run.renumbered,
        "gone": run.gone,
        "is_sorted": run.status in (ImportRun.Status.SORTED, ImportRun.Status.APPLIED, ImportRun.Status.UNDONE),
        **tag_of_run(run),
    }


@get_or_post
def columns(request: AuthenticatedHttpRequest, organisation: str, reference: str, run: str) -> HttpResponse:
    """What each column is taken for, with some of its values; a person confirms or changes it. Then it is sorted."""
    found = run_or_404(request, organisation, reference, run)
    system = open_system_or_404(request, organisation, reference, IMPORT)
    found.system = system
    if found.status != ImportRun.Status.UPLOADED:
        if request.method == "POST":
            raise IllegalMove(found, ImportRun.Status.SORTING)
        return redirect(run_address("import_run", system, found))
    look = services.look_again(found)
    form = ColumnsForm(posted(request), look=look, offers_far=found.problems.filter(code=FAR).exists())
    if request.method == "POST" and form.is_valid():
        try:
            return _go_on(request, found, form)
        except RuleBroken as refusal:
            refused(form, refusal)
    return _columns_page(request, found, look, form)


def _go_on(request: AuthenticatedHttpRequest, run: ImportRun, form: ColumnsForm) -> HttpResponse:
    if settings := form.reads_otherwise():
        services.read_otherwise(run=run, settings=settings)
        messages.info(request, _("The file was read in the other way. Check its columns again."))
        return redirect(run_address("import_columns", run.system, run))
    run = services.confirm_columns(run=run, settings=form.settings(), by=request.user)
    return redirect(run_address("import_run", run.system, run))


def _columns_page(request: AuthenticatedHttpRequest, run: ImportRun, look: ListLook, form: ColumnsForm) -> HttpResponse:
    system = run.system
    title = _("What the columns are")
    context = {
        "organisation": system.operator,
        "system": system,
        "run": run,
        "title": title,
        "form": form,
        "look": look,
        "is_remembered": list_mappings.remembered(operator=system.operator, look=look) is not None,
        "column_fields": [form[form.name_of(column.number)] for column in look.columns],
        "other_fields": [field for field in form if not field.name.startswith("column-")],
        "discard_url": run_address("import_discard", system, run),
        "breadcrumbs": trail_to_lists(system, (title, "")),
    }
    return render(request, "compliance/import_columns.html", context, status=422 if form.errors else 200)
