"""Answers from files: found by number or key, laid beside what is stored, never taken over silently."""

import io
import json
from typing import Any

import docx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from accounts.models import Role
from compliance import frozen
from compliance.exchange import csv_files, excel_files, word_files
from compliance.exchange.content import blank_content
from compliance.exchange.guessing import choice_of, number_of
from compliance.exchange.reading import read
from compliance.exchange.words import for_xml
from compliance.models import Answer, AnswerRevision, Assessment
from compliance.models.assessment import Origin
from compliance.services.answer_import import Kind, Laid, lay_beside, take_over
from compliance.services.answers import save_answer
from compliance.services.signing import abandon
from compliance.services.texts import checked_text
from core.errors import IllegalMove, RuleBroken
from tests.compliance.test_exports import AWKWARD, as_csv, as_docx, as_json, as_xlsx, awkward_assessment, cells
from tests.factories.accounts import member
from tests.factories.compliance import (
    AnswerFactory,
    AssessmentFactory,
    real_edition,
    waiting_assessment,
)

pytestmark = pytest.mark.django_db

MAKERS = {"json": as_json, "csv": as_csv, "xlsx": as_xlsx, "docx": as_docx}


@pytest.fixture
def draft() -> Assessment:
    assessment = AssessmentFactory(edition=real_edition())
    return Assessment.objects.for_detail().get(pk=assessment.pk)


@pytest.fixture
def small() -> Assessment:
    """A draft against nine questions."""
    return Assessment.objects.for_detail().get(pk=AssessmentFactory().pk)


def workbook(rows: list[list[Any]], title: str = "Sheet1") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def word(rows: list[list[str]], *paragraphs: str) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    table = document.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def laid(draft: Assessment, content: bytes, name: str) -> Laid:
    return lay_beside(assessment=draft, content=content, file_name=name)


def offered(found: Laid) -> dict[int, tuple[str, str]]:
    return {offer.number: (offer.choice, offer.text) for offer in found.offers}


def take_all(found: Laid, by: Any) -> Any:
    offers = found.of(Kind.NEW, Kind.DIFFERS)
    return take_over(
        assessment=found.assessment,
        offers=offers,
        versions={offer.number: offer.version for offer in offers},
        file_name=found.file_name,
        by=by,
    )


# --- round trips ---


def neutral_json(content: bytes) -> bytes:
    """Without what is of the one self-assessment and not of its answers: reference, versions, times, what was done."""
    value = json.loads(content)
    part = value["assessments"][0]
    part["reference"] = part["scope"] = ""
    for principle in part["principles"]:
        principle["actions"] = []
        for question in principle["questions"]:
            question["evidence"] = []
            question["standing"] = ""
            for answer in (question["answer"], question.get("kept")):
                if answer:
                    answer.update(version=0, saved_at="", carried_from="")
    return json.dumps(value, sort_keys=True, ensure_ascii=False).encode()


@pytest.mark.parametrize("ending", list(MAKERS))
def test_what_was_exported_and_read_into_an_empty_one_is_exported_the_same(ending):
    first = awkward_assessment()
    made = MAKERS[ending](first)
    spoc = member(first.system.operator, Role.SPOC)
    abandon(assessment=first, by=spoc)
    second = AssessmentFactory(system=first.system, edition=first.edition, started_at=first.started_at)
    second = Assessment.objects.for_detail().get(pk=second.pk)
    found = laid(second, made, f"answers.{ending}")
    assert {offer.kind for offer in found.offers} == {Kind.NEW}
    done = take_all(found, spoc)
    assert (done.conflicts, done.refused) == ([], {})
    assert neutral_json(as_json(second)) == neutral_json(as_json(first))
    assert len(done.taken) == len(AWKWARD) + 2


@pytest.mark.parametrize("ending", ["json", "csv", "xlsx"])
def test_export_import_export_gives_the_same_file(ending):
    assessment = awkward_assessment()
    before = MAKERS[ending](assessment)
    found = laid(assessment, before, f"answers.{ending}")
    take_all(found, member(assessment.system.operator, Role.SPOC))
    after = MAKERS[ending](assessment)
    if ending == "xlsx":
        assert cells(after) == cells(before)
    else:
        assert after == before
    assert AnswerRevision.objects.filter(origin=Origin.IMPORTED).count() == 0


