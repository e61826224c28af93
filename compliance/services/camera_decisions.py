"""What the senior responsible officer decides about cameras: approved or refused, kept or removed, moved elsewhere.

Each decision is a record of its own with reasons, a signature, and all that it rested on, frozen (design 1, 3).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from accounts.services.notifications import notify
from compliance import frozen
from compliance.camera_case import CameraCase, camera_address, case_of, content_of, lacks_for_approval, read_hash
from compliance.camera_rules import place_of
from compliance.models import Camera, CameraChange, CameraDecision, Dpia
from compliance.places import Place, metres_between, metres_in_words
from compliance.services.cameras_register import change_camera
from compliance.services.consultations import end_if_all_decided
from compliance.services.decision_printing import promise_decision
from compliance.services.faults import follow_open_faults
from compliance.services.people import holders
from compliance.services.placements import place
from compliance.services.referrals import tell_decided
from compliance.services.signing import ContentChanged, signature_of
from compliance.services.texts import checked_text
from core import trail
from core.dates import today
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken, StaleRecord, Text

REASONS_LIMIT = 4000
MOST_AT_ONCE = 200
Status = Camera.Status
Outcome = CameraDecision.Outcome
# Within this distance a camera looks at the same street; farther off is another place with another need.
SURROUNDINGS_METRES = 100
PLACED = (
    "location",
    "ward",
    "starts_on",
    "target",
    "dpia",
    "latitude",
    "longitude",
    "sign_up_on",
    "even_far",
)
RELOCATABLE = (Status.OPERATIONAL, Status.FAULTY, Status.UNDER_REVIEW)


@dataclass(frozen=True)
class Signature:
    """Who signs: the typed name, the post, and whether the password was given again."""

    typed_name: str
    post: str
    password_checked: bool


# --- Approved or refused ---


@transaction.atomic
def decide(
    *,
    camera: Camera,
    approve: bool,
    reasons: str,
    by: User,
    signature: Signature,
    read_sha256: str = "",
    public_not_asked: str = "",
) -> CameraDecision:
    """Approve a proposed camera after consultation, or refuse it at any step before; both with reasons.

    An approval rests on the operational requirement, a signed DPIA, the view of the police, and a concluded
    consultation of the public or `public_not_asked`, the reason why none was proportionate. `read_sha256` is the hash
    of what the signatory read. A refusal ends a consultation in which nothing is left to decide.
    Raises Incomplete with all that is missing, IllegalMove, ContentChanged, StaleRecord.
    """
    status = Status.APPROVED if approve else Status.REFUSED
    camera = _held([camera])[0]
    if not camera.can_move_to(status):
        raise IllegalMove(camera, status)
    case = case_of(camera)
    _must_be_as_read(case, read_sha256)
    reasons, public_not_asked = _checked(reasons), _checked(public_not_asked)
    problems = [*_reasons_missing(reasons)]
    if approve:
        problems += lacks_for_approval(case, public_not_asked=public_not_asked)
    if problems:
        raise Incomplete(problems, _("Nothing is decided yet."))
    further = {"public_not_asked": public_not_asked} if approve and not case.public_was_asked else {}
    outcome = Outcome.APPROVED if approve else Outcome.REFUSED
    decision = _enter(case, outcome=outcome, reasons=reasons, further=further, signature=signature, by=by)
    camera.move_to(status, by=by, note=decision.reference)
    _tell_decided(camera, decision)
    tell_decided(camera=camera, approved=approve, by=by)
    if not approve:
        end_if_all_decided(camera=camera, by=by)
    return decision


def _held(cameras: Sequence[Camera]) -> list[Camera]:
    """The rows as they are now, held until the transaction ends, in the order of their keys."""
    held = Camera.objects.select_for_update(of=("self",)).select_related("system__operator")
    return list(held.filter(pk__in=[camera.pk for camera in cameras]).order_by("pk"))


def _must_be_as_read(case: CameraCase, read_sha256: str) -> None:
    if read_sha256 and read_sha256 != read_hash(case):
        raise ContentChanged(case.camera)


def _checked(text: str) -> str:
    return checked_text(text, limit=REASONS_LIMIT)


def _reasons_missing(reasons: str) -> list[Problem]:
    return [] if reasons else [Problem(_("Give the reasons of your decision."), "#id_reasons")]


def _enter(
    case: CameraCase, *, outcome: str, reasons: str, further: Mapping[str, Any], signature: Signature, by: User
) -> CameraDecision:
    typed_name, post = signature_of(signature.typed_name, signature.post, signature.password_checked)
    content = content_of(case, outcome=outcome, reasons=reasons, further=further)
    decision = CameraDecision.objects.create(
        camera=case.camera,
        outcome=outcome,
        reasons=reasons,
        content=content,
        sha256=frozen.digest(content),
        typed_name=typed_name,
        post=post,
        by=by,
    )
    after = {"camera": case.camera.reference, "outcome": outcome, "sha256": decision.sha256, "post": post}
    trail.record("decided", decision, by=by, after=after, personal={"typed_name": typed_name})
    promise_decision(decision)
    return decision


def _tell_decided(camera: Camera, decision: CameraDecision) -> None:
    if decision.outcome == Outcome.APPROVED:
        subject: Text = format_lazy(gettext_lazy("A camera is approved: {place}"), place=camera.name)
        body: Text = gettext_lazy("It may be put up now. Record the day, the test and the sign when it is.")
    else:
        subject = format_lazy(gettext_lazy("A camera is refused: {place}"), place=camera.name)
        body = gettext_lazy("The reasons stand with the decision. If things change, it can be proposed again.")
    tell(camera, Role.SPOC, Role.SCHEME_MANAGER, subject=subject, body=body)


def tell(camera: Camera, *roles: Role, subject: Text, body: Text, page: str = "camera") -> None:
    """One notification for everybody who holds any of these roles at the operator."""
    operator = camera.system.operator
    people = {user.pk: user for role in roles for user in holders(role, operator)}
    notify(users=people.values(), subject=subject, body=body, url=camera_address(page, camera))


# --- Kept or removed ---


@transaction.atomic
def recommend_removal(*, camera: Camera, reason: str, by: User) -> None:
    """Say that a camera is not needed any more; the senior responsible officer is told and decides.

    Raises Incomplete without a reason, IllegalMove, StaleRecord.
    """
    reason = _checked(reason)
    if not camera.can_move_to(Status.REMOVE_RECOMMENDED):
        raise IllegalMove(camera, Status.REMOVE_RECOMMENDED)
    if not reason:
        raise Incomplete([_("Say why the camera is not needed any more.")])
    camera.move_to(Status.REMOVE_RECOMMENDED, by=by, note=reason)
    tell(
        camera,
        Role.SRO,
        subject=format_lazy(gettext_lazy("Removal of a camera is recommended: {place}"), place=camera.name),
        body=format_lazy(
            gettext_lazy("Decide whether it is kept or removed. The reason given:\n\n{reason}"), reason=reason
        ),
    )


@transaction.atomic
def decide_removal(
    *,
    cameras: Sequence[Camera],
    keep: bool,
    reasons: str,
    by: User,
    signature: Signature,
    versions: Mapping[str, int] | None = None,
) -> list[CameraDecision]:
    """One signature for cameras of one operator whose removal is recommended; each gets its own decision.

    Kept ones are operational again. Those to be removed stay until they and their signs are down (`take_down`).
    `versions` are those of the cameras, by reference, that were read. All or none: raises Incomplete without reasons,
    RuleBroken, IllegalMove when one is decided already, ContentChanged.
    """
    held = _held(cameras)
    reasons = _checked(reasons)
    if not held or len(held) > MOST_AT_ONCE:
        raise RuleBroken(_("Choose at least one camera, and at most %(most)d at once.") % {"most": MOST_AT_ONCE})
    if len({camera.system.operator_id for camera in held}) != 1:
        raise RuleBroken(_("Only cameras of one organisation can be decided together."))
    decided = removals_decided(held)
    for camera in held:
        if camera.status != Status.REMOVE_RECOMMENDED or camera.pk in decided:
            raise IllegalMove(camera, Status.OPERATIONAL if keep else Status.DECOMMISSIONED)
        if versions and camera.version != versions.get(camera.reference):
            raise ContentChanged(camera)
    if problems := _reasons_missing(reasons):
        raise Incomplete(problems, _("Nothing is decided yet."))
    outcome = Outcome.KEPT if keep else Outcome.REMOVED
    together = {"together": len(held)} if len(held) > 1 else {}
    made = []
    for camera in held:
        recommended = _recommended(camera)
        further = {**together, "recommended": recommended}
        decision = _enter(
            case_of(camera), outcome=outcome, reasons=reasons, further=further, signature=signature, by=by
        )
        if keep:
            camera.justified_on = today()
            camera.save(update_fields=["justified_on"])
            camera.move_to(Status.OPERATIONAL, by=by, note=decision.reference)
            follow_open_faults(camera=camera, by=by)
        made.append(decision)
    _tell_removal(held, made)
    return made


def _recommended(camera: Camera) -> str:
    """Why its removal was recommended last. One query."""
    last = camera.changes.filter(after=Status.REMOVE_RECOMMENDED).order_by("-at", "-pk").first()
    return str(last.note) if last else ""


def removals_decided(cameras: Sequence[Camera]) -> dict[int, CameraDecision]:
    """Of these cameras those whose removal is decided since it was last recommended, by key. Two queries."""
    keys = [camera.pk for camera in cameras if camera.status == Status.REMOVE_RECOMMENDED]
    moves = CameraChange.objects.filter(record__in=keys, after=Status.REMOVE_RECOMMENDED).order_by("at", "pk")
    since = dict(moves.values_list("record", "at"))
    decisions = CameraDecision.objects.filter(camera__in=keys, outcome=Outcome.REMOVED).order_by("at", "pk")
    return {d.camera_id: d for d in decisions if d.camera_id not in since or d.at >= since[d.camera_id]}


def _tell_removal(cameras: Sequence[Camera], decisions: Sequence[CameraDecision]) -> None:
    """One message for all of them."""
    names = ", ".join(camera.name for camera in cameras[:10]) + (" …" if len(cameras) > 10 else "")
    if decisions[0].outcome == Outcome.KEPT:
        subject: Text = format_lazy(gettext_lazy("Kept, though removal was recommended: {names}"), names=names)
        body: Text = gettext_lazy("The reasons stand with the decision.")
    else:
        subject = format_lazy(gettext_lazy("To be removed: {names}"), names=names)
        body = gettext_lazy("Take camera and sign down, then record both days.")
    operator = cameras[0].system.operator
    people = {user.pk: user for role in (Role.SPOC, Role.SCHEME_MANAGER) for user in holders(role, operator)}
    url = camera_address("camera", cameras[0])
    if len(cameras) > 1:
        url = reverse("compliance:removals", args=[operator.slug])
    notify(users=people.values(), subject=subject, body=body, url=url)


@transaction.atomic
def take_down(
    *, cameras: Sequence[Camera], removed_on: dt.date | None, sign_removed_on: dt.date | None, by: User
) -> int:
    """Cameras that were to be removed are down, and their signs too: they are decommissioned. All or none.

    Raises Incomplete without both days, IllegalMove for one whose removal is not decided, StaleRecord.
    """
    held = _held(cameras)
    decided = removals_decided(held)
    for camera in held:
        if camera.pk not in decided:
            raise IllegalMove(camera, Status.DECOMMISSIONED)
    problems = []
    if removed_on is None:
        problems.append(_("Give the day when the camera was taken down."))
    if sign_removed_on is None:
        problems.append(_("Give the day when the sign was taken down."))
    if problems or not held:
        raise Incomplete(problems or [_("Choose at least one camera.")])
    changes = {"removed_on": removed_on, "sign_removed_on": sign_removed_on}
    for camera in held:
        current = change_camera(camera=camera, version=camera.version, changes=changes, by=by)
        if current.status != Status.REMOVE_RECOMMENDED:
            raise StaleRecord(camera)
        current.move_to(Status.DECOMMISSIONED, by=by, note=decided[camera.pk].reference)
    return len(held)


# --- Moved to another place ---


@dataclass(frozen=True)
class Move:
    """Where a camera is to go and from which day; `dpia` is the assessment that was looked at for the new place."""

    location: str
    ward: str
    starts_on: dt.date
    target: str  # the problem there
    dpia: Dpia
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    sign_up_on: dt.date | None = None
    even_far: bool = False  # whether a person said that a place far off the authority is right
    requirement: str = ""  # what the camera must show there; needed where it leaves its surroundings
    dpia_review: str = ""  # what the assessment says of the new place; likewise


def metres_moved(camera: Camera, move: Move) -> int | None:
    """How far the new place is from the present one, to ten metres; None where one of them has no coordinates."""
    old = place_of(camera)
    if old is None or move.latitude is None or move.longitude is None:
        return None
    return int(round(metres_between(old, Place(move.latitude, move.longitude)), -1))


def leaves_surroundings(metres: int | None) -> bool:
    """Whether another place is another need: farther than the camera saw, or nobody knows how far."""
    return metres is None or metres > SURROUNDINGS_METRES


def _lacks_elsewhere(camera: Camera, move: Move, metres: int | None) -> list[Problem]:
    """What a camera that leaves its surroundings needs: the old requirement and the old look at the DPIA are not
    about the new place.
    """
    problems = []
    if not Dpia.objects.of_camera(camera).signed().filter(pk=move.dpia.pk).exists():
        sentence = _("Choose a signed DPIA that covers this camera and that was looked at for the place.")
        problems.append(Problem(sentence, field="dpia"))
    if not leaves_surroundings(metres):
        return problems
    far = _("How far it goes is not known")
    if metres is not None:
        far = _("It goes %(far)s") % {"far": metres_in_words(metres)}
    if not move.requirement:
        sentence = _("%(far)s: say what the camera must show there, and for whom.")
        problems.append(Problem(sentence % {"far": far}, field="requirement"))
    if not move.dpia_review:
        sentence = _("%(far)s: say what the DPIA says of the new place.")
        problems.append(Problem(sentence % {"far": far}, field="dpia_review"))
    if move.dpia.review_on and move.dpia.review_on < today():
        sentence = _("%(far)s, and the review of this DPIA is overdue: have it reviewed first.")
        problems.append(Problem(sentence % {"far": far}, field="dpia"))
    return problems


def _new_place(move: Move, metres: int | None) -> dict[str, Any]:
    return {
        "location": move.location,
        "ward": move.ward,
        "from": move.starts_on.isoformat(),
        "target": move.target,
        "metres": metres,
        "requirement": move.requirement,
        "dpia_review": move.dpia_review,
    }


@transaction.atomic
def relocate(
    *, camera: Camera, move: Move, reasons: str, by: User, signature: Signature, read_sha256: str = ""
) -> CameraDecision:
    """Another place for a camera is another need: decided with reasons and a DPIA that is signed and covers it, then
    placed there. Its need counts as shown today. One that leaves its surroundings needs a requirement for the new place
    and a DPIA that was looked at for it and is not due.

    Raises Incomplete, RuleBroken, IllegalMove for a camera that is not in use or is to be removed, ContentChanged.
    """
    camera = _held([camera])[0]
    if camera.status not in RELOCATABLE:
        raise IllegalMove(camera, camera.status)
    case = case_of(camera)
    _must_be_as_read(case, read_sha256)
    reasons = _checked(reasons)
    move = replace(move, requirement=_checked(move.requirement), dpia_review=_checked(move.dpia_review))
    metres = metres_moved(camera, move)
    if problems := [*_reasons_missing(reasons), *_lacks_elsewhere(camera, move, metres)]:
        raise Incomplete(problems, _("Nothing is decided yet."))
    further = {"to": _new_place(move, metres), "dpia": move.dpia.reference}
    decision = _enter(case, outcome=Outcome.RELOCATED, reasons=reasons, further=further, signature=signature, by=by)
    spot = {name: getattr(move, name) for name in PLACED}
    place(camera=camera, by=by, purposes=camera.purposes, decided=decision, **spot)
    Camera.objects.filter(pk=camera.pk).update(justified_on=today())
    tell(
        camera,
        Role.SPOC,
        Role.SCHEME_MANAGER,
        subject=format_lazy(gettext_lazy("A camera is to be moved: {place}"), place=move.location),
        body=gettext_lazy("The reasons stand with the decision. Put its sign up there, and publish the system again."),
    )
    return decision
