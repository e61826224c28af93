"""The annual review of a system: filled in, sent, authorised and frozen; its actions enter the action plan."""

import datetime as dt
import json
from typing import Any

import pytest

from accounts.models import Notification, Role
from compliance import annual_review as layout
from compliance.models import ActionItem, AnnualReview, StatisticFigure
from compliance.services import annual_reviews as services
from compliance.services.signing import ContentChanged
from core.dates import add_months, today
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from tests.factories.accounts import member
from tests.factories.cameras import AnnualReviewFactory, PeriodStatisticsFactory
from tests.factories.compliance import CameraFactory, CameraSystemFactory
from tests.selection import SHARED_DATA

pytestmark = pytest.mark.django_db

PERIOD = (dt.date(2025, 4, 1), dt.date(2026, 3, 31))
TUNBRIDGE_WELLS = SHARED_DATA / "documents" / "annual_review_tunbridge_wells_2021.json"
# The lines of that form, by their numbers there
LINES = ("purpose", "complaints", "locations", "developments", "maintenance", "signs", "code_of_practice")


def header(**different: Any) -> dict[str, Any]:
    values = {
        "reviewed_on": today(),
        "responsible_post": "CCTV manager",
        "authorising_post": "Director of Communities",
        "next_review_on": add_months(today(), 12),
    }
    return {**values, **different}


def item(**different: str) -> dict[str, str]:
    return {"answer": "yes", "comment": "As last year.", "action": "", "due_on": "", **different}


def finished(system: Any = None, **lines: dict[str, str]) -> AnnualReview:
    """A draft that can be sent."""
    system = system or CameraSystemFactory()
    by = member(system.operator, Role.SCHEME_MANAGER)
    review = services.start_review(system=system, period=PERIOD, by=by)
    services.save_header(review=review, values=header(), version=review.version, by=by)
    items = {line.key: lines.get(line.key, item()) for line in layout.LINES}
    services.save_lines(review=review, items=items, version=review.version, by=by)
    return review


def sent(**lines: dict[str, str]) -> AnnualReview:
    review = finished(**lines)
    services.send_review(review=review, by=member(review.system.operator, Role.SPOC))
    return review


def authorise(review: AnnualReview, read: str | None = None) -> None:
    services.authorise(
        review=review,
        by=member(review.system.operator, Role.SRO),
        typed_name="Sam Officer",
        post="Director of Communities",
        password_checked=True,
        read_sha256=services.frozen.digest(layout.text_to_authorise(review)) if read is None else read,
    )


def test_it_begins_with_what_the_records_say():
    system = CameraSystemFactory()
    CameraFactory.create_batch(2, system=system)
    year = PeriodStatisticsFactory(system=system)
    before = PeriodStatisticsFactory(system=system, starts_on=dt.date(2024, 4, 1), ends_on=dt.date(2025, 3, 31))
    StatisticFigure.objects.create(period=year, measure="incidents", value=955)
    StatisticFigure.objects.create(period=year, measure="incidents", value=3, area="Central")
    StatisticFigure.objects.create(period=before, measure="incidents", value=1001)
    review = services.start_review(system=system, period=PERIOD, by=member(system.operator, Role.SPOC))
    figures = {key: layout.figure_of(review, key) for key in ("incidents", "cameras_in_use", "complaints")}
    assert [(f["label"], f["value"], f["last"], f["counted"]) for f in figures.values()] == [
        ("Incidents recorded", "955", "1,001", False),
        ("Cameras in use", "2", None, True),
        ("Complaints", None, None, False),
    ]
    assert (review.authorising_post, review.figures["as_of"]) == (system.sro_post, today().isoformat())


def test_one_is_open_at_a_time_and_a_period_must_make_sense():
    review = finished()
    by = member(review.system.operator, Role.SPOC)
    with pytest.raises(RuleBroken, match="open already"):
        services.start_review(system=review.system, period=PERIOD, by=by)
    with pytest.raises(Incomplete):
        services.start_review(system=CameraSystemFactory(), period=(PERIOD[1], PERIOD[0]), by=by)


def test_what_is_missing_is_listed_with_the_page_that_mends_it():
    system = CameraSystemFactory(sro_post="", spoc_post="")
    by = member(system.operator, Role.SPOC)
    review = services.start_review(system=system, period=PERIOD, by=by)
    past = (today() - dt.timedelta(days=1)).isoformat()
    items = {line.key: item() for line in layout.LINES if line.key != "sia"}
    items["signs"] = item(action="New signs", due_on=past)
    services.save_lines(review=review, items=items, version=review.version, by=by)
    with pytest.raises(Incomplete) as refusal:
        services.send_review(review=review, by=by)
    found = [(str(problem.text), problem.url.rsplit("/", 2)[-2]) for problem in refusal.value.problems]
    assert found == [
        (
            "Fill in: date of review, responsible officer, by post, authorising officer, by post, next review date.",
            "header",
        ),
        ("The date of the action has passed: Are there enough signs, and are they right?", "operational"),
        ("Answer: Do all operators who need one hold a licence for public space surveillance?", "service"),
    ]


