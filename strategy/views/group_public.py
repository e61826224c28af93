"""Groups for everybody: the list, a group, the minutes of a meeting, its open papers, the dates ahead. From frozen
publications alone.
"""

import datetime as dt
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from compliance.ics import calendar
from core.bilingual import local_words
from core.downloads import download
from core.errors import RuleBroken
from core.limits import within
from strategy import group_pages
from strategy.models import AgendaItem, Group
from strategy.services import group_calendars, groups
from strategy.services.publish_group import newest_of_group
from transparency.models import Publication
from transparency.views.public import answer, cached, language_of, public

GONE = 410
MINUTES_KEPT = 15
MOST_OF_AN_ADDRESS = 12  # requests a minute; programs ask every few hours
MOST_OF_A_PLACE = 120


@public
def group_list(request: HttpRequest) -> HttpResponse:
    """Two queries."""
    language, _path = language_of(request)
    with override(language.code):
        context = {"groups": group_pages.published_groups(), "archives": group_pages.archives()}
    return answer(request, "strategy/groups_public.html", context)


def _group_or_404(slug: str) -> Publication:
    found = newest_of_group(slug)
    if found is None:
        raise Http404
    return found


@public
def group(request: HttpRequest, slug: str) -> HttpResponse:
    """410 with the reason where it was withdrawn; its minutes stay where they are. Two queries."""
    publication = _group_or_404(slug)
    language, _path = language_of(request)
    with override(language.code):
        minutes = group_pages.minutes_of(slug)
        if publication.is_withdrawn:
            return _withdrawn(request, publication, minutes=minutes, slug=slug)
        context = {
            "shown": group_pages.group_shown(publication.facts()),
            "slug": slug,
            "publication": publication,
            "minutes": minutes,
            "as_of": timezone.localdate(publication.published_at),
        }
    return answer(request, "strategy/group_public.html", context)


def _withdrawn(request: HttpRequest, publication: Publication, **more: Any) -> HttpResponse:
    context = {"publication": publication, "as_of": publication.ended_at, **more}
    return answer(request, "strategy/group_withdrawn.html", context, status=GONE)


def _minutes_or_404(slug: str, label: str) -> Publication:
    found = Publication.objects.newest_at(f"/groups/{slug}/meetings/{label}/")
    if found is None or found.kind != Publication.Kind.MEETING:
        raise Http404
    return found


@public
def meeting(request: HttpRequest, slug: str, label: str) -> HttpResponse:
    """410 with the reason where they were withdrawn. Three queries."""
    publication = _minutes_or_404(slug, label)
    language, _path = language_of(request)
    with override(language.code):
        if publication.is_withdrawn:
            return _withdrawn(request, publication, slug=slug)
        context = {
            "shown": group_pages.meeting_shown(publication.facts()),
            "publication": publication,
            "others": [each for each in group_pages.minutes_of(slug) if _goes_with(each["label"], label)],
            "as_of": timezone.localdate(publication.published_at),
        }
    return answer(request, "strategy/meeting_public.html", context)


def _goes_with(label: str, this: str) -> bool:
    """Whether it is another one of the same number: the meeting of an addendum, or an addendum of the meeting."""
    return label != this and label.partition(".")[0] == this.partition(".")[0]


@public
def paper(_request: HttpRequest, slug: str, label: str, number: int) -> HttpResponseBase:
    """A paper that is published: those very bytes, or nothing."""
    publication = _minutes_or_404(slug, label)
    if publication.is_withdrawn:
        raise Http404
    items = [each for each in publication.facts()["items"] if each["number"] == number]
    known = items[0]["paper"] if items else None
    if known is None or known["is_closed"] or not known.get("sha256"):
        raise Http404
    items_now = AgendaItem.objects.filter(meeting__reference=publication.subject_reference, number=number)
    item = items_now.filter(paper_sha256=known["sha256"], is_closed=False).first()
    if item is None:
        raise Http404
    return cached(download(item.paper.open(), name=known["name"], media_type=item.paper_type))


@public
def dates(request: HttpRequest, slug: str) -> HttpResponse:
    """The dates ahead as they were published, for calendar programs. One query."""
    publication = _group_or_404(slug)
    if publication.is_withdrawn:
        raise Http404
    language, _path = language_of(request)
    with override(language.code):
        content = publication.facts()
        address = settings.PORTAL_ORIGIN + language.address(publication.path)
        events = group_calendars.public_events(content, address)
        text = calendar(local_words(content["name"]), events, now=timezone.now())
    return cached(_ics(text, f"{slug}.ics"))


def _ics(text: bytes, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@public
def private_dates(request: HttpRequest, secret: str) -> HttpResponse:
    """Meetings of all groups of one person, at a secret address. 404 for an unknown one, 429 for who asks too often."""
    place = get_adapter().get_client_ip(request)
    often = [
        within("group-calendar", secret, most=MOST_OF_AN_ADDRESS),
        within("group-calendar", place, most=MOST_OF_A_PLACE),
    ]
    if not all(often):
        return _quiet(HttpResponse("Too many requests.\n", status=429, content_type="text/plain"))
    user = group_calendars.owner_of(secret)
    if user is None:
        raise Http404
    with override(user.language):
        text = calendar(_("Meetings of groups"), group_calendars.events_for(user), now=timezone.now())
    response = _quiet(_ics(text, "meetings.ics"))
    response["Cache-Control"] = f"private, max-age={dt.timedelta(minutes=MINUTES_KEPT).seconds}"
    return response


def _quiet(response: HttpResponse) -> HttpResponse:
    """The address is a key: no search engine keeps it, and no log one that still works."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


@login_not_required
@csrf_exempt  # RFC 8058: the program that reads mail sends it without having seen a page
@require_http_methods(["GET", "HEAD", "POST"])
def mail_end(request: HttpRequest, token: str) -> HttpResponse:
    """A button first: programs that look into mails open links, and end nothing by that."""
    status, sentence = 200, ""
    group: Group | None = None
    try:
        group, user = groups.behind_no_mail_link(token)
        if request.method == "POST":
            groups.choose_mail(group=group, user=user, takes_mail=False)
            sentence = _("Ended. You get no more mail of this group.")
    except RuleBroken as refusal:
        status, sentence = 404, str(refusal.sentence)
    context = {"group": group, "sentence": sentence}
    return _quiet(answer(request, "strategy/group_mail_end.html", context, status=status, seconds=0))
