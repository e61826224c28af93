"""Forms over many actions: which are listed, and what several get alike."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from compliance.forms.actions import OwnerField
from compliance.forms.fields import ANY, as_labels
from compliance.models import ActionItem, CameraSystem, Principle
from compliance.models.action import ActionItemQuerySet
from compliance.services.actions import NOTE_LIMIT, latest_due
from compliance.services.bulk_actions import Alike
from core.dates import today
from core.forms import GovukForm, MemorableDateField

SOON = dt.timedelta(days=30)
CLOSED = (ActionItem.Status.DONE, ActionItem.Status.DROPPED)
NOBODY, MINE = "nobody", "me"


class ActionFilterForm(GovukForm):
    """Which actions are listed: how they stand, and whose, about what and where from they are."""

    mark_optional: ClassVar[bool] = False

    SHOWN: ClassVar = (
        ("open", gettext_lazy("Open, begun or not")),
        ("overdue", gettext_lazy("Overdue")),
        ("soon", gettext_lazy("Due in 30 days")),
        ("mine", gettext_lazy("Mine and open")),
        ("in_progress", gettext_lazy("In progress")),
        ("done", gettext_lazy("Done")),
        ("dropped", gettext_lazy("Dropped")),
        ("closed", gettext_lazy("Done or dropped")),
        ("all", gettext_lazy("All")),
    )
    show = forms.ChoiceField(label=gettext_lazy("Status"), choices=SHOWN, required=False)
    owner = forms.ChoiceField(label=gettext_lazy("Owner"), required=False)
    system = forms.ChoiceField(label=gettext_lazy("System"), required=False)
    principle = forms.ChoiceField(label=gettext_lazy("Principle"), required=False)
    origin = forms.ChoiceField(label=gettext_lazy("Comes from"), required=False)

    def __init__(
        self,
        *args: Any,
        owners: Iterable[User],
        systems: Iterable[CameraSystem],
        principles: Iterable[Principle],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        people = [(person.reference, person.get_full_name()) for person in owners]
        numbered = [(str(found.number), f"{found.number}. {found.local_title}") for found in principles]
        offered: dict[str, list[tuple[str, Any]]] = {
            "owner": [ANY, (MINE, _("Me")), (NOBODY, _("Nobody yet")), *people],
            "system": [ANY, *((found.reference, found.local_name) for found in systems), ("none", _("No system"))],
            "principle": [ANY, *numbered, ("none", _("No principle"))],
            "origin": [ANY, *as_labels(ActionItem.Origin.choices)],
        }
        for name, choices in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type checker)
            field.choices = choices

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the usual list was asked for."""
        return self.is_bound and any(self.data.get(name) for name in self.fields if name != "show")

    def narrow(self, actions: ActionItemQuerySet, user: User) -> ActionItemQuerySet:
        """The actions that were asked for; where an answer makes no sense, the open ones."""
        asked = self.cleaned_data if self.is_valid() else {}
        actions = _standing(actions, asked.get("show", ""), user)
        conditions = Q()
        if owner := asked.get("owner"):
            conditions &= {MINE: Q(owner=user), NOBODY: Q(owner=None)}.get(owner, Q(owner__reference=owner))
        if system := asked.get("system"):
            conditions &= Q(system=None) if system == "none" else Q(system__reference=system)
        if principle := asked.get("principle"):
            conditions &= Q(principle=None) if principle == "none" else Q(principle__number=principle)
        if origin := asked.get("origin"):
            conditions &= Q(origin=origin)
        return actions.filter(conditions)


def _standing(actions: ActionItemQuerySet, shown: str, user: User) -> ActionItemQuerySet:
    """Overdue and due soon are derived from the date; nothing stores them."""
    if shown == "overdue":
        return actions.open().filter(due_on__lt=today())
    if shown == "soon":
        return actions.open().filter(due_on__range=(today(), today() + SOON))
    if shown == "mine":
        return actions.open().filter(owner=user)
    if shown == "closed":
        return actions.filter(status__in=CLOSED)
    if shown in ActionItem.Status.values and shown != ActionItem.Status.OPEN:
        return actions.filter(status=shown)
    return actions if shown == "all" else actions.open()


class AlikeForm(GovukForm):
    """What the ticked actions get alike. What is left empty stays as it is with each of them."""

    mark_optional: ClassVar[bool] = False

    owner = OwnerField(
        User.objects.none(),
        required=False,
        to_field_name="reference",
        label=gettext_lazy("Owner"),
        empty_label=gettext_lazy("Leave as it is"),
    )
    due_on = MemorableDateField(
        label=gettext_lazy("Due"),
        required=False,
        help_text=gettext_lazy("Leave empty to keep each date. For example, 27 3 2027."),
    )
    priority = forms.ChoiceField(
        label=gettext_lazy("Priority"),
        choices=[("", gettext_lazy("Leave as it is")), *as_labels(ActionItem.Priority.choices)],
        required=False,
    )
    drop = forms.BooleanField(label=gettext_lazy("Drop them all"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why they are dropped"),
        required=False,
        max_length=NOTE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    groups: ClassVar = (
        (gettext_lazy("Plan them anew"), ("owner", "due_on", "priority")),
        (gettext_lazy("Or drop them"), ("drop", "reason")),
    )

    def __init__(self, *args: Any, owners: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (for the type checker)
        field.queryset = owners

    def clean_due_on(self) -> Any:
        due_on = self.cleaned_data["due_on"]
        if due_on is not None and not today() <= due_on <= latest_due():
            raise forms.ValidationError(_("The due date must lie between today and five years from now."))
        return due_on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        planned = any(cleaned.get(name) for name in ("owner", "due_on", "priority"))
        if cleaned.get("drop"):
            if planned:
                self.add_error("drop", _("Either plan them anew or drop them, not both."))
            elif not cleaned.get("reason") and "reason" not in self.errors:
                self.add_error("reason", _("Say why the actions are dropped."))
        elif cleaned.get("reason"):
            self.add_error("drop", _("Tick this box to drop them, or take the reason out."))
        elif not planned and not self.errors:
            self.add_error("owner", _("Say what is to change: owner, due date, priority, or that they are dropped."))
        return cleaned

    @property
    def alike(self) -> Alike:
        asked = self.cleaned_data
        if asked["drop"]:
            return Alike(drop_because=asked["reason"])
        return Alike(owner=asked["owner"], due_on=asked["due_on"], priority=asked["priority"])
