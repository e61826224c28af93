"""Pages about open data: which files there are, with dates and hashes, what their columns mean, and the API."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from certification.models import Certificate
from transparency.addresses import with_address
from transparency.api.schema import REFUSALS, schema
from transparency.models import Publication
from transparency.open_data import columns
from transparency.open_data.files import read_manifest
from transparency.open_data.places import NATIONAL, folder_of, public_folder
from transparency.pages.registry import Page, builds
from transparency.pages.words import day, full_name


def _licence() -> dict[str, str]:
    return {"licence": settings.PORTAL_LICENCE_NAME, "licence_url": settings.PORTAL_LICENCE_URL}


@builds("open_data")
def open_data() -> Page:
    """The national files. No query: what a page says of them is in their manifest."""
    manifest = read_manifest(public_folder(NATIONAL))
    context = {"files": _files(manifest, NATIONAL, columns.TABLES), "as_of": _as_of(manifest), **_licence()}
    return Page("transparency/open_data.html", context)


@builds("authority_data")
def authority_data(organisation: str) -> Page | None:
    """The files of one authority that published something or holds a certificate. At most three queries."""
    record = with_address().filter(slug=organisation).first()
    if record is None:
        return None
    has_data = Publication.objects.filter(organisation=record).exists()
    if not has_data and not Certificate.objects.filter(operator=record).exists():
        return None
    address = folder_of(record.slug)
    manifest = read_manifest(public_folder(address))
    context = {
        "organisation": record,
        "name": full_name(record),
        "files": _files(manifest, address, columns.OF_ONE_AUTHORITY),
        "as_of": _as_of(manifest),
        **_licence(),
    }
    return Page("transparency/authority_data.html", context)


@builds("open_data_columns")
def open_data_columns() -> Page:
    """What each column of each table means. No query."""
    kinds = {
        columns.TEXT: _("text"),
        columns.WHOLE: _("whole number"),
        columns.NUMBER: _("number"),
        columns.YES_NO: _("true or false"),
        columns.DATE: _("day, as 2026-11-22"),
        columns.ADDRESS: _("web address"),
    }
    tables = [
        {
            "name": table.name,
            "title": table.title,
            "rows": [(each.name, kinds[each.kind], each.means) for each in table.columns],
        }
        for table in columns.TABLES
    ]
    return Page("transparency/open_data_columns.html", {"tables": tables, **_licence()})


def _as_of(manifest: Mapping[str, Any] | None) -> dt.date | None:
    return day(manifest["as_of"]) if manifest else None


def _files(manifest: Mapping[str, Any] | None, address: str, tables: Iterable[columns.Table]) -> list[dict[str, Any]]:
    """The files of a folder in the order of their tables, with what each is; none before they were first made."""
    if manifest is None:
        return []
    titles: dict[str, Any] = {f"{table.name}.csv": table.title for table in tables}
    titles |= {
        "cameras.geojson": _("Cameras, for maps (GeoJSON), with tags of OpenStreetMap"),
        "data.jsonld": _("All of it as linked data (JSON-LD: schema.org and DCAT)"),
        "datapackage.json": _("What the columns mean, for programs (Data Package)"),
    }
    known = {entry["name"]: entry for entry in manifest["files"]}
    return [
        {
            "name": name,
            "title": title,
            "path": address + name,
            "rows": manifest["rows"].get(name.removesuffix(".csv")),
            "bytes": known[name]["bytes"],
            "sha256": known[name]["sha256"],
        }
        for name, title in titles.items()
        if name in known
    ]


@builds("open_data_api")
def open_data_api() -> Page:
    """The API as its schema describes it. No query."""
    described = schema()
    parts = [
        {
            "anchor": operation["operationId"].replace("_", "-"),
            "path": path,
            "about": operation.get("description", ""),
            "parameters": [
                {
                    "name": parameter["name"],
                    "about": parameter.get("description", ""),
                    "values": parameter["schema"].get("enum", []),
                }
                for parameter in operation.get("parameters", [])
                if parameter["in"] == "query"
            ],
        }
        for path, operations in described["paths"].items()
        for operation in operations.values()
    ]
    context = {"parts": parts, "refusals": REFUSALS, "origin": settings.PORTAL_ORIGIN}
    return Page("transparency/open_data_api.html", context)
