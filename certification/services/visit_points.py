"""What is still open in a visit: which cameras and places nothing was said about, and who has not signed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from certification.models import CameraSample, Observation, SiteVisit, StepReview
from certification.visit_checklist import CAMERA, keys_at
from compliance.models import Camera
from core.errors import Problem

Status = SiteVisit.Status


@dataclass(frozen=True)
class Stop:
    """A camera or a place of a visit: its `number` on the list, and how many lines of how many are filled in."""

    number: int
    name: str
    sample: CameraSample | None
    kind: str
    filled: int
    lines: int

    @property
    def is_done(self) -> bool:
        return 0 < self.lines <= self.filled

    @property
    def place(self) -> str:
        """How an observation names it: '' for a camera."""
        return "" if self.sample else self.name


@dataclass(frozen=True)
class Rows:
    """What is on the list of a visit, with systems, and what was observed there, with findings."""

    samples: Sequence[CameraSample]
    observations: Sequence[Observation]


def rows_of(visit: SiteVisit) -> Rows:
    """Two queries."""
    return Rows(
        list(visit.sample.select_related("system")),
        list(visit.observations.select_related("finding").order_by("pk")),
    )


def stops_of(visit: SiteVisit, rows: Rows | None = None) -> list[Stop]:
    """The cameras in the order of the list, then the places. Two queries, none with the `rows`."""
    observed: list[tuple[int | None, str, str]]
    if rows is None:
        observed = list(visit.observations.values_list("sample", "place", "item"))
    else:
        observed = [(o.sample_id, o.place, o.item) for o in rows.observations]
    seen: dict[tuple[int | None, str], set[str]] = defaultdict(set)
    for sample_id, place, item in observed:
        seen[sample_id, place].add(item)
    at = {kind: keys_at(visit.checklist, kind) for kind in {line["at"] for line in visit.checklist}}
    none: frozenset[str] = frozenset()
    cameras = [
        Stop(
            sample.position,
            sample.camera_reference,
            sample,
            CAMERA,
            len(seen[sample.pk, ""] & at.get(CAMERA, none)),
            len(at.get(CAMERA, none)),
        )
        for sample in (rows.samples if rows else visit.sample.all())
    ]
    places = [
        Stop(
            number,
            place["name"],
            None,
            place["kind"],
            len(seen[None, place["name"]] & at.get(place["kind"], none)),
            len(at.get(place["kind"], none)),
        )
        for number, place in enumerate(visit.places, 1)
    ]
    return [*cameras, *places]


def stop_url(visit: SiteVisit, stop: Stop, organisation: str) -> str:
    """The page on which the stop is filled in."""
    name = "visit_camera" if stop.sample else "visit_place"
    arguments = [organisation, visit.application.reference, visit.reference, stop.number]
    return reverse(f"certification:{name}", args=arguments)


def missing_in(visit: SiteVisit, rows: Rows | None = None) -> list[Problem]:
    """What keeps the auditor from signing: nothing to see, no sample though cameras are listed, lines not filled in."""
    body = visit.application.body.slug
    stops = stops_of(visit, rows)
    sample_url = reverse("certification:visit_sample", args=[body, visit.application.reference, visit.reference])
    problems = []
    if visit.drawn_at is None and has_live_cameras(visit):
        problems.append(Problem(_("No sample of cameras was drawn."), sample_url))
    elif not stops:
        problems.append(Problem(_("No camera and no place is on the list."), sample_url))
    for stop in stops:
        if stop.is_done:
            continue
        sentence = _("Nothing is said yet about %(what)s.") if not stop.filled else _("Not all is said about %(what)s.")
        what = _("camera %(name)s") % {"name": stop.name} if stop.sample else stop.name
        problems.append(Problem(sentence % {"what": what}, stop_url(visit, stop, body)))
    return problems


def has_live_cameras(visit: SiteVisit) -> bool:
    """Whether the register lists a camera in use of the systems. One query."""
    return Camera.objects.in_use().filter(system__in=visit.application.systems.all()).exists()


def points_of(review: StepReview) -> list[Problem]:
    """What of its visits keeps a review from being concluded. Visits of step 2 count for every review of that step."""
    application = review.application
    if review.step == StepReview.Step.ON_SITE:
        own = application.visits.filter(review__step=review.step)
    else:
        own = application.visits.filter(review=review)
    visits = [visit for visit in own.select_related("application__body") if visit.status != Status.CANCELLED]
    slug = application.body.slug
    if not visits and review.step == StepReview.Step.ON_SITE:
        url = reverse("certification:visit_new", args=[slug, application.reference])
        return [Problem(_("No site visit was held yet."), url)]
    problems = []
    for visit in visits:
        url = reverse("certification:visit", args=[slug, application.reference, visit.reference])
        if visit.status in (Status.PROPOSED, Status.AGREED):
            problems.append(Problem(_("A planned site visit was neither held nor cancelled."), url))
        elif visit.status == Status.UNDER_WAY and visit.auditor_signed_at is None:
            problems += missing_in(visit)
            problems.append(Problem(_("The site visit is not signed off by the auditor."), url))
        elif visit.status == Status.UNDER_WAY:
            problems.append(Problem(_("The site visit is not signed off by the operator."), url))
    return problems
