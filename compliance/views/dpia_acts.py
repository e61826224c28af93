"""Moving an assessment on: screening out, advice, the ICO, signature, confirmation, and doing it again."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.access import AuthenticatedHttpRequest, get_or_post, posted, refused_password
from accounts.models import User
from accounts.policy import require
from compliance.dpia_content import content_of, missing_before_signature
from compliance.forms.dpias import AdviceForm, AgainForm, AnswerAdviceForm, DpiaSignForm, IcoAnswerForm, ReasonForm
from compliance.frozen import digest
from compliance.models import Dpia
from compliance.services import dpia_elsewhere, dpias
from compliance.views import dpia_page
from compliance.views.dpia_finding import crumbs_to, dpia_or_404, show_form
from core.errors import IllegalMove, Text

Status = Dpia.Status


def _found(request: AuthenticatedHttpRequest, organisation: str, reference: str, permission: str) -> Dpia:
    found = dpia_or_404(request, organisation, reference)
    require(request.user, f"compliance.{permission}", found)
    return found


def _in_state(dpia: Dpia, status: str, *states: str) -> None:
    if dpia.status not in states:
        raise IllegalMove(dpia, status)


Act = Callable[[str, User], None]


def _with_reason(
    request: AuthenticatedHttpRequest, found: Dpia, act: Act, *, title: Text, label: Text, hint: Text = "", done: str
) -> HttpResponse:
    """A page that asks for one text, then acts."""
    form = ReasonForm(posted(request), label=label, hint=hint)
    if request.method == "POST" and form.is_valid():
        act(form.cleaned_data["reason"], request.user)
        messages.success(request, done)
        return redirect(found)
    return show_form(request, found, form, title=title, submit_label=str(title))


@get_or_post
def not_required(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Record that no assessment is needed."""
    found = _found(request, organisation, reference, "move_dpia")
    _in_state(found, Status.NOT_REQUIRED, Status.SCREENING)
    return _with_reason(
        request,
        found,
        lambda reason, by: dpias.find_not_required(dpia=found, reason=reason, by=by),
        title=_("Record that no assessment is needed"),
        label=_("Why is none needed?"),
        hint=_("The reason stands on record with your name and can be asked for."),
        done=_("Recorded. When something changes, it can be screened again."),
    )


