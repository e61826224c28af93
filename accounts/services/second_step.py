"""The second step at sign-in: a code of an app (TOTP, RFC 6238) beside the password, and codes for the day without it.

Offered to everybody, demanded of nobody. allauth keeps the two records (`Authenticator`) and asks for the code at
sign-in; here they are made, renewed and taken away, with a line in the trail and a message to the person each time.
"""

from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, User
from accounts.services.notifications import notify
from core import trail
from core.errors import RuleBroken, Text

NOT_YOU = gettext_lazy("If it was not you, choose a new password at once and tell whoever runs the portal.")


class WrongCode(RuleBroken):
    """The code does not fit the secret: mistyped, too old, or of another clock."""


def authenticator_of(user: User) -> Authenticator | None:
    """The record of the person's app; None where the second step is off. One query."""
    found: Authenticator | None = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return found


def with_second_step(users: Iterable[int]) -> set[int]:
    """Which of these people (by key) have it switched on. One query."""
    on = Authenticator.objects.filter(user__in=list(users), type=Authenticator.Type.TOTP)
    return set(on.values_list("user_id", flat=True))


def recovery_codes(user: User) -> list[str]:
    """Those that were not used yet. One query."""
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return RecoveryCodes(found).get_unused_codes() if found else []


@transaction.atomic
def switch_on(*, user: User, secret: str, code: str) -> None:
    """From now on a code is asked for at sign-in. `code` shows that the app has the secret.

    Raises WrongCode; RuleBroken when it is on already.
    """
    if authenticator_of(user):
        raise RuleBroken(_("The second step is switched on already."))
    if not TOTP.activate(user, secret).validate_code(code):
        raise WrongCode(_("This is not the code that the app shows now. Check that its clock is right, and try again."))
    RecoveryCodes.activate(user)
    trail.record("switched on second step", user, by=user)
    _tell(user, gettext_lazy("The second step at your sign-in was switched on"))


@transaction.atomic
def switch_off(*, user: User) -> None:
    """The password alone is enough again. Raises RuleBroken when it is off already."""
    _remove(user)
    trail.record("switched off second step", user, by=user)
    _tell(user, gettext_lazy("The second step at your sign-in was switched off"))


@transaction.atomic
def renew_recovery_codes(*, user: User) -> None:
    """New codes; the old ones stop working. Raises RuleBroken where the second step is off."""
    if not authenticator_of(user):
        raise RuleBroken(_("The second step is not switched on."))
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    RecoveryCodes.activate(user)
    trail.record("made new recovery codes", user, by=user)
    _tell(user, gettext_lazy("New recovery codes were made for your sign-in"))


@transaction.atomic
def reset(*, membership: Membership, by: User) -> None:
    """Take away the second step of a member who lost the phone and the codes; the password stays.

    It stands in the trail of the organisation whose manager did it, and the person is told. Raises RuleBroken when
    the person has none.
    """
    _remove(membership.user)
    trail.record(
        "reset second step",
        membership,
        by=by,
        after={"person": membership.user.reference},
        personal={"person": str(membership.user)},
    )
    _tell(
        membership.user,
        gettext_lazy("The second step at your sign-in was reset"),
        gettext_lazy(
            "Somebody who manages the members of your organisation took it away, so that you can sign in with your "
            "password alone. Set it up again in your settings. If you did not ask for this, tell them at once."
        ),
    )


def _remove(user: User) -> None:
    if not authenticator_of(user):
        raise RuleBroken(_("The second step is not switched on."))
    Authenticator.objects.filter(user=user).delete()


def _tell(user: User, subject: Text, body: Text = NOT_YOU) -> None:
    notify(users=[user], subject=subject, body=body, url=reverse("accounts:second_step"))
