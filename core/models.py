"""The tables of this app, gathered where Django looks for them."""

from core.jobs import Job
from core.trail import Seal, TrailEntry

__all__ = ["Job", "Seal", "TrailEntry"]
