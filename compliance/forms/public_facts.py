"""Forms of what the public is told of a system beyond its record: short ones, each about one thing."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from compliance.completeness import EXTENT, NAMES, OVERSIGHT, POLICE, RIGHTS
from compliance.forms.fields import VersionField, WebAddressField, as_labels
from compliance.forms.systems import SystemForm, WelshBoxes
from compliance.models import CameraSystem, ServiceStandard, SystemUse, WithheldFact
from compliance.models.public_facts import PoliceAccess, Stated
from compliance.services.public_facts import DECIDED, DETAILS
from compliance.use_rules import WITH_WATCHLIST
from core.forms import GovukForm, GovukModelForm, MemorableDateField

YES_NO = as_labels(Stated.choices)
A_DAY = _("For example 27 3 2026.")


class ExtentForm(SystemForm):
    """Where the cameras are, by kind of place, how exactly the list tells it, and what is not in this system."""

    title = _("Places, and what is not part of this system")

    class Meta:
        model = CameraSystem
        fields = (
            "public_space_count",
            "internal_count",
            "places_counted_on",
            "camera_list_policy",
            "camera_list_policy_cy",
            "other_systems",
            "other_systems_cy",
        )
        labels = {
            "public_space_count": _("Cameras in public places"),
            "internal_count": _("Cameras inside buildings and depots"),
            "places_counted_on": _("When were they counted by place?"),
            "camera_list_policy": _("How exactly do you list places, and why?"),
            "other_systems": _("Which cameras of yours are not part of this system?"),
        }
        help_texts = {
            "public_space_count": _("Leave all three empty if you do not count them apart."),
            "places_counted_on": _("Both together must be as many as are counted in all."),
            "camera_list_policy": _("For example “By street: exact places would help those who damage cameras.”"),
            "other_systems": _("Name them, for example in libraries, parks or on buses, or write that there are none."),
        }

    widths: ClassVar = {"public_space_count": 5, "internal_count": 5}


class PoliceForm(SystemForm):
    """What the police can do with the pictures, and how they and insurers ask."""

    title = _("Police, and who else asks for pictures")
    police_access = forms.MultipleChoiceField(
        label=_("What can the police do by themselves?"),
        choices=as_labels(PoliceAccess.choices),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Say “none” where they have to ask: silence reads badly."),
    )
    anpr_shared = forms.ChoiceField(
        label=_("Are number plates shared with the police?"), choices=YES_NO, required=False, widget=forms.RadioSelect
    )

    class Meta:
        model = CameraSystem
        fields = (
            "police_access",
            "police_agreement",
            "police_agreement_cy",
            "anpr_shared",
            "anpr_sharing",
            "anpr_sharing_cy",
            "requests_how_to",
            "requests_how_to_cy",
        )
        labels = {
            "police_agreement": _("Under which agreement, and within which limits?"),
            "anpr_sharing": _("How are number plates shared, and under which agreement?"),
            "requests_how_to": _("How do police and insurers ask for pictures, and what does it cost?"),
        }
        help_texts = {
            "police_agreement": _("Name the agreement and its date. The public reads this."),
            "anpr_sharing": _("Only where the system reads number plates."),
            "requests_how_to": _("Name the fee for insurers, if there is one."),
        }

    inline = ("anpr_shared",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "anpr" not in self.instance.technology_keys() and not self.instance.anpr_shared:
            for name in ("anpr_shared", "anpr_sharing", "anpr_sharing_cy"):
                del self.fields[name]


class RightsForm(SystemForm):
    """How people ask online for footage of themselves, and what becomes of a complaint."""

    title = _("Requests and complaints")
    sar_url = WebAddressField(
        label=_("Web address of the form with which people ask for footage of themselves"),
        required=False,
        help_text=_("Begins with https://. Leave it empty if there is none."),
    )

    class Meta:
        model = CameraSystem
        fields = ("sar_url", "complaints_how_to", "complaints_how_to_cy")
        labels = {"complaints_how_to": _("How is a complaint about the cameras answered?")}
        help_texts = {
            "complaints_how_to": _(
                "Who answers, within how many days, and who looks again. The page adds by itself that people can then "
                "go to the Information Commissioner."
            )
        }


class OversightForm(SystemForm):
    """Who looks at the system from outside, and with whom it is run."""

    title = _("Scrutiny, partners and contractors")

    class Meta:
        model = CameraSystem
        fields = ("scrutiny_committee", "scrutiny_committee_cy", "scrutinised_on", "partners", "contractors")
        labels = {
            "scrutiny_committee": _("Which committee looks at the system?"),
            "scrutinised_on": _("When did it last consider it?"),
            "partners": _("Partners"),
            "contractors": _("Contractors"),
        }
        help_texts = {
            "scrutinised_on": A_DAY,
            "partners": _("One on each line, for example a business improvement district. Organisations, not people."),
            "contractors": _("One on each line: who maintains or staffs the system."),
        }


class NamesForm(SystemForm):
    """Names of office holders, for the public. Posts alone will do."""

    title = _("Names that the public may read")

    class Meta:
        model = CameraSystem
        fields = ("sro_name", "spoc_name", "spoc_name_agreed_on")
        labels = {
            "sro_name": _("Name of the senior responsible officer"),
            "spoc_name": _("Name of the single point of contact"),
            "spoc_name_agreed_on": _("When did they agree to be named?"),
        }
        help_texts = {
            "sro_name": _("Leave it empty and the page names the post alone. People change more often than posts."),
            "spoc_name": _("Only if they agreed. Without the day of their agreement the name is not kept."),
            "spoc_name_agreed_on": A_DAY,
        }


class UsesForm(GovukForm):
    """Yes or no for each thing that people ask about; what is not answered stays unanswered."""

    title = _("What the cameras do")
    version = VersionField(lowest=1)

    def __init__(self, *args: Any, system: CameraSystem, stored: dict[str, SystemUse], **kwargs: Any) -> None:
        super().__init__(*args, initial={"version": system.version}, **kwargs)
        for kind in SystemUse.Kind:
            use = stored.get(kind)
            self.fields[kind] = forms.ChoiceField(
                label=QUESTIONS[kind],
                help_text=MEANINGS.get(kind, ""),
                choices=YES_NO,
                required=False,
                widget=forms.RadioSelect,
                initial="" if use is None else (Stated.YES if use.used else Stated.NO),
            )

    mark_optional = False
    inline = tuple(SystemUse.Kind.values)

    def used(self) -> dict[str, bool]:
        """What was answered, as the service takes it."""
        given = {kind: self.cleaned_data[kind] for kind in SystemUse.Kind.values}
        return {kind: answer == Stated.YES for kind, answer in given.items() if answer}


QUESTIONS = {
    SystemUse.Kind.LIVE_RECOGNITION: _("Is live facial recognition used?"),
    SystemUse.Kind.RETROSPECTIVE_RECOGNITION: _("Is facial recognition used on recordings?"),
    SystemUse.Kind.SEARCH: _("Is software used to search recordings for people, objects or vehicles?"),
    SystemUse.Kind.BEHAVIOUR: _("Is software used to detect behaviour, such as crowding or loitering?"),
    SystemUse.Kind.LOUDSPEAKERS: _("Can people be spoken to through loudspeakers?"),
    SystemUse.Kind.AUDIO: _("Is sound recorded?"),
}
MEANINGS = {
    SystemUse.Kind.LIVE_RECOGNITION: _("Faces of people who pass are compared with a watchlist at once."),
    SystemUse.Kind.RETROSPECTIVE_RECOGNITION: _("Also called retrospective facial recognition."),
    SystemUse.Kind.SEARCH: _("For example by the colour of clothes or the make of a car."),
}


class VersionedForm(GovukModelForm):
    """What belongs to the record of a system and is saved with the version of that."""

    version = VersionField(lowest=1)

    def values(self) -> dict[str, Any]:
        """As the services take them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class UseForm(WelshBoxes, VersionedForm):
    """One use that is made of the cameras: by whom, since when, on whose decision."""

    term = forms.ChoiceField(
        label=_("Is it on trial or permanent?"),
        choices=as_labels(SystemUse.Term.choices),
        required=False,
        widget=forms.RadioSelect,
    )

    class Meta:
        model = SystemUse
        fields = DETAILS
        labels = {
            "run_by": _("Which organisation operates it?"),
            "watchlist_owner": _("Whose watchlist is it?"),
            "first_used_on": _("When was it first used?"),
            "trial_until": _("Until when does the trial last?"),
            "approved_by": _("Which post or committee approved it?"),
            "approved_on": _("When was it approved?"),
            "explanation": _("What should the public know about it?"),
        }
        help_texts = {
            "run_by": _("For example the council itself or a police force."),
            "watchlist_owner": _("Leave it empty if there is no list."),
            "first_used_on": A_DAY,
            "trial_until": _("Only for a trial."),
            "approved_by": _("The post, not the person."),
            "explanation": _("Two or three plain sentences: what for, where, and what is never done."),
        }

    inline = ("term",)

    def __init__(self, *args: Any, operator: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.instance.kind
        gone = [] if kind in WITH_WATCHLIST else ["watchlist_owner"]
        if kind == SystemUse.Kind.AUDIO:  # why stands in the record of the system
            gone += ["explanation", "explanation_cy"]
        for name in gone:
            del self.fields[name]
        self.arrange_welsh(operator)


class StandardForm(VersionedForm):
    """What is promised, and what was measured of it."""

    class Meta:
        model = ServiceStandard
        fields = ("target", "unit", "result", "measured_from", "measured_until")
        labels = {
            "target": _("What is the target?"),
            "result": _("What was reached?"),
            "measured_from": _("Measured from"),
            "measured_until": _("Measured until"),
        }
        help_texts = {
            "target": _("A number, for example 5."),
            "result": _("Leave this and the days empty while nothing was measured."),
            "measured_from": A_DAY,
        }

    widths: ClassVar = {"target": 5, "result": 5}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = ServiceStandard.UNITS[self.instance.kind]
        self.fields["unit"] = forms.ChoiceField(
            label=_("In which unit?"),
            choices=[(unit, label) for unit, label in as_labels(ServiceStandard.Unit.choices) if unit in units],
            widget=forms.RadioSelect,
        )
        if len(units) == 1:
            self.initial["unit"] = units[0]

    def validate_constraints(self) -> None:
        """Left to the service, which says it in a sentence."""


class WithholdForm(WelshBoxes, VersionedForm):
    """Why a field is withheld, who decided it, and when it is looked at again."""

    review_on = MemorableDateField(
        label=_("When is this looked at again?"), help_text=_("A day that is still to come. The public reads it.")
    )

    class Meta:
        model = WithheldFact
        fields = DECIDED
        labels = {
            "reason": _("Why is it withheld?"),
            "decided_by": _("Which post decided it?"),
        }
        help_texts = {
            "reason": _("The public reads this. Give away nothing of what is withheld."),
            "decided_by": _("The post, not the person, for example “Director of Communities”."),
        }
        widgets = {"reason": forms.Textarea(attrs={"rows": 3}), "reason_cy": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, operator: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.arrange_welsh(operator)


TOLD_FORMS: dict[str, type[SystemForm]] = {
    EXTENT: ExtentForm,
    POLICE: PoliceForm,
    RIGHTS: RightsForm,
    OVERSIGHT: OversightForm,
    NAMES: NamesForm,
}
