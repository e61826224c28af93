"""What the auditor saw at a camera or a place: one answer per line of the checklist, a photo, a finding from it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from certification.models import CameraSample, Criterion, Finding, MatterFile, Observation, SiteVisit, VisitPhoto
from certification.services import findings
from certification.services.holding import require_text
from certification.services.matter_files import add_file, keeping
from certification.services.visit_holding import hold_visit, require_auditor
from certification.services.visit_sample import require_unsigned
from certification.visit_checklist import CAMERA, keys_at
from compliance.services.texts import checked_text
from core import trail
from core.errors import Incomplete, Problem, RuleBroken, StaleRecord
from core.files.photos import plain_photo

Status = SiteVisit.Status
Seen = Observation.Seen
NOTE_LIMIT = 2000
MOST_PHOTOS = 200
NEEDS_NOTE = frozenset({Seen.OTHERWISE, Seen.NOT_SEEN})


@dataclass(frozen=True)
class Said:
    """What is said about one line, over the `version` that was read; 0: nothing was said before."""

    item: str
    seen: str
    note: str
    version: int


class ObservationConflict(StaleRecord):
    """Lines were written meanwhile, in another window perhaps; nothing was written now. `stored` is what stands."""

    def __init__(self, visit: SiteVisit, stored: Mapping[str, Observation | None]) -> None:
        super().__init__(visit)
        self.stored = stored


@transaction.atomic
def observe(
    *, visit: SiteVisit, said: Sequence[Said], by: User, sample: CameraSample | None = None, place: str = ""
) -> int:
    """Write what was seen at one camera or one place, all of it or nothing. The same sent again changes nothing, so
    that a phone may repeat what it got no answer to. Returns how many lines were written.

    What is otherwise, or could not be seen, needs a note. Raises Incomplete, ObservationConflict, RuleBroken for a line
    or place that is not of the visit and once the auditor has signed, IllegalMove.
    """
    said = [Said(one.item, one.seen, checked_text(one.note, limit=NOTE_LIMIT), one.version) for one in said]
    _hold_open(visit, by)
    _require_lines(visit, sample, place, {one.item for one in said})
    if problems := _problems(said):
        raise Incomplete(problems)
    stored = {o.item: o for o in visit.observations.filter(sample=sample, place=place)}
    said = [one for one in said if _differs(one, stored.get(one.item))]
    overtaken = {one.item: stored.get(one.item) for one in said if one.version != _version(stored.get(one.item))}
    if overtaken:
        raise ObservationConflict(visit, overtaken)
    for one in said:
        _write(visit, sample, place, one, by)
    if said:
        trail.record(
            "observed",
            visit,
            by=by,
            organisation=visit.application.body,
            before={one.item: _values(stored.get(one.item)) for one in said},
            after={
                "where": sample.camera_reference if sample else place,
                **{one.item: {"seen": one.seen, "note": one.note} for one in said},
            },
        )
    return len(said)


def _hold_open(visit: SiteVisit, by: User) -> None:
    hold_visit(visit, Status.UNDER_WAY, wanted=Status.UNDER_WAY)
    require_auditor(visit, by)
    require_unsigned(visit)


def _require_lines(visit: SiteVisit, sample: CameraSample | None, place: str, items: set[str]) -> None:
    if sample is not None:
        kind, known = CAMERA, sample.visit_id == visit.pk and not place
    else:
        kind = next((own["kind"] for own in visit.places if own["name"] == place), "")
        known = bool(kind)
    if not known:
        raise RuleBroken(_("This camera or place is not on the list of the visit."))
    if not items <= keys_at(visit.checklist, kind):
        raise RuleBroken(_("This line is not on the checklist."))


def _problems(said: Sequence[Said]) -> list[Problem]:
    problems = []
    for one in said:
        if one.seen not in Seen.values:
            problems.append(Problem(_("Say what was seen."), f"#id_{one.item}-seen_0"))
        elif one.seen in NEEDS_NOTE and not one.note:
            problems.append(
                Problem(_("Say in the note what was seen, or why it could not be."), f"#id_{one.item}-note")
            )
    return problems


def _differs(said: Said, stored: Observation | None) -> bool:
    return stored is None or (stored.seen, stored.note) != (said.seen, said.note)


def _version(stored: Observation | None) -> int:
    return stored.version if stored else 0


def _values(stored: Observation | None) -> dict[str, object]:
    return {"seen": stored.seen, "note": stored.note, "version": stored.version} if stored else {}


def _write(visit: SiteVisit, sample: CameraSample | None, place: str, said: Said, by: User) -> None:
    where = {"visit": visit, "sample": sample, "place": place, "item": said.item}
    if said.version == 0:
        try:
            with transaction.atomic():
                Observation.objects.create(**where, seen=said.seen, note=said.note, by=by)
        except IntegrityError:  # two windows at once: the constraint decides
            raise ObservationConflict(visit, {said.item: Observation.objects.filter(**where).first()}) from None
        return
    own = Observation.objects.filter(**where, version=said.version)
    if not own.update(seen=said.seen, note=said.note, by=by, at=timezone.now(), version=F("version") + 1):
        raise ObservationConflict(visit, {said.item: Observation.objects.filter(**where).first()})


@transaction.atomic
def not_seen(*, visit: SiteVisit, reason: str, by: User, sample: CameraSample | None = None, place: str = "") -> int:
    """The camera or place as a whole could not be seen, and why: every line that nothing was said about says so.

    Raises Incomplete without a reason, RuleBroken, IllegalMove. Returns how many lines were written.
    """
    reason = require_text(checked_text(reason, limit=NOTE_LIMIT), _("Say why it could not be seen."))
    hold_visit(visit, Status.UNDER_WAY, wanted=Status.UNDER_WAY)
    kind = CAMERA if sample else next((own["kind"] for own in visit.places if own["name"] == place), "")
    done = set(visit.observations.filter(sample=sample, place=place).values_list("item", flat=True))
    lines = [line["key"] for line in visit.checklist if line["at"] == kind and line["key"] not in done]
    said = [Said(item, Seen.NOT_SEEN, reason, 0) for item in lines]
    return observe(visit=visit, said=said, by=by, sample=sample, place=place)


# --- photos ---


@transaction.atomic
def add_photo(
    *,
    visit: SiteVisit,
    upload: UploadedFile,
    title: str,
    by: User,
    sample: CameraSample | None = None,
    place: str = "",
) -> VisitPhoto:
    """A photo of equipment, a sign or a room, kept smaller and without what the telephone wrote into it.

    Raises RuleBroken for what is no still picture, and once the auditor has signed; Incomplete without a title.
    """
    title = require_text(checked_text(title, limit=150), _("Say what the photo shows."))
    _hold_open(visit, by)
    _require_lines(visit, sample, place, set())
    if visit.photos.count() >= MOST_PHOTOS:
        raise RuleBroken(_("The visit has as many photos as it can hold."))
    with keeping() as files:
        kept = add_file(
            application=visit.application,
            purpose=MatterFile.Purpose.VISIT,
            title=title,
            upload=plain_photo(upload),
            organisation=visit.application.body,
            by=by,
        )
        files.append(kept)
        return VisitPhoto.objects.create(visit=visit, sample=sample, place=place, file=kept)


# --- a finding from what was seen ---


@transaction.atomic
def raise_finding(
    *,
    observation: Observation,
    criterion: Criterion,
    class_key: str,
    text: str,
    evidence: str,
    by: User,
    due_on: dt.date | None = None,
) -> Finding:
    """A finding of the visit's review that rests on an observation, once for each. Raises what `findings.raise_finding`
    raises, RuleBroken where there is one already or nothing was amiss.
    """
    visit = observation.visit
    _hold_open(visit, by)
    observation.refresh_from_db(fields=["finding", "seen"])
    if observation.finding_id is not None:
        raise RuleBroken(_("A finding was raised from this already."))
    if observation.seen != Seen.OTHERWISE:
        raise RuleBroken(_("A finding rests on something that is not as it should be."))
    sample = observation.sample
    finding = findings.raise_finding(
        review=visit.review,
        criterion=criterion,
        class_key=class_key,
        text=text,
        evidence=evidence,
        due_on=due_on,
        systems=[sample.system] if sample else [],
        by=by,
    )
    Observation.objects.filter(pk=observation.pk).update(finding=finding)
    observation.finding = finding
    return finding
