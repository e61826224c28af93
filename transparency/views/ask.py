"""Asking about cameras, for everybody: kind, controller, matter, how to answer, check, receipt.

No account, cookie or session: what was typed goes from page to page in a signed field; sending twice is one enquiry.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import Kind as OrganisationKind
from accounts.models import Organisation
from core.errors import Problem, RuleBroken
from core.forms import GovukForm
from core.limits import within
from transparency import enquiry_state as states
from transparency.addresses import path_of
from transparency.controllers import Controller, controller_of, kept_words
from transparency.enquiry_clocks import what_the_law_gives
from transparency.enquiry_forms import KindForm, MatterForm, YouForm
from transparency.enquiry_state import State
from transparency.models.enquiry import EnquiryKind
from transparency.recipients import national_body, recipients
from transparency.services.enquiries import Asked, TooManyEnquiries, receive
from transparency.views.public import answer, language_of

STEPS = ("kind", "matter", "you")
MOST_PAGES_OF_A_PLACE = 60  # a minute; a library or a whole council may be one place of the network
MOST_OF_A_PLACE = 20  # enquiries an hour
AN_HOUR = 3600
TRAP = "website"  # a field that people do not see


class Asking:
    """One enquiry on its way: what was given so far, and to whom it goes. Two or three queries."""

    def __init__(self, request: HttpRequest, state: State) -> None:
        self.request, self.state = request, state
        self.language = language_of(request)[0]
        found = Organisation.objects.outward().current().at(state.get("authority", ""))
        self.named = found if found and (found.runs_cameras or found.kind == OrganisationKind.NATIONAL_BODY) else None
        self.recipient: Organisation | None = None
        self.controller: Controller | None = None
        if self.named is not None:
            self.controller = controller_of(self.named, state.get("system", ""))
            self.recipient = self._recipient(self.named)

    def _recipient(self, named: Organisation) -> Organisation | None:
        """Who reads it here; a camera on no list goes to the national body where the authority reads nothing here."""
        if recipients().filter(pk=named.pk).exists():
            return named
        return national_body() if self.kind == EnquiryKind.UNLISTED_CAMERA else None

    @property
    def kind(self) -> str:
        return str(self.state.get("kind", ""))

    def form(self, step: str, data: Any = None) -> GovukForm:
        initial = {**self.state, "day": states.day_of(self.state)}
        if step == "kind":
            return KindForm(data, initial=initial)
        if step == "matter":
            return MatterForm(data, initial=initial, kind=self.kind, camera=self.state.get("camera", ""))
        forwards = self.recipient is not None and self.recipient.kind != OrganisationKind.NATIONAL_BODY
        return YouForm(data, initial=initial, forwards=forwards)

    def next_page(self) -> HttpResponse:
        """The first thing that is not known yet, else all of it to check."""
        if not self.kind:
            return self.step_page("kind")
        if self.controller is None:
            return self.page("ask_controller.html", {})
        if self.recipient is None:
            return self.page("ask_elsewhere.html", {})
        missing = next((step for step in STEPS if not self.is_done(step)), None)
        return self.step_page(missing) if missing else self.check_page()

    def is_done(self, step: str) -> bool:
        return step == "kind" or step in self.state.get("done", ())

    def step_page(self, step: str, form: GovukForm | None = None, *, status: int = 0) -> HttpResponse:
        form = form or self.form(step)
        context = {"form": form, "step": step, "is_last": step == "you"}
        return self.page(f"ask_{step}.html", context, status=status or (422 if form.errors else 200))

    def check_page(self, sentence: str = "", *, status: int = 200) -> HttpResponse:
        self.state = states.with_token(self.state)
        context = {"rows": self.rows(), "summary": [Problem(sentence)] if sentence else None}
        return self.page("ask_check.html", context, status=status)

    def page(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        day = states.day_of(self.state)
        shown = {
            "state": states.written(self.state),
            "kind": self.kind,
            "kind_label": capfirst(str(EnquiryKind(self.kind).label)) if self.kind else "",
            "law": what_the_law_gives(self.kind) if self.kind else "",
            "controller": self.controller,
            "named": self.named,
            "recipient": self.recipient,
            "day": day,
            "kept": kept_words(self.controller, day) if self.controller else [],
            "asks_for_footage": self.kind == EnquiryKind.FOOTAGE,
            "is_proposed": self.kind == EnquiryKind.PROPOSED_CAMERA,
            "letter": self.letter_query(),
            "kept_months": settings.ENQUIRY_KEPT_MONTHS,
        }
        response = answer(self.request, f"transparency/{template}", {**shown, **context}, status=status, seconds=0)
        return private(response)

    def letter_query(self) -> str:
        parts = {"authority": self.named.slug if self.named else "", "system": self.state.get("system", "")}
        parts["day"] = self.state.get("day", "")
        return "&".join(f"{name}={value}" for name, value in parts.items() if value)

    def rows(self) -> list[dict[str, Any]]:
        """All that was given, with a way back to where it was given."""
        state, form = self.state, MatterForm(kind=self.kind, camera=self.state.get("camera", ""))
        day = states.day_of(state)
        rows: list[dict[str, Any]] = [
            {"key": _("What is it about?"), "value": capfirst(str(EnquiryKind(self.kind).label)), "step": "kind"},
            {"key": _("To whom it goes"), "value": self.recipient.local_name if self.recipient else "", "step": ""},
        ]
        if self.controller and self.controller.title:
            rows.append({"key": _("Camera system"), "value": self.controller.title, "step": ""})
        values = {**state, "day": date_format(day, "j F Y") if day else ""}
        if "may_publish" in form.fields:
            values["may_publish"] = _("Yes") if state.get("may_publish") else _("No")
        for name, each in form.fields.items():
            rows.append({"key": each.label, "value": values.get(name) or _("not given"), "step": "matter"})
        for name, each in YouForm().fields.items():
            value = state.get(name)
            if name == "may_forward":
                value = _("Yes") if value else _("No")
            rows.append({"key": each.label, "value": value or _("not given"), "step": "you"})
        return rows


@csrf_exempt  # nobody is signed in here; what another site sends is what anybody could send
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The next page of an enquiry. 422 where something is missing, 429 where too many came."""
    if request.method != "POST":
        return Asking(request, states.begin(request.GET)).next_page()
    place = get_adapter().get_client_ip(request)
    try:
        state = states.read(request.POST.get("state", ""))
    except BadSignature:
        sentence = _("This page is damaged or too old. Begin again.")
        return _said(Asking(request, states.begin(request.GET)), sentence, status=422)
    asking = Asking(request, state)
    if not within("enquiry-page", place, most=MOST_PAGES_OF_A_PLACE):
        return _said(asking, _too_often(), status=429)
    if request.POST.get(TRAP):
        return _said(asking, _("Leave the field empty that is not for people."), status=422)
    return _send(asking, place) if "send" in request.POST else _take(asking)


