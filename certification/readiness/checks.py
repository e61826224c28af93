"""One thing that an auditor looks for, and how it stands."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.errors import Text


class State(models.TextChoices):
    """How a thing stands, in words; never a score."""

    THERE = "there", _("There")
    LOOK = "look", _("Look at this")
    MISSING = "missing", _("Missing")
    NOT_ASKED = "not_asked", _("Does not apply")


COLOURS = {State.THERE: "green", State.LOOK: "yellow", State.MISSING: "red", State.NOT_ASKED: "grey"}


@dataclass(frozen=True)
class Check:
    """What is looked for, how it stands in one sentence, why auditors ask, and where it is mended ('' where nothing
    is to be done); `action` are the words of that link.
    """

    title: Text
    state: State
    sentence: Text
    why: Text
    url: str = ""
    action: Text = ""

    @property
    def colour(self) -> str:
        return COLOURS[self.state]
