"""The camera information page of a system (domain 7.2), from a frozen publication and from nothing else.

Only the certificates that name the system are looked up when the page is built: the register is public by itself, and
what it adds are numbers, names and days.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation
from certification.models import Certificate
from compliance.models.camera import CameraType
from compliance.models.vocabulary import Purpose, Technology
from core.bilingual import local_words
from transparency.addresses import CAMERAS_A_PAGE
from transparency.languages import active
from transparency.models import Publication
from transparency.pages import told
from transparency.pages.cameras import counted_units, shown_cameras
from transparency.pages.registry import Page, builds
from transparency.pages.system_documents import looked_up, told_documents
from transparency.pages.versions import edition_of, gone_from
from transparency.pages.words import day, labels, own_text, yes_no

LISTED_HERE = 12


@builds("system")
def system(organisation: str, system: str) -> Page | None:
    """The newest version at the address, or the page that says why there is none any more. At most nine queries."""
    path = f"/authorities/{organisation}/{system}/"
    newest = Publication.objects.of_systems().newest_at(path)
    if newest is None:
        return None
    if gone := gone_from(path, newest):
        return gone
    certificates = Certificate.objects.select_related("scheme").filter(systems__reference=newest.subject_reference)
    context = information(newest.facts(), newest.organisation, list(certificates.order_by("-issued_on", "-reference")))
    context |= {
        "edition": edition_of(newest),
        "shown_version": newest,
        "system_slug": system,
        "reference": newest.subject_reference,
        "path": path,
        "as_of": newest.published_at,
        "answers_path": published_answers(newest),
        **looked_up(newest),
    }
    return Page("transparency/system.html", context)


@builds("cameras")
def cameras(organisation: str, system: str, page: int = 1) -> Page | None:
    """One page of the list of cameras; a list too long for the information page is here alone."""
    path = f"/authorities/{organisation}/{system}/"
    newest = Publication.objects.of_systems().newest_at(path)
    if newest is None or newest.is_withdrawn or newest.path != path:
        return None
    content = newest.facts()
    rows = content["facts"]["cameras"]["list"]
    paginator = Paginator(rows, CAMERAS_A_PAGE)
    if not rows or not 1 <= page <= paginator.num_pages:
        return None
    shown = paginator.page(page)
    context = {
        "title": own_text(content["texts"], "name"),
        "operator": local_words(content["operator"]["name"]),
        "organisation": newest.organisation,
        "publication": newest,
        "wards": _by_ward(shown_cameras(shown.object_list)),
        "has_types": _has_types(rows),
        "has_map": any("latitude" in row for row in shown.object_list),
        "page_obj": shown,
        "page_folder": f"{active().address(path)}cameras/",
        "system_slug": system,
        "path": path,
        "as_of": newest.published_at,
    }
    return Page("transparency/system_cameras.html", context)


def information(
    content: dict[str, Any], operator: Organisation, certificates: list[Certificate], *, most_rows: int = LISTED_HERE
) -> dict[str, Any]:
    """What the page of a system shows of its frozen (or, for a preview, freshly gathered) content. No queries.

    A list of more than `most_rows` cameras is not here but on its own pages, beside a map.
    """
    facts, texts = content["facts"], content["texts"]
    own = {name: own_text(texts, name) for name in texts["en"] | texts["cy"]}
    rows = [_technology(row) for row in facts["technologies"]]
    listed = facts["cameras"]["list"]
    return {
        "title": own_text(texts, "name"),
        "operator": local_words(content["operator"]["name"]),
        "organisation": operator,
        "forces": [local_words(names) for names in content["operator"]["police_forces"]],
        "own": own,
        "some_english": any(each.lang == "en" and any(map(str.isalpha, each.text)) for each in own.values()),
        "figures": _figures(facts),
        "purposes": labels(facts["purposes"], Purpose),
        "legal_bases": told.legal_bases(facts["legal_bases"]),
        "technologies": rows,
        "sums": _sums(facts["technologies"]),
        "absent": told.absent_technologies(facts),
        "places": told.places(facts),
        "counted_units": counted_units(facts.get("counted_units", [])),
        "uses": told.uses(facts, own),
        "police": told.police(facts),
        "standards": told.standards(facts),
        "facts_withheld": told.withheld(facts),
        "partners": facts.get("partners", []),
        "contractors": facts.get("contractors", []),
        "scrutinised_on": day(facts.get("scrutinised_on")),
        "watching": _watching(facts),
        "joint": facts["joint"],
        "areas": facts["areas_covered"],
        "withheld": _withheld(facts["cameras"]),
        "list_text": _list_text(facts),
        "wards": _by_ward(shown_cameras(listed)) if len(listed) <= most_rows else [],
        "has_types": _has_types(listed),
        "ward_counts": _ward_counts(listed) if len(listed) > most_rows else [],
        "contacts": facts["contacts"],
        "contact_confirmed_on": day(facts["contacts"].get("spoc_confirmed_on")),
        "self_assessment": _self_assessment(facts["self_assessment"]),
        "certificates": certificates,
        **told_documents(content),
    }


def published_answers(publication: Publication) -> str:
    """The path of the public copy of the system's self-assessment, or ''. One query."""
    copies = Publication.objects.of_answers().current().filter(subject_reference=publication.subject_reference)
    return copies.values_list("path", flat=True).first() or ""


