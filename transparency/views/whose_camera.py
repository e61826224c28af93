"""For people who do not know whose camera it is: by place or description to the controllers that publish there."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode

from accounts.models import Organisation
from transparency.addresses import path_of
from transparency.enquiry_state import begin
from transparency.models import Publication, PublicCamera
from transparency.recipients import national_body, recipients
from transparency.views.ask import private
from transparency.views.public import answer, language_of, public

SHORTEST = 3  # letters of what is looked for
LONGEST = 100
MOST_CAMERAS, MOST = 200, 12


@public
def whose_camera(request: HttpRequest) -> HttpResponse:
    """Controllers for `q`, with whom to write to; and who else may have put a camera up."""
    query = " ".join(request.GET.get("q", "").split())[:LONGEST]
    state = begin(request.GET)
    asked = {name: state[name] for name in ("kind", "camera", "principle") if name in state}
    context = {
        "asked_for": query,
        "asked": asked,
        "is_short": bool(query) and len(query) < SHORTEST,
        "found": _found(request, query, asked) if len(query) >= SHORTEST else [],
        "national": national_body(),
        "unlisted_query": urlencode({**asked, "kind": "unlisted_camera"}),
    }
    parts = urlencode({**asked, "q": query}) if query else urlencode(asked)
    return private(answer(request, "transparency/whose_camera.html", context, seconds=0, query=parts))


def _found(request: HttpRequest, query: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Cameras by their words first, then organisations by name; each controller and system once. Five queries."""
    words = query.split()[:6]
    cameras = PublicCamera.objects.all()
    for word in words:
        cameras = cameras.filter(Q(location__icontains=word) | Q(ward__icontains=word) | Q(locality__icontains=word))
    at: dict[str, str] = {}
    for path, location, ward in cameras.values_list("path", "location", "ward")[:MOST_CAMERAS]:
        at.setdefault(path, ", ".join(filter(None, (location, ward))))
    named = Organisation.objects.current().operators()
    for word in words:
        named = named.filter(Q(name__icontains=word) | Q(name_cy__icontains=word))
    organisations = {each.pk: each for each in named.order_by("name")[:MOST]}
    published = (
        Publication.objects.of_systems()
        .current()
        .filter(Q(path__in=list(at)[:MOST]) | Q(organisation__in=list(organisations)))
        .for_list()[: 4 * MOST]
    )
    rows = sorted((_system_row(request, each, at, asked) for each in published), key=lambda row: not row["why"])
    seen = {each["organisation"].pk for each in rows}
    rows += [_row(request, each, asked) for pk, each in organisations.items() if pk not in seen]
    reading = set(recipients().filter(pk__in=[row["organisation"].pk for row in rows]).values_list("pk", flat=True))
    return [{**row, "reads_here": row["organisation"].pk in reading} for row in rows[:MOST]]


def _system_row(
    request: HttpRequest, publication: Publication, at: dict[str, str], asked: dict[str, Any]
) -> dict[str, Any]:
    slug = publication.path.rstrip("/").rpartition("/")[2]
    return {
        **_row(request, publication.organisation, {**asked, "system": slug}),
        "system": publication.local_title,
        "path": publication.path,
        "why": at.get(publication.path, ""),
        "post": publication.summary.get("spoc_post", ""),
        "email": publication.summary.get("spoc_email", ""),
    }


def _row(request: HttpRequest, organisation: Organisation, asked: dict[str, Any]) -> dict[str, Any]:
    query = urlencode({"authority": organisation.slug, **asked})
    root = language_of(request)[0]
    return {
        "organisation": organisation,
        "name": organisation.local_name,
        "url": f"{root.address(path_of('ask'))}?{query}",
    }
