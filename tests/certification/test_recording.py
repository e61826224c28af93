"""Past certificates of a closed scheme: what of a list is recorded, what is refused; none of them looks valid."""

import io
import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from accounts.models import FormerName, Organisation
from certification.models import Certificate, CertificationScheme
from certification.past_certificates import sort
from certification.services.events import verify_events
from certification.services.recording import record_certificates
from core.dates import today
from core.errors import Incomplete, RuleBroken
from core.jobs import Job
from core.models import TrailEntry
from tests.factories.accounts import CertificationBodyFactory, OrganisationFactory, UserFactory
from tests.factories.certification import CertificateFactory, CertificationSchemeFactory, shipped_scheme

pytestmark = pytest.mark.django_db
HEAD = "Number,Organisation,Body,Step,Scope,Issued,Valid from,Valid until,Systems\n"
SOURCE = "the Commissioner's list, March 2023"


@pytest.fixture
def scheme() -> CertificationScheme:
    OrganisationFactory(name="Anytown", official_name="Anytown Borough Council", gss_code="E07000999")
    return shipped_scheme("scc-tpc")


def record(scheme: CertificationScheme, rows: str):
    return record_certificates(scheme=scheme, text=HEAD + rows, source=SOURCE, by=None)


def problems(scheme: CertificationScheme, rows: str) -> list[tuple[int, str]]:
    sorting = sort(scheme, HEAD + rows)
    assert (sorting.new, sorting.unchanged) == ([], [])
    return [(problem.row, problem.message) for problem in sorting.problems]


def test_a_row_becomes_a_historic_certificate_without_document(scheme, client):
    body = CertificationBodyFactory(name="Bright Body")
    record(scheme, 'BB/2016/12,E07000999,bright body,full,"Town, centre",30/11/2016,2016-12-01,2021-11-30,CCTV; ANPR\n')
    certificate = Certificate.objects.get()
    assert (certificate.reference, certificate.origin, certificate.standing()) == ("BB-2016-12", "recorded", "historic")
    assert (certificate.body, certificate.body_name, certificate.operator_name) == (
        body,
        "bright body",
        "Anytown Borough Council",
    )
    assert [str(day) for day in (certificate.issued_on, certificate.valid_from, certificate.valid_until)] == [
        "2016-11-30",
        "2016-12-01",
        "2021-11-30",
    ]
    assert [system["name"] for system in certificate.systems_listed] == ["CCTV", "ANPR"]
    event = certificate.events.get()
    assert (event.kind, event.reason, event.data) == ("recorded", SOURCE, {"row": 2, "number": "BB/2016/12"})
    assert verify_events(certificate)
    assert not Job.objects.filter(kind="certification.print_certificate").exists()
    assert TrailEntry.objects.filter(verb="recorded", subject_reference="BB-2016-12").count() == 1
    page = client.get("/certificates/BB-2016-12/").content.decode()
    assert SOURCE.replace("'", "&#x27;") in page
    assert "The portal holds no document of this certificate." in page
    assert "being printed" not in page
    assert 'Number as printed: <span class="ccp-reference">BB/2016/12</span>' in page
    assert client.get("/verify/", {"number": "bb/2016/12"})["Location"] == "/certificates/BB-2016-12/"
    for part in ("certificate.pdf", "certificate.json", "certificate.jws"):
        answer = client.get(f"/certificates/BB-2016-12/{part}")
        assert (answer.status_code, "There is no document" in answer.content.decode()) == (404, True)


def test_dates_and_scope_may_be_blank_and_read_as_not_known(scheme, client):
    record(scheme, "BB1,anytown,Bright Body,desktop,,,-,unknown,\n")
    certificate = Certificate.objects.get()
    assert (certificate.issued_on, certificate.valid_from, certificate.valid_until) == (None, None, None)
    assert (certificate.standing(), certificate.is_in_force()) == ("historic", False)
    for address in ("/certificates/BB1/", "/cy/certificates/BB1/", "/certificates/", "/api/v1/certificates/BB1/"):
        assert client.get(address).status_code == 200
    page = client.get("/certificates/BB1/").content.decode()
    days = page.split("First and last day, as printed</dt>")[1].split("</div>")[0]
    assert days.count("not known") == 1


def test_recording_the_same_list_again_changes_nothing(scheme):
    rows = "BB1,Anytown,Bright Body,full,,,,,CCTV\nBB2,Anytown,Bright Body,full,,,,,\n"
    record(scheme, rows)
    again = record(scheme, rows)
    assert (len(again.new), len(again.unchanged), again.problems) == (0, 2, [])
    assert (Certificate.objects.count(), Organisation.objects.filter(name="Bright Body").count()) == (2, 1)


