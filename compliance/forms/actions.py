"""Forms of the action plan."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from compliance.forms.fields import VersionField, as_labels
from compliance.models import ActionItem, CameraSystem, Evidence, Principle
from compliance.services.actions import (
    DESCRIPTION_LIMIT,
    FROM_OUTSIDE,
    NEEDS_NOTE,
    NOTE_LIMIT,
    SOURCE_LIMIT,
    Plan,
    Source,
    latest_due,
)
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
        label=gettext_lazy("Priority"),
        choices=as_labels(ActionItem.Priority.choices),
        initial=ActionItem.Priority.MEDIUM,
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

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Name the possible owners from what was read before, for a page that shows the form without sending it."""
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (for the type checker)
        field.choices = [("", str(field.empty_label)), *people]

    def has_changed(self) -> bool:
        """Whether something was typed: the priority alone stands there from the start."""
        return bool(set(self.changed_data) - {"priority"})


def _numbered(obj: Any) -> str:
    return f"{obj.number}. {obj.local_title}"


class FreeActionForm(ActionForm):
    """An action outside a self-assessment: also where it comes from, and what it is about."""

    origin = forms.ChoiceField(
        label=gettext_lazy("Where does it come from?"),
        choices=[(o.value, o.label) for o in FROM_OUTSIDE],
        initial=ActionItem.Origin.FREE,
    )
    origin_reference = forms.CharField(
        label=gettext_lazy("Reference of the finding or review"), max_length=SOURCE_LIMIT, required=False
    )
    system = forms.ModelChoiceField(
        CameraSystem.objects.none(),
        required=False,
        to_field_name="reference",
        label=gettext_lazy("System"),
        empty_label=gettext_lazy("No system in particular"),
    )
    principle = forms.ModelChoiceField(
        Principle.objects.none(),
        required=False,
        to_field_name="number",
        label=gettext_lazy("Principle"),
        empty_label=gettext_lazy("No principle in particular"),
    )
    widths: ClassVar = {"origin_reference": 20}
    field_order = ("description", "owner", "priority", "due_on", "system", "principle", "origin", "origin_reference")

    def __init__(
        self, *args: Any, systems: QuerySet[CameraSystem], principles: QuerySet[Principle], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        origin, system, principle = (self.fields[name] for name in ("origin", "system", "principle"))
        assert isinstance(origin, forms.ChoiceField)  # noqa: S101  (for the type checker)
        assert isinstance(system, forms.ModelChoiceField)  # noqa: S101
        assert isinstance(principle, forms.ModelChoiceField)  # noqa: S101
        origin.choices = as_labels((o.value, o.label) for o in FROM_OUTSIDE)
        system.queryset, principle.queryset = systems, principles
        system.label_from_instance = lambda obj: obj.local_name  # type: ignore[method-assign]
        principle.label_from_instance = _numbered  # type: ignore[method-assign]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("origin") == ActionItem.Origin.FREE and cleaned.get("origin_reference"):
            self.add_error(
                "origin_reference", _("Only a finding or a review has a reference. Say so above, or leave it out.")
            )
        return cleaned

    @property
    def source(self) -> Source:
        return Source(self.cleaned_data["origin"], self.cleaned_data["origin_reference"])


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
    evidence = forms.ModelChoiceField(
        Evidence.objects.none(),
        required=False,
        to_field_name="reference",
        label=gettext_lazy("Evidence"),
        help_text=gettext_lazy("If it is done: what shows it, from the library of evidence."),
        empty_label=gettext_lazy("None"),
    )

    def __init__(self, *args: Any, action: ActionItem, library: QuerySet[Evidence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = self.fields["evidence"]
        assert isinstance(offered, forms.ModelChoiceField)  # noqa: S101  (for the type checker)
        offered.queryset = library
        if not action.can_move_to(ActionItem.Status.DONE):
            del self.fields["evidence"]
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
        if cleaned.get("evidence") and cleaned.get("status") not in (None, ActionItem.Status.DONE):
            self.add_error("evidence", _("Evidence can be named only for an action that is done."))
        return cleaned
