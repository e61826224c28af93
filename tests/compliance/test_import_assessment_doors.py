"""The two doors through which answers come in from files: the page, where a person ticks, and the command."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from accounts.models import Role
from compliance.models import Answer, Assessment, CameraSystem
from compliance.services.answers import save_answer
from tests.compliance.pages import at, sign_in
from tests.compliance.test_import_assessment import workbook
from tests.factories.accounts import member
from tests.factories.compliance import (
    AnswerFactory,
    AssessmentFactory,
    CameraSystemFactory,
    finished_assessment,
    real_edition,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Assessment:
    assessment = AssessmentFactory(edition=real_edition())
    return Assessment.objects.for_detail().get(pk=assessment.pk)


# --- the page ---


def page_of(system: CameraSystem, rest: str = "") -> str:
    return f"/workspace/{system.operator.slug}/systems/{system.reference}/answers/import/{rest}"


def sent(content: bytes, name: str = "ours.xlsx") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, content)}


def look(client, draft: Assessment, content: bytes, name: str = "ours.xlsx") -> str:
    answer = client.post(page_of(draft.system), sent(content, name))
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def test_a_person_looks_ticks_and_takes(client, draft):
    sign_in(client, draft, Role.CONTRIBUTOR)
    stored = draft.edition.questions.get(number=13)
    AnswerFactory(assessment=draft, question=stored, choice="no", text="Three signs are missing.")
    content = workbook(
        [
            ["No", "Answer", "Explanation"],
            [12, "Yes", "On every column."],
            [13, "Yes", "All are up now."],
            [99, "", "Stray."],
        ]
    )
    address = look(client, draft, content)
    page = client.get(address).content.decode()
    for shown in ("On every column.", "All are up now.", "Three signs are missing.", "Stray."):
        assert shown in page
    assert " checked" not in page
    assert client.post(address, {"act": "ticked"}).status_code == 422
    versions = {"version-12": "0", "version-13": "1"}
    assert client.post(address, {"act": "ticked", "take": "13", **versions}).status_code == 302
    assert Answer.objects.get(assessment=draft, question=stored).text == "All are up now."
    assert not Answer.objects.filter(assessment=draft, question__number=12).exists()
    assert client.post(address, {"act": "all-new", "new": "12", **versions}).status_code == 302
    assert Answer.objects.get(assessment=draft, question__number=12).text == "On every column."


def test_all_new_ones_are_those_that_were_shown_as_new(client, draft):
    person = sign_in(client, draft)
    address = look(client, draft, workbook([["No", "Answer"], [12, "Yes"], [13, "No"]]))
    question = draft.edition.questions.get(number=12)
    save_answer(assessment=draft, question=question, choice="no", text="", version=0, by=person)
    sent_form = {"act": "all-new", "new": ["12", "13"], "version-12": "0", "version-13": "0"}
    answer = client.post(address, sent_form)
    assert answer.status_code == 409
    assert "Somebody else changed" in answer.content.decode()
    assert Answer.objects.get(assessment=draft, question=question).choice == "no"
    assert Answer.objects.get(assessment=draft, question__number=13).choice == "no"


def our_json(*answers: tuple[str, str, str]) -> bytes:
    """A file of our own with these keys, choices and texts."""
    asked = [
        {"number": number, "key": key, "answer": {"choice": choice, "text": text, "language": "en"}}
        for number, (key, choice, text) in enumerate(answers, start=1)
    ]
    part = {"system": {"reference": ""}, "principles": [{"questions": asked}]}
    return json.dumps({"schema": "ccp/self-assessment/2", "assessments": [part]}).encode()


def test_what_is_far_longer_than_any_answer_is_refused_and_shown_in_part(client, draft):
    sign_in(client, draft)
    content = our_json(
        ("P01Q1", "", "long " * 600_000), ("P01Q2", "y" * 900_000, ""), *[("P99Q1", "", "loose " * 2_000)] * 3
    )
    page = client.get(look(client, draft, content, "ours.json"))
    body = page.content.decode()
    assert [row["problem"] for row in page.context["refused_rows"]] == [
        "The text has 2999999 characters; 4000 are allowed. Shorten it.",
        f"The answer “{'y' * 60}” is none that is known.",
    ]
    assert body.count("and 2995000 more characters in the file") == 1
    assert body.count("and 6999 more characters in the file") == 3
    assert len(body) < 60_000


def test_a_file_with_more_questions_than_any_edition_is_refused_with_a_sentence(client, draft):
    sign_in(client, draft)
    for number, status in ((5_000, 302), (5_001, 422)):
        answer = client.post(page_of(draft.system), sent(our_json(*[("P99Q1", "", "Stray.")] * number), "ours.json"))
        assert answer.status_code == status
    assert "The file has more questions than a self-assessment could have." in answer.content.decode()


def test_without_a_draft_the_page_offers_to_start_one(client):
    system = CameraSystemFactory()
    client.force_login(member(system.operator, Role.SPOC))
    page = client.get(page_of(system)).content.decode()
    assert f"assessments/start/?system={system.reference}" in page
    assert client.post(page_of(system), sent(workbook([[1, "x"]]))).status_code == 422


def test_an_unfit_upload_is_refused_with_its_sentence(client, draft):
    sign_in(client, draft)
    for name, content in (("a.exe", b"MZ"), ("a.xlsx", b"no zip"), ("a.csv", b""), ("a.json", b"{")):
        assert client.post(page_of(draft.system), sent(content, name)).status_code == 422


@pytest.mark.parametrize("name", ["answers.json", "answers.csv"])
def test_a_virus_scanner_that_is_silent_holds_up_every_kind_of_file(client, draft, settings, name):
    settings.CLAMAV_ADDRESS = "unix:/nowhere/clamd.ctl"
    sign_in(client, draft, Role.CONTRIBUTOR)
    page = client.post(page_of(draft.system), sent(b"number,choice,text\n12,yes,Here.\n", name))
    assert page.status_code == 422
    assert page.context["form"].errors["file"] == [
        "The virus scanner does not answer, so no file can be taken now. Try again in a few minutes."
    ]


def test_html_in_a_file_is_text(client, draft):
    sign_in(client, draft)
    address = look(client, draft, workbook([["No", "Text"], [1, "<script>alert(1)</script>"]]))
    page = client.get(address).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_preview_costs_the_same_for_any_number(client, draft, django_assert_max_num_queries):
    sign_in(client, draft)
    rows = [[number, "Yes"] for number in range(12, 15)]
    for several in (rows[:1], rows):
        address = look(client, draft, workbook([["No", "Answer"], *several]))
        with django_assert_max_num_queries(10):
            assert client.get(address).status_code == 200


def test_a_look_is_its_owners_alone(client, draft):
    sign_in(client, draft)
    address = look(client, draft, workbook([["No", "Answer"], [12, "Yes"]]))
    sign_in(client, draft)
    assert client.get(address).status_code == 404
    client.force_login(member(finished_assessment().system.operator, Role.SPOC))
    assert client.get(address).status_code == 404


def test_the_page_to_take_away_leads_to_the_import(client, draft):
    sign_in(client, draft)
    assert page_of(draft.system) in client.get(at(draft, "take/")).content.decode()


# --- the command ---


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    code = 0
    try:
        call_command("import_assessment", *arguments)
    except SystemExit as end:
        code = int(end.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ours.xlsx"
    path.write_bytes(workbook([["No", "Answer"], [12, "Yes"], [13, "No"]]))
    return path


def test_the_command_shows_and_applies_nothing_by_default(capsys, draft, file):
    code, out, _err = run(capsys, str(file), "--system", draft.system.reference, "--json")
    result = json.loads(out)
    assert (code, result["new"], result["taken"], result["applied"]) == (0, [12, 13], [], False)
    assert Answer.objects.filter(assessment=draft).count() == 0


def test_the_command_accepts_what_is_new_and_nothing_else(capsys, draft, file):
    AnswerFactory(assessment=draft, question=draft.edition.questions.get(number=13), choice="yes", text="")
    code, out, _err = run(capsys, str(file), "--system", draft.system.reference, "--accept", "--json")
    result = json.loads(out)
    assert (code, result["taken"], result["differs"], result["applied"]) == (0, [12], [13], True)
    assert dict(Answer.objects.filter(assessment=draft).values_list("question__number", "choice")) == {
        12: "yes",
        13: "yes",
    }


def test_the_command_refuses_with_its_reason(capsys, draft, file, tmp_path):
    keys = set(json.loads(run(capsys, str(file), "--system", draft.system.reference, "--json")[1]))
    for arguments in (
        (str(file), "--system", "CS-UNKNOWN"),
        (str(tmp_path / "absent.csv"), "--system", draft.system.reference),
        (str(file), "--system", CameraSystemFactory().reference),
        (str(file), "--system", draft.system.reference, "--as", "stranger@example.org"),
    ):
        code, out, err = run(capsys, *arguments, "--json")
        assert code == 1
        assert err.strip()
        assert keys < set(json.loads(out))


def test_the_command_says_wrong_use(draft, file):
    with pytest.raises(CommandError) as refused:
        call_command("import_assessment", str(file), "--system", draft.system.reference, "--accept", "--dry-run")
    assert refused.value.returncode == 2
