"""Published agreements for everybody: the register, each with its standing today, versions and PDF. All live."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import override

from core.dates import today
from slas.inheritance import inherited_parties
from transparency import agreement_register as register
from transparency.agreement_standing import worth
from transparency.agreement_uptake import uptake_by_force, uptake_of
from transparency.models import AgreementCopy, Publication
from transparency.pages.agreements import newest_of, what_is_agreed
from transparency.views.public import answer, cached, language_of, public

GONE = 410
SOON_SECONDS = 5


@public
def agreements(request: HttpRequest) -> HttpResponse:
    """The register, filtered and paged. One query."""
    day = today()
    choice = register.Choice.of(request.GET)
    published = register.published()
    page_obj = Paginator(register.filtered(published, choice, day), register.ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    language, _path = language_of(request)
    with override(language.code):
        context = {
            "rows": [register.row(each, day) for each in page_obj.object_list],
            "page_obj": page_obj,
            "count": page_obj.paginator.count,
            "query": choice.text,
            "lists": register.options(published, choice),
            "is_filtered": bool(choice),
            "as_of": day,
        }
    return answer(request, "transparency/agreements.html", context, query=request.GET.urlencode())


@public
def agreement(request: HttpRequest, reference: str) -> HttpResponseBase:
    """What it is worth today, and all of its text that is not withheld; 410 with the reason where it was withdrawn.
    Six queries at most.
    """
    publication = newest_of(reference)
    if publication is None:
        raise Http404
    if reference != publication.subject_reference:  # typed in small letters
        return redirect("transparency:agreement", reference=publication.subject_reference)
    context: dict[str, Any] = {"publication": publication, "organisation": publication.organisation}
    if publication.is_withdrawn:
        context["as_of"] = publication.ended_at
        return answer(request, "transparency/agreement_withdrawn.html", context, status=GONE)
    language, _path = language_of(request)
    with override(language.code):
        context |= {
            **what_is_agreed(publication.facts()),
            "worth": worth(publication.summary, today()),
            **_beside(publication),
            "copy": AgreementCopy.objects.filter(publication=publication).first(),
            "inherited": inherited_parties(reference),
            "as_of": today(),
        }
    return answer(request, "transparency/agreement.html", context)


def _beside(publication: Publication) -> dict[str, list[Publication]]:
    """Published agreements that take its place, and the one whose place it took. One query."""
    reference, previous = publication.subject_reference, publication.summary["previous"]
    found = Publication.objects.of_agreements().current()
    found = found.filter(Q(summary__previous=reference) | Q(subject_reference=previous or ""))
    rows = list(found.for_list())
    return {
        "successors": [each for each in rows if each.subject_reference != previous],
        "predecessors": [each for each in rows if each.subject_reference == previous],
    }


@public
def versions(request: HttpRequest, reference: str) -> HttpResponse:
    """From when to when which version stood here; what is not public any more is not told. Two queries."""
    publication = newest_of(reference)
    if publication is None or reference != publication.subject_reference:
        raise Http404
    rows = Publication.objects.of_agreements().filter(subject_reference=reference).defer("content").order_by("-version")
    context = {"publication": publication, "versions": list(rows), "as_of": today()}
    return answer(request, "transparency/agreement_versions.html", context)


@public
def document(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The PDF of the version in force, less what is withheld. Two queries."""
    publication = newest_of(reference)
    if publication is None or reference != publication.subject_reference:
        raise Http404
    if publication.is_withdrawn:
        context = {"publication": publication, "organisation": publication.organisation, "as_of": publication.ended_at}
        return answer(request, "transparency/agreement_withdrawn.html", context, status=GONE)
    copy = AgreementCopy.objects.filter(publication=publication).first()
    if copy is None:
        raise Http404
    response = FileResponse(copy.file.open("rb"), content_type="application/pdf", filename=f"{reference}.pdf")
    response["Content-Length"] = str(copy.size)
    response["ETag"] = f'"{copy.sha256}"'
    return cached(response)


@public
def uptake(request: HttpRequest) -> HttpResponse:
    """Forces, each with how many councils of its area have a published agreement in force. Five queries."""
    language, _path = language_of(request)
    with override(language.code):
        context = {"forces": uptake_by_force(today()), "as_of": today()}
    return answer(request, "transparency/agreement_uptake.html", context)


@public
def uptake_of_force(request: HttpRequest, force: str) -> HttpResponse:
    """The councils of one force's area by technology. Five queries."""
    language, _path = language_of(request)
    with override(language.code):
        found = uptake_of(force, today())
    if found is None:
        raise Http404
    return answer(request, "transparency/agreement_uptake_force.html", {**found, "as_of": today()})
