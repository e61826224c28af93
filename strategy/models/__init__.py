"""The records of the national picture."""

from strategy.models.declaration import NoSystemDeclaration
from strategy.models.plan import (
    ArchiveDocument,
    Deliverable,
    DeliverableChange,
    DeliverableReport,
    Holder,
    Objective,
    Recommendation,
    Strand,
    Strategy,
)
from strategy.models.reading import MeasureReading, ReadingDetail
from strategy.models.spoc import SpocConfirmation, SpocEntry, SpocPublication

__all__ = [
    "ArchiveDocument",
    "Deliverable",
    "DeliverableChange",
    "DeliverableReport",
    "Holder",
    "MeasureReading",
    "NoSystemDeclaration",
    "Objective",
    "ReadingDetail",
    "Recommendation",
    "SpocConfirmation",
    "SpocEntry",
    "SpocPublication",
    "Strand",
    "Strategy",
]
