"""Building the files of open data, from publications and the register alone.

The files of one authority follow its changes. The national ones are put together from those of the authorities, line by
line, and not more often than what they cost allows: after a build that took t seconds the next waits REST times t. The
cost of publishing so stays that of one authority (docs/decisions/open-data.md).
"""

import contextlib
import datetime as dt
import hashlib
import json
import shutil
import time
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from accounts.models import FormerSlug, Organisation
from certification.models import Certificate
from core import jobs
from core.jobs import Job
from core.trail import Seal
from transparency.addresses import public_organisations, seen_in_public
from transparency.agreement_register import with_page
from transparency.languages import ENGLISH
from transparency.models import Publication
from transparency.open_data import columns, linked, rows, seals, writing
from transparency.open_data.agreement_rows import agreement_row, figure_rows
from transparency.open_data.files import (
    Draft,
    Drafts,
    as_text,
    csv_lines,
    drafts_in,
    entries,
    json_items,
    read_manifest,
)
from transparency.open_data.places import NATIONAL, folder_of, public_folder
from transparency.services.bake import promise_pages, taking_turns
from transparency.services.read_models import read_models

SCHEMA = "ccp/open-data-manifest/1"
FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of every file in a bundle: the same files make the same bytes
REST = 50  # for each second that building the national files takes, so many pass before they are built again
OF_ONE, OF_ALL = "transparency.open_data", "transparency.open_data_national"


# --- promising ---


def promise_open_data(slugs: Iterable[str]) -> list[Job]:
    """Promise the files of these authorities. Of several promises that wait for one authority, the last does it."""
    return [jobs.promise(OF_ONE, {"slug": slug}) for slug in dict.fromkeys(slugs)]


@read_models.plug
def follow(newest: Publication) -> None:
    """What was published or withdrawn is soon in the files of its authority, an agreement in those of each party."""
    parties = newest.summary["parties"] if newest.kind == Publication.Kind.AGREEMENT else ()
    others = with_page(party["slug"] for party in parties) if parties else ()
    promise_open_data([newest.organisation.slug, *sorted(others)])


def promise_all() -> None:
    """Promise every file anew, for those who hold nothing but certificates too. Three queries and a job for each."""
    promise_open_data(organisation.slug for organisation in with_data())
    jobs.promise(OF_ALL)


def build_open_data(slug: str) -> None:
    """Build the files of one authority and promise what follows from them: its page, and the national files."""
    if FormerSlug.objects.filter(slug=slug).exists():  # its address leads to a successor now
        shutil.rmtree(public_folder(folder_of(slug)), ignore_errors=True)
        return
    organisation = Organisation.objects.outward().filter(slug=slug).first()
    if organisation is None or _is_promised_later(OF_ONE, slug=slug):
        return
    with taking_turns(f"open-data-{slug}"):
        folder = public_folder(folder_of(slug))
        is_new = read_manifest(folder) is None
        changed = _write_public(organisation)
    if changed:
        promise_pages([folder_of(slug)])
    if changed or is_new or read_manifest(public_folder(NATIONAL)) is None:
        _promise_national()


def _promise_national() -> None:
    """Unless one waits for its time: it will begin after the files of this authority were written."""
    if not Job.objects.open().filter(kind=OF_ALL, attempts=0, due_at__gt=timezone.now()).exists():
        jobs.promise(OF_ALL, due_at=max(timezone.now(), _next_national()))


def build_national() -> None:
    """Build the national files from those of the authorities; an authority that has none yet gets them now."""
    if _is_promised_later(OF_ALL):
        return
    with taking_turns("open-data-all"):
        began = time.monotonic()
        parts = {}
        for organisation in with_data():
            folder = public_folder(folder_of(organisation.slug))
            if read_manifest(folder) is None:
                _write_public(organisation)
                promise_pages([folder_of(organisation.slug)])
            parts[organisation.slug] = folder
        changed = write_national(parts, public_folder(NATIONAL), compressed=True)
        _remember(time.monotonic() - began)
    if changed:
        promise_pages([NATIONAL])


def _is_promised_later(kind: str, **arguments: Any) -> bool:
    """Whether another job that is due and not begun will do the same after this one."""
    waiting = Job.objects.due().filter(kind=kind, attempts=0, **{f"arguments__{k}": v for k, v in arguments.items()})
    return waiting.exists()


def _state() -> Path:
    return Path(settings.PUBLIC_ROOT) / ".open-data.json"


