"""Forms of those who answer enquiries."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from compliance.forms.fields import ANY, as_labels
from core.errors import Text
from core.forms import GovukForm, offer_choices, offer_rows
from transparency.models import Enquiry
from transparency.models.enquiry import (
    MOST_WORKING_DAYS,
    POST_LIMIT,
    TEXT_LIMIT,
    EnquiryKind,
    EnquiryOutcome,
    ReferredTo,
)
from transparency.recipients import people_working

WELSH = "cy"


class EnquiryFilterForm(GovukForm):
    mark_optional = False
    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("Open")), ("done", _("Answered or closed")), ("all", _("All"))],
        required=False,
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[ANY, *as_labels(EnquiryKind.choices)], required=False)
    whose = forms.ChoiceField(
        label=_("Given to"),
        choices=[ANY, ("me", _("Me")), ("nobody", _("Nobody"))],
        required=False,
    )


class SortForm(GovukForm):
    """What it is, and who works on it."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        help_text=_("The clock follows the kind, from the day of receipt."),
        choices=as_labels(EnquiryKind.choices),
    )
    assigned_to = forms.ModelChoiceField(
        label=_("Given to"), queryset=User.objects.none(), required=False, empty_label=_("Nobody")
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "assigned_to", people_working(organisation))
        people: Any = self.fields["assigned_to"]
        people.label_from_instance = lambda person: person.get_full_name()


class NoteForm(GovukForm):
    prefix = "note"
    text = forms.CharField(
        label=_("Private note"),
        help_text=_("Read inside your organisation only."),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class _LetterForm(GovukForm):
    """Words to the person, asked for in the language in which they wrote, and the post that says them."""

    field_order = ("outcome", "to", "text", "post")
    label_in_welsh: ClassVar[Text]
    post = forms.CharField(
        label=_("Post that replies"), help_text=_("A post such as CCTV manager, not a name."), max_length=POST_LIMIT
    )

    def __init__(self, *args: Any, enquiry: Enquiry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if enquiry.language == WELSH:
            self.fields["text"].label = self.label_in_welsh
            self.fields["text"].widget.attrs["lang"] = WELSH


class ReplyForm(_LetterForm):
    """A reply; to a complaint also what became of it."""

    label_in_welsh = _("Your reply in Welsh")
    outcome = forms.ChoiceField(
        label=_("What became of the complaint?"), choices=as_labels(EnquiryOutcome.choices), widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("Your reply"),
        help_text=_("The person reads it at their private address, and by email if they gave one."),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 10}),
    )

    def __init__(self, *args: Any, enquiry: Enquiry, **kwargs: Any) -> None:
        super().__init__(*args, enquiry=enquiry, **kwargs)
        if enquiry.kind not in (EnquiryKind.COMPLAINT, EnquiryKind.DATA_PROTECTION):
            del self.fields["outcome"]
        if enquiry.language == WELSH:
            self.fields["text"].help_text = _("The person wrote in Welsh and is answered in Welsh.")


class ReferForm(_LetterForm):
    """Whom the person is to ask instead, and how they are told."""

    label_in_welsh = _("What the person is told, in Welsh")
    to = forms.ChoiceField(
        label=_("Who is to be asked instead?"), choices=as_labels(ReferredTo.choices), widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("What the person is told"),
        help_text=_("Whom to ask and how: name, address, what to say."),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class ForwardForm(GovukForm):
    to = forms.ChoiceField(label=_("National body"), choices=())

    def __init__(self, *args: Any, bodies: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "to", [(body.slug, body.local_name) for body in bodies])


class TargetForm(GovukForm):
    working_days = forms.IntegerField(
        label=_("Working days to answer"),
        help_text=_("For questions, complaints, faults and whatever else has no clock of the law’s own."),
        min_value=1,
        max_value=MOST_WORKING_DAYS,
    )


class PersonForm(GovukForm):
    who = forms.CharField(
        label=_("Email address, or reference of an enquiry"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PublishQuestionForm(GovukForm):
    question = forms.CharField(
        label=_("Question, without anything personal"), max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 5})
    )
    reply = forms.CharField(
        label=_("Reply, without anything personal"), max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 8})
    )
    moderated = forms.BooleanField(label=_("I have taken out all by which the person or anybody else could be known"))
