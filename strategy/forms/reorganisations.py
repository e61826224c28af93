"""Forms of reorganisations: composed field by field, sent as a file, changed as text, confirmed."""

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.forms import GovukForm, MemorableDateField
from slas.forms.clauses import area
from strategy.reorganisation_composing import Named, compose, found_by_name
from strategy.services.reorganisations import MAX_TEXT

KINDS = (
    ("join", _("Join: one or more become one, or are taken in by one")),
    ("split", _("Split: one becomes several")),
    ("rename", _("Rename: the same body under another name")),
)
LINES = 4_000


class ComposeForm(GovukForm):
    """What most plans need; the rest is written into the text that it makes."""

    kind = forms.ChoiceField(label=_("What happens?"), choices=KINDS, widget=forms.RadioSelect)
    vesting = MemorableDateField(
        label=_("Vesting date"),
        help_text=_("The first day of the successors. It may be past; then it is done at once."),
    )
    interim_until = MemorableDateField(
        label=_("Until when should inherited documents hold?"),
        required=False,
        help_text=_("The day by which the successors mean to have their own. Readers are told it."),
    )
    predecessors = area(
        _("Who is reorganised?"), LINES, rows=4, help_text=_("One name or address on each line. The first goes first.")
    )
    successors = area(
        _("Who comes after?"),
        LINES,
        rows=4,
        help_text=_(
            "One name on each line, the name in Welsh after a semicolon. "
            "The name of one that stands already: it takes the others in."
        ),
    )

    def clean_predecessors(self) -> list[Organisation]:
        found: list[Organisation] = []
        unknown: list[str] = []
        for line in _lines(self.cleaned_data["predecessors"]):
            organisation = found_by_name(line)
            if organisation is None:
                unknown.append(line)
            else:
                found.append(organisation)
        if unknown:
            sentence = _now("No authority or force is called “%(name)s”, or several are.")
            raise forms.ValidationError([sentence % {"name": line} for line in unknown])
        return found

    def clean_successors(self) -> list[Named]:
        named = []
        for line in _lines(self.cleaned_data["successors"]):
            english, _semicolon, welsh = (part.strip() for part in line.partition(";"))
            named.append(Named(english, welsh, found_by_name(english)))
        return named

    def text(self) -> str:
        """The plan that the service takes."""
        data = self.cleaned_data
        successors = data["successors"]
        if data["kind"] == "rename":  # under its own name again, such as with another one in Welsh
            successors = [Named(one.name, one.name_cy) for one in successors]
        return compose(
            kind=data["kind"],
            vesting=data["vesting"],
            interim_until=data["interim_until"],
            predecessors=data["predecessors"],
            successors=successors,
        )


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


class PlanTextForm(GovukForm):
    """The plan as text."""

    plan = area(_("The plan"), MAX_TEXT, rows=24)

    def text(self) -> str:
        return str(self.cleaned_data["plan"]).replace("\r\n", "\n")


class PlanFileForm(GovukForm):
    file = forms.FileField(label=_("Plan file"), help_text=_("A text file in YAML."))

    def clean_file(self) -> str:
        upload = self.cleaned_data["file"]
        if upload.size > MAX_TEXT:
            raise forms.ValidationError(_now("The plan is too long."))
        try:
            return str(upload.read().decode("utf-8"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_now("This is no text file in UTF-8.")) from None

    def text(self) -> str:
        return str(self.cleaned_data["file"])


class ConfirmForm(GovukForm):
    read = forms.BooleanField(label=_("I have read the dry run, and this is to be done"))
