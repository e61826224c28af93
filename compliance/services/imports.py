"""Lists of cameras on their way into the register: looked at, confirmed, sorted, accepted, applied, taken back.

What is small is done at once; what is large is promised to a worker, who begins again if he dies: each step looks at
the state of the run under the lock of its system, and writes all or nothing.
"""

import datetime as dt
import time
from typing import Any

from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from compliance.camera_lists import ListLook, ListSettings, Sorting, look_at
from compliance.models import CameraSystem, ImportProblem, ImportRun
from compliance.services import import_applying, import_undoing, list_mappings
from compliance.services.import_sorting import (
    Progress,
    Sorted,
    Wanted,
    compared_in,
    estate_of,
    forget_sorting,
    is_kept,
    keep_sorting,
    kept_wanted,
    sort_file,
    wanted_of,
)
from compliance.services.kept_lists import KEEP_SECONDS, keep_upload, kept_upload
from compliance.services.systems import FINAL
from core import bulk, jobs, trail
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken, StaleRecord
from core.files import safe_name

__all__ = ["Sorted", "apply_sorted", "sort_file"]

SORT, APPLY, UNDO = "compliance.sort_list", "compliance.apply_list", "compliance.undo_list"
AT_ONCE = 2000  # rows that a page sorts or applies itself
LOOK_AFTER = dt.timedelta(minutes=2)
PROGRESS_SECONDS = 1.0
Status = ImportRun.Status


# --- By command, and for whoever has the whole sorting at hand ---


@transaction.atomic
def apply_sorted(
    *, system: CameraSystem, wanted: Sorted, by: User | None, progress: Progress | None = None
) -> ImportRun:
    """Apply a sorted list, whole or not at all, as a run of its own.

    Raises StaleRecord when the cameras changed since it was sorted, IllegalMove for a closed system, RuleBroken when
    there is nothing to change.
    """
    current = _locked_system(system)
    if estate_of(current) != wanted.estate:
        raise StaleRecord(current)
    sorting = wanted.sorting
    if not sorting.changes_something:
        raise RuleBroken(_("The list changes nothing: the system has these cameras already."))
    run = ImportRun.objects.create(
        system=current,
        file_name=wanted.file_name,
        sha256=wanted.sha256,
        by=by,
        settings=_kept_settings(sorting),
        estate=wanted.estate,
        status=Status.APPLIED,
        applied_at=timezone.now(),
        **sorting.counts,
    )
    _keep_problems(run, sorting)
    import_applying.write(run=run, wanted=wanted_of(sorting), by=by, progress=progress)
    _note_time(run)
    return run


def _locked_system(system: CameraSystem) -> CameraSystem:
    """Raises IllegalMove for one that is closed."""
    systems = CameraSystem.objects.select_for_update(of=("self",)).select_related("operator")
    current = systems.get(pk=system.pk)
    if current.status in FINAL:
        raise IllegalMove(current, current.status)
    return current


def _note_time(run: ImportRun) -> None:
    """After the last write: whatever happens to these cameras later is later than this."""
    run.applied_at = timezone.now()
    ImportRun.objects.filter(pk=run.pk).update(applied_at=run.applied_at)


def _kept_settings(sorting: Sorting) -> dict[str, Any]:
    return {**sorting.settings.as_json(), "kind": sorting.kind, "transformation": sorting.transformation}


def _keep_problems(run: ImportRun, sorting: Sorting) -> None:
    """All of them, never cut: rows of their own, so that a list with a hundred thousand is still read page by page."""
    run.problems.all().delete()
    fields = ("row", "code", "message", "sorted_as")
    rows = ((problem.row, problem.code, problem.message, problem.sorted_as) for problem in sorting.problems)
    bulk.insert_rows(ImportProblem, fields, rows, same={"run_id": run.pk})


# --- Upload and confirmation ---


