"""Who receives enquiries: an organisation in which somebody may answer them today (design 3)."""

from django.db.models import Exists, OuterRef
from django.db.models.query import QuerySet

from accounts.models import Kind, Membership, Organisation, Role, User
from accounts.models.organisation import OrganisationQuerySet
from accounts.models.roles import OPERATOR_KINDS

ANSWERING = (Role.SPOC, Role.ADMINISTRATOR, Role.SECRETARY)  # the last two: of national bodies
DRAFTING = (*ANSWERING, Role.SCHEME_MANAGER)


def receives_enquiries(organisation: Organisation) -> bool:
    """Whether it is of a kind that may; the page of enquiries is there for it."""
    return organisation.kind in OPERATOR_KINDS or organisation.kind == Kind.NATIONAL_BODY


def recipients() -> OrganisationQuerySet:
    """Those that read what is sent to them here: of the right kind, existing, with somebody who answers."""
    answering = Membership.objects.current().filter(
        organisation=OuterRef("pk"), role__in=ANSWERING, user__is_active=True
    )
    kinds = [*OPERATOR_KINDS, Kind.NATIONAL_BODY]
    return Organisation.objects.outward().current().filter(Exists(answering), kind__in=kinds)


def national_body() -> Organisation | None:
    """The national body of this portal that answers; the first, where there are several."""
    return recipients().filter(kind=Kind.NATIONAL_BODY).order_by("pk").first()


def people_answering(organisation: Organisation) -> QuerySet[User]:
    held = Membership.objects.current().filter(organisation=organisation, role__in=ANSWERING)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name", "pk")


def people_working(organisation: Organisation) -> QuerySet[User]:
    """Those to whom an enquiry can be given."""
    held = Membership.objects.current().filter(organisation=organisation, role__in=DRAFTING)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name", "pk")
