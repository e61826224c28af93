"""What the parts of the API share: capped pages, filters that refuse what they do not know, answers for caches."""

from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError as FieldProblem
from django.db import DataError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from rest_framework import mixins, serializers, viewsets
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from transparency.views.public import CACHED_SECONDS

Row = TypeVar("Row", bound=Model)
PAGE, MOST = 100, 500


class CappedPages(CursorPagination):
    """Pages of 100, at most 500, by a cursor instead of an offset, so that the last page costs what the first does."""

    page_size = PAGE
    page_size_query_param = "page_size"
    max_page_size = MOST

    def decode_cursor(self, request: Request) -> Any:
        cursor = super().decode_cursor(request)
        if cursor is not None and "\0" in str(cursor.position or ""):  # SQLite would take it
            raise ValidationError(NOT_A_CURSOR)
        return cursor

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, OverflowError, FieldProblem, DataError) as error:
            raise ValidationError(NOT_A_CURSOR) from error
        except Exception as error:
            if getattr(error, "status_code", None) == 404:  # how it refuses a cursor that it cannot read
                raise ValidationError(NOT_A_CURSOR) from error
            raise


NOT_A_CURSOR = "cursor: this is none that was given. Follow `next` and `previous` of an answer instead."


class Asked(serializers.Serializer[Any]):
    """What a list may be asked with. Parts of the API add their filters; what is not named here is refused."""

    cursor = serializers.CharField(
        required=False, max_length=500, help_text="Where the page begins, from `next` or `previous` of an answer."
    )
    page_size = serializers.IntegerField(
        required=False, min_value=1, max_value=MOST, help_text=f"Rows on a page: {PAGE} unless told, at most {MOST}."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        unknown = sorted(set(self.initial_data) - set(self.fields))
        if unknown:
            known = ", ".join(sorted(self.fields))
            raise ValidationError(f"There is no parameter {unknown[0]!r} here. There are: {known}.")
        return attrs


class Word(serializers.CharField):
    """A short word that somebody looks for."""

    def __init__(self, help_text: str, **more: Any) -> None:
        super().__init__(required=False, max_length=100, help_text=help_text, **more)


@method_decorator(login_not_required, name="dispatch")
class ListedViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Row]):
    """A list in pages. Anybody may ask: no key, no session, and scripts in pages of other sites may read the answer."""

    asked: ClassVar[type[Asked]] = Asked
    choice: dict[str, Any]

    @method_decorator(conditional_page)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        expected = self.asked if self.action == "list" else OfOne
        if request.method in ("GET", "HEAD"):
            filters = expected(data=request.query_params.dict())
            filters.is_valid(raise_exception=True)
            self.choice = filters.validated_data

    @property
    def default_response_headers(self) -> dict[str, str]:
        return {**super().default_response_headers, "Access-Control-Allow-Origin": "*"}

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        """Shared caches may keep what was found for a minute, and never a refusal of somebody who asked too often."""
        final = super().finalize_response(request, response, *args, **kwargs)
        kept = final.status_code == 200
        final["Cache-Control"] = f"public, max-age={CACHED_SECONDS}" if kept else "no-store"
        return final


@method_decorator(login_not_required, name="dispatch")
class Nothing(APIView):
    """Whatever else somebody asks below the API's address: there is no such thing, said as the API says it."""

    schema = None

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise NotFound


class OfOne(Asked):
    """A single record takes no parameters."""

    cursor = None  # type: ignore[assignment]
    page_size = None  # type: ignore[assignment]


class PublishedViewSet(mixins.RetrieveModelMixin, ListedViewSet[Row]):
    """A list in pages, and one record by its address."""


def day_of(help_text: str) -> serializers.DateField:
    """A filter by day."""
    return serializers.DateField(required=False, help_text=help_text)