def test_answers_that_were_changed_come_back_from_the_file_word_for_word():
    assessment = awkward_assessment()
    before = as_csv(assessment)
    spoc = member(assessment.system.operator, Role.SPOC)
    for answer in assessment.answers.select_related("question"):
        save_answer(
            assessment=assessment,
            question=answer.question,
            choice=answer.choice,
            text="Something else.",
            version=answer.version,
            by=spoc,
        )
    take_all(laid(assessment, before, "answers.csv"), spoc)
    texts = {text for text in assessment.answers.values_list("text", flat=True) if text}
    assert texts == {*AWKWARD, "Nac oes, ddim eto.", "Kept, though not asked."}


@given(text=st.text(max_size=120), choice=st.sampled_from(["", "yes", "no"]))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("ending", ["json", "csv", "xlsx", "docx"])
def test_any_text_that_can_be_stored_comes_back(small, ending, text, choice):
    try:
        text = checked_text(text, limit=4000)
    except RuleBroken:
        reject()
    content = blank_content(small)
    part = content["assessments"][0]
    asked = part["principles"][0]["questions"][0]
    asked["answer"] |= {"choice": choice, "text": text}
    questions = list(small.edition.questions.all())
    made = {
        "json": lambda: frozen.canonical(content).encode(),
        "csv": lambda: csv_files.write(content, part),
        "xlsx": lambda: excel_files.write(content, part, questions),
        "docx": lambda: word_files.write(content, part, blank=False),
    }[ending]()
    found = read(made, f"a.{ending}", questions=questions).given.get(1)
    wanted = text if ending in {"json", "csv"} else for_xml(text)
    assert (found.choice, checked_text(found.text, limit=4000)) == (choice, wanted)


# --- tables of a council's own ---


def test_a_word_table_with_numbers_beside_the_answers(draft):
    content = word(
        [
            ["Ref", "Question", "Response", "Explanation"],
            ["1.", "What is the problem?", "", "Recorded crime rose by a fifth."],
            ["4", "Are there other ways?", "Yes", "Lighting was tried first and was not enough."],
            ["Q6", "Has a DPIA been made?", "no", "It is being written by the data protection officer."],
            ["", "", "", "A remark of nobody in particular."],
        ],
        "Self-assessment of the council",
    )
    found = laid(draft, content, "ours.docx")
    assert offered(found) == {
        1: ("", "Recorded crime rose by a fifth."),
        4: ("yes", "Lighting was tried first and was not enough."),
        6: ("no", "It is being written by the data protection officer."),
    }
    texts = [piece.text for piece in found.found.loose]
    assert "A remark of nobody in particular." in texts
    assert "Self-assessment of the council" in texts
    assert Answer.objects.filter(assessment=draft).count() == 0


def test_a_workbook_with_keys_and_columns_in_any_order(draft):
    content = workbook(
        [
            ["Our answer in words", "Y/N", "Owner", "Portal key"],
            ["The DPIA of May 2025 covers all cameras.", "Y", "Jo Bloggs", "P02Q1"],
            ["Reviewed every quarter by the board.", "n/a", "Jo Bloggs", "P03Q4"],
        ]
    )
    found = laid(draft, content, "ours.xlsx")
    key = {question.key: question.number for question in draft.edition.questions.all()}
    assert offered(found) == {
        key["P02Q1"]: ("yes", "The DPIA of May 2025 covers all cameras."),
        key["P03Q4"]: ("na", "Reviewed every quarter by the board."),
    }
    assert [piece.text for piece in found.found.loose if piece.text == "Jo Bloggs"] == ["Jo Bloggs", "Jo Bloggs"]


def test_numbers_that_excel_made_fractions_of_and_reasons_in_the_answer_cell(draft):
    content = workbook([["No.", "Answer"], [12.0, "Yes - on every column"], [13.0, "No: three are missing"]])
    assert offered(laid(draft, content, "ours.xlsx")) == {
        12: ("yes", "on every column"),
        13: ("no", "three are missing"),
    }


def test_the_question_itself_in_the_first_column(draft):
    questions = {question.number: question for question in draft.edition.questions.all()}
    rows = [[f"{number}. {questions[number].text}", "Yes", f"Because of {number}."] for number in (12, 13, 14)]
    csv = "\r\n".join(";".join(f'"{cell}"' for cell in row) for row in rows).encode("cp1252", "replace")
    assert offered(laid(draft, csv, "ours.csv")) == {
        number: ("yes", f"Because of {number}.") for number in (12, 13, 14)
    }


