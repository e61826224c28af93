"""The whole journey on real parts: from an empty portal to a certificate that a stranger checks, as different people.

Real Chromium, real web server, worker, beat, Redis and database; once with JavaScript and once without. People learn of
what waits for them by mail from the worker, as they would.
"""

import datetime as dt
import hashlib
import io
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
import pypdf
import pytest
from playwright.sync_api import Browser

from core.dates import today
from tests.factories.compliance import PDF
from tests.journeys.answers import ACTION, FACTS, GAP_AT, choice_for
from tests.journeys.person import Person, link_for
from tests.processes import RunningPortal, running_portal, wait_until
from tests.selection import SHARED_DATA

pytestmark = [pytest.mark.browser, pytest.mark.process]

PASSWORD = "kettle-harbour-violin-9"
COUNCIL, COUNCIL_SLUG = "North Somerset", "north-somerset"
BODY, BODY_SLUG = "Severnside Assurance", "severnside-assurance"
OWN_LIST = Path(__file__).parents[1] / "data" / "trafford_shape_20.csv"
REAL_LIST = SHARED_DATA / "cameras" / "trafford_cctv_2024-03.csv"
CODE = "compliance/data/code-2021.yaml"


@dataclass
class Journey:
    """Everybody who takes part, and what they have in their hands."""

    chromium: Browser
    portal: RunningPortal
    javascript: bool
    folder: Path
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, who: str) -> Person:
        if who not in self.people:
            self.people[who] = Person(self.chromium, self.portal.url, javascript=self.javascript)
        return self.people[who]

    def address(self, who: str) -> str:
        return f"{who}@people.example"

    def begins(self, who: str, link: str, name: str, *, email: bool = False) -> Person:
        """Accept an invitation as somebody new."""
        person = self.person(who)
        assert person.open(link) == 200
        person.write("Your name", name)
        if email:
            person.write("Email address", self.address(who))
        person.page.get_by_label("Password", exact=True).fill(PASSWORD)
        person.choose("English")
        person.press("Accept and begin")
        assert person.path.startswith("/workspace/"), person.page.locator("body").inner_text()
        return person

    def invite(self, by: str, organisation: str, who: str, role: str) -> None:
        inviter = self.person(by)
        inviter.open(f"/workspace/{organisation}/people/invite/")
        inviter.write("Email address", self.address(who))
        inviter.choose(role, exact=False)
        inviter.press("Send the invitation")
        inviter.sees(self.address(who))

    def accepts(self, who: str, name: str) -> Person:
        return self.begins(who, link_for(self.portal.data / "mail", self.address(who)), name)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_whole_journey(chromium, tmp_path, javascript):
    with running_portal(tmp_path / "portal", "--empty") as portal:
        journey = Journey(chromium, portal, javascript, tmp_path)
        the_portal_gets_its_people(journey)
        system = the_council_describes_its_system(journey)
        brings_in_its_cameras(journey, system)
        assessment = answers_the_questions(journey, system)
        works_with_others(journey, assessment)
        is_signed_at_the_second_go(journey, assessment)
        adds_its_documents(journey)
        application = applies(journey)
        is_reviewed(journey, application)
        reference = is_awarded(journey, application)
        publishes(journey, system)
        a_stranger_checks(journey, reference)
        the_trail_holds(journey)
        for person in journey.people.values():
            person.leave()


def the_portal_gets_its_people(journey: Journey) -> None:
    link = re.search(r"http://\S+/invitations/\S+", journey.portal.output)
    assert link, journey.portal.output
    administrator = journey.begins("administrator", link[0], "Ada Miniature", email=True)
    administrator.open("/workspace/administration/organisations/new/")
    administrator.choose("certification body")
    administrator.page.get_by_label("Name", exact=True).fill(BODY)
    administrator.press("Create it")
    administrator.sees(BODY)
    administrator.open("/workspace/administration/schemes/independent-assurance/bodies/add/")
    administrator.pick("Certification body", BODY)
    administrator.write_date("From", today().isoformat())
    administrator.press("Add it")
    administrator.sees(BODY)
    journey.invite("administrator", BODY_SLUG, "body", "Certification body manager")
    journey.invite("administrator", COUNCIL_SLUG, "manager", "Single point of contact")
    journey.accepts("manager", "Morgan Field")
    journey.accepts("body", "Bo Larch")
    journey.invite("manager", COUNCIL_SLUG, "sro", "Senior responsible officer")
    journey.invite("body", BODY_SLUG, "auditor", "Auditor")
    journey.invite("body", BODY_SLUG, "decider", "Decision maker")
    journey.accepts("sro", "Sefton Rowe")
    journey.accepts("auditor", "Audley Trent")
    journey.accepts("decider", "Della Cross")


