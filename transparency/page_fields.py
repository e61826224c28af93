"""The fields of the camera information page (domain 7.2): which are answered, which withheld, which a reader misses.

Judged by what would leave (`gather`), not by the records: what is withheld counts as answered, with its reason.
Never a score: so many of so many, and what each is for.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from compliance.completeness import CONTACTS, EXTENT, FACTS, NAMES, OVERSIGHT, POLICE, PURPOSE, RIGHTS, RUNNING
from compliance.models import CameraSystem, ServiceStandard, SystemUse
from compliance.models.public_facts import PoliceAccess
from core.dates import today
from core.errors import Text
from transparency.agreement_standing import under_agreement
from transparency.models import Publication, PublishedDocument

Content = Mapping[str, Any]
# Pages about all systems of an operator
OF_OPERATOR = {
    "documents": "publishing:documents",
    "dpias": "compliance:dpias",
    "annual_reviews": "compliance:annual_reviews",
}
ANSWERED, WITHHELD, MISSING = "answered", "withheld", "missing"


@dataclass(frozen=True)
class PageField:
    """One field: what it is called, why a reader looks for it, where it is filled in, and whether it is there.

    `where` is a group of the system's pages, or the name of a page of it (with its last part after a colon). A document
    of one of the kinds `papers` answers it, too.
    """

    key: str
    group: Text
    label: Text
    why: Text
    where: str
    present: Callable[[Content], Any]
    required: bool = True
    applies: Callable[[Content], Any] = lambda _content: True
    papers: tuple[str, ...] = ()

    def url(self, system: CameraSystem) -> str:
        """Where it is filled in."""
        name, _colon, argument = self.where.partition(":")
        own = [system.operator.slug, system.reference]
        if name in OF_OPERATOR:
            return reverse(OF_OPERATOR[name], args=own[:1])
        return reverse(f"compliance:{name}", args=[*own, argument] if argument else own)


@dataclass(frozen=True)
class FieldState:
    """How one field stands for one system."""

    field: PageField
    state: str
    url: str

    @property
    def tag(self) -> dict[str, str]:
        """What `components/status_tag.html` takes."""
        if self.state == ANSWERED:
            return {"label": str(_("answered")), "colour": "green"}
        if self.state == WITHHELD:
            return {"label": str(_("withheld, with the reason")), "colour": "purple"}
        return {"label": str(_("missing")), "colour": "orange" if self.field.required else "grey"}


def states(system: CameraSystem, content: Content) -> list[FieldState]:
    """Each field that applies to the system, as its page would have it now. Two queries."""
    hidden = {row["field"] for row in content["facts"]["withheld_facts"]}
    papers = _papers(system)
    return [
        FieldState(field, _state(field, content, hidden, papers), field.url(system))
        for field in FIELDS
        if field.applies(content)
    ]


def _papers(system: CameraSystem) -> set[str]:
    """The kinds of documents that are public about it today; an agreement published here stands for its paper."""
    about = Q(system=system) | Q(system=None, organisation=system.operator)
    papers = set(PublishedDocument.objects.current().filter(about).order_by().values_list("kind", flat=True))
    public = Publication.objects.of_agreements().current().on_system(system.reference).values_list("summary", flat=True)
    return papers | ({Paper.AGREEMENT} if system.reference in under_agreement(public, today()) else set())


def answered(known: Iterable[FieldState]) -> dict[str, Any]:
    """How many of the required fields are `answered` (withheld ones are) of how many `required`, and the `gaps`."""
    required = [each for each in known if each.field.required]
    return {
        "answered": sum(each.state != MISSING for each in required),
        "required": len(required),
        "gaps": [each for each in required if each.state == MISSING],
    }


def missing_in(content: Content) -> list[str]:
    """Keys of the required fields that apply and to which the frozen content itself has no answer and no reason why it
    is withheld; a published document may still answer one (`papers`). Of any schema so far. No query.
    """
    hidden = {row["field"] for row in content["facts"].get("withheld_facts", ())}
    return [field.key for field in FIELDS if field.required and _lacks(field, content, hidden)]


def _lacks(field: PageField, content: Content, hidden: Iterable[str]) -> bool:
    try:
        return bool(field.applies(content)) and _state(field, content, hidden, set()) == MISSING
    except KeyError:  # an older schema did not know it
        return True


def by_group(known: Iterable[FieldState]) -> list[dict[str, Any]]:
    """The fields under their headings, in their order."""
    groups: dict[str, list[FieldState]] = {}
    for each in known:
        groups.setdefault(str(each.field.group), []).append(each)
    return [{"title": title, "fields": fields} for title, fields in groups.items()]


def _state(field: PageField, content: Content, hidden: Iterable[str], papers: set[str]) -> str:
    if field.key in hidden:
        return WITHHELD
    return ANSWERED if field.present(content) or papers.intersection(field.papers) else MISSING


def _text(name: str) -> Callable[[Content], Any]:
    return lambda content: content["texts"]["en"].get(name) or content["texts"]["cy"].get(name)


def _fact(name: str) -> Callable[[Content], Any]:
    return lambda content: content["facts"].get(name)


def _contact(name: str) -> Callable[[Content], Any]:
    return lambda content: content["facts"]["contacts"][name]


def _said(kind: str) -> Callable[[Content], Any]:
    return lambda content: any(use["kind"] == kind for use in content["facts"]["uses"])


def _promised(kind: str) -> Callable[[Content], Any]:
    return lambda content: any(row["kind"] == kind for row in content["facts"]["standards"])


def _counted(content: Content) -> bool:
    rows = content["facts"]["technologies"]
    return bool(rows) and all(row["counted_on"] for row in rows)


def _kept(content: Content) -> bool:
    rows = content["facts"]["technologies"]
    return bool(rows) and all(row["retention_days"] is not None for row in rows)


def _listed(content: Content) -> bool:
    cameras = content["facts"]["cameras"]
    return bool(cameras["listed"] or cameras["by_precision"]["withheld"])


def _reads_plates(content: Content) -> bool:
    return any(row["technology"] == "anpr" for row in content["facts"]["technologies"])


def _told(name: str) -> Callable[[Content], Any]:
    return lambda content: content.get(name)


def _nowhere(_content: Content) -> bool:
    """Only a document answers it."""
    return False


def _police_look(content: Content) -> bool:
    return bool(set(content["facts"]["police_access"]) - {PoliceAccess.NONE.value})


def _edit(group: str) -> str:
    return f"system_edit:{group}"


IDENTITY, PEOPLE, WHY = _("What it is"), _("Whom to ask"), _("What the cameras are for")
SIZE, DOING, KEPT = _("Cameras and places"), _("What the cameras do"), _("How long pictures are kept")
POLICING, WORKS, OWN = _("Police"), _("How well it works"), _("People’s rights")
LOOKED_AT, PAPERS = _("Who looks on"), _("Documents and figures")
Kind, Standard, Paper = SystemUse.Kind, ServiceStandard.Kind, PublishedDocument.Kind

# A table: one line a field, as the guide to the field has them.
FIELDS: tuple[PageField, ...] = (
    PageField("name", IDENTITY, _("Name of the system"),
              _("People must know which cameras the page is about."),
              _edit(PURPOSE), _text("name")),
    PageField("description", IDENTITY, _("Description"),
              _("Two sentences tell a reader whether these are the cameras they saw."),
              _edit(PURPOSE), _text("description")),
    PageField("technologies", IDENTITY, _("Technologies"),
              _("A number plate reader is another matter than a camera on a pole."),
              _edit(FACTS), _fact("technologies")),
    PageField("ico_registration", IDENTITY, _("ICO registration"),
              _("With it anybody can look the authority up in the regulator’s register."),
              _edit(CONTACTS), _contact("ico_registration")),
    PageField("police_forces", IDENTITY, _("Police force of the area"),
              _("Readers learn which police force may be looking at the pictures."),
              "system", lambda content: content["operator"]["police_forces"]),
    PageField("sro_post", PEOPLE, _("Post of the senior responsible officer"),
              _("Somebody answers for the cameras, and the public may know which post."),
              _edit(CONTACTS), _contact("sro_post")),
    PageField("sro_name", PEOPLE, _("Name of the senior responsible officer"),
              _("A name is good to have, but posts last longer than people."),
              _edit(NAMES), _contact("sro_name"), required=False),
    PageField("spoc_post", PEOPLE, _("Post of the single point of contact"),
              _("A question needs somebody to go to."),
              _edit(CONTACTS), _contact("spoc_post")),
    PageField("spoc_name", PEOPLE, _("Name of the single point of contact"),
              _("Only with their agreement; the post is enough."),
              _edit(NAMES), _contact("spoc_name"), required=False),
    PageField("spoc_email", PEOPLE, _("Email address of the single point of contact"),
              _("Most people ask by email."),
              _edit(CONTACTS), _contact("spoc_email")),
    PageField("spoc_phone", PEOPLE, _("Telephone number of the single point of contact"),
              _("Not everybody writes emails."),
              _edit(CONTACTS), _contact("spoc_phone"), required=False),
    PageField("postal_address", PEOPLE, _("Postal address"),
              _("Some people write letters, and requests may come on paper."),
              _edit(CONTACTS), _contact("postal_address"), required=False),
    PageField("spoc_confirmed_on", PEOPLE, _("Contact confirmed"),
              _("A contact with a recent day is one that readers can trust."),
              "public_facts", _contact("spoc_confirmed_on")),
    PageField("dpo_contact", PEOPLE, _("Data protection officer"),
              _("Who worries about their data may turn to somebody independent."),
              _edit(CONTACTS), _contact("dpo_contact")),
    PageField("purposes", WHY, _("Purposes"),
              _("Cameras may be used only for what was said before."),
              _edit(PURPOSE), _fact("purposes")),
    PageField("legal_bases", WHY, _("Lawful basis"),
              _("Without one, pictures of people may not be kept at all."),
              _edit(PURPOSE), _fact("legal_bases")),
    PageField("pressing_need", WHY, _("Pressing need"),
              _("Readers can weigh the problem against being watched."),
              _edit(PURPOSE), _text("pressing_need")),
    PageField("counts", SIZE, _("Number of cameras, with the day of the count"),
              _("The number is the first thing that journalists and residents ask."),
              _edit(FACTS), _counted),
    PageField("public_space_count", SIZE, _("Cameras in public places and inside"),
              _("Cameras in a street concern more people than those in a depot."),
              _edit(EXTENT), _fact("places"), required=False),
    PageField("areas_covered", SIZE, _("Areas covered"),
              _("People look for the place where they live or work."),
              _edit(RUNNING), _fact("areas_covered")),
    PageField("camera_list", SIZE, _("List of cameras"),
              _("A list lets people find the camera above them, by street if not exactly."),
              "cameras", _listed),
    PageField("camera_list_policy", SIZE, _("How exactly places are listed"),
              _("Readers see why some places are given by street or ward only."),
              _edit(EXTENT), _text("camera_list_policy"), required=False),
    PageField("other_systems", SIZE, _("Cameras that are not part of this system"),
              _("A camera that is on no list makes people doubt the list."),
              _edit(EXTENT), _text("other_systems")),
    PageField("monitored_hours", DOING, _("When the cameras are watched"),
              _("People in trouble want to know whether anybody is watching."),
              _edit(RUNNING), _text("monitored_hours")),
    *(
        PageField(kind.value, DOING, kind.label, why, "public_uses", _said(kind.value))
        for kind, why in (
            (Kind.LIVE_RECOGNITION, _("Silence about facial recognition is read as a yes.")),
            (Kind.RETROSPECTIVE_RECOGNITION, _("A search for a face in old recordings is facial recognition too.")),
            (Kind.SEARCH, _("Software that finds a coat or a car follows people without their faces.")),
            (Kind.BEHAVIOUR, _("People want to know whether a machine judges how they move.")),
            (Kind.LOUDSPEAKERS, _("A voice from a pole startles those who were not told.")),
            (Kind.AUDIO, _("Recorded conversations are more intrusive than pictures.")),
        )
    ),
    PageField("partners", DOING, _("Partners"),
              _("Readers learn who else takes part."),
              _edit(OVERSIGHT), _fact("partners"), required=False),
    PageField("contractors", DOING, _("Contractors"),
              _("Contractors may see the pictures, too."),
              _edit(OVERSIGHT), _fact("contractors"), required=False),
    PageField("retention_days", KEPT, _("How long pictures are kept"),
              _("Who wants footage must ask before it is deleted."),
              _edit(FACTS), _kept),
    PageField("retention_reason", KEPT, _("Why for so long"),
              _("31 days is a custom, not a law: there should be a reason."),
              _edit(PURPOSE), _text("retention_reason")),
    PageField("police_access", POLICING, _("Access of the police"),
              _("Whether the police can look by themselves changes what a camera is."),
              _edit(POLICE), _fact("police_access")),
    PageField("anpr_shared", POLICING, _("Number plates are shared with the police"),
              _("Drivers should know where their number plate goes."),
              _edit(POLICE), _fact("anpr_shared"), applies=_reads_plates),
    PageField("requests_how_to", POLICING, _("Requests of police and insurers"),
              _("After an accident people ask how an insurer gets pictures, and at what price."),
              _edit(POLICE), _text("requests_how_to"), required=False),
    *(
        PageField(f"standard_{kind.value}", WORKS, kind.label, why, f"public_standard:{kind.value}",
                  _promised(kind.value), required=False)
        for kind, why in (
            (Standard.STAFFING, _("It says how much of the week somebody is there.")),
            (Standard.EVIDENCE, _("Victims wait for this.")),
            (Standard.WORKING, _("Cameras that do not work intrude without use.")),
            (Standard.REPAIR, _("It says how long a broken camera stays broken.")),
        )
    ),
    PageField("footage_how_to", OWN, _("How to ask for footage"),
              _("It is the right that people use most."),
              _edit(CONTACTS), _text("footage_how_to")),
    PageField("sar_url", OWN, _("Form for one’s own footage"),
              _("A form asks at once for what you need to find the pictures."),
              _edit(RIGHTS), _contact("sar_url"), required=False),
    PageField("privacy_notice_url", OWN, _("Privacy notice"),
              _("The law asks you to tell people what happens to their data."),
              _edit(CONTACTS), _contact("privacy_notice_url")),
    PageField("complaints_url", OWN, _("Complaints procedure"),
              _("Who is unhappy should not have to search."),
              _edit(CONTACTS), _contact("complaints_url")),
    PageField("complaints_how_to", OWN, _("How complaints are answered"),
              _("People complain more calmly when they know what follows."),
              _edit(RIGHTS), _text("complaints_how_to"), required=False),
    PageField("scrutiny_committee", LOOKED_AT, _("Committee that looks at the system"),
              _("Readers see that councillors ask questions, and when."),
              _edit(OVERSIGHT), _text("scrutiny_committee"), required=False),
    PageField("self_assessment", PAPERS, _("Self-assessment against the Code"),
              _("It shows which of the 12 principles were thought about."),
              "system", _fact("self_assessment"), papers=(Paper.SELF_ASSESSMENT,)),
    PageField("code_of_practice", PAPERS, _("Code of practice"),
              _("The rules for the staff are what complaints are measured by."),
              "documents", _nowhere, papers=(Paper.CODE_OF_PRACTICE,)),
    PageField("dpias", PAPERS, _("Data protection impact assessment"),
              _("It says what was weighed before the cameras went up."),
              "dpias", _told("dpias"), papers=(Paper.DPIA, Paper.DPIA_SUMMARY)),
    PageField("annual_reviews", PAPERS, _("Annual review"),
              _("Cameras should be needed this year, not only when they were put up."),
              "annual_reviews", _told("annual_reviews"), papers=(Paper.ANNUAL_REVIEW, Paper.ANNUAL_REPORT)),
    PageField("statistics", PAPERS, _("Statistics of the latest year"),
              _("Figures show whether the cameras do what they are for."),
              "system_statistics", _told("statistics"), papers=(Paper.STATISTICS,)),
    PageField("agreement", PAPERS, _("Agreement with the police"),
              _("Who lets the police look should show on which terms."),
              "documents", _nowhere, papers=(Paper.AGREEMENT,), applies=_police_look),
)  # fmt: skip
