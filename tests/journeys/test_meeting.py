"""A secretary runs a meeting, in real Chromium: once with JavaScript, once without.

A group is set up and its members seated, three meetings are planned, the agenda goes out with an open and a closed
paper, who came is recorded, minutes are written with a passage withheld, an action is given, the next meeting carries
it forward and agrees the minutes, and the public reads them.
"""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from ccp_portal.demonstration import PASSWORD
from core.dates import today
from tests.factories.compliance import PDF
from tests.journeys.person import Person
from tests.processes import RunningPortal, running_portal

pytestmark = [pytest.mark.browser, pytest.mark.process]

BODY, COUNCIL = "national-public-space-cameras-board", "marlbridge"
SECRETARY, OFFICER = "secretary@camerasboard.example", "spoc@marlbridge.example"


BEGAN = today() - dt.timedelta(days=60)


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    with running_portal(tmp_path_factory.mktemp("meeting") / "portal") as running:
        yield running


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_meeting_from_planning_to_published_minutes(
    chromium: Browser, portal: RunningPortal, tmp_path: Path, javascript: bool
):
    slug = "council-with-script" if javascript else "council-without-script"
    secretary = Person(chromium, portal.url, javascript=javascript)
    secretary.sign_in(SECRETARY, PASSWORD)
    it_is_set_up_and_three_meetings_are_planned(secretary, slug)
    the_agenda_goes_out(secretary, slug, tmp_path)
    a_member_reads_it(chromium, portal, slug, javascript=javascript)
    it_is_held_and_minuted(secretary, slug)
    the_next_meeting_agrees_the_minutes(secretary, slug)
    they_are_published(secretary)
    secretary.leave()
    the_public_reads_them(chromium, portal, slug, javascript=javascript)


def _group(person: Person, slug: str) -> None:
    assert person.open(f"/workspace/{BODY}/groups/{slug}/") == 200


def it_is_set_up_and_three_meetings_are_planned(secretary: Person, slug: str) -> None:
    secretary.open(f"/workspace/{BODY}/groups/")
    secretary.press("Set up a group")
    secretary.choose("Advisory council")
    secretary.page.locator("#id_name").fill(f"Advisory council {slug}")
    secretary.write("Name in the address of its page", slug)
    secretary.page.locator("#id_terms").fill("To advise on public-space cameras.")
    secretary.write_date("Set up on", BEGAN.isoformat())
    secretary.press("Save")
    secretary.sees("The group has no member yet.")
    for organisation, post, chairs in (
        ("Norwold Constabulary", "Superintendent", True),
        ("Marlbridge", "Manager", False),
    ):
        secretary.follow("Add a member")
        secretary.page.locator("#id_organisation").fill(organisation)
        secretary.page.locator("#id_post").fill(post)
        secretary.write_date("Member from", BEGAN.isoformat())
        if chairs:
            secretary.choose("Takes the chair")
        secretary.press("Save")
        secretary.sees(post)
    secretary.press("Plan meetings")
    for legend, days in (("First meeting", -30), ("Second meeting", 0), ("Third meeting", 120)):
        secretary.write_date(legend, (today() + dt.timedelta(days=days)).isoformat())
    secretary.write("When do they begin?", "10:30")
    secretary.write("Place", "Town hall, Marlbridge")
    secretary.press("Save")
    secretary.sees("Meeting 3")


def the_agenda_goes_out(secretary: Person, slug: str, folder: Path) -> None:
    _group(secretary, slug)
    secretary.follow("Meeting 1")
    for number, title, is_closed in ((1, "Progress of the plan", False), (2, "Contracts", True)):
        paper = folder / f"paper-{number}.pdf"
        paper.write_bytes(PDF)
        if number == 1:
            secretary.press("Add an item")
        else:
            secretary.follow("Add an item")
        secretary.page.locator("#id_title").fill(title)
        secretary.attach("Paper as a file", paper)
        if is_closed:
            secretary.choose("The paper is closed", exact=False)
        secretary.press("Save")
        secretary.sees(f"{number}. {title}")
    secretary.press("Send the agenda to members")
    secretary.sees("Members are told.")


