"""What becomes of the columns of this app that name an organisation, or of a split a system, in a reorganisation.

What was published stays as it was frozen; whose it is, and at which address it stands, passes on.
"""

from typing import Any

from accounts.passing import Act, SystemColumn, Tie, anew, moves
from compliance.models import CameraSystem, Consultation
from slas.models import Agreement
from transparency.models import Enquiry, Publication

_READ = "Made again from what is published."
Kind = Publication.Kind


def owners_of_publications(act: Act, keys: list[int]) -> dict[int, str]:
    """Of a split: to which successor each publication goes, by whose its subject is by then. Those without a subject
    here are left out.
    """
    rows = Publication.objects.filter(pk__in=keys).values_list("pk", "kind", "subject_reference")
    heirs = {organisation.pk: slug for slug, organisation in act.heirs.items()}
    found: dict[int, str] = {}
    for key, kind, reference in rows:
        owner = _owner(kind, reference)
        if owner in heirs:
            found[key] = heirs[owner]
    return found


def _owner(kind: str, reference: str) -> int | None:
    """The organisation of the record that was published, as it stands now."""
    rows: Any
    if kind in (Kind.SYSTEM, Kind.SELF_ASSESSMENT):
        rows, column = CameraSystem.objects.filter(reference=reference), "operator_id"
    elif kind == Kind.CONSULTATION:
        rows, column = Consultation.objects.filter(reference=reference), "organisation_id"
    elif kind == Kind.QUESTION:
        rows, column = Enquiry.objects.filter(reference=reference), "organisation_id"
    elif kind == Kind.AGREEMENT:
        rows, column = Agreement.objects.filter(reference=reference), "opened_by_id"
    else:
        return None
    return rows.values_list(column, flat=True).first()


COLUMNS = (
    moves(
        "transparency.Publication",
        "organisation",
        "The page stands at the successor's address, as it was frozen, until it publishes its own.",
        owners=owners_of_publications,
        references=("subject_reference",),
        bequest=True,
    ),
    moves(
        "transparency.PublishedDocument",
        "organisation",
        "The document stands at the successor's address.",
        systems=("system",),
        bequest=True,
    ),
    moves("transparency.Enquiry", "organisation", "Whoever is there now answers.", systems=("system",)),
    moves("transparency.EnquiryTarget", "organisation", "How soon it means to answer.", alone=()),
    *(
        anew(f"transparency.{model}", "organisation", _READ)
        for model in ("PublicCamera", "GridCell", "PlaceCount", "PlacedSystem", "SearchEntry")
    ),
)

SYSTEM_COLUMNS = (
    SystemColumn("transparency.FormerSystemAddress", "system", Tie.FOLLOWS, "It leads to wherever the system is."),
    SystemColumn("transparency.PublishedDocument", "system", Tie.FOLLOWS, "It is about the system."),
    SystemColumn("transparency.PublicationSchedule", "system", Tie.FOLLOWS, "It is about the system."),
    SystemColumn("transparency.Enquiry", "system", Tie.FOLLOWS, "It is about the system."),
)
