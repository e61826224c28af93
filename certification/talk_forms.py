"""Forms between auditor and operator: clarifications and findings. Services hold the rules."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from certification.finding_classes import FindingClass
from certification.forms import SystemsField, long_text
from certification.models import Clarification, Finding
from certification.services import clarifications, findings, follow_up
from compliance.forms.evidence import FILE_HELP
from compliance.forms.fields import ANY, as_labels
from compliance.models import CameraSystem
from core.errors import Text
from core.files_field import FilesField
from core.forms import GovukForm, HintedRadioSelect, MemorableDateField, offer_choices, offer_rows

MOST_SENT = 20  # at once: more than a form takes, so that one too many is refused in a sentence
FILES_HELP = format_lazy(
    _("{kinds} You can choose up to {most} files at once, together at most {megabytes} MB."),
    kinds=FILE_HELP,
    most=clarifications.MOST_FILES,
    megabytes=settings.UPLOAD_KEPT_BYTES // (1024 * 1024),
)


def files_field(label: Text, *, required: bool = False) -> FilesField:
    """Several files at once; which the portal holds is for the service to say."""
    return FilesField(
        label=label, required=required, allow_empty_file=True, most=clarifications.MOST_FILES, help_text=FILES_HELP
    )


def _systems(form: forms.Form, systems: Sequence[CameraSystem]) -> None:
    """Offer the systems of the application; nothing is asked where there is one alone."""
    rows = CameraSystem.objects.filter(pk__in=[system.pk for system in systems]).order_by("name")
    offer_rows(form, "systems", rows)
    if len(systems) < 2:
        del form.fields["systems"]


class AskForm(GovukForm):
    """A question to the operator about a criterion or a question of the self-assessment."""

    subject = forms.CharField(label=_("What is it about, in a few words?"), max_length=clarifications.SUBJECT_LIMIT)
    text = long_text(_("What do you want to know?"), clarifications.TEXT_LIMIT, rows=6)
    system = forms.ChoiceField(label=_("System"), required=False)
    due_on = MemorableDateField(
        label=_("By when do you want the answer?"), required=False, help_text=_("For example 27 3 2027.")
    )

    def __init__(self, *args: Any, systems: Sequence[CameraSystem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._systems = {system.reference: system for system in systems}
        named = ((key, each.local_name) for key, each in self._systems.items())
        offer_choices(self, "system", [("", _("All systems")), *named])
        if len(systems) < 2:
            del self.fields["system"]

    @property
    def chosen_system(self) -> CameraSystem | None:
        return self._systems.get(self.cleaned_data.get("system", ""))


class ReplyForm(GovukForm):
    text = long_text(_("Your message"), clarifications.TEXT_LIMIT, rows=6)
    file = files_field(_("Files"))


class ReopenForm(GovukForm):
    text = long_text(_("What do you still want to know?"), clarifications.TEXT_LIMIT, rows=6)
    due_on = MemorableDateField(label=_("By when do you want the answer?"), required=False)


def class_choices(classes: Iterable[FindingClass]) -> tuple[list[tuple[str, str]], dict[str, Text]]:
    """Each class with what it stops and until when it is due from today."""
    choices: list[tuple[str, str]] = []
    hints: dict[str, Text] = {}
    for found in classes:
        due = found.due_on()
        choices.append((found.key, found.name))
        if due is None:
            hints[found.key] = _("It informs and asks for no answer.")
            continue
        sentence = (
            _("An open one stops an award. Due by {day} unless you set another day.")
            if found.blocks_award
            else _("Needs an accepted plan before an award. Due by {day} unless you set another day.")
        )
        hints[found.key] = format_lazy(sentence, day=date_format(due, "j F Y"))
    return choices, hints


class FindingForm(GovukForm):
    """A finding at a criterion; no class is ticked beforehand."""

    class_key = forms.ChoiceField(
        label=_("Class"),
        widget=HintedRadioSelect,
        error_messages={"required": _("Choose the class of the finding.")},
    )
    text = long_text(_("What was found?"), findings.TEXT_LIMIT, rows=6)
    evidence = long_text(
        _("What it rests on"),
        findings.SHORT_LIMIT,
        help_text=_("The answer, document or place where it was seen."),
        rows=3,
        required=False,
    )
    systems = SystemsField(
        CameraSystem.objects.none(),
        to_field_name="reference",
        label=_("Systems that it is about"),
        help_text=_("None ticked: all of them."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    due_on = MemorableDateField(
        label=_("To be put right by"),
        help_text=_("Leave it empty for the deadline of the class."),
        required=False,
    )

    def __init__(
        self, *args: Any, classes: Iterable[FindingClass], systems: Sequence[CameraSystem], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices, hints = class_choices(classes)
        offer_choices(self, "class_key", choices)
        self.fields["class_key"].widget.hints = hints
        _systems(self, systems)


class RespondForm(GovukForm):
    """The operator's answer to a finding."""

    cause = long_text(
        _("Why did it come about?"),
        findings.SHORT_LIMIT,
        help_text=_("The cause, so that it does not come again."),
        rows=3,
        required=False,
    )
    text = long_text(_("What was done, or is planned?"), findings.TEXT_LIMIT, rows=6)
    done_by = MemorableDateField(
        label=_("When was it done, or when will it be?"), required=False, help_text=_("For example 27 3 2027.")
    )
    file = files_field(_("Files that show it"))


