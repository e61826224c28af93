"""What the clauses of a draft lack before the other side can be asked."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from core.errors import Problem
from slas.clause_files import ClauseText, library_of
from slas.models import Agreement, Clause, ClauseRevision
from slas.wording import missing_fields


def problems_of_clauses(agreement: Agreement, clauses: Iterable[Clause]) -> list[Problem]:
    """Everything that `lacks_of` finds, each with the page where it is mended. One query."""
    clauses = list(clauses)
    lacks = lacks_of(agreement, clauses)
    return [
        Problem(
            f"{clause.number}. {clause.local_title}: {sentence}",
            reverse("slas:clause", args=[agreement.opened_by.slug, agreement.reference, clause.key]),
        )
        for clause in clauses
        for sentence in lacks[clause.pk]
    ]


def lacks_of(agreement: Agreement, clauses: Iterable[Clause]) -> dict[int, list[str]]:
    """By clause: no text, a field that is not filled in, no Welsh where the agreement has it, or left out though it is
    needed. One query.
    """
    drafts = {
        draft.clause_id: draft
        for draft in ClauseRevision.objects.filter(clause__agreement=agreement, proposed_at__isnull=True)
    }
    library = library_of(agreement)
    return {clause.pk: _lacks(agreement, drafts.get(clause.pk), library.find(clause.key)) for clause in clauses}


def _lacks(agreement: Agreement, draft: ClauseRevision | None, known: ClauseText | None) -> list[str]:
    if draft is None:
        return [_("it has no text.")]
    if draft.is_left_out:
        return [_("it cannot be left out.")] if known is not None and known.required else []
    lacks = []
    if agreement.is_bilingual and not draft.text_cy:
        lacks.append(_("the Welsh is missing."))
    if known is not None:
        fields = [field.local_label for field in missing_fields(known, draft.values)]
        if fields:
            lacks.append(_("fill in: %(fields)s.") % {"fields": ", ".join(fields)})
    return lacks
