"""What surveys plug into the sockets of `core.registry`."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Role, User
from accounts.section_groups import FIGURES
from core import registry
from core.registry import Section, Waiting
from strategy import survey_permissions  # noqa: F401  (its rules register themselves)
from strategy.models import Survey, SurveyReturn


def reads_surveys(user: User, organisation: Organisation) -> bool:
    return organisation.pk in user.organisation_ids() and user.has_perm("strategy.read_surveys", organisation)


registry.sections.plug(
    Section(_("Surveys"), "national:surveys", reads_surveys, prefix="surveys/", order=457, group=FIGURES)
)


@registry.waiting.plug
def waiting_secretary(user: User) -> Iterator[Waiting]:
    """Surveys that are closed and not published. One query, or none."""
    if not (mine := user.organisations_where(Role.SECRETARY)):
        return
    closed = Survey.objects.filter(organisation__in=mine, status=Survey.Status.CLOSED).select_related("organisation")
    for survey in closed:
        yield Waiting(
            label=format_lazy(_("Publish the tables of the survey: {title}"), title=survey.local_title),
            url=reverse("national:survey", args=[survey.organisation.slug, survey.reference]),
            organisation=survey.organisation.local_name,
        )


@registry.waiting.plug
def waiting_signer(user: User) -> Iterator[Waiting]:
    """Returns that wait for their senior responsible officer. One query, or none."""
    if not (mine := user.organisations_where(Role.SRO)):
        return
    completed = SurveyReturn.objects.filter(
        organisation__in=mine, status=SurveyReturn.Status.COMPLETED, survey__status=Survey.Status.OPEN
    )
    for record in completed.select_related("survey", "organisation"):
        yield Waiting(
            label=format_lazy(_("Sign the return to the survey: {title}"), title=record.survey.local_title),
            url=reverse("national:survey_asked", args=[record.organisation.slug, record.survey.reference]),
            organisation=record.organisation.local_name,
            due=record.survey.closes_on,
        )
