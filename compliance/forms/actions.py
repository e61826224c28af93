"""Forms of the action plan."""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from compliance.forms.fields import VersionField
from compliance.models import ActionItem
from compliance.services.actions import DESCRIPTION_LIMIT, NEEDS_NOTE, NOTE_LIMIT, Plan, latest_due
from core.dates import today
from core.forms import GovukForm, MemorableDateField


class OwnerField(forms.ModelChoiceField):
    """People by name, without their addresses."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.get_full_name())


class ActionForm(GovukForm):
    """What is to be done, by whom, how urgent, until when. `due_before` is a date that may stay although it is past."""

    description = forms.CharField(
        label=gettext_lazy("What is to be done"),
        max_length=DESCRIPTION_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    owner = OwnerField(
        User.objects.none(), required=False, label=gettext_lazy("Owner"), empty_label=gettext_lazy("Nobody yet")
    )
    priority = forms.ChoiceField(
        label=gettext_lazy("Priority"), choices=ActionItem.Priority.choices, initial=ActionItem.Priority.MEDIUM
    )
    due_on = MemorableDateField(
        label=gettext_lazy("Due"), help_text=gettext_lazy("Within a year as a rule. For example, 27 3 2027.")
    )

    def __init__(self, *args: Any, owners: QuerySet[User], due_before: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.due_before = due_before
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (for the type checker)
        field.queryset = owners

    def clean_due_on(self) -> Any:
        due_on = self.cleaned_data["due_on"]
        if due_on is not None and due_on != self.due_before and not today() <= due_on <= latest_due():
            raise forms.ValidationError(_("The due date must lie between today and five years from now."))
        return due_on

    @property
    def plan(self) -> Plan | None:
        """The valid plan; None for the optional form that was left empty."""
        if not self.cleaned_data.get("description"):
            return None
        return Plan(
            description=self.cleaned_data["description"],
            due_on=self.cleaned_data["due_on"],
            priority=self.cleaned_data["priority"],
            owner=self.cleaned_data["owner"],
        )


class OptionalActionForm(ActionForm):
    """The action that may be added together with the answer to a closing question."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="action", empty_permitted=True, **kwargs)

    def has_changed(self) -> bool:
        """Whether something was typed: the priority alone stands there from the start."""
        return bool(set(self.changed_data) - {"priority"})


class ChangeActionForm(ActionForm):
    version = VersionField()


class MoveActionForm(GovukForm):
    """The next status of an action, of those that may follow, and a note that closing it needs."""

    mark_optional: ClassVar[bool] = False

    status = forms.ChoiceField(label=gettext_lazy("What happens with this action?"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("Needed if it is done or dropped: what was done, or why not."),
        required=False,
        max_length=NOTE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, action: ActionItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            ActionItem.Status.OPEN: _("Open it again") if not action.is_open() else _("Nobody works on it for now"),
            ActionItem.Status.IN_PROGRESS: _("Work on it has begun"),
            ActionItem.Status.DONE: _("It is done"),
            ActionItem.Status.DROPPED: _("It is dropped"),
        }
        field = self.fields["status"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type checker)
        field.choices = [(s.value, words[s]) for s in ActionItem.Status if action.can_move_to(s)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("status") in NEEDS_NOTE and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", _("Say what was done, or why the action is dropped."))
        return cleaned


class ActionFilterForm(GovukForm):
    """Which actions are listed."""

    mark_optional: ClassVar[bool] = False

    SHOWN: ClassVar = (
        ("open", gettext_lazy("Open")),
        ("overdue", gettext_lazy("Overdue")),
        ("mine", gettext_lazy("Mine and open")),
        ("closed", gettext_lazy("Done or dropped")),
        ("all", gettext_lazy("All")),
    )
    show = forms.ChoiceField(label=gettext_lazy("Show"), choices=SHOWN, required=False)