def test_answers_in_the_rows_below_their_questions(draft):
    """The layout of forms: the question in one row, the answer in the next, both across the table."""
    content = word(
        [
            ["Principle 1: purpose"],
            ["1. What is the problem?"],
            ["Recorded crime rose by a fifth.\nThe survey agrees."],
            ["2. What is the lawful basis?"],
            ["Principle 3: transparency"],
            ["12. Was there consultation?"],
            ["Yes – with residents and the police."],
            ["It is repeated every second year."],
        ]
    )
    found = laid(draft, content, "form.docx")
    assert offered(found) == {
        1: ("", "Recorded crime rose by a fifth.\nThe survey agrees."),
        12: ("yes", "with residents and the police.\nIt is repeated every second year."),
    }
    assert [piece.text for piece in found.found.loose] == ["Principle 1: purpose", "Principle 3: transparency"]


def test_words_beside_a_number_that_are_no_question_are_listed(draft):
    content = word([["12. We asked everybody in the town", "Yes"], ["13. Are there signs?", "No"]])
    found = laid(draft, content, "ours.docx")
    assert offered(found) == {12: ("yes", ""), 13: ("no", "")}
    assert [piece.text for piece in found.found.loose] == ["We asked everybody in the town"]


@pytest.mark.parametrize(
    ("cell", "choice"),
    [("☒ Yes ☐ No", "yes"), ("☐ Yes ☒ No", "no"), ("Yes ☐ No ☒", "no"), ("Yes ☑", "yes"), ("☐ Yes ☐ No", None)],
)
def test_boxes_that_are_ticked(cell, choice):
    assert choice_of(cell) == choice


def test_text_in_fields_of_a_form_and_in_tables_within_cells_is_read(draft):
    document = docx.Document(io.BytesIO(word([["Ref", "Answer"], ["1", ""], ["2", ""]])))
    table = document.tables[0]
    paragraph = table.cell(1, 1).paragraphs[0]._p
    field = docx.oxml.parse_xml(
        f"<w:sdt {docx.oxml.ns.nsdecls('w')}><w:sdtContent><w:r><w:t>Typed into a field.</w:t></w:r>"
        "</w:sdtContent></w:sdt>"
    )
    paragraph.append(field)
    table.cell(2, 1).add_table(1, 1).cell(0, 0).text = "In a table within the cell."
    out = io.BytesIO()
    document.save(out)
    assert offered(laid(draft, out.getvalue(), "form.docx")) == {
        1: ("", "Typed into a field."),
        2: ("", "In a table within the cell."),
    }


def test_welsh_answers(draft):
    content = workbook(
        [["Rhif", "Ateb", "Esboniad"], [12, "Ydy", "Ar bob colofn."], [13, "Nac oes", "Tri ar goll."], [14, "na", "-"]]
    )
    found = laid(draft, content, "atebion.xlsx")
    assert {number: choice for number, (choice, _text) in offered(found).items()} == {12: "yes", 13: "no", 14: "no"}


@pytest.mark.parametrize(
    ("cell", "choice"),
    [
        ("Yes", "yes"),
        (" YES. ", "yes"),
        ("n/a", "na"),
        ("N.A.", "na"),
        ("na", "na"),
        ("Not applicable", "na"),
        ("ddim yn berthnasol", "na"),
        ("Nac ydy", "no"),
        ("Ie", "yes"),
        ("perhaps", None),
        ("", None),
    ],
)
def test_words_for_yes_no_and_not_applicable(cell, choice):
    assert choice_of(cell) == choice


def test_bare_na_is_no_among_welsh_answers():
    assert choice_of("na", welsh=True) == "no"


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("12", 12),
        ("12.", 12),
        ("12.0", 12),
        ("Q12", 12),
        ("Question 12:", 12),
        ("Cwestiwn 12", 12),
        ("12. Is there a sign?", 12),
        ("P05Q3", 27),
        ("p05q3", 27),
        ("P05Q99", None),
        ("76", None),
        ("0", None),
        ("12.5", None),
        ("2026", None),
        ("12 cameras", None),
        ("", None),
    ],
)
def test_cells_that_name_a_question(draft, cell, number):
    assert number_of(cell, draft.edition.questions.all()) == number


