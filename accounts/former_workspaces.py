"""Where the workspace of an organisation that was reorganised went, for those who belong to what came after it."""

from django.db.models import Q
from django.http import HttpRequest

from accounts.models import FormerSlug, Organisation

WORKSPACE = "/workspace/"


def successor_address(request: HttpRequest) -> str:
    """The same page at the successor to which the reader belongs; at several, the list of them. '' for everybody else.

    Two queries at most, none outside workspaces.
    """
    if not request.path_info.startswith(WORKSPACE) or not request.user.is_authenticated:
        return ""
    slug, _slash, rest = request.path_info.removeprefix(WORKSPACE).partition("/")
    mine = {membership.organisation_id: membership.organisation for membership in request.user.memberships_now}
    if not mine or any(organisation.slug == slug for organisation in mine.values()):
        return ""
    led = FormerSlug.objects.filter(slug=slug, organisation__in=mine).values_list("organisation", flat=True)
    found = list(led) or list(
        Organisation.objects.filter(Q(predecessors__slug=slug), pk__in=mine).values_list("pk", flat=True)
    )
    if not found:
        return ""
    if len(found) > 1:
        return WORKSPACE
    query = request.META.get("QUERY_STRING", "")
    address = f"{WORKSPACE}{mine[found[0]].slug}/{rest}"
    return f"{address}?{query}" if query else address