def a_member_reads_it(chromium: Browser, portal: RunningPortal, slug: str, *, javascript: bool) -> None:
    officer = Person(chromium, portal.url, javascript=javascript)
    officer.sign_in(OFFICER, PASSWORD)
    assert officer.open(f"/workspace/{COUNCIL}/groups/{slug}/") == 200
    officer.follow("Meeting 1")
    officer.sees("All papers (ZIP)")
    officer.sees("Closed paper")
    officer.leave()


def it_is_held_and_minuted(secretary: Person, slug: str) -> None:
    secretary.press("Record who came")
    _all_present(secretary)
    secretary.sees("2 items have no minute yet.")
    words = {1: ("The plan was read. [[zqhidden]] was named.", "Somebody's contract."), 2: ("The paper was read.", "")}
    for number, (text, reason) in words.items():
        secretary.page.locator(f"a[href$='/minutes/{number}/']").click()
        secretary.page.locator("#id_text").fill(text)
        secretary.page.locator("#id_withheld_reason").fill(reason)
        secretary.press("Save")
    secretary.sees("Every item has a minute.")
    secretary.follow("Add an action")
    secretary.page.locator("#id_text").fill("Write to all forces.")
    secretary.pick("Who does it?", "Marlbridge")
    secretary.write_date("By when?", (today() + dt.timedelta(days=60)).isoformat())
    secretary.press("Save")
    secretary.sees("M1/1")
    secretary.press("Send the draft to members")
    secretary.sees("The next meeting agrees the minutes")


def the_next_meeting_agrees_the_minutes(secretary: Person, slug: str) -> None:
    """The third one is moved, the second one is held today: the action comes before it, and it agrees the minutes."""
    _group(secretary, slug)
    secretary.follow("Meeting 3")
    secretary.follow("Move the meeting")
    secretary.write_date("Day", (today() + dt.timedelta(days=127)).isoformat())
    secretary.write("Why is it moved?", "The hall is taken.")
    secretary.press("Save")
    secretary.sees("It was moved: The hall is taken.")
    _group(secretary, slug)
    secretary.follow("Meeting 2")
    secretary.press("Add an item")
    secretary.page.locator("#id_title").fill("Minutes of the last meeting")
    secretary.press("Save")
    secretary.press("Send the agenda to members")
    secretary.press("Record who came")
    _all_present(secretary)
    secretary.sees("Carried forward from earlier meetings")
    secretary.sees("M1/1")
    _group(secretary, slug)
    secretary.follow("Meeting 1")
    secretary.sees("Meeting 2 was held. Did it agree these minutes?")
    secretary.press("Meeting 2 agreed the minutes")
    secretary.sees("The minutes were agreed at meeting 2.")


def they_are_published(secretary: Person) -> None:
    secretary.press("Publish the minutes")
    secretary.sees("1 passage of these minutes is withheld.")
    assert "zqhidden" not in secretary.page.get_by_role("main").inner_text()
    secretary.press("Publish")
    secretary.sees("The minutes are agreed, and public since")


def the_public_reads_them(chromium: Browser, portal: RunningPortal, slug: str, *, javascript: bool) -> None:
    anybody = Person(chromium, portal.url, javascript=javascript)
    anybody.open("/groups/")
    anybody.follow(f"Advisory council {slug}")
    anybody.sees("Write to all forces.")
    anybody.follow("Meeting 1")
    anybody.sees("The plan was read.")
    anybody.sees("Somebody's contract.")
    anybody.sees("The paper of this item is closed.")
    assert "zqhidden" not in anybody.page.content()
    minutes = f"/groups/{slug}/meetings/1/"
    assert anybody.open(f"/cy{minutes}") == 200
    anybody.sees("Cofnodion cyfarfod 1")
    anybody.leave()


def _all_present(secretary: Person) -> None:
    for group in secretary.page.get_by_role("main").get_by_role("group").all():
        group.get_by_label("Present").check()
    secretary.press("Save")