def the_council_describes_its_system(journey: Journey) -> str:
    """Returns the reference of the system."""
    manager = journey.person("manager")
    manager.open(f"/workspace/{COUNCIL_SLUG}/systems/")
    manager.follow("Add a camera system")
    manager.page.get_by_label("Name of the system", exact=True).fill("Town centre CCTV")
    manager.choose("CCTV")
    manager.press("Save")
    reference = re.search(r"/systems/(CS-[^/]+)/", manager.path)
    assert reference, manager.path
    system = f"/workspace/{COUNCIL_SLUG}/systems/{reference[1]}/"
    manager.open(f"{system}edit/purpose/")
    manager.choose("This is our main system in public places", exact=False)
    manager.write("What the system consists of", "Fixed and moving cameras in the town centres, watched from one room.")
    manager.choose("preventing crime", exact=False)
    manager.choose("public safety", exact=False)
    manager.write("Which problem makes it necessary", FACTS[1])
    manager.choose("public task", exact=False)
    manager.write("Why are images kept as long as they are", "Most requests of the police come within four weeks.")
    manager.press("Save")
    manager.open(f"{system}edit/running/")
    manager.write("When are the cameras watched", "24 hours, every day")
    manager.write("Areas covered", "Weston-super-Mare\nClevedon\nPortishead")
    manager.press("Save")
    manager.open(f"{system}edit/contacts/")
    manager.write("Post of the senior responsible officer", "Director of Place")
    manager.write("Post of the single point of contact", "CCTV manager")
    manager.write("Email address of the single point of contact", "cctv@council.example")
    manager.write("How to reach the data protection officer", "dpo@council.example")
    manager.write("Registration number", "Z1234567")
    manager.write("Web address of the privacy notice", "https://council.example/privacy")
    manager.write("Web address of the complaints procedure", "https://council.example/complaints")
    manager.write(
        "How do people ask for footage", "Write with date, time, place, a description and proof of who you are."
    )
    manager.press("Save")
    manager.open(f"{system}technologies/cctv/")
    manager.write("How many days are images kept", "31")
    manager.write("Fixed cameras", "12")
    manager.write("Pan, tilt and zoom cameras", "8")
    manager.write_date("When were they counted?", today().isoformat())
    manager.press("Save")
    manager.open(f"{system}activate/")
    manager.page.locator("main button[type=submit]").click()
    manager.sees("active")
    return reference[1]


def brings_in_its_cameras(journey: Journey, system: str) -> None:
    """With JavaScript the real list where it is there, without it our own 20 rows."""
    manager = journey.person("manager")
    real = journey.javascript and REAL_LIST.exists()
    file = REAL_LIST if real else OWN_LIST
    rows = len(file.read_text("utf-8-sig").splitlines()) - 1
    manager.open(f"/workspace/{COUNCIL_SLUG}/systems/{system}/cameras/import/")
    manager.attach("Your list of cameras", file)
    manager.page.locator("main form button[type=submit]").first.click()
    manager.press("Sort the list")
    manager.page.get_by_role("button", name=re.compile("^Apply")).click()
    manager.open(f"/workspace/{COUNCIL_SLUG}/systems/{system}/cameras/")
    manager.sees(f"{rows} cameras")
    manager.open(f"/workspace/{COUNCIL_SLUG}/systems/{system}/technologies/cctv/")
    manager.write("Fixed cameras", str(rows - 8))  # what is published must add up to the list
    manager.press("Save")


def answers_the_questions(journey: Journey, system: str) -> str:
    """All questions that apply, one page each; returns the reference of the self-assessment."""
    manager = journey.person("manager")
    manager.open(f"/workspace/{COUNCIL_SLUG}/assessments/start/")
    manager.choose("Town centre CCTV", exact=False)
    manager.press("Start")
    reference = re.search(r"/assessments/(SA-[^/]+)/", manager.path)
    assert reference, manager.path
    home = f"/workspace/{COUNCIL_SLUG}/assessments/{reference[1]}/"
    manager.open(f"{home}scope/")
    manager.write("What does this self-assessment cover", "The town centre cameras and the control room.")
    manager.press("Save")
    for number in range(1, 76):
        answers_one(manager, home, number)
    manager.open(f"{home}check/")
    manager.sees("Go on to sign-off")
    return reference[1]


