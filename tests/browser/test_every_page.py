"""Every kind of page, for all who meet it: no dead link, nothing that axe finds, no sideways scrolling at 320 px."""

from collections import Counter

import pytest

from ccp_portal.demonstration import PASSWORD, sign_ins
from ccp_portal.demonstration.people import SignIn
from tests.browser.crawl import Crawl, axe_faults, reflow_faults
from tests.journeys.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.process]

LOOKED_AT: Counter[str] = Counter()


def one_of_each() -> list[SignIn]:
    """Somebody of every role, of those for whom something waits where there are any."""
    chosen: dict[str, SignIn] = {}
    for person in sorted(sign_ins(), key=lambda one: not one.waits):
        chosen.setdefault(str(person.role), person)
    return list(chosen.values())


def wanted(view: str) -> bool:
    """A page of one kind is looked at once, for the first who meets it; its links are walked for all."""
    return not LOOKED_AT[view]


def look(person: Person, view: str) -> list[str]:
    LOOKED_AT[view] += 1
    return axe_faults(person) + reflow_faults(person)


@pytest.mark.parametrize("start", ["/", "/cy/"])
def test_public_pages(chromium, demonstration, start):
    resident = Person(chromium, demonstration.url)
    crawl = Crawl(resident, per_view=4)
    crawl.walk(start, look, wanted=wanted)
    resident.leave()
    assert not crawl.faults, "\n".join(crawl.faults)
    assert len(crawl.views) >= 20  # both languages are linked to each other


@pytest.mark.parametrize("who", one_of_each(), ids=lambda who: who.email)
def test_workspace_pages(chromium, demonstration, who):
    person = Person(chromium, demonstration.url)
    person.sign_in(who.email, PASSWORD)
    crawl = Crawl(person, per_view=1)
    crawl.walk("/workspace/", look, wanted=wanted, within="/workspace/")
    person.leave()
    assert not crawl.faults, "\n".join(crawl.faults)
    assert crawl.views["accounts:home"] == 1
