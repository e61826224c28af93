"""A national consultation from draft to outcome with 500 answers, in real Chromium: with JavaScript, then without.

The secretary drafts it with questions and a document and opens it. People answer in English and Welsh in the browser,
an organisation brings a file, programs send the same form, and the rest goes by the service behind it. Every answer is
read, one is set aside, one has a passage withheld; the outcome says what changes.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from ccp_portal.demonstration import PASSWORD
from core.dates import today
from tests.factories.compliance import PDF
from tests.journeys.person import Person
from tests.processes import RunningPortal, running_portal

pytestmark = [pytest.mark.browser, pytest.mark.process]

BODY, SECRETARY = "national-public-space-cameras-board", "secretary@camerasboard.example"
INSIDE = f"/workspace/{BODY}/have-your-say/"
ALL, BY_FORM = 500, 6
# Of the service's answers every third is of an organisation; every answer chooses one of three options in turn.
BY_SERVICE = """
from strategy.models import NationalConsultation
from strategy.services.consultation_responses import Given, respond
found = NationalConsultation.objects.select_related("consultation").get(consultation__reference="{reference}")
for number in range({many}):
    organisation = f"Association {{number}}" if number % 3 == 0 else ""
    answers = {{"q1": str(number % 3 + 1), "q2": f"Words {{number}}"}}
    given = Given(answers, bool(organisation), organisation, language="cy" if number % 10 == 0 else "en")
    respond(national=found, given=given)
