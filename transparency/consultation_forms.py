"""The form in which the public answers a consultation."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.forms.consultations import add_questions
from compliance.forms.fields import as_labels
from compliance.models import ConsultationResponse
from compliance.services.consultation_answers import PUBLIC_KINDS, TEXT_LIMIT
from core.forms import GovukForm


class PublicAnswerForm(GovukForm):
    """An answer: view, reasons, and as what; a name only from those who want to give one."""

    mark_optional = True
    kind = forms.ChoiceField(
        label=_("Who are you?"),
        choices=as_labels((kind.value, kind.label) for kind in PUBLIC_KINDS),
        widget=forms.RadioSelect,
    )
    view = forms.ChoiceField(
        label=_("What do you think of the proposal?"),
        choices=as_labels(ConsultationResponse.View.choices),
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Your reasons"),
        help_text=_("Do not name other people, and write nothing that would help a burglar."),
        max_length=TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    organisation = forms.CharField(
        label=_("Business, group or office, if you answer for one"), max_length=150, required=False
    )
    name = forms.CharField(
        label=_("Your name"),
        help_text=_("You need not give it. It is never published."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your email address"),
        help_text=_("Only if the authority may ask you back. It is never published."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    may_publish = forms.BooleanField(
        label=_("My answer may be published, without my name"),
        help_text=_("Without this tick it is read and counted, and not shown."),
        required=False,
    )

    def __init__(self, *args: Any, questions: Sequence[dict[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        add_questions(self, list(questions), [question["text"].text for question in questions])
        own = [name for name in self.fields if name.startswith("question_")]
        self.order_fields(["kind", "view", *own, "text"])
