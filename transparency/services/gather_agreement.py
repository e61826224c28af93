"""What the public reads of an agreement: from its signed text, less what is withheld, and its days and agreed figures.

Each field that leaves is named here. Never: private notes, drafts, moves, comments, names of persons. The hash of the
signed text leaves only where nothing is withheld: with it a short clause that is withheld could be guessed.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from accounts.models import Organisation
from core.dates import today
from slas import frozen_text
from slas.models import Agreement, AgreementText, PerformanceReturn, Redaction, ServiceMeasure, Side

SCHEMA = "ccp/agreement-publication/1"
MEASURES_IN, NOTICE_IN, FIGURES_IN = "kpis", "termination", "publication"  # the clauses that say these
Texts = dict[str, str]


def for_publishing(reference: str) -> Agreement:
    """The agreement with everything that is public of it. Raises Agreement.DoesNotExist."""
    return Agreement.objects.for_page().select_related("library", "previous", "opened_by").get(reference=reference)


def gather_agreement(agreement: Agreement) -> dict[str, Any]:
    """The public content, ready to be frozen. Nine queries at most. Needs `for_page`."""
    text = agreement.texts.standing().for_document().first()
    signed = frozen_text.read(text) if text else None
    withheld = {row.clause_key: row for row in agreement.redactions.all()} if signed else {}
    shows_measures = MEASURES_IN not in withheld
    return {
        "schema": SCHEMA,
        "reference": agreement.reference,
        "as_of": today().isoformat(),
        "clause_set": agreement.clause_set,
        "library": agreement.library.key if signed else None,
        "origin": agreement.origin,
        "title": texts(agreement.title, agreement.title_cy),
        "languages": ["en-GB", "cy"] if agreement.is_bilingual else ["en-GB"],
        "previous": agreement.previous.reference if agreement.previous else None,
        "status": agreement.status,
        "technologies": sorted(agreement.technology_keys()),
        "parties": _parties(agreement),
        "systems": _systems(agreement, signed),
        "dates": _dates(agreement, shows_notice=NOTICE_IN not in withheld),
        "signatures": _signatures(text),
        "text_sha256": text.sha256 if text and not withheld else None,
        "clauses": [_clause(clause, withheld.get(clause["key"])) for clause in signed["clauses"]] if signed else [],
        "ink": _ink(agreement) if signed is None else None,
        "measures": [_measure(row) for row in agreement.measures.all()] if shows_measures else [],
        "figures": _figures(agreement) if shows_measures and publishes_figures(signed) else [],
    }


def summary_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """What lists, filters and the standing of a day need."""
    return {
        "status": content["status"],
        "clause_set": content["clause_set"],
        "previous": content["previous"],
        "technologies": content["technologies"],
        "parties": [{name: party[name] for name in ("slug", "name", "side")} for party in content["parties"]],
        "systems": [system["reference"] for system in content["systems"]],
        "measures": len(content["measures"]),
        "withheld": sum(1 for clause in content["clauses"] if clause["withheld"]),
        **content["dates"],
    }


def publishes_figures(signed: Mapping[str, Any] | None) -> bool:
    """Whether the signed text says that agreed figures are published."""
    return signed is not None and bool(frozen_text.clause_values(signed, FIGURES_IN).get("figures"))


def texts(english: str, welsh: str) -> Texts:
    return {"en": english, "cy": welsh} if welsh else {"en": english}


def _name(organisation: Organisation) -> Texts:
    return texts(organisation.full_name, organisation.name_cy)


def _parties(agreement: Agreement) -> list[dict[str, Any]]:
    """Councils first, each side in its own order."""
    ordered = [*agreement.parties_on(Side.COUNCILS), *agreement.parties_on(Side.POLICE)]
    return [
        {
            "slug": party.organisation.slug,
            "gss_code": party.organisation.gss_code,
            "name": _name(party.organisation),
            "side": party.side,
            "role": party.role,
        }
        for party in ordered
    ]


def _systems(agreement: Agreement, signed: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """As the text that was signed has them, where there is one."""
    if signed is not None:
        return [
            {"reference": row["reference"], "name": texts(row["name"], row["name_cy"])} for row in signed["systems"]
        ]
    own = sorted(agreement.systems.all(), key=lambda system: system.reference)
    return [{"reference": system.reference, "name": texts(system.name, system.name_cy)} for system in own]


def _dates(agreement: Agreement, *, shows_notice: bool) -> dict[str, Any]:
    completed = timezone.localdate(agreement.completed_at) if agreement.completed_at else None
    days = {
        "completed_on": completed,
        "starts_on": agreement.starts_on,
        "ends_on": agreement.ends_on,
        "review_on": agreement.review_on,
        "replaced_from": agreement.replaced_from if agreement.status == Agreement.Status.REPLACED else None,
        "ends_early_on": agreement.ends_early_on if agreement.status == Agreement.Status.TERMINATED else None,
    }
    told: dict[str, Any] = {name: day.isoformat() if day else None for name, day in days.items()}
    return {**told, "notice_months": agreement.notice_months if shows_notice else None}


def _signatures(text: AgreementText | None) -> list[dict[str, Any]]:
    """Party, post and day of each; never the name of whoever signed."""
    if text is None:
        return []
    return [
        {
            "party": signature.party.organisation.slug,
            "post": signature.post,
            "on": timezone.localdate(signature.at).isoformat(),
        }
        for signature in text.signatures.all()
    ]


def _clause(clause: Mapping[str, Any], redaction: Redaction | None) -> dict[str, Any]:
    """One clause; of one that is withheld its number, its title and the reason alone."""
    head = {
        "number": clause["number"],
        "key": clause["key"],
        "title": texts(clause["title"], clause["title_cy"]),
    }
    if redaction is not None:
        details = texts(redaction.details, redaction.details_cy) if redaction.details else {}
        return {**head, "withheld": {"reason": redaction.reason, "details": details}}
    left_out = clause["left_out"]
    return {
        **head,
        "withheld": None,
        "left_out": left_out,
        "reason": clause["reason"] if left_out else "",
        "text": {} if left_out else texts(clause["text"], clause["text_cy"]),
        "values": {} if left_out else clause["values"],
        "own_wording": clause["own_wording"],
    }


def _ink(agreement: Agreement) -> dict[str, Any] | None:
    """Of one made in ink: what it covers and the posts of those who signed. Its file stays with the parties."""
    record = getattr(agreement, "ink", None)
    if record is None:
        return None
    return {
        "scope": texts(record.scope, record.scope_cy),
        "signed_on": record.signed_on.isoformat(),
        "signed_by": record.signatories,
    }


def _measure(row: ServiceMeasure) -> dict[str, Any]:
    return {
        "key": row.key,
        "name": texts(row.name, row.name_cy),
        "unit": row.unit,
        "better": row.better,
        "target": plain(row.target),
        "within": row.within,
        "within_unit": row.within_unit,
        "owed_by": row.owed_by,
        "is_share": row.has_denominator,
    }


def _figures(agreement: Agreement) -> list[dict[str, Any]]:
    """Agreed figures of the measures, period by period; comments stay inside."""
    agreed = agreement.returns.filter(status=PerformanceReturn.Status.AGREED).select_related("organisation")
    rows = agreed.prefetch_related("figures__measure").order_by("starts_on", "ends_on", "organisation__slug", "pk")
    return [figure for made in rows for figure in _figures_of(made)]


def _figures_of(made: PerformanceReturn) -> Iterable[dict[str, Any]]:
    for figure in made.figures.all():
        if figure.numerator is None:
            continue
        yield {
            "measure": figure.measure.key,
            "party": made.organisation.slug,
            "from": made.starts_on.isoformat(),
            "until": made.ends_on.isoformat(),
            "numerator": plain(figure.numerator),
            "denominator": plain(figure.denominator) if figure.denominator is not None else None,
        }


def plain(number: Any) -> str:
    """A decimal as text without needless zeros."""
    return format(number.normalize(), "f")
