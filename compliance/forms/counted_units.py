"""The form of a count of cameras that are never mapped."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.forms.fields import as_labels
from compliance.models import CountedUnits
from compliance.models.system import MAX_COUNT
from core.forms import GovukForm, MemorableDateField


class CountForm(GovukForm):
    """How many of one kind there are, as of a day."""

    kind = forms.ChoiceField(
        label=_("What is counted"), choices=as_labels(CountedUnits.Kind.choices), widget=forms.RadioSelect
    )
    count = forms.IntegerField(label=_("How many"), min_value=0, max_value=MAX_COUNT)
    counted_on = MemorableDateField(label=_("Counted on"))
    note = forms.CharField(label=_("Note"), max_length=250, required=False)
    widths: ClassVar = {"count": 5}
