"""Tables as files for people who work on with them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

from compliance.exchange.csv_files import file_of


def csv_answer(columns: Sequence[str], rows: Iterable[Iterable[Any]], *, name: str) -> HttpResponse:
    """A CSV file to be saved under that name. Who may have it is asked before. No cache keeps it."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.csv"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(file_of(columns, rows), content_type="text/csv; charset=utf-8", headers=headers)