def test_two_people_at_once_do_not_overwrite_each_other():
    review = finished()
    by = member(review.system.operator, Role.CONTRIBUTOR)
    stale = AnnualReview.objects.get(pk=review.pk)
    services.save_lines(review=review, items={"cost": item(comment="£ 80,000")}, version=review.version, by=by)
    with pytest.raises(StaleRecord):
        services.save_lines(review=stale, items={"cost": item(comment="Mine")}, version=stale.version, by=by)
    review.refresh_from_db()
    assert review.items["cost"]["comment"] == "£ 80,000"


def test_authorised_it_is_frozen_and_its_actions_enter_the_action_plan():
    due = add_months(today(), 3)
    review = sent(
        maintenance=item(action="Cleaning every 6 months"), signs=item(action="New signs", due_on=due.isoformat())
    )
    assert Notification.objects.count() == 0  # nobody is SRO yet
    authorise(review)
    review.refresh_from_db()
    assert (review.status, review.typed_name, services.frozen.digest(review.content)) == (
        "authorised",
        "Sam Officer",
        review.sha256,
    )
    planned = ActionItem.objects.order_by("due_on").values_list("description", "due_on", "origin", "origin_reference")
    assert list(planned) == [
        ("New signs", due, "review", review.reference),
        ("Cleaning every 6 months", add_months(today(), 12), "review", review.reference),
    ]
    with pytest.raises(IllegalMove):
        services.save_lines(review=review, items={"cost": item()}, version=review.version, by=review.authorised_by)


def test_what_was_not_read_is_not_authorised():
    review = sent()
    with pytest.raises(ContentChanged):
        authorise(review, read="0" * 64)
    review.refresh_from_db()
    assert (review.status, review.content, ActionItem.objects.exists()) == ("ready", "", False)


def test_returned_it_is_a_draft_again_and_the_spoc_is_told():
    review = sent()
    spoc = member(review.system.operator, Role.SPOC)
    with pytest.raises(Incomplete):
        services.return_review(review=review, comments=" ", by=spoc)
    services.return_review(review=review, comments="Say more about the signs.", by=spoc)
    assert (review.status, Notification.objects.filter(user=spoc).count()) == ("draft", 1)


def test_another_of_the_same_period_replaces_it_and_other_years_stay():
    first = sent()
    authorise(first)
    last_year = AnnualReviewFactory(
        system=first.system, status="authorised", period_from=dt.date(2024, 4, 1), period_until=dt.date(2025, 3, 31)
    )
    second = finished(first.system)
    services.send_review(review=second, by=member(first.system.operator, Role.SPOC))
    authorise(second)
    statuses = dict(AnnualReview.objects.values_list("pk", "status"))
    assert [statuses[review.pk] for review in (first, last_year, second)] == ["superseded", "authorised", "authorised"]


def items_of(document: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The lines of the council's form as this one writes them."""
    found = {}
    for key, line in zip(LINES, document["items"], strict=True):
        answer, _rest, _more = line["answer"].partition(" ")
        comment = line["comment"] if answer == line["answer"] else f"{line['answer'].capitalize()}. {line['comment']}"
        found[key] = item(answer=answer, comment=comment, action=line["action"] or "")
    return found


@pytest.mark.shared_data
def test_a_councils_real_review_can_be_written_with_it():
    document = json.loads(TUNBRIDGE_WELLS.read_text("utf-8"))
    start, end = (dt.date.fromisoformat(day) for day in document["period"].split("/"))
    system = CameraSystemFactory()
    by = member(system.operator, Role.SPOC)
    review = services.start_review(system=system, period=(start, end), by=by)
    values = {"reviewed_on": dt.date.fromisoformat(document["review_date"]), "next_review_on": dt.date(2022, 5, 11)}
    values |= {"responsible_post": document["responsible_role"]}
    services.save_header(review=review, values=values, version=review.version, by=by)
    services.save_lines(review=review, items=items_of(document), version=review.version, by=by)
    [operational, *_others] = layout.content_of(review)["sections"]
    assert [line["answer"] for line in operational["lines"]] == ["yes", "none", "yes", "none", "yes", "yes", "yes"]
    assert operational["lines"][3]["comment"].startswith("None at present. CCTV manager works closely")
    assert [line["action"] for line in operational["lines"]] == [line["action"] or "" for line in document["items"]]
