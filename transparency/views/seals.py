"""The seals of the audit trail in public: number, chain, hash, time and signature of each; not what they seal."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page

from core.trail import Seal
from transparency.open_data.seals import seal_line
from transparency.views.public import open_data, public

SEALS_AN_ANSWER = 5000


@public
@conditional_page
def seals(request: HttpRequest) -> HttpResponse:
    """A line of JSON for each seal, the first ones first; `?after=N` goes on behind seal N. One query.

    `Link: rel="next"` names the rest where there is more.
    """
    after = request.GET.get("after", "0")
    if not after.isascii() or not after.isdigit() or len(after) > 18:
        return HttpResponseBadRequest(_("“after” is the number of a seal."), content_type="text/plain; charset=utf-8")
    found = list(Seal.objects.filter(number__gt=int(after)).order_by("number")[: SEALS_AN_ANSWER + 1])
    shown = found[:SEALS_AN_ANSWER]
    response = HttpResponse("".join(map(seal_line, shown)), content_type="application/jsonl; charset=utf-8")
    if len(found) > len(shown):
        response["Link"] = f'<{reverse("transparency:seals")}?after={shown[-1].number}>; rel="next"'
    return open_data(response)
