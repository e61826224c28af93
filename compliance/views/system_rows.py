"""Ready lists for templates: how systems, their groups of facts and their technologies are shown. No queries."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compliance.completeness import (
    CONTACTS,
    EXTENT,
    FACTS,
    GROUPS,
    NAMES,
    OVERSIGHT,
    POLICE,
    PURPOSE,
    RIGHTS,
    RUNNING,
    technology_url,
)
from compliance.forms.systems import GROUP_TITLES
from compliance.models import Assessment, CameraSystem, MadeElsewhere
from compliance.models.public_facts import PoliceAccess
from compliance.models.vocabulary import Fact, LegalBasis, Purpose
from compliance.records import Made, words_of_kind
from compliance.views.evidence_rows import ELSEWHERE_COLOURS, due_tag
from compliance.views.rows import STATUS_COLOURS as ASSESSMENT_COLOURS
from compliance.views.system_finding import system_address

Row = dict[str, Any]

STATUS_COLOURS: Mapping[str, str] = {
    CameraSystem.Status.DRAFT: "blue",
    CameraSystem.Status.ACTIVE: "green",
    CameraSystem.Status.AT_RISK: "orange",
    CameraSystem.Status.CLOSING: "yellow",
    CameraSystem.Status.CLOSED: "grey",
    CameraSystem.Status.TRANSFERRED: "grey",
}


def tag_of(system: CameraSystem) -> dict[str, str]:
    """What `components/status_tag.html` takes."""
    return {"label": system.get_status_display(), "colour": STATUS_COLOURS[system.status]}


def made_row(system: CameraSystem, made: Made) -> Row:
    """A document made outside the portal, with what the calendar says of its review date."""
    status = MadeElsewhere.Status(made.status)
    return {
        "kind": words_of_kind(made),
        "reference": made.reference,
        "url": reverse("compliance:elsewhere_record", args=[system.operator.slug, made.reference]),
        "systems": (),
        "signed_on": made.signed_on,
        "signed_post": made.signed_post,
        "review_on": made.review_on,
        "due": due_tag(made.review_on),
        "label": status.label,
        "colour": ELSEWHERE_COLOURS[status],
    }


def system_row(system: CameraSystem) -> Row:
    """One system in a list; `cameras_listed` was counted by the scope."""
    return {
        "name": system.local_name,
        "url": system.get_absolute_url(),
        "reference": system.reference,
        "is_main": system.is_main,
        "technologies": [capfirst(technology.get_technology_display()) for technology in system.technologies.all()],
        "cameras": system.cameras_listed,  # type: ignore[attr-defined]
        **tag_of(system),
    }


def groups_of(system: CameraSystem, *, may_change: bool) -> list[Row]:
    """The groups of a system's page, each with its rows and the address where it is changed (or '')."""
    return [
        {
            "key": group,
            "title": GROUP_TITLES[group],
            "rows": ROWS_OF[group](system),
            "url": system_address("system_edit", system, group) if may_change else "",
        }
        for group in GROUPS
    ]


def _row(key: str, value: object) -> Row:
    return {"key": key, "value": value or _("Not given")}


def _list(key: str, values: Iterable[object]) -> Row:
    found = [str(value) for value in values]
    return {"key": key, "values": found} if found else _row(key, "")


def _in_two_languages(system: CameraSystem, key: str, key_cy: str, field: str) -> list[Row]:
    """The English and the Welsh text; in Wales the Welsh first, elsewhere the Welsh only if there is one."""
    english = _row(key, getattr(system, field))
    text = getattr(system, f"{field}_cy")
    welsh = _row(key_cy, text) | ({"lang": "cy"} if text else {})
    if system.operator.is_welsh:
        return [welsh, english]
    return [english, welsh] if text else [english]


