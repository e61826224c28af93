"""Two councils become one, in real Chromium: once with JavaScript, once without.

An administrator of the national body plans it, the dry run blocks, the plan is mended as text, confirmed, and done by
the worker. Then the public asks at the old addresses in both languages, and a member of the old council works on at
the new one.
"""

import datetime as dt
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from ccp_portal.demonstration import PASSWORD
from core.dates import today
from tests.journeys.person import Person
from tests.processes import RunningPortal, running_portal, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.process]

BODY = "national-public-space-cameras-board"
ADMINISTRATOR = "administrator@camerasboard.example"
# Two councils, the first with a published system; what they become
WITH = ("Marlbridge", "Kelderwick", "town-centre-public-space-cctv", "Upper Valley")
WITHOUT = ("Thornhaven", "Harrowfen", "city-centre-and-quayside-cctv", "Lower Valley")


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    with running_portal(tmp_path_factory.mktemp("reorganisation") / "portal") as running:
        yield running


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_two_councils_become_one(chromium: Browser, portal: RunningPortal, javascript: bool):
    first, second, system, after = WITH if javascript else WITHOUT
    administrator = Person(chromium, portal.url, javascript=javascript)
    administrator.sign_in(ADMINISTRATOR, PASSWORD)
    it_is_planned_and_blocked(administrator, first, second)
    the_plan_is_mended(administrator, after)
    it_is_confirmed_and_done(administrator)
    administrator.leave()
    slug = after.lower().replace(" ", "-")
    the_public_is_led_to_the_new_pages(chromium, portal, first, system, slug, javascript=javascript)
    a_member_works_on(chromium, portal, first, slug, javascript=javascript)


def it_is_planned_and_blocked(administrator: Person, first: str, second: str) -> None:
    """A police force is named by mistake: it cannot take councils in."""
    assert administrator.open(f"/workspace/{BODY}/") == 200
    administrator.follow("Reorganisations")
    administrator.press("Plan a reorganisation")
    administrator.choose("Join: one or more become one, or are taken in by one")
    administrator.write_date("Vesting date", today().isoformat())
    administrator.write_date("Until when should inherited documents hold?", _until().isoformat())
    administrator.write("Who is reorganised?", f"{first}\n{second}")
    administrator.write("Who comes after?", "Norwold Constabulary")
    administrator.press("Save")
    administrator.sees("1 finding blocks the reorganisation.")
    administrator.sees("No organisation of this kind stands at this address on the day.")
    assert not administrator.page.get_by_role("main").get_by_role("button", name="Confirm").count()


def the_plan_is_mended(administrator: Person, after: str) -> None:
    administrator.press("Change the plan")
    field = administrator.page.get_by_label("The plan")
    text = field.input_value()
    head = text[: text.index("successors:")]
    slug = after.lower().replace(" ", "-")
    field.fill(f"{head}successors:\n- slug: {slug}\n  name: {after}\n  name_cy: Cyngor {after}\n")
    administrator.press("Save")
    administrator.sees("Nothing blocks the reorganisation.")
    administrator.sees("Download the dry run (CSV)")


def it_is_confirmed_and_done(administrator: Person) -> None:
    administrator.press("Confirm")
    administrator.sees("It cannot be taken back.")
    administrator.press("Confirm")
    administrator.sees("Tick this box to go on")
    administrator.choose("I have read the dry run, and this is to be done")
    administrator.press("Confirm")

    here = administrator.path

    def is_done() -> bool:
        administrator.open(here)
        return administrator.page.get_by_role("heading", name="What passed on").count() == 1

    wait_until(is_done, seconds=60, what="the worker carries it out")
    administrator.sees("Camera systems")


def the_public_is_led_to_the_new_pages(
    chromium: Browser, portal: RunningPortal, first: str, system: str, slug: str, *, javascript: bool
) -> None:
    reader = Person(chromium, portal.url, javascript=javascript)
    old = f"/authorities/{first.lower()}/{system}/"

    def leads_on() -> bool:
        return reader.open(old) == 200 and reader.path == f"/authorities/{slug}/{system}/"

    wait_until(leads_on, seconds=60, what="the old address leads to the new page")
    reader.sees(f"Inherited from {first}, interim until {_until():%-d %B %Y}")
    assert reader.open(f"/cy{old}") == 200
    assert reader.path == f"/cy/authorities/{slug}/{system}/"
    reader.sees(f"Etifeddwyd oddi wrth {first}, dros dro tan")
    assert reader.open(f"/authorities/{first.lower()}/") == 200
    assert reader.path == f"/authorities/{slug}/"
    reader.sees("Came out of")
    reader.leave()


def a_member_works_on(chromium: Browser, portal: RunningPortal, first: str, slug: str, *, javascript: bool) -> None:
    officer = Person(chromium, portal.url, javascript=javascript)
    officer.sign_in(f"spoc@{first.lower()}.example", PASSWORD)
    assert officer.open(f"/workspace/{first.lower()}/systems/") == 200
    assert officer.path == f"/workspace/{slug}/systems/"
    assert officer.open(f"/workspace/{slug}/certificates/") == 200
    officer.page.get_by_role("main").locator("table a").first.click()
    officer.sees(f"Inherited from {first}, interim until")
    officer.leave()


def _until() -> dt.date:
    return today() + dt.timedelta(days=365)