def _take(asking: Asking) -> HttpResponse:
    """What was typed on one page, kept if it is right. The private address is made anew after it: whoever can read an
    earlier state, such as a site that had it sent, knows no address of what is written from here on.
    """
    asking.state = {name: value for name, value in asking.state.items() if name != "token"}
    if (back := asking.request.POST.get("change", "")) in STEPS:
        return asking.step_page(back)
    step = asking.request.POST.get("step", "")
    if step not in STEPS or (step != "kind" and (asking.recipient is None or not asking.kind)):
        return asking.next_page()
    form = asking.form(step, asking.request.POST)
    if not form.is_valid():
        return asking.step_page(step, form)
    state = {**asking.state, **states.plain(form.cleaned_data)}
    done = {*asking.state.get("done", ()), step}
    if step == "kind" and form.cleaned_data["kind"] != asking.kind:
        done -= {"matter"}  # another kind asks for other things
    return Asking(asking.request, {**state, "done": sorted(done)}).next_page()


def _send(asking: Asking, place: str) -> HttpResponse:
    state = asking.state
    if "token" not in state or asking.recipient is None or not all(map(asking.is_done, STEPS)):
        return asking.next_page()
    if states.too_quick(state) or states.too_old(state):
        asking.state = states.renewed(state)
        return asking.check_page(_("Read it once more, then send it."), status=422)
    if not within("enquiry", place, most=MOST_OF_A_PLACE, seconds=AN_HOUR):
        return asking.check_page(_too_often(), status=429)
    token = state["token"]
    shown = {"kind", *asking.form("matter").fields, *asking.form("you").fields}  # nothing that another kind asked for
    given = {name: state[name] for name in shown - {"day"} if state.get(name)}
    day = states.day_of(state) if "day" in shown else None
    asked = Asked(**given, token=token, incident_on=day, language=asking.language.tag)
    own = asking.controller if asking.recipient == asking.named else None
    address = asking.language.address(path_of("follow", token))
    try:
        enquiry = receive(
            organisation=asking.recipient,
            system=own.system() if own else None,
            asked=asked,
            address=f"{settings.PORTAL_ORIGIN}{address}",
        )
    except RuleBroken as refusal:
        status = 429 if isinstance(refusal, TooManyEnquiries) else 422
        return asking.check_page(str(refusal.sentence), status=status)
    return asking.page("ask_thanks.html", {"enquiry": enquiry, "address": address, "origin": settings.PORTAL_ORIGIN})


def _too_often() -> str:
    return _("Too many enquiries came from here in a short time. Keep your text and try again later.")


def _said(asking: Asking, sentence: str, *, status: int) -> HttpResponse:
    """A sentence above the page on which the enquiry stands."""
    response = asking.page("ask_refused.html", {"sentence": sentence}, status=status)
    if status == 429:
        response["Retry-After"] = "600"
    return response


def private(response: HttpResponse) -> HttpResponse:
    """No cache keeps it, no search engine lists it, and no other site learns the address of it."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
