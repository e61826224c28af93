"""Forms of people and organisations. Validation stands here, rules below in the services."""

import datetime as dt
from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.cache import cache
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Kind, Notification, Role, User
from accounts.models.organisation import Nation
from accounts.models.roles import ROLE_HINTS
from core.dates import today
from core.forms import GovukForm, HintedRadioSelect, MemorableDateField

PASSWORD_HINT = _("At least 12 characters. Three or four words that do not belong together are easy to remember.")


class RoleForm(GovukForm):
    """A choice of one of the roles that the person who asks may give."""

    role = forms.ChoiceField(label=_("Role"), widget=HintedRadioSelect(hints=ROLE_HINTS))

    def __init__(self, *args: Any, roles: tuple[Role, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["role"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101  (for the type checker)
        choice.choices = [(role.value, role.label) for role in roles]
        if len(roles) == 1:
            choice.initial = roles[0].value


class BetweenDays(GovukForm):
    """The first and the last day of a role."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and starts_on < today():
            self.add_error("starts_on", _("The first day must be today or later."))
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The last day must not be before the first day."))
        elif ends_on and ends_on < today():
            self.add_error("ends_on", _("The last day must be today or later."))
        return cleaned


class InviteForm(RoleForm, BetweenDays):
    """Whom to invite, to which role, and perhaps for which days."""

    email = forms.EmailField(
        label=_("Email address"),
        help_text=_("The invitation goes to this address, and only somebody who reads its mail can accept it."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    starts_on = MemorableDateField(
        label=_("First day"),
        required=False,
        help_text=_("Leave it empty if the role begins when the invitation is accepted."),
    )
    ends_on = MemorableDateField(
        label=_("Last day"), required=False, help_text=_("Leave it empty if the role has no end.")
    )
    field_order = ("email", "role", "starts_on", "ends_on")


class DeputyForm(BetweenDays):
    """Who stands in for somebody, and from when to when."""

    deputy = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Deputy"),
        help_text=_(
            "Somebody of this organisation. Invite them first if they are not here, with the days of the role."
        ),
    )
    starts_on = MemorableDateField(label=_("First day"), initial=today)
    ends_on = MemorableDateField(
        label=_("Last day"), help_text=_("The role is held until the end of this day, and ends by itself.")
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["deputy"]
        assert isinstance(choice, forms.ModelChoiceField)  # noqa: S101  (for the type checker)
        choice.queryset = people


class AddRoleForm(RoleForm):
    """Another role for somebody who is a member already, between two dates: a deputy."""

    starts_on = MemorableDateField(label=_("First day"), initial=today)
    ends_on = MemorableDateField(
        label=_("Last day"),
        required=False,
        help_text=_("For a deputy: the last day of the role. Leave it empty if the role has no end."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The last day must not be before the first day."))
        return cleaned


class EndMembershipForm(GovukForm):
    """When a role ends: at once, or after a day to come."""

    last_day = MemorableDateField(
        label=_("Last day"),
        required=False,
        help_text=_("The role is held until the end of this day. Leave it empty to end the role at once."),
    )

    def clean_last_day(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["last_day"]
        if day is not None and day < today():
            raise forms.ValidationError(_("The last day must be today or later."))
        return day


class ProfileForm(GovukForm):
    """A person's own name and language."""

    name = forms.CharField(
        label=_("Your name"),
        help_text=_("Colleagues see it, and it stands under what you sign."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the workspace and of your mail"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )


class PasswordAgainForm(GovukForm):
    """The password once more, so that it is certain who asks."""

    password = forms.CharField(
        label=_("Your password"),
        help_text=_("The one that you sign in with."),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class SecondStepForm(PasswordAgainForm):
    """Switches the second step on: a code shows that the app has the secret."""

    code = forms.CharField(
        label=_("Code that the app shows"),
        help_text=_("Six digits. A new one comes every half minute."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    field_order = ("code", "password")
    widths = {"code": 10}


class SignInCodeForm(AuthenticateForm):
    """The second step itself, at sign-in: a code of the app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("The six digits that your app shows now, or one of your recovery codes."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )
    widths = {"code": 10}

    def clean_code(self) -> str:
        """Right, and not used before: a code read over a shoulder opens nothing (RFC 6238, section 5.2)."""
        code: str = super().clean_code()
        # allauth remembers a used code for one period; with its tolerance a code is good for three.
        seconds = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
        if not cache.add(f"accounts.used_code:{self.user.pk}:{normalize_user_code(code)}", True, timeout=seconds):
            raise get_adapter().validation_error("incorrect_code")
        return code


class ConfirmForm(GovukForm):
    """One box to tick before something that cannot be taken back."""

    sure = forms.BooleanField()

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sure"].label = label


class NewPersonForm(ProfileForm):
    """Somebody who accepts an invitation and has no account yet."""

    email = forms.EmailField(
        label=_("Email address"),
        help_text=_("You will sign in with it."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=PASSWORD_HINT,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    field_order = ("name", "email", "password", "language")

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        """`email` is the invited address, which cannot be chosen; '' where the invitation names none."""
        super().__init__(*args, **kwargs)
        self.invited_email = email
        if email:
            del self.fields["email"]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if password := cleaned.get("password"):
            person = User(email=self.invited_email or cleaned.get("email", ""), name=cleaned.get("name", ""))
            try:
                password_validation.validate_password(password, person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned


class OrganisationForm(GovukForm):
    """A new organisation. The authorities and forces of England and Wales are there already, by their lists."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name"), max_length=150)
    name_cy = forms.CharField(label=_("Name in Welsh"), max_length=150, required=False)
    official_name = forms.CharField(label=_("Full name"), max_length=200, required=False)
    nation = forms.ChoiceField(
        label=_("Nation"),
        choices=[("", _("Neither, or both")), *Nation.choices],
        required=False,
        widget=forms.RadioSelect,
        help_text=_("In Wales, what is published for the public stands in Welsh first."),
    )
    gss_code = forms.RegexField(
        label=_("GSS code"),
        regex=r"^[A-Z]\d{8}$",
        required=False,
        help_text=_("The nine characters by which the Office for National Statistics knows it, like E08000009."),
        error_messages={"invalid": _("Enter a GSS code like E08000009, or leave it empty.")},
    )
    is_training = forms.BooleanField(
        label=_("For training: all that is entered is made up"),
        required=False,
        help_text=_("Nothing of it is ever public, certified or counted. This cannot be changed later."),
    )
    widths = {"gss_code": 10}


class RenameForm(GovukForm):
    """New names of an organisation; the old ones are kept."""

    name = forms.CharField(label=_("Name"), max_length=150)
    name_cy = forms.CharField(label=_("Name in Welsh"), max_length=150, required=False)
    official_name = forms.CharField(label=_("Full name"), max_length=200, required=False)
    until = MemorableDateField(
        label=_("Last day of the present name"),
        required=False,
        help_text=_("If it is known. The present name stays on record."),
    )


class MarkReadForm(forms.Form):
    """One of the user's own messages, or none for all."""

    notification = forms.ModelChoiceField(Notification.objects.none(), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["notification"]
        assert isinstance(choice, forms.ModelChoiceField)  # noqa: S101  (for the type checker)
        choice.queryset = Notification.objects.filter(user=user)


class OrganisationSearchForm(forms.Form):
    """Words from a name or a code, and a kind. Never refuses: what it cannot read it leaves out."""

    q = forms.CharField(label=_("Name or GSS code"), max_length=100, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All kinds")), *Kind.choices], required=False)


class TrailFilterForm(GovukForm):
    """Which entries of the audit trail to show; all of it when left empty."""

    verb = forms.ChoiceField(label=_("What was done"), required=False)
    kind = forms.ChoiceField(label=_("To what"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    mark_optional = False

    def __init__(self, *args: Any, verbs: list[tuple[str, str]], kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, first, choices in (("verb", _("Everything"), verbs), ("kind", _("All records"), kinds)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type checker)
            field.choices = [("", first), *choices]
