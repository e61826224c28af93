"""Enquiries, for those who answer them: list with clocks, one of them, and each act upon it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404, posted
from accounts.models import Kind, Organisation
from accounts.policy import require
from core.errors import IllegalMove, RuleBroken, Text
from core.forms import refused
from transparency.desk_forms import (
    EnquiryFilterForm,
    ForwardForm,
    NoteForm,
    ReferForm,
    ReplyForm,
    SortForm,
    TargetForm,
)
from transparency.enquiry_clocks import clock_of
from transparency.models import Enquiry, EnquiryMessage, EnquiryTarget
from transparency.models.enquiry import OPEN, EnquiryQuerySet, ReferredTo
from transparency.recipients import receives_enquiries, recipients
from transparency.services import enquiry_desk as services

PAGE_SIZE = 25
Status, Author = Enquiry.Status, EnquiryMessage.Author
COLOURS = {
    Status.RECEIVED: "yellow",
    Status.ACKNOWLEDGED: "blue",
    Status.INVESTIGATING: "blue",
    Status.INTERNAL_REVIEW: "yellow",
    Status.ANSWERED: "green",
    Status.REFERRED: "grey",
    Status.CLOSED: "grey",
}


def organisation_of(request: AuthenticatedHttpRequest, slug: str) -> Organisation:
    """The organisation, if it is of a kind that receives enquiries and the user may read them."""
    organisation = organisation_or_404(request.user, slug)
    if not receives_enquiries(organisation):
        raise Http404
    require(request.user, "transparency.read_enquiries", organisation)
    return organisation


def found_or_404(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> Enquiry:
    recipient = organisation_of(request, organisation)
    own = Enquiry.objects.visible_to(request.user).filter(organisation=recipient)
    return get_object_or_404(own.for_list(), reference=reference)


def crumbs(organisation: Organisation, *further: tuple[str, str]) -> list[tuple[str, str]]:
    url = reverse("publishing:enquiries", args=[organisation.slug]) if further else ""
    return [(organisation.local_name, organisation.get_absolute_url()), (_("Enquiries"), url), *further]


def address(enquiry: Enquiry, name: str = "enquiry") -> str:
    return reverse(f"publishing:{name}", args=[enquiry.organisation.slug, enquiry.reference])


@require_safe
def enquiries(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """Those of an organisation: the open ones unless asked otherwise. Three queries beside who is asking."""
    recipient = organisation_of(request, organisation)
    own = Enquiry.objects.visible_to(request.user).filter(organisation=recipient)
    form = EnquiryFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    page = Paginator(_narrowed(own, chosen, request).for_list(), PAGE_SIZE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "organisation": recipient,
        "page_obj": page,
        "rows": [_row(each) for each in page],
        "filters": form,
        "query": query.urlencode(),
        "is_filtered": any(chosen.values()),
        "may_set_target": request.user.has_perm("transparency.set_enquiry_target", recipient),
        "may_erase": request.user.has_perm("transparency.erase_enquirer", recipient),
        "breadcrumbs": crumbs(recipient),
    }
    return render(request, "publishing/enquiries.html", context)


def _narrowed(own: EnquiryQuerySet, chosen: dict[str, str], request: AuthenticatedHttpRequest) -> EnquiryQuerySet:
    if (state := chosen.get("state", "")) != "all":
        own = own.exclude(status__in=OPEN) if state == "done" else own.filter(status__in=OPEN)
    if kind := chosen.get("kind"):
        own = own.filter(kind=kind)
    if whose := chosen.get("whose"):
        own = own.filter(assigned_to=request.user if whose == "me" else None)
    return own


def _row(enquiry: Enquiry) -> dict[str, Any]:
    clock = clock_of(enquiry)
    return {
        "url": address(enquiry),
        "reference": enquiry.reference,
        "kind": capfirst(enquiry.get_kind_display()),
        "system": enquiry.system.local_name if enquiry.system else "",
        "received": enquiry.received_at,
        "language": enquiry.language,
        "due": clock.words,
        "is_over": clock.is_over,
        "given_to": enquiry.assigned_to.get_full_name() if enquiry.assigned_to else "",
        "label": enquiry.get_status_display(),
        "colour": COLOURS[Status(enquiry.status)],
    }


@require_safe
def enquiry(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """One enquiry with its messages and what can be done next."""
    return _page(request, found_or_404(request, organisation, reference))


def _page(request: AuthenticatedHttpRequest, found: Enquiry, *, status: int = 200, **forms: Any) -> HttpResponse:
    user = request.user
    drafts, answers = (user.has_perm(f"transparency.{act}", found) for act in ("draft_reply", "answer_enquiry"))
    said = list(found.messages.select_related("by"))
    initial = {"kind": found.kind, "assigned_to": found.assigned_to_id}
    bodies = _bodies(found) if answers and found.may_forward and found.status in services.BEFORE_ANSWER else []
    context = {
        "organisation": found.organisation,
        "enquiry": found,
        "tag": {"label": found.get_status_display(), "colour": COLOURS[Status(found.status)]},
        "clock": clock_of(found),
        "rows": _facts(found),
        "messages_shown": [_message(each) for each in said],
        "sort": (forms.get("sort") or SortForm(initial=initial, organisation=found.organisation)) if drafts else None,
        "note": (forms.get("note") or NoteForm()) if drafts else None,
        "forward": ForwardForm(bodies=bodies) if bodies else None,
        "may_reply": drafts and found.is_open,
        "may_answer": answers,
        "may_acknowledge": answers and found.status == Status.RECEIVED,
        "may_look_into": answers and found.status in (Status.RECEIVED, Status.ACKNOWLEDGED),
        "may_refer": answers and found.can_move_to(Status.REFERRED),
        "may_close": answers and found.status in (Status.ANSWERED, Status.REFERRED),
        "may_publish": answers and found.kind == Enquiry.Kind.PRINCIPLE and found.may_publish,
        "breadcrumbs": crumbs(found.organisation, (found.reference, "")),
    }
    return render(request, "publishing/enquiry.html", context, status=status)


def _bodies(found: Enquiry) -> list[Organisation]:
    bodies = recipients().filter(kind=Kind.NATIONAL_BODY).exclude(pk=found.organisation_id)
    return list(bodies.order_by("name")[:20])


def _facts(found: Enquiry) -> list[dict[str, Any]]:
    facts = [
        (_("Kind"), capfirst(found.get_kind_display())),
        (_("Camera system"), found.system.local_name if found.system else ""),
        (_("Principle"), found.principle or ""),
        (_("Camera"), found.camera),
        (_("Place"), found.place),
        (_("Day that it is about"), date_format(found.incident_on, "j F Y") if found.incident_on else ""),
        (_("Received"), date_format(found.received_on, "j F Y")),
        (_("Answered"), date_format(timezone.localdate(found.answered_at), "j F Y") if found.answered_at else ""),
        (_("Language"), _("Welsh") if found.language == "cy" else _("English")),
        (_("Name"), found.name),
        (_("Email address"), found.email),
        (_("Outcome"), capfirst(found.get_outcome_display()) if found.outcome else ""),
        (_("Referred to"), str(ReferredTo(found.referred_to).label) if found.referred_to else ""),
    ]
    return [{"key": key, "value": value} for key, value in facts if value]


def _message(message: EnquiryMessage) -> dict[str, Any]:
    who = message.by.get_full_name() if message.by else ""
    return {
        "what": capfirst(message.get_author_display()),
        "is_private": message.author in (Author.NOTE, Author.DRAFT),
        "who": ", ".join(filter(None, (message.post, who))),
        "text": message.text,
        "lang": message.language,
        "at": message.at,
    }


@require_POST
def sort(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Kind, and who works on it."""
    found = found_or_404(request, organisation, reference)
    require(request.user, "transparency.draft_reply", found)
    form = SortForm(request.POST, organisation=found.organisation)
    if not form.is_valid():
        return _page(request, found, status=422, sort=form)
    services.reclassify(enquiry=found, kind=form.cleaned_data["kind"], by=request.user)
    if form.cleaned_data["assigned_to"] != found.assigned_to:
        services.assign(enquiry=found, to=form.cleaned_data["assigned_to"], by=request.user)
    messages.success(request, _("Kept."))
    return redirect(address(found))


