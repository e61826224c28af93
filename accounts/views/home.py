"""The workspace's first page and an organisation's."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.access import AuthenticatedHttpRequest, organisation_or_404


def home(request: AuthenticatedHttpRequest) -> HttpResponse:
    return render(request, "accounts/home.html")


def organisation_home(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    return render(
        request, "accounts/organisation.html", {"organisation": organisation_or_404(request.user, organisation)}
    )
