"""Writing an assessment, one thing per page; one that was overtaken keeps what was typed and shows what is stored."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted
from accounts.policy import require
from compliance.camera_sets import CameraSet, Matched, expand, match
from compliance.dpia_content import address, cameras_of, counted_matrix
from compliance.dpia_form import BY_KEY, SCREENING, values_of
from compliance.dpia_words import answer_rows, matrix_rows, risk_rows
from compliance.forms.dpias import (
    BY_WARD,
    WHOLE,
    WRITTEN,
    CoverForm,
    HeadingForm,
    MatrixForm,
    PartForm,
    RiskForm,
    ScreeningForm,
)
from compliance.models import Camera, Dpia
from compliance.services import dpia_parts as services
from compliance.views.dpia_finding import (
    crumbs_to,
    dpia_or_404,
    saved_or_conflict,
    show_form,
)
from compliance.views.dpia_steps import after, step_of
from core.errors import IllegalMove, Incomplete, StaleRecord
from core.forms import keep_typed, refused
from core.registry import Link
from core.sent import sent_number

Status = Dpia.Status
MOST_CONSULTATIONS = 20


def _to_write(request: AuthenticatedHttpRequest, organisation: str, reference: str, *states: str) -> Dpia:
    """The assessment, for those who may write it, while it is written."""
    found = dpia_or_404(request, organisation, reference)
    require(request.user, "compliance.write_dpia", found)
    if found.status not in states:
        raise IllegalMove(found, states[-1])
    return found


@get_or_post
def heading(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Title and own number."""
    found = _to_write(request, organisation, reference, *services.WRITTEN_IN)
    initial = {"title": found.title, "own_number": found.own_number, "version": found.version}
    form, stored = HeadingForm(posted(request), initial=initial), None
    if request.method == "POST" and form.is_valid():
        stored = saved_or_conflict(
            lambda: services.save_heading(dpia=found, by=request.user, **form.cleaned_data),
            found,
            lambda dpia: [{"key": _("Title"), "value": dpia.title}, {"key": _("Number"), "value": dpia.own_number}],
        )
        if stored is None:
            return redirect(after(request, found, "dpia_heading"))
        keep_typed(form, version=found.version)
    step = step_of(found, "dpia_heading")
    return show_form(request, found, form, title=_("Title and number"), stored=stored, **step)


