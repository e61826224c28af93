"""Refusals of the API, as problem documents (RFC 9457)."""

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.errors import IllegalMove, Incomplete, PortalError, RuleBroken, StaleRecord


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """`type`, `title`, `status`, `detail` and, for incomplete acts, `problems`."""
    if isinstance(error, PortalError):
        status = 409 if isinstance(error, (IllegalMove, StaleRecord)) else 422
        body: dict[str, Any] = {"type": "about:blank", "title": type(error).__name__, "status": status}
        body["detail"] = str(error.sentence) if isinstance(error, RuleBroken) else str(error)
        if isinstance(error, Incomplete):
            body["problems"] = [str(problem.text) for problem in error.problems]
        return Response(body, status=status, content_type="application/problem+json")
    response = exception_handler(error, context)
    if response is not None:
        response.data = {
            "type": "about:blank",
            "title": response.status_text,
            "status": response.status_code,
            "detail": _sentence(response.data),
        }
        response.content_type = "application/problem+json"
    return response


def _sentence(data: Any) -> str:
    """What is wrong, in words: of several values that make no sense each is named."""
    if isinstance(data, dict):
        if "detail" in data:
            return _sentence(data["detail"])
        named = (("" if name == "non_field_errors" else f"{name}: ") + _sentence(each) for name, each in data.items())
        return " ".join(named)
    return " ".join(map(str, data)) if isinstance(data, list) else str(data)
