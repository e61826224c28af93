"""Who may do what in this app, part by part; each module registers its rules when it is imported."""

from compliance.permissions import (  # noqa: F401
    assessments,
    cameras,
    consultations,
    dpias,
    estate,
    finder,
    justification,
    reviews,
    statistics,
    upkeep,
)
