"""Forms for working on a self-assessment together: comments, questions that are sent out, who answers what."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from accounts.models import User
from compliance.forms.actions import OwnerField
from compliance.forms.answers import AnswerForm, answer_form
from compliance.models import Principle, Question
from compliance.services.comments import COMMENT_LIMIT
from compliance.services.requests import MESSAGE_LIMIT, NAME_LIMIT
from core.forms import GovukForm


class CommentForm(GovukForm):
    text = forms.CharField(
        label=gettext_lazy("Your comment"),
        help_text=gettext_lazy(
            "Colleagues read it. It is no part of the answer, of what is signed, or of what is public."
        ),
        max_length=COMMENT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write the comment first.")},
    )


class AskForm(GovukForm):
    """To whom one question goes, and what to tell them."""

    widths: ClassVar[Mapping[str, int]] = {"email": 30, "name": 30}
    email = forms.EmailField(
        label=gettext_lazy("Email address"),
        help_text=gettext_lazy("Of the person in IT, or of the installer, who knows."),
        max_length=254,
        error_messages={"required": gettext_lazy("Enter an email address in the form name@example.org.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Their name or post"),
        help_text=gettext_lazy("So that colleagues know who was asked."),
        error_messages={"required": gettext_lazy("Enter a name or post.")},
        max_length=NAME_LIMIT,
    )
    message = forms.CharField(
        required=False,
        label=gettext_lazy("Message"),
        help_text=gettext_lazy("It stands above the question. Say until when you need the answer."),
        max_length=MESSAGE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AssignForm(GovukForm):
    """One person, and the principles that they are asked to answer."""

    user = OwnerField(
        User.objects.none(),
        label=gettext_lazy("Person"),
        empty_label=gettext_lazy("Choose one"),
        error_messages={"required": gettext_lazy("Choose a person.")},
    )
    principles = forms.ModelMultipleChoiceField(
        Principle.objects.none(),
        label=gettext_lazy("Principles"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one principle.")},
    )

    def __init__(self, *args: Any, people: QuerySet[User], principles: QuerySet[Principle], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("user", people), ("principles", principles)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (for the type checker)
            field.queryset = rows
        self.fields["principles"].label_from_instance = _principle_label  # type: ignore[attr-defined]


def _principle_label(principle: Any) -> str:
    return f"{principle.number}. {principle.local_title}"


def reply_form(question: Question, *, data: Mapping[str, Any] | None = None) -> AnswerForm:
    """The form of somebody who was asked: the answer, and who they are. No version: nothing is overwritten by it."""
    form = answer_form(question, data=data)
    del form.fields["version"]
    form.fields["name"] = forms.CharField(
        label=gettext_lazy("Your name or post"),
        help_text=gettext_lazy("It stands beside your answer for whoever asked you."),
        error_messages={"required": gettext_lazy("Enter your name or post.")},
        max_length=NAME_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    form.fields["text"].label = (
        form.fields["text"].label if question.kind == Question.Kind.TEXT else gettext_lazy("Your explanation")
    )
    return form
