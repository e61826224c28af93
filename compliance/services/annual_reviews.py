"""The annual review of a system: started with what the records say, filled in, sent, authorised by the SRO, frozen."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role, User
from compliance import annual_review as form
from compliance import frozen
from compliance.models import ActionItem, AnnualReview, CameraSystem
from compliance.services.actions import Plan, Source, latest_due, plan_action
from compliance.services.fields import field_problems
from compliance.services.people import tell_holders
from compliance.services.signing import ContentChanged, signature_of
from compliance.services.systems import FINAL
from compliance.services.texts import checked_text
from core import trail
from core.dates import add_months, today
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken, StaleRecord

TEXT_LIMIT = 2000
ACTION_LIMIT = 900
COMMENTS_LIMIT = 4000
MOST_MONTHS = 24  # of a period
Status = AnnualReview.Status
HEADER = (
    "period_from",
    "period_until",
    "reviewed_on",
    "responsible_post",
    "contact",
    "authorising_post",
    "next_review_on",
)
REQUIRED = ("reviewed_on", "responsible_post", "authorising_post", "next_review_on")


def last_year(day: dt.date) -> tuple[dt.date, dt.date]:
    """The newest complete year from April to March (domain 11.26)."""
    start = dt.date(day.year - 1 if (day.month, day.day) >= (4, 1) else day.year - 2, 4, 1)
    return start, dt.date(start.year + 1, 3, 31)


@transaction.atomic
def start_review(*, system: CameraSystem, period: tuple[dt.date, dt.date], by: User) -> AnnualReview:
    """Begin one; header and lines are taken over from the last authorised one, without actions and dates.

    Raises IllegalMove for a system that is over, RuleBroken while another is open or for a period that is none.
    """
    if system.status in FINAL:
        raise IllegalMove(system, system.status)
    if problems := period_problems(*period):
        raise Incomplete(problems)
    last = AnnualReview.objects.filter(system=system, status=Status.AUTHORISED).order_by("-period_from").first()
    review = AnnualReview(
        system=system,
        period_from=period[0],
        period_until=period[1],
        responsible_post=(last.responsible_post if last else system.spoc_post)[:120],
        contact=last.contact if last else "",
        authorising_post=(last.authorising_post if last else system.sro_post)[:120],
        started_by=by,
    )
    review.figures = _figures(review)
    try:
        with transaction.atomic():
            review.save(force_insert=True)
    except IntegrityError as error:
        raise RuleBroken(
            _("An annual review of this system is open already. Finish or abandon that one first.")
        ) from error
    trail.record("started", review, by=by, after={"system": system.reference, "period": [str(day) for day in period]})
    return review


def period_problems(start: dt.date, end: dt.date) -> list[str]:
    """What is wrong with a period."""
    if not start < end <= add_months(start, MOST_MONTHS):
        return [_("The period must end after it begins, and be no longer than two years.")]
    if start > today():
        return [_("The period must have begun.")]
    return []


@transaction.atomic
def save_header(*, review: AnnualReview, values: Mapping[str, Any], version: int, by: User) -> None:
    """Write dates and posts of a draft that still has the `version` that was read. Raises Incomplete, IllegalMove,
    StaleRecord.
    """
    changed = {name: values[name] for name in HEADER if name in values and getattr(review, name) != values[name]}
    before = {name: getattr(review, name) for name in changed}
    for name, value in changed.items():
        setattr(review, name, value)
    problems = (
        field_problems(review) + period_problems(review.period_from, review.period_until) + _date_problems(review)
    )
    if problems:
        raise Incomplete(problems)
    if "period_from" in changed or "period_until" in changed:
        review.figures = _figures(review)
        _write(review, version, changed | {"figures": review.figures})
    else:
        _write(review, version, changed)
    if changed:
        trail.record("changed", review, by=by, before=_plain(before), after=_plain(changed))


def _figures(review: AnnualReview) -> dict[str, Any]:
    return {"as_of": today().isoformat(), "values": form.figures_of(review)}


@transaction.atomic
def take_figures(*, review: AnnualReview, by: User) -> None:
    """Take the figures beside the lines of a draft afresh from the records. Raises IllegalMove, StaleRecord."""
    before, review.figures = review.figures, _figures(review)
    _write(review, review.version, {"figures": review.figures})
    trail.record("changed", review, by=by, before={"figures": before}, after={"figures": review.figures})


def _date_problems(review: AnnualReview) -> list[str]:
    problems = []
    if review.reviewed_on and review.reviewed_on > today():
        problems.append(_("The date of the review must be today or earlier."))
    if review.reviewed_on and review.next_review_on and review.next_review_on <= review.reviewed_on:
        problems.append(_("The next review must be after this one."))
    return problems


@transaction.atomic
def save_lines(*, review: AnnualReview, items: Mapping[str, Mapping[str, str]], version: int, by: User) -> None:
    """Write the answers of some lines of a draft, by key; other lines stay. An empty line leaves nothing.

    Raises Incomplete, IllegalMove, StaleRecord.
    """
    cleaned = {key: _item(key, item) for key, item in items.items()}
    before = {key: form.item_of(review, key) for key in cleaned}
    changed = {key: item for key, item in cleaned.items() if item != before[key]}
    together = {**review.items, **cleaned}
    kept = {key: item for key, item in together.items() if any(item.values())}
    _write(review, version, {"items": kept} if changed else {})
    review.items = kept
    if changed:
        trail.record("changed", review, by=by, before={key: before[key] for key in changed}, after=changed)


def _item(key: str, item: Mapping[str, str]) -> dict[str, str]:
    """One line, checked."""
    line = form.BY_KEY[key]
    values = {
        "answer": item.get("answer", ""),
        "comment": checked_text(item.get("comment", ""), limit=TEXT_LIMIT),
        "action": checked_text(item.get("action", ""), limit=ACTION_LIMIT),
        "due_on": item.get("due_on", ""),
    }
    problems = []
    if values["answer"] and values["answer"] not in form.Answer.values:
        problems.append(_("Choose one of the answers shown: %(line)s") % {"line": line.requirement})
    due = parse_date(values["due_on"]) if values["due_on"] else None
    if values["due_on"] and (due is None or due > latest_due()):
        problems.append(_("The action must be due within five years: %(line)s") % {"line": line.requirement})
    if values["due_on"] and not values["action"]:
        problems.append(_("Say what is to be done by that date: %(line)s") % {"line": line.requirement})
    if problems:
        raise Incomplete(problems)
    return values


def _write(review: AnnualReview, version: int, changed: Mapping[str, Any]) -> None:
    """Compare and set, while it is a draft. Nothing changed, nothing is written."""
    if review.status != Status.DRAFT:
        raise IllegalMove(review, Status.DRAFT)
    rows = AnnualReview.objects.filter(pk=review.pk, version=version, status=Status.DRAFT)
    if not (rows.update(**changed, version=F("version") + 1) if changed else rows.exists()):
        raise StaleRecord(review)
    review.version = version + bool(changed)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items()}


def blockers(review: AnnualReview) -> list[Problem]:
    """What keeps it from being sent and authorised, each with the page where it is mended."""
    problems = []
    names = [str(review._meta.get_field(name).verbose_name) for name in REQUIRED if not getattr(review, name)]  # type: ignore[union-attr]
    if names:
        problems.append(
            Problem(
                _("Fill in: %(names)s.") % {"names": ", ".join(names)}, address("annual_review_edit", review, "header")
            )
        )
    if review.reviewed_on and review.period_until > review.reviewed_on:
        text = _("The period must not end after the date of the review.")
        problems.append(Problem(text, address("annual_review_edit", review, "header")))
    for line in form.LINES:
        item = form.item_of(review, line.key)
        page = address("annual_review_edit", review, line.section)
        if not item["answer"] and not item["comment"]:
            problems.append(Problem(_("Answer: %(line)s") % {"line": line.requirement}, page))
        elif item["action"] and not today() <= _due(review, item) <= latest_due():
            problems.append(
                Problem(_("The date of the action has passed: %(line)s") % {"line": line.requirement}, page)
            )
    return problems


def _due(review: AnnualReview, item: Mapping[str, str]) -> dt.date:
    """When an action of a line is due: as said, else at the next review."""
    return parse_date(item["due_on"]) or review.next_review_on or today()


def address(name: str, review: AnnualReview, *further: str) -> str:
    """The address of one of the pages of an annual review."""
    return reverse(f"compliance:{name}", args=[review.system.operator.slug, review.reference, *further])


@transaction.atomic
def send_review(*, review: AnnualReview, by: User) -> None:
    """Give a finished draft to the senior responsible officer, who is told. Raises Incomplete, IllegalMove."""
    _hold(review)
    if review.status != Status.DRAFT:
        raise IllegalMove(review, Status.READY)
    if problems := blockers(review):
        raise Incomplete(problems, _("The annual review is not complete yet."))
    review.move_to(Status.READY, by=by)
    tell_holders(
        Role.SRO,
        review.system.operator,
        subject=format_lazy(gettext_lazy("An annual review waits for you: {system}"), system=review.system.name),
        body=gettext_lazy("Read it as a whole, then authorise it or return it with comments."),
        url=address("annual_review_authorise", review),
    )


def _hold(review: AnnualReview) -> None:
    """Nobody else changes it until the transaction ends. One query."""
    review.refresh_from_db(from_queryset=AnnualReview.objects.select_for_update(no_key=True).filter(pk=review.pk))


@transaction.atomic
def return_review(*, review: AnnualReview, comments: str, by: User) -> None:
    """Back to draft, with what is to be changed; the SPOC is told. Raises Incomplete, IllegalMove."""
    comments = checked_text(comments, limit=COMMENTS_LIMIT)
    if review.status != Status.READY:
        raise IllegalMove(review, Status.DRAFT)
    if not comments:
        raise Incomplete([_("Say what should be changed before you authorise it.")])
    review.move_to(Status.DRAFT, by=by, note=comments)
    tell_holders(
        Role.SPOC,
        review.system.operator,
        subject=format_lazy(gettext_lazy("An annual review came back: {system}"), system=review.system.name),
        body=format_lazy(gettext_lazy("It was returned with these comments:\n\n{comments}"), comments=comments),
        url=address("annual_review", review),
    )


@transaction.atomic
def abandon_review(*, review: AnnualReview, by: User) -> None:
    """Give up a draft; what was written stays on record. Raises IllegalMove."""
    review.move_to(Status.ABANDONED, by=by)


@transaction.atomic
def authorise(
    *, review: AnnualReview, by: User, typed_name: str, post: str, password_checked: bool, read_sha256: str
) -> None:
    """Freeze the review as one text with one hash. Its further actions enter the action plan; an earlier one of the
    same period is replaced. Reviews of several years stand side by side.

    `read_sha256` is the hash of what was read: anything else is not authorised. Raises Incomplete, IllegalMove,
    ContentChanged, StaleRecord; then nothing is written.
    """
    typed_name, post = signature_of(typed_name, post, password_checked)
    _hold(review)
    if review.status != Status.READY:
        raise IllegalMove(review, Status.AUTHORISED)
    if problems := blockers(review):
        raise Incomplete(problems, _("The annual review is not complete any more. Return it with comments."))
    content = form.text_to_authorise(review)
    sha256 = frozen.digest(content)
    if read_sha256 != sha256:
        raise ContentChanged(review)
    review.content, review.sha256 = content, sha256
    review.typed_name, review.typed_post = typed_name, post
    review.authorised_by, review.authorised_at = by, timezone.now()
    review.save(update_fields=["content", "sha256", "typed_name", "typed_post", "authorised_by", "authorised_at"])
    review.move_to(Status.AUTHORISED, by=by)
    trail.record("signed", review, by=by, after={"sha256": sha256, "post": post}, personal={"typed_name": typed_name})
    for older in _of_same_period(review):
        older.move_to(Status.SUPERSEDED, by=by, note=review.reference)
    _plan_actions(review, by)


def _of_same_period(review: AnnualReview) -> list[AnnualReview]:
    older = AnnualReview.objects.filter(system=review.system_id, status=Status.AUTHORISED).exclude(pk=review.pk)
    overlapping = older.filter(period_from__lt=review.period_until, period_until__gt=review.period_from)
    return list(overlapping.select_related("system__operator"))


def _plan_actions(review: AnnualReview, by: User) -> None:
    for line in form.LINES:
        item = form.item_of(review, line.key)
        if item["action"]:
            plan_action(
                operator=review.system.operator,
                system=review.system,
                plan=Plan(item["action"], _due(review, item)),
                source=Source(ActionItem.Origin.REVIEW, review.reference),
                by=by,
            )
