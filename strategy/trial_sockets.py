"""What trials and research plug into the sockets of `core.registry`."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Role, User
from accounts.section_groups import FIGURES
from core import registry
from core.dates import today
from core.registry import Section, Waiting
from strategy.models import Trial


def reads_trials(user: User, organisation: Organisation) -> bool:
    return organisation.pk in user.organisation_ids() and user.has_perm("strategy.read_trials", organisation)


registry.sections.plug(
    Section(_("Trials and research"), "national:trials", reads_trials, prefix="trials/", order=450, group=FIGURES)
)


@registry.waiting.plug
def waiting(user: User) -> Iterator[Waiting]:
    """Trials that are over without an evaluation, and evaluated ones without a decision. One query, or none."""
    mine = user.organisations_where(Role.SPOC, Role.POLICE_SPOC, Role.SECRETARY, Role.ADMINISTRATOR)
    if not mine:
        return
    over = Trial.objects.filter(organisation__in=mine, status=Trial.Status.ANNOUNCED, ends_on__lt=today())
    found = over | Trial.objects.filter(organisation__in=mine, status=Trial.Status.EVALUATED)
    for trial in found.select_related("organisation").order_by("ends_on", "pk"):
        evaluated = trial.status == Trial.Status.EVALUATED
        sentence = _("Record what is decided: {title}") if evaluated else _("Record what the trial found: {title}")
        yield Waiting(
            label=format_lazy(sentence, title=trial.local_title),
            url=reverse("national:trial", args=[trial.organisation.slug, trial.reference]),
            organisation=trial.organisation.local_name,
            due=None if evaluated else trial.evaluation_due_on,
        )
