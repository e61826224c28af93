"""Signs to print, for the people of an operator: made from the page in force, when they are asked for."""

import io
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest
from core.downloads import download
from transparency.models import Publication
from transparency.sign_drawing import PAPERS, pdf_of_signs, svg_of
from transparency.signs import WHOLE_SYSTEM, Place, place_of, places_of_ward, sign_of, wards_of
from transparency.views.publishing_parts import address, operators_trail, system_or_404

PAGE_SIZE = 50
SIGNS_A_FILE = 100
BOTH = "both"


@require_safe
def signs(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """What can be printed: one for the system, one for each ward, one for each camera that has a number."""
    found = system_or_404(request, organisation, reference)
    publication = _in_force(reference)
    context: dict[str, Any] = {
        "organisation": found.operator,
        "system": found,
        "publication": publication,
        "back": address("system", found),
        "breadcrumbs": operators_trail(
            found.operator, (found.local_name, address("system", found)), (_("Signs to print"), "")
        ),
    }
    if publication is not None:
        content = publication.facts()
        is_welsh = content["operator"]["nation"] == "wales"
        bilingual = is_welsh or request.GET.get("languages") == BOTH
        numbered = [row for row in content["facts"]["cameras"]["list"] if slugify(row["ref"])]
        page = Paginator(numbered, PAGE_SIZE).get_page(request.GET.get("page"))
        context |= {
            "bilingual": bilingual,
            "may_choose": not is_welsh,
            "query": f"?languages={BOTH}" if bilingual and not is_welsh else "",
            "wards": [
                {"name": ward, "slug": slugify(ward), "cameras": len(rows)}
                for ward, rows in sorted(wards_of(content).items())
                if slugify(ward)
            ],
            "most_signs": SIGNS_A_FILE,
            "more_than_a_file": any(len(rows) >= SIGNS_A_FILE for rows in wards_of(content).values()),
            "page_obj": page,
            "cameras": [
                {"ref": row["ref"], "slug": slugify(row["ref"]), "where": row.get("location") or row["ward"]}
                for row in page
            ],
        }
    return render(request, "publishing/signs.html", context)


@require_safe
def file(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, *, kind: str, place: str, form: str
) -> FileResponse:
    """One sign as SVG, A4 or A3; or `sheet`: the signs of a ward and of its cameras in one file."""
    system_or_404(request, organisation, reference)
    publication = _in_force(reference)
    if publication is None or form not in ("svg", *PAPERS) or (kind, form) == ("sheet", "svg"):
        raise Http404
    content = publication.facts()
    bilingual = request.GET.get("languages") == BOTH
    made = [sign_of(publication, content, each, bilingual=bilingual) for each in _places(content, kind, place)]
    name = f"{publication.path.strip('/').split('/')[-1]}-{place}"
    if form == "svg":
        return download(io.BytesIO(svg_of(made[0]).encode()), name=f"{name}.svg", media_type="image/svg+xml")
    artwork = io.BytesIO(pdf_of_signs(made, paper=form))
    return download(artwork, name=f"{name}-{form}.pdf", media_type="application/pdf")


def _places(content: dict[str, Any], kind: str, slug: str) -> list[Place]:
    if kind == "system":
        return [WHOLE_SYSTEM]
    if kind == "sheet":
        places = places_of_ward(content, slug)[:SIGNS_A_FILE]
    else:
        found = place_of(content, kind, slug)
        places = [found] if found else []
    if not places:
        raise Http404
    return places


def _in_force(reference: str) -> Publication | None:
    return Publication.objects.of_systems().current().filter(subject_reference=reference).first()
