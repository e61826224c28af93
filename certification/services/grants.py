"""The guardian grant of the auditor at work: given with the declaration, taken away when work or matter end."""

from guardian.shortcuts import assign_perm

from accounts.models import User
from certification.models import Application, ApplicationUserObjectPermission
from certification.permissions import REVIEW


def give_grant(application: Application, auditor: User) -> None:
    assign_perm(REVIEW, auditor, application)


def end_grants(application: Application) -> None:
    """Nobody reviews this application any more."""
    ApplicationUserObjectPermission.objects.filter(content_object=application).delete()