def answers_one(manager: Person, home: str, number: int) -> None:
    assert manager.open(f"{home}questions/{number}/") == 200
    page = manager.page
    principle = int(re.search(r"· (\d+)\.", page.locator("h1").inner_text())[1])
    answer = page.locator("main form[data-module=ccp-answer]")
    if answer.count() == 0:
        manager.sees("Does not apply")
        return
    is_gap = page.get_by_role("group", name=re.compile("gaps", re.IGNORECASE)).count() > 0
    choice = choice_for(number, is_gap=is_gap, principle=principle)
    if page.get_by_role("radio", name=choice, exact=True).count():
        page.get_by_role("radio", name=choice, exact=True).check()
    if is_gap and principle == GAP_AT:
        page.locator("summary", has_text="Add an action").click()
        manager.write("What is to be done", ACTION)
        manager.write_date("Due", (today() + dt.timedelta(days=60)).isoformat())
    else:
        answer.locator("textarea").first.fill(FACTS[principle])
    manager.press("Save")
    manager.sees(f"Question {number} is saved")


def works_with_others(journey: Journey, assessment: str) -> None:
    """A document beside an answer, a question sent to the installer, an older version that is wanted again."""
    manager, installer = journey.person("manager"), journey.person("installer")
    home = f"/workspace/{COUNCIL_SLUG}/assessments/{assessment}/"
    manager.open(f"{home}questions/25/")
    manager.follow("Add evidence")
    manager.choose("procedures manual", exact=False)
    manager.write("Title", "Procedures of the control room")
    file = journey.folder / "procedures.csv"
    file.write_text("step,who\nWrite the log,the operator\n")
    manager.attach("File", file)
    manager.press("Add evidence")
    manager.sees("Procedures of the control room")

    manager.open(f"{home}questions/49/")
    manager.follow("Ask somebody this question by email")
    manager.write("Email address", journey.address("installer"))
    manager.write("Their name or post", "Installer of the cameras")
    manager.press("Send the question")
    link = link_for(journey.portal.data / "mail", journey.address("installer"), r"https?://\S+/ask/\S+")
    assert installer.open(link) == 200
    installer.sees(COUNCIL)
    assert FACTS[8] not in installer.page.content()  # what the council wrote is not theirs to read
    installer.page.locator("main textarea").first.fill("Each camera is tested against the standard when it is put up.")
    installer.write("Your name or post", "Ines Cable, installer")
    installer.press("Send the answer")
    installer.sees("Your answer is sent")
    assert installer.open(link) == 410
    manager.open(f"{home}questions/49/")
    manager.press("Read it beside the present answer")
    manager.sees("tested against the standard")
    manager.press("Take it over")

    manager.open(f"{home}questions/49/history/")
    manager.sees("Version 2")
    manager.press("Restore this version")
    manager.sees("Version 3")
    if journey.javascript:
        manager.open(f"{home}questions/1/")
        manager.page.locator("main textarea").first.press_sequentially("Since 2019. ", delay=5)
        manager.sees("Saved at")
        manager.page.reload()
        assert manager.page.locator("main textarea").first.input_value().startswith("Since 2019.")


def is_signed_at_the_second_go(journey: Journey, assessment: str) -> None:
    manager, sro = journey.person("manager"), journey.person("sro")
    home = f"/workspace/{COUNCIL_SLUG}/assessments/{assessment}/"
    manager.open(f"{home}send/")
    manager.press("Send for sign-off")
    sro.open("/workspace/")
    sro.sees("Town centre CCTV")
    sro.open(f"{home}return/")
    sro.write("What should be changed", "Say which post answers for the system.")
    sro.press("Return it")
    manager.open(home)
    manager.sees("Say which post answers for the system.")
    manager.open(f"{home}questions/18/")
    manager.page.locator("textarea").first.fill(FACTS[4] + " It is the Director of Place.")
    manager.press("Save")
    manager.sees("Question 18 is saved")
    manager.open(f"{home}send/")
    manager.press("Send for sign-off")
    sro.open(f"{home}sign/")
    sro.sees("It is the Director of Place.")
    sro.write("Your full name", "Sefton Rowe")
    sro.write("Your post", "Director of Place")
    sro.page.get_by_label("Your password", exact=True).fill("not my password")
    sro.press("Sign")
    assert sro.page.locator(".govuk-error-summary").count() == 1
    sro.page.get_by_label("Your password", exact=True).fill(PASSWORD)
    sro.press("Sign")
    sro.open(f"{home}signed/")
    sro.sees("Sefton Rowe")
    digest = re.search(r"\b[0-9a-f]{64}\b", sro.page.locator("main").inner_text())[0]
    frozen = sro.context.request.get(f"{journey.portal.url}{home}signed.json").body()
    assert hashlib.sha256(frozen).hexdigest() == digest
    assert "It is the Director of Place." in json.dumps(json.loads(frozen), ensure_ascii=False)
    printed = wait_until(
        lambda: (got := sro.context.request.get(f"{journey.portal.url}{home}signed.pdf")).ok and got.body(),
        seconds=60,
        what="the worker prints what was signed",
    )
    text = "".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(printed)).pages).split())
    for words in ("Sefton Rowe", digest, "Procedures of the control room", "It is the Director of Place."):
        assert words.replace(" ", "") in text, words