def receive_list(*, system: CameraSystem, upload: UploadedFile, by: User) -> ImportRun:
    """Keep an uploaded list and guess how it is read, as was confirmed for this shape of list before.

    Raises RuleBroken for what is no list, IllegalMove for a closed system.
    """
    name = safe_name(upload.name or "")
    sha256 = keep_upload(upload=upload)
    path = kept_upload(sha256)
    look = look_at(path, file_name=name)
    if known := list_mappings.remembered(operator=system.operator, look=look):
        look = look_at(path, file_name=name, settings=known)
    with transaction.atomic():
        current = _locked_system(system)
        _put_away_what_nobody_wanted(current)
        run = ImportRun.objects.create(
            system=current, file_name=name, sha256=sha256, by=by, settings=look.settings.as_json()
        )
        trail.record("received", run, by=by, after={"sha256": sha256, "system": current.reference})
    return run


def _put_away_what_nobody_wanted(system: CameraSystem) -> None:
    """Lists whose files are not kept any longer."""
    left = (Status.UPLOADED, Status.SORTED, Status.FAILED)
    oldest = timezone.now() - dt.timedelta(seconds=KEEP_SECONDS)
    for run in ImportRun.objects.filter(system=system, status__in=left, at__lt=oldest):
        run.system = system
        run.move_to(Status.DISCARDED, by=None)
        run.problems.all().delete()


def look_again(run: ImportRun, settings: ListSettings | None = None) -> ListLook:
    """How the kept file of a run is read with these settings, else as stored. Raises RuleBroken."""
    settings = settings or ListSettings.from_json(run.settings)
    return look_at(kept_upload(run.sha256), file_name=run.file_name, settings=settings)


@transaction.atomic
def read_otherwise(*, run: ImportRun, settings: ListSettings) -> ImportRun:
    """Read the file in another way before its columns are confirmed. Raises IllegalMove, RuleBroken."""
    current = _locked(run)
    if current.status != Status.UPLOADED:
        raise IllegalMove(current, Status.UPLOADED)
    current.settings = look_again(current, settings).settings.as_json()
    current.save(update_fields=["settings"])
    return current


def confirm_columns(*, run: ImportRun, settings: ListSettings, by: User) -> ImportRun:
    """Remember what a person confirmed for the next edition of this list, and sort: small ones at once.

    Raises IllegalMove when it is not to be confirmed now; RuleBroken when it cannot be read so: then nothing changes.
    """
    look = look_again(run, settings)
    with transaction.atomic():
        current = _locked(run)
        list_mappings.remember(operator=current.system.operator, look=look, by=by)
        current.settings = look.settings.as_json()
        current.save(update_fields=["settings"])
        current.move_to(Status.SORTING, by=by)
        is_small = _promise_sorting(current, look.rows_estimate)
    return sort_run(run=current, by=by) if is_small else current


def _promise_sorting(run: ImportRun, rows: int) -> bool:
    """Whether the caller does it himself: then a worker looks after him, in case he dies over it."""
    is_small = rows <= AT_ONCE
    due_at = timezone.now() + LOOK_AFTER if is_small else None
    jobs.promise(SORT, {"run_id": run.pk}, due_at=due_at)
    return is_small


def _locked(run: ImportRun) -> ImportRun:
    """The run as it is now; its system is locked, so that one at a time looks and moves it."""
    system = _locked_system(run.system)
    current = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    current.system = system
    return current


# --- Sorting ---


