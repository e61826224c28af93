"""The page for a telephone: one camera or one place at a time, its lines, photos, and a finding from what is amiss."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.policy import require
from certification.finding_classes import classes_of
from certification.models import CameraSample, Observation, SiteVisit
from certification.services import visits as services
from certification.services.visit_points import Stop, stop_url
from certification.services.visit_seen import ObservationConflict, Said
from certification.strata import stratum_in_words
from certification.views.visit_finding import FoundVisit, find_visit, seen_tag
from certification.visit_checklist import PLACE_KINDS, lines_at
from certification.visit_forms import FindingForm, LineForm, NotSeenForm, PhotoForm, line_forms
from core.errors import IllegalMove, RuleBroken
from core.forms import refused

Status = SiteVisit.Status


@dataclass
class FoundStop:
    """One camera or place of a visit that is being written down."""

    found: FoundVisit
    stop: Stop

    @property
    def sample(self) -> CameraSample | None:
        return self.stop.sample

    @property
    def where(self) -> dict[str, Any]:
        return {"sample": self.stop.sample, "place": self.stop.place}

    @property
    def title(self) -> str:
        return _("Camera %(name)s") % {"name": self.stop.name} if self.sample else self.stop.name

    @property
    def url(self) -> str:
        return stop_url(self.found.visit, self.stop, self.found.found.organisation.slug)

    def neighbour(self, step: int) -> Stop | None:
        stops = self.found.stops
        place = stops.index(self.stop) + step
        return stops[place] if 0 <= place < len(stops) else None


def _find(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str, number: int, *, camera: bool
) -> FoundStop:
    found = find_visit(request, organisation, reference, visit, "read_review")
    stop = next((s for s in found.stops if s.number == number and (s.sample is not None) == camera), None)
    if stop is None:
        raise Http404
    return FoundStop(found, stop)


def _require_open(at: FoundStop) -> None:
    if at.found.visit.status != Status.UNDER_WAY or at.found.visit.auditor_signed_at is not None:
        raise IllegalMove(at.found.visit, Status.UNDER_WAY)


@get_or_post
def camera(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str, number: int
) -> HttpResponse:
    return _stop(request, _find(request, organisation, reference, visit, number, camera=True))


@get_or_post
def place(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str, number: int
) -> HttpResponse:
    return _stop(request, _find(request, organisation, reference, visit, number, camera=False))


def _stop(request: AuthenticatedHttpRequest, at: FoundStop) -> HttpResponse:
    """GET shows the lines; POST saves those that something is said about, all or none. 409 shows what stands now."""
    stored = _stored(at)
    if request.method != "POST":
        return _page(request, at, stored)
    _require_auditor(request, at)
    _require_open(at)
    forms = line_forms(lines_at(at.found.visit, at.stop.kind), stored, request.POST)
    if any(form.errors for form in forms):
        return _page(request, at, stored, forms=forms, status=422)
    try:
        services.observe(visit=at.found.visit, said=_said(forms), by=request.user, **at.where)
    except ObservationConflict as conflict:
        return _overtaken(request, at, forms, conflict)
    messages.success(request, _("Saved: %(where)s") % {"where": at.title})
    saved = f"{at.found.visit.reference}/{at.stop.kind}-{at.stop.number}"
    following = at.neighbour(1) if "next" in request.POST else at.stop
    target = stop_url(at.found.visit, following, at.found.found.organisation.slug) if following else ""
    return redirect(f"{target or at.found.address('visit')}?saved={saved}")


def _require_auditor(request: AuthenticatedHttpRequest, at: FoundStop) -> None:
    if not at.found.audits:
        require(request.user, "certification.review", at.found.found.application)


def _said(forms: list[LineForm]) -> list[Said]:
    return [
        Said(str(form.prefix), sent["seen"], sent["note"], sent["version"])
        for form in forms
        if (sent := form.cleaned_data)["seen"]
    ]


def _stored(at: FoundStop) -> dict[str, Observation]:
    """By line. One query."""
    own = at.found.visit.observations.filter(sample=at.sample, place=at.stop.place).select_related("finding")
    return {observation.item: observation for observation in own}


def _overtaken(
    request: AuthenticatedHttpRequest, at: FoundStop, forms: list[LineForm], conflict: ObservationConflict
) -> HttpResponse:
    """What stands now beside what was sent; to send again is to replace it knowingly."""
    stored = _stored(at)
    data = request.POST.copy()
    for form in forms:
        item = str(form.prefix)
        if item in conflict.stored:
            data[f"{item}-version"] = str(stored[item].version if item in stored else 0)
    again = line_forms(lines_at(at.found.visit, at.stop.kind), stored, data)
    return _page(request, at, stored, forms=again, overtaken=conflict.stored, status=409)


def _page(
    request: AuthenticatedHttpRequest,
    at: FoundStop,
    stored: Mapping[str, Observation],
    *,
    forms: list[LineForm] | None = None,
    overtaken: Mapping[str, Observation | None] | None = None,
    photo: PhotoForm | None = None,
    not_seen: NotSeenForm | None = None,
    status: int = 200,
) -> HttpResponse:
    found = at.found
    lines = lines_at(found.visit, at.stop.kind)
    forms = forms or line_forms(lines, stored)
    numbers = [s for s in found.stops if (s.sample is None) == (at.sample is None)]
    context = found.context(
        (at.title, ""),
        at=at,
        title=at.title,
        facts=_facts(at),
        lines=[
            {
                "form": form,
                "number": number,
                "stored": stored.get(line["key"]),
                "tag": seen_tag(stored[line["key"]].seen) if line["key"] in stored else None,
                "text": line["text"],
                "overtaken": line["key"] in (overtaken or {}),
                "opens": bool(form["note"].value() or form["note"].errors),
                "raise_url": _raise_url(at, stored.get(line["key"])),
            }
            for number, (line, form) in enumerate(zip(lines, forms, strict=True), 1)
        ],
        is_open=found.is_open,
        place_in_list=_("%(number)d of %(total)d") % {"number": numbers.index(at.stop) + 1, "total": len(numbers)},
        done=sum(stop.is_done for stop in found.stops),
        total=len(found.stops),
        previous=_neighbour(at, -1),
        next=_neighbour(at, 1),
        photos=[
            {"title": p.file.title, "url": found.found.address("matter_file", p.file.number)}
            for p in found.visit.photos.filter(sample=at.sample, place=at.stop.place).select_related("file")
        ],
        photo_form=photo or PhotoForm(),
        not_seen_form=not_seen or NotSeenForm(),
        summary=_problems(forms, photo, not_seen),
        saved=request.GET.get("saved", "")[:80],
        kept_name=f"{at.stop.kind}-{at.stop.number}",
    )
    return render(request, "certification/visit_stop.html", context, status=status)


def _problems(forms: list[LineForm], *others: Any) -> list[dict[str, str]]:
    """What is wrong, each with its place on the page."""
    problems = []
    for form in [*forms, *(other for other in others if other is not None)]:
        for name, errors in form.errors.items() if form.is_bound else ():
            field = form[name]
            identifier = f"{field.auto_id}_0" if name == "seen" else field.auto_id
            problems += [{"text": error, "url": f"#{identifier}"} for error in errors]
    return problems


def _facts(at: FoundStop) -> list[str]:
    sample = at.sample
    if sample is None:
        return [str(PLACE_KINDS[at.stop.kind])]
    facts = [sample.location, str(stratum_in_words(sample.stratum))]
    if sample.is_chosen:
        facts.append(_("Chosen by the auditor: %(why)s") % {"why": sample.reason})
    return [fact for fact in facts if fact]


def _raise_url(at: FoundStop, observation: Observation | None) -> str:
    amiss = observation is not None and observation.seen == Observation.Seen.OTHERWISE
    if observation is None or not amiss or observation.finding_id or not at.found.is_open:
        return ""
    return finding_url(at, observation.item)


def _neighbour(at: FoundStop, step: int) -> dict[str, str] | None:
    stop = at.neighbour(step)
    if stop is None:
        return None
    label = _("Camera %(name)s") % {"name": stop.name} if stop.sample else stop.name
    return {"label": label, "url": stop_url(at.found.visit, stop, at.found.found.organisation.slug)}


# --- the whole camera, a photo, a finding ---


@require_POST
def camera_act(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str, *, number: int, act: str
) -> HttpResponse:
    return _act(request, _find(request, organisation, reference, visit, number, camera=True), act)


@require_POST
def place_act(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str, *, number: int, act: str
) -> HttpResponse:
    return _act(request, _find(request, organisation, reference, visit, number, camera=False), act)


def _act(request: AuthenticatedHttpRequest, at: FoundStop, act: str) -> HttpResponse:
    _require_auditor(request, at)
    _require_open(at)
    if act == "not-seen":
        return _not_seen(request, at)
    if act == "photo":
        return _photo(request, at)
    raise Http404


def _not_seen(request: AuthenticatedHttpRequest, at: FoundStop) -> HttpResponse:
    form = NotSeenForm(request.POST)
    if not form.is_valid():
        return _page(request, at, _stored(at), not_seen=form, status=422)
    services.not_seen(visit=at.found.visit, reason=form.cleaned_data["reason"], by=request.user, **at.where)
    messages.success(request, _("It is on record that it could not be seen: %(where)s") % {"where": at.title})
    return redirect(at.url)


def _photo(request: AuthenticatedHttpRequest, at: FoundStop) -> HttpResponse:
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.add_photo(
                visit=at.found.visit,
                upload=form.cleaned_data["photo"],
                title=form.cleaned_data["title"],
                by=request.user,
                **at.where,
            )
        except RuleBroken as refusal:
            refused(form, refusal, "photo")
        else:
            messages.success(request, _("The photo is kept: %(title)s") % {"title": form.cleaned_data["title"]})
            return redirect(at.url)
    return _page(request, at, _stored(at), photo=form, status=422)


def finding_url(at: FoundStop, item: str) -> str:
    name = "visit_camera_finding" if at.sample else "visit_place_finding"
    return at.found.address(name, at.stop.number, item)


@get_or_post
def camera_finding(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str, *, number: int, item: str
) -> HttpResponse:
    return _finding(request, _find(request, organisation, reference, visit, number, camera=True), item)


@get_or_post
def place_finding(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, visit: str, *, number: int, item: str
) -> HttpResponse:
    return _finding(request, _find(request, organisation, reference, visit, number, camera=False), item)


def _finding(request: AuthenticatedHttpRequest, at: FoundStop, item: str) -> HttpResponse:
    """Raise a finding from what is not as it should be, with what was noted filled in."""
    found = at.found
    _require_auditor(request, at)
    own = Observation.objects.select_related("sample__system", "finding").filter(visit=found.visit, item=item)
    row = get_object_or_404(own, sample=at.sample, place=at.stop.place)
    row.visit = found.visit
    _require_open(at)
    if row.finding is not None:
        return redirect(found.found.address("finding", row.finding.number))
    scheme = found.found.application.scheme
    line = next(line for line in found.visit.checklist if line["key"] == row.item)
    criteria = sorted(scheme.criteria.all(), key=lambda c: (c.principle != line["principle"], c.position))
    form = FindingForm(
        posted(request),
        criteria=criteria,
        classes=classes_of(scheme),
        initial={"text": row.note, "evidence": _evidence(found, row)},
    )
    if request.method == "POST" and form.is_valid():
        sent = dict(form.cleaned_data)
        criterion = next(c for c in criteria if c.key == sent.pop("criterion"))
        try:
            made = services.raise_finding(observation=row, criterion=criterion, by=request.user, **sent)
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("The finding is raised: %(finding)s") % {"finding": made})
            return redirect(found.address("visit"))
    context = found.context(
        (_("Finding"), ""),
        form=form,
        heading=_("Raise a finding"),
        caption=found.visit.reference,
        lead=line["text"]["en"],
        submit_label=_("Raise it"),
        cancel_url=found.address("visit"),
    )
    return render(request, "certification/act.html", context, status=422 if form.errors else 200)


def _evidence(found: FoundVisit, row: Observation) -> str:
    where = _("camera %(name)s") % {"name": row.sample.camera_reference} if row.sample else row.place
    return _("Site visit %(visit)s, %(where)s") % {"visit": found.visit.reference, "where": where}
