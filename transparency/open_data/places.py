"""Where the files of open data are: addresses, folders, names."""

from pathlib import Path

from django.conf import settings

NATIONAL = "/open-data/"
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "jsonld": "application/ld+json",
    "json": "application/json",
}


def folder_of(slug: str) -> str:
    """The address of the open data of one authority."""
    return f"/authorities/{slug}/open-data/"


def public_folder(address: str) -> Path:
    """Where the files of an address of open data lie."""
    return Path(settings.PUBLIC_ROOT) / address.strip("/")
