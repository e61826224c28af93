"""A survey from draft to published tables, in real Chromium: once with JavaScript, once without.

The secretary drafts it, writes questions, says whom it asks and opens it; the chief executive names who answers and who
signs; who answers saves, comes back and completes; who signs sends it back with words, then signs; the secretary closes
it, looks at the tables and publishes; and a resident reads them in English and in Welsh, beside what was reported.
"""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from ccp_portal.demonstration import PASSWORD
from core.dates import today
from tests.journeys.person import Person, letters
from tests.processes import RunningPortal, running_portal, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.process]

BODY, SECRETARY = "national-public-space-cameras-board", "secretary@camerasboard.example"
WHO, WHO_CY = "Who watches the pictures?", "Pwy sy'n gwylio'r lluniau?"
CAMERAS, CAMERAS_CY = "How many CCTV cameras do you run?", "Faint o gamerâu TCC ydych chi'n eu rhedeg?"


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    with running_portal(tmp_path_factory.mktemp("survey") / "portal") as running:
        yield running


def link(mail: Path, to: str, number: int = 1) -> str:
    """The link in the newest letter to an address that the journey made up, once that many came."""

    def found() -> str:
        about = letters(mail, to)
        match = re.search(r"https?://[^/\s]+(/surveys/answer/\S+)", about[-1]) if len(about) >= number else None
        return match[1] if match else ""

    return str(wait_until(found, seconds=60, what=f"letter {number} about the survey to {to}"))


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_survey_from_draft_to_published_tables(chromium: Browser, portal: RunningPortal, javascript: bool) -> None:
    title = "Survey with script" if javascript else "Survey without script"
    mail, place = portal.data / "mail", "with" if javascript else "without"
    chief_at, ann, bea = (f"{who}@{place}.example" for who in ("chief", "ann", "bea"))

    def person(path: str) -> Person:
        somebody = Person(chromium, portal.url, javascript=javascript)
        assert somebody.open(path) == 200
        return somebody

    secretary = person("/")
    secretary.sign_in(SECRETARY, PASSWORD)
    the_secretary_drafts_and_opens_it(secretary, title, chief_at)
    page = secretary.path
    chief = person(link(mail, chief_at))
    the_chief_executive_names_both(chief, ann, bea)
    completer = person(link(mail, ann))
    who_answers_saves_comes_back_and_completes(completer, link(mail, ann))
    signer = person(link(mail, bea))
    who_signs_sends_it_back(signer)
    what_was_asked_for_is_changed(completer, link(mail, ann, 2))
    it_is_signed(signer, link(mail, bea, 2))
    the_secretary_closes_and_publishes(secretary, page)
    assert completer.open(link(mail, ann, 2)) == 410
    the_public_reads_it(person("/surveys/"), title)
    for somebody in (secretary, chief, completer, signer):
        somebody.leave()


def the_secretary_drafts_and_opens_it(secretary: Person, title: str, chief_at: str) -> None:
    secretary.open(f"/workspace/{BODY}/surveys/new/")
    fill(secretary, title=title, title_cy=f"{title} (cy)", purpose="Who watches.", purpose_cy="Pwy sy'n gwylio.")
    secretary.write_date("First day", today().isoformat())
    secretary.write_date("Last day", (today() + dt.timedelta(days=14)).isoformat())
    secretary.press("Save")
    secretary.follow("Add a question")
    secretary.choose("choose one", exact=False)
    fill(secretary, text=WHO, text_cy=WHO_CY, key="control-room")
    fill(secretary, options="Our own control room\nNobody", options_cy="Ein hystafell ein hunain\nNeb")
    secretary.page.locator("#id_required").check()
    secretary.press("Save")
    secretary.sees(WHO)
    secretary.follow("Add a question")
    secretary.choose("number", exact=False)
    fill(secretary, text=CAMERAS, text_cy=CAMERAS_CY, key="cameras")
    secretary.page.locator("#id_prefill").select_option("cameras_cctv")
    secretary.press("Save")
    secretary.sees(CAMERAS)
    secretary.follow("Say whom it asks")
    fill(secretary, lines=f"Marlbridge, {chief_at}")
    secretary.press("Save")
    secretary.sees(chief_at)
    secretary.press("Open it")
    secretary.press("Save")
    secretary.sees("Opened. The links are sent.")