def _remember(seconds: float) -> None:
    rest = timezone.now() + dt.timedelta(seconds=seconds * REST)
    _state().write_text(json.dumps({"took_seconds": round(seconds, 3), "next_at": rest.isoformat()}))


def _next_national() -> dt.datetime:
    """When the national files may be built next."""
    try:
        return dt.datetime.fromisoformat(json.loads(_state().read_text())["next_at"])
    except (FileNotFoundError, ValueError, KeyError):
        return timezone.now()


# --- one authority ---


def with_data() -> list[Organisation]:
    """Who has data: each operator that published something or holds a certificate, by its slug. Three queries."""
    known = seen_in_public()
    return sorted((each for each in public_organisations(known) if each.pk in known), key=lambda each: each.slug)


def _write_public(organisation: Organisation) -> int:
    """The public files of an authority and its bundle. Returns how many files changed."""
    changed = write_authority(organisation, public_folder(folder_of(organisation.slug)), compressed=True)
    if changed or not _bundle(organisation.slug).exists():
        _pack(organisation.slug)
    return changed


def write_authority(organisation: Organisation, folder: Path, *, compressed: bool) -> int:
    """Write the files of one authority. Returns how many changed. Six queries whatever it published."""
    with override(ENGLISH.code), drafts_in(folder) as drafts:
        newest = Publication.objects.newest().filter(organisation=organisation).select_related("organisation")
        published = list(newest.defer("content").order_by("kind", "subject_reference"))
        issued = Certificate.objects.filter(operator=organisation).select_related("scheme", "operator")
        certificates = [rows.certificate_row(each) for each in issued.prefetch_related("events").order_by("reference")]
        agreements = Publication.objects.of_agreements().newest().with_party(organisation).order_by("subject_reference")
        others = [each for each in agreements if each.organisation_id != organisation.pk]
        as_of = _as_of([*published, *others], certificates)
        _begin(drafts, columns.OF_ONE_AUTHORITY, as_of, [])
        totals = totals_of(published)
        _organisation(drafts, organisation, totals, as_of)
        for publication in newest.order_by("kind", "subject_reference").iterator(chunk_size=20):
            _publication(drafts, publication, certificates)
        for publication in agreements:
            _agreement(drafts, publication)
        for row in certificates:
            _row(drafts, columns.CERTIFICATES, row)
            drafts["data.jsonld"].item(writing.compact(linked.certificate_node(row)))
        about = {
            "authority": {
                "slug": organisation.slug,
                "gss_code": organisation.gss_code,
                "name": organisation.full_name,
                "name_cy": organisation.name_cy or None,
            },
            "as_of": as_of,
        }
        _finish(drafts, columns.OF_ONE_AUTHORITY, folder_of(organisation.slug), about)
        return drafts.put(compressed=compressed)


def totals_of(published: Iterable[Publication]) -> dict[str, Any]:
    """The sums of one authority's pages of systems that are in force."""
    pages = [each for each in published if each.kind == Publication.Kind.SYSTEM and each.ended_at is None]
    summed = {
        name: sum(page.summary.get(name, 0) for page in pages)
        for name in ("cameras_counted", "cameras_listed", "cameras_withheld")
    }
    days = [timezone.localdate(page.published_at).isoformat() for page in pages]
    contact = next((page for page in pages if page.summary.get("is_main")), pages[0] if pages else None)
    return {
        "systems": len(pages),
        **summed,
        "last_published_on": max(days, default=None),
        "contact": contact
        and {"contact_post": contact.summary["spoc_post"], "contact_email": contact.summary["spoc_email"]},
    }


def _as_of(published: Iterable[Publication], certificates: Iterable[Mapping[str, Any]]) -> str | None:
    """The day of the newest thing that the files say."""
    moments = [each.ended_at or each.published_at for each in published]
    days = [timezone.localdate(moment).isoformat() for moment in moments]
    days += [row["last_event_on"] for row in certificates if row["last_event_on"]]
    return max(days, default=None)


def _begin(drafts: Drafts, tables: Iterable[columns.Table], as_of: str | None, nodes: Iterable[Any]) -> None:
    for table in tables:
        drafts[f"{table.name}.csv"].write(writing.csv_head(table))
    about = {"name": "cameras", "as_of": as_of, "license": settings.PORTAL_LICENCE_URL}
    drafts["cameras.geojson"].write(writing.geojson_head(about))
    drafts["data.jsonld"].write(writing.jsonld_head(linked.CONTEXT))
    for node in nodes:
        drafts["data.jsonld"].item(writing.compact(node))


