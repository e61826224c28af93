"""What a desktop auditor opens first, looked at before it is sent: documents, then what each principle usually lacks.

Computed from the signed self-assessments and the records as they stand now (domain 2 and 4.3, in own words). It says
what is there, what to look at and what is missing, with the reason and the page that mends it; it never scores.
"""

from certification.models import Application
from certification.readiness.checks import Check, State
from certification.readiness.documents import documents_of
from certification.readiness.records import records_of
from certification.readiness.shortfalls import RULES

__all__ = ["Check", "State", "readiness_of"]


def readiness_of(application: Application) -> tuple[list[Check], dict[int, list[Check]]]:
    """The documents, and under each principle what auditors usually miss there. Three queries if systems (with their
    technologies) and documents are loaded.
    """
    records = records_of(application)
    return documents_of(records), {number: list(rule(records)) for number, rule in RULES.items()}
