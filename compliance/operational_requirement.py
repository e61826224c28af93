"""The questions of an operational requirement, as data: what a camera must show, of what, when and for whom.

Level 1 states the need and could end without a camera; level 2 says what a camera must do (domain 4.8, after the Home
Office manual and the Passport to Compliance; the words are the portal's own). Answers are kept by key.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.errors import Text

ANSWER_LIMIT = 4000


@dataclass(frozen=True)
class Asked:
    """One question of a requirement. One with `choices` takes the key of one of them; without `needed` it may stay
    empty.
    """

    key: str
    label: Text
    help: Text = ""
    choices: tuple[tuple[str, Text], ...] = ()
    needed: bool = True


@dataclass(frozen=True)
class RequirementPart:
    """What is asked on one page."""

    key: str
    level: int  # 1 or 2
    title: Text
    asked: tuple[Asked, ...]

    @property
    def store(self) -> str:
        """The field of the record that keeps the answers."""
        return f"level_{self.level}"


# What an operator is to make out; the figures of each class stand with the commissioning tests.
PICTURE_CLASSES: tuple[tuple[str, Text], ...] = (
    ("monitor", _("Monitor: see how many people there are and where they go")),
    ("detect", _("Detect: see whether somebody is there")),
    ("observe", _("Observe: see what somebody does and wears")),
    ("recognise", _("Recognise: know again somebody who is known")),
    ("identify", _("Identify: make out who a stranger is")),
    ("inspect", _("Inspect: read a number plate or a small mark")),
)

PARTS: tuple[RequirementPart, ...] = (
    RequirementPart(
        "place",
        1,
        _("The place"),
        (
            Asked(
                "site",
                _("Which place is it about?"),
                _("Describe it as on a plan: streets, entrances, lighting, what stands around, who comes there when."),
            ),
        ),
    ),
    RequirementPart(
        "problem",
        1,
        _("The problem"),
        (
            Asked(
                "problem",
                _("What happens there that must stop or be dealt with?"),
                _("Name what, where exactly, at which times, how often, since when, and how that is known."),
            ),
        ),
    ),
    RequirementPart(
        "people",
        1,
        _("The people"),
        (
            Asked(
                "stakeholders",
                _("Whom does it concern, and who has a say?"),
                _("Residents, traders, schools, police, services of the council, whoever owns the wall or the pole."),
            ),
        ),
    ),
    RequirementPart(
        "risk",
        1,
        _("The risk"),
        (
            Asked(
                "risk",
                _("How likely is it to go on, and how bad is it when it happens?"),
                _("Say what harm is done, to whom, and what happens if nothing is done."),
            ),
        ),
    ),
    RequirementPart(
        "success",
        1,
        _("Success"),
        (
            Asked(
                "success",
                _("How will you know that it worked?"),
                _("A figure that can be counted before and after, such as recorded incidents in six months."),
            ),
        ),
    ),
    RequirementPart(
        "solution",
        1,
        _("The solution"),
        (
            Asked(
                "options",
                _("What else was considered, and why is it not enough?"),
                _("Lighting, locks, patrols, design of the place, youth work. A camera comes last, not first."),
            ),
            Asked("camera_part", _("What is the camera to add to the rest?")),
        ),
    ),
    RequirementPart(
        "view",
        2,
        _("What it must show"),
        (
            Asked(
                "location", _("Which part of the place must be in view?"), _("And what must not be, such as windows.")
            ),
            Asked("activity", _("Which activity is to be seen there?")),
            Asked(
                "picture_class",
                _("What must the picture let somebody do?"),
                _("Choose the least that serves the purpose."),
                choices=PICTURE_CLASSES,
            ),
            Asked(
                "target_speed",
                _("How fast does the target move?"),
                _("For example: people on foot, cyclists, cars at 20 miles an hour."),
            ),
        ),
    ),
    RequirementPart(
        "watching",
        2,
        _("Who watches and what follows"),
        (
            Asked("who_watches", _("Who watches, when and where?"), _("“Nobody, it is recorded only” is an answer.")),
            Asked("response", _("What is done when something is seen?"), _("Who is called, by which way, how soon.")),
            Asked("alerts", _("Which alerts are there?"), _("For example analytics or a help point."), needed=False),
        ),
    ),
    RequirementPart(
        "recording",
        2,
        _("Display, recording and export"),
        (
            Asked("displays", _("Where is the picture shown?"), needed=False),
            Asked("recording", _("How is it recorded, and how long is it kept?"), _("With a reason for so long.")),
            Asked("export", _("How are pictures handed over as evidence?")),
        ),
    ),
    RequirementPart(
        "limits",
        2,
        _("Limits"),
        (
            Asked(
                "constraints",
                _("What limits it on site?"),
                _("Power, connection, trees, light, height, listed buildings."),
            ),
            Asked("legal", _("Which law and which permissions matter?"), _("Planning, privacy, who owns the mount.")),
            Asked("maintenance", _("Who looks after it, and how often?")),
            Asked("resources", _("What does it take in money and people, now and every year?")),
        ),
    ),
)
PART_OF: Mapping[str, RequirementPart] = {part.key: part for part in PARTS}

Levels = tuple[Mapping[str, str], Mapping[str, str]]


def answers_of(part: RequirementPart, levels: Levels) -> Mapping[str, str]:
    """The answers to a part by key, out of both levels; those that are not there are missing."""
    stored = levels[part.level - 1]
    return {asked.key: stored[asked.key] for asked in part.asked if stored.get(asked.key)}


def lacks(part: RequirementPart, levels: Levels) -> bool:
    """Whether something that is needed is not answered yet."""
    given = answers_of(part, levels)
    return any(asked.needed and asked.key not in given for asked in part.asked)


def unanswered(levels: Levels) -> Iterator[RequirementPart]:
    """The parts that lack something, in order."""
    return (part for part in PARTS if lacks(part, levels))


def in_words(asked: Asked, value: str) -> str:
    """An answer as people read it."""
    return str(dict(asked.choices).get(value, value))
