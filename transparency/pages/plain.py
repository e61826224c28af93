"""Pages about the portal itself."""

import datetime as dt

from django.conf import settings

from compliance.models import CodeEdition
from transparency.models import PublishedDocument
from transparency.pages.registry import Page, builds

LAW_AS_OF = dt.date(2026, 11, 22)  # when what the pages say of law and bodies was last checked


@builds("about")
def about() -> Page:
    """Who runs this, what it is not, the twelve principles in the portal's words, and what became of the old scheme."""
    edition = CodeEdition.objects.order_by("-in_effect_on", "-pk").first()
    principles = [(p.number, p.local_title, p.local_summary) for p in edition.principles.all()] if edition else []
    context = {"edition": edition, "principles": principles, "law_as_of": LAW_AS_OF, **_contact()}
    return Page("transparency/about.html", context)


@builds("accessibility")
def accessibility() -> Page:
    documents = PublishedDocument.objects.current()
    counts = {
        "public_pdfs": documents.filter(media_type="application/pdf").count(),
        "untagged": documents.untagged().count(),
    }
    return Page("transparency/accessibility.html", {**_contact(), **counts})


@builds("privacy")
def privacy() -> Page:
    return Page("transparency/privacy.html", {"enquiry_months": settings.ENQUIRY_KEPT_MONTHS, **_contact()})


@builds("cookies")
def cookies() -> Page:
    return Page("transparency/cookies.html")


@builds("contact")
def contact() -> Page:
    return Page("transparency/contact.html", _contact())


def _contact() -> dict[str, str]:
    return {
        "operator": settings.PORTAL_OPERATOR,
        "operator_contact": settings.PORTAL_CONTACT,
        "operator_phone": settings.PORTAL_PHONE,
        "operator_post": settings.PORTAL_POST,
    }
