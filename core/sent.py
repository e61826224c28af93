"""What a browser sent along with a form: from which page of ours it came, and the words and numbers in it."""

from django.conf import settings
from django.http import HttpRequest

NEVER_SHOWN = "password"  # in the names of fields
MOST_TEXTS = 40
MOST_DIGITS = 9  # of a number that fits every column and address of ours


def sent_number(text: str) -> int | None:
    """The whole number that was sent in plain digits, None for anything else: also for one of endless digits."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None


def page_before(request: HttpRequest) -> str:
    """The path of the page of ours that the request came from, or ''. Never an address of another host."""
    referer = request.headers.get("Referer", "")
    for origin in _own_origins(request):
        if referer.startswith(f"{origin}/"):
            return "/" + referer.removeprefix(origin).lstrip("/\\")
    return ""


def typed_texts(request: HttpRequest) -> list[str]:
    """The texts of a form that one of our own pages sent, in its order: values with a blank in them, each once.

    So that words are not lost with a form that could not be taken. Without passwords, choices and numbers; nothing that
    another site sent, which would speak with our voice.
    """
    if request.method != "POST" or not _is_from_here(request):
        return []
    values = [value.strip() for name, sent in request.POST.lists() if NEVER_SHOWN not in name.lower() for value in sent]
    return [value for value in dict.fromkeys(values) if len(value.split()) > 1][:MOST_TEXTS]


def _is_from_here(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin")
    return origin in _own_origins(request) if origin else bool(page_before(request))


def _own_origins(request: HttpRequest) -> tuple[str, str]:
    return f"{request.scheme}://{request.get_host()}", settings.PORTAL_ORIGIN
