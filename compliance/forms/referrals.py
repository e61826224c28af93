"""Forms of requests for cameras: what anybody can send, and the answer."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from compliance.forms.fields import as_labels
from compliance.models import Referral
from compliance.services.referrals import ANSWER_LIMIT
from core.forms import GovukForm


class ReferralForm(GovukForm):
    """For people without an account, in English and Welsh."""

    source = forms.ChoiceField(
        label=_("Who are you?"),
        choices=as_labels(Referral.Source.choices),
        widget=forms.RadioSelect,
    )
    location = forms.CharField(
        label=_("Where is the problem?"), help_text=_("Street or landmark, as people there call it."), max_length=250
    )
    problem = forms.CharField(
        label=_("What is the problem?"),
        help_text=_("Leave out names and anything by which single people could be known."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    since = forms.CharField(label=_("Since when, and how often?"), max_length=500, required=False)
    tried = forms.CharField(
        label=_("What was tried already?"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    organisation = forms.CharField(label=_("Your organisation, if you write for one"), max_length=150, required=False)
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your email address"),
        help_text=_("Only if you want an answer."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    groups: ClassVar = (
        ("", ("source", "location", "problem", "since", "tried")),
        (_("If you want to be answered"), ("organisation", "name", "email")),
    )


class DeclineReferralForm(GovukForm):
    answer = forms.CharField(
        label=_("Why is no camera proposed?"),
        help_text=_("It is sent to whoever asked, if they left an address."),
        max_length=ANSWER_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
