"""The equality impact assessment beside a DPIA: read, write, sign, or record one made elsewhere."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted, refused_password
from accounts.policy import require
from compliance.dpia_content import address, equality_values, recognition_reasons, signed_equality
from compliance.dpia_form import CHARACTERISTICS
from compliance.dpia_words import equality_rows
from compliance.forms.assessments import SignForm
from compliance.forms.dpias import EqualityElsewhereForm, GroupForm, ReasonForm, RestForm
from compliance.frozen import digest
from compliance.models import Dpia, EqualityAssessment
from compliance.services import equality as services
from compliance.views.dpia_finding import crumbs_to, day, dpia_or_404, saved_or_conflict, show_form
from compliance.views.dpia_steps import goes_on, numbered
from core.errors import RuleBroken
from core.forms import keep_typed, refused

Status = EqualityAssessment.Status
COLOURS = {Status.DRAFT: "blue", Status.SIGNED_OFF: "green", Status.SUPERSEDED: "grey", Status.DROPPED: "grey"}


@get_or_post
def equality(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """What there is beside a DPIA; a POST begins one."""
    found = dpia_or_404(request, organisation, reference)
    if request.method == "POST":
        require(request.user, "compliance.write_dpia", found)
        services.start(dpia=found, by=request.user)
        return redirect(address("equality", found))
    draft, signed = _draft(found), signed_equality(found)
    may_write = request.user.has_perm("compliance.write_dpia", found)
    context = {
        "organisation": found.operator,
        "dpia": found,
        "reasons": recognition_reasons(found),
        "draft": draft,
        "signed": signed,
        "tasks": _tasks(found, draft, may=may_write) if draft and not draft.evidence_id else [],
        "draft_rows": equality_rows(equality_values(draft)) if draft and draft.evidence_id else [],
        "facts": _facts(signed) if signed else [],
        "rows": equality_rows(equality_values(signed)) if signed else [],
        "may_write": may_write and found.status not in services.CLOSED,
        "may_sign": draft and request.user.has_perm("compliance.sign_dpia", found),
        "breadcrumbs": crumbs_to(found, (_("Equality impact assessment"), "")),
    }
    return render(request, "compliance/equality.html", context)


def _draft(dpia: Dpia) -> EqualityAssessment | None:
    """The one that is in draft, of those that are loaded with the DPIA."""
    found = next((one for one in dpia.equality_assessments.all() if one.status == Status.DRAFT), None)
    if found is not None:
        found.dpia = dpia
    return found


def _draft_or_404(dpia: Dpia) -> EqualityAssessment:
    found = _draft(dpia)
    if found is None:
        raise Http404
    return found


def _tasks(dpia: Dpia, draft: EqualityAssessment, *, may: bool) -> list[dict[str, Any]]:
    def task(title: Any, url: str, *, done: bool) -> dict[str, Any]:
        status = {"status": _("Completed")} if done else {"status": _("To do"), "colour": "blue"}
        return {"title": title, "url": url if may else "", **status}

    groups = [
        task(name, address("equality_group", dpia, key), done=bool(draft.groups.get(key, {}).get("effect")))
        for key, name in CHARACTERISTICS.items()
    ]
    done = bool(draft.accuracy and draft.involved and draft.conclusion)
    return [*groups, task(_("Accuracy, who was involved, conclusion"), address("equality_rest", dpia), done=done)]


def _facts(signed: EqualityAssessment) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"key": _("Signed by"), "value": f"{signed.signed_name}, {signed.signed_post}"},
        {"key": _("Signed on"), "value": day(signed.signed_at)},
        {"key": _("Fingerprint of the signed text (SHA-256)"), "value": signed.sha256},
    ]
    if signed.evidence:
        value, link = signed.evidence.title, signed.evidence.get_absolute_url()
        rows.append({"key": _("Made outside the portal"), "value": value, "link": link})
    return rows


@get_or_post
def group(request: AuthenticatedHttpRequest, organisation: str, reference: str, characteristic: str) -> HttpResponse:
    """One protected characteristic."""
    found = dpia_or_404(request, organisation, reference)
    require(request.user, "compliance.write_dpia", found)
    draft = _draft_or_404(found)
    if characteristic not in CHARACTERISTICS:
        raise Http404
    kept = draft.groups.get(characteristic, {})
    form, stored = GroupForm(posted(request), initial=kept | {"version": draft.version}), None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        stored = saved_or_conflict(
            lambda: services.save_group(equality=draft, characteristic=characteristic, by=request.user, **data),
            draft,
            lambda one: equality_rows(equality_values(one)),
        )
        if stored is None:
            return redirect(_after(request, found, characteristic))
        keep_typed(form, version=draft.version)
    number = list(CHARACTERISTICS).index(characteristic) + 1
    return _form_page(request, found, form, stored, title=CHARACTERISTICS[characteristic], number=number)


def _after(request: AuthenticatedHttpRequest, found: Dpia, characteristic: str) -> str:
    """The next page when that was asked for, else the list of them."""
    if not goes_on(request):
        return address("equality", found)
    keys = list(CHARACTERISTICS)
    following = keys[keys.index(characteristic) + 1 :]
    return address("equality_group", found, following[0]) if following else address("equality_rest", found)


@get_or_post
def rest(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Accuracy across groups, who was involved, and the conclusion."""
    found = dpia_or_404(request, organisation, reference)
    require(request.user, "compliance.write_dpia", found)
    draft = _draft_or_404(found)
    initial = {name: getattr(draft, name) for name in ("accuracy", "involved", "conclusion", "version")}
    form, stored = RestForm(posted(request), initial=initial), None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        stored = saved_or_conflict(
            lambda: services.save_rest(equality=draft, by=request.user, **data),
            draft,
            lambda one: equality_rows(equality_values(one)),
        )
        if stored is None:
            return redirect(address("equality", found))
        keep_typed(form, version=draft.version)
    title = _("Accuracy, who was involved, conclusion")
    return _form_page(request, found, form, stored, title=title, number=len(CHARACTERISTICS) + 1)


