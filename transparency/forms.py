"""Forms of publishing."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import GovukForm

REASON_LIMIT = 500
WELSH_REASON_LIMIT = 250


class PublishForm(GovukForm):
    """Publishing asks nothing but, where an authority in Wales has texts in English only, why."""

    welsh_missing_reason = forms.CharField(
        label=_("Why is the Welsh missing?"),
        help_text=_("It is recorded with the publication. Leave it empty if you would rather add the Welsh first."),
        max_length=WELSH_REASON_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: object, welsh_is_missing: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if not welsh_is_missing:
            del self.fields["welsh_missing_reason"]


class WithdrawForm(GovukForm):
    """A page is withdrawn with a reason that the public reads."""

    reason = forms.CharField(
        label=_("Why is the page withdrawn?"),
        help_text=_("The public reads this at the address of the page. Name no people and no place that is withheld."),
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
