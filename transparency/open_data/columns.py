"""The tables of open data and what each of their columns means: for files, pages and packages alike."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.errors import Text
from transparency.open_data.osm import TAGS

TEXT, WHOLE, NUMBER, YES_NO, DATE, ADDRESS = "string", "integer", "number", "boolean", "date", "uri"


@dataclass(frozen=True)
class Column:
    """`kind` is one of the types above; a column that is not known is empty in CSV and null elsewhere."""

    name: str
    kind: str
    means: Text


@dataclass(frozen=True)
class Table:
    name: str
    title: Text
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


OSM_TAG = _("Tag of OpenStreetMap, only where the exact place is public")
MEANINGS: Mapping[str, tuple[str, Text]] = {
    "accreditation_number": (TEXT, _("Accreditation number of the certification body, if any")),
    "address": (ADDRESS, _("Page about it")),
    "analytics": (TEXT, _("Analysis of pictures by software, in words")),
    "anpr_enabled": (YES_NO, _("Reads number plates")),
    "areas_covered": (TEXT, _("Places that the system covers")),
    "authority": (TEXT, _("Short name of the operator, as in its address")),
    "authority_name": (TEXT, _("Name of the operator")),
    "biometrics": (YES_NO, _("Uses biometric recognition")),
    "body": (TEXT, _("Certification body")),
    "camera_ref": (TEXT, _("The operator's own number of the camera")),
    "camera_type": (TEXT, _("Type of camera")),
    "cameras_counted": (WHOLE, _("Cameras counted")),
    "cameras_exact": (WHOLE, _("Cameras whose exact place is public")),
    "cameras_listed": (WHOLE, _("Cameras in the published list")),
    "cameras_street": (WHOLE, _("Cameras known by their street")),
    "cameras_ward": (WHOLE, _("Cameras known by their ward")),
    "cameras_withheld": (WHOLE, _("Cameras whose place is withheld")),
    "contact_email": (TEXT, _("Mailbox of the point of contact")),
    "contact_post": (TEXT, _("Post of the point of contact")),
    "counted_on": (DATE, _("Newest day of counting")),
    "decided_by": (TEXT, _("Post that decided")),
    "direction": (WHOLE, _("Where the camera looks, in degrees from north")),
    "document_sha256": (TEXT, _("SHA-256 of the document")),
    "easting": (WHOLE, _("Easting in metres, British National Grid (EPSG:27700)")),
    "ends_on": (DATE, _("Last day")),
    "frozen_content": (ADDRESS, _("What was published, word for word, as JSON")),
    "gss_code": (TEXT, _("Official code of the authority (GSS)")),
    "holder": (TEXT, _("Holder of the certificate")),
    "holder_cy": (TEXT, _("Holder of the certificate, in Welsh")),
    "installed_on": (DATE, _("Installed on")),
    "issued_on": (DATE, _("Issued on")),
    "kind": (TEXT, _("Kind of thing")),
    "last_event": (TEXT, _("What last happened to the certificate")),
    "last_event_on": (DATE, _("Day on which that happened")),
    "last_published_on": (DATE, _("Newest day of publishing")),
    "last_reviewed_on": (DATE, _("Last reviewed on")),
    "latitude": (NUMBER, _("Latitude (WGS 84), only where the exact place is public")),
    "legal_bases": (TEXT, _("Lawful bases")),
    "licence": (ADDRESS, _("Licence of the content")),
    "locality": (TEXT, _("Town or village")),
    "location_description": (TEXT, _("Street or landmark")),
    "location_precision": (TEXT, _("How exactly the place is public: exact, street or ward")),
    "longitude": (NUMBER, _("Longitude (WGS 84), only where the exact place is public")),
    "made_up": (YES_NO, _("Made up for demonstration")),
    "monitored_by": (TEXT, _("Who else watches, if it is another organisation")),
    "mount": (TEXT, _("What the camera is fixed to")),
    "name": (TEXT, _("Name")),
    "name_cy": (TEXT, _("Name in Welsh")),
    "nation": (TEXT, _("Nation")),
    "next_review_on": (DATE, _("Next review due on")),
    "northing": (WHOLE, _("Northing in metres, British National Grid (EPSG:27700)")),
    "number": (TEXT, _("Number of the certificate")),
    "postcode_district": (TEXT, _("First half of the postcode")),
    "publication": (TEXT, _("Reference of the publication that says so")),
    "published_on": (DATE, _("Published on")),
    "publishes_here": (YES_NO, _("Has published a system here")),
    "purpose": (TEXT, _("What the camera is for")),
    "purpose_cy": (TEXT, _("What the camera is for, in Welsh")),
    "purposes": (TEXT, _("What the system is for")),
    "reason": (TEXT, _("Reason")),
    "reason_cy": (TEXT, _("Reason, in Welsh")),
    "records_audio": (YES_NO, _("Records sound")),
    "reference": (TEXT, _("Reference")),
    "reference_database": (YES_NO, _("Compares with a reference database")),
    "region": (TEXT, _("Region")),
    "retention_days": (TEXT, _("Days for which images are kept")),
    "review_on": (DATE, _("Day on which that is looked at again")),
    "review_outcome": (TEXT, _("Outcome of the last review")),
    "scheme": (TEXT, _("Certification scheme")),
    "scope": (TEXT, _("Scope of the certificate")),
    "self_assessment_signed_on": (DATE, _("Self-assessment signed on")),
    "sha256": (TEXT, _("SHA-256 of the published content")),
    "starts_on": (DATE, _("First day")),
    "status": (TEXT, _("State of the camera: the list holds those in use")),
    "step": (TEXT, _("Step of certification: desktop or full")),
    "subject_reference": (TEXT, _("Reference of what it is about")),
    "subkind": (TEXT, _("Kind of authority")),
    "system": (TEXT, _("Name of the system")),
    "system_reference": (TEXT, _("Reference of the system")),
    "systems": (TEXT, _("Systems")),
    "technologies": (TEXT, _("Technologies")),
    "technology": (TEXT, _("Technology")),
    "title": (TEXT, _("Title")),
    "title_cy": (TEXT, _("Title in Welsh")),
    "valid_from": (DATE, _("Valid from")),
    "valid_until": (DATE, _("Last day of validity, if it has one")),
    "version": (WHOLE, _("Version")),
    "view_description": (TEXT, _("What the camera sees")),
    "view_description_cy": (TEXT, _("What the camera sees, in Welsh")),
    "ward": (TEXT, _("Ward")),
    "what": (TEXT, _("What is withheld")),
    "withheld_number": (WHOLE, _("How many are withheld")),
    "withdrawn_on": (DATE, _("Withdrawn on")),
    "withdrawn_reason": (TEXT, _("Why it was withdrawn")),
    **dict.fromkeys(TAGS, (TEXT, OSM_TAG)),
}


def _table(name: str, title: Text, columns: str, /, *more: str, **other: tuple[str, Text]) -> Table:
    names = (*columns.split(), *more)
    return Table(name, title, tuple(Column(each, *(other.get(each) or MEANINGS[each])) for each in names))


AUTHORITIES = _table(
    "authorities",
    _("Authorities"),
    "authority gss_code name name_cy kind subkind nation region starts_on ends_on made_up publishes_here systems"
    " cameras_counted cameras_listed cameras_withheld last_published_on address",
    systems=(WHOLE, _("How many systems are published")),
)
SYSTEMS = _table(
    "systems",
    _("Camera systems"),
    "reference authority authority_name gss_code name name_cy technologies purposes legal_bases retention_days"
    " cameras_counted counted_on cameras_listed cameras_exact cameras_street cameras_ward cameras_withheld biometrics"
    " reference_database records_audio monitored_by areas_covered contact_post contact_email"
    " self_assessment_signed_on version published_on address",
)
CAMERAS = _table(
    "cameras",
    _("Cameras"),
    "camera_ref authority authority_name gss_code system_reference system location_description locality ward"
    " postcode_district latitude longitude easting northing location_precision camera_type technology mount direction"
    " view_description view_description_cy purpose purpose_cy records_audio anpr_enabled analytics status installed_on"
    " last_reviewed_on review_outcome monitored_by address",
    *TAGS,
)
CERTIFICATES = _table(
    "certificates",
    _("Certificates"),
    "number authority holder holder_cy body accreditation_number scheme step systems scope issued_on valid_from"
    " valid_until next_review_on last_event last_event_on document_sha256 address",
)
PUBLICATIONS = _table(
    "publications",
    _("Publications"),
    "reference kind authority subject_reference title title_cy version published_on withdrawn_on withdrawn_reason"
    " sha256 licence address frozen_content",
)
WITHHELD = _table(
    "withheld",
    _("What is withheld, and why"),
    "authority system_reference publication kind what withheld_number reason reason_cy decided_by review_on"
    " published_on address",
)
AGREEMENTS = _table(
    "agreements",
    _("Agreements between councils and police"),
    "reference title title_cy councils police technologies systems completed_on starts_on ends_on review_on"
    " replaced_from ends_early_on previous measures withheld_number published_on address",
    councils=(TEXT, _("Councils that are party to it, by short name")),
    police=(TEXT, _("Police forces and agencies that are party to it, by short name")),
    systems=(TEXT, _("References of the systems that it names")),
    completed_on=(DATE, _("Day of the last signature")),
    replaced_from=(DATE, _("Day from which another one takes its place")),
    ends_early_on=(DATE, _("Last day after notice, where notice was given")),
    previous=(TEXT, _("Reference of the agreement whose place it takes")),
    measures=(WHOLE, _("How many measures it has")),
    withheld_number=(WHOLE, _("How many clauses are withheld")),
)
AGREEMENT_FIGURES = _table(
    "agreement-figures",
    _("Agreed figures of agreements"),
    "agreement authority measure name name_cy unit better target from until numerator denominator address",
    agreement=(TEXT, _("Reference of the agreement")),
    authority=(TEXT, _("Short name of the party that reports")),
    measure=(TEXT, _("Key of the measure")),
    name=(TEXT, _("Name of the measure")),
    name_cy=(TEXT, _("Name of the measure, in Welsh")),
    unit=(TEXT, _("Unit of target and figure; per cent: numerator of denominator")),
    better=(TEXT, _("Whether the target is at least (higher) or at most (lower) so much")),
    target=(NUMBER, _("Target")),
    numerator=(NUMBER, _("What was counted")),
    denominator=(NUMBER, _("Of how many, where it is a share")),
    **{"from": (DATE, _("First day of the period")), "until": (DATE, _("Last day of the period"))},
)
OF_AGREEMENTS = (AGREEMENTS, AGREEMENT_FIGURES)  # the same row stands with each party, and once in the national file
OF_ONE_AUTHORITY = (SYSTEMS, CAMERAS, CERTIFICATES, PUBLICATIONS, WITHHELD, *OF_AGREEMENTS)
TABLES = (AUTHORITIES, *OF_ONE_AUTHORITY)
