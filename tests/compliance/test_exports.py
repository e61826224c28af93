"""Taking a self-assessment away: every kind of file is complete, harmless, and comes back as it was."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from django.conf import settings

from compliance import frozen
from compliance.exchange import csv_files, excel_files, tables, word_files
from compliance.exchange.content import blank_content, filled_content, signed_of
from compliance.models import Answer, Assessment, EvidenceUse
from compliance.services.answer_import import Kind, lay_beside
from compliance.services.printing import PRINT_COPY
from core import jobs
from core.models import Job
from tests.compliance.pages import at, sign_in
from tests.factories.compliance import (
    ActionItemFactory,
    AnswerFactory,
    AssessmentFactory,
    EvidenceFactory,
    finished_assessment,
    real_edition,
    signed_assessment,
)

pytestmark = pytest.mark.django_db

# Texts that spreadsheets, separators, quotes and XML trip over.
AWKWARD = (
    '=HYPERLINK("http://evil.example","x")',
    "+44 20 7946 0000",
    "-1 day, then 2",
    "@everyone",
    "'quoted' from the start",
    "''two apostrophes",
    'a "quoted" word, a comma; a semicolon',
    "two\nlines\n\nand a gap",
    "Dŵr, £5 & <b>tags</b> – ‘dashes’ 📹",
    "_x0041_ and _x000D_",
    "=",
)


def awkward_assessment() -> Assessment:
    """Awkward texts, Welsh, a carried answer, one kept under a question that is not asked, an action and evidence."""
    assessment: Assessment = AssessmentFactory(edition=real_edition(), scope="=1+1\nThe town centre.")
    questions = list(assessment.edition.questions.all())
    for question, text in zip(questions, AWKWARD, strict=False):
        choice = "" if question.kind == "text" else "yes"
        AnswerFactory(assessment=assessment, question=question, choice=choice, text=text)
    welsh = AnswerFactory(assessment=assessment, question=questions[19], choice="no", text="Nac oes, ddim eto.")
    Answer.objects.filter(pk=welsh.pk).update(language="cy", carried_from="SA-23456789, Town centre")
    not_asked = next(question for question in questions if question.applies == "bwv")
    AnswerFactory(assessment=assessment, question=not_asked, choice="yes", text="Kept, though not asked.")
    ActionItemFactory(assessment=assessment, description="=cmd|'/c calc'!A1")
    evidence = EvidenceFactory(operator=assessment.system.operator, title="Policy")
    EvidenceUse.objects.create(evidence=evidence, assessment=assessment, question=questions[0])
    return Assessment.objects.for_detail().get(pk=assessment.pk)


def filled(assessment: Assessment) -> tuple[dict[str, Any], dict[str, Any]]:
    content = filled_content(assessment, signed_of(assessment))
    return content, frozen.part_of(content, assessment.reference)


def as_json(assessment: Assessment) -> bytes:
    return frozen.canonical(filled(assessment)[0]).encode()


def as_csv(assessment: Assessment) -> bytes:
    return csv_files.write(*filled(assessment))


def as_xlsx(assessment: Assessment) -> bytes:
    return excel_files.write(*filled(assessment), assessment.edition.questions.all())


def as_docx(assessment: Assessment) -> bytes:
    return word_files.write(*filled(assessment), blank=False)


def cells(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def word_text(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    rows = ["\n".join(cell.text for cell in row.cells) for table in document.tables for row in table.rows]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *rows])


def test_every_question_and_every_text_stands_in_every_kind_of_file():
    assessment = awkward_assessment()
    numbers = set(assessment.edition.questions.values_list("number", flat=True))
    stored = {text for text in assessment.answers.values_list("text", flat=True) if text}
    assert (len(numbers), len(stored)) == (75, len(AWKWARD) + 2)

    part = json.loads(as_json(assessment))["assessments"][0]
    questions = [question for principle in part["principles"] for question in principle["questions"]]
    assert {question["number"] for question in questions} == numbers
    answers = [question["answer"] or question.get("kept") for question in questions]
    assert {answer["text"] for answer in answers if answer and answer["text"]} == stored

    rows = list(csv.DictReader(io.StringIO(as_csv(assessment).decode("utf-8-sig"), newline="")))
    of_answers = [row for row in rows if row["record"] == "answer"]
    assert {int(row["number"]) for row in of_answers} == numbers
    assert {csv_files.as_it_was(row["text"]) for row in of_answers if row["text"]} == stored

    sheets = cells(as_xlsx(assessment))
    assert set(sheets) == {"Answers", "About", "Actions", "Evidence"}
    text = tables.COLUMNS.index("text")
    assert sheets["Answers"][0] == tables.COLUMNS
    assert {row[0] for row in sheets["Answers"][1:]} == numbers
    coded = {excel_files.CODED.sub("_x005F_", each) for each in stored}
    assert {row[text] for row in sheets["Answers"][1:] if row[text]} == coded

    words = word_text(as_docx(assessment))
    for number in numbers:
        assert f"\n{number}\n" in words
    for each in stored:
        assert each in words


@pytest.mark.parametrize("make", [as_json, as_csv, as_xlsx, as_docx])
def test_keys_titles_languages_marks_actions_and_evidence_are_in(make):
    assessment = awkward_assessment()
    made = make(assessment)
    whole = {
        as_xlsx: lambda: str(cells(made)),
        as_docx: lambda: word_text(made),
    }.get(make, made.decode)()
    evidence = assessment.evidence_uses.get().evidence
    action = assessment.actions.get()
    for question in assessment.edition.questions.all():
        assert question.key in whole
        assert question.title in whole
    for wanted in (
        assessment.reference,
        assessment.system.name,
        assessment.edition.title,
        assessment.edition.sha256,
        "The town centre.",
        "SA-23456789, Town centre",
        evidence.reference,
        evidence.sha256,
        action.reference,
        "Director of Communities",
    ):
        assert wanted in whole
    assert ("Cymraeg" if make is as_docx else "cy") in whole


def test_nothing_in_a_spreadsheet_is_a_formula():
    assessment = awkward_assessment()
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(assessment)))
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in found} == {"s", "n"}
    begun = [cell for cell in found if str(cell.value).startswith(("=", "+", "-", "@"))]
    assert len(begun) >= 5
    assert all(cell.quotePrefix for cell in begun)
    rows = csv.reader(io.StringIO(as_csv(assessment).decode("utf-8-sig"), newline=""))
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


def test_a_workbook_offers_the_answers_that_each_question_takes():
    assessment = awkward_assessment()
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(assessment)))["Answers"]
    offered = {str(cell): rule.formula1 for rule in sheet.data_validations.dataValidation for cell in rule.sqref}
    letter = openpyxl.utils.get_column_letter(tables.COLUMNS.index("choice") + 1)
    closed = assessment.edition.questions.get(key="P02Q1")
    not_applicable = assessment.edition.questions.get(key="P03Q4")
    assert offered[f"{letter}{closed.number + 1}"] == '"Yes,No"'
    assert offered[f"{letter}{not_applicable.number + 1}"] == '"Yes,No,Not applicable"'
    assert f"{letter}2" not in offered  # question 1 asks for text
    assert sheet.freeze_panes == "A2"


def test_rows_of_a_workbook_are_as_high_as_their_texts_and_grow_with_them():
    assessment = awkward_assessment()
    Answer.objects.filter(question__number=1).update(text="word " * 70 + "\n" + "line\n" * 9)
    Answer.objects.filter(question__number=2).update(text="x" * 4_000)
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(assessment)))
    assert [book["Answers"].row_dimensions[row].height for row in (2, 3)] == [15 * 15, 405]  # 5, 9 and an empty one
    with zipfile.ZipFile(io.BytesIO(as_xlsx(assessment))) as parts:
        assert b"customHeight" not in parts.read("xl/worksheets/sheet1.xml").replace(b'customHeight="0"', b"")


def test_csv_is_as_the_standard_says():
    made = as_csv(awkward_assessment())
    assert made.startswith(b"\xef\xbb\xbfrecord,number,key,")
    assert made.endswith(b"\r\n")
    rows = list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline="")))
    assert {len(row) for row in rows} == {len(csv_files.COLUMNS)}


@pytest.mark.parametrize("text", [*AWKWARD, "", "\tTab", "plain"])
def test_an_apostrophe_more_is_taken_away_again(text):
    assert csv_files.as_it_was(csv_files.neutral(text)) == text


def test_word_has_headings_and_languages():
    document = docx.Document(io.BytesIO(as_docx(awkward_assessment())))
    headings = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 1"]
    assert headings[1].startswith("Principle 1: ")
    assert len([heading for heading in headings if heading.startswith("Principle")]) == 12
    tags = set(document.element.xpath("//w:lang/@w:val"))
    assert tags == {"en-GB", "cy-GB"}
    assert document.core_properties.language == "en-GB"
    heads = document.element.xpath("//w:tblHeader")
    assert len(heads) == len(document.tables)
    rows = [row._tr for table in document.tables for row in table.rows]
    assert len(document.element.xpath("//w:trPr/w:cantSplit")) == len(rows)
    assert re.search(r"Saved on \d+ \w+ 20\d\d", word_text(as_docx(awkward_assessment())))


@pytest.mark.parametrize("ending", ["json", "csv", "xlsx", "docx"])
def test_a_file_read_in_again_changes_nothing(ending):
    assessment = awkward_assessment()
    made = {"json": as_json, "csv": as_csv, "xlsx": as_xlsx, "docx": as_docx}[ending](assessment)
    laid = lay_beside(assessment=assessment, content=made, file_name=f"answers.{ending}")
    assert {offer.kind for offer in laid.offers} == {Kind.SAME}
    assert len(laid.offers) == assessment.answers.count()
    assert laid.found.loose == []


def test_blank_files_hold_every_question_and_no_answer():
    assessment = awkward_assessment()
    content = blank_content(assessment)
    part = frozen.part_of(content, assessment.reference)
    rows = tables.answer_rows(part)
    assert [row["number"] for row in rows] == list(range(1, 76))
    assert {(row["choice"], row["text"], row["version"], row["evidence"]) for row in rows} == {("", "", 0, "")}
    assert (part["scope"], tables.action_rows(part), tables.evidence_rows(part)) == ("", [], [])
    made = word_files.write(content, part, blank=True)
    for text in AWKWARD[:3]:
        assert text not in word_text(made)


def test_what_was_signed_is_taken_from_the_frozen_text(client):
    assessment = signed_assessment()
    signed = assessment.signed_as.get()
    sign_in(client, assessment)
    Answer.objects.filter(assessment=assessment).update(text="Changed behind the portal's back.")
    assert client.get(at(assessment, "take/answers.json")).content == signed.content.encode()
    for ending in ("csv", "docx", "xlsx"):
        answer = client.get(at(assessment, f"take/answers.{ending}"))
        assert answer.status_code == 200
        assert b"behind the portal" not in answer.content
    text = client.get(at(assessment, "take/answers.csv")).content.decode()
    assert "About question 1." in text


def test_what_is_signed_validates_against_the_written_schema():
    schema = json.loads((Path(settings.BASE_DIR) / "docs" / "self-assessment.schema.json").read_text())
    signed = signed_assessment(edition=real_edition())
    validate(json.loads(signed.signed_as.get().content), schema, schema)
    validate(json.loads(as_json(awkward_assessment())), schema, schema)
    broken = json.loads(signed.signed_as.get().content)
    broken["assessments"][0]["principles"][0]["questions"][0]["colour"] = "red"
    with pytest.raises(AssertionError):
        validate(broken, schema, schema)


TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}


def validate(value: Any, rule: dict[str, Any], schema: dict[str, Any], at: str = "$") -> None:
    """As much of JSON Schema as the written one uses."""
    if reference := rule.get("$ref"):
        return validate(value, schema["$defs"][reference.rsplit("/", 1)[-1]], schema, at)
    if choices := rule.get("anyOf"):
        return _any(value, choices, schema, at)
    if "const" in rule:
        assert value == rule["const"], at
    if "enum" in rule:
        assert value in rule["enum"], at
    if kinds := rule.get("type"):
        kinds = [kinds] if isinstance(kinds, str) else kinds
        assert type(value) in {TYPES[kind] for kind in kinds}, at
    if "pattern" in rule:
        assert re.search(rule["pattern"], value), at
    if isinstance(value, dict):
        known, others = rule.get("properties", {}), rule.get("additionalProperties", False)
        assert set(rule.get("required", ())) <= set(value), at
        assert others or set(value) <= set(known), at
        for name, part in value.items():
            validate(part, known.get(name, others), schema, f"{at}.{name}")
    if isinstance(value, list):
        for number, part in enumerate(value):
            validate(part, rule["items"], schema, f"{at}[{number}]")
    return None


def _any(value: Any, choices: list[dict[str, Any]], schema: dict[str, Any], at: str) -> None:
    for choice in choices:
        try:
            return validate(value, choice, schema, at)
        except AssertionError:
            continue
    raise AssertionError(at)


# --- the page ---


def test_the_page_links_every_kind_of_file(client, django_assert_max_num_queries):
    assessment = finished_assessment()
    sign_in(client, assessment)
    with django_assert_max_num_queries(16):
        page = client.get(at(assessment, "take/")).content.decode()
    for what in ("answers", "blank"):
        for ending in ("xlsx", "docx", "csv", "json"):
            address = at(assessment, f"take/{what}.{ending}")
            assert f'href="{address}"' in page
            answer = client.get(address)
            assert answer.status_code == 200
            assert answer["Content-Disposition"].startswith("attachment; ")
            assert answer["X-Content-Type-Options"] == "nosniff"
    assert at(assessment, "take/") in client.get(at(assessment)).content.decode()
    assert client.get(at(assessment, "take/answers.exe")).status_code == 404
    assert client.get(at(assessment, "take/secrets.csv")).status_code == 404


@pytest.mark.parametrize("what", ["answers", "blank"])
def test_a_copy_on_paper_is_printed_by_a_worker(client, what):
    assessment = finished_assessment()
    sign_in(client, assessment)
    pdf = at(assessment, f"take/{what}.pdf")
    assert client.get(pdf).status_code == 404
    for _twice in range(2):
        assert client.post(at(assessment, "take/"), {"what": what}).status_code == 302
    assert Job.objects.filter(kind=PRINT_COPY).count() == 1
    jobs.drain()
    answer = client.get(pdf)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert f'href="{pdf}"' in client.get(at(assessment, "take/")).content.decode()
    Answer.objects.filter(assessment=assessment, question__number=1).update(text="Newer words.")
    later = client.get(pdf)
    later.close()
    assert later.status_code == (404 if what == "answers" else 200)
