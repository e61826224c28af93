"""What is done together on a self-assessment, tried by somebody who means harm."""

import datetime as dt
import io
import json
import zipfile

import docx
import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from accounts.models import Membership, Role, User
from accounts.services.people import end_membership
from compliance.exchange.guessing import choice_of, number_of
from compliance.exchange.reading import read
from compliance.models import Assessment
from core.errors import RuleBroken
from tests.compliance.pages import sign_in
from tests.compliance.test_import_assessment import workbook
from tests.factories.accounts import MembershipFactory, OrganisationFactory, member
from tests.factories.compliance import AssessmentFactory, real_edition

pytestmark = pytest.mark.django_db
HALF = "\ud800"  # half of a pair of surrogates: JSON can name it, UTF-8 cannot hold it


class TestWhoLeft:
    """A former member belongs to whoever they work for now, not to those who managed them once."""

    def left(self) -> tuple[User, Membership, str]:
        operator = OrganisationFactory()
        spoc = member(operator, Role.SPOC)
        membership = MembershipFactory(organisation=operator, starts_on=dt.date(2025, 1, 1))
        Authenticator.objects.create(user=membership.user, type=Authenticator.Type.TOTP, data={"secret": "x"})
        end_membership(membership=membership, by=spoc)
        return spoc, membership, f"/workspace/{operator.slug}/people/{membership.reference}/"

    def test_keeps_the_second_step(self, client: Client) -> None:
        spoc, membership, address = self.left()
        client.force_login(spoc)
        assert client.get(f"{address}second-step/").status_code == 403
        assert client.post(f"{address}second-step/", {"sure": "on"}).status_code == 403
        assert Authenticator.objects.filter(user=membership.user).count() == 1

    def test_comes_back_by_an_invitation_alone(self, client: Client) -> None:
        spoc, membership, address = self.left()
        client.force_login(spoc)
        answer = client.post(f"{address}add/", {"role": Role.VIEWER})
        assert (answer.status_code, membership.user.memberships.count()) == (422, 1)


def test_a_json_file_with_halves_of_characters_is_read_and_shown(client: Client) -> None:
    draft = Assessment.objects.for_detail().get(pk=AssessmentFactory(edition=real_edition()).pk)
    sign_in(client, draft, Role.CONTRIBUTOR)
    questions = [
        {"number": 1, "key": "P01Q1", "answer": {"choice": HALF, "text": f"Half {HALF} of one"}},
        {"number": HALF, "key": "P99Q1", "answer": {"choice": HALF, "text": f"Stray {HALF}"}},
    ]
    part = {"system": {"reference": HALF}, "principles": [{"questions": questions}]}
    content = json.dumps({"schema": "ccp/self-assessment/2", "assessments": [part]}).encode()
    system = draft.system
    address = f"/workspace/{system.operator.slug}/systems/{system.reference}/answers/import/"
    coded = workbook([["No", "Answer", "Note"], [12, "Yes", "All _xD800_ are"], [99, "", "Stray _xD800_"]])
    for name, file in (("ours.json", content), ("theirs.xlsx", coded)):
        found = client.post(address, {"file": SimpleUploadedFile(name, file)})
        page = client.get(found["Location"])
        assert (page.status_code, "Stray \ufffd" in page.content.decode()) == (200, True)


def bombed(path: str, old: str, new: str, whole: bytes) -> bytes:
    """The package with one replacement in one of its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            part = before.read(name)
            after.writestr(name, part.replace(old.encode(), new.encode(), 1) if name == path else part)
    return out.getvalue()


def lines(number: int) -> bytes:
    """A Word document with so many paragraphs."""
    out = io.BytesIO()
    docx.Document().save(out)
    paragraphs = "<w:p><w:r><w:t>aaaa</w:t></w:r></w:p>" * number
    return bombed("word/document.xml", "<w:body>", f"<w:body>{paragraphs}", out.getvalue())


def far_row(number: int) -> bytes:
    """An Excel workbook with words in that row."""
    book = Workbook()
    book.active.append(["No", "Answer"])
    book.active.cell(row=number, column=1, value="Words far below")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("lines.docx", lines(40_001)),
        ("words.docx", lines(500_000)),
        ("below.xlsx", far_row(5001)),
        ("far.xlsx", far_row(1_048_576)),
    ],
)
def test_a_file_that_is_too_long_is_refused_and_not_cut(name: str, content: bytes) -> None:
    with pytest.raises(RuleBroken, match="more rows than"):
        read(content, name, questions=())


def far_column(number: int) -> bytes:
    """An Excel workbook with words in that column."""
    book = Workbook()
    book.active.append(["No", "Answer"])
    book.active.cell(row=2, column=number, value="Words far to the right")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("beside.xlsx", far_column(61)),
        ("far.xlsx", far_column(256)),
        ("wide.csv", b"No,Answer" + b"," * 59 + b"\r\n1,Yes" + b"," * 59 + b"words beside\r\n"),
    ],
)
def test_a_file_that_is_too_wide_is_refused_and_not_cut(name: str, content: bytes) -> None:
    with pytest.raises(RuleBroken, match="more columns than"):
        read(content, name, questions=())


@pytest.mark.parametrize("cell", ["x" + " " * 30_000 + "☐", " " * 30_000 + "x", "1" + " " * 30_000 + "x"])
def test_blanks_in_a_cell_are_not_tried_over_and_over(cell: str) -> None:
    """A cell of Excel holds 32,767 characters. Tried over and over, this would not end today."""
    assert (choice_of(cell), number_of(cell, ())) == (None, None)


@pytest.mark.parametrize(("name", "content"), [("lines.docx", lines(5000)), ("last.xlsx", far_row(5000))])
def test_a_long_file_is_read_to_its_end(name: str, content: bytes) -> None:
    found = read(content, name, questions=()).loose
    assert [found[-1].text, len(found)] == (["aaaa", 5000] if name == "lines.docx" else ["Words far below", 2])
