"""DPIAs from screening to signature: what is asked, who is told, what is refused, and what is frozen."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from accounts.models import Notification, Role
from compliance.dpia_content import content_of, recognition_reasons
from compliance.dpia_form import SCREENING_KEYS, level_of
from compliance.frozen import digest
from compliance.models import Dpia
from compliance.services import dpia_parts, dpias, equality
from compliance.services.signing import ContentChanged
from core.dates import add_months, today
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from core.models import TrailEntry
from tests.compliance.test_exports import validate
from tests.factories.accounts import UserFactory, member
from tests.factories.cameras import DpiaFactory
from tests.factories.compliance import CameraFactory, CameraSystemFactory
from tests.factories.dpias import (
    SIGNED,
    advised_dpia,
    draft_dpia,
    ready_dpia,
    signed_dpia,
    signed_equality_of,
    sro_of,
    waiting_dpia,
    written_equality,
)

pytestmark = pytest.mark.django_db

Status = Dpia.Status
NOS = {key: {"answer": "no", "comment": ""} for key in SCREENING_KEYS}


# --- Screening ---


def screened(answers: dict[str, Any]) -> Dpia:
    dpia = DpiaFactory()
    dpia_parts.save_screening(dpia=dpia, answers=answers, version=1, by=UserFactory())
    return dpia


def test_none_is_needed_only_when_every_question_is_answered_with_no_and_a_reason_stands():
    dpia, by = screened(NOS), UserFactory()
    with pytest.raises(Incomplete):
        dpias.find_not_required(dpia=dpia, reason=" ", by=by)
    dpias.find_not_required(dpia=dpia, reason="The same model with the same view.", by=by)
    dpia.refresh_from_db()
    change = dpia.changes.get()
    assert (dpia.status, dpia.screening_reason) == (Status.NOT_REQUIRED, "The same model with the same view.")
    assert (change.by, change.note) == (by, "The same model with the same view.")


@pytest.mark.parametrize("answer", ["yes", ""])
def test_one_yes_or_one_open_question_means_that_an_assessment_is_made(answer: str):
    dpia = screened(NOS | {"intrusive": {"answer": answer, "comment": "Faces."}})
    with pytest.raises(Incomplete):
        dpias.find_not_required(dpia=dpia, reason="Not needed.", by=UserFactory())
    assert dpia.status == Status.SCREENING


def test_what_was_not_required_is_screened_again_when_something_changed():
    dpia = screened(NOS)
    dpias.find_not_required(dpia=dpia, reason="Nothing new.", by=UserFactory())
    dpias.screen_again(dpia=dpia, reason="Analytics are added.", by=UserFactory())
    dpias.begin(dpia=dpia, by=UserFactory())
    assert dpia.status == Status.DRAFT


# --- Writing ---


def test_a_save_over_an_older_version_is_refused_and_nothing_is_written():
    dpia = draft_dpia()
    seen = dpia.version
    dpia_parts.save_part(dpia=dpia, part="security", values={"measures": "Locked."}, version=seen, by=UserFactory())
    other = Dpia.objects.get(pk=dpia.pk)
    with pytest.raises(StaleRecord):
        dpia_parts.save_part(dpia=other, part="security", values={"measures": "Open."}, version=seen, by=UserFactory())
    assert Dpia.objects.get(pk=dpia.pk).parts["security"] == {"measures": "Locked."}


def test_each_part_leaves_the_others_and_its_change_stands_in_the_trail():
    dpia = draft_dpia()
    others = {key: value for key, value in dpia.parts.items() if key != "flows"}
    said = {"collected": "Day and night.", "shared": "The police.", "abroad": ""}
    dpia_parts.save_part(dpia=dpia, part="flows", values=said, version=dpia.version, by=UserFactory())
    dpia.refresh_from_db()
    assert dpia.parts == others | {"flows": {"collected": "Day and night.", "shared": "The police."}}
    entry = TrailEntry.objects.filter(verb="changed").latest("pk")
    assert entry.after["parts"]["flows"] == {"collected": "Day and night.", "shared": "The police."}


@pytest.mark.parametrize(
    ("likelihood", "severity", "level"),
    [
        ("remote", "minimal", "low"),
        ("remote", "severe", "medium"),
        ("possible", "significant", "medium"),
        ("possible", "severe", "high"),
        ("probable", "minimal", "medium"),
        ("probable", "severe", "high"),
        ("", "severe", ""),
    ],
)
def test_a_risk_is_as_great_as_likelihood_and_severity_make_it(likelihood: str, severity: str, level: str):
    assert level_of(likelihood, severity) == level


def test_what_is_with_the_data_protection_officer_is_locked():
    dpia = waiting_dpia()
    with pytest.raises(IllegalMove):
        dpia_parts.save_part(dpia=dpia, part="flows", values={}, version=dpia.version, by=UserFactory())


# --- Advice ---


def test_advice_is_asked_for_when_everything_is_written_and_the_officer_is_told():
    system = CameraSystemFactory()
    officer = member(system.operator, Role.DPO)
    empty = DpiaFactory(operator=system.operator)
    dpias.begin(dpia=empty, by=UserFactory())
    with pytest.raises(Incomplete) as refusal:
        dpias.ask_advice(dpia=empty, by=UserFactory())
    urls = [problem.url for problem in refusal.value.problems]
    assert all(urls)
    assert sum("/parts/" in url for url in urls) == 20
    dpia = waiting_dpia(system)
    assert (dpia.status, Notification.objects.get(user=officer).url) == (Status.DPO_ADVICE, dpia.get_absolute_url())


def test_advice_that_is_not_followed_needs_a_reason():
    dpia = advised_dpia()
    with pytest.raises(Incomplete):
        dpias.answer_advice(dpia=dpia, followed=False, reason="", by=UserFactory())
    dpias.answer_advice(dpia=dpia, followed=False, reason="It is on the way.", by=UserFactory())
    assert (dpia.status, dpia.advice_reason) == (Status.CONSULTATION, "It is on the way.")


def test_nothing_goes_on_without_advice():
    dpia = waiting_dpia()
    with pytest.raises(Incomplete):
        dpias.answer_advice(dpia=dpia, followed=True, reason="", by=UserFactory())


def test_a_draft_that_was_changed_after_advice_is_advised_anew():
    dpia = advised_dpia()
    dpias.return_to_draft(dpia=dpia, reason="Add the bus station.", by=UserFactory())
    dpias.ask_advice(dpia=dpia, by=UserFactory())
    assert (dpia.advice, dpia.advice_at, dpia.advice_followed) == ("", None, None)


def test_a_high_risk_that_is_left_goes_to_the_ico_and_cannot_be_signed():
    dpia = ready_dpia(residual="high")
    assert (dpia.status, dpia.residual_risk) == (Status.HIGH_RESIDUAL_RISK, "high")
    with pytest.raises(IllegalMove):
        dpias.sign_off(dpia=dpia, by=sro_of(dpia), **SIGNED)
    dpias.consult_ico(dpia=dpia, note="Asked on 3 November.", by=UserFactory())
    dpias.record_ico_answer(dpia=dpia, answer="Mask the homes.", goes_on=True, by=UserFactory())
    assert (dpia.status, dpia.ico_note) == (Status.DRAFT, "Asked on 3 November.\n\nMask the homes.")


def test_what_the_ico_warns_against_is_stopped():
    dpia = ready_dpia(residual="high")
    dpias.consult_ico(dpia=dpia, note="Asked.", by=UserFactory())
    dpias.record_ico_answer(dpia=dpia, answer="Do not.", goes_on=False, by=UserFactory())
    assert dpia.status == Status.STOPPED


# --- Signature ---


def test_a_signature_freezes_text_and_hash_and_is_due_within_a_year():
    dpia = ready_dpia()
    sro, read = sro_of(dpia), content_of(dpia)
    dpias.sign_off(dpia=dpia, by=sro, read_sha256=digest(read), **SIGNED)
    dpia.refresh_from_db()
    content = json.loads(dpia.content)
    assert (dpia.status, dpia.content, dpia.sha256) == (Status.SIGNED_OFF, read, digest(read))
    assert (dpia.signed_by, dpia.signed_name, dpia.signed_post) == (sro, "Sam Rivers", "Director of Place")
    assert dpia.review_on == add_months(today(), 12)
    assert (content["cameras"]["count"], content["advice"]["followed"]) == (2, True)
    assert "Sam Rivers" not in dpia.content
    entry = TrailEntry.objects.get(verb="signed")
    assert (entry.after["sha256"], "typed_name" in entry.after) == (dpia.sha256, False)


def test_only_what_was_read_is_signed():
    dpia = ready_dpia()
    with pytest.raises(ContentChanged):
        dpias.sign_off(dpia=dpia, by=sro_of(dpia), read_sha256="0" * 64, **SIGNED)
    assert Dpia.objects.get(pk=dpia.pk).status == Status.CONSULTATION


def test_who_was_asked_is_said_before_the_signature():
    dpia = advised_dpia()
    dpias.answer_advice(dpia=dpia, followed=True, reason="", by=UserFactory())
    with pytest.raises(Incomplete) as refusal:
        dpias.sign_off(dpia=dpia, by=sro_of(dpia), **SIGNED)
    assert [problem.url for problem in refusal.value.problems] == [
        f"/workspace/{dpia.operator.slug}/dpias/{dpia.reference}/parts/consultation/"
    ]


@pytest.mark.parametrize("days", [0, 367])
def test_the_review_is_within_a_year(days: int):
    dpia = ready_dpia()
    with pytest.raises(Incomplete):
        dpias.sign_off(dpia=dpia, by=sro_of(dpia), review_on=today() + dt.timedelta(days=days), **SIGNED)


def test_the_password_is_asked_for_again():
    dpia = ready_dpia()
    with pytest.raises(RuleBroken):
        dpias.sign_off(dpia=dpia, by=sro_of(dpia), **{**SIGNED, "password_checked": False})


# --- Equality ---


@pytest.mark.parametrize(
    ("system", "camera"),
    [
        ({"biometrics": True}, {}),
        ({"reference_database": True}, {}),
        ({}, {"analytics": "counts people"}),
        ({}, {"anpr_enabled": True}),
        ({}, {"camera_type": "anpr"}),
    ],
)
def test_analytics_and_recognition_ask_for_a_signed_equality_assessment(system: Any, camera: Any):
    dpia = ready_dpia(CameraSystemFactory(**system))
    own = dpia.cameras.first()
    type(own).objects.filter(pk=own.pk).update(**camera)
    assert len(recognition_reasons(dpia)) == 1
    with pytest.raises(Incomplete):
        dpias.sign_off(dpia=dpia, by=sro_of(dpia), **SIGNED)
    made = signed_equality_of(dpia)
    dpias.sign_off(dpia=dpia, by=sro_of(dpia), **SIGNED)
    assert json.loads(dpia.content)["equality"]["reference"] == made.reference


def test_plain_cameras_need_none():
    assert recognition_reasons(draft_dpia()) == []


def test_an_equality_assessment_says_something_of_each_characteristic_before_it_is_signed():
    dpia = draft_dpia()
    made = equality.start(dpia=dpia, by=UserFactory())
    with pytest.raises(Incomplete) as refusal:
        equality.sign_off(equality=made, by=sro_of(dpia), **SIGNED)
    assert len(refusal.value.problems) == 12
    with pytest.raises(RuleBroken):
        equality.start(dpia=dpia, by=UserFactory())


def test_a_second_equality_assessment_replaces_the_first():
    dpia = draft_dpia()
    first = signed_equality_of(dpia)
    second = written_equality(dpia)
    assert second.groups == first.groups
    equality.sign_off(equality=second, by=sro_of(dpia), **SIGNED)
    first.refresh_from_db()
    assert (first.status, second.status) == ("superseded", "signed_off")


# --- Which camera is covered, and successors ---


def test_a_camera_finds_the_signed_one_and_the_draft_that_cover_it():
    system = CameraSystemFactory()
    signed, draft = signed_dpia(system), draft_dpia(system)
    first, second = signed.cameras.first(), draft.cameras.first()
    assert (dpias.signed_for(first), dpias.draft_for(first)) == (signed, None)
    assert (dpias.signed_for(second), dpias.draft_for(second)) == (None, draft)


def test_one_that_covers_a_whole_system_covers_cameras_that_are_added_later():
    signed = signed_dpia(cameras=0)
    later = CameraFactory(system=signed.systems.get(), status="proposed")
    assert dpias.signed_for(later) == signed
    assert dpias.signed_for(CameraFactory()) is None


def test_a_successor_takes_over_what_was_said_and_replaces_when_it_is_signed():
    signed = signed_dpia()
    new = dpias.succeed(dpia=signed, why="upgraded", note="New cameras.", by=UserFactory())
    assert (new.status, new.predecessor, new.parts, new.risks) == (Status.DRAFT, signed, signed.parts, signed.risks)
    assert (set(new.cameras.all()), new.consulted, new.advice) == (set(signed.cameras.all()), "", "")
    with pytest.raises(RuleBroken):
        dpias.succeed(dpia=signed, why="review", note="", by=UserFactory())
    camera = signed.cameras.first()
    assert dpias.signed_for(camera) == signed
    dpias.ask_advice(dpia=new, by=UserFactory())
    dpias.advise(dpia=new, text="Go on.", by=UserFactory())
    dpias.answer_advice(dpia=new, followed=True, reason="", by=UserFactory())
    dpia_parts.save_part(
        dpia=new, part="consultation", values={"consulted": "The police."}, version=new.version, by=UserFactory()
    )
    dpias.sign_off(dpia=new, by=sro_of(new), **SIGNED)
    signed.refresh_from_db()
    assert (signed.status, dpias.signed_for(camera)) == (Status.SUPERSEDED, new)


def test_what_is_signed_validates_against_the_written_schema():
    schema = json.loads((Path(settings.BASE_DIR) / "docs" / "dpia.schema.json").read_text())
    dpia = ready_dpia(CameraSystemFactory(biometrics=True))
    signed_equality_of(dpia)
    content = json.loads(content_of(dpia))
    assert content["equality"]
    for signed in (content, json.loads(signed_dpia().content)):
        validate(signed, schema, schema)
    with pytest.raises(AssertionError):
        validate(content | {"colour": "red"}, schema, schema)
