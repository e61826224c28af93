"""Two people at once: one save wins, the other is told; one acceptance of a list is one import. On both databases."""

from collections.abc import Callable

import pytest

from compliance.models import AnswerLink, AnswerRevision, Assessment, Camera, CameraSystem, ImportRun
from compliance.services import imports
from compliance.services.cameras_register import change_camera
from compliance.services.carry import reopen
from compliance.services.links import link, unlink
from compliance.services.systems import create_system, update_system
from tests.at_once import at_once
from tests.compliance.test_imports import FIRST, sorted_run
from tests.compliance.test_links import drafts, first_question, spoc_of, texts
from tests.factories.accounts import OrganisationFactory
from tests.factories.compliance import CameraSystemFactory, signed_assessment

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_several_saves_against_one_version_one_is_written():
    system = CameraSystemFactory()

    def save(text: str) -> Callable[[], object]:
        return lambda: update_system(system=system, version=1, changes={"description": text}, by=None)

    assert at_once(*(save(f"Text {n}") for n in range(4))) == {"done": 1, "StaleRecord": 3}
    assert CameraSystem.objects.get().version == 2


def test_of_several_main_systems_one_is():
    operator = OrganisationFactory()
    systems = CameraSystemFactory.create_batch(3, operator=operator)

    def make_main(system: CameraSystem) -> Callable[[], object]:
        return lambda: update_system(system=system, version=1, changes={"is_main": True}, by=None)

    assert at_once(*(make_main(system) for system in systems))["done"] == 1
    assert CameraSystem.objects.filter(is_main=True).count() == 1


def test_systems_of_one_name_get_addresses_of_their_own_or_are_told():
    operator = OrganisationFactory()
    ends = at_once(*(lambda: create_system(operator=operator, name="Town", by=None) for _n in range(3)))
    assert ends["done"] == CameraSystem.objects.count() >= 1
    assert ends["done"] + ends["StaleRecord"] == 3


@pytest.mark.parametrize("same", [True, False], ids=["one list", "the same list twice"])
def test_a_list_is_applied_once(same):
    system = CameraSystemFactory()
    runs = [sorted_run(system, *FIRST) for _n in range(1 if same else 3)]

    def accept(run: ImportRun) -> Callable[[], object]:
        return lambda: imports.accept(run=run, by=run.by)

    ends = at_once(*map(accept, runs * 3 if same else runs))
    assert ends == ({"done": 3} if same else {"done": 1, "StaleRecord": 2})
    assert (Camera.objects.count(), ImportRun.objects.filter(status="applied").count()) == (5, 1)


def test_of_taking_a_list_back_and_changing_its_camera_one_is_done():
    run = sorted_run(CameraSystemFactory(), *FIRST)
    imports.accept(run=run, by=run.by)
    camera = Camera.objects.select_related("system").order_by("pk")[0]
    ends = at_once(
        lambda: imports.take_back(run=ImportRun.objects.get(pk=run.pk), by=run.by),
        lambda: change_camera(camera=camera, version=1, changes={"ward": "East"}, by=None),
    )
    assert ends in ({"done": 1, "CannotUndo": 1}, {"done": 1, "DoesNotExist": 1}, {"done": 1, "StaleRecord": 1})
    assert Camera.objects.filter(ward="East").count() + ImportRun.objects.filter(status="undone").count() == 1


# --- one answer for several systems ---


def test_of_two_links_against_the_same_answers_one_is_made():
    made = drafts("ANPR", "CCTV")
    by, question = spoc_of(made[0]), first_question(made[0])
    read = {assessment.reference: 1 for assessment in made}

    def keep(kept: Assessment) -> Callable[[], object]:
        own = [Assessment.objects.select_related("system").get(pk=one.pk) for one in made]
        return lambda: link(question=question, assessments=own, keep=kept, by=by, read=read)

    assert at_once(keep(made[0]), keep(made[1])) == {"done": 1, "AnswerConflict": 1}
    assert len(set(texts(made))) == AnswerLink.objects.count() == 1
    assert set(AnswerRevision.objects.values_list("text", flat=True)) == {"Of ANPR.", "Of CCTV."}


def test_both_leave_a_link_at_once():
    made = drafts("ANPR", "CCTV")
    by, question = spoc_of(made[0]), first_question(made[0])
    link(question=question, assessments=made, keep=made[0], by=by)

    def leave(assessment: Assessment) -> Callable[[], object]:
        return lambda: unlink(assessment=assessment, question=question, by=by)

    assert at_once(leave(made[0]), leave(made[1])) == {"done": 2}
    assert AnswerLink.objects.count() == 0
    assert texts(made) == ["Of ANPR.", "Of ANPR."]


def test_what_is_signed_is_reopened_once():
    signed = signed_assessment()
    by = spoc_of(signed)

    def again() -> Callable[[], object]:
        own = Assessment.objects.select_related("system__operator", "edition").get(pk=signed.pk)
        return lambda: reopen(assessment=own, reason="A wrong date.", by=by)

    assert at_once(again(), again(), again()) == {"done": 1, "AlreadyRunning": 2}
    assert Assessment.objects.filter(status="draft").count() == 1
