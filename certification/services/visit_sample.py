"""What is to be seen at a visit: cameras by lot, cameras chosen by the auditor, control rooms and other places."""

import secrets
from collections.abc import Sequence

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from certification.models import CameraSample, SiteVisit
from certification.sampling import (
    Draw,
    Member,
    draw,
    population_of,
    register_path,
    register_text,
    size_rule,
    stratum_of,
)
from certification.services.holding import next_in, require_text
from certification.services.visit_holding import claim, hold_visit, require_auditor
from certification.visit_checklist import PLACE_KINDS, checklist_for
from compliance.models import Camera
from compliance.services.texts import checked_text
from core import trail
from core.errors import Incomplete, RuleBroken

Status = SiteVisit.Status
REASON_LIMIT = 300
PLACE_LIMIT = 150
MOST_PLACES = 40
SEED_BYTES = 16


def live_cameras(visit: SiteVisit) -> list[Camera]:
    """The cameras in use of the application's systems as they stand today, with their systems. One query."""
    return list(
        Camera.objects.in_use()
        .filter(system__in=visit.application.systems.all())
        .select_related("system")
        .order_by("pk")
    )


@transaction.atomic
def draw_sample(*, visit: SiteVisit, version: int, by: User, reason: str = "") -> Draw:
    """Draw as many cameras as the scheme's rule says, by `certification.sampling`, and copy the checklist. The seed is
    made by the portal in the act, so that nobody can look for one that suits.

    A second draw needs a reason and is refused once something was observed; the first one stays on record with its seed
    and its cameras. Raises RuleBroken where no camera is listed, Incomplete, StaleRecord, IllegalMove.
    """
    reason = checked_text(reason, limit=REASON_LIMIT)
    hold_visit(visit, Status.AGREED, Status.UNDER_WAY, wanted=Status.UNDER_WAY)
    require_auditor(visit, by)
    require_unsigned(visit)
    claim(visit, version)
    if visit.drawn_at is not None:
        require_text(reason, _("Say why it is drawn again."))
    members = population_of(live_cameras(visit))
    if not members:
        raise RuleBroken(
            _("The register lists no camera of these systems: there is nothing to draw from. Choose places to visit.")
        )
    drawn = draw(members, secrets.token_hex(SEED_BYTES), size_rule(visit.application.scheme.sample))
    earlier = _put_aside(visit, reason)
    _keep_register(visit, drawn, members)
    visit.seed, visit.drawn_at = drawn.seed, timezone.now()
    visit.rule = {**drawn.as_rule(), "earlier": earlier}
    _take_checklist(visit)
    visit.save(update_fields=["seed", "drawn_at", "rule", "checklist"])
    _list(visit, drawn.drawn)
    trail.record(
        "sample_drawn",
        visit,
        by=by,
        organisation=visit.application.body,  # the operator reads it when the visit has begun
        before=earlier[-1] if earlier else None,
        after={"seed": drawn.seed, **drawn.as_rule(), "cameras": [m.key for m in drawn.drawn], "reason": reason},
    )
    return drawn


def _put_aside(visit: SiteVisit, reason: str) -> list[dict[str, object]]:
    """The earlier draws, with the one that is given up now as the last of them."""
    earlier: list[dict[str, object]] = list(visit.rule.get("earlier", []))
    if visit.drawn_at is None:
        return earlier
    by_lot = visit.sample.filter(is_chosen=False)
    if visit.observations.filter(sample__in=by_lot).exists() or visit.photos.filter(sample__in=by_lot).exists():
        raise RuleBroken(_("Something was observed at a camera of this sample already: it stands."))
    earlier.append(
        {
            "seed": visit.seed,
            "drawn_at": visit.drawn_at.isoformat(),
            "population_sha256": visit.rule.get("population_sha256", ""),
            "cameras": list(by_lot.values_list("camera_reference", flat=True)),
            "reason": reason,
        }
    )
    by_lot.delete()
    return earlier


def _keep_register(visit: SiteVisit, drawn: Draw, members: Sequence[Member]) -> None:
    """The list from which was drawn, as a file named by its hash: the register may change afterwards."""
    path = register_path(visit, drawn.population_sha256)
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(register_text(members).encode()))


def _list(visit: SiteVisit, members: Sequence[Member]) -> None:
    """Write the drawn cameras behind those that were chosen; one that was chosen before is not listed twice."""
    chosen = {sample.camera_id: sample for sample in visit.sample.filter(is_chosen=True)}
    position = next_in(visit.sample.all(), "position")
    rows = []
    for member in members:
        if own := chosen.get(member.camera.pk):
            own.is_chosen, own.stratum = False, member.stratum
            own.save(update_fields=["is_chosen", "stratum"])
            continue
        rows.append(_row(visit, member.camera, position, member.stratum))
        position += 1
    CameraSample.objects.bulk_create(rows)


