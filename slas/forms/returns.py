"""Forms of returns: the figures of a period, a file of them, comments."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from compliance.forms.fields import VersionField
from core.forms import GovukForm, offer_choices
from slas.clause_files import library_of, local
from slas.forms.clauses import area
from slas.models import FootageUse, MeasureFigure, Outcome, PerformanceReturn, Side
from slas.services.returns import COMMENT_LIMIT, COUNTS, REMARK_LIMIT, Figure, Given

NUMBER = {"inputmode": "decimal", "class": "govuk-input--width-10"}


def _number(label: Any, *, places: int = 0, hint: Any = "") -> forms.DecimalField:
    widget = forms.TextInput(attrs=NUMBER)
    return forms.DecimalField(
        label=label, help_text=hint, required=False, max_digits=12, decimal_places=places, widget=widget
    )


class ReturnForm(GovukForm):
    """Made for one return: its measures, counts and, for the police, outcomes. An empty figure needs a comment.

    Needs `agreement.library`.
    """

    mark_optional = False
    version = VersionField(lowest=0)

    def __init__(self, *args: Any, made: PerformanceReturn, side: str, figures: Iterable[MeasureFigure], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.side, self.figures = side, list(figures)
        counted = {measure.key: measure for measure in library_of(made.agreement).measures}
        for figure in self.figures:
            measure, key = figure.measure, figure.measure.key
            text, name = counted[key], measure.local_name  # measures are copied from the library of their agreement
            self.fields[f"{key}_numerator"] = _number(f"{name}: {local(text.numerator)}", places=2)
            if measure.has_denominator:
                self.fields[f"{key}_denominator"] = _number(f"{name}: {local(text.denominator)}", places=2)
            why = format_lazy(_("{measure}: remark, or why it was not counted"), measure=measure.local_name)
            self.fields[f"{key}_comment"] = forms.CharField(label=why, max_length=REMARK_LIMIT, required=False)
        for name in COUNTS:
            label = made._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            self.fields[name] = _number(capfirst(label))
        if side == Side.POLICE:
            for use in FootageUse.values:
                for result in Outcome.values:
                    words = format_lazy("{use}: {result}", use=FootageUse(use).label, result=Outcome(result).label)
                    self.fields[f"outcome_{use}_{result}"] = _number(capfirst(words))
        self.fields["comment"] = area(_("Comment for the other side"), COMMENT_LIMIT, rows=4, required=False)

    def given(self) -> Given:
        """The answers as the service takes them."""
        cleaned = self.cleaned_data
        outcomes = {}
        if self.side == Side.POLICE:
            outcomes = {
                (use, result): int(cleaned.get(f"outcome_{use}_{result}") or 0)
                for use in FootageUse.values
                for result in Outcome.values
            }
        return Given(
            figures={
                figure.measure.key: Figure(
                    cleaned.get(f"{figure.measure.key}_numerator"),
                    cleaned.get(f"{figure.measure.key}_denominator"),
                    cleaned.get(f"{figure.measure.key}_comment") or "",
                )
                for figure in self.figures
            },
            counts={name: None if cleaned.get(name) is None else int(cleaned[name]) for name in COUNTS},
            outcomes=outcomes,
            comment=cleaned.get("comment") or "",
        )

    @staticmethod
    def initial_of(made: PerformanceReturn, figures: Iterable[MeasureFigure]) -> dict[str, Any]:
        """What the form shows of a return. One query."""
        found: dict[str, Any] = {name: getattr(made, name) for name in COUNTS}
        for figure in figures:
            key = figure.measure.key
            found |= {
                f"{key}_numerator": figure.numerator,
                f"{key}_denominator": figure.denominator,
                f"{key}_comment": figure.comment,
            }
        found |= {f"outcome_{row.use}_{row.outcome}": row.number for row in made.outcomes.all()}
        return {**found, "comment": made.comment, "version": made.version}


class BeginReturnForm(GovukForm):
    starts_on = forms.ChoiceField(label=_("For which period?"), widget=forms.Select)

    def __init__(self, *args: Any, periods: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_choices(self, "starts_on", periods)


class ReturnFileForm(GovukForm):
    file = forms.FileField(
        label=_("File with the figures"),
        help_text=_("CSV or Excel, made from the empty table. It goes into the draft; look at it before you send it."),
    )


class ReturnCommentForm(GovukForm):
    """Agreeing figures goes without a comment; asking and commenting do not, and the services say so."""

    mark_optional = False
    version = VersionField(lowest=0)
    comment = area(
        _("Comment"), REMARK_LIMIT * 2, rows=4, required=False, help_text=_("Both sides read it. Name no persons.")
    )
