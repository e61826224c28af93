"""Forms of bulletins and news."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.forms.fields import VersionField
from core.forms import GovukForm, GovukModelForm
from slas.forms.clauses import area
from strategy.models import Bulletin, BulletinItem
from strategy.services.bulletins import ITEM, NOTE_LIMIT, WRITTEN


class BulletinForm(GovukModelForm):
    version = VersionField(lowest=0)

    class Meta:
        model = Bulletin
        fields = WRITTEN
        help_texts = {"expires_on": _("After it the news leaves the list; its own page stays.")}

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        if kind == Bulletin.Kind.BULLETIN:
            del self.fields["expires_on"]

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: self.cleaned_data.get(name) for name in WRITTEN}


class ItemForm(GovukModelForm):
    class Meta:
        model = BulletinItem
        fields = ITEM


class PublishBulletinForm(GovukForm):
    version = VersionField(lowest=0)
    note = area(
        _("What was corrected?"),
        NOTE_LIMIT,
        rows=3,
        required=False,
        help_text=_("Only if it was published before. The public reads it."),
    )
    note_cy = area(_("That in Welsh"), NOTE_LIMIT, rows=3, required=False)


class WithdrawBulletinForm(GovukForm):
    reason = forms.CharField(
        label=_("Why is it withdrawn?"),
        max_length=NOTE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The public reads it at the address, which stays."),
    )