@get_or_post
def screening(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The questions that show whether an assessment is needed."""
    found = _to_write(request, organisation, reference, Status.SCREENING)
    form = ScreeningForm(posted(request), answers=found.screening, initial={"version": found.version})
    stored = None
    if request.method == "POST" and form.is_valid():
        version, answers = form.cleaned_data["version"], form.answers()
        stored = saved_or_conflict(
            lambda: services.save_screening(dpia=found, answers=answers, version=version, by=request.user),
            found,
            _stored_screening,
        )
        if stored is None:
            return redirect(found)
        keep_typed(form, version=found.version)
    return show_form(
        request,
        found,
        form,
        title=_("Is an assessment needed?"),
        lead=_("Any yes means that an assessment is made. Say a little more where it helps."),
        stored=stored,
    )


def _stored_screening(dpia: Dpia) -> list[dict[str, Any]]:
    return [
        {"key": question.label, "value": " ".join(dpia.screening[question.key].values())}
        for question in SCREENING
        if question.key in dpia.screening
    ]


@get_or_post
def part(request: AuthenticatedHttpRequest, organisation: str, reference: str, part: str) -> HttpResponse:
    """One part of the form."""
    asked = BY_KEY.get(part)
    if asked is None:
        raise Http404
    states = services.CONSULTED_IN if part == "consultation" else (Status.DRAFT,)
    found = _to_write(request, organisation, reference, *states)
    values = values_of(asked, found)
    form = PartForm(posted(request), part=asked, values=values, initial={"version": found.version})
    stored = None
    if request.method == "POST" and form.is_valid():
        version, said = form.cleaned_data["version"], form.values()
        stored = saved_or_conflict(
            lambda: services.save_part(dpia=found, part=part, values=said, version=version, by=request.user),
            found,
            lambda dpia: answer_rows(asked, values_of(asked, dpia)),
        )
        if stored is None:
            return redirect(after(request, found, "dpia_part", part))
        keep_typed(form, version=found.version)
    return show_form(
        request,
        found,
        form,
        title=asked.title,
        law=asked.law,
        stored=stored,
        consultations=_consultations(found) if part == "consultation" else [],
        **step_of(found, "dpia_part", part),
    )


def _consultations(dpia: Dpia) -> list[Link]:
    """The consultations about cameras that it covers. One query."""
    own = dpia.operator.consultations.filter(cameras__in=cameras_of(dpia).values("pk"))
    slug = dpia.operator.slug
    return [
        Link(
            f"{found.local_title} ({found.get_status_display()})",
            reverse("compliance:consultation", args=[slug, found.reference]),
        )
        for found in own.order_by("-opens_on", "-pk").distinct()[:MOST_CONSULTATIONS]
    ]


# --- Cameras ---


@get_or_post
def cover(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Which cameras it covers; what a set of numbers leaves open is shown before it is taken."""
    found = _to_write(request, organisation, reference, *services.WRITTEN_IN)
    wards = Camera.objects.filter(system__operator=found.operator_id).wards()
    how = WHOLE if found.covers_whole_systems else (WRITTEN if found.cameras_as_written else "")
    initial = {
        "systems": [system.reference for system in found.systems.all()],
        "how": how,
        "as_written": found.cameras_as_written,
        "version": found.version,
    }
    form = CoverForm(posted(request), operator=found.operator, wards=wards, initial=initial)
    if request.method != "POST":
        _hide_check(form)
        return _cover_page(request, found, form)
    written = expand(request.POST.get("as_written", "")[:1000])
    systems = list(found.operator.camera_systems.filter(reference__in=request.POST.getlist("systems")[:100]))
    matched = match(written.numbers, systems)
    is_written = request.POST.get("how") == WRITTEN
    form.offer([(camera.reference, _named(camera)) for _number, twins in matched.ambiguous for camera in twins])
    leftover = is_written and (matched.missing or matched.ambiguous or written.not_understood)
    if not leftover:
        _hide_check(form)
    elif not matched.ambiguous:
        del form.fields["chosen"]
    if not form.is_valid():
        return _cover_page(request, found, form, check=_check(written, matched) if leftover else None)
    if leftover and not form.cleaned_data["seen"]:
        return _cover_page(request, found, form, check=_check(written, matched), status=422)
    try:
        _cover(request, found, form, matched)
    except Incomplete as refusal:
        refused(form, refusal)
        return _cover_page(request, found, form, check=_check(written, matched) if leftover else None)
    except StaleRecord:
        found.refresh_from_db()
        keep_typed(form, version=found.version)
        _hide_check(form)
        stored = [{"key": _("Cameras as written"), "value": found.cameras_as_written or _("whole systems or wards")}]
        return _cover_page(request, found, form, stored=stored)
    return redirect(after(request, found, "dpia_cover"))


def _hide_check(form: CoverForm) -> None:
    for name in ("chosen", "seen"):
        form.fields.pop(name, None)


def _named(camera: Camera) -> str:
    return f"{camera.name} – {camera.location} ({camera.system.local_name}, {camera.reference})"


def _check(written: CameraSet, matched: Matched) -> dict[str, Any]:
    return {
        "found": len(matched.found),
        "missing": ", ".join(matched.missing),
        "ambiguous": ", ".join(number for number, _cameras in matched.ambiguous),
        "not_understood": [{"text": rest.text, "reason": rest.reason} for rest in written.not_understood],
    }


def _cover(request: AuthenticatedHttpRequest, found: Dpia, form: CoverForm, matched: Matched) -> None:
    data = form.cleaned_data
    systems = list(data["systems"])
    cameras: list[Camera] = []
    if data["how"] == WRITTEN:
        twins = {camera.reference: camera for _number, several in matched.ambiguous for camera in several}
        cameras = [*matched.found, *(twins[reference] for reference in data.get("chosen", ()))]
    elif data["how"] == BY_WARD:
        gone = (Camera.Status.REFUSED, Camera.Status.DECOMMISSIONED)
        cameras = list(Camera.objects.filter(system__in=systems, ward__in=data["wards"]).exclude(status__in=gone))
    services.cover(
        dpia=found,
        systems=systems,
        whole=data["how"] == WHOLE,
        cameras=cameras,
        as_written=data["as_written"] if data["how"] == WRITTEN else "",
        version=data["version"],
        by=request.user,
    )


def _cover_page(request: AuthenticatedHttpRequest, found: Dpia, form: CoverForm, **more: Any) -> HttpResponse:
    title = _("Cameras that it covers")
    return show_form(request, found, form, title=title, **step_of(found, "dpia_cover"), **more)


# --- Matrix and risks ---


@get_or_post
def matrix(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The level of risk for each kind of place and type of camera, counted from the cameras covered."""
    found = _to_write(request, organisation, reference, Status.DRAFT)
    rows = found.matrix if found.matrix and "count" not in request.GET else counted_matrix(found)
    form = MatrixForm(posted(request), rows=rows, initial={"version": found.version})
    stored = None
    if request.method == "POST" and form.is_valid():
        version, sent = form.cleaned_data["version"], form.matrix()
        stored = saved_or_conflict(
            lambda: services.save_matrix(dpia=found, rows=sent, version=version, by=request.user),
            found,
            lambda dpia: [
                {"key": f"{row['category']}: {row['camera_type']}", "value": f"{row['count']}, {row['level']}"}
                for row in matrix_rows(dpia.matrix)
            ],
        )
        if stored is None:
            return redirect(after(request, found, "dpia_matrix"))
        keep_typed(form, version=found.version)
    covered, counted = cameras_of(found).count(), sum(row["count"] for row in rows)
    sums = _("%(covered)d cameras are covered; the rows below count %(counted)d.") % {
        "covered": covered,
        "counted": counted,
    }
    return show_form(
        request,
        found,
        form,
        title=_("Risk matrix"),
        law=_("One assessment for many unlike places says little: give each kind of place and camera its own level."),
        lead=sums,
        again_url=f"{address('dpia_matrix', found)}?count=again" if found.matrix else "",
        stored=stored,
        **step_of(found, "dpia_matrix"),
    )


@require_safe
def risks(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """All risks with their measures."""
    found = dpia_or_404(request, organisation, reference)
    may = found.status == Status.DRAFT and request.user.has_perm("compliance.write_dpia", found)
    context = {
        "organisation": found.operator,
        "dpia": found,
        "risks": risk_rows(found.risks),
        "may_write": may,
        "next_url": address("dpia_part", found, "review") if may and found.risks else "",
        **step_of(found, "dpia_risks"),
        "breadcrumbs": crumbs_to(found, (_("Risks and measures"), "")),
    }
    return render(request, "compliance/dpia_risks.html", context)


@get_or_post
def risk_new(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Name a risk."""
    found = _to_write(request, organisation, reference, Status.DRAFT)
    return _risk(request, found, None, {})


@get_or_post
def risk(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """Change a risk."""
    found = _to_write(request, organisation, reference, Status.DRAFT)
    if not 1 <= number <= len(found.risks):
        raise Http404
    return _risk(request, found, number, found.risks[number - 1])


def _risk(request: AuthenticatedHttpRequest, found: Dpia, number: int | None, kept: dict[str, Any]) -> HttpResponse:
    form, stored = RiskForm(posted(request), initial=kept | {"version": found.version}), None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        stored = saved_or_conflict(
            lambda: services.save_risk(dpia=found, number=number, by=request.user, **data),
            found,
            lambda dpia: [{"key": row["number"], "value": row["source"]} for row in risk_rows(dpia.risks)],
        )
        if stored is None:
            return redirect(address("dpia_risks", found))
        keep_typed(form, version=found.version)
    title = _("Risk %(number)d") % {"number": number} if number else _("Name a risk")
    return show_form(
        request,
        found,
        form,
        title=title,
        cancel_url=address("dpia_risks", found),
        stored=stored,
    )


@require_POST
def risk_remove(request: AuthenticatedHttpRequest, organisation: str, reference: str, number: int) -> HttpResponse:
    """Take a risk off."""
    found = _to_write(request, organisation, reference, Status.DRAFT)
    version = sent_number(request.POST.get("version", "")) or 0
    services.remove_risk(dpia=found, number=number, version=version, by=request.user)
    return redirect(address("dpia_risks", found))