"""
CLOSE = """
import datetime as dt
from django.utils import timezone
from strategy.models import NationalConsultation
found = NationalConsultation.objects.filter(consultation__reference="{reference}")
found.update(closes_at=timezone.now() - dt.timedelta(seconds=1))
"""


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    with running_portal(tmp_path_factory.mktemp("consultation") / "portal") as running:
        yield running


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_consultation_from_draft_to_outcome(
    chromium: Browser, portal: RunningPortal, tmp_path: Path, javascript: bool
):
    title = "Signs with script" if javascript else "Signs without script"
    secretary = Person(chromium, portal.url, javascript=javascript)
    secretary.sign_in(SECRETARY, PASSWORD)
    reference = it_is_drafted(secretary, title, tmp_path)
    it_is_opened(secretary)
    anybody = Person(chromium, portal.url, javascript=javascript)
    somebody_answers_in_english(anybody, title)
    address = f"/consultations/national/{reference.lower()}/"
    somebody_answers_in_welsh(anybody, address)
    an_organisation_brings_a_file(anybody, address, tmp_path)
    programs_send_the_form(anybody, address)
    _manage(portal, BY_SERVICE.format(reference=reference, many=ALL - BY_FORM - 3))
    every_answer_is_read(secretary, portal, reference)
    the_outcome_is_published(secretary, reference)
    secretary.leave()
    anybody.leave()
    reader = Person(chromium, portal.url, javascript=javascript)  # whose browser keeps no older page
    the_public_reads_it(reader, address)
    reader.leave()


def it_is_drafted(secretary: Person, title: str, folder: Path) -> str:
    """Returns its reference."""
    secretary.open(INSIDE)
    secretary.press("Draft a national consultation")
    texts = {"title": title, "title_cy": "Arwyddion", "summary": "What signs say.", "summary_cy": "Beth mae arwyddion"}
    texts |= {"background": "They differ.", "background_cy": "Maent yn wahanol.", "contact": "Secretary, 01234 567890"}
    for name, text in texts.items():
        secretary.page.locator(f"#id_{name}").fill(text)
    secretary.write_date("Opens on", today().isoformat())
    secretary.page.locator("#id_opens_time").fill("00:00")
    secretary.press("Save")
    secretary.sees("Kept as a draft.")
    secretary.sees("What effects, good or bad, would this have on opportunities to use the Welsh language")
    for kind, text, options in (
        ("Choose one", "Which sign?", ("Large", "Small", "None")),
        ("Answer in words", "Why?", ()),
    ):
        secretary.follow("Add a question")
        secretary.choose(kind, exact=False)
        secretary.page.locator("#id_text").fill(text)
        secretary.page.locator("#id_text_cy").fill(f"{text} (Cymraeg)")
        secretary.page.locator("#id_options").fill("\n".join(options))
        secretary.page.locator("#id_options_cy").fill("\n".join(f"{each} (Cymraeg)" for each in options))
        secretary.press("Save")
        secretary.sees(text)
    paper = folder / "paper.pdf"
    paper.write_bytes(PDF)
    for name in ("Wrong paper", "Proposal"):
        secretary.follow("Add a document")
        secretary.page.locator("#id_title").fill(name)
        secretary.choose("English")
        secretary.attach("PDF", paper)
        secretary.press("Save")
        secretary.sees(name)
    secretary.press("Take off: Wrong paper")
    secretary.sees("The document is taken off.")
    expect(secretary.page.get_by_text("Wrong paper")).to_have_count(0)
    return secretary.path.rstrip("/").rsplit("/", 1)[1]


def it_is_opened(secretary: Person) -> None:
    secretary.press("Open it")
    secretary.sees("It cannot be changed then.")
    secretary.press("Save")
    secretary.sees("Opened. Everybody can read it")


def somebody_answers_in_english(anybody: Person, title: str) -> None:
    anybody.open("/consultations/")
    anybody.follow(title)
    anybody.sees("Proposal")
    anybody.press("Answer this consultation")
    anybody.choose("As a person")
    anybody.page.locator("input[name=q1][value='1']").check()
    anybody.page.locator("#id_q2").fill("Ask zqjo at the library.")
    anybody.press("Check your answer")
    anybody.sees("Say whether" if anybody.page.locator(".govuk-error-summary").count() == 0 else "There is a problem")
    anybody.page.locator("input[name=consent][value=unnamed]").check()
    anybody.press("Check your answer")
    anybody.sees("Nothing is sent yet.")
    anybody.press("Change it")
    anybody.press("Check your answer")
    anybody.sees("Ask zqjo at the library.")
    anybody.press("Send your answer")
    anybody.sees("Your answer is sent")


def somebody_answers_in_welsh(anybody: Person, address: str) -> None:
    assert anybody.open(f"/cy{address}respond/") == 200
    anybody.sees("Large (Cymraeg)")
    anybody.page.locator("input[name=who][value=person]").check()
    anybody.page.locator("input[name=q1][value='2']").check()
    anybody.page.locator("#id_q2").fill("Mae arwyddion bach yn ddigon.")
    anybody.page.locator("input[name=consent][value=named]").check()
    anybody.page.locator("#id_name").fill("Mair Enghraifft")
    anybody.page.get_by_role("main").locator("button[type=submit]").first.click()
    anybody.page.locator("button[name=send]").click()
    expect(anybody.page.locator(".govuk-panel")).to_be_visible()


def an_organisation_brings_a_file(anybody: Person, address: str, folder: Path) -> None:
    """First with a slip, which is named by its row, then mended."""
    assert anybody.open(f"{address}respond/file/") == 200
    blank = anybody.context.request.get(f"{anybody.url}{address}respond/form.csv").text()
    rows = list(csv.DictReader(io.StringIO(blank.removeprefix("\ufeff"))))
    answers = {"organisation": "Access Group", "q1": "Enormous", "q2": "Large letters.", "consent": "named"}
    for mended in (False, True):
        if mended:
            answers["q1"] = "1 = Large"
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | {"answer": answers.get(row["key"], row["answer"])} for row in rows)
        file = folder / "answer.csv"
        file.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
        anybody.page.locator("#file").set_input_files(file)
        anybody.press("Check your answer")
        if not mended:
            anybody.sees("Row 4: “Enormous” is not among the allowed answers: 1 = Large; 2 = Small; 3 = None.")
            anybody.sees("Large letters.")
    anybody.sees("Access Group")
    anybody.press("Send your answer")
    anybody.sees("Your answer is sent")


def programs_send_the_form(anybody: Person, address: str) -> None:
    """The same two pages, without looking at them. The last one sends the words of the first again."""
    for number in range(BY_FORM):
        words = f"Sent {number % (BY_FORM - 1)}"
        sent = {"who": "person", "consent": "no", "q1": "3", "q2": words}
        page = anybody.context.request.post(f"{anybody.url}{address}respond/", form=sent)
        token = re.search(r'name="token" value="([^"]+)"', page.text())
        assert token is not None
        kept = anybody.context.request.post(
            f"{anybody.url}{address}respond/", form={**sent, "token": token[1], "send": "1"}
        )
        assert "Your answer is sent" in kept.text()


def every_answer_is_read(secretary: Person, portal: RunningPortal, reference: str) -> None:
    assert secretary.open(f"{INSIDE}{reference}/") == 200
    secretary.sees(str(ALL))
    secretary.press("Read the answers")
    _one(
        secretary,
        "zqjo",
        "It is counted, and published where its writer agreed",
        withheld="Ask [[zqjo]] at the library.",
    )
    _one(secretary, "same words as another answer", "It is set aside: kept, and in no figure", reason="Sent twice.")
    _manage(portal, CLOSE.format(reference=reference))
    secretary.open(f"{INSIDE}{reference}/outcome/")
    _fill_outcome(secretary)
    secretary.press("Save")
    secretary.sees(f"Read every answer first. Not read yet: {ALL - 2}.")
    for _page in range(ALL // 50):
        secretary.open(f"{INSIDE}{reference}/answers/")
        waiting = secretary.page.get_by_role("row").filter(has_text="not read yet").get_by_role("checkbox")
        for tick in waiting.all():
            tick.check(force=True)
        secretary.press("Accept those that I read and ticked")
        secretary.sees("Accepted:")


def _one(secretary: Person, marked: str, decision: str, *, withheld: str = "", reason: str = "") -> None:
    """Open one answer from the list and decide on it. The first to come stands first."""
    rows = secretary.page.get_by_role("row")
    row = rows.filter(has_text=marked).last if reason else rows.nth(1)
    row.get_by_role("link").click()
    if withheld:
        secretary.sees(marked)
        secretary.page.locator("#id_text-q2").fill(withheld)
    secretary.choose(decision)
    secretary.page.locator("#id_reason").fill(reason)
    secretary.press("Save")
    secretary.sees("Recorded.")


def _fill_outcome(secretary: Person) -> None:
    secretary.page.locator("#id_outcome").fill("Signs become larger.")
    secretary.page.locator("#id_outcome_cy").fill("Bydd arwyddion yn fwy.")
    for key in ("q1", "q2", "welsh-effects", "welsh-change"):
        secretary.page.locator(f"#id_heard-{key}").fill(f"Heard at {key}.")
        secretary.page.locator(f"#id_heard_cy-{key}").fill(f"Clywyd {key}.")
        decision = "changed" if key == "q1" else "kept"
        secretary.page.locator(f"input[name='decision-{key}'][value={decision}]").check()
    secretary.page.locator("#id_change-q1").fill("Letters of 30 mm instead of 20 mm.")
    secretary.page.locator("#id_change_cy-q1").fill("Llythrennau 30 mm yn lle 20 mm.")


def the_outcome_is_published(secretary: Person, reference: str) -> None:
    secretary.open(f"{INSIDE}{reference}/")
    secretary.press("Publish the outcome")
    _fill_outcome(secretary)
    secretary.press("Save")
    secretary.sees("The outcome is published.")


def the_public_reads_it(anybody: Person, address: str) -> None:
    assert anybody.open(address) == 200
    for words in (
        "Signs become larger.",
        "Goes ahead with changes",
        "Letters of 30 mm instead of 20 mm.",
        "Access Group",
    ):
        anybody.sees(words)
    anybody.sees("Mair Enghraifft")
    anybody.sees("[withheld]")
    assert "zqjo" not in anybody.page.content()
    expect(anybody.page.locator("svg.ccp-chart__picture")).to_have_count(1)
    data = json.loads(anybody.context.request.get(f"{anybody.url}{address}summary.json").text())["summary"]
    assert (data["received"], data["counted"], data["set_aside"], data["by_file"]) == (ALL, ALL - 1, 1, 1)
    chosen = {each["value"]: each["count"] for each in data["questions"][0]["options"]}
    # 491 by the service: 164, 164, 163; in the browser 1 and 2; by file 1; sent by programs 3, six times less one
    assert chosen == {"1": 166, "2": 165, "3": 168}
    text = anybody.context.request.get(f"{anybody.url}{address}summary.csv").text()
    rows = [row for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))) if row["question"] == "q1"]
    assert [row["count"] for row in rows] == ["166", "165", "168"]
    assert anybody.open(f"/cy{address}") == 200
    anybody.sees("Bydd arwyddion yn fwy.")
    anybody.sees("Llythrennau 30 mm yn lle 20 mm.")


def _manage(portal: RunningPortal, code: str) -> None:
    done = portal.manage("shell", "-c", code)
    assert done.returncode == 0, done.stderr
