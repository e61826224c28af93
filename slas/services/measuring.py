"""Measures of an agreement: copied from the text that all signed, so that figures are held against what was agreed."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from slas.clause_files import library_of
from slas.frozen_text import clause_values
from slas.models import Agreement, ServiceMeasure


def set_measures(agreement: Agreement, content: Mapping[str, Any]) -> list[ServiceMeasure]:
    """One row for each measure of the library that the signed text gives a target. Needs `library` loaded.

    Call it inside the transaction of the last signature.
    """
    rows = []
    for position, measure in enumerate(library_of(agreement).measures):
        values = clause_values(content, measure.clause)
        target = values.get(measure.target)
        if target in (None, ""):
            continue
        within = values.get(measure.within) if measure.within else None
        rows.append(
            ServiceMeasure(
                agreement=agreement,
                key=measure.key,
                name=measure.name.en,
                name_cy=measure.name.cy,
                unit=measure.unit,
                better=measure.better,
                target=Decimal(str(target)),
                within=within,
                within_unit=measure.within_unit if within else "",
                owed_by=measure.owed_by,
                has_denominator=bool(measure.denominator.en),
                position=position,
            )
        )
    return ServiceMeasure.objects.bulk_create(rows)
