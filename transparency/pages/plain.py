"""Pages about the portal itself."""

from django.conf import settings

from compliance.models import CodeEdition
from transparency.pages.registry import Page, builds


@builds("about")
def about() -> Page:
    """Who runs this, what it is not, the twelve principles in the portal's words, and what became of the old scheme."""
    edition = CodeEdition.objects.order_by("-in_effect_on", "-pk").first()
    principles = [(p.number, p.local_title, p.local_summary) for p in edition.principles.all()] if edition else []
    context = {"operator": settings.PORTAL_OPERATOR, "edition": edition, "principles": principles}
    return Page("transparency/about.html", context)


@builds("accessibility")
def accessibility() -> Page:
    return Page("transparency/accessibility.html", _contact())


@builds("privacy")
def privacy() -> Page:
    return Page("transparency/privacy.html", _contact())


@builds("cookies")
def cookies() -> Page:
    return Page("transparency/cookies.html")


@builds("contact")
def contact() -> Page:
    return Page("transparency/contact.html", _contact())


def _contact() -> dict[str, str]:
    return {"operator": settings.PORTAL_OPERATOR, "operator_contact": settings.PORTAL_CONTACT}