def fill(person: Person, **texts: str) -> None:
    for name, text in texts.items():
        person.page.locator(f"#id_{name}").fill(text)


def the_chief_executive_names_both(chief: Person, ann: str, bea: str) -> None:
    chief.sees(WHO)
    chief.write("Email address of who answers", ann)
    chief.write("Email address of who signs", bea)
    chief.press("Send the link")
    chief.sees("The link is on its way to who answers.")
    chief.sees(ann)


def who_answers_saves_comes_back_and_completes(completer: Person, path: str) -> None:
    completer.choose("Our own control room")
    completer.press("Save and come back later")
    completer.sees("Saved. The same link brings you back to it.")
    assert completer.open(path) == 200
    assert completer.page.get_by_label("Our own control room").is_checked()
    completer.press("Complete, and hand over to who signs")
    completer.sees("Enter the name of who completes it.")
    completer.write("Your name", "Ann Example")
    completer.write("Your post", "CCTV manager")
    _count(completer, "41")
    completer.press("Complete, and hand over to who signs")
    completer.sees("The answers are complete. They wait for who signs.")


def _count(completer: Person, number: str) -> None:
    """Where the records gave a number, a correction says why."""
    completer.page.locator("#id_q-cameras").fill(number)
    reason = completer.page.locator("#id_why-cameras")
    if reason.count():
        reason.fill("Counted again last week.")


def who_signs_sends_it_back(signer: Person) -> None:
    signer.sees("Our own control room")
    signer.sees("Ann Example, CCTV manager")
    signer.write("What has to be changed?", "We have 42 cameras.")
    signer.press("Send it back")
    signer.sees("It was sent back and is being changed.")


def what_was_asked_for_is_changed(completer: Person, path: str) -> None:
    assert completer.open(path) == 200
    completer.sees("We have 42 cameras.")
    _count(completer, "42")
    completer.press("Complete, and hand over to who signs")
    completer.sees("The answers are complete. They wait for who signs.")


def it_is_signed(signer: Person, path: str) -> None:
    assert signer.open(path) == 200
    signer.sees("42")
    signer.write("Your name", "Bea Example")
    signer.write("Your post", "Director")
    signer.press("Sign the return")
    signer.sees("Nothing more is asked of you. Thank you.")


def the_secretary_closes_and_publishes(secretary: Person, page: str) -> None:
    assert secretary.open(page) == 200
    secretary.sees("1 of 1 organisations (100%) signed a return.")
    secretary.press("Close it")
    secretary.press("Save")
    secretary.sees("The tables as the public will read them")
    secretary.press("Publish the tables")
    secretary.press("Save")
    secretary.sees("The tables are published.")
    secretary.follow("What the public reads")
    secretary.sees("How it was counted")


def the_public_reads_it(resident: Person, title: str) -> None:
    resident.sees("Reported, not counted by the portal.")
    resident.follow(title)
    resident.sees("1 of 1 (100%)")
    resident.sees("Too few answered: every number is left out.")
    assert not any(word in resident.page.content() for word in ("Ann Example", "Bea Example", "chief@"))
    path = resident.path
    resident.follow("Compare with another survey")
    resident.pick("Second survey", "Survey of local authorities, 2020 (reported)")
    resident.press("Compare")
    resident.sees("how many were asked is not known")
    assert resident.open(f"/cy{path}") == 200
    resident.sees(WHO_CY)
    resident.sees("Rhy ychydig a atebodd")
    resident.leave()
