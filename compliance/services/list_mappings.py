"""What a person confirmed for one shape of an operator's list: the guess for the next edition of it."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from django.utils import timezone

from accounts.models import Organisation, User
from compliance.camera_lists import ListLook, ListSettings
from compliance.models import ListMapping

ONE_BYTE = ("cp1250", "cp1252")  # told apart by their letters alone: what a person said of them counts


def shape_of(names: Sequence[str]) -> str:
    """SHA-256 over the columns in their order, whatever is in capitals."""
    return hashlib.sha256("\n".join(name.strip().casefold() for name in names).encode()).hexdigest()


def remembered(*, operator: Organisation, look: ListLook) -> ListSettings | None:
    """How a list of this shape is read, as somebody of the operator confirmed it last; None for a new shape.

    A list that was said to have no headings is known by the number of its columns. One query.
    """
    own = shape_of([column.name for column in look.columns])
    bare = shape_of([f"column {number}" for number, _column in enumerate(look.columns, 1)])
    known = {row.shape: row for row in ListMapping.objects.filter(operator=operator, shape__in=(own, bare))}
    row = known.get(own)
    if row is None and (row := known.get(bare)) and row.has_header:
        row = None
    if row is None:
        return None
    settings = replace(look.settings, mapping=row.mapping, crs=row.crs, has_header=row.has_header)
    if row.shape != own:
        settings = replace(settings, header_rows=None)
    if settings.encoding in ONE_BYTE and row.encoding in ONE_BYTE:
        settings = replace(settings, encoding=row.encoding)
    return settings


def remember(*, operator: Organisation, look: ListLook, by: User) -> None:
    """Keep what was confirmed; what was confirmed for this shape before is replaced."""
    ListMapping.objects.update_or_create(
        operator=operator,
        shape=shape_of([column.name for column in look.columns]),
        defaults={
            "mapping": {column.name: column.field or "ignore" for column in look.columns},
            "crs": look.settings.crs,
            "encoding": look.settings.encoding,
            "has_header": bool(look.settings.has_header),
            "confirmed_by": by,
            "confirmed_at": timezone.now(),
        },
    )
