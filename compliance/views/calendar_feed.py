"""The calendar at a secret address, for programs that cannot sign in."""

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from compliance.due_dates import days_of, name_of
from compliance.ics import calendar
from compliance.services.calendars import open_feed
from core.limits import within

MINUTES_KEPT = 15
MOST_OF_AN_ADDRESS = 12  # requests a minute; programs ask every few hours
MOST_OF_A_PLACE = 120  # a whole council may come from one place of the network


@login_not_required
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The days as iCalendar. 404 for an unknown or revoked address, 429 for who asks too often."""
    place = get_adapter().get_client_ip(request)
    often = [within("calendar", secret, most=MOST_OF_AN_ADDRESS), within("calendar", place, most=MOST_OF_A_PLACE)]
    if not all(often):
        return _wait()
    found = open_feed(secret=secret)
    if found is None:
        raise Http404
    with translation.override(found.user.language):
        content = calendar(name_of(found), days_of(found), now=timezone.now())
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": 'inline; filename="calendar.ics"',
            "Cache-Control": f"private, max-age={MINUTES_KEPT * 60}",
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex",
        },
    )


def _wait() -> HttpResponse:
    """Django would log the address of a refusal, and this address is a secret that still works."""
    response = HttpResponse(
        "Too many requests.\n", status=429, content_type="text/plain", headers={"Retry-After": "60"}
    )
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
