"""Beginning an agreement: what it is about, who is party to it, and from which clauses it starts."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import OPERATOR_KINDS, Kind, Organisation
from compliance.forms.fields import VersionField, as_labels
from compliance.models import CameraSystem
from compliance.models.vocabulary import Technology
from core.forms import GovukForm, HintedRadioSelect, offer_choices
from slas.forms.naming import as_choices, as_lines, named_among, named_organisations
from slas.models import Agreement, ClauseSet, PartyRole, Side
from slas.permissions import side_of
from slas.services.drafting import Frame, PartyWanted
from slas.sources import search_published

MODEL, PUBLISHED = "model", "published"
MOST_NAMED = 6
OWNERS = ((Side.COUNCILS, gettext_lazy("The councils")), (Side.POLICE, gettext_lazy("The police")))
SET_HINTS: dict[str, Any] = {
    ClauseSet.MAIN: gettext_lazy("Public-space cameras, body-worn video, drones: one agreement for all of them."),
    ClauseSet.ANPR: gettext_lazy("Number plates that go to the police: an agreement and signatures of its own."),
}


class FrameForm(GovukForm):
    """What stands around the clauses."""

    mark_optional = True
    version = VersionField(lowest=0)
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=150, help_text=gettext_lazy("For example: CCTV agreement 2026 to 2029.")
    )
    is_bilingual = forms.BooleanField(label=gettext_lazy("In English and Welsh"), required=False)
    title_cy = forms.CharField(label=gettext_lazy("Title in Welsh"), max_length=150, required=False)
    technologies = forms.MultipleChoiceField(
        label=gettext_lazy("What is it about?"),
        choices=as_labels(Technology.choices),
        widget=forms.CheckboxSelectMultiple,
    )
    likely = forms.MultipleChoiceField(
        label=gettext_lazy("Who else is party to it?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    others = forms.CharField(
        label=gettext_lazy("Further parties"),
        help_text=gettext_lazy("Names of councils, forces or agencies as the portal has them, one on each line."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=6000,
        required=False,
    )
    owner = forms.ChoiceField(
        label=gettext_lazy("Who owns the cameras?"), choices=OWNERS, widget=forms.RadioSelect, initial=Side.COUNCILS
    )
    hub = forms.CharField(
        label=gettext_lazy("Which party runs the control room for others?"),
        help_text=gettext_lazy("Its name, for a hub; else leave it empty."),
        max_length=200,
        required=False,
    )
    systems = forms.MultipleChoiceField(
        label=gettext_lazy("Which systems?"),
        help_text=gettext_lazy("Choose none if it covers all on which the parties agree."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self.known = likely_parties(organisation)
        self.own_systems = list(CameraSystem.objects.filter(operator=organisation).order_by("name", "pk"))
        offer_choices(self, "likely", as_choices(self.known))
        if self.own_systems:
            offer_choices(self, "systems", [(each.reference, each.local_name) for each in self.own_systems])
        else:
            del self.fields["systems"]

    def clean_others(self) -> str:
        text: str = self.cleaned_data["others"]
        named = named_organisations(text.splitlines(), self.organisation)
        if refusals := named.refusals():
            raise forms.ValidationError(refusals)
        self.named = named.found
        return text

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.hub_party = None
        if name := str(cleaned.get("hub") or "").strip():
            named = named_among([name], self.parties())
            self.hub_party = named.found[0] if named.found else None
            if self.hub_party is None:
                self.add_error("hub", named.refusals() if named.several else _("Give the name of one of the parties."))
        return cleaned

    def parties(self) -> list[Organisation]:
        """The own organisation first, then those ticked and those named; each once."""
        ticked = set(self.cleaned_data.get("likely") or ())
        chosen = [self.organisation, *(each for each in self.known if each.slug in ticked), *getattr(self, "named", ())]
        return list({each.pk: each for each in chosen}.values())

    def frame(self) -> Frame:
        """What the services take."""
        cleaned = self.cleaned_data
        wanted = set(cleaned.get("systems") or ())
        return Frame(
            title=cleaned["title"],
            title_cy=cleaned["title_cy"],
            is_bilingual=cleaned["is_bilingual"],
            technologies=frozenset(cleaned["technologies"]),
            parties=[PartyWanted(each, self._role(each)) for each in self.parties()],
            systems=[system for system in self.own_systems if system.reference in wanted],
        )

    def _role(self, organisation: Organisation) -> str:
        if self.hub_party is not None and organisation.pk == self.hub_party.pk:
            return PartyRole.SERVICE_PROVIDER
        owner = self.cleaned_data["owner"]
        if side_of(organisation) == owner:
            return PartyRole.SYSTEM_OWNER
        return PartyRole.DATA_RECIPIENT if owner == Side.COUNCILS else PartyRole.SERVICE_RECIPIENT

    @staticmethod
    def initial_of(agreement: Agreement, organisation: Organisation) -> dict[str, Any]:
        """What the form shows of a draft. Reads what `for_page` loads."""
        parties = [party for party in agreement.parties.all() if party.organisation_id != organisation.pk]
        likely = {each.pk for each in likely_parties(organisation)}
        owning = next((p.side for p in agreement.parties.all() if p.role == PartyRole.SYSTEM_OWNER), Side.COUNCILS)
        hub = next((p for p in agreement.parties.all() if p.role == PartyRole.SERVICE_PROVIDER), None)
        return {
            "title": agreement.title,
            "title_cy": agreement.title_cy,
            "is_bilingual": agreement.is_bilingual,
            "technologies": sorted(agreement.technology_keys()),
            "likely": [p.organisation.slug for p in parties if p.organisation_id in likely],
            "others": as_lines((p.organisation for p in parties if p.organisation_id not in likely), organisation),
            "owner": owning,
            "hub": as_lines([hub.organisation], organisation) if hub else "",
            "systems": [system.reference for system in agreement.systems.all()],
            "version": agreement.version,
        }


class BeginForm(FrameForm):
    """The same with what is decided only once: which clauses it has and from where they start."""

    clause_set = forms.ChoiceField(
        label=gettext_lazy("Which agreement is it?"),
        choices=ClauseSet.choices,
        widget=HintedRadioSelect(hints=SET_HINTS),
        initial=ClauseSet.MAIN,
    )
    source = forms.ChoiceField(label=gettext_lazy("From what do you start?"), widget=HintedRadioSelect, initial=MODEL)
    published = forms.CharField(
        label=gettext_lazy("Which published agreement?"),
        help_text=gettext_lazy("Its reference, or words of its title and its parties. Only where you start from one."),
        max_length=100,
        required=False,
    )
    field_order = ("clause_set", "technologies", "title", "is_bilingual", "title_cy", "likely", "others")

    def __init__(self, *args: Any, previous: Iterable[Agreement] = (), **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("version", 0)
        super().__init__(*args, **kwargs)
        self.previous = {agreement.reference: agreement for agreement in previous}
        earlier = [
            (reference, _("The last agreement: %(title)s") % {"title": agreement.local_title})
            for reference, agreement in self.previous.items()
        ]
        published = (PUBLISHED, _("A published agreement of others"))
        offer_choices(self, "source", [(MODEL, _("The model clauses")), *earlier, published])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("source") == PUBLISHED:
            self._find_published(cleaned.get("published") or "")
        return cleaned

    def _find_published(self, words: str) -> None:
        """The one published agreement of these words; several are named, so that one of them can be chosen."""
        found = search_published(words) if words else []
        if len(found) == 1:
            self.cleaned_data["published"] = found[0].reference
        elif not words:
            self.add_error("published", _("Say which published agreement."))
        elif not found:
            self.add_error("published", _("No published agreement has these words or this reference."))
        else:
            named = "; ".join(f"{each.reference} ({each.title}, {each.parties})" for each in found[:MOST_NAMED])
            self.add_error("published", _("Several fit. Enter the reference of one: %(named)s") % {"named": named})

    def start(self) -> dict[str, Any]:
        """From where it begins, as the service takes it."""
        source = self.cleaned_data["source"]
        published = self.cleaned_data["published"] if source == PUBLISHED else ""
        return {"previous": self.previous.get(source), "published": published}


def likely_parties(organisation: Organisation) -> list[Organisation]:
    """With whom an organisation usually agrees: a council with the force of its area and the agencies, a force with the
    councils of its area. At most three queries.
    """
    current = Organisation.objects.current().dealing_with(organisation)
    agencies = list(current.filter(kind=Kind.OTHER_AGENCY).order_by("name"))
    if side_of(organisation) == Side.COUNCILS:
        return [*organisation.police_forces.filter(pk__in=current.values("pk")).order_by("name"), *agencies]
    return list(current.filter(police_forces=organisation, kind__in=OPERATOR_KINDS).order_by("name"))
