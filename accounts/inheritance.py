"""What pages say of documents that came from an organisation which was reorganised."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Inherited


def inherited_words(kind: str, keys: Iterable[Any]) -> list[str]:
    """“inherited from X, interim until DATE” for records of one table, each sentence once. One query.

    Of a record that passed on more than once, from whom it came last.
    """
    rows = Inherited.objects.filter(kind=kind, record_id__in=keys).select_related("predecessor")
    newest = {row.record_id: row for row in rows.order_by("since", "pk")}
    return list(dict.fromkeys(words_of(row) for _key, row in sorted(newest.items())))


def words_of(mark: Inherited) -> str:
    name = mark.predecessor.local_name
    if mark.interim_until is None:
        return _("inherited from %(name)s") % {"name": name}
    day = date_format(mark.interim_until, "j F Y")
    return _("inherited from %(name)s, interim until %(day)s") % {"name": name, "day": day}


def inherited_record(record: Model | None) -> list[str]:
    """The same for one record; nothing for none and for one that is not kept."""
    if record is None or record.pk is None:
        return []
    return inherited_words(record._meta.label, [record.pk])
