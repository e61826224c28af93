"""Pages without a language prefix speak the language of the person who is signed in."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

# Public pages carry their language in the address (`/`, `/cy/`) and must not look at the session; these do not.
PERSONAL = ("/workspace/", "/accounts/", "/invitations/", "/admin/")


class WorkspaceLanguageMiddleware:
    """Activates the user's language on personal pages; before sign-in, that of the browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(PERSONAL):
            translation.activate(self._language(request))
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)

    @staticmethod
    def _language(request: HttpRequest) -> str:
        if request.user.is_authenticated:
            return request.user.language
        return translation.get_language_from_request(request)
