"""What this app plugs into the sockets of `core.registry`, part by part, when it is imported."""

from compliance.sockets import assessments, cameras, consultations, dpias, justification, reviews, upkeep  # noqa: F401