def _purpose(system: CameraSystem) -> list[Row]:
    both = _in_two_languages
    return [
        *both(system, _("Name"), _("Name in Welsh"), "name"),
        _row(_("Main system in public places"), _("Yes") if system.is_main else _("No")),
        *both(system, _("Description"), _("Description in Welsh"), "description"),
        _list(_("Purposes"), _labels(Purpose.choices, system.purposes)),
        *both(system, _("Pressing need"), _("Pressing need in Welsh"), "pressing_need"),
        _list(_("Lawful basis"), _labels(LegalBasis.choices, system.legal_bases)),
        *both(system, _("Reason for the retention period"), _("That reason in Welsh"), "retention_reason"),
    ]


def _running(system: CameraSystem) -> list[Row]:
    monitored_by = system.monitored_by.local_name if system.monitored_by else _("Own staff")
    return [
        *_in_two_languages(system, _("Watched"), _("Watched, in Welsh"), "monitored_hours"),
        _row(_("Watched by"), monitored_by),
        _list(_("Areas covered"), filter(None, map(str.strip, system.areas_covered.splitlines()))),
        _row(_("Sound is recorded"), _("Yes") if system.records_audio else _("No")),
        *(_audio_reason(system) if system.records_audio else []),
        *([_row(_("Funding ends on"), date_format(system.funding_ends_on, "j F Y"))] if system.funding_ends_on else []),
    ]


def _audio_reason(system: CameraSystem) -> list[Row]:
    return _in_two_languages(system, _("Why sound is recorded"), _("Why sound is recorded, in Welsh"), "audio_reason")


def _contacts(system: CameraSystem) -> list[Row]:
    return [
        _row(_("Senior responsible officer"), system.sro_post),
        _row(_("Single point of contact"), system.spoc_post),
        _row(_("Email"), system.spoc_email),
        _row(_("Telephone"), system.spoc_phone),
        _row(_("Postal address"), system.postal_address),
        _row(_("Data protection officer"), system.dpo_contact),
        _row(_("Information Commissioner's register"), system.ico_registration),
        _link(_("Privacy notice"), system.privacy_notice_url),
        _link(_("Complaints procedure"), system.complaints_url),
        *_in_two_languages(system, _("Asking for footage"), _("Asking for footage, in Welsh"), "footage_how_to"),
    ]


def _link(key: str, url: str) -> Row:
    return _row(key, url) | ({"link": url} if url else {})


def _facts(system: CameraSystem) -> list[Row]:
    held = system.facts()
    return [_row(FACT_KEYS[fact](), _("Yes") if fact.value in held else _("No")) for fact in Fact]


def _extent(system: CameraSystem) -> list[Row]:
    both = _in_two_languages
    return [
        _row(_("Cameras in public places"), _count(system.public_space_count)),
        _row(_("Cameras inside buildings and depots"), _count(system.internal_count)),
        _row(_("Counted by place on"), _date(system.places_counted_on)),
        *both(system, _("How exactly places are listed"), _("That, in Welsh"), "camera_list_policy"),
        *both(system, _("Not part of this system"), _("Not part of it, in Welsh"), "other_systems"),
    ]


def _police(system: CameraSystem) -> list[Row]:
    both = _in_two_languages
    shared = [
        _row(_("Number plates are shared with the police"), system.get_anpr_shared_display()),
        *both(system, _("How they are shared"), _("How they are shared, in Welsh"), "anpr_sharing"),
    ]
    return [
        _list(_("The police can by themselves"), _labels(PoliceAccess.choices, system.police_access)),
        *both(system, _("Under which agreement"), _("The agreement, in Welsh"), "police_agreement"),
        *(shared if "anpr" in system.technology_keys() or system.anpr_shared else []),
        *both(system, _("How police and insurers ask"), _("How they ask, in Welsh"), "requests_how_to"),
    ]


def _rights(system: CameraSystem) -> list[Row]:
    both = _in_two_languages
    return [
        _link(_("Form for one’s own footage"), system.sar_url),
        *both(system, _("How complaints are answered"), _("That answer, in Welsh"), "complaints_how_to"),
    ]