class MoreFilesForm(GovukForm):
    """Further files beside an answer that was not judged yet."""

    file = files_field(_("Files"), required=True)


class JudgeForm(GovukForm):
    """The auditor's word on an answer; nothing is ticked beforehand."""

    mark_optional: ClassVar[bool] = False
    outcome = forms.ChoiceField(
        label=_("What do you make of the answer?"),
        choices=[
            (findings.ACCEPT_DONE, _("It is put right: close the finding")),
            (findings.ACCEPT_PLAN, _("The plan is accepted: it is followed up at the next review")),
            (findings.REJECT, _("It is not enough: ask for another answer")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you make of the answer.")},
    )
    reason = long_text(
        _("Reason"),
        findings.SHORT_LIMIT,
        help_text=_("Needed when it is not enough. The operator reads it."),
        rows=4,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("outcome") == findings.REJECT and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Say why the answer is not enough."))
        return cleaned


class FollowUpForm(GovukForm):
    """What became of an earlier finding."""

    outcome = forms.ChoiceField(
        label=_("What became of it?"),
        choices=[
            (follow_up.CLOSED, _("It is put right: closed")),
            (follow_up.RAISED_AGAIN, _("It is not: raise it again as a new finding")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether the finding is closed or raised again.")},
    )
    class_key = forms.ChoiceField(label=_("Class, if it is raised again"), required=False)
    text = long_text(_("What did you see?"), findings.SHORT_LIMIT, rows=4)

    def __init__(self, *args: Any, classes: Iterable[FindingClass], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "class_key", [(found.key, found.name) for found in classes])


class EndFindingForm(GovukForm):
    """Why a finding is closed or cancelled without an answer."""

    reason = long_text(_("Reason"), findings.SHORT_LIMIT, help_text=_("The operator reads it."), rows=4)


# --- filters ---

OPEN = "open"
OVERDUE = "overdue"


class ClarificationFilter(GovukForm):
    mark_optional: ClassVar[bool] = False
    state = forms.ChoiceField(
        label=_("Which"),
        required=False,
        choices=[
            ANY,
            (OPEN, _("All that are open")),
            (OVERDUE, _("Overdue")),
            (Clarification.Status.CLOSED, _("Closed")),
        ],
    )
    waits_for = forms.ChoiceField(
        label=_("Who is waited for"),
        required=False,
        choices=[
            ANY,
            (Clarification.Status.WAITS_FOR_OPERATOR, _("The operator")),
            (Clarification.Status.WAITS_FOR_AUDITOR, _("The auditor")),
        ],
    )


class FindingFilter(GovukForm):
    mark_optional: ClassVar[bool] = False
    state = forms.ChoiceField(
        label=_("Which"),
        required=False,
        choices=[
            ANY,
            (OPEN, _("Not settled")),
            (OVERDUE, _("Overdue")),
            *as_labels(Finding.Status.choices),
        ],
    )
