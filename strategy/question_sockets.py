"""What questions between members plug into the sockets of `core.registry`, and who may do what with them."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, Organisation, Role, User
from accounts.policy import allows
from accounts.section_groups import PEOPLE
from core import registry
from core.registry import Section


@allows("strategy.read_questions")
def may_read_questions(user: User, organisation: Organisation) -> bool:
    """Everybody of a council, a police force or a national body reads, asks, answers and offers help; certification
    bodies are left out, for who audits does not advise. Practice organisations ask nobody real.
    """
    members = organisation.runs_cameras or organisation.kind == Kind.NATIONAL_BODY
    return members and organisation.is_counted and bool(user.roles_at(organisation))


@allows("strategy.hide_questions")
def may_hide_questions(user: User, organisation: Organisation) -> bool:
    return organisation.kind == Kind.NATIONAL_BODY and user.holds(Role.SECRETARY, at=organisation)


def reads_questions(user: User, organisation: Organisation) -> bool:
    return organisation.pk in user.organisation_ids() and user.has_perm("strategy.read_questions", organisation)


registry.sections.plug(
    Section(
        _("Questions to colleagues"),
        "national:questions",
        reads_questions,
        prefix="questions/",
        order=470,
        group=PEOPLE,
    )
)
