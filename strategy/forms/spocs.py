"""Forms of the register of single points of contact."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from compliance.services.people import members
from core.dates import today
from core.forms import GovukForm, MemorableDateField, offer_rows
from slas.forms.clauses import area
from strategy.models.spoc import NAME_LIMIT, POST_LIMIT, TELEPHONE_LIMIT, SpocConfirmation, SpocEntry
from strategy.services.declarations import REASON_LIMIT
from strategy.services.spocs import Details

WHO = ("post", "post_cy", "name", "email", "telephone", "person", "named_on", "language")
SHOWN = ("shows_name", "shows_contact")


class SpocForm(GovukForm):
    """Who it is, and what of it the public may read."""

    groups = ((_("What the public may read"), SHOWN),)
    inline = ("language",)
    post = forms.CharField(
        label=_("Post"), max_length=POST_LIMIT, help_text=_("The public reads the post and your organisation's name.")
    )
    post_cy = forms.CharField(label=_("Post in Welsh"), max_length=POST_LIMIT, required=False)
    name = forms.CharField(label=_("Name"), max_length=NAME_LIMIT, required=False)
    email = forms.EmailField(
        label=_("Email address"),
        help_text=_("Best a mailbox of the post: people change. Once a year it is asked whether the entry is right."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    telephone = forms.CharField(label=_("Telephone"), max_length=TELEPHONE_LIMIT, required=False)
    person: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label=_("Account in this portal"),
        required=False,
        empty_label=_("None"),
        help_text=_("If the person has one at your organisation. It gives no role."),
    )
    named_on = MemorableDateField(label=_("Named on"), initial=today)
    language = forms.ChoiceField(
        label=_("Language of mails to this address"), choices=SpocEntry.Language.choices, widget=forms.RadioSelect
    )
    shows_name = forms.BooleanField(label=_("The name"), required=False)
    shows_contact = forms.BooleanField(label=_("The email address and the telephone"), required=False)

    def __init__(self, *args: Any, organisation: Organisation, entry: SpocEntry | None = None, **kwargs: Any) -> None:
        language = SpocEntry.Language.WELSH if organisation.is_welsh else SpocEntry.Language.ENGLISH
        first: dict[str, Any] = {"language": language}
        if entry is not None:
            first = {name: getattr(entry, name) for name in (*WHO, *SHOWN) if name != "named_on"}
        super().__init__(*args, initial={**first, **(kwargs.pop("initial", None) or {})}, **kwargs)
        offer_rows(self, "person", members(organisation))
        if entry is not None:
            del self.fields["named_on"]

    def details(self) -> Details:
        return Details(**{name: value for name, value in self.cleaned_data.items() if name != "named_on"})


class AnswerForm(GovukForm):
    """What the mailbox says behind its link."""

    answer = forms.ChoiceField(
        label=_("Is this still right?"), choices=SpocConfirmation.Answer.choices, widget=forms.RadioSelect
    )
    name = forms.CharField(label=_("Name"), max_length=NAME_LIMIT, required=False)
    post = forms.CharField(label=_("Post"), max_length=POST_LIMIT, required=False)
    email = forms.EmailField(label=_("Email address"), required=False)
    groups = ((_("If it is somebody else: who is it now?"), ("name", "post", "email")),)
    mark_optional = False


class AcknowledgeForm(GovukForm):
    """Which entries the association acknowledges; the boxes stand in the table."""

    entries = forms.MultipleChoiceField(
        label=_("Entries"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick at least one that waits for your acknowledgement."),
            "invalid_choice": _("One of these does not wait any more. Look at the list again."),
        },
    )


class NoSystemForm(GovukForm):
    """The declaration of the senior responsible officer."""

    reason = area(_("Why is there none?"), REASON_LIMIT, rows=4, help_text=_("The national body reads it."))
