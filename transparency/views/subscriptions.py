"""Asking to be told of changes by mail, confirming it, and ending it. No account, no cookie."""

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.errors import RuleBroken
from core.forms import GovukForm
from core.limits import within
from transparency.models import Subscription
from transparency.services import subscriptions as services
from transparency.views.ask import TRAP, private
from transparency.views.follow_up import quiet
from transparency.views.public import answer, language_of

MOST_OF_A_PLACE = 20  # an hour
AN_HOUR = 3600
LONGEST_KEY = 80
SENT = gettext_lazy(
    "Look into your mailbox: a mail asks you to confirm. It comes only if you had not confirmed before."
)


class SubscribeForm(GovukForm):
    email = forms.EmailField(
        label=gettext_lazy("Your email address"),
        help_text=gettext_lazy("It is used for these mails only, and erased when you end them."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


@csrf_exempt  # nobody is signed in; nothing happens before the owner of the mailbox confirms
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """`?kind=&key=` says what of: an authority's slug, the reference of a system or certificate."""
    kind, key = request.GET.get("kind", Subscription.Kind.CONSULTATIONS.value), request.GET.get("key", "")
    if kind not in Subscription.Kind.values or len(key) > LONGEST_KEY:
        raise Http404
    form = SubscribeForm(request.POST if request.method == "POST" else None)
    status = 200
    try:
        title = services.title_of(kind, key)
    except RuleBroken as error:
        raise Http404 from error
    if request.method == "POST":
        place = get_adapter().get_client_ip(request)
        if not within("subscribe", place, most=MOST_OF_A_PLACE, seconds=AN_HOUR):
            return _said(request, _("Too many requests came from here. Try again later."), status=429)
        if form.is_valid() and not request.POST.get(TRAP):
            language = language_of(request)[0].tag
            services.subscribe(kind=kind, key=key, email=form.cleaned_data["email"], language=language)
            return _said(request, str(SENT))
        status = 422
    query = urlencode({"kind": kind, "key": key})
    context: dict[str, Any] = {"form": form, "subject": title, "query": query}
    return private(answer(request, "transparency/subscribe.html", context, status=status, seconds=0, query=query))


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A button first: programs that look into mails open links, and confirm nothing by that."""
    try:
        if request.method != "POST":
            asked = services.to_confirm(token=token)
            heading, label = _("Confirm that you want to be told"), _("Yes, tell me of changes")
            return _button(request, heading, label, services.title_of(asked.kind, asked.key))
        services.confirm(token=token)
    except RuleBroken as refusal:
        return _said(request, str(refusal.sentence), status=410)
    return _said(request, _("Confirmed. You are told when something changes, at most once a day."))


@login_not_required
@csrf_exempt  # RFC 8058: the program that reads mail sends it without having seen a page
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, token: str) -> HttpResponse:
    if request.method != "POST":
        return _button(request, _("End these mails"), _("Send me no more mails"))
    try:
        services.end(token=token)
    except RuleBroken as refusal:
        return _said(request, str(refusal.sentence), status=410)
    return _said(request, _("Ended. Your address is erased."))


def _button(request: HttpRequest, heading: str, label: str, subject: str = "") -> HttpResponse:
    context = {"heading": heading, "label": label, "subject": subject}
    return quiet(private(answer(request, "transparency/subscription_button.html", context, seconds=0)))


def _said(request: HttpRequest, sentence: str, *, status: int = 200) -> HttpResponse:
    context = {"sentence": sentence}
    return quiet(private(answer(request, "transparency/subscription_said.html", context, status=status, seconds=0)))
