"""Hostile lists of past certificates: a sentence for each, and nothing that breaks a page, a picture or a feed."""

import time
import xml.etree.ElementTree as ET

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from certification.models import Certificate, CertificationScheme
from certification.past_certificates import sort
from core.errors import RuleBroken
from tests.certification.test_recording import HEAD, problems, record
from tests.factories.accounts import OrganisationFactory, SiteAdministratorFactory
from tests.factories.certification import shipped_scheme

pytestmark = pytest.mark.django_db
ROW = "BB/2016/12,E07000999,Bright Body,full,Town centre,,,,CCTV"


@pytest.fixture
def scheme() -> CertificationScheme:
    OrganisationFactory(name="Anytown", official_name="Anytown Borough Council", gss_code="E07000999")
    return shipped_scheme("scc-tpc")


def test_a_cell_longer_than_a_reader_of_csv_takes_is_refused_with_a_sentence(scheme, client):
    client.force_login(SiteAdministratorFactory())
    data = (HEAD + f"X,{'a' * 200_000},B,full,,,,,\n").encode()
    answer = client.post(
        f"/workspace/administration/schemes/{scheme.key}/record/",
        {"file": SimpleUploadedFile("list.csv", data, "text/csv"), "source": "A list"},
    )
    assert answer.status_code == 422
    assert "The file is not a CSV file." in answer.content.decode()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_any_program_ends_them(scheme, end):
    sorting = sort(scheme, (HEAD + ROW + "\n").replace("\n", end))
    assert (sorting.rows, len(sorting.new), sorting.problems) == (1, 1, [])


@pytest.mark.parametrize("character", ["\x01", "\x1b", "\x9d", "\u202e", "\ud800"])
@pytest.mark.parametrize("where", ["Bright Body", "Town centre", "CCTV"])
def test_what_cannot_be_shown_stays_out_of_pages_pictures_and_feeds(scheme, character, where):
    row = ROW.replace(where, f"{where[:3]}{character}{where[3:]}")
    assert problems(scheme, row) == [
        (2, "The row has a character that cannot be shown. Delete it or type the text again.")
    ]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "01/01/0001", "31/12/9999", "1989-12-31", "2101-01-01"])
@pytest.mark.parametrize("column", [0, 1, 2])
def test_days_of_no_certificate_are_no_dates(scheme, day, column):
    days = ["", "", ""]
    days[column] = day
    name = ("issued", "valid_from", "valid_until")[column]
    row = f"BB/2016/12,E07000999,Bright Body,full,Town centre,{','.join(days)},CCTV"
    assert problems(scheme, row) == [(2, f"“{day}” in the column “{name}” is no date.")]


def test_what_is_recorded_runs_in_no_spreadsheet_and_breaks_no_markup(scheme, client):
    row = 'BB/2016/12,E07000999,"=HYPERLINK(""http://x"")",full,"<script>alert(1)</script>]]>",,,,"@SUM(1+1)"'
    assert len(record(scheme, row).new) == 1
    certificate = Certificate.objects.get()
    lines = client.get("/certificates/register.csv").content.decode().splitlines()
    assert '"\'=HYPERLINK(""http://x"")"' in lines[1]
    assert "'@SUM(1+1)" in lines[1]
    for path in ("/certificates/", f"/certificates/{certificate.reference}/"):
        assert "<script>alert" not in client.get(path).content.decode()
    for path in ("/feeds/certificates.atom", f"/certificates/{certificate.reference}/mark.svg"):
        ET.fromstring(client.get(path).content)


def test_a_list_as_long_as_is_taken_is_judged_in_seconds(scheme):
    began = time.monotonic()
    with pytest.raises(RuleBroken, match="more than 5,000 rows"):
        sort(scheme, HEAD + "a,b,c,d\n" * 60_000)
    sort(scheme, HEAD + "".join(f"BB/{number},E07000999,B,full,,,,,\n" for number in range(5000)))
    assert time.monotonic() - began < 10
