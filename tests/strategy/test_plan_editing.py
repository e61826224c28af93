"""A national body writes a strategy of its own: drafted part by part, published, changed; and says who leads."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Kind, Role
from core.dates import today
from strategy.models import Deliverable, Holder, MeasureReading, Strategy
from strategy.services import plan_editing as services
from strategy.services.readings import take_readings
from strategy.services.strategies import Outcome, load_strategy
from tests.factories.accounts import OrganisationFactory, member

pytestmark = pytest.mark.django_db
SHIPPED = Path(settings.BASE_DIR) / "strategy" / "data"
WORDS = {
    "name": "Plan of towns", "name_cy": "Cynllun trefi", "owner": "A board", "owner_cy": "Bwrdd",
    "summary": "What towns do.", "summary_cy": "Yr hyn a wna trefi.", "as_of": "2026", "source": "Paper 3, paragraph 2",
}  # fmt: skip
OBJECTIVE = {"number": "1", "statement": "Towns tell.", "statement_cy": "Mae trefi yn dweud.", "strand": ""}
PROMISE = {
    "number": "1.1", "text": "All have a page", "text_cy": "Tudalen i bawb", "success_measure": "All do.",
    "success_measure_cy": "Pawb.", "contribution": "", "contribution_cy": "", "measure": "information_published",
    "target_percent": "80", "target_on_day": "31", "target_on_month": "3", "target_on_year": "2028",
}  # fmt: skip


@pytest.fixture
def body():
    return OrganisationFactory(kind=Kind.NATIONAL_BODY)


@pytest.fixture
def administrator(body):
    found = Client()
    found.force_login(member(body, Role.ADMINISTRATOR))
    return found


def at(body, name: str, *more: str) -> str:
    return reverse(f"national:{name}", args=[body.slug, *more])


def seen() -> str:
    return Strategy.objects.get(key="plan-of-towns").sha256


@pytest.fixture
def drafted(administrator, body):
    """A draft with one strand, one objective and one deliverable, written on the pages."""
    key = "plan-of-towns"
    assert administrator.post(at(body, "plan_new"), WORDS).url == at(body, "plan_edit", key)
    strand = {"name": "Towns", "name_cy": "Trefi", "seen": seen()}
    assert administrator.post(at(body, "plan_strand_new", key), strand).status_code == 302
    objective = {**OBJECTIVE, "strand": "towns", "seen": seen()}
    assert administrator.post(at(body, "plan_objective_new", key), objective).status_code == 302
    promise = {**PROMISE, "seen": seen()}
    assert administrator.post(at(body, "plan_deliverable_new", key, "1"), promise).status_code == 302
    return Strategy.objects.get(key=key)


def test_a_draft_is_read_and_counted_by_nobody_else_until_it_is_published(administrator, body, drafted):
    public = Client()
    pages = ["/strategy/plan-of-towns/", "/strategy/plan-of-towns/1.1/", "/strategy/plan-of-towns/plan.json"]
    assert {public.get(page).status_code for page in pages} == {404}
    assert "Plan of towns" not in public.get("/strategy/").content.decode()
    other = OrganisationFactory(kind=Kind.NATIONAL_BODY)
    elsewhere = Client()
    elsewhere.force_login(member(other, Role.ADMINISTRATOR))
    assert elsewhere.get(at(other, "plan_edit", drafted.key)).status_code == 404
    assert elsewhere.get(at(other, "plan_file", drafted.key)).status_code == 404
    assert "Plan of towns" not in elsewhere.get(at(other, "plans")).content.decode()
    assert "Plan of towns" in administrator.get(at(body, "plans")).content.decode()
    assert take_readings(today()) == []
    published = administrator.post(at(body, "plan_publish", drafted.key), {"seen": seen()}, follow=True)
    assert "Published. Everybody reads it" in published.content.decode()
    assert {public.get(page).status_code for page in pages} == {200}
    assert "Plan of towns" in public.get("/strategy/").content.decode()
    assert "Cynllun trefi" in public.get("/cy/strategy/").content.decode()
    assert [reading.measure for reading in take_readings(today())] == ["information_published"]
    made = Deliverable.objects.get(objective__strategy=drafted)
    assert (made.number, made.target_percent, made.objective.strand.key) == ("1.1", 80, "towns")


def test_a_plan_without_a_deliverable_is_not_published(administrator, body):
    administrator.post(at(body, "plan_new"), WORDS)
    refused = administrator.post(at(body, "plan_publish", "plan-of-towns"), {"seen": seen()}, follow=True)
    assert "The plan has no deliverable yet." in refused.content.decode()
    assert Strategy.objects.get().is_draft


def test_words_change_and_what_somebody_else_changed_meanwhile_is_not_lost(administrator, body, drafted):
    before = seen()
    change = at(body, "plan_deliverable", drafted.key, "1.1")
    first = {**PROMISE, "text": "All towns have a page", "seen": before}
    assert administrator.post(change, first).status_code == 302
    second = administrator.post(change, {**PROMISE, "text": "Each town has one", "seen": before})
    assert second.status_code == 409
    page = second.content.decode()
    assert "Each town has one" in page
    assert seen() in page
    assert Deliverable.objects.get().text == "All towns have a page"


@pytest.mark.parametrize(
    ("where", "facts", "sentence"),
    [
        (("plan_new",), WORDS, "Another strategy has this name."),
        (("plan_new",), {**WORDS, "name": "!!!"}, "Give it a name with letters."),
        (("plan_new",), {**WORDS, "name": ""}, "Enter an answer: Name"),
        (("plan_strand_new", "plan-of-towns"), {"name": "Towns", "name_cy": "Trefi"}, "Another strand has this name."),
        (("plan_objective_new", "plan-of-towns"), OBJECTIVE, "Another objective has this number."),
        (("plan_deliverable_new", "plan-of-towns", "1"), PROMISE, "Another deliverable has this number."),
        (("plan_deliverable_new", "plan-of-towns", "1"), {**PROMISE, "number": "2.1"}, "The number begins with 1.."),
        (("plan_deliverable_new", "plan-of-towns", "1"), {**PROMISE, "measure": ""}, "needs a measure that counts it."),
        (("plan_deliverable_new", "plan-of-towns", "1"), {**PROMISE, "target_percent": "120"}, "100"),
        (
            ("plan_deliverable_new", "plan-of-towns", "1"),
            {**PROMISE, "contribution": "Trust"},
            "Write it in Welsh, too",
        ),
    ],
)
def test_what_is_refused_stands_on_the_form_with_what_was_typed(administrator, drafted, where, facts, sentence):
    name, *parts = where
    before = Strategy.objects.count(), seen()
    answer = administrator.post(at(drafted.organisation, name, *parts), {**facts, "seen": seen()})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert (Strategy.objects.count(), seen()) == before


def test_parts_are_taken_out_but_not_what_was_counted(administrator, body, drafted):
    take_out = at(body, "plan_take_out", drafted.key)
    services.publish_strategy(strategy=drafted, seen=seen(), by=None)
    take_readings(today())
    sent = {"kind": "deliverable", "name": "1.1", "seen": seen()}
    refused = administrator.post(take_out, sent, follow=True).content.decode()
    assert "Deliverable 1.1 was counted or reported on: it cannot vanish from the plan." in refused
    assert (
        "cannot vanish"
        in administrator.post(take_out, {**sent, "kind": "objective", "name": "1"}, follow=True).content.decode()
    )
    assert Deliverable.objects.count() == MeasureReading.objects.count() == 1
    administrator.post(take_out, {**sent, "kind": "strand", "name": "towns"})
    assert not drafted.strands.exists()
    promise = {**PROMISE, "number": "1.2", "seen": seen()}
    administrator.post(at(body, "plan_deliverable_new", drafted.key, "1"), promise)
    administrator.post(take_out, {"kind": "deliverable", "name": "1.2", "seen": seen()})
    assert list(Deliverable.objects.values_list("number", flat=True)) == ["1.1"]


@pytest.mark.parametrize("name", ["surveillance-camera-2020", "continuation-2026", "cctv-2007"])
def test_what_comes_with_the_portal_is_changed_by_a_release_alone_and_reads_back_as_its_file(administrator, body, name):
    text = (SHIPPED / f"{name}.yaml").read_text()
    made = load_strategy(text=text, by=None).strategy
    assert load_strategy(text=services.file_of(made), by=None).outcome == Outcome.UNCHANGED
    assert administrator.get(at(body, "plan_words", made.key)).status_code == 404
    sent = {"kind": "strand", "name": "", "seen": made.sha256}
    assert administrator.post(at(body, "plan_take_out", made.key), sent).status_code == 404
    page = administrator.get(at(body, "plan_edit", made.key)).content.decode()
    assert "Its words change with a release of the portal" in page
    assert administrator.get(at(body, "plan_file", made.key)).getvalue().decode().startswith(f"key: {name}")


def test_a_lead_named_on_a_page_outlasts_the_next_release(administrator, body):
    text = (SHIPPED / "surveillance-camera-2020.yaml").read_text()
    plan = load_strategy(text=text, by=None).strategy
    strand = plan.strands.get()
    address = at(body, "plan_lead", plan.key, strand.key)
    assert administrator.post(address, {"name": "", "body": "", "as_of": ""}).status_code == 422
    named = {"name": "Head of Partnerships", "body": "A board", "as_of": "24 November 2026"}
    assert administrator.post(address, named).status_code == 302
    assert [each.as_of for each in strand.holders.all()] == ["24 November 2026", "2020", "2016"]
    public = Client().get(f"/strategy/{plan.key}/").content.decode()
    assert "Head of Partnerships, A board (as of 24 November 2026)" in public
    load_strategy(text=text.replace("of 2020", "of the year 2020"), by=None)
    assert strand.holders.all()[0].name == "Head of Partnerships"
    last = strand.holders.last()
    assert administrator.post(at(body, "plan_lead_remove", plan.key, last.pk)).status_code == 302
    assert not Holder.objects.filter(pk=last.pk).exists()


@pytest.mark.parametrize("number", [1, 3])
def test_pages_ask_a_fixed_number_of_times(django_assert_num_queries, administrator, body, drafted, number):
    for place in range(2, number + 2):
        objective = {"statement": "S", "statement_cy": "S", "number": str(place), "strand": "towns"}
        services.keep_objective(strategy=drafted, number="", facts=objective, seen=seen(), by=None)
        services.name_lead(strand=drafted.strands.get(), name=f"Lead {place}", body="", as_of="2026", by=None)
    for address, queries in ((at(body, "plan_edit", drafted.key), 9), (at(body, "plans"), 7)):
        administrator.get(address)
        with django_assert_num_queries(queries):
            page = administrator.get(address).content.decode()
        assert re.search("Plan of towns", page)