def _row(drafts: Drafts, table: columns.Table, row: Mapping[str, Any]) -> None:
    drafts[f"{table.name}.csv"].row(writing.csv_line(table, row))


def _organisation(drafts: Drafts, organisation: Organisation, totals: Mapping[str, Any], as_of: str | None) -> None:
    row = rows.authority_row(organisation, totals)
    dataset = linked.dataset_node(
        folder_of(organisation.slug),
        name=f"Surveillance cameras: {row['name']}",
        description=f"Camera systems, cameras, certificates and publications of {row['name']}.",
        publisher=linked.organisation_id(organisation.slug),
        files=_names(columns.OF_ONE_AUTHORITY),
        as_of=as_of,
    )
    data = drafts["data.jsonld"]
    data.item(writing.compact(dataset))
    data.item(writing.compact(linked.organisation_node(row, totals["contact"])))


def _publication(drafts: Drafts, publication: Publication, certificates: Iterable[Mapping[str, Any]]) -> None:
    _row(drafts, columns.PUBLICATIONS, rows.publication_row(publication))
    if publication.ended_at is not None:
        return
    content = publication.facts()
    for withheld in rows.withheld_rows(publication, content):
        _row(drafts, columns.WITHHELD, withheld)
    if publication.kind != Publication.Kind.SYSTEM:
        return
    system = rows.system_row(publication, content)
    _row(drafts, columns.SYSTEMS, system)
    own = {row["number"] for row in certificates} & set(content["facts"]["certificates"])
    data, features = drafts["data.jsonld"], drafts["cameras.geojson"]
    data.item(writing.compact(linked.system_node(system, sorted(own))))
    for number, camera in enumerate(rows.camera_rows(content, publication.path), start=1):
        _row(drafts, columns.CAMERAS, camera)
        features.item(writing.feature(camera))
        data.item(writing.compact(linked.camera_node(camera, number)))


def _agreement(drafts: Drafts, publication: Publication) -> None:
    if publication.ended_at is None:
        _row(drafts, columns.AGREEMENTS, agreement_row(publication))
        for figure in figure_rows(publication, publication.facts()):
            _row(drafts, columns.AGREEMENT_FIGURES, figure)


def _names(tables: Iterable[columns.Table]) -> list[str]:
    return [*(f"{table.name}.csv" for table in tables), "cameras.geojson", "data.jsonld"]


def _finish(
    drafts: Drafts,
    tables: Iterable[columns.Table],
    address: str,
    about: Mapping[str, Any],
    more: Iterable[dict[str, Any]] = (),
) -> None:
    """Tails, the package that documents the columns, and the manifest with the hashes of all the others."""
    drafts["cameras.geojson"].write(writing.GEOJSON_TAIL)
    drafts["data.jsonld"].write(writing.JSONLD_TAIL)
    licence = {"name": settings.PORTAL_LICENCE_NAME, "path": settings.PORTAL_LICENCE_URL}
    origin = settings.PORTAL_ORIGIN + address
    package = {
        "profile": "tabular-data-package",
        "name": "surveillance-cameras",
        "title": "Surveillance cameras of public bodies in England and Wales",
        "homepage": origin,
        "licenses": [licence],
        "resources": [_resource(table, drafts[f"{table.name}.csv"]) for table in tables],
    }
    drafts["datapackage.json"].write(as_text(package))
    manifest = {
        "schema": SCHEMA,
        "address": origin,
        **about,
        "licence": licence,
        "made_up": settings.PORTAL_DEMONSTRATION,
        "rows": {table.name: drafts[f"{table.name}.csv"].rows for table in tables},
        "files": entries(drafts, origin, more),
    }
    drafts["manifest.json"].write(as_text(manifest))


def _resource(table: columns.Table, draft: Draft) -> dict[str, Any]:
    fields = [
        {"name": column.name, "type": "string", "format": "uri", "description": str(column.means)}
        if column.kind == columns.ADDRESS
        else {"name": column.name, "type": column.kind, "description": str(column.means)}
        for column in table.columns
    ]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": str(table.title),
        "path": draft.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": draft.size,
        "hash": f"sha256:{draft.hash.hexdigest()}",
        "schema": {"fields": fields, "missingValues": [""]},
    }


# --- all authorities ---