def _form_page(
    request: AuthenticatedHttpRequest,
    found: Dpia,
    form: Any,
    stored: list[dict[str, Any]] | None,
    *,
    title: Any,
    number: int,
) -> HttpResponse:
    law = _("Public bodies must have due regard to equality (Equality Act 2010, section 149): find out before use.")
    return show_form(
        request,
        found,
        form,
        title=title,
        law=law,
        stored=stored,
        cancel_url=address("equality", found),
        **numbered(number, len(CHARACTERISTICS) + 1),
    )


@get_or_post
def elsewhere(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Record one that was made outside the portal."""
    found = dpia_or_404(request, organisation, reference)
    require(request.user, "compliance.write_dpia", found)
    form = EqualityElsewhereForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.record_elsewhere(
                dpia=found,
                upload=form.cleaned_data["file"],
                systems=list(found.systems.all()),
                scope=form.cleaned_data["scope"],
                by=request.user,
            )
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            messages.success(request, _("Recorded. It counts when the senior responsible officer has signed it."))
            return redirect(address("equality", found))
    title = _("Record one made outside the portal")
    return show_form(request, found, form, title=title, cancel_url=address("equality", found))


@sensitive_post_parameters("password")
@get_or_post
def sign(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The senior responsible officer reads and signs it, with the password again."""
    found = dpia_or_404(request, organisation, reference)
    require(request.user, "compliance.sign_dpia", found)
    draft = _draft_or_404(found)
    form = SignForm(posted(request))
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid() and not (status := refused_password(request, form)):
        signature = {name: form.cleaned_data[name] for name in ("typed_name", "post", "read_sha256")}
        services.sign_off(equality=draft, by=request.user, password_checked=True, **signature)
        messages.success(request, _("The equality impact assessment is signed and frozen."))
        return redirect(address("equality", found))
    sha256 = digest(services.content_of(draft))
    form.initial["read_sha256"] = sha256
    context = {
        "organisation": found.operator,
        "dpia": found,
        "draft": draft,
        "blockers": services.missing(draft),
        "rows": equality_rows(equality_values(draft)),
        "sha256": sha256,
        "form": form,
        "breadcrumbs": crumbs_to(
            found, (_("Equality impact assessment"), address("equality", found)), (_("Read and sign"), "")
        ),
    }
    return render(request, "compliance/equality_sign.html", context, status=status)


@get_or_post
def drop(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Give up a draft; the record stays."""
    found = dpia_or_404(request, organisation, reference)
    require(request.user, "compliance.write_dpia", found)
    draft = _draft_or_404(found)
    form = ReasonForm(posted(request), label=_("Why is it dropped?"))
    if request.method == "POST" and form.is_valid():
        services.drop(equality=draft, reason=form.cleaned_data["reason"], by=request.user)
        return redirect(address("equality", found))
    return show_form(
        request,
        found,
        form,
        title=_("Drop this draft"),
        submit_label=_("Drop it"),
        cancel_url=address("equality", found),
    )
