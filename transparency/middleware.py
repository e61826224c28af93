"""Old public addresses lead to the new ones."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from transparency.former_addresses import new_address
from transparency.views.public import cached


class FormerAddressMiddleware:
    """Where nothing stands any more at an address, asks whether what stood there has another one: 301, with the same
    parameters. Pages that stand pay nothing for it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        address = new_address(request.path_info)
        if not address:
            return response
        query = request.META.get("QUERY_STRING", "")
        return cached(HttpResponsePermanentRedirect(f"{address}?{query}" if query else address))
