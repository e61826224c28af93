"""Parts of addresses that are more than text."""

import datetime as dt


class IsoDateConverter:
    """A day such as 2026-11-22; anything else is no address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> dt.date:
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date | str) -> str:
        return str(value)
