"""What a page is about, as linked data inside it (schema.org): a block of data that no browser runs."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from transparency.open_data import linked
from transparency.open_data.rows import authority_row
from transparency.open_data.writing import compact

register = template.Library()


@register.simple_tag(takes_context=True)
def linked_authority(context: Mapping[str, Any]) -> SafeString:
    """The authority of the page, with its first point of contact: that of the main system. No query."""
    contact = next(iter(context["contacts"]), None)
    told = contact and {"contact_post": contact["post"], "contact_email": contact["email"]}
    return _block(linked.organisation_node(authority_row(context["authority"], {}), told))


@register.simple_tag(takes_context=True)
def linked_system(context: Mapping[str, Any]) -> SafeString | str:
    """The camera system of the page; nothing in a preview, which is at no public address. No query."""
    if context.get("preview"):
        return ""
    organisation, address = context["organisation"], context["default_address"]
    return _block(
        {
            "@type": "GovernmentService",
            "@id": f"{address}#service",
            "name": context["title"].text,
            "url": address,
            "serviceType": linked.SERVICE,
            "serviceOperator": linked.organisation_node(authority_row(organisation, {})),
        }
    )


def _block(node: Mapping[str, Any]) -> SafeString:
    content = compact({"@context": "https://schema.org", **node})  # without a `<`: nothing in it ends the block
    return mark_safe(f'<script type="application/ld+json">{content}</script>')  # noqa: S308