def test_what_was_recorded_is_never_overwritten(scheme):
    record(scheme, "BB1,Anytown,Bright Body,full,,,,,\n")
    changed = record(scheme, "BB1,Anytown,Bright Body,full,Another scope,,,,\n")
    assert [problem.message for problem in changed.problems] == [
        "It is recorded already with other content. What was recorded is not overwritten."
    ]
    assert Certificate.objects.get().scope == ""


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (",Anytown,B,full,,,,,", "The column “number” is empty."),
        ("1X,,B,full,,,,,", "The column “organisation” is empty."),
        ("1X,Nowhere,B,full,,,,,", "No organisation is called “Nowhere”, nor has it as its GSS code."),
        ("1X,Anytown,,full,,,,,", "The column “body” is empty."),
        ("1X,Anytown,B,third,,,,,", "The step “third” is neither “desktop” nor “full”."),
        ("1X,Anytown,B,full,,31/02/2016,,,", "“31/02/2016” in the column “issued” is no date."),
        ("1X,Anytown,B,full,,1.1.2026,,,", "“1.1.2026” is after the day on which the scheme was closed."),
        ("1X,Anytown,B,full,,,2020-01-01,2019-01-01,", "It would end before it begins."),
        ("***,Anytown,B,full,,,,,", "“***” cannot be the number of a certificate."),
        ("SCC-2016-00012-3,Anytown,B,full,,,,,", "The number has the form of those that this portal gives itself."),
    ],
)
def test_a_row_with_a_problem_stays_out_and_says_why(scheme, row, message):
    assert problems(scheme, row + "\n") == [(2, message)]


def test_a_name_that_two_have_and_a_number_that_is_taken_are_refused(scheme):
    FormerName.objects.create(organisation=OrganisationFactory(), name="ANYTOWN")
    taken = CertificateFactory()
    assert problems(scheme, "1X,Anytown,B,full,,,,,\n") == [
        (2, "More than one organisation is called “Anytown”. Give its GSS code.")
    ]
    rows = f"{taken.reference.lower()},E07000999,B,full,,,,,\n"
    assert problems(scheme, rows) == [(2, "Another certificate has this number already.")]
    both = sort(scheme, HEAD + "1X,E07000999,B,full,,,,,\n1-X,E07000999,B,full,,,,,\n")
    assert ([past.row for past in both.new], [p.message for p in both.problems]) == (
        [2],
        ["Row 2 has the same number."],
    )


def test_only_a_closed_scheme_takes_past_certificates(scheme):
    rows = HEAD + "1X,Anytown,B,full,,,,,\n"
    for other in (CertificationSchemeFactory(), CertificationSchemeFactory(closed_on=today().replace(year=2099))):
        with pytest.raises(RuleBroken, match="closed scheme"):
            record_certificates(scheme=other, text=rows, source=SOURCE, by=None)
    with pytest.raises(Incomplete):
        record_certificates(scheme=scheme, text=rows, source=" ", by=None)
    with pytest.raises(RuleBroken, match="lacks these columns: body, step"):
        sort(scheme, "number;organisation\n1;2\n")
    assert Certificate.objects.count() == 0


def test_an_unknown_body_is_added_once_and_can_do_nothing(scheme):
    record(scheme, "1X,Anytown,Old Body,full,,,,,\n2X,Anytown,OLD BODY,full,,,,,\n")
    body = Organisation.objects.get(name__iexact="old body")
    assert body.kind == "certification_body"
    assert (body.memberships.count(), body.schemes.count(), body.certificates_issued.count()) == (0, 0, 2)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_is_judged_at_the_same_cost(scheme, django_assert_num_queries, rows):
    text = HEAD + "".join(f"B{row},Anytown,B,full,,,,,\n" for row in range(rows))
    with django_assert_num_queries(5):
        sort(scheme, text)


def test_the_command_shows_first_and_tells_all(scheme, tmp_path: Path):
    file = tmp_path / "list.csv"
    file.write_bytes((HEAD + "1X,Anytown,B\u00e9,full,,,,,\n2X,Nowhere,B,full,,,,,\n").encode("cp1252"))

    def run(*options: str):
        out = io.StringIO()
        call_command("import_certificates", str(file), "--scheme", "scc-tpc", "--json", *options, stdout=out)
        return json.loads(out.getvalue())

    result = run("--dry-run")
    assert Certificate.objects.count() == 0
    wanted = {
        "rows": 2,
        "new": 1,
        "unchanged": 0,
        "refused": 1,
        "new_bodies": ["Bé"],
        "problems": [{"row": 3, "message": "No organisation is called “Nowhere”, nor has it as its GSS code."}],
        "applied": False,
    }
    assert result == wanted
    assert run() == {**wanted, "applied": True}
    assert Certificate.objects.get().events.get().reason == "list.csv"
    assert run() == {**wanted, "new": 0, "unchanged": 1, "new_bodies": [], "applied": True}


def test_the_page_shows_the_sorting_before_anything_is_recorded(scheme, client):
    client.force_login(UserFactory(is_staff=True))
    address = "/workspace/administration/schemes/scc-tpc/record/"
    text = HEAD + "1X,Anytown,Old Body,full,,,,,\n2X,Nowhere,B,full,,,,,\n"
    check = client.post(address, {"file": SimpleUploadedFile("x.csv", text.encode()), "source": SOURCE})
    html = check.content.decode()
    assert check.status_code == 200
    assert "No organisation is called “Nowhere”" in html
    assert "<li>Old Body</li>" in html
    assert Certificate.objects.count() == 0
    done = client.post(address, {"text": text.replace("\n", "\r\n"), "source": SOURCE, "confirmed": "on"})
    assert (done.status_code, Certificate.objects.get().reference) == (302, "1X")
    assert client.post(address, {"source": SOURCE}).status_code == 422
    open_one = CertificationSchemeFactory()
    sent = {"file": SimpleUploadedFile("x.csv", text.encode()), "source": SOURCE}
    assert client.post(f"/workspace/administration/schemes/{open_one.key}/record/", sent).status_code == 422