def _row(visit: SiteVisit, camera: Camera, position: int, stratum: str) -> CameraSample:
    return CameraSample(
        visit=visit,
        position=position,
        camera=camera,
        system=camera.system,
        camera_reference=camera.name[:60],
        location=", ".join(filter(None, (camera.location, camera.ward)))[:300],
        kind=camera.camera_type,
        stratum=stratum,
    )


@transaction.atomic
def choose_camera(*, visit: SiteVisit, camera: Camera, reason: str, by: User) -> CameraSample:
    """A camera that the auditor wants to see beside the sample, with the reason. Listed apart from it.

    Raises Incomplete without a reason, RuleBroken for one that is listed already or is of no system applied for.
    """
    reason = require_text(checked_text(reason, limit=REASON_LIMIT), _("Say why this camera is to be seen."))
    hold_visit(visit, Status.AGREED, Status.UNDER_WAY, wanted=Status.UNDER_WAY)
    require_auditor(visit, by)
    require_unsigned(visit)
    if camera.status not in Camera.IN_USE or not visit.application.systems.filter(pk=camera.system_id).exists():
        raise RuleBroken(_("Only a camera in use of the systems applied for can be chosen."))
    if visit.sample.filter(camera=camera).exists():
        raise RuleBroken(_("This camera is on the list already."))
    if not visit.checklist:
        _take_checklist(visit)
        visit.save(update_fields=["checklist"])
    row = _row(visit, camera, next_in(visit.sample.all(), "position"), stratum_of(camera))
    row.is_chosen, row.reason = True, reason
    row.save(force_insert=True)
    trail.record(
        "camera_chosen",
        visit,
        by=by,
        organisation=visit.application.body,
        after={"camera": row.camera_reference, "reason": reason},
    )
    return row


@transaction.atomic
def drop_camera(*, sample: CameraSample, by: User) -> None:
    """Take a chosen camera off the list while nothing was observed there. One drawn by lot stays."""
    visit = sample.visit
    hold_visit(visit, Status.AGREED, Status.UNDER_WAY, wanted=Status.UNDER_WAY)
    require_auditor(visit, by)
    require_unsigned(visit)
    if not sample.is_chosen:
        raise RuleBroken(_("A camera that was drawn by lot stays on the list. Say why it could not be seen."))
    if sample.observations.exists() or sample.photos.exists():
        raise RuleBroken(_("Something was observed at this camera already: it stays on the list."))
    trail.record(
        "camera_dropped",
        visit,
        by=by,
        organisation=visit.application.body,
        before={"camera": sample.camera_reference, "reason": sample.reason},
    )
    sample.delete()


@transaction.atomic
def set_places(*, visit: SiteVisit, version: int, places: Sequence[tuple[str, str]], by: User) -> None:
    """Exactly these control rooms and other places, as (name, kind), are to be visited.

    Raises Incomplete for a kind that the checklist does not know or a name twice, RuleBroken where a place that was
    observed would go, StaleRecord, IllegalMove.
    """
    wanted = [(checked_text(name, limit=PLACE_LIMIT), kind) for name, kind in places]
    names = [name for name, _kind in wanted]
    if not all(names) or len(set(names)) != len(names) or len(names) > MOST_PLACES:
        raise Incomplete([_("Give each place a name of its own.")])
    if any(kind not in PLACE_KINDS for _name, kind in wanted):
        raise Incomplete([_("Choose what kind of place it is.")])
    hold_visit(visit, Status.AGREED, Status.UNDER_WAY, wanted=Status.UNDER_WAY)
    require_auditor(visit, by)
    require_unsigned(visit)
    now = [(place["name"], place["kind"]) for place in visit.places]
    gone = [name for name, kind in now if (name, kind) not in wanted]
    if (
        visit.observations.filter(sample=None, place__in=gone).exists()
        or visit.photos.filter(sample=None, place__in=gone).exists()
    ):
        raise RuleBroken(_("Something was observed at this place already: it stays on the list."))
    claim(visit, version)
    visit.places = [{"name": name, "kind": kind} for name, kind in wanted]
    if not visit.checklist:
        _take_checklist(visit)
    visit.save(update_fields=["places", "checklist"])
    trail.record("places_set", visit, by=by, before={"places": now}, after={"places": wanted})


def require_unsigned(visit: SiteVisit) -> None:
    """Raises RuleBroken once the auditor has signed: nothing of the visit changes then."""
    if visit.auditor_signed_at is not None:
        raise RuleBroken(_("The auditor has signed the visit off: it stays as it was signed."))


def _take_checklist(visit: SiteVisit) -> None:
    """Copy the lines that apply to the technologies of the systems, once."""
    if visit.checklist:
        return
    systems = visit.application.systems.prefetch_related("technologies")
    visit.checklist = checklist_for({key for system in systems for key in system.technology_keys()})