def write_national(parts: Mapping[str, Path], folder: Path, *, compressed: bool) -> int:
    """Write the national files from those of the authorities, `parts` by slug. Returns how many changed."""
    with override(ENGLISH.code), drafts_in(folder) as drafts:
        manifests = {slug: read_manifest(part) or {} for slug, part in parts.items()}
        as_of = max((each["as_of"] for each in manifests.values() if each.get("as_of")), default=None)
        whole = linked.dataset_node(
            NATIONAL,
            name="Surveillance cameras of public bodies in England and Wales",
            description="Authorities, camera systems, cameras, certificates and publications, as published.",
            publisher={"@type": "Organization", "name": settings.PORTAL_OPERATOR or settings.PORTAL_ORIGIN},
            files=_names(columns.TABLES),
            as_of=as_of,
        )
        _begin(drafts, columns.TABLES, as_of, [linked.catalogue_node(NATIONAL, parts), whole])
        totals = _totals_by_organisation()
        for organisation in sorted(public_organisations(), key=lambda each: each.slug):
            _row(drafts, columns.AUTHORITIES, rows.authority_row(organisation, totals.get(organisation.pk, {})))
        for table in columns.OF_ONE_AUTHORITY:
            lines = (line for part in parts.values() for line in csv_lines(part / f"{table.name}.csv"))
            for line in dict.fromkeys(lines) if table in columns.OF_AGREEMENTS else lines:
                drafts[f"{table.name}.csv"].row(line)
        for name in ("cameras.geojson", "data.jsonld"):
            for part in parts.values():
                for item in json_items(part / name):
                    drafts[name].item(item)
        more = [_part(slug, part) for slug, part in parts.items()]
        _finish(drafts, columns.TABLES, NATIONAL, {"authorities": len(parts), "as_of": as_of}, more)
        return drafts.put(compressed=compressed)


def _totals_by_organisation() -> dict[int, dict[str, Any]]:
    """One query."""
    pages: dict[int, list[Publication]] = {}
    for publication in Publication.objects.of_systems().current().defer("content").order_by("pk"):
        pages.setdefault(publication.organisation_id, []).append(publication)
    return {organisation: totals_of(own) for organisation, own in pages.items()}


def _part(slug: str, part: Path) -> dict[str, Any]:
    """What the national manifest says of one authority's: it in turn has the hashes of that authority's files."""
    draft = (part / "manifest.json").read_bytes()
    return {
        "name": f"authorities/{slug}/manifest.json",
        "bytes": len(draft),
        "sha256": hashlib.sha256(draft).hexdigest(),
        "address": f"{settings.PORTAL_ORIGIN}{folder_of(slug)}manifest.json",
    }


def export(folder: Path) -> dict[str, Any]:
    """Write everything into a folder of one's own: the national files in it, those of each authority in
    `authorities/<slug>/`, and the seals of the audit trail, which are in no manifest: they grow by the day. The bytes
    are those of the public addresses.
    """
    parts = {}
    for organisation in with_data():
        parts[organisation.slug] = folder / "authorities" / organisation.slug
        write_authority(organisation, parts[organisation.slug], compressed=False)
    write_national(parts, folder, compressed=False)
    with (folder / seals.NAME).open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(seals.seal_line(seal) for seal in Seal.objects.order_by("number").iterator(chunk_size=1000))
    manifest = read_manifest(folder) or {}
    return {"folder": str(folder), "authorities": len(parts), "rows": manifest["rows"], "as_of": manifest["as_of"]}


# --- one authority's part, to be handed over ---


def bundle_of(organisation: Organisation) -> IO[bytes] | None:
    """The public files of one authority in one ZIP, byte for byte: what is withheld and why is its `withheld.csv`, the
    hashes its `manifest.json`. None where no worker has made it yet; then it is promised.
    """
    with contextlib.suppress(FileNotFoundError):
        return _bundle(organisation.slug).open("rb")
    promise_open_data([organisation.slug])
    return None


def _bundle(slug: str) -> Path:
    """Beside the public files, under a name that nothing serves."""
    return Path(settings.PUBLIC_ROOT) / ".bundles" / f"{slug}.zip"


def _pack(slug: str) -> None:
    """Put the public files of an authority into its bundle, which is whole at any time."""
    folder, bundle = public_folder(folder_of(slug)), _bundle(slug)
    names = [entry["name"] for entry in (read_manifest(folder) or {})["files"]]
    bundle.parent.mkdir(parents=True, exist_ok=True)
    draft = bundle.with_suffix(".draft")
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in [*names, "manifest.json"]:
            entry = zipfile.ZipInfo(name, FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with (folder / name).open("rb") as source, packed.open(entry, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target)
    draft.replace(bundle)
