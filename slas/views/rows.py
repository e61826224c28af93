"""What the pages of agreements show, as plain rows."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Organisation
from core.dates import LONDON
from slas import stages
from slas.models import Agreement, AgreementParty, AgreementText, Clause, ClauseMove, Side, Signature
from slas.standing_moves import Owed


def counts_of(agreements: Iterable[Agreement]) -> Mapping[int, Owed]:
    """How many clauses wait for whom, by agreement. One query."""
    keys = [agreement.pk for agreement in agreements]
    police = Q(tabled__side=Side.COUNCILS, is_rejected=False) | Q(tabled__side=Side.POLICE, is_rejected=True)
    councils = Q(tabled__side=Side.POLICE, is_rejected=False) | Q(tabled__side=Side.COUNCILS, is_rejected=True)
    known = Q(agreed__isnull=False) | Q(tabled__isnull=False)
    agreed = Q(agreed__isnull=False, tabled__isnull=True)

    def number(condition: Q) -> Count:
        return Count(Case(When(condition, then=Value(1)), output_field=IntegerField()))

    found = (
        Clause.objects.filter(agreement__in=keys)
        .filter(known)
        .order_by()
        .values("agreement")
        .annotate(councils=number(councils), police=number(police), settled=number(agreed), total=Count("pk"))
    )
    counted = {row["agreement"]: Owed(row["councils"], row["police"], row["settled"], row["total"]) for row in found}
    return {key: counted.get(key, Owed(0, 0, 0, 0)) for key in keys}


def agreement_row(agreement: Agreement, organisation: Organisation, counts: Owed) -> dict[str, Any]:
    """One line of the list, as the organisation sees it."""
    party = agreement.party_of(organisation)
    side = Side(party.side) if party else agreement.opening_side
    others = [
        each.organisation.local_name for each in agreement.parties.all() if each.organisation_id != organisation.pk
    ]
    step = stages.next_step(agreement, counts)
    return {
        "reference": agreement.reference,
        "title": agreement.local_title,
        "url": reverse("slas:agreement", args=[organisation.slug, agreement.reference]),
        "others": ", ".join(others),
        "technologies": ", ".join(str(row) for row in agreement.technologies.all()),
        "tag": stages.tag_of(agreement),
        "dates": stages.dates_in_words(agreement) if agreement.status in Agreement.COMPLETE else "",
        "step": step,
        "mine": side in step.sides,
    }


def facts_of(agreement: Agreement) -> list[dict[str, Any]]:
    """The summary of one agreement."""
    rows: list[dict[str, Any]] = [
        {"key": _("Reference"), "value": agreement.reference},
        {"key": _("Clauses for"), "value": agreement.get_clause_set_display()},
        {"key": _("Technologies"), "value": capfirst(", ".join(str(row) for row in agreement.technologies.all()))},
        {"key": _("Systems"), "value": ", ".join(system.local_name for system in agreement.systems.all()) or _("All")},
        {"key": _("Languages"), "value": _("English and Welsh") if agreement.is_bilingual else _("English")},
        {"key": _("Made"), "value": capfirst(agreement.get_origin_display())},
    ]
    if agreement.origin == Agreement.Origin.PORTAL:
        rows.append({"key": _("Begun from"), "value": capfirst(_begun(agreement))})
    if agreement.reply_by and agreement.status in (Agreement.Status.DRAFT, Agreement.Status.NEGOTIATING):
        rows.append({"key": _("Reply wanted by"), "value": date_format(agreement.reply_by, "j F Y")})
    if agreement.status in Agreement.COMPLETE:
        rows.append({"key": _("In force"), "value": stages.dates_in_words(agreement)})
        if agreement.review_on:
            rows.append({"key": _("Review due"), "value": date_format(agreement.review_on, "j F Y")})
        if agreement.ends_early_on:
            rows.append({"key": _("Last day after notice"), "value": date_format(agreement.ends_early_on, "j F Y")})
    return rows


def _begun(agreement: Agreement) -> str:
    words = str(agreement.get_begun_from_display())
    return f"{words} ({agreement.begun_from_reference})" if agreement.begun_from_reference else words


def party_row(party: AgreementParty) -> dict[str, Any]:
    return {
        "name": party.organisation.local_name,
        "side": party.get_side_display(),
        "role": party.get_role_display(),
    }


def signature_row(signature: Signature) -> dict[str, Any]:
    return {
        "party": signature.party.organisation.local_name,
        "name": signature.name,
        "post": signature.post,
        "at": signature.at,
    }


def voided_row(text: AgreementText) -> dict[str, Any]:
    return {"number": text.number, "sha256": text.sha256, "at": text.voided_at, "reason": text.voided_reason}


def changes_of(agreement: Agreement) -> list[dict[str, Any]]:
    """What happened to it, newest first. One query."""
    statuses = dict(Agreement.Status.choices)
    return [
        {
            "title": capfirst(statuses.get(change.after, change.after)),
            "by": change.by.get_full_name() if change.by else "",
            "at": change.at,
            # a hash is no note for people
            "note": change.note if " " in change.note else "",
        }
        for change in agreement.changes.select_related("by").order_by("-at", "-pk")
    ]


def move_row(move: ClauseMove, side: str) -> dict[str, Any]:
    """One move of the history, as a side reads it."""
    day = date_format(move.at.astimezone(LONDON), "j F Y, H:i")
    return {
        "title": f"{move.organisation.local_name}: {move.get_kind_display()}",
        "kind": move.kind,
        "number": move.revision.number,
        "by": move.by.get_full_name() if move.by and move.side == side else "",
        "at": move.at,
        "day": day,
        "note": move.comment,
    }


def whole_rows(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The clauses of a frozen text, to be read."""
    welsh_first = (get_language() or "").startswith("cy")
    return [
        {
            "number": clause["number"],
            "key": clause["key"],
            "title": (clause["title_cy"] if welsh_first else "") or clause["title"],
            "left_out": clause["left_out"],
            "reason": clause["reason"],
            "text": clause["text"],
            "text_cy": clause["text_cy"],
        }
        for clause in content["clauses"]
    ]