def sort_run(*, run: ImportRun, by: User | None) -> ImportRun:
    """Sort a list that is to be sorted, and keep the sorting. Sorted already: nothing happens.

    What cannot be read is a failed run with the sentence that says why.
    """
    run = ImportRun.objects.select_related("system__operator").get(pk=run.pk)
    if run.status != Status.SORTING:
        return run
    try:
        found = sort_file(
            system=run.system,
            path=kept_upload(run.sha256),
            file_name=run.file_name,
            settings=ListSettings.from_json(run.settings),
            progress=_tell(run),
        )
    except RuleBroken as refusal:
        return _fail(run, str(refusal.sentence), by)
    keep_sorting(run.reference, found.sorting)
    with transaction.atomic():
        current = _locked(run)
        if current.status != Status.SORTING:
            return current
        _keep_problems(current, found.sorting)
        current.settings, current.estate = _kept_settings(found.sorting), found.estate
        for name, count in found.sorting.counts.items():
            setattr(current, name, count)
        current.save(update_fields=["settings", "estate", *found.sorting.counts])
        current.move_to(Status.SORTED, by=by)
    _forget_progress(run)
    return current


@transaction.atomic
def _fail(run: ImportRun, sentence: str, by: User | None) -> ImportRun:
    current = _locked(run)
    ImportRun.objects.filter(pk=current.pk).update(failure=sentence[:500])
    current.move_to(Status.FAILED, by=by)
    current.refresh_from_db(fields=["failure"])
    return current


def sort_again(*, run: ImportRun, by: User | None) -> ImportRun:
    """The cameras of the system changed since the list was sorted: it is sorted against them as they are now."""
    with transaction.atomic():
        current = _locked(run)
        if current.status != Status.SORTED:
            raise IllegalMove(current, Status.SORTING)
        current.move_to(Status.SORTING, by=by, note=_("The cameras changed since it was sorted."))
        is_small = _promise_sorting(current, current.rows + current.gone)
    return sort_run(run=current, by=by) if is_small else current


@transaction.atomic
def ask_columns_again(*, run: ImportRun, by: User) -> ImportRun:
    """Back to its columns: something of the sorting looks wrong, or the file could not be read so."""
    current = _locked(run)
    kept_upload(current.sha256)
    current.move_to(Status.UPLOADED, by=by)
    ImportRun.objects.filter(pk=current.pk).update(failure="")
    return current


@transaction.atomic
def discard(*, run: ImportRun, by: User | None) -> ImportRun:
    """Put a list away that will not be applied. Nothing of the register changes."""
    current = _locked(run)
    current.move_to(Status.DISCARDED, by=by)
    current.problems.all().delete()
    transaction.on_commit(lambda: forget_sorting(current.reference))
    return current


# --- Acceptance ---


def is_large(run: ImportRun) -> bool:
    return run.rows + run.gone > AT_ONCE


def changes_something(run: ImportRun) -> bool:
    return bool(run.new + run.changed + run.moved + run.renumbered + run.gone)


def ends_many(run: ImportRun) -> bool:
    """More than a tenth of the cameras would end: asked a second time (design 7)."""
    return run.gone * 10 > compared_in(run.estate)


@transaction.atomic
def accept(*, run: ImportRun, by: User, even_ending: bool = False) -> ImportRun:
    """A person has seen the sorting and wants it: applied at once where it is small, else by a worker. Accepted
    already: nothing happens.

    Raises StaleRecord when the cameras changed since it was sorted, Incomplete when it ends more than a tenth of them
    and that was not said again, RuleBroken when it changes nothing, IllegalMove.
    """
    current = _locked(run)
    if current.status in (Status.APPLYING, Status.APPLIED):
        return current
    if not current.can_move_to(Status.APPLYING):
        raise IllegalMove(current, Status.APPLYING)
    if not changes_something(current):
        raise RuleBroken(_("The list changes nothing: the system has these cameras already."))
    if ends_many(current) and not even_ending:
        raise Incomplete([Problem(ending_sentence(current), "#id_even_ending")])
    if estate_of(current.system) != current.estate:
        raise StaleRecord(current)
    if not is_kept(current.reference):
        raise RuleBroken(_("This list is not kept any longer. Upload it again."))
    current.move_to(Status.APPLYING, by=by)
    if is_large(current):
        jobs.promise(APPLY, {"run_id": current.pk, "by_id": by.pk})
        return current
    return _apply(current, kept_wanted(current.reference), by)


