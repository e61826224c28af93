"""Two people in two browsers, and a line that breaks while somebody types: no text is lost."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from ccp_portal.demonstration import PASSWORD
from tests.browser.crawl import axe_faults, reflow_faults
from tests.journeys.person import Person
from tests.processes import RunningPortal

pytestmark = [pytest.mark.browser, pytest.mark.process]

FIRST, SECOND = "cctv@kelderwick.example", "wardens@kelderwick.example"
SAVED = re.compile(r"Saved at \d\d:\d\d")


class Writer(Person):
    """Somebody who answers questions of the self-assessment that is half done."""

    def open_question(self, number: int) -> None:
        """By its address, found once from the list of self-assessments."""
        self.open("/workspace/kelderwick/assessments/")
        draft = self.page.locator("tbody tr").filter(has_text=re.compile("draft", re.IGNORECASE)).first
        draft.locator("a").first.click()
        self.question = f"{self.path}questions/{number}/"
        self.open(self.question)

    def type(self, text: str) -> None:
        """Key by key behind what stands there, as a person does."""
        self.text.press("Control+End")
        self.text.press_sequentially(text)

    @property
    def text(self):
        return self.page.locator("textarea[name=text]").first

    @property
    def state(self):
        return self.page.locator(".ccp-save-state").first

    def kept(self) -> list[str]:
        return self.page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('ccp-answer/'))")

    def history(self) -> str:
        self.open(f"{self.question}history/")
        return self.page.locator("main").inner_text()


@pytest.fixture
def two(chromium: Browser, demonstration: RunningPortal) -> Iterator[tuple[Writer, Writer]]:
    people = Writer(chromium, demonstration.url), Writer(chromium, demonstration.url)
    for person, address in zip(people, (FIRST, SECOND), strict=True):
        person.sign_in(address, PASSWORD)
    yield people
    for person in people:
        person.leave()


def test_typing_saves_by_itself_and_says_so_once(two):
    writer, _other = two
    writer.open_question(12)
    writer.page.evaluate(
        """() => { window.said = []; new MutationObserver(() => window.said.push(
            document.getElementById("answer-news").textContent)).observe(
            document.getElementById("answer-news"), { childList: true, characterData: true, subtree: true }); }"""
    )
    before = writer.page.locator("[name=version]").first.input_value()
    writer.type(" Typed slowly.")
    expect(writer.state).to_have_text(SAVED)
    writer.type(" And on.")
    expect(writer.state).to_have_text("Not saved yet")
    expect(writer.state).to_have_text(SAVED)
    after = writer.page.locator("[name=version]").first.input_value()
    assert int(after) == int(before) + 2
    assert writer.text.input_value().endswith("Typed slowly. And on.")
    assert writer.text.evaluate("area => area === document.activeElement")
    assert len(writer.page.evaluate("window.said")) == 1
    assert writer.kept() == []
    writer.page.reload()
    assert writer.text.input_value().endswith("Typed slowly. And on.")


def test_nobody_is_warned_who_changed_nothing_and_who_did_is(two):
    writer, _other = two
    warnings: list[str] = []
    writer.page.on("dialog", lambda dialog: (warnings.append(dialog.type), dialog.accept()))
    writer.open_question(12)
    writer.type("x")
    writer.text.press("Backspace")
    writer.page.reload()
    assert warnings == []
    writer.context.set_offline(True)
    writer.type(" Unsaved.")
    writer.page.close(run_before_unload=True)
    writer.context.set_offline(False)
    assert warnings == ["beforeunload"]


def test_of_two_browsers_on_one_question_both_texts_survive(two):
    first, second = two
    first.open_question(1)
    second.open_question(1)
    first.text.fill("The cameras watch the market square.")
    expect(first.state).to_have_text(SAVED)
    second.text.fill("The cameras watch the railway station.")
    expect(second.state).to_contain_text("Somebody else changed this answer")
    assert second.text.input_value() == "The cameras watch the railway station."
    assert axe_faults(second) + reflow_faults(second) == []
    second.press("See both and choose")
    second.sees("This answer was changed meanwhile")
    second.sees("The difference, word by word")
    assert second.page.locator("ins.ccp-diff").inner_text().count("railway station") == 1
    assert axe_faults(second) + reflow_faults(second) == []
    second.press("Keep this, and mine as a note")
    second.sees("Your text is kept as a comment.")
    second.sees("The cameras watch the railway station.")
    assert second.text.input_value() == "The cameras watch the market square."
    assert second.page.locator(".ccp-kept").count() == 0
    assert second.kept() == []

    first.page.reload()
    second.text.fill("The cameras watch the square and the bridge.")
    expect(second.state).to_have_text(SAVED)
    first.text.fill("The cameras watch the square and the school.")
    expect(first.state).to_contain_text("Somebody else changed this answer")
    first.press("See both and choose")
    first.press("Save mine")
    history = first.history()
    for text in ("market", "bridge", "school"):
        assert text in history
    assert axe_faults(first) + reflow_faults(first) == []


def test_the_line_breaks_the_portal_restarts_and_the_text_is_there(two, demonstration):
    writer, other = two
    writer.open_question(2)
    writer.context.set_offline(True)
    writer.type(" Written while the line was cut.")
    expect(writer.state).to_contain_text("Not saved, kept on this device")
    assert len(writer.kept()) == 1
    typed = writer.text.input_value()
    demonstration.stop(seconds=30)
    writer.context.set_offline(False)
    writer.type(" And more.")
    expect(writer.state).to_contain_text("Not saved, kept on this device")
    writer.context.clear_cookies()  # the sign-in runs out meanwhile
    demonstration.start()
    expect(writer.state).to_contain_text("Sign in again, your text is kept on this device", timeout=60_000)
    writer.page.get_by_role("link", name="Sign in and come back here").click()
    writer.write("Email", FIRST)
    writer.write("Password", PASSWORD)
    writer.press("Sign in")
    assert writer.path == writer.question
    kept = writer.page.locator(".ccp-kept")
    expect(kept).to_contain_text("You have a text that was not saved")
    expect(kept).to_contain_text("Written while the line was cut. And more.")
    assert axe_faults(writer) + reflow_faults(writer) == []
    kept.get_by_role("button", name="Use it").click()
    expect(writer.state).to_have_text(SAVED)
    assert writer.text.input_value() == f"{typed} And more."
    assert writer.kept() == []
    other.open(writer.question)
    assert other.text.input_value() == f"{typed} And more."


def test_what_was_kept_is_not_shown_to_the_next_person_on_the_device(two):
    writer, _other = two
    writer.open_question(2)
    writer.context.set_offline(True)
    writer.type(" For my eyes.")
    expect(writer.state).to_contain_text("Not saved, kept on this device")
    writer.context.clear_cookies()
    writer.context.set_offline(False)
    page = writer.page
    writer.page = writer.context.new_page()
    page.close()
    writer.sign_in(SECOND, PASSWORD)
    writer.open(writer.question)
    assert writer.page.locator(".ccp-kept").count() == 0
    writer.context.clear_cookies()
    writer.sign_in(FIRST, PASSWORD)
    writer.open(writer.question)
    expect(writer.page.locator(".ccp-kept")).to_contain_text("For my eyes.")
    writer.page.get_by_role("button", name="Drop it").click()
    assert writer.kept() == []


def test_a_whole_principle_is_answered_on_one_page(two):
    writer, _other = two
    writer.open_question(12)
    writer.open(re.sub(r"questions/\d+/$", "principles/1/answer/", writer.path))
    areas = writer.page.locator('form[data-module="ccp-answer"] textarea')
    areas.nth(0).press("Control+End")
    areas.nth(0).press_sequentially(" One.")
    areas.nth(1).press("Control+End")
    areas.nth(1).press_sequentially(" Two.")
    expect(writer.page.locator('.ccp-save-state[data-state="saved"]')).to_have_count(2)
    assert axe_faults(writer) + reflow_faults(writer) == []
    writer.page.reload()
    assert areas.nth(0).input_value().endswith("One.")
    assert areas.nth(1).input_value().endswith("Two.")