def _oversight(system: CameraSystem) -> list[Row]:
    both = _in_two_languages
    return [
        *both(system, _("Committee"), _("Committee, in Welsh"), "scrutiny_committee"),
        _row(_("Last considered on"), _date(system.scrutinised_on)),
        _list(_("Partners"), filter(None, map(str.strip, system.partners.splitlines()))),
        _list(_("Contractors"), filter(None, map(str.strip, system.contractors.splitlines()))),
    ]


def _names(system: CameraSystem) -> list[Row]:
    return [
        _row(_("Senior responsible officer"), system.sro_name),
        _row(_("Single point of contact"), system.spoc_name),
        *([_row(_("Agreed to be named on"), _date(system.spoc_name_agreed_on))] if system.spoc_name else []),
    ]


def _count(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def _date(day: Any) -> str:
    return date_format(day, "j F Y") if day else ""


FACT_KEYS: Mapping[Fact, Callable[[], str]] = {
    Fact.BIOMETRICS: lambda: _("Biometric recognition, such as facial recognition, is used"),
    Fact.JOINT: lambda: _("Owned or run jointly with others"),
    Fact.NETWORKED: lambda: _("Connected to a wider network or intranet"),
    Fact.REFERENCE_DATABASE: lambda: _("Images or number plates are compared with a reference database"),
}
ROWS_OF: Mapping[str, Callable[[CameraSystem], list[Row]]] = {
    PURPOSE: _purpose,
    RUNNING: _running,
    CONTACTS: _contacts,
    FACTS: _facts,
}
TOLD_ROWS: Mapping[str, Callable[[CameraSystem], list[Row]]] = {
    EXTENT: _extent,
    POLICE: _police,
    RIGHTS: _rights,
    OVERSIGHT: _oversight,
    NAMES: _names,
}


def rows_of(group: str) -> Callable[[CameraSystem], list[Row]]:
    """What makes the rows of a group, of those that stand on a page of their own too."""
    return {**ROWS_OF, **TOLD_ROWS}[group]


def _labels(choices: Iterable[tuple[str, Any]], keys: Iterable[str]) -> list[str]:
    """In the order of the list, whatever the order of the ticks."""
    chosen = set(keys)
    return [capfirst(str(label)) for key, label in choices if key in chosen]


def technologies_of(system: CameraSystem, *, may_change: bool) -> list[Row]:
    """One row per technology, for the table of a system's page."""
    return [
        {
            "label": capfirst(technology.get_technology_display()),
            "retention": _days(technology.retention_days),
            "fixed": technology.fixed_count,
            "ptz": technology.ptz_count,
            "redeployable": technology.redeployable_count,
            "mobile": technology.mobile_count,
            "total": technology.total,
            "counted_on": date_format(technology.counted_on, "j F Y")
            if technology.counted_on
            else _("Not counted yet"),
            "url": technology_url(system, technology.technology) if may_change else "",
        }
        for technology in system.technologies.all()
    ]


def _days(days: int | None) -> str:
    if days is None:
        return _("Not given")
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def assessment_row(assessment: Assessment) -> Row:
    return {
        "reference": assessment.reference,
        "url": assessment.get_absolute_url(),
        "edition": assessment.edition.local_title,
        "started_at": assessment.started_at,
        "label": assessment.get_status_display(),
        "colour": ASSESSMENT_COLOURS[Assessment.Status(assessment.status)],
    }


def history_of(system: CameraSystem) -> list[Row]:
    """Changes of state, newest first, as the scope loaded them."""
    labels = dict(CameraSystem.Status.choices)
    return [
        {
            "before": labels.get(change.before, change.before),
            "after": labels.get(change.after, change.after),
            "colour": STATUS_COLOURS.get(change.after, "grey"),
            "by": change.by.get_full_name() if change.by else "",
            "at": change.at,
            "note": change.note,
        }
        for change in system.changes.all()
    ]
