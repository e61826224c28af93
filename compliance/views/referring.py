"""The public form behind an operator's link: anybody asks for a camera, in English or Welsh. It sets no cookie."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from accounts.access import get_or_post
from compliance.forms.referrals import ReferralForm
from compliance.models import ReferralAddress
from compliance.referring import LinkClosed, address_of
from compliance.services.referrals import receive
from compliance.views.language_links import language_links
from core.errors import RuleBroken
from core.forms import refused
from core.limits import within

MOST_OF_A_PLACE = 10  # sent in a minute; a whole council may come from one place of the network
MOST_OF_ALL = 60


@csrf_exempt  # nobody is signed in here: a forged request could do nothing that anybody cannot do
@login_not_required
@never_cache
@get_or_post
def form(request: HttpRequest, token: str) -> HttpResponse:
    """404 for a link that is closed or was never made."""
    response = _answer(request, token)
    # A link is a key: no search engine keeps the page.
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _answer(request: HttpRequest, token: str) -> HttpResponse:
    try:
        address = address_of(token)
    except LinkClosed:
        return _closed(request)
    asked = ReferralForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if asked.is_valid():
            if not _not_too_often(request):
                asked.add_error(
                    None, _("Too much was sent from here in the last minute. Wait a minute, then send again.")
                )
                status = 429
            else:
                try:
                    kept = receive(address=address, values=asked.cleaned_data, language=_language())
                except LinkClosed:
                    return _closed(request)
                except RuleBroken as refusal:
                    refused(asked, refusal)
                else:
                    return render(request, "referring/thanks.html", _context(request, address) | {"kept": kept})
    response = render(request, "referring/form.html", _context(request, address) | {"form": asked}, status=status)
    if status == 429:
        response["Retry-After"] = "60"
    return response


def _not_too_often(request: HttpRequest) -> bool:
    place = get_adapter().get_client_ip(request)
    return all([within("refer", place, most=MOST_OF_A_PLACE), within("refer", "everybody", most=MOST_OF_ALL)])


def _language() -> str:
    return "cy" if get_language() == "cy" else "en"


def _closed(request: HttpRequest) -> HttpResponse:
    return render(request, "referring/closed.html", {"language_links": language_links(request)}, status=404)


def _context(request: HttpRequest, address: ReferralAddress) -> dict[str, Any]:
    return {"operator": address.operator, "language_links": language_links(request)}
