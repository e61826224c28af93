"""The portal's addresses, and two that do nothing."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from ccp_portal import urls
from ccp_portal.urls import handler429, handler500  # noqa: F401  (Django looks for them here)


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nothing")


urlpatterns = [
    path("workspace/nothing/", nothing),
    path("nothing-public/", login_not_required(nothing)),
    *urls.urlpatterns,
]
