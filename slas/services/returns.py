"""Returns: what a party reports for a period, how the other side agrees it or asks about it. Counts and times only."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from compliance.services.texts import checked_text
from core import trail
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken, StaleRecord
from slas import return_periods
from slas.models import (
    Agreement,
    AgreementParty,
    FootageUse,
    MeasureFigure,
    Outcome,
    OutcomeCount,
    PerformanceReturn,
    ReturnComment,
    ServiceMeasure,
    Side,
)
from slas.services.news import tell_party
from slas.signals import agreement_changed

Status = PerformanceReturn.Status
COMMENT_LIMIT, REMARK_LIMIT = 4000, 1000
LARGEST = 10_000_000
COUNTS = ("requests_standard", "requests_urgent", "sent_by_disc", "sent_by_link", "sent_into_police_system")


@dataclass(frozen=True)
class Figure:
    """A share as numerator of denominator, or a figure alone; a comment where it was not counted."""

    numerator: Decimal | None = None
    denominator: Decimal | None = None
    comment: str = ""


@dataclass(frozen=True)
class Given:
    """What a return says: figures by key of the measure, counts by name, outcomes by use and outcome."""

    figures: Mapping[str, Figure] = field(default_factory=dict)
    counts: Mapping[str, int | None] = field(default_factory=dict)
    outcomes: Mapping[tuple[str, str], int] | None = field(default_factory=dict)  # None: as they are
    comment: str | None = ""


def measures_of(agreement: Agreement, side: str) -> list[ServiceMeasure]:
    """Those that a side reports. One query."""
    return list(agreement.measures.filter(owed_by__in=(side, "both")))


@transaction.atomic
def begin_return(*, agreement: Agreement, party: AgreementParty, starts_on: dt.date, by: User) -> PerformanceReturn:
    """A draft of the party's return for the period that begins on that day; the one that there is, if there is one.

    Raises RuleBroken for a day on which no period begins that is over and in which the agreement was in force.
    """
    if agreement.status not in Agreement.COMPLETE:
        raise RuleBroken(_("Figures are returned once the agreement is signed by all."))
    ends = dict(return_periods.periods_of(agreement))
    if starts_on not in ends:
        raise RuleBroken(_("Choose a period that is over and in which the agreement was in force."))
    made, is_new = PerformanceReturn.objects.get_or_create(
        agreement=agreement,
        organisation=party.organisation,
        starts_on=starts_on,
        ends_on=ends[starts_on],
        defaults={"made_by": by},
    )
    if is_new:
        MeasureFigure.objects.bulk_create(
            MeasureFigure(performance_return=made, measure=measure) for measure in measures_of(agreement, party.side)
        )
        after = {"agreement": agreement.reference, "from": starts_on, "until": made.ends_on}
        trail.record("begun", made, by=by, after=after)
    return made


@transaction.atomic
def save_return(*, made: PerformanceReturn, party: AgreementParty, given: Given, by: User, version: int) -> None:
    """Write what the party fills in. Raises Incomplete with each figure that does not fit, StaleRecord, IllegalMove."""
    _own(made, party)
    _hold(made)
    if made.status not in (Status.DRAFT, Status.QUERIED):
        raise IllegalMove(made, Status.DRAFT)
    if made.version != version:
        raise StaleRecord(made)
    figures = {figure.measure.key: figure for figure in made.figures.select_related("measure")}
    problems = [problem for key, wanted in given.figures.items() if key in figures for problem in _judge(key, wanted)]
    problems += _judge_counts(given, party)
    if problems:
        raise Incomplete(problems)
    for key, wanted in given.figures.items():
        if (figure := figures.get(key)) is not None:
            figure.numerator, figure.denominator = wanted.numerator, wanted.denominator
            figure.comment = checked_text(wanted.comment, limit=REMARK_LIMIT)
    MeasureFigure.objects.bulk_update(figures.values(), ["numerator", "denominator", "comment"])
    for name in COUNTS:
        if name in given.counts:
            setattr(made, name, given.counts[name])
    if given.comment is not None:
        made.comment = checked_text(given.comment, limit=COMMENT_LIMIT)
    made.version += 1
    made.save(update_fields=[*COUNTS, "comment", "version"])
    if given.outcomes is not None:
        _write_outcomes(made, given.outcomes)
    trail.record("saved", made, by=by, after={"version": made.version, **_told(given)})


def _write_outcomes(made: PerformanceReturn, outcomes: Mapping[tuple[str, str], int]) -> None:
    made.outcomes.all().delete()
    OutcomeCount.objects.bulk_create(
        OutcomeCount(performance_return=made, use=use, outcome=outcome, number=number)
        for (use, outcome), number in outcomes.items()
        if number
    )


def _told(given: Given) -> dict[str, object]:
    figures = {key: [each.numerator, each.denominator] for key, each in given.figures.items()}
    outcomes = {f"{use}/{outcome}": number for (use, outcome), number in (given.outcomes or {}).items() if number}
    return {"figures": figures, "counts": dict(given.counts), "outcomes": outcomes}


def _judge(key: str, figure: Figure) -> list[Problem]:
    found = []
    for name, number in (("numerator", figure.numerator), ("denominator", figure.denominator)):
        if number is not None and not 0 <= number <= LARGEST:
            found.append(Problem(_("Enter a number that is not negative."), field=f"{key}_{name}"))
    both = figure.numerator is not None and figure.denominator is not None
    if both and figure.numerator > figure.denominator:  # type: ignore[operator]
        found.append(Problem(_("A part is not larger than its whole."), field=f"{key}_numerator"))
    return found


def _judge_counts(given: Given, party: AgreementParty) -> list[Problem]:
    found = [
        Problem(_("Enter a number that is not negative."), field=name)
        for name, number in given.counts.items()
        if number is not None and not 0 <= number <= LARGEST
    ]
    if given.outcomes and party.side != Side.POLICE:
        found.append(Problem(_("What footage led to is for the police to tell.")))
    told = given.outcomes or {}
    known = all(use in FootageUse.values and outcome in Outcome.values for use, outcome in told)
    if not known or any(not 0 <= number <= LARGEST for number in told.values()):
        found.append(Problem(_("Enter the outcomes as numbers that are not negative.")))
    return found


def lacks_of(made: PerformanceReturn) -> list[Problem]:
    """The figures that are neither given nor explained. One query."""
    found = []
    for figure in made.figures.select_related("measure"):
        is_given = figure.numerator is not None and (
            figure.denominator is not None or not figure.measure.has_denominator
        )
        if not is_given and not figure.comment:
            sentence = _("%(measure)s: give the figure, or say why it was not counted.")
            key = figure.measure.key
            found.append(Problem(sentence % {"measure": figure.measure.local_name}, field=f"{key}_numerator"))
    return found


@transaction.atomic
def submit(*, made: PerformanceReturn, party: AgreementParty, by: User) -> None:
    """Send it to the other side, which is told. Raises Incomplete with the figures that are missing, IllegalMove."""
    _own(made, party)
    _hold(made)
    if problems := lacks_of(made):
        raise Incomplete(problems)
    made.move_to(Status.SUBMITTED, by=by)
    made.sent_at = timezone.now()
    made.save(update_fields=["sent_at"])
    _tell_others(made, party, gettext_lazy("{who} returned its figures: {title}"), gettext_lazy("Agree them or ask."))


@transaction.atomic
def agree(
    *, made: PerformanceReturn, party: AgreementParty, by: User, comment: str = "", version: int | None = None
) -> None:
    """The other side agrees the figures: they count from now on, and are published where the agreement says so. What it
    says with that stands among the comments.

    Raises StaleRecord where they are not those of the `version` that was read, IllegalMove.
    """
    _other(made, party)
    _hold(made)
    _same(made, version)
    made.move_to(Status.AGREED, by=by)
    if comment.strip():
        comment_on(made=made, party=party, by=by, comment=comment)
    _tell_owner(made, party, gettext_lazy("{who} agreed your figures: {title}"))
    agreement_changed.send(sender=Agreement, agreement=made.agreement)


@transaction.atomic
def ask_about(
    *, made: PerformanceReturn, party: AgreementParty, by: User, comment: str, version: int | None = None
) -> None:
    """The other side asks about the figures, which go back. Raises Incomplete without a comment, StaleRecord,
    IllegalMove.
    """
    _other(made, party)
    _hold(made)
    _same(made, version)
    text = checked_text(comment, limit=REMARK_LIMIT * 2)
    if not text:
        raise Incomplete([Problem(_("Say what you ask about."), field="comment")])
    made.move_to(Status.QUERIED, by=by, note=text)
    ReturnComment.objects.create(
        performance_return=made, side=party.side, organisation=party.organisation, text=text, by=by
    )
    _tell_owner(made, party, gettext_lazy("{who} asks about your figures: {title}"))


@transaction.atomic
def comment_on(*, made: PerformanceReturn, party: AgreementParty, by: User, comment: str) -> None:
    """A comment for both sides to read. Raises Incomplete when it is empty."""
    text = checked_text(comment, limit=REMARK_LIMIT * 2)
    if not text:
        raise Incomplete([Problem(_("Write the comment."), field="comment")])
    made_comment = ReturnComment.objects.create(
        performance_return=made, side=party.side, organisation=party.organisation, text=text, by=by
    )
    trail.record("commented", made_comment, by=by, after={"return": made.reference})


def _hold(made: PerformanceReturn) -> None:
    held = PerformanceReturn.objects.select_for_update(no_key=True)
    made.refresh_from_db(fields=["status", "version"], from_queryset=held)


def _same(made: PerformanceReturn, version: int | None) -> None:
    if version is not None and made.version != version:
        raise StaleRecord(made)


def _own(made: PerformanceReturn, party: AgreementParty) -> None:
    if made.organisation_id != party.organisation_id:
        raise RuleBroken(_("Only who makes a return fills it in."))


def _other(made: PerformanceReturn, party: AgreementParty) -> None:
    """Raises RuleBroken unless the party stands on the other side than whoever made the return."""
    makers = made.agreement.party_of(made.organisation)
    if makers is None or makers.side == party.side:
        raise RuleBroken(_("The other side agrees the figures or asks about them."))


def _tell_others(made: PerformanceReturn, party: AgreementParty, subject: object, body: object) -> None:
    for other in made.agreement.parties.select_related("organisation").exclude(side=party.side):
        _tell(made, other, party, subject, body)


def _tell_owner(made: PerformanceReturn, party: AgreementParty, subject: object) -> None:
    owner = made.agreement.parties.select_related("organisation").get(organisation=made.organisation)
    _tell(made, owner, party, subject, gettext_lazy("Look at the return."))


def _tell(made: PerformanceReturn, to: AgreementParty, by: AgreementParty, subject: object, body: object) -> None:
    to.agreement = made.agreement
    names = {"who": by.organisation.name, "title": made.agreement.title}
    tell_party(to, subject=format_lazy(subject, **names), body=body, page="returns")  # type: ignore[arg-type]
