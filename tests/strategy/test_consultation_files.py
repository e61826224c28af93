"""Answering a national consultation by a file: the blank form, every lack by its row, and the way of the web form."""

import csv
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Role
from compliance.models import ConsultationResponse
from strategy import consultation_files as files
from strategy.models import NationalResponse
from strategy.services import consultations as services
from strategy.services.consultation_responses import Given, respond
from strategy.services.consultation_summary import summary_of
from tests.factories.accounts import NationalBodyFactory, member
from tests.factories.strategy_consultations import closed, opened

pytestmark = pytest.mark.django_db
GOOD = {"organisation": "Norwold Council", "q1": "2", "q2": "1; 3", "q3": "agree", "q4": "One,\ntwo; “three”"}
GOOD |= {"consent": "named", "email": "clerk@norwold.example"}


@pytest.fixture
def secretary():
    return member(NationalBodyFactory(), Role.SECRETARY)


@pytest.fixture
def national(secretary):
    return opened(secretary)


def at(name, national):
    return reverse(f"strategy:{name}", args=[national.reference.lower()])


def taken(client, national, prefix=""):
    page = client.get(prefix + at("consultation_form", national))
    return list(csv.DictReader(io.StringIO(page.content.decode("utf-8-sig"))))


def filled(rows, answers, encoding="utf-8-sig", delimiter=","):
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, files.COLUMNS, delimiter=delimiter)
    writer.writeheader()
    for row in rows:
        writer.writerow(row | ({"answer": answers[row["key"]]} if row["key"] in answers and "question" in row else {}))
    return out.getvalue().encode(encoding)


def bring(client, national, data, prefix=""):
    file = SimpleUploadedFile("answer.csv", data, "text/csv")
    return client.post(prefix + at("consultation_file", national), {"file": file})


def hidden(page):
    """What the page to check carries, field by field."""
    found = {}
    for piece in page.content.decode().split('<input type="hidden" name="')[1:]:
        name, rest = piece.split('" value="', 1)
        found.setdefault(name, []).append(rest.split('"', 1)[0])
    return found


def test_the_blank_form_says_key_text_kind_and_allowed_answers_in_both_languages(client, national):
    rows = {row["key"]: row for row in taken(client, national)}
    asked = [each["key"] for each in national.consultation.questions]
    assert list(rows) == ["consultation", "organisation", *asked, "name", "email", "consent"]
    assert rows["consultation"]["answer"] == national.reference
    assert (rows["q1"]["question"], rows["q1"]["allowed answers"]) == ("Which?", "1 = A; 2 = B; 3 = C")
    assert rows["q3"]["allowed answers"].startswith("5 = strongly agree; 4 = agree")
    assert rows["q4"]["allowed answers"] == ""
    assert rows["consent"]["allowed answers"] == "named = yes, with the name; unnamed = yes, without the name; no = no"
    welsh = {row["key"]: row for row in taken(client, national, "/cy")}
    assert welsh["q1"]["allowed answers"] == "1 = Dewis 1; 2 = Dewis 2; 3 = Dewis 3"


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8-sig", ","), ("cp1252", ";"), ("utf-16", "\t")], ids=["UTF-8", "Excel", "wide"]
)
def test_a_filled_file_is_shown_then_sent_and_kept_as_a_form_would_be(client, national, encoding, delimiter):
    page = bring(client, national, filled(taken(client, national), GOOD, encoding, delimiter))
    shown = page.content.decode()
    assert "Nothing is sent yet." in shown
    assert "Norwold Council" in shown
    assert not ConsultationResponse.objects.exists()
    for _twice in range(2):
        client.post(at("consultation_respond", national), {**hidden(page), "q4": GOOD["q4"], "send": "1"})
    kept = ConsultationResponse.objects.get()
    assert kept.answers[:4] == ["2", ["1", "3"], "4", GOOD["q4"]]
    assert (kept.organisation, kept.email) == ("Norwold Council", "clerk@norwold.example")
    assert (kept.national.channel, kept.national.is_organisation, kept.national.consent) == ("file", True, "named")
    assert summary_of(national.consultation)["by_file"] == 1
    assert not client.cookies


def test_answers_may_be_words_in_either_language_or_as_the_file_lists_them(client, national):
    said = GOOD | {"q1": "Dewis 2", "q2": "2 = E;\nff", "q3": "5 = strongly agree", "consent": "No"}
    fields = hidden(bring(client, national, filled(taken(client, national), said)))
    assert (fields["q1"], fields["q2"], fields["q3"], fields["consent"]) == (["2"], ["2", "3"], ["5"], ["no"])


def test_the_same_words_and_the_same_sender_by_form_and_file_are_told(client, national):
    respond(
        national=national, given=Given(answers={"q4": GOOD["q4"]}, is_organisation=True, organisation="NORWOLD council")
    )
    page = bring(client, national, filled(taken(client, national), GOOD))
    client.post(at("consultation_respond", national), {**hidden(page), "q4": GOOD["q4"], "send": "1"})
    found = NationalResponse.objects.with_likeness().get(channel="file")
    assert (found.has_same_words, found.has_same_sender) == (True, True)


