"""What this app plugs into the sockets of `core.registry`, part by part, when it is imported."""

from compliance.sockets import (  # noqa: F401
    assessments,
    cameras,
    consultations,
    dpias,
    estate,
    finder,
    imports,
    justification,
    packs,
    reviews,
    statistics,
    upkeep,
)
