"""The text of an agreement as canonical JSON: what both sides confirm, what is signed, printed and published.

The format stands in docs/agreement-format.md.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from compliance.frozen import canonical, digest
from compliance.models import CameraSystem
from core.errors import Incomplete, Problem
from slas.models import Agreement, AgreementParty, AgreementText, Clause

SCHEMA = "ccp/agreement/1"


def load_clauses(agreement: Agreement) -> list[Clause]:
    """Its clauses in order with what is agreed and what is tabled; those that one side alone drafts are not part of the
    text yet. One query.
    """
    return list(agreement.clauses.shared().select_related("agreed", "tabled").order_by("number", "pk"))


def text_of(agreement: Agreement, clauses: Iterable[Clause]) -> str:
    """The canonical JSON of what both sides last agreed. Needs `for_page`; no query then.

    Raises Incomplete with each clause that is not agreed.
    """
    clauses = list(clauses)
    open_ones = [clause for clause in clauses if not clause.is_agreed]
    if open_ones:
        raise Incomplete([Problem(str(clause)) for clause in open_ones])
    return canonical(_values(agreement, clauses))


def sha256_of(content: str) -> str:
    return digest(content)


def read(text: AgreementText) -> dict[str, Any]:
    return read_content(text.content)


def read_content(content: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(content)
    return found


def clause_values(content: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The values of a clause's structured fields; empty where it is left out or not there."""
    found = next((clause for clause in content["clauses"] if clause["key"] == key), None)
    return dict(found["values"]) if found and not found["left_out"] else {}


def _values(agreement: Agreement, clauses: Iterable[Clause]) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "reference": agreement.reference,
        "clause_set": agreement.clause_set,
        "title": agreement.title,
        "title_cy": agreement.title_cy,
        "languages": ["en-GB", "cy"] if agreement.is_bilingual else ["en-GB"],
        "library": agreement.library.key,
        "previous": agreement.previous.reference if agreement.previous else None,
        "technologies": sorted(agreement.technology_keys()),
        "parties": [_party(party) for party in agreement.parties.all()],
        "systems": [_system(system) for system in sorted(agreement.systems.all(), key=lambda each: each.reference)],
        "clauses": [_clause(clause) for clause in clauses],
    }


def _party(party: AgreementParty) -> dict[str, Any]:
    organisation = party.organisation
    return {
        "name": organisation.full_name,
        "name_cy": organisation.name_cy,
        "slug": organisation.slug,
        "gss_code": organisation.gss_code,
        "side": party.side,
        "role": party.role,
    }


def _system(system: CameraSystem) -> dict[str, Any]:
    return {"reference": system.reference, "name": system.name, "name_cy": system.name_cy}


def _clause(clause: Clause) -> dict[str, Any]:
    revision = clause.agreed
    assert revision is not None  # noqa: S101  (only agreed clauses come here)
    return {
        "number": clause.number,
        "key": clause.key,
        "title": clause.title,
        "title_cy": clause.title_cy,
        "left_out": revision.is_left_out,
        "reason": revision.reason if revision.is_left_out else "",
        "text": revision.text,
        "text_cy": revision.text_cy,
        "values": revision.values,
        "own_wording": revision.is_own_wording,
        "revision": revision.number,
    }
