"""Says on the page of a document from whom it was inherited."""

from typing import Any

from django import template

from accounts.inheritance import inherited_record

register = template.Library()


@register.inclusion_tag("components/inherited.html")
def inherited_note(record: Any, organisation: Any) -> dict[str, list[str]]:
    """“Inherited from X, interim until DATE”, or nothing. One query where its organisation came after others."""
    if not record or not getattr(organisation, "is_successor", False):
        return {"inherited": []}
    return {"inherited": inherited_record(record)}