@get_or_post
def screen_again(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Something changed since no assessment was needed."""
    found = _found(request, organisation, reference, "move_dpia")
    _in_state(found, Status.SCREENING, Status.NOT_REQUIRED)
    return _with_reason(
        request,
        found,
        lambda reason, by: dpias.screen_again(dpia=found, reason=reason, by=by),
        title=_("Screen again"),
        label=_("What changed?"),
        done=_("Answer the screening questions again."),
    )


@require_POST
def begin(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Make the assessment."""
    found = _found(request, organisation, reference, "move_dpia")
    dpias.begin(dpia=found, by=request.user)
    return redirect(found)


@require_POST
def ask(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Give it to the data protection officer."""
    found = _found(request, organisation, reference, "move_dpia")
    dpias.ask_advice(dpia=found, by=request.user)
    messages.success(request, _("The data protection officer is asked for advice."))
    return redirect(found)


@get_or_post
def advice(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The data protection officer reads it as a whole and advises."""
    found = _found(request, organisation, reference, "advise_on_dpia")
    _in_state(found, Status.DPO_ADVICE, Status.DPO_ADVICE)
    form = AdviceForm(posted(request), initial={"reason": found.advice})
    if request.method == "POST" and form.is_valid():
        dpias.advise(dpia=found, text=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Your advice is recorded, and the scheme managers are told."))
        return redirect(found)
    whole = dpia_page.whole(found)
    return show_form(request, found, form, title=_("Advice"), submit_label=_("Give this advice"), whole=whole)


@get_or_post
def advice_answer(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Whether the advice is followed."""
    found = _found(request, organisation, reference, "move_dpia")
    _in_state(found, Status.CONSULTATION, Status.DPO_ADVICE)
    form = AnswerAdviceForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if data["followed"] == "no" and not data["reason"]:
            form.add_error("reason", _("Say why the advice is not followed."))
        else:
            followed = data["followed"] == "yes"
            dpias.answer_advice(dpia=found, followed=followed, reason=data["reason"], by=request.user)
            return redirect(found)
    rows = [{"key": _("Advice"), "value": found.advice or _("None yet")}]
    return show_form(request, found, form, title=_("Answer the advice"), rows=rows)


@get_or_post
def give_back(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Back to draft, with what should be changed."""
    found = _found(request, organisation, reference, "return_dpia")
    _in_state(found, Status.DRAFT, Status.DPO_ADVICE, Status.CONSULTATION, Status.HIGH_RESIDUAL_RISK)
    return _with_reason(
        request,
        found,
        lambda reason, by: dpias.return_to_draft(dpia=found, reason=reason, by=by),
        title=_("Return it to draft"),
        label=_("What should be changed?"),
        hint=_("Advice is asked for again afterwards."),
        done=_("It is in draft again."),
    )


@get_or_post
def ico(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The ICO is consulted about a high risk that is left."""
    found = _found(request, organisation, reference, "move_dpia")
    _in_state(found, Status.ICO_CONSULTED, Status.HIGH_RESIDUAL_RISK)
    return _with_reason(
        request,
        found,
        lambda note, by: dpias.consult_ico(dpia=found, note=note, by=by),
        title=_("Record that the ICO is consulted"),
        label=_("What was the ICO asked, and when?"),
        done=_("Recorded. Enter the answer here when it comes."),
    )


@get_or_post
def ico_answer(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """What the ICO answered."""
    found = _found(request, organisation, reference, "move_dpia")
    _in_state(found, Status.DRAFT, Status.ICO_CONSULTED)
    form = IcoAnswerForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        dpias.record_ico_answer(dpia=found, answer=data["reason"], goes_on=data["goes_on"] == "yes", by=request.user)
        return redirect(found)
    return show_form(request, found, form, title=_("Record what the ICO answered"))


@get_or_post
def stop(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Give it up; the record stays."""
    found = _found(request, organisation, reference, "move_dpia")
    _in_state(found, Status.STOPPED, Status.DRAFT, Status.HIGH_RESIDUAL_RISK)
    return _with_reason(
        request,
        found,
        lambda reason, by: dpias.stop(dpia=found, reason=reason, by=by),
        title=_("Stop this assessment"),
        label=_("Why does it stop?"),
        done=_("It is stopped. The record stays."),
    )


@sensitive_post_parameters("password")
@get_or_post
def sign(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The senior responsible officer reads the whole and signs it, with the password again."""
    found = _found(request, organisation, reference, "sign_dpia")
    _in_state(found, Status.SIGNED_OFF, Status.CONSULTATION)
    form = DpiaSignForm(posted(request))
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid() and not (status := refused_password(request, form)):
        names = ("typed_name", "post", "review_on", "read_sha256")
        signature = {name: form.cleaned_data[name] for name in names}
        dpias.sign_off(dpia=found, by=request.user, password_checked=True, **signature)
        messages.success(request, _("The assessment is signed and frozen."))
        return redirect(found)
    sha256 = digest(content_of(found))
    form.initial["read_sha256"] = sha256
    context = {
        "organisation": found.operator,
        "dpia": found,
        "blockers": missing_before_signature(found),
        "facts": dpia_page.facts(found, dpia_page.covered(found)),
        "whole": dpia_page.whole(found),
        "changed": dpia_page.changed(found),
        "sha256": sha256,
        "form": form,
        "breadcrumbs": crumbs_to(found, (_("Read and sign"), "")),
    }
    return render(request, "compliance/dpia_sign.html", context, status=status)


@get_or_post
def again(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """A successor: a draft with what the signed one says."""
    found = _found(request, organisation, reference, "move_dpia")
    _in_state(found, Status.DRAFT, Status.SIGNED_OFF)
    form = AgainForm(posted(request))
    if request.method == "POST" and form.is_valid():
        made = dpias.succeed(dpia=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("A draft is made with what was signed. It replaces this one when it is signed."))
        return redirect(made)
    lead = _("The signed one stays in force until its successor is signed.")
    return show_form(request, found, form, title=_("Do it again"), submit_label=_("Make a draft"), lead=lead)


@require_POST
def confirm(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The senior responsible officer says: this is what was signed elsewhere."""
    found = _found(request, organisation, reference, "sign_dpia")
    dpia_elsewhere.confirm(dpia=found, by=request.user, post=_("Senior responsible officer"))
    messages.success(request, _("Confirmed. It counts from now on."))
    return redirect(found)


@get_or_post
def decline(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """The senior responsible officer does not confirm it, and says why."""
    found = _found(request, organisation, reference, "sign_dpia")
    _in_state(found, Status.STOPPED, Status.ELSEWHERE)
    return _with_reason(
        request,
        found,
        lambda reason, by: dpia_elsewhere.decline(dpia=found, reason=reason, by=by),
        title=_("Do not confirm it"),
        label=_("Why do you not confirm it?"),
        done=_("Not confirmed. The reason stands with the record."),
    )
