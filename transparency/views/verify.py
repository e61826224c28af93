"""Checking a certificate by its printed number."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.errors import Problem
from transparency import register
from transparency.views.public import answer, cached, public

MAX_SHOWN = 60


@public
def verify(request: HttpRequest) -> HttpResponse:
    """A form; a known number leads to its page; an unknown one is 404 with what to do next, none at all 422."""
    if "number" not in request.GET:
        return answer(request, "transparency/verify.html", {})
    number = " ".join(request.GET["number"].replace("\x00", "").split())
    if not number:
        problems = [Problem(_("Enter the number that is printed on the certificate."), "#number")]
        return answer(request, "transparency/verify.html", {"summary": problems, "problems": problems}, status=422)
    found = register.find(number)
    if found is not None:
        return cached(redirect("transparency:certificate", reference=found.reference))
    context = {"number": number[:MAX_SHOWN], "unknown": True}
    return answer(request, "transparency/verify.html", context, status=404, query=request.GET.urlencode())
