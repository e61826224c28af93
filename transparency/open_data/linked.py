"""JSON-LD: the words of schema.org and DCAT for authorities, systems, cameras, certificates and the data itself."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings

from transparency.open_data.places import MEDIA_TYPES, folder_of
from transparency.open_data.rows import Row

# Written out, so that nobody has to ask another server what the words mean.
CONTEXT: Mapping[str, Any] = {
    "@vocab": "https://schema.org/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
}
SERVICE = "public space surveillance cameras"


def url(path: str) -> str:
    return f"{settings.PORTAL_ORIGIN}{path}"


def organisation_id(slug: str) -> dict[str, str]:
    return {"@id": url(f"/authorities/{slug}/#organisation")}


def known(node: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is not known."""
    return {name: value for name, value in node.items() if value not in (None, "", [], {})}


def organisation_node(row: Row, contact: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """`row` is one of authorities."""
    point = contact and {
        "@type": "ContactPoint",
        "contactType": contact["contact_post"],
        "email": contact["contact_email"],
    }
    node = {
        "@type": "GovernmentOrganization",
        **organisation_id(row["authority"]),
        "name": row["name"],
        "alternateName": {"@value": row["name_cy"], "@language": "cy"} if row["name_cy"] else None,
        "identifier": row["gss_code"],
        "url": row["address"],
        "contactPoint": point,
    }
    return known(node)


def system_node(row: Row, certificates: Iterable[str] = ()) -> dict[str, Any]:
    """`row` is one of systems."""
    return known(
        {
            "@type": "GovernmentService",
            "@id": f"{row['address']}#service",
            "name": row["name"],
            "alternateName": {"@value": row["name_cy"], "@language": "cy"} if row["name_cy"] else None,
            "identifier": row["reference"],
            "url": row["address"],
            "serviceType": SERVICE,
            "serviceOperator": organisation_id(row["authority"]),
            "areaServed": row["areas_covered"],
            "dateModified": row["published_on"],
            "hasCertification": [{"@id": url(f"/certificates/{number}/#certification")} for number in certificates],
        }
    )


def camera_node(row: Row, number: int) -> dict[str, Any]:
    """`row` is one of cameras, `number` its place in the list of its system, from 1."""
    geo = {"@type": "GeoCoordinates", "latitude": row["latitude"], "longitude": row["longitude"]}
    place = {
        "@type": "PostalAddress",
        "streetAddress": row["location_description"],
        "addressLocality": row["locality"] or row["ward"],
        "postalCode": row["postcode_district"],
        "addressCountry": "GB",
    }
    return known(
        {
            "@type": "Place",
            "@id": f"{row['address']}#camera-{number}",
            "name": row["camera_ref"] or row["location_description"] or row["ward"],
            "identifier": row["camera_ref"],
            "description": row["view_description"],
            "geo": geo if row["latitude"] is not None else None,
            "address": known(place),
            "subjectOf": {"@id": f"{row['address']}#service"},
        }
    )


def certificate_node(row: Row) -> dict[str, Any]:
    """`row` is one of certificates: dates, never what it is worth today."""
    return known(
        {
            "@type": "Certification",
            "@id": f"{row['address']}#certification",
            "name": f"{row['number']}, {row['holder']}",
            "certificationIdentification": row["number"],
            "issuedBy": {"@type": "Organization", "name": row["body"]},
            "about": organisation_id(row["authority"]),
            "datePublished": row["issued_on"],
            "validFrom": row["valid_from"],
            "expires": row["valid_until"],
            "url": row["address"],
        }
    )


def dataset_node(
    folder: str,
    *,
    name: str,
    description: str,
    publisher: Mapping[str, Any],
    files: Iterable[str],
    as_of: str | None,
) -> dict[str, Any]:
    """The data of one folder. `files` are names in it."""
    return known(
        {
            "@type": ["Dataset", "dcat:Dataset"],
            "@id": url(f"{folder}#dataset"),
            "name": name,
            "description": description,
            "url": url(folder),
            "license": settings.PORTAL_LICENCE_URL,
            "dct:license": {"@id": settings.PORTAL_LICENCE_URL},
            "publisher": publisher,
            "isAccessibleForFree": True,
            "inLanguage": ["en", "cy"],
            "dateModified": as_of,
            "distribution": [_distribution(url(folder + file)) for file in files],
        }
    )


def _distribution(address: str) -> dict[str, Any]:
    return {
        "@type": ["DataDownload", "dcat:Distribution"],
        "contentUrl": address,
        "dcat:downloadURL": {"@id": address},
        "encodingFormat": MEDIA_TYPES[address.rsplit(".", 1)[-1]].partition(";")[0],
    }


def catalogue_node(folder: str, datasets: Iterable[str]) -> dict[str, Any]:
    """The catalogue of all data: the national set first, then that of each authority by its slug."""
    own = [folder, *map(folder_of, datasets)]
    return {
        "@type": ["DataCatalog", "dcat:Catalog"],
        "@id": url(f"{folder}#catalogue"),
        "name": "Surveillance cameras of public bodies in England and Wales",
        "url": url(folder),
        "license": settings.PORTAL_LICENCE_URL,
        "dataset": [{"@id": url(f"{each}#dataset")} for each in own],
    }