def test_every_lack_is_named_with_its_row_and_nothing_is_lost(client, national):
    rows = taken(client, national)
    bad = {"q1": "zqmaybe", "q2": "1;9", "q4": "My long words", "email": "nobody", "organisation": "", "consent": ""}
    rows += [{"key": "q4", "answer": "zqtwice"}, {"key": "q77", "answer": "zqunknown"}]
    page = bring(client, national, filled(rows, bad))
    assert page.status_code == 422
    shown = page.content.decode()
    number = {row["key"]: place for place, row in enumerate(rows, start=2) if "question" in row}
    for key, words in (
        ("q1", "“zqmaybe” is not among the allowed answers: 1 = A; 2 = B; 3 = C."),
        ("q2", "“9” is not among the allowed answers"),
        ("organisation", "Write the name of the organisation"),
        ("email", "Enter an email address"),
        ("consent", "Say whether your answer may be published."),
    ):
        assert f"Row {number[key]}: {words}" in shown
    assert f"Row {len(rows)}: “q4” is answered twice." in shown
    assert f"Row {len(rows) + 1}: nothing is asked under “q77”." in shown
    for words in ("My long words", "zqtwice", "zqunknown", "zqmaybe"):
        assert words in shown
    assert not ConsultationResponse.objects.exists()
    form = client.post(at("consultation_respond", national), hidden(page) | {"change": "1"})
    assert form.status_code == 200
    assert "My long words" in form.content.decode()


def test_a_file_of_another_consultation_and_one_without_rows_are_refused(client, national, secretary):
    other = opened(secretary)
    page = bring(client, national, filled(taken(client, other), GOOD))
    assert page.status_code == 422
    assert f"must say {national.reference}" in page.content.decode()
    page = bring(client, national, f"key,answer\r\nconsultation,{national.reference}\r\n".encode())
    for words in ("Answer at least one question.", "The row “organisation” is missing", "The row “consent” is missing"):
        assert words in page.content.decode()


def test_text_beyond_the_last_column_is_told(client, national):
    text = f"key,answer\r\nconsultation,{national.reference}\r\nq4,One, two and three\r\n"
    page = bring(client, national, text.encode())
    assert "Row 3: “two and three” stands beyond the last column." in page.content.decode()


def workbook():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Choose the file that you filled in."),
        (workbook(), "This is a workbook."),
        (b"key,answer\r\nq4,\x00\r\n", "The file is not a CSV file."),
        (b"\xff\xfe\x00", "cannot be read"),
        (b"%PDF-1.7 something", "The first row must name the columns"),
        (b"<script>alert(1)</script>", "The first row must name the columns"),
        (b"key,answer\r\n" + b"q4,x\r\n" * 400, "more rows or columns"),
        (b"key,answer" + b",x" * 60, "more rows or columns"),
        (b"key,answer\r\nq4," + b"x" * 200_000, "The file is not a CSV file."),
        (b"key,answer\r\nq4," + b"x" * (files.LARGEST + 5), "larger than 2 MB"),
        (b"\n\n \n", "The file is not a CSV file."),
    ],
    ids=["empty", "zip", "nul", "half", "pdf", "page", "rows", "columns", "field", "large", "blank"],
)
def test_hostile_files_are_refused_with_a_sentence(client, national, data, words):
    page = bring(client, national, data)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert not ConsultationResponse.objects.exists()


def test_what_a_page_or_a_spreadsheet_would_run_is_text_and_what_nobody_sees_is_told(client, national):
    said = GOOD | {"q4": "=HYPERLINK(1) <script>alert(1)</script>"}
    shown = bring(client, national, filled(taken(client, national), said)).content.decode()
    assert "=HYPERLINK(1) &lt;script&gt;" in shown
    assert "<script>alert" not in shown
    page = bring(client, national, filled(taken(client, national), GOOD | {"q4": "a\x07b"}))
    assert page.status_code == 422
    assert "Row 7: " in page.content.decode()


def test_a_token_made_for_the_form_does_not_say_file_and_a_forged_one_keeps_nothing(client, national):
    sent = {"who": "person", "consent": "no", "q1": "2"}
    page = client.post(at("consultation_respond", national), sent)
    token = hidden(page)["token"][0]
    forged = token.replace(".form", ".file")
    assert forged != token
    client.post(at("consultation_respond", national), sent | {"token": forged, "send": "1"})
    assert not ConsultationResponse.objects.exists()
    client.post(at("consultation_respond", national), sent | {"token": token, "send": "1"})
    assert NationalResponse.objects.get().channel == "form"


def test_a_late_file_is_refused_and_stands_on_the_page_and_a_withdrawn_one_has_no_form(client, national, secretary):
    data = filled(taken(client, national), GOOD)
    closed(national)
    page = bring(client, national, data)
    assert page.status_code == 410
    assert "Norwold Council" in page.content.decode()
    other = opened(secretary)
    services.withdraw(national=other, version=other.consultation.version, reason="No.", by=secretary)
    assert client.get(at("consultation_form", other)).status_code == 404
    assert client.get(at("consultation_file", other)).status_code == 410


def test_the_pages_ask_few_queries(client, national, django_assert_num_queries):
    data = filled(taken(client, national), GOOD)
    with django_assert_num_queries(1):
        client.get(at("consultation_form", national))
    with django_assert_num_queries(2):
        client.get(at("consultation_file", national))
    with django_assert_num_queries(2):
        bring(client, national, data)
