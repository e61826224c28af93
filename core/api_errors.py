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
        detail = response.data.get("detail", "") if isinstance(response.data, dict) else ""
        response.data = {
            "type": "about:blank",
            "title": response.status_text,
            "status": response.status_code,
            "detail": str(detail) or str(response.data),
        }
        response.content_type = "application/problem+json"
    return response
