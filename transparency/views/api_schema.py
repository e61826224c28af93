"""The schema of the API for programs."""

import json

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import conditional_page

from transparency.api.schema import schema
from transparency.views.public import open_data, public

SECONDS = 3600


@conditional_page
@public
def schema_json(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3 as JSON. No query."""
    content = json.dumps(schema(), ensure_ascii=False, indent=1)
    return open_data(HttpResponse(content, content_type="application/vnd.oai.openapi+json; charset=utf-8"), SECONDS)
