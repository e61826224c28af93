"""Who is asked to sign in, and which language pages without a language prefix speak."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import middleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from accounts.former_workspaces import successor_address
from core.sent import page_before, typed_texts

# Public pages carry their language in the address (`/`, `/cy/`) and must not look at the session; these do not.
PERSONAL = ("/workspace/", "/accounts/", "/invitations/", "/admin/")


class AddressLanguageMiddleware(LocaleMiddleware):
    """Django's own, but for what it tells caches: an address that carries its language answers every browser alike.

    Django's says `Vary: Accept-Language` of each address without a prefix, so that a shared cache would keep an English
    page once for every list of languages that browsers send.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path_info.startswith(PERSONAL):
            return super().process_response(request, response)
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response


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


class FormerWorkspaceMiddleware:
    """Where a reader finds nothing in the workspace of an organisation that was reorganised, leads to the same page of
    the successor to which the reader belongs; nobody else learns that there is one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        address = successor_address(request)
        return HttpResponseRedirect(address) if address else response


class PrivateMiddleware:
    """Says of each answer for which somebody's session was read that it is theirs alone: no shared cache keeps it, and
    a browser asks again before it shows it once more.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.session.accessed and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-cache"
        return response


class LoginRequiredMiddleware(middleware.LoginRequiredMiddleware):
    """Closes every view that does not open itself, and asks who somebody is only at closed ones.

    Django's own asks everywhere, so that each public page would read the session and differ by cookie for every cache.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[object, ...],
        view_kwargs: dict[str, object],
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(  # type: ignore[override]  # the stubs promise a redirect, Django sends any response
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """To the sign-in and back. A form sent after its sender was signed out leads back to its page, because its own
        address may take no GET; what was typed into it is shown first, to be copied. A script that saves is only told.
        """
        if "HX-Request" in request.headers:
            return HttpResponse(status=401)
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        sign_in = redirect_to_login(page_before(request) or reverse(settings.LOGIN_REDIRECT_URL))
        if not (texts := typed_texts(request)):
            return sign_in
        context = {"typed_texts": texts, "sign_in_url": sign_in["Location"]}
        return render(request, "errors/signed_out.html", context, status=403)