def adds_its_documents(journey: Journey) -> None:
    manager = journey.person("manager")
    file = journey.folder / "document.pdf"
    file.write_bytes(PDF)
    kinds = (
        "code of practice",
        "procedures manual",
        "information sharing agreement",
        "data protection impact assessment",
        "annual report or review",
    )
    for kind in kinds:
        manager.open(f"/workspace/{COUNCIL_SLUG}/evidence/")
        manager.press("Add evidence")
        manager.choose(kind, exact=False)
        manager.write("Title", f"Our {kind}, edition of 2019")
        manager.attach("File", file)
        manager.choose("Town centre CCTV", exact=False)
        manager.press("Add evidence")
        manager.sees(f"Our {kind}")


def applies(journey: Journey) -> str:
    """Returns the reference of the application, submitted and with the body."""
    manager = journey.person("manager")
    manager.open(f"/workspace/{COUNCIL_SLUG}/applications/new/")
    manager.choose(BODY, exact=False)
    manager.choose("Desktop certification", exact=False)
    manager.choose("Town centre CCTV", exact=False)
    manager.write("Scope, as it is to be printed", "Public-space cameras of the town centres and their control room")
    manager.write("Sites", "Control room, Town Hall")
    manager.press("Save the draft")
    reference = re.search(r"/applications/(AP-[^/]+)/", manager.path)
    assert reference, manager.path
    home = f"/workspace/{COUNCIL_SLUG}/applications/{reference[1]}/"
    manager.open(f"{home}documents/")
    for box in manager.page.locator("main input[type=checkbox]").all():
        box.check()
    manager.press("Save the choice")
    manager.open(f"{home}submit/")
    manager.press("Submit the application")
    manager.open(home)
    manager.sees("Submitted")
    return reference[1]


def is_reviewed(journey: Journey, application: str) -> None:
    body, auditor = journey.person("body"), journey.person("auditor")
    home = f"/workspace/{BODY_SLUG}/applications/{application}/"
    body.open("/workspace/")
    body.sees(COUNCIL)
    assert auditor.open(home) == 403  # not assigned yet
    body.open(home)
    body.press("Accept it")
    body.open(f"{home}assign/")
    body.choose("Audley Trent", exact=False)
    body.press("Assign")
    auditor.open(f"{home}declare/")
    for item in ("advised", "worked", "other"):
        auditor.page.locator(f"input[name={item}][value=no]").check()
    auditor.press("Declare")
    auditor.open(home)
    auditor.press("Begin the review")
    auditor.open(f"{home}review/conclude/")
    auditor.sees("P01.C1")  # everything that has no verdict yet is listed
    for principle in range(1, 13):
        auditor.open(f"{home}review/principles/{principle}/")
        auditor.sees(FACTS[principle][:40])  # the council's answer stands beside
        assert auditor.page.locator("input[type=radio]:checked").count() == 0
        keys = [card.get_attribute("id") for card in auditor.page.locator("article.ccp-desk__criterion").all()]
        for key in keys:
            card = auditor.page.locator(f"article#{key}")
            card.get_by_label("Met", exact=True).check()
            card.get_by_role("button", name="Save the verdict").click()
    auditor.open(f"{home}review/conclude/")
    auditor.choose("Recommend award")
    auditor.write(
        "Conclusion of the review", "The documents show regard to all twelve principles; one gap is planned for."
    )
    auditor.write("How many days did the review take?", "2.5")
    auditor.press("Conclude")
    auditor.open(home)
    auditor.sees("Recommendation made")


