"""Where the schema of the public API looks: at its own addresses alone, pages have none."""

from typing import Any

from django.urls import include, path
from drf_spectacular.generators import SchemaGenerator


class PublicGenerator(SchemaGenerator):
    """Reads `/api/v1/` and nothing beside it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["patterns"] = [path("api/v1/", include("ccp_portal.api", namespace="v1"))]
        super().__init__(*args, **kwargs)
