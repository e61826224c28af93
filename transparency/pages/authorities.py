"""The index of authorities, the search in it, and the page of each."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.models.organisation import FormerName, Nation
from accounts.models.roles import OPERATOR_KINDS, Kind
from certification.models import Certificate
from core.dates import today
from core.errors import Text
from transparency.addresses import is_counted, public_organisations, seen_in_public, with_address
from transparency.feeds import entries
from transparency.folding import folded
from transparency.models import Publication, PublishedDocument
from transparency.pages.agreements import agreements_with, dated_rows
from transparency.pages.consultations import consultations_of
from transparency.pages.documents import shown_documents
from transparency.pages.registry import Page, builds
from transparency.pages.tiles import drawing, is_tiled, legend, state_of, words_of_state
from transparency.pages.words import REGIONS, full_name, kind_name, region_name

MAX_FOUND = 60
MAX_QUERY = 100
SHORT_LIST = 40
CHANGES = 10

# Those that are no principal authorities: by sector where it is known, else by kind, in this order.
SECTORS = ("highways", "nhs", "education")
GROUPS: Mapping[str, Text] = {
    Kind.PARISH_COUNCIL: gettext_lazy("Parish, town and community councils"),
    Kind.POLICE_FORCE: gettext_lazy("Police forces"),
    Kind.PCC_OFFICE: gettext_lazy("Offices of police and crime commissioners"),
    "highways": gettext_lazy("Highways"),
    "nhs": gettext_lazy("National Health Service"),
    "education": gettext_lazy("Education"),
    Kind.OTHER_AUTHORITY: gettext_lazy("Other relevant authorities"),
    Kind.VOLUNTARY_ADOPTER: gettext_lazy("Voluntary adopters of the Code"),
}


@builds("authorities")
def authorities() -> Page:
    """Every authority by nation and letter, the reader's own nation first; four queries, whatever their number."""
    day, seen = today(), seen_in_public()
    pages = _pages_by_organisation()
    everybody = [row for row in public_organisations(seen) if row.is_current(day) or row.pk in pages]
    principal = [row for row in everybody if row.kind == Kind.PRINCIPAL_AUTHORITY]
    tiled = [row for row in principal if is_tiled(row) and row.is_current(day)]
    nations = [Nation.WALES, Nation.ENGLAND] if get_language() == "cy" else [Nation.ENGLAND, Nation.WALES]
    context = {
        "nations": [_nation(nation, principal, pages, seen) for nation in nations],
        "groups": _groups([row for row in everybody if row.kind != Kind.PRINCIPAL_AUTHORITY], pages, seen),
        "tiles": drawing(tiled, pages, seen),
        "legend": legend(tiled, pages, seen),
        "regions": region_choices(""),
        "as_of": day,
    }
    return Page("transparency/authorities.html", context)


def search(query: str, region: str) -> dict[str, Any]:
    """What the index finds for a name, a code or a region: the context of a live page. Four queries."""
    words = folded(query[:MAX_QUERY]).split()
    former: dict[int, list[str]] = defaultdict(list)
    for name in FormerName.objects.filter(organisation__kind__in=OPERATOR_KINDS):
        former[name.organisation_id] += [name.name, name.name_cy]
    found = [
        row
        for row in _by_name(public_organisations())
        if region in ("", row.region) and _found(row, former[row.pk], words)
    ]
    shown = found[:MAX_FOUND]
    pages = _pages_by_organisation(shown)
    return {
        "query": query[:MAX_QUERY],
        "found": [_row(row, pages, set()) for row in shown],
        "found_text": ngettext("%(count)d authority found", "%(count)d authorities found", len(found))
        % {"count": len(found)},
        "more": max(0, len(found) - MAX_FOUND),
        "regions": region_choices(region),
    }


def region_choices(chosen: str) -> list[dict[str, Any]]:
    """The regions of England and Wales as the options of a select."""
    return [{"value": key, "label": label, "chosen": key == chosen} for key, label in REGIONS.items()]


@builds("authority")
def authority(organisation: str) -> Page | None:
    """One authority: what it published, the certificates that name it, whom to ask. At most 13 queries."""
    record = with_address().filter(slug=organisation).first()
    if record is None:
        return None
    shown = (Publication.Kind.SYSTEM, Publication.Kind.CONSULTATION)
    newest = list(Publication.objects.filter(kind__in=shown).newest().filter(organisation=record).for_list())
    publications = [publication for publication in newest if publication.kind == Publication.Kind.SYSTEM]
    certificates = list(
        Certificate.objects.select_related("scheme").filter(operator=record).order_by("-issued_on", "-reference")
    )
    agreements = agreements_with(record)
    if record.kind != Kind.PRINCIPAL_AUTHORITY and not (newest or certificates or agreements):
        return None
    current = [publication for publication in publications if not publication.is_withdrawn]
    days = [publication.published_at for publication in publications]
    context = {
        "authority": record,
        "name": full_name(record),
        "other_name": _other_name(record),
        "kind": kind_name(record),
        "region": region_name(record.region) if record.region and record.nation != Nation.WALES else "",
        "forces": [force.local_name for force in record.police_forces.order_by("name")],
        "former_names": list(record.former_names.all()),
        "predecessors": _predecessors(record),
        "successors": [
            {"name": full_name(row), "slug": row.slug} for row in record.successors.order_by("name") if record.ends_on
        ],
        "systems": [_system(publication) for publication in current],
        "withdrawn": [publication for publication in publications if publication.is_withdrawn],
        "consultations": consultations_of(newest),
        "agreements": dated_rows(agreements),
        "documents": shown_documents(PublishedDocument.objects.current().filter(organisation=record).for_list()),
        "certificates": certificates,
        "contacts": _contacts(current),
        "changed": entries(record)[:CHANGES],
        "as_of": max(days) if days else None,
    }
    return Page("transparency/authority.html", context)


