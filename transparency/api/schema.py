"""The schema of the API (OpenAPI 3), read off the code that answers, for programs and for the page about it."""

import functools
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.settings import spectacular_settings

from transparency.api.base import ListedViewSet

PROBLEM = {
    "type": "object",
    "description": "Why the question was not answered (RFC 9457).",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence."},
    },
    "required": ["type", "title", "status", "detail"],
}
REFUSALS = {
    "400": "A parameter is unknown or has a value that makes no sense; `detail` says which.",
    "404": "There is no such thing, or it is not public.",
    "406": "The answer is JSON and nothing else.",
    "429": "Too many questions in a minute; `Retry-After` says how many seconds to wait.",
}


class PublicSchema(AutoSchema):
    """Operations of the API: their parameters are those of the serializer that checks them."""

    def get_override_parameters(self) -> list[Any]:
        view = self.view
        if not isinstance(view, ListedViewSet) or view.action != "list":
            return []
        return [view.asked]

    def get_filter_backends(self) -> list[Any]:
        return []

    def _get_pagination_parameters(self) -> list[Any]:
        return []  # `asked` has them


def add_refusals(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Every operation may refuse, and says how."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, operations in result["paths"].items():
        for operation in operations.values():
            for status, words in REFUSALS.items():
                if status == "404" and "{" not in path:
                    continue
                operation["responses"][status] = {"description": words, "content": content}
            operation["responses"]["304"] = {"description": "What the reader has already (`If-None-Match`)."}
    return result


@functools.cache
def schema() -> dict[str, Any]:
    """The schema; made once for each process, since the code does not change under it."""
    made: dict[str, Any] = spectacular_settings.DEFAULT_GENERATOR_CLASS(api_version="v1").get_schema(
        request=None, public=True
    )
    return made
