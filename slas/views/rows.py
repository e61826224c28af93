"""What the pages of agreements show, as plain rows."""

import re
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation
from compliance.models.vocabulary import Technology
from core.bilingual import local_words
from core.errors import Text
from slas import stages
from slas.models import Agreement, AgreementParty, AgreementText, ClauseMove, Side, Signature
from slas.services.standing import TAKEN_BACK
from slas.standing_moves import Owed

HASH = re.compile(r"[0-9a-f]{64}")  # as a note it is for the trail, not for people
NOTES: Mapping[str, Text] = {TAKEN_BACK: gettext_lazy("Notice taken back.")}  # the portal's own, told in words


def agreement_row(
    agreement: Agreement, organisation: Organisation, counts: Owed, signed: frozenset[int]
) -> dict[str, Any]:
    """One line of the list, as the organisation sees it. `signed` as `signed_of` gives it."""
    party = agreement.party_of(organisation)
    side = Side(party.side) if party else agreement.opening_side
    others = [
        each.organisation.local_name for each in agreement.parties.all() if each.organisation_id != organisation.pk
    ]
    step = stages.next_step(agreement, counts, signed=signed)
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
    """The summary of one agreement. One query."""
    technologies, systems = _about(agreement)
    rows: list[dict[str, Any]] = [
        {"key": _("Reference"), "value": agreement.reference},
        {"key": _("Clauses for"), "value": agreement.get_clause_set_display()},
        {"key": _("Technologies"), "value": capfirst(", ".join(technologies))},
        {"key": _("Systems"), "value": ", ".join(systems) or _("All")},
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


def _about(agreement: Agreement) -> tuple[list[str], list[str]]:
    """Its technologies, of which it has one at least, and its systems, each in words. One query."""
    system = "agreement__systems"
    rows = agreement.technologies.order_by("technology", f"{system}__name", f"{system}__pk")
    found = list(rows.values_list("technology", f"{system}__pk", f"{system}__name", f"{system}__name_cy"))
    technologies = dict.fromkeys(Technology(technology).label for technology, *_system in found)
    systems = {key: local_words({"en": name, "cy": name_cy}) for _t, key, name, name_cy in found if key is not None}
    return [str(label) for label in technologies], list(systems.values())


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
            "note": "" if HASH.fullmatch(change.note) else NOTES.get(change.note, change.note),
        }
        for change in agreement.changes.select_related("by").order_by("-at", "-pk")
    ]


def move_row(move: ClauseMove, side: str) -> dict[str, Any]:
    """One move of the history, as a side reads it."""
    return {
        "title": f"{move.organisation.local_name}: {move.get_kind_display()}",
        "by": move.by.get_full_name() if move.by and move.side == side else "",
        "at": move.at,
        "note": move.comment,
    }


def whole_rows(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The clauses of a frozen text, to be read."""
    return [
        {
            "number": clause["number"],
            "key": clause["key"],
            "title": local_words({"en": clause["title"], "cy": clause["title_cy"]}),
            "left_out": clause["left_out"],
            "reason": clause["reason"],
            "text": clause["text"],
            "text_cy": clause["text_cy"],
        }
        for clause in content["clauses"]
    ]
