"""What waits for whom on a camera's way from a request to operation, and to its end."""

from collections.abc import Iterator

from django.db.models import Count, Exists, F, Min, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import Organisation, Role, User
from compliance.camera_case import camera_address, with_since
from compliance.models import Camera, CameraChange, CameraDecision, CameraReview, Consultation, Referral
from compliance.services.camera_decisions import RELOCATABLE
from core.errors import Text
from core.registry import Waiting

MOST = 50
Status = Camera.Status
OF_MANAGER: dict[str, tuple[Text, str]] = {
    Status.PROPOSED: (_("Write the operational requirement: {place}"), "proposal"),
    Status.APPROVED: (_("Have an approved camera put up: {place}"), "proposal"),
    Status.INSTALLED: (_("Put a new camera into operation: {place}"), "proposal"),
}
OF_SPOC: dict[str, tuple[Text, str]] = {
    Status.OR_DEFINED: (_("Have police and public asked about a camera: {place}"), "proposal"),
}


def proposals_to_go_on(user: User) -> Iterator[Waiting]:
    """For scheme managers and the single point of contact: proposals whose next step is theirs. One query, or none."""
    managed = user.organisations_where(Role.SCHEME_MANAGER)
    spoken_for = user.organisations_where(Role.SPOC)
    if not managed:
        return
    proposed = Camera.objects.filter(system__operator__in=managed, status__in={**OF_MANAGER, **OF_SPOC})
    for camera in with_since(proposed.filter(proposal__isnull=False)).select_related("system__operator")[:MOST]:
        known = OF_MANAGER.get(camera.status)
        if known is None and camera.system.operator_id in spoken_for:
            known = OF_SPOC[camera.status]
        if known:
            yield _of_camera(camera, *known)


def proposals_to_decide(user: User) -> Iterator[Waiting]:
    """For the senior responsible officer: proposals of which nothing is being asked any more. One query, or none."""
    if not (operators := user.organisations_where(Role.SRO)):
        return
    status = Consultation.Status
    running = Consultation.objects.filter(cameras=OuterRef("pk"), status__in=(status.OPEN, status.CLOSED))
    waits = Camera.objects.filter(~Exists(running), system__operator__in=operators, status=Status.CONSULTATION)
    for camera in with_since(waits).select_related("system__operator")[:MOST]:
        yield _of_camera(camera, _("Decide on a proposed camera: {place}"), "camera_decide")


def relocations_to_decide(user: User) -> Iterator[Waiting]:
    """For the senior responsible officer: cameras of which the newest review says that they are needed elsewhere, until
    that is decided or another review finds otherwise. One query, or none.
    """
    if not (operators := user.organisations_where(Role.SRO)):
        return
    newest = CameraReview.objects.filter(camera=OuterRef("pk")).order_by("-on", "-pk")
    decided = CameraDecision.objects.filter(
        camera=OuterRef("pk"), outcome=CameraDecision.Outcome.RELOCATED, at__gte=OuterRef("since")
    )
    cameras = Camera.objects.filter(system__operator__in=operators, status__in=RELOCATABLE)
    known = cameras.annotate(found=Subquery(newest.values("outcome")[:1]), since=Subquery(newest.values("at")[:1]))
    waits = known.filter(~Exists(decided), found=CameraReview.Outcome.RELOCATE).order_by("since", "pk")
    for camera in waits.select_related("system__operator")[:MOST]:
        yield _of_camera(camera, _("Decide on another place for a camera: {place}"), "camera_relocate")


def _of_camera(camera: Camera, words: Text, page: str) -> Waiting:
    return Waiting(
        label=format_lazy(words, place=camera.name),
        url=camera_address(page, camera),
        organisation=camera.system.operator.local_name,
        since=camera.since,  # type: ignore[attr-defined]
    )


def removals_to_settle(user: User) -> Iterator[Waiting]:
    """For the SRO: removals to be decided; for scheme managers: cameras to be taken down. One line for each operator;
    one query, or none.
    """
    deciding, managed = user.organisations_where(Role.SRO), user.organisations_where(Role.SCHEME_MANAGER)
    if not (deciding | managed):
        return
    last = CameraChange.objects.filter(record=OuterRef("pk"), after=Status.REMOVE_RECOMMENDED).order_by("-at", "-pk")
    removed = CameraDecision.objects.filter(
        camera=OuterRef("pk"), outcome=CameraDecision.Outcome.REMOVED, at__gte=OuterRef("since")
    )
    moves = Camera.objects.filter(system__operator__in=deciding | managed, status=Status.REMOVE_RECOMMENDED)
    counted = (
        moves.annotate(since=Coalesce(Subquery(last.values("at")[:1]), F("added_at")))
        .annotate(decided=Exists(removed))
        .values("system__operator", "decided")
        .annotate(number=Count("pk"), first=Min("since"))
        .order_by("system__operator", "decided")
    )
    operators = {membership.organisation_id: membership.organisation for membership in user.memberships_now}
    for row in counted:
        pk = row["system__operator"]
        if not row["decided"] and pk in deciding:
            words = ngettext_lazy(
                "Decide about the removal of {number} camera",
                "Decide about the removal of {number} cameras",
                row["number"],
            )
        elif row["decided"] and pk in managed:
            words = ngettext_lazy("Take {number} camera down", "Take {number} cameras down", row["number"])
        else:
            continue
        yield _of_operator(operators[pk], format_lazy(words, number=row["number"]), "removals", row["first"])


def _of_operator(operator: Organisation, label: Text, page: str, since: object) -> Waiting:
    return Waiting(
        label=label,
        url=reverse(f"compliance:{page}", args=[operator.slug]),
        organisation=operator.local_name,
        since=since,  # type: ignore[arg-type]
    )


def referrals_to_answer(user: User) -> Iterator[Waiting]:
    """For scheme managers: requests for cameras that nobody answered yet. One query, or none."""
    if not (operators := user.organisations_where(Role.SCHEME_MANAGER)):
        return
    came = Referral.objects.filter(operator__in=operators, status=Referral.Status.RECEIVED)
    for referral in came.select_related("operator").order_by("received_at", "pk")[:MOST]:
        yield Waiting(
            label=format_lazy(_("Answer a request for a camera: {place}"), place=referral.location),
            url=reverse("compliance:referral", args=[referral.operator.slug, referral.reference]),
            organisation=referral.operator.local_name,
            since=referral.received_at,
        )
