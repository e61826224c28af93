"""What model documents plug into the sockets of `core.registry`, and who may do what with them."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Role, User
from accounts.policy import allows
from accounts.section_groups import PEOPLE
from core import registry
from core.registry import Section, Waiting
from strategy import model_documents
from strategy.models import ModelCopy

WRITERS = (Role.SPOC, Role.SCHEME_MANAGER)


@allows("strategy.read_models")
def may_read_models(user: User, organisation: Organisation) -> bool:
    """Everybody of an operator."""
    return organisation.runs_cameras and bool(user.roles_at(organisation))


@allows("strategy.copy_model")
def may_copy_model(user: User, organisation: Organisation) -> bool:
    """Who keeps the documents of the operator."""
    return organisation.runs_cameras and any(user.holds(role, at=organisation) for role in WRITERS)


def reads_models(user: User, organisation: Organisation) -> bool:
    return organisation.pk in user.organisation_ids() and user.has_perm("strategy.read_models", organisation)


registry.sections.plug(
    Section(_("Model documents"), "national:models", reads_models, prefix="models/", order=465, group=PEOPLE)
)


@registry.waiting.plug
def waiting(user: User) -> Iterator[Waiting]:
    """Copies of a model that has a newer edition by now. One query, or none."""
    if not (mine := user.organisations_where(*WRITERS)):
        return
    editions = {key: model.edition for key, model in model_documents.models().items()}
    copies = ModelCopy.objects.filter(evidence__operator__in=mine).select_related("evidence__operator")
    for copy in copies:
        if copy.edition < editions.get(copy.model, 0):
            operator = copy.evidence.operator
            yield Waiting(
                label=format_lazy(_("The model has a newer edition: {title}"), title=copy.evidence.title),
                url=reverse("national:model", args=[operator.slug, copy.model]),
                organisation=operator.local_name,
            )
