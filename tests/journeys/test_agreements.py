"""An agreement from draft to published figures, in real Chromium: once with JavaScript, once without.

A council drafts, the force counters four clauses, both agree, the council signs, a late change voids that, both sign,
it is published in both languages, and a quarter's return is plotted.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from ccp_portal.demonstration import PASSWORD
from core.dates import today
from tests.journeys.person import Person
from tests.processes import RunningPortal, running_portal, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.process]

COUNCIL, FORCE = "marlbridge", "norwold-constabulary"
PEOPLE = {
    "council": "spoc@marlbridge.example",
    "sro": "sro@marlbridge.example",
    "police": "partnerships@norwold-police.example",
    "signatory": "superintendent@norwold-police.example",
}
COUNTERED = ("retention_hold", "turnaround", "access_log", "termination")


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    with running_portal(tmp_path_factory.mktemp("agreements") / "portal") as running:
        yield running


@dataclass
class Table:
    """Everybody who takes part, and the agreement that they are about."""

    people: dict[str, Person]
    title: str
    reference: str = ""

    def page(self, who: str, path: str = "") -> Person:
        """Open a page of the agreement under that person's own organisation."""
        person = self.people[who]
        organisation = COUNCIL if who in ("council", "sro") else FORCE
        assert person.open(f"/workspace/{organisation}/agreements/{self.reference}/{path}") == 200, path
        return person


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_agreement(chromium: Browser, portal: RunningPortal, javascript):
    people = {who: Person(chromium, portal.url, javascript=javascript) for who in PEOPLE}
    for who, person in people.items():
        person.sign_in(PEOPLE[who], PASSWORD)
    table = Table(people, f"CCTV agreement {'with' if javascript else 'without'} script")
    the_council_drafts(table)
    the_force_counters_four_clauses(table)
    the_council_answers(table)
    both_agree_the_whole(table)
    the_council_signs_and_a_late_change_voids_it(table)
    both_sign(table)
    it_is_published_in_both_languages(table, portal)
    a_quarter_is_returned_and_plotted(table)
    for person in people.values():
        person.leave()


def the_council_drafts(table: Table) -> None:
    council = table.people["council"]
    council.open(f"/workspace/{COUNCIL}/agreements/")
    council.press("Begin an agreement")
    council.choose("CCTV")
    council.page.get_by_label("Title", exact=True).fill(table.title)
    council.choose("In English and Welsh")
    council.write("Title in Welsh", f"{table.title} (Cymraeg)")
    council.choose("Norwold Constabulary")
    council.press("Begin the draft")
    found = re.search(r"/agreements/(AG-[^/]+)/", council.path)
    assert found, council.path
    table.reference = found[1]
    council.sees("3 clauses are not complete yet.")
    answers = {
        "governance": {
            "Post of the councils' senior responsible officer": "Director of Place",
            "Post of the councils' single point of contact": "CCTV manager",
            "Rank and post of the police's senior responsible officer": "Superintendent, Norwold East",
            "Post of the police's single point of contact": "Partnerships sergeant",
        },
        "dispute": {"Posts that decide last": "the chief executive and the chief constable"},
    }
    for key, fields in answers.items():
        table.page("council", f"clauses/{key}/change/")
        for label, value in fields.items():
            council.write(label, value)
        council.press("Write the clause")
        council.sees(next(iter(fields.values())))
    first = today() - dt.timedelta(days=200)
    table.page("council", "clauses/term_review/change/")
    council.write_date("First day", first.isoformat())
    council.write_date("Last day", (first + dt.timedelta(days=1094)).isoformat())
    council.write_date("Review due", (first + dt.timedelta(days=700)).isoformat())
    council.press("Write the clause")
    council.sees("This agreement is in force from")
    table.page("council", "clauses/live_incident/reword/")
    council.write("What the clause says", "An urgent call is answered within two minutes, day and night.")
    council.write("That in Welsh", "Atebir galwad frys o fewn dau funud, ddydd a nos.")
    council.press("Save the words")
    table.page("council", "clauses/redeployable/leave-out/")
    council.write("Why the clause is left out", "Marlbridge has no redeployable cameras.")
    council.press("Leave it out")
    table.page("council", "notes/")
    council.write("Private note", "Zqprivate: we would go down to 21 days.")
    council.press("Note it")
    table.page("council", "send/")
    council.write_date("When do you want a reply?", (today() + dt.timedelta(days=14)).isoformat())
    council.press("Send it")
    council.sees("Being negotiated")


def the_force_counters_four_clauses(table: Table) -> None:
    police = table.page("police", "clauses/")
    police.sees("for the police.")
    for key in COUNTERED:
        table.page("police", f"clauses/{key}/change/")
        if key == "retention_hold":
            police.write("Recordings are kept for", "28")
        elif key == "turnaround":
            police.write("A standard request is met within", "5")
        elif key == "access_log":
            police.write("The log is checked by both sides every", "3")
        else:
            police.write("Notice", "6")
        police.write("Why you change it", "As agreed with the other councils of the area.")
        police.press("Write the clause")
        police.press("Propose your draft")
        police.press("Propose")
        police.sees("Proposed. The other side reads it now.")
    table.page("police", "clauses/retention_hold/")
    expect(police.page.locator("ins").first).to_contain_text("28")
    expect(police.page.locator("del").first).to_contain_text("31")
    table.page("police", "notes/")
    assert "Zqprivate" not in police.page.content()
    table.page("police", "clauses/")
    for box in police.page.locator("input[name=clause]").all():
        box.check()
    police.press("Accept the ticked clauses")
    police.sees("are agreed now.")