@require_POST
def note(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    found = found_or_404(request, organisation, reference)
    require(request.user, "transparency.draft_reply", found)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, note=form)
    services.note(enquiry=found, text=form.cleaned_data["text"], by=request.user)
    messages.success(request, _("Kept."))
    return redirect(address(found))


def _moved(service: Callable[..., None], sentence: Text) -> Callable[..., HttpResponse]:
    """A view that makes one move by one button."""

    @require_POST
    def view(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
        found = found_or_404(request, organisation, reference)
        require(request.user, "transparency.answer_enquiry", found)
        service(enquiry=found, by=request.user)
        messages.success(request, str(sentence))
        return redirect(address(found))

    return view


acknowledge = _moved(services.acknowledge, gettext_lazy("Acknowledged. Whoever asked is told if they left an address."))
look_into = _moved(services.look_into, gettext_lazy("It is being looked into."))
close = _moved(services.close, gettext_lazy("Closed."))


@get_or_post
def reply(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Draft a reply, or send it: an answer, or what came of a review."""
    found = found_or_404(request, organisation, reference)
    require(request.user, "transparency.draft_reply", found)
    if not found.is_open:
        raise IllegalMove(found, Status.ANSWERED)
    may_answer = request.user.has_perm("transparency.answer_enquiry", found)
    draft = found.messages.filter(author=Author.DRAFT).last()
    if draft:
        initial = {"text": draft.text, "post": draft.post, "outcome": draft.outcome}
    else:
        initial = {"post": found.system.spoc_post if found.system else ""}
    form = ReplyForm(posted(request), enquiry=found, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            sentence = _replied(request, found, form, sends="send" in request.POST)
        except RuleBroken as refusal:
            refused(form, refusal)
        else:
            messages.success(request, sentence)
            return redirect(address(found))
    context = {
        "organisation": found.organisation,
        "enquiry": found,
        "form": form,
        "asked": [each for each in found.messages.all() if each.author == Author.PERSON],
        "may_answer": may_answer,
        "breadcrumbs": crumbs(found.organisation, (found.reference, address(found)), (_("Reply"), "")),
    }
    return render(request, "publishing/enquiry_reply.html", context, status=422 if form.errors else 200)


def _replied(request: AuthenticatedHttpRequest, found: Enquiry, form: ReplyForm, *, sends: bool) -> str:
    cleaned = form.cleaned_data
    reply = {"text": cleaned["text"], "post": cleaned["post"], "outcome": cleaned.get("outcome", "")}
    if not sends:
        services.draft(enquiry=found, by=request.user, **reply)
        return _("Kept as a draft. Nothing was sent.")
    require(request.user, "transparency.answer_enquiry", found)
    service = services.conclude_review if found.status == Status.INTERNAL_REVIEW else services.answer
    service(enquiry=found, by=request.user, **reply)
    return _("Sent. Whoever asked is told if they left an address.")


@get_or_post
def refer(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Tell the person whom to ask instead."""
    found = found_or_404(request, organisation, reference)
    require(request.user, "transparency.answer_enquiry", found)
    if not found.can_move_to(Status.REFERRED):
        raise IllegalMove(found, Status.REFERRED)
    form = ReferForm(posted(request), enquiry=found, initial={"post": found.system.spoc_post if found.system else ""})
    if request.method == "POST" and form.is_valid():
        services.refer(enquiry=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("Referred. Whoever asked reads your words at the private address."))
        return redirect(address(found))
    context = {
        "organisation": found.organisation,
        "enquiry": found,
        "form": form,
        "back": address(found),
        "breadcrumbs": crumbs(found.organisation, (found.reference, address(found)), (_("Refer"), "")),
    }
    return render(request, "publishing/enquiry_refer.html", context, status=422 if form.errors else 200)


@require_POST
def forward(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """Give it to a national body, where the person agreed."""
    found = found_or_404(request, organisation, reference)
    require(request.user, "transparency.answer_enquiry", found)
    to = recipients().filter(slug=request.POST.get("to", "")).first()
    if to is None:
        raise RuleBroken(_("It can be passed on to a national body that answers enquiries here."))
    services.forward(enquiry=found, to=to, by=request.user)
    messages.success(request, _("Passed on. It is no longer on your list."))
    return redirect("publishing:enquiries", organisation)


@get_or_post
def target(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """How long the organisation gives itself."""
    recipient = organisation_of(request, organisation)
    require(request.user, "transparency.set_enquiry_target", recipient)
    known = EnquiryTarget.objects.filter(organisation=recipient).first()
    form = TargetForm(posted(request), initial={"working_days": known.working_days if known else None})
    if request.method == "POST" and form.is_valid():
        services.set_target(organisation=recipient, by=request.user, **form.cleaned_data)
        messages.success(request, _("Kept."))
        return redirect("publishing:enquiries", recipient.slug)
    context = {
        "organisation": recipient,
        "form": form,
        "back": reverse("publishing:enquiries", args=[recipient.slug]),
        "breadcrumbs": crumbs(recipient, (_("Service target"), "")),
    }
    return render(request, "publishing/enquiry_target.html", context, status=422 if form.errors else 200)