def test_a_table_without_numbers_is_listed_and_nothing_offered(draft):
    found = laid(draft, workbook([["Theme", "What we do"], ["Signs", "Checked every spring."]]), "ours.xlsx")
    assert found.offers == []
    assert [piece.text for piece in found.found.loose] == ["Theme | What we do", "Signs | Checked every spring."]
    assert len(found.missing) == 75


def test_an_answer_given_twice_is_offered_once_and_listed_once(draft):
    content = workbook([["No", "Answer"], [12, "Yes"], [12, "No"], [13, "Yes"], [13, "Yes"]])
    found = laid(draft, content, "ours.xlsx")
    assert offered(found) == {12: ("yes", ""), 13: ("yes", "")}
    assert [piece.text for piece in found.found.loose] == ["no"]  # the first stays
    longer = workbook([["No", "Text"], [1, "The first text, a long one."], [1, "Another text, also long."]])
    assert [piece.text for piece in laid(draft, longer, "ours.xlsx").found.loose] == ["Another text, also long."]


def test_an_empty_cell_of_somebodys_table_takes_nothing_away(draft):
    question = draft.edition.questions.get(number=4)
    AnswerFactory(assessment=draft, question=question, choice="yes", text="Lighting was tried.")
    found = laid(draft, workbook([["No", "Answer", "Explanation"], [4, "No", ""], [6, "Yes", "x y z"]]), "ours.xlsx")
    assert offered(found)[4] == ("no", "Lighting was tried.")


def test_what_cannot_be_stored_is_named_and_not_offered(draft):
    content = workbook(
        [["No", "Answer", "Explanation"], [12, "n/a", "x y z"], [13, "Yes", "z" * 4001], [14, "Yes", ""]]
    )
    found = laid(draft, content, "ours.xlsx")
    assert {offer.number: offer.problem for offer in found.of(Kind.REFUSED)} == {
        12: "This question does not take that answer.",
        13: "The text has 4001 characters; 4000 are allowed. Shorten it.",
    }
    assert [offer.number for offer in found.of(Kind.NEW)] == [14]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", b"{"),
        ("a.json", b"[]"),
        ("a.json", b'{"schema":"ccp/self-assessment/2","assessments":[]}'),
        ("a.json", b'{"schema":"ccp/self-assessment/9","assessments":[]}'),
        ("a.json", b"[" * 100_000),
        ("a.xlsx", b"PK\x03\x04 no"),
        ("a.docx", b"nothing"),
        ("a.pdf", b"%PDF-1.7"),
        ("a.csv", b"\xff\xfe\x00"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(draft, name, content):
    with pytest.raises(RuleBroken) as refused:
        laid(draft, content, name)
    assert str(refused.value.sentence).endswith(".")


# --- taking over ---


def test_what_is_taken_over_is_a_version_not_yet_reconfirmed(draft):
    by = member(draft.system.operator, Role.SPOC)
    done = take_all(laid(draft, workbook([["No", "Answer"], [12, "Yes"], [13, "No"]]), "Our list.xlsx"), by)
    assert done.taken == [12, 13]
    answer = Answer.objects.get(assessment=draft, question__number=12)
    assert (answer.choice, answer.version, answer.carried_from) == ("yes", 1, "Our list.xlsx")
    revision = answer.revisions.get()
    assert (revision.origin, revision.note, revision.by) == (Origin.IMPORTED, "Our list.xlsx", by)


def test_what_somebody_saved_meanwhile_is_left_and_named(draft):
    by = member(draft.system.operator, Role.SPOC)
    found = laid(draft, workbook([["No", "Answer"], [12, "Yes"], [13, "No"]]), "ours.xlsx")
    question = draft.edition.questions.get(number=12)
    save_answer(assessment=draft, question=question, choice="no", text="", version=0, by=by)
    done = take_all(found, by)
    assert (done.taken, done.conflicts) == ([13], [12])
    assert Answer.objects.get(assessment=draft, question__number=12).choice == "no"


def test_nothing_comes_into_what_waits_for_sign_off():
    waiting = waiting_assessment()
    with pytest.raises(IllegalMove):
        take_over(assessment=waiting, offers=[], versions={}, file_name="x.csv", by=None)
