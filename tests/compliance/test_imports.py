"""Lists of cameras are applied whole or not at all, by whoever saw them sorted, and taken back within a day."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.utils import timezone

from accounts.models import Role
from compliance.models import Camera, CameraSystem, ImportedChange, ImportProblem, ImportRun, ListMapping, Placement
from compliance.services import import_applying, imports
from compliance.services.cameras_register import change_camera
from compliance.services.faults import report_fault
from compliance.services.import_sorting import is_kept, sort_file
from compliance.services.import_undoing import CannotUndo, can_undo, undo
from compliance.services.imports import apply_sorted, look_again
from compliance.services.kept_lists import kept_upload
from core import jobs
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from core.models import TrailEntry
from tests.factories.accounts import member
from tests.factories.cameras import PlacementFactory
from tests.factories.compliance import CameraSystemFactory

pytestmark = pytest.mark.django_db
HEADER = "camera_id,location,area_name,lon,lat"
NORTH = Decimal("0.001")  # some 111 m
S = ImportRun.Status


def line(number: str, location: str = "", ward: str = "Central", *, north: int = 0) -> str:
    location = location or f"Street {number}"
    return f"{number},{location},{ward},-2.284777,{Decimal('53.464515') + north * NORTH}"


FIRST = [line(f"C{n}", north=n) for n in range(1, 6)]
SECOND = [
    line("C1", north=1),  # unchanged
    line("C2", "Mill Lane", north=2),  # changed
    line("C3", north=33),  # moved
    line("D4", north=4),  # renumbered
    line("E9", north=9),  # new; C5 is gone
]


@pytest.fixture
def system() -> CameraSystem:
    return CameraSystemFactory(operator__latitude=Decimal("53.46"), operator__longitude=Decimal("-2.28"))


def upload(*lines: str, header: str = HEADER, name: str = "list.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join((header, *lines)).encode())


def sorted_run(system: CameraSystem, *lines: str, **more: Any) -> ImportRun:
    by = member(system.operator, Role.SCHEME_MANAGER)
    run = imports.receive_list(system=system, upload=upload(*lines, **more), by=by)
    return imports.confirm_columns(run=run, settings=look_again(run).settings, by=by)


def applied(system: CameraSystem, *lines: str) -> ImportRun:
    run = sorted_run(system, *lines)
    return imports.accept(run=run, by=run.by, even_ending=True)


def fields(system: CameraSystem) -> dict[str, tuple[Any, ...]]:
    names = ("status", "location", "ward", "latitude", "version")
    return {row[0]: row[1:] for row in system.cameras.values_list("operator_ref", *names)}


def counts(run: ImportRun) -> dict[str, int]:
    return {name: number for name, number in run.counts.items() if number}


class TestUpload:
    def test_what_is_uploaded_is_kept_for_its_owner_alone_and_guessed(self, system, own_folders):
        by = member(system.operator, Role.SCHEME_MANAGER)
        run = imports.receive_list(system=system, upload=upload(*FIRST, name="../x/cameras\x07.csv"), by=by)
        assert (run.status, run.file_name, run.by, Camera.objects.count()) == (S.UPLOADED, "cameras.csv", by, 0)
        assert run.settings["mapping"] == {
            "camera_id": "operator_ref",
            "location": "location",
            "area_name": "ward",
            "lon": "longitude",
            "lat": "latitude",
        }
        assert oct(kept_upload(run.sha256).stat().st_mode)[-3:] == "600"

    @pytest.mark.parametrize("content", [b"", b"%PDF-1.4 nothing", b"\x89PNG\r\n\x1a\n"])
    def test_what_is_no_list_makes_no_run(self, system, content):
        with pytest.raises(RuleBroken):
            imports.receive_list(
                system=system,
                upload=SimpleUploadedFile("x.csv", content),
                by=member(system.operator, Role.SCHEME_MANAGER),
            )
        assert ImportRun.objects.count() == 0

    def test_a_closed_system_takes_no_list(self, system):
        run = sorted_run(system, *FIRST)
        CameraSystem.objects.update(status="closed")
        for act in (
            lambda: imports.receive_list(system=system, upload=upload(*FIRST), by=run.by),
            lambda: imports.accept(run=run, by=run.by),
        ):
            with pytest.raises(IllegalMove):
                act()

    def test_lists_that_nobody_wanted_are_put_away_with_the_next_one(self, system):
        old = sorted_run(system, *FIRST, line("", "", north=1).replace("Street ", ""))
        ImportRun.objects.update(at=timezone.now() - dt.timedelta(hours=25))
        new = sorted_run(system, *FIRST)
        assert dict(ImportRun.objects.values_list("pk", "status")) == {old.pk: S.DISCARDED, new.pk: S.SORTED}
        assert ImportProblem.objects.filter(run=old).count() == 0


class TestRemembering:
    def test_what_was_confirmed_is_the_guess_for_the_next_edition(self, system):
        run = sorted_run(system, *FIRST, header="a,b,c,d,e")
        imports.ask_columns_again(run=run, by=run.by)
        chosen = ("operator_ref", "view_description", "ward", "longitude", "latitude")
        settings = look_again(run).settings.with_mapping(**dict(zip("abcde", chosen, strict=True)))
        imports.confirm_columns(run=run, settings=settings, by=run.by)
        nxt = imports.receive_list(system=system, upload=upload(*SECOND, header="A,b,c,d,e"), by=run.by)
        assert list(nxt.settings["mapping"].values()) == list(chosen)
        assert ListMapping.objects.get().confirmed_by == run.by

    def test_another_operators_confirmation_says_nothing(self, system):
        run = sorted_run(system, *FIRST)
        imports.ask_columns_again(run=run, by=run.by)
        settings = look_again(run).settings.with_mapping(location="view_description")
        imports.confirm_columns(run=run, settings=settings, by=run.by)
        other = CameraSystemFactory()
        by = member(other.operator, Role.SCHEME_MANAGER)
        assert imports.receive_list(system=other, upload=upload(*FIRST), by=by).settings["mapping"]["location"] == (
            "location"
        )


class TestApplying:
    def test_new_cameras_enter_as_operational_with_their_trail(self, system):
        run = applied(system, *FIRST)
        assert (run.status, counts(run)) == (S.APPLIED, {"rows": 5, "new": 5})
        camera = Camera.objects.get(operator_ref="C3")
        assert (camera.status, camera.origin, camera.precision, camera.justified_on, camera.import_run) == (
            "operational",
            "imported",
            "street",
            None,
            run,
        )
        assert (camera.location, camera.ward, camera.latitude) == ("Street C3", "Central", Decimal("53.467515"))
        assert len({*system.cameras.values_list("reference", flat=True)}) == 5
        entries = TrailEntry.objects.filter(subject_kind="compliance.Camera", verb="created").order_by("subject_id")
        assert [(e.subject_id, e.subject_reference) for e in entries] == list(
            system.cameras.order_by("pk").values_list("pk", "reference")
        )
        assert {(e.actor, e.organisation_id, e.after["import"]) for e in entries} == {
            (str(run.by), system.operator_id, run.sha256)
        }

    def test_the_next_edition_tells_what_happened(self, system):
        applied(system, *FIRST)
        run = applied(system, *SECOND)
        assert counts(run) == {
            "rows": 5, "new": 1, "unchanged": 1, "changed": 1, "moved": 1, "renumbered": 1, "gone": 1,
        }  # fmt: skip
        assert fields(system) == {
            "C1": ("operational", "Street C1", "Central", Decimal("53.465515"), 1),
            "C2": ("operational", "Mill Lane", "Central", Decimal("53.466515"), 2),
            "C3": ("operational", "Street C3", "Central", Decimal("53.497515"), 2),
            "D4": ("operational", "Street D4", "Central", Decimal("53.468515"), 2),
            "C5": ("remove_recommended", "Street C5", "Central", Decimal("53.469515"), 1),
            "E9": ("operational", "Street E9", "Central", Decimal("53.473515"), 1),
        }
        entry = TrailEntry.objects.get(
            verb="changed", subject_reference=Camera.objects.get(operator_ref="C2").reference
        )
        assert (entry.before, entry.after) == ({"location": "Street C2"}, {"location": "Mill Lane"})
        gone = Camera.objects.get(operator_ref="C5").changes.get()
        assert (gone.note, gone.by) == (f"Not in the list: list.csv ({run.reference})", run.by)
        assert sorted(ImportedChange.objects.values_list("sorted_as", flat=True)) == [
            "changed", "gone", "moved", "renumbered",
        ]  # fmt: skip

    def test_the_same_list_again_changes_nothing(self, system):
        applied(system, *FIRST)
        run = sorted_run(system, *FIRST)
        assert counts(run) == {"rows": 5, "unchanged": 5}
        with pytest.raises(RuleBroken):
            imports.accept(run=run, by=run.by)

    def test_a_camera_that_is_in_the_list_again_is_in_operation_again(self, system):
        applied(system, *FIRST)
        applied(system, *FIRST[:4])
        run = applied(system, *FIRST)
        assert (counts(run)["changed"], {row[0] for row in fields(system).values()}) == (1, {"operational"})
        undo(run=run, by=run.by)
        assert fields(system)["C5"][0] == "remove_recommended"

    def test_the_place_that_a_camera_left_stays_on_record(self, system):
        applied(system, *FIRST)
        applied(system, *SECOND)
        left = Placement.objects.get()
        assert (left.camera.operator_ref, left.location, left.latitude, left.ends_on is None) == (
            "C3",
            "Street C3",
            Decimal("53.467515"),
            False,
        )

    def test_a_redeployable_camera_that_moved_has_its_next_placement(self, system):
        applied(system, *FIRST)
        camera = Camera.objects.get(operator_ref="C3")
        before = PlacementFactory(camera=camera, starts_on=dt.date(2026, 1, 5), target="Fly-tipping")
        run = applied(system, *SECOND)
        before.refresh_from_db()
        now = camera.placements.get(ends_on=None)
        assert (before.ends_on is None, now.target, now.latitude) == (False, "Fly-tipping", Decimal("53.497515"))
        undo(run=run, by=run.by)
        assert list(camera.placements.values_list("pk", "ends_on")) == [(before.pk, None)]

    def test_what_moves_is_never_mapped(self, system):
        rows = (line("B1") + ",body-worn", line("B2", north=5) + ",fixed")
        run = sorted_run(system, *rows, header=f"{HEADER},type")
        imports.accept(run=run, by=run.by)
        assert dict(Camera.objects.values_list("camera_type", "latitude")) == {
            "bwv": None,
            "fixed": Decimal("53.469515"),
        }

    def test_problems_are_all_kept_in_the_order_of_rows(self, system):
        run = sorted_run(system, *FIRST, *(f"F{n},Street F{n},,," for n in range(300)))
        rows = list(run.problems.order_by("pk").values_list("row", flat=True))
        assert (len(rows) >= 300, rows == sorted(rows)) == (True, True)

    def test_nothing_is_half_applied(self, system, monkeypatch):
        applied(system, *FIRST)
        run, before, entries = sorted_run(system, *SECOND), fields(system), TrailEntry.objects.count()

        def broken(*_args: Any) -> Any:
            yield from ()
            raise DatabaseError("the disk is full")

        with monkeypatch.context() as patch:
            patch.setattr(import_applying, "_write_gone", broken)
            with pytest.raises(DatabaseError):
                imports.accept(run=run, by=run.by, even_ending=True)
        run.refresh_from_db()
        assert (run.status, fields(system), TrailEntry.objects.count()) == (S.SORTED, before, entries)
        assert (ImportedChange.objects.count(), Placement.objects.count()) == (0, 0)
        assert imports.accept(run=run, by=run.by, even_ending=True).status == S.APPLIED

    def test_accepting_twice_is_accepting_once(self, system):
        run = sorted_run(system, *FIRST)
        for _again in range(3):
            assert imports.accept(run=run, by=run.by).status == S.APPLIED
        assert Camera.objects.count() == 5

    def test_ending_more_than_a_tenth_is_asked_a_second_time(self, system):
        applied(system, *(line(f"C{n}", north=n) for n in range(20)))
        run = sorted_run(system, *(line(f"C{n}", north=n) for n in range(18)))
        assert imports.accept(run=run, by=run.by).status == S.APPLIED  # two of twenty
        run = sorted_run(system, *(line(f"C{n}", north=n) for n in range(16)))
        with pytest.raises(Incomplete):
            imports.accept(run=run, by=run.by)
        assert imports.accept(run=run, by=run.by, even_ending=True).gone == 2


class TestCamerasChangedMeanwhile:
    def test_is_told_and_sorted_again(self, system):
        applied(system, *FIRST)
        run = sorted_run(system, *SECOND)
        camera = Camera.objects.get(operator_ref="C2")
        change_camera(camera=camera, version=1, changes={"location": "Mill Lane"}, by=None, reason="Wrong")
        with pytest.raises(StaleRecord):
            imports.accept(run=run, by=run.by, even_ending=True)
        run = imports.sort_again(run=run, by=run.by)
        assert (run.status, counts(run)["unchanged"]) == (S.SORTED, 2)
        assert imports.accept(run=run, by=run.by, even_ending=True).status == S.APPLIED

    def test_two_sorted_lists_do_not_double_each_other(self, system):
        first, second = sorted_run(system, *FIRST), sorted_run(system, *FIRST)
        imports.accept(run=first, by=first.by)
        with pytest.raises(StaleRecord):
            imports.accept(run=second, by=second.by)

    def test_by_command_too(self, system):
        run = sorted_run(system, *FIRST)
        wanted = sort_file(system=system, path=kept_upload(run.sha256), file_name="list.csv")
        assert apply_sorted(system=system, wanted=wanted, by=None).status == S.APPLIED
        with pytest.raises(StaleRecord):
            apply_sorted(system=system, wanted=wanted, by=None)
        assert Camera.objects.count() == 5


class TestLargeLists:
    @pytest.fixture(autouse=True)
    def _large(self, monkeypatch):
        monkeypatch.setattr(imports, "AT_ONCE", 2)

    def test_a_worker_sorts_applies_and_takes_back(self, system):
        run = sorted_run(system, *FIRST)
        assert run.status == S.SORTING
        jobs.drain()
        run.refresh_from_db()
        assert (run.status, counts(run)) == (S.SORTED, {"rows": 5, "new": 5})
        assert imports.accept(run=run, by=run.by).status == S.APPLYING
        assert Camera.objects.count() == 0
        jobs.drain()
        run.refresh_from_db()
        assert (run.status, Camera.objects.count(), is_kept(run.reference)) == (S.APPLIED, 5, True)
        imports.take_back(run=run, by=run.by)
        assert imports.is_being_taken_back(run)
        jobs.drain()
        run.refresh_from_db()
        assert (run.status, Camera.objects.count(), imports.is_being_taken_back(run)) == (S.UNDONE, 0, False)

    def test_begun_again_it_writes_nothing_twice(self, system):
        run = sorted_run(system, *FIRST)
        jobs.drain()
        imports.accept(run=run, by=run.by)
        for _again in range(2):
            imports.apply_run(run=run, by=run.by)
            imports.sort_run(run=run, by=run.by)
        assert (Camera.objects.count(), TrailEntry.objects.filter(verb="imported").count()) == (5, 1)

    def test_cameras_that_changed_before_the_worker_came_are_looked_at_again(self, system):
        applied_first = sort_file(
            system=system, path=kept_upload(sorted_run(system, *FIRST).sha256), file_name="list.csv"
        )
        jobs.drain()
        run = sorted_run(system, *FIRST[:4])
        jobs.drain()
        imports.accept(run=run, by=run.by)
        apply_sorted(system=system, wanted=applied_first, by=None)
        jobs.drain()
        run.refresh_from_db()
        assert (run.status, counts(run)) == (S.SORTED, {"rows": 4, "unchanged": 4, "gone": 1})

    def test_a_list_that_cannot_be_read_fails_with_its_sentence(self, system):
        run = sorted_run(system, *FIRST)
        kept_upload(run.sha256).unlink()
        jobs.drain()
        run.refresh_from_db()
        assert (run.status, run.failure) == (S.FAILED, "This list is not kept any longer. Upload it again.")


def _fault(camera: Camera) -> None:
    report_fault(
        camera=camera, kind="no_picture", stops_pictures=True, description="Dark", reported_at=timezone.now(), by=None
    )


class TestTakingBack:
    def test_everything_is_as_before_and_the_trail_keeps_both(self, system):
        applied(system, *FIRST)
        before = {number: row[:-1] for number, row in fields(system).items()}
        run = undo(run=applied(system, *SECOND), by=None)
        assert run.status == S.UNDONE
        assert {number: row[:-1] for number, row in fields(system).items()} == before
        assert Placement.objects.count() == 0
        removed = TrailEntry.objects.get(verb="removed", subject_kind="compliance.Camera")
        assert (removed.before["operator_ref"], removed.before["location"]) == ("E9", "Street E9")
        changed = TrailEntry.objects.filter(verb="changed", subject_kind="compliance.Camera").order_by("-pk")
        assert {"location": "Street C2"} in [entry.after for entry in changed[:3]]
        assert counts(sorted_run(system, *SECOND))["renumbered"] == 1  # it can come in again

    def test_a_camera_that_was_faulty_is_faulty_again(self, system):
        applied(system, *FIRST)
        Camera.objects.get(operator_ref="C5").move_to("faulty", by=None)
        undo(run=applied(system, *SECOND), by=None)
        assert fields(system)["C5"][0] == "faulty"

    @pytest.mark.parametrize(
        ("number", "touch"),
        [
            ("E9", lambda camera: change_camera(camera=camera, version=1, changes={"ward": "East"}, by=None)),
            ("E9", _fault),
            ("C2", lambda camera: change_camera(camera=camera, version=2, changes={"ward": "East"}, by=None)),
            ("C5", lambda camera: camera.move_to("operational", by=None)),
            ("C3", lambda camera: camera.placements.update(version=2)),
        ],
        ids=["new and changed", "new and faulty", "changed again", "kept by the SRO", "placement changed"],
    )
    def test_what_was_touched_since_keeps_the_whole_list(self, system, number, touch):
        applied(system, *FIRST)
        run = applied(system, *SECOND)
        touch(Camera.objects.get(operator_ref=number))
        before = fields(system)
        with pytest.raises(CannotUndo) as refused:
            undo(run=run, by=None)
        assert [problem.text.split(":")[0] for problem in refused.value.problems] == [number]
        assert fields(system) == before

    def test_after_a_day_it_stays(self, system):
        run = applied(system, *FIRST)
        ImportRun.objects.update(applied_at=timezone.now() - dt.timedelta(hours=24, seconds=1))
        run.refresh_from_db()
        assert not can_undo(run)
        with pytest.raises(IllegalMove):
            undo(run=run, by=None)
        assert Camera.objects.count() == 5

    def test_the_list_before_it_cannot_be_taken_back_first(self, system):
        first = applied(system, *FIRST)
        second = applied(system, *SECOND)
        with pytest.raises(CannotUndo):
            undo(run=first, by=None)
        undo(run=second, by=None)
        with pytest.raises(CannotUndo):  # their history says that they were changed
            undo(run=first, by=None)
