"""For people who do not know whose camera it is: by place or description to the controllers that publish there."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode

from accounts.models import Organisation
from transparency.addresses import path_of
from transparency.enquiry_state import begin
from transparency.models import Found, Publication
from transparency.recipients import national_body, recipients
from transparency.search import find
from transparency.views.ask import private
from transparency.views.public import answer, language_of, public

SHORTEST = 3  # letters of what is looked for
LONGEST = 100
MOST = 12


@public
def whose_camera(request: HttpRequest) -> HttpResponse:
    """Controllers for `q`, with whom to write to; and who else may have put a camera up."""
    query = " ".join(request.GET.get("q", "").split())[:LONGEST]
    state = begin(request.GET)
    asked: dict[str, Any] = {name: state[name] for name in ("kind", "camera", "principle") if name in state}
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
    """Controllers by the words of what they published; each system once. Three queries beside those of the search."""
    language = language_of(request)[0].tag
    results = find(query, language=language, kinds=(Found.AUTHORITY, Found.SYSTEM), limit=MOST)
    systems = [each.path for each in results if each.kind == Found.SYSTEM]
    published = {
        each.path: each for each in Publication.objects.of_systems().current().filter(path__in=systems).for_list()
    }
    organisations = (
        Organisation.objects.outward().current().operators().in_bulk({each.organisation for each in results})
    )
    reading = set(recipients().filter(pk__in=organisations).values_list("pk", flat=True))
    rows = []
    for each in results:
        if (organisation := organisations.get(each.organisation)) is None:
            continue
        publication = published.get(each.path)
        row = _row(request, organisation, asked, publication)
        rows.append({**row, "why": each.local_matched(language), "reads_here": organisation.pk in reading})
    with_system = {row["organisation"].pk for row in rows if row["system"]}
    return [row for row in rows if row["system"] or row["organisation"].pk not in with_system]


def _row(
    request: HttpRequest, organisation: Organisation, asked: dict[str, Any], publication: Publication | None
) -> dict[str, Any]:
    summary = publication.summary if publication else {}
    query = {"authority": organisation.slug, **asked}
    if publication:
        query["system"] = publication.path.rstrip("/").rpartition("/")[2]
    return {
        "organisation": organisation,
        "name": organisation.local_name,
        "url": f"{language_of(request)[0].address(path_of('ask'))}?{urlencode(query)}",
        "system": publication.local_title if publication else "",
        "path": publication.path if publication else "",
        "post": summary.get("spoc_post", ""),
        "email": summary.get("spoc_email", ""),
    }