def is_awarded(journey: Journey, application: str) -> str:
    """Returns the number of the certificate."""
    auditor, decider, manager = journey.person("auditor"), journey.person("decider"), journey.person("manager")
    home = f"/workspace/{BODY_SLUG}/applications/{application}/"
    assert auditor.open(f"{home}decision/") == 403
    decider.open(f"{home}decision/")
    decider.sees("Recommend award")
    decider.choose("Award")
    decider.write("Reasons", "The review is complete and its recommendation is followed.")
    decider.press("Go on")
    decider.press("Award the certificate")
    manager.open(f"/workspace/{COUNCIL_SLUG}/certificates/")
    found = re.search(r"\bIA-\d{4}-\d{5}-\w", manager.page.locator("main").inner_text())
    assert found, manager.page.locator("main").inner_text()
    return found[0]


def publishes(journey: Journey, system: str) -> None:
    manager = journey.person("manager")
    manager.open(f"/workspace/{COUNCIL_SLUG}/publications/{system}/publish/")
    manager.press("Publish now")
    manager.open(f"/workspace/{COUNCIL_SLUG}/publications/{system}/answers/publish/")
    manager.press("Publish now")


def a_stranger_checks(journey: Journey, reference: str) -> None:
    """Without an account: the page that a worker built, the register, the number, the PDF read back."""
    portal, resident = journey.portal, journey.person("resident")
    address = f"/authorities/{COUNCIL_SLUG}/town-centre-cctv/"
    file = portal.data / "public" / address.strip("/") / "index.html"
    wait_until(file.exists, seconds=30, what="the worker builds the camera information page")
    assert resident.open(address) == 200
    resident.sees("31 days")
    resident.sees("Director of Place")
    assert "Sefton Rowe" not in resident.page.content()  # posts, not people
    assert FACTS[9] not in resident.page.content()  # principle 9 is withheld
    answers = portal.data / "public" / address.strip("/") / "self-assessment" / "index.html"
    wait_until(answers.exists, seconds=30, what="the worker builds the page of the answers")
    assert resident.open(f"{address}self-assessment/") == 200
    resident.sees(FACTS[1][:40])
    resident.sees("Withheld")
    assert FACTS[9] not in resident.page.content()  # principle 9 is withheld here, too
    assert resident.open("/cy" + address) == 200
    assert resident.page.locator("html").get_attribute("lang") == "cy"
    answer = wait_until(
        lambda: (
            (got := resident.context.request.get(f"{portal.url}/certificates/{reference}/certificate.pdf")).ok and got
        ),
        seconds=60,
        what="the worker prints the certificate",
    )
    resident.open("/verify/")
    resident.write("Number of the certificate, or reference of the agreement", reference.lower())
    resident.press("Check")
    assert resident.path == f"/certificates/{reference}/"
    resident.sees("Valid")
    resident.open("/certificates/")
    resident.sees(reference)
    assert resident.context.cookies() == []
    pdf = answer.body()
    resident.open(f"/certificates/{reference}/")
    resident.sees(hashlib.sha256(pdf).hexdigest())
    reads_back(pdf, reference, portal.url)
    (held := portal.data / "held.pdf").write_bytes(pdf)
    said = json.loads(portal.manage("verify_certificate", str(held), "--json").stdout)
    assert (said["genuine"], said["standing"], said["reference"]) == (True, "valid", reference)


def reads_back(pdf: bytes, reference: str, url: str) -> None:
    """The printed certificate says what was decided, is tagged, and loads nothing."""
    text = "".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())
    for words in (BODY, COUNCIL, reference, "Town centre CCTV", f"{url}/certificates/{reference}/", "not endorsed"):
        assert words.replace(" ", "") in text, words  # lines break where they may
    assert text.index(BODY.replace(" ", "")) < text.index(COUNCIL.replace(" ", ""))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in document.Root
        assert str(document.Root.Lang).startswith("en")
        assert document.docinfo["/Title"]


def the_trail_holds(journey: Journey) -> None:
    manager = journey.person("manager")
    manager.open(f"/workspace/{COUNCIL_SLUG}/trail/")
    manager.sees("Sefton Rowe")
    verified = journey.portal.manage("verify_audit_trail", "--json")
    assert verified.returncode == 0, verified.stderr
    assert json.loads(verified.stdout)["broken"] is None
    sent = {person: link_for(journey.portal.data / "mail", journey.address(person)) for person in ("sro", "auditor")}
    for link in sent.values():
        again = Person(journey.chromium, journey.portal.url, javascript=journey.javascript)
        assert again.open(link) in {404, 410}  # an invitation works once
        again.sees("This invitation cannot be accepted")
        again.leave()