def _predecessors(record: Organisation) -> list[dict[str, Any]]:
    """Those that it came after, with their last days. One query where there are any."""
    rows = record.predecessors.order_by("name") if record.is_successor else ()
    return [{"name": full_name(row), "day": row.ends_on} for row in rows if row.ends_on]


def _pages_by_organisation(shown: list[Organisation] | None = None) -> Counter[int]:
    """How many current pages each organisation has, or each of those that are shown. One query."""
    pages = Publication.objects.of_systems().current().order_by()
    if shown is not None:
        pages = pages.filter(organisation__in=shown)
    return Counter(pages.values_list("organisation_id", flat=True))


def _nation(nation: Nation, rows: list[Organisation], pages: Counter[int], seen: set[int]) -> dict[str, Any]:
    """The authorities of one nation: a short list as it is, a long one by letter."""
    own = _by_name(row for row in rows if row.nation == nation)
    counted = [row for row in own if is_counted(row)]
    publishing = sum(1 for row in counted if pages[row.pk])
    shown = [_row(row, pages, seen) for row in own]
    return {
        "key": nation.value,
        "name": nation.label,
        "rows": shown,
        "letters": _letters(nation, own, shown) if len(own) > SHORT_LIST else [],
        "tally": _("%(part)s of %(whole)s publish here") % {"part": publishing, "whole": len(counted)},
    }


def _letters(nation: Nation, own: list[Organisation], shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    letters: dict[str, list[dict[str, Any]]] = {}
    for organisation, row in zip(own, shown, strict=True):
        letters.setdefault(folded(organisation.local_name)[:1], []).append(row)
    return [
        {"letter": letter.upper(), "anchor": f"{nation.value}-{letter}", "rows": found}
        for letter, found in letters.items()
    ]


def _groups(rows: list[Organisation], pages: Counter[int], seen: set[int]) -> list[dict[str, Any]]:
    """Those that are no principal authorities, by what they are; each group is counted for itself."""
    groups: dict[str, list[Organisation]] = defaultdict(list)
    for row in rows:
        groups[row.subkind if row.subkind in SECTORS else row.kind].append(row)
    return [
        {
            "key": key.replace("_", "-"),
            "name": heading,
            "rows": [_row(row, pages, seen) for row in _by_name(groups[key])],
            "tally": ngettext("%(count)d publishes here", "%(count)d publish here", count) % {"count": count},
        }
        for key, heading in GROUPS.items()
        if groups[key]
        for count in [sum(1 for row in groups[key] if pages[row.pk] and is_counted(row))]
    ]


def _row(organisation: Organisation, pages: Counter[int], seen: set[int]) -> dict[str, Any]:
    count = pages[organisation.pk]
    return {
        "name": organisation.local_name,
        "other_name": _other_name(organisation) if organisation.nation == Nation.WALES else "",
        "slug": organisation.slug,
        "made_up": organisation.is_demonstration,
        "kind": kind_name(organisation),
        "region": region_name(organisation.region) if organisation.region else "",
        "pages": ngettext("%(count)d camera system", "%(count)d camera systems", count) % {"count": count}
        if count
        else "",
        "state": words_of_state(state_of(organisation, pages, seen)),
    }


def _other_name(organisation: Organisation) -> str:
    """The name in the other language, where it is another."""
    english = organisation.full_name if organisation.name_cy else ""
    other = english if get_language() == "cy" else organisation.name_cy
    return other if other != organisation.local_name else ""


def _system(publication: Publication) -> dict[str, Any]:
    count = publication.summary.get("cameras_counted", 0)
    return {
        "title": publication.local_title,
        "lang": "en" if get_language() == "cy" and not publication.title_cy else "",
        "path": publication.path,
        "cameras": ngettext("%(count)d camera counted", "%(count)d cameras counted", count) % {"count": count},
        "published_at": publication.published_at,
    }


def _contacts(current: list[Publication]) -> list[dict[str, Any]]:
    """Posts to ask, each once, with the systems that name it; the main system first, then the newest page."""
    ordered = sorted(current, key=lambda row: (not row.summary.get("is_main"), -row.published_at.timestamp()))
    contacts: dict[tuple[str, str], list[str]] = {}
    for row in ordered:
        contacts.setdefault((row.summary["spoc_post"], row.summary["spoc_email"]), []).append(row.local_title)
    return [
        {"post": post, "email": email, "systems": titles if len(contacts) > 1 else []}
        for (post, email), titles in contacts.items()
    ]


def _by_name(rows: Iterable[Organisation]) -> list[Organisation]:
    return sorted(rows, key=lambda row: (folded(row.local_name), row.pk))


def _found(organisation: Organisation, former: list[str], words: list[str]) -> bool:
    """Whether each word asked for begins a word of one of its names or codes."""
    names = (
        organisation.name,
        organisation.name_cy,
        organisation.official_name,
        organisation.gss_code or "",
        *organisation.former_gss_codes,
        *former,
    )
    own = [word for name in names for word in folded(name).split()]
    return all(any(mine.startswith(word) for mine in own) for word in words)