def ending_sentence(run: ImportRun) -> str:
    sentence = ngettext(
        "This list lacks %(gone)d of your %(all)d cameras. Tick the box if it is to be recommended for removal.",
        "This list lacks %(gone)d of your %(all)d cameras. Tick the box if they are to be recommended for removal.",
        run.gone,
    )
    return sentence % {"gone": run.gone, "all": compared_in(run.estate)}


def _apply(run: ImportRun, wanted: Wanted, by: User | None, progress: Progress | None = None) -> ImportRun:
    import_applying.write(run=run, wanted=wanted, by=by, progress=progress)
    _note_time(run)
    run.move_to(Status.APPLIED, by=by)
    transaction.on_commit(lambda: forget_sorting(run.reference))
    return run


def apply_run(*, run: ImportRun, by: User | None) -> ImportRun:
    """What a worker does of an accepted list. One that died left nothing; one that is done is left as it is.

    Where the cameras changed meanwhile the list is sorted again, to be looked at again.
    """
    try:
        with transaction.atomic():
            current = _locked(run)
            if current.status != Status.APPLYING:
                return current
            if estate_of(current.system) != current.estate:
                raise StaleRecord(current)
            current = _apply(current, kept_wanted(current.reference), by, _tell(current))
    except StaleRecord:
        return _overtaken(run, by)
    _forget_progress(run)
    return current


def _overtaken(run: ImportRun, by: User | None) -> ImportRun:
    with transaction.atomic():
        current = _locked(run)
        current.move_to(Status.SORTED, by=by, note=_("The cameras changed since it was accepted. Nothing was applied."))
        current.move_to(Status.SORTING, by=by)
    return sort_run(run=current, by=by)


# --- Taking back ---


def take_back(*, run: ImportRun, by: User) -> ImportRun:
    """Undo an applied list: at once where it is small, else by a worker. Raises IllegalMove, CannotUndo."""
    if not is_large(run):
        return import_undoing.undo(run=run, by=by)
    if run.status == Status.UNDONE or is_being_taken_back(run):
        return run
    if not import_undoing.can_undo(run):
        raise IllegalMove(run, Status.UNDONE)
    if problems := import_undoing.in_the_way(run):
        raise import_undoing.CannotUndo(run, problems)
    with transaction.atomic():
        jobs.promise(UNDO, {"run_id": run.pk, "by_id": by.pk})
    return run


def undo_run(*, run: ImportRun, by: User | None) -> None:
    """What a worker does of it. Where something came in between, the run stays as it is and says so."""
    try:
        import_undoing.undo(run=run, by=by)
    except IllegalMove:
        sentence = _("It could not be taken back: something was done meanwhile to cameras that it brought.")
        ImportRun.objects.filter(pk=run.pk).update(failure=sentence)


def is_being_taken_back(run: ImportRun) -> bool:
    """One query for a large list, none for others."""
    if not is_large(run):
        return False
    asked = jobs.Job.objects.open().filter(kind=UNDO)
    return any(arguments.get("run_id") == run.pk for arguments in asked.values_list("arguments", flat=True))


# --- How far it is ---


def progress_of(run: ImportRun) -> tuple[int, int] | None:
    """Rows done and rows to do of the present step, as far as a worker told."""
    found = cache.get(_progress_key(run))
    return (int(found[0]), int(found[1])) if found else None


def _tell(run: ImportRun) -> Progress:
    """Tells at most once a second. By the cache: what a transaction writes nobody sees before its end."""
    last = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= PROGRESS_SECONDS:
            last = now
            cache.set(_progress_key(run), (done, total), KEEP_SECONDS)

    return tell


def _forget_progress(run: ImportRun) -> None:
    cache.delete(_progress_key(run))


def _progress_key(run: ImportRun) -> str:
    return f"import:{run.reference}:{run.status}"
