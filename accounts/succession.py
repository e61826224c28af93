"""What becomes of the columns of this app that name an organisation, when that is reorganised."""

from django.db.models import Q

from accounts.models import Kind, Membership, Organisation
from accounts.passing import Act, anew, moves, stays
from accounts.services.people import carry_memberships
from core import trail

UNANSWERED = Q(accepted_at__isnull=True, revoked_at__isnull=True)


def _memberships(act: Act) -> int:
    """The same role at the successor from the vesting day, the old one ended on the day before."""
    rows = Membership.objects.filter(organisation__in=act.predecessors).not_over(act.vesting)
    order = {organisation.pk: place for place, organisation in enumerate(act.predecessors)}
    held = sorted(
        rows.select_related("user", "organisation", "deputy_for"), key=lambda row: (order[row.organisation_id], row.pk)
    )
    return carry_memberships(held, lambda user: act.heirs_of_person(user.email), vesting=act.vesting, by=act.by)


def _forces_of_an_area(act: Act) -> int:
    """A successor is policed by the forces of its predecessors; other ones can be named in the plan."""
    made = 0
    for heir in act.heirs.values():
        if heir.kind == Kind.POLICE_FORCE or heir.police_forces.exists():
            continue
        forces = list(Organisation.objects.filter(policed_authorities__in=act.predecessors).distinct())
        heir.police_forces.add(*forces)
        made += len(forces)
    return made


def _areas_of_a_force(act: Act) -> int:
    """Whom the force policed is policed by its successor; of a split by the one that the plan names."""
    made = 0
    areas = Organisation.objects.current(act.vesting).filter(police_forces__in=act.predecessors)
    for authority in areas.distinct().order_by("pk"):
        slug = act.areas.get(authority.pk) if act.is_split else next(iter(act.heirs))
        if slug is None or authority in act.predecessors:
            continue
        before = list(authority.police_forces.values_list("slug", flat=True).order_by("slug"))
        authority.police_forces.remove(*act.predecessors)
        authority.police_forces.add(act.heirs[slug])
        after = list(authority.police_forces.values_list("slug", flat=True).order_by("slug"))
        trail.record("changed", authority, by=act.by, before={"police_forces": before}, after={"police_forces": after})
        made += 1
    return made


COLUMNS = (
    stays("accounts.FormerName", "organisation", "Names are those of whoever bore them."),
    moves("accounts.FormerSlug", "organisation", "An old address leads to whoever is there now."),
    stays("accounts.Inherited", "predecessor", "From whom a document came does not change."),
    stays("accounts.Inherited", "successor", "Nor to whom it came; the next one gets an entry of its own."),
    anew("accounts.Membership", "organisation", "Roles ended where they were held, and go on elsewhere.", _memberships),
    moves(
        "accounts.Invitation",
        "organisation",
        "Open ones lead to the successor; the others are history.",
        only=UNANSWERED,
        person="email",
    ),
    anew("accounts.Organisation_police_forces", "from_organisation", "Who polices the area.", _forces_of_an_area),
    anew("accounts.Organisation_police_forces", "to_organisation", "Whom the force polices.", _areas_of_a_force),
    stays("accounts.Organisation_predecessors", "from_organisation", "History; the act adds its own links."),
    stays("accounts.Organisation_predecessors", "to_organisation", "History; the act adds its own links."),
)
