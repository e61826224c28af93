"""Who may do what in this app, part by part; each module registers its rules when it is imported."""

from compliance.permissions import assessments, cameras, consultations, finder, justification, reviews, upkeep  # noqa: F401
