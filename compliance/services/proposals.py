"""A camera from proposal to operation: the one door for all that justifies it (domain 4.8, 9.2).

Its operational requirement is written in `requirements`, what the senior responsible officer decides in
`camera_decisions`; both are named here too.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from compliance.camera_case import UNDECIDED, camera_address, case_of, lacks_for_consultation
from compliance.camera_rules import problems_of, settle
from compliance.models import Camera, CameraDecision, CameraSystem, Proposal, Referral
from compliance.models.camera import CameraOrigin
from compliance.services.camera_decisions import tell
from compliance.services.cameras_register import change_camera
from compliance.services.commissioning import camera_passed
from compliance.services.fields import field_problems
from compliance.services.referrals import take_up
from compliance.services.systems import FINAL
from core import trail
from core.dates import LONDON, add_months, today
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken, StaleRecord, Text

Status = Camera.Status
REVIEW_MONTHS = 12
# What a proposal says of the camera, and why it is asked for.
OF_CAMERA = (
    "operator_ref",
    "location",
    "locality",
    "ward",
    "postcode",
    "camera_type",
    "purposes",
    "purpose_note",
    "latitude",
    "longitude",
    "view_description",
    "precision",
    "records_audio",
    "anpr_enabled",
    "analytics",
)
REASONS = ("problem", "evidence_of_need", "alternatives", "expected", "cost", "funded_by")
POLICE = ("police_view", "police_post", "police_view_on")
Values = Mapping[str, Any]


# --- Proposing ---


@transaction.atomic
def propose(
    *,
    system: CameraSystem,
    values: Values,
    by: User,
    previous: Camera | None = None,
    referral: Referral | None = None,
) -> Camera:
    """Ask for a camera: where, against which problem, for which purpose. `previous` is the refused one that is asked
    for again; a `referral` that asked for it is taken up.

    Raises Incomplete with all that will not do, IllegalMove for a closed system or a referral that was settled,
    RuleBroken, StaleRecord.
    """
    if unknown := values.keys() - {*OF_CAMERA, *REASONS}:
        raise ValueError(f"not part of a proposal: {sorted(unknown)}")
    if system.status in FINAL:
        raise IllegalMove(system, system.status)
    _check_previous(system, previous, referral)
    of_camera = {name: value for name, value in values.items() if name in OF_CAMERA}
    camera = Camera(system=system, status=Status.PROPOSED, origin=CameraOrigin.PROPOSED, previous=previous, **of_camera)
    proposal = Proposal(proposed_by=by, **{name: value for name, value in values.items() if name in REASONS})
    settle(camera, of_camera.keys())
    problems: list[Problem | Text] = [*problems_of(camera, of_camera.keys()), *field_problems(proposal)]
    if not camera.location:
        problems.append(_("Say where the camera would stand: street or landmark."))
    if not camera.purposes:
        problems.append(_("Choose at least one purpose."))
    if problems:
        raise Incomplete(problems)
    camera.save(force_insert=True)
    proposal.camera = camera
    proposal.save(force_insert=True)
    after = {"status": camera.status, **{name: value for name, value in values.items() if value not in ("", None, [])}}
    if previous:
        after["previous"] = previous.reference
    trail.record("proposed", camera, by=by, after=after)
    if referral:
        take_up(referral=referral, camera=camera, by=by)
    return camera


def _check_previous(system: CameraSystem, previous: Camera | None, referral: Referral | None) -> None:
    operators = {record.trail_organisation().pk for record in (previous, referral) if record is not None}
    if operators - {system.operator_id}:
        raise RuleBroken(_("Only what was asked of the same organisation can be proposed again."))
    if previous is not None and previous.status != Status.REFUSED:
        raise IllegalMove(previous, Status.PROPOSED)


@transaction.atomic
def change_proposal(*, camera: Camera, version: int, values: Values, by: User) -> Proposal:
    """Write the reasons of a proposal that is not decided yet. Raises StaleRecord, IllegalMove, Incomplete."""
    return _change(camera, version, {name: values[name] for name in REASONS if name in values}, by)


@transaction.atomic
def record_police_view(*, camera: Camera, view: str, post: str, on: dt.date | None, version: int, by: User) -> Proposal:
    """Keep what the police said of a proposal by letter or in a meeting: the text, which post, which day.

    Raises Incomplete, StaleRecord, IllegalMove once it is decided.
    """
    problems = []
    if not view.strip():
        problems.append(_("Write down what the police said."))
    if not post.strip():
        problems.append(_("Say which post of the police gave the view."))
    if on is None or on > today():
        problems.append(_("Give the day of the view: today or earlier."))
    if problems:
        raise Incomplete(problems)
    values = {"police_view": view.strip(), "police_post": post.strip(), "police_view_on": on}
    return _change(camera, version, values, by)


def _change(camera: Camera, version: int, values: Values, by: User) -> Proposal:
    current = Proposal.objects.select_for_update(of=("self",)).select_related("camera__system__operator")
    proposal = current.get(camera=camera)
    if proposal.camera.status not in UNDECIDED:
        raise IllegalMove(proposal.camera, Status.PROPOSED)
    if proposal.version != version:
        raise StaleRecord(proposal)
    before = {name: getattr(proposal, name) for name in values}
    for name, value in values.items():
        setattr(proposal, name, value)
    changed = [name for name in values if before[name] != getattr(proposal, name)]
    if not changed:
        return proposal
    if problems := field_problems(proposal):
        raise Incomplete(problems)
    proposal.version += 1
    proposal.save(update_fields=[*changed, "version"])
    after = {name: getattr(proposal, name) for name in changed}
    # The proposal is part of the camera's record, and so is its history.
    trail.record("changed", proposal.camera, by=by, before={name: before[name] for name in changed}, after=after)
    return proposal


# --- On the way ---


@transaction.atomic
def send_to_consultation(*, camera: Camera, by: User) -> None:
    """Police and public have their say now; the senior responsible officer is told that a decision comes.

    Raises Incomplete with what is missing (requirement, DPIA in draft, police asked), IllegalMove, StaleRecord.
    """
    if not camera.can_move_to(Status.CONSULTATION):
        raise IllegalMove(camera, Status.CONSULTATION)
    if lacks := lacks_for_consultation(case_of(camera)):
        raise Incomplete(lacks, _("The proposal is not ready for consultation yet."))
    camera.move_to(Status.CONSULTATION, by=by)
    tell(
        camera,
        Role.SRO,
        subject=format_lazy(gettext_lazy("A camera is proposed: {place}"), place=camera.name),
        body=gettext_lazy(
            "Police and public are asked now. You decide when their answers are in; you can read it now."
        ),
        page="camera_decide",
    )


@transaction.atomic
def install(*, camera: Camera, installed_on: dt.date | None, sign_up_on: dt.date | None, by: User) -> Camera:
    """An approved camera was put up and passed its test; the sign may follow before operation.

    Raises Incomplete with what is missing, IllegalMove, StaleRecord.
    """
    if not camera.can_move_to(Status.INSTALLED):
        raise IllegalMove(camera, Status.INSTALLED)
    problems: list[Problem | Text] = []
    if installed_on is None:
        problems.append(_("Give the day of installation."))
    elif installed_on < approved_on(camera):
        problems.append(_("The camera cannot have been installed before it was approved."))
    if not camera_passed(camera):
        problems.append(
            Problem(_("Record a commissioning test that the camera passed."), camera_address("test_new", camera))
        )
    if problems:
        raise Incomplete(problems)
    changes = {"installed_on": installed_on} | ({"sign_up_on": sign_up_on} if sign_up_on else {})
    current = change_camera(camera=camera, version=camera.version, changes=changes, by=by)
    current.move_to(Status.INSTALLED, by=by)
    return current


@transaction.atomic
def put_into_operation(*, camera: Camera, by: User, sign_up_on: dt.date | None = None) -> Camera:
    """From now on it watches. Its need counts as shown on the day of approval; the review is due in a year.

    Raises Incomplete while no sign is up and dated, IllegalMove, StaleRecord.
    """
    if camera.status != Status.INSTALLED:
        raise IllegalMove(camera, Status.OPERATIONAL)
    if sign_up_on:
        camera = change_camera(camera=camera, version=camera.version, changes={"sign_up_on": sign_up_on}, by=by)
    if camera.sign_up_on is None:
        raise Incomplete([_("Put the sign up first, and give the day.")])
    camera.justified_on = approved_on(camera)
    camera.review_due_on = add_months(today(), REVIEW_MONTHS)
    camera.save(update_fields=["justified_on", "review_due_on"])
    camera.move_to(Status.OPERATIONAL, by=by)
    tell(
        camera,
        Role.SPOC,
        subject=format_lazy(gettext_lazy("A new camera is in operation: {place}"), place=camera.name),
        body=gettext_lazy("Publish the system again, so that the public page and the list of cameras name it."),
    )
    return camera


def approved_on(camera: Camera) -> dt.date:
    """The day of the approval, today for a camera that has none. One query."""
    approved = camera.decisions.filter(outcome=CameraDecision.Outcome.APPROVED).first()
    return approved.at.astimezone(LONDON).date() if approved else today()
