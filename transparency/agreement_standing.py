"""What a published agreement is worth today, in words: from the dates that were published. Always live, never baked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.errors import Text
from slas.models import IN_FORCE, Agreement, Standing
from slas.stages import COLOURS

PUBLIC = tuple(standing for standing in Standing if standing != Standing.OPEN)
# The look of the panel: those of certificates that mean the same
LOOKS: Mapping[Standing, str] = {
    Standing.IN_FORCE: "valid",
    Standing.REVIEW_DUE: "review_due",
    Standing.EXPIRING: "review_due",
    Standing.NOTICE_GIVEN: "review_due",
    Standing.NOT_YET: "not_yet",
    Standing.EXPIRED: "expired",
    Standing.REPLACED: "replaced",
    Standing.TERMINATED: "withdrawn",
}
SENTENCES: Mapping[Standing, Text] = {
    Standing.IN_FORCE: _("The agreement is in force today."),
    Standing.REVIEW_DUE: _("The agreement is in force. The day on which the parties were to review it has passed."),
    Standing.EXPIRING: _("The agreement is in force. Its last day is %(last)s."),
    Standing.NOTICE_GIVEN: _("The agreement is in force. Notice was given: its last day is %(early)s."),
    Standing.NOT_YET: _("The agreement is signed and comes into force on %(first)s."),
    Standing.EXPIRED: _("The agreement is not in force any more. Its last day was %(last)s."),
    Standing.REPLACED: _("The agreement is not in force any more. Another one took its place on %(replaced)s."),
    Standing.TERMINATED: _(
        "The agreement is not in force any more. It was ended by notice: its last day was %(early)s."
    ),
}
DAYS = ("starts_on", "ends_on", "review_on", "replaced_from", "ends_early_on")


def day_of(text: str | None) -> date | None:
    """A frozen ISO date. (The pages stand on this module: it takes nothing from them.)"""
    return date.fromisoformat(text) if text else None


@dataclass(frozen=True)
class Worth:
    """The standing of one agreement on one day: key, look of the panel, word, sentence, colour of the tag."""

    key: str
    look: str
    word: str
    sentence: str
    colour: str
    on: date


def standing_of(summary: Mapping[str, Any], on: date) -> Standing:
    """By the rule of the agreement itself, from what was published. No query."""
    days = {name: day_of(summary[name]) for name in DAYS}
    return Agreement(status=summary["status"], **days).standing(on)


def under_agreement(summaries: Iterable[Mapping[str, Any]], on: date) -> set[str]:
    """References of the systems that agreements in force on that day name, by what was published. No query."""
    return {
        reference for summary in summaries if standing_of(summary, on) in IN_FORCE for reference in summary["systems"]
    }


def worth(summary: Mapping[str, Any], on: date) -> Worth:
    """What it is worth on that day, in the language of the page, from the summary of its publication. No query."""
    standing = standing_of(summary, on)
    days = {
        name: date_format(day, "j F Y") if (day := day_of(summary[field])) else ""
        for name, field in (
            ("first", "starts_on"),
            ("last", "ends_on"),
            ("early", "ends_early_on"),
            ("replaced", "replaced_from"),
        )
    }
    return Worth(
        key=standing.value,
        look=LOOKS[standing],
        word=capfirst(str(standing.label)),
        sentence=str(SENTENCES[standing]) % days,
        colour=COLOURS[standing],
        on=on,
    )