def _figures(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"label": _("cameras counted"), "value": f"{facts['cameras_counted']:,}"},
        {"label": _("images are kept for"), "value": _retention(facts["technologies"]), "words": True},
        {"label": _("facial or other biometric recognition"), "value": yes_no(facts["biometrics"]), "words": True},
        {"label": _("sound is recorded"), "value": yes_no(facts["records_audio"]), "words": True},
    ]


def _retention(technologies: list[dict[str, Any]]) -> str:
    days = sorted({row["retention_days"] for row in technologies if row["retention_days"] is not None})
    if len(days) <= 1:
        return _days(days[0] if days else None)
    return _("%(shortest)s to %(longest)s, by technology") % {"shortest": days[0], "longest": _days(days[-1])}


def _days(count: int | None) -> str:
    """None only in the preview of a system that cannot be published yet."""
    if count is None:
        return _("not stated")
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def _technology(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": Technology(row["technology"]).label,
        "fixed": row["fixed"],
        "ptz": row["ptz"],
        "redeployable": row["redeployable"],
        "mobile": row["mobile"],
        "total": row["total"],
        "counted_on": day(row["counted_on"]),
        "kept": _days(row["retention_days"]),
    }


def _sums(technologies: list[dict[str, Any]]) -> dict[str, int] | None:
    """Of the columns, where more than one technology has to add up."""
    if len(technologies) < 2:
        return None
    columns = ("fixed", "ptz", "redeployable", "mobile", "total")
    return {column: sum(row[column] for row in technologies) for column in columns}


def _watching(facts: Mapping[str, Any]) -> str:
    return local_words(facts["monitored_by"]["name"]) if facts["monitored_by"] else ""


def _withheld(cameras: Mapping[str, Any]) -> list[dict[str, Any]]:
    """How many for which reason; who decided and when it is looked at again, where the version knows."""
    return [
        {
            "count": ngettext("%(count)d camera", "%(count)d cameras", row["cameras"]) % {"count": row["cameras"]},
            "reason": row["reason"],
            "post": row.get("post", ""),
            "review_on": day(row.get("review_on")),
        }
        for row in cameras["withheld"]
    ]


def _list_text(facts: Mapping[str, Any]) -> str:
    """How the list and the count go together: one is of places, the other of all that is run."""
    cameras = facts["cameras"]
    values = {
        "listed": f"{cameras['listed']:,}",
        "withheld": f"{cameras['by_precision']['withheld']:,}",
        "counted": f"{facts['cameras_counted']:,}",
    }
    if not cameras["listed"] and not cameras["by_precision"]["withheld"]:
        return _("No list of places has been published for this system.")
    return (
        _(
            "Cameras in the list: %(listed)s. Cameras whose place is withheld: %(withheld)s. Cameras counted in all: "
            "%(counted)s. Cameras that are worn, flown, driven or moved from place to place are counted; they need "
            "not be in the list."
        )
        % values
    )


def _has_types(rows: list[dict[str, Any]]) -> bool:
    """Whether the type of any camera in the list is known: a column of "not stated" tells nothing."""
    return any(row["type"] != CameraType.UNKNOWN for row in rows)


def _by_ward(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows gathered under their wards, in the frozen order; those without a ward last."""
    wards: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        wards.setdefault(row["ward"], []).append(row)
    ordered = sorted(wards, key=lambda ward: (not ward, ward.casefold()))
    return [{"ward": ward, "rows": wards[ward]} for ward in ordered]


def _ward_counts(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    counts = Counter(row["ward"] for row in rows)
    return [
        {"ward": ward, "count": counts[ward]} for ward in sorted(counts, key=lambda ward: (not ward, ward.casefold()))
    ]


def _self_assessment(signed: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if signed is None:
        return None
    return {
        "signed_on": day(signed["signed_on"]),
        "post": signed["post"],
        "sha256": signed["sha256"],
        "edition": local_words(signed["edition"]),
    }
