"""How pages find what stands in their address: strangers get 404, colleagues without the role 403."""

from dataclasses import dataclass

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import AuthenticatedHttpRequest, organisation_or_404
from accounts.models import Organisation
from accounts.policy import require
from certification.models import Application, Certificate
from core.errors import IllegalMove
from core.workflow import Workflow


@dataclass(frozen=True)
class Found:
    """An application as one of its parties sees it."""

    organisation: Organisation
    application: Application

    @property
    def is_operator(self) -> bool:
        return self.organisation.pk == self.application.operator_id

    def address(self, name: str, *args: object) -> str:
        """The address of one of its pages, on this party's side."""
        return reverse(f"certification:{name}", args=[self.organisation.slug, self.application.reference, *args])

    def trail(self, *further: tuple[str, str]) -> list[tuple[str, str]]:
        """Breadcrumbs: the organisation, its applications, this one, and what lies below. The last has no address."""
        here = self.address("application") if further else ""
        return [
            *list_trail(self.organisation, "applications", _("Applications")),
            (self.application.reference, here),
            *further,
        ]


def find(
    request: AuthenticatedHttpRequest,
    organisation: str,
    reference: str,
    act: str = "read_application",
    *,
    scope: str = "for_detail",
    with_grant: bool = False,
) -> Found:
    """The application at that address, if this organisation is party to it and the user may do `act`.

    The certification body never finds a draft. Costs what the `scope` of the QuerySet says, and one query more for an
    auditor's grant unless it is loaded `with_grant`.
    """
    org = organisation_or_404(request.user, organisation)
    party = Q(operator=org) | (Q(body=org) & ~Q(status=Application.Status.DRAFT))
    own = Application.objects.visible_to(request.user).filter(party)
    if with_grant:
        own = own.with_grant_of(request.user)
    application = get_object_or_404(getattr(own, scope)(), reference=reference)
    require(request.user, "certification.read_application", application)
    if act != "read_application":
        require(request.user, f"certification.{act}", application)
    return Found(org, application)


def find_at_work(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, act: str = "read_application"
) -> Found:
    """The same for the pages between auditor and operator, with what those need. Two queries."""
    return find(request, organisation, reference, act, scope="for_review", with_grant=True)


def require_move(record: Workflow, *allowed: str, wanted: str) -> None:
    """For pages that lead to an act: raises IllegalMove unless the record is at one of the `allowed` stages."""
    if record.status not in allowed:
        raise IllegalMove(record, wanted)


def find_certificate(
    request: AuthenticatedHttpRequest, organisation: str, reference: str, *, scope: str = "for_detail"
) -> tuple[Organisation, Certificate]:
    """The certificate at that address, if this organisation holds or issued it. Costs what the `scope` says."""
    org = organisation_or_404(request.user, organisation)
    own = Certificate.objects.visible_to(request.user).filter(Q(operator=org) | Q(body=org))
    certificate = get_object_or_404(getattr(own, scope)(), reference=reference)
    require(request.user, "certification.read_certificate", certificate)
    return org, certificate


def list_trail(organisation: Organisation, name: str, label: str) -> list[tuple[str, str]]:
    return [
        (organisation.local_name, organisation.get_absolute_url()),
        (label, reverse(f"certification:{name}", args=[organisation.slug])),
    ]


def principle_or_404(number: int, known: set[int]) -> int:
    if number not in known:
        raise Http404
    return number