def the_council_answers(table: Table) -> None:
    """Accepts three, rejects one; the force comes down to what both can live with."""
    council, police = table.people["council"], table.people["police"]
    for key in COUNTERED[:3]:
        table.page("council", f"clauses/{key}/")
        council.press("Accept")
        council.press("Accept")
    table.page("council", "clauses/termination/")
    council.press("Reject")
    council.write("Why you reject it", "Six months are too long for us.")
    council.press("Reject")
    table.page("police", "clauses/termination/change/")
    police.write("Notice", "4")
    police.press("Write the clause")
    police.sees("Six months are too long for us.")
    police.press("Propose your draft")
    police.press("Propose")
    table.page("council", "clauses/termination/")
    council.sees("4 months")
    council.press("Accept")
    council.press("Accept")
    table.page("council")
    council.sees("Every clause is agreed.")


def both_agree_the_whole(table: Table) -> None:
    for who in ("council", "police"):
        person = table.page(who)
        person.press("Read the whole and agree it")
        person.sees("Recordings are kept for 28 days")
        person.press("This is what we agreed")
    table.page("police").sees("Text agreed")


def signs(table: Table, who: str, name: str, post: str) -> Person:
    person = table.page(who)
    person.press("Read and sign")
    person.write("Your full name", name)
    person.write("Your rank or post", post)
    person.write("Your password", PASSWORD)
    person.press("Sign")
    return person


def the_council_signs_and_a_late_change_voids_it(table: Table) -> None:
    signs(table, "sro", "Helen Ashdown", "Director of Place").sees("Signed by some")
    police = table.page("police")
    police.press("Open the text again")
    police.sees("These signatures will be void")
    police.write("Why?", "The log must be checked every two months.")
    police.press("Open it again")
    table.page("police", "clauses/access_log/change/")
    police.write("The log is checked by both sides every", "2")
    police.press("Write the clause")
    police.press("Propose your draft")
    police.press("Propose")
    council = table.page("council")
    council.sees("and its signatures are void since")
    table.page("council", "clauses/access_log/")
    council.press("Accept")
    council.press("Accept")
    both_agree_the_whole(table)


def both_sign(table: Table) -> None:
    signs(table, "sro", "Helen Ashdown", "Director of Place")
    signs(table, "signatory", "Gareth Olusola", "Superintendent").sees("The agreement is signed by all.")
    table.page("council").sees("In force")


def it_is_published_in_both_languages(table: Table, portal: RunningPortal) -> None:
    council = table.page("council", "publication/")
    council.press("Publish this agreement")
    for prefix, words in (("", "Recordings are kept for 28 days"), ("/cy", "Cedwir recordiadau am 28 diwrnod")):
        path = f"{prefix}/agreements/{table.reference}/"
        page = str(wait_until(lambda path=path: public(portal, path), seconds=40, what="the public page"))
        assert words in page
        assert "Zqprivate" not in page
        assert "Gareth Olusola" not in page


def public(portal: RunningPortal, path: str) -> str:
    status, text = portal.get(path)
    return text if status == 200 else ""


def a_quarter_is_returned_and_plotted(table: Table) -> None:
    """The council reports, the police ask about it and then agree; the plot stands beside its table."""
    council, police = table.page("council", "returns/"), table.people["police"]
    council.press("Fill in a return")
    council.sees("Return for")
    made = re.search(r"/returns/(PR-[^/]+)/", council.path)
    assert made, council.path
    council.press("Save and send to the other side")
    council.sees("give the figure, or say why it was not counted")
    for field in council.page.locator("input[name$=_comment]").all():
        field.fill("Not counted in this quarter.")
    council.page.locator("input[name=evidence_standard_numerator]").fill("91")
    council.page.locator("input[name=evidence_standard_denominator]").fill("100")
    council.press("Save and send to the other side")
    council.sees("The other side has the figures now.")
    table.page("police", f"returns/{made[1]}/")
    police.sees("91 of 100")
    police.write("Comment", "Please look at the two of Christmas Eve again.")
    police.press("Ask about them")
    table.page("council", f"returns/{made[1]}/")
    council.sees("the two of Christmas Eve")
    council.page.locator("input[name=evidence_standard_numerator]").fill("93")
    council.press("Save and send to the other side")
    table.page("police", f"returns/{made[1]}/")
    police.press("Agree the figures")
    police.sees("Figures agreed")
    table.page("council", "returns/")
    council.sees("93 of 100")
    expect(council.page.locator("svg").first).to_be_visible()
