"""Loading an edition of the Code: whole or not at all, every problem named, nothing changed under a self-assessment."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command

from compliance.editions import read_edition
from compliance.models import ActionTemplate, CodeEdition, Principle, Question
from compliance.services.code import Outcome, load_edition
from core.errors import Incomplete, RuleBroken
from core.models import TrailEntry
from tests.factories.compliance import REAL_EDITION, AssessmentFactory, real_edition

pytestmark = pytest.mark.django_db

DOCUMENT: dict[str, Any] = yaml.safe_load(REAL_EDITION.read_text("utf-8"))


def changed(change: Callable[[dict[str, Any]], None]) -> str:
    """The shipped edition with one thing changed, as YAML."""
    document = copy.deepcopy(DOCUMENT)
    change(document)
    return yaml.dump(document, allow_unicode=True, Dumper=yaml.CSafeDumper)


def retitle(document: dict[str, Any]) -> None:
    document["principles"][0]["title"]["en"] = "Another title"


def tables() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (CodeEdition, Principle, Question, ActionTemplate, TrailEntry))


def test_the_shipped_edition_is_loaded_whole():
    edition = real_edition()
    assert (edition.principles.count(), edition.questions.count(), edition.action_templates.count()) == (12, 75, 13)
    assert [q.number for q in edition.questions.all()] == list(range(1, 76))
    follow_ups = edition.questions.filter(follows__isnull=False).values_list(
        "number", "follows__number", "follows_answer"
    )
    assert list(follow_ups) == [(29, 28, "yes"), (31, 30, "no")]
    assert list(edition.questions.filter(withheld_by_default=True).values_list("number", flat=True)) == list(
        range(52, 59)
    )
    question = edition.questions.get(number=4)
    assert (question.kind, question.expected, question.explain_when, question.principle.number) == (
        "yes_no_text",
        "no",
        "yes",
        1,
    )
    assert question.title_cy == "Defnydd y tu hwnt i'r dibenion a nodwyd"


def test_the_same_content_again_changes_nothing_whatever_the_comments():
    real_edition()
    before = tables()
    again = load_edition(text="# another comment\n" + yaml.safe_dump(DOCUMENT, allow_unicode=True), by=None)
    assert again.outcome == Outcome.UNCHANGED
    assert tables() == before


def test_an_edition_that_nothing_rests_on_is_replaced_and_keeps_its_row():
    edition = real_edition()
    loaded = load_edition(text=changed(retitle), by=None)
    assert (loaded.outcome, loaded.edition.pk) == (Outcome.REPLACED, edition.pk)
    assert (Principle.objects.count(), Question.objects.count()) == (12, 75)
    assert edition.principles.get(number=1).title == "Another title"
    entry = TrailEntry.objects.last()
    assert entry is not None
    assert (entry.verb, entry.before["sha256"]) == ("replaced", edition.sha256)


def test_an_edition_in_use_is_not_changed():
    edition = real_edition()
    AssessmentFactory(edition=edition)
    before = tables()
    with pytest.raises(RuleBroken, match="in use: it cannot be changed, only succeeded"):
        load_edition(text=changed(retitle), by=None)
    assert tables() == before
    assert edition.principles.get(number=1).title == "Purpose and pressing need"
    assert load_edition(text=REAL_EDITION.read_text("utf-8"), by=None).outcome == Outcome.UNCHANGED


def question(document: dict[str, Any], number: int) -> dict[str, Any]:
    found: dict[str, Any] = next(
        q for principle in document["principles"] for q in principle["questions"] if q["number"] == number
    )
    return found


PROBLEMS: dict[str, tuple[Callable[[dict[str, Any]], Any], list[str]]] = {
    "unknown key": (
        lambda d: question(d, 2).update(colour="red"),
        ["Principle 1, question 2: “colour” is not a key of the format."],
    ),
    "missing title": (lambda d: question(d, 2).pop("title"), ["Principle 1, question 2: “title” is missing."]),
    "missing Welsh title": (
        lambda d: d["principles"][2]["title"].pop("cy"),
        ["Principle 3, title: “cy” is missing."],
    ),
    "empty title": (
        lambda d: question(d, 2)["title"].update(en=" "),
        ["Principle 1, question 2, title, English: should be a text that is not empty."],
    ),
    "oversize title": (
        lambda d: question(d, 2)["title"].update(en="x" * 161),
        ["Principle 1, question 2, title, English: has 161 characters, at most 160 fit."],
    ),
    "control character": (
        lambda d: question(d, 2)["text"].update(en="Why\x07?"),
        ["Principle 1, question 2, text, English: holds a character that cannot be shown."],
    ),
    "number left out": (
        lambda d: question(d, 3).update(number=33),
        ["Principle 1, question 33: numbers run on without a gap; here stands number 3."],
    ),
    "number as a word": (
        lambda d: question(d, 3).update(number="three"),
        ["Principle 1, question three: numbers run on without a gap; here stands number 3."],
    ),
    "principle out of order": (
        lambda d: d["principles"][4].update(number=6),
        ["Principle 6: numbers run from 1 to 12 without a gap; here stands number 5."],
    ),
    "wrong key": (
        lambda d: question(d, 3).update(key="P02Q3"),
        ["Principle 1, question 3: its key should be P01Q3, not “P02Q3”."],
    ),
    "bad kind": (
        lambda d: question(d, 1).update(kind="essay"),
        ["Principle 1, question 1, kind: “essay” is not one of gap, text, yes_no, yes_no_text."],
    ),
    "bad condition": (
        lambda d: question(d, 1).update(applies="submarine"),
        [
            "Principle 1, question 1, applies: “submarine” is not one of always, anpr, biometrics, bwv, cctv, drone, "
            "joint, networked, other, reference_database."
        ],
    ),
    "yes without quotes": (
        lambda d: question(d, 6).update(expected=True),
        ['Principle 2, question 6, expected: write "yes" and "no" in quotes.'],
    ),
    "expected answer of a text": (
        lambda d: question(d, 1).update(expected="yes"),
        ["Principle 1, question 1: only a yes-or-no question has an expected answer."],
    ),
    "explanation of a text": (
        lambda d: question(d, 1).update(explain_when="yes"),
        ["Principle 1, question 1: only a question of the kind yes_no_text has “explain_when”."],
    ),
    "explanation unsaid": (
        lambda d: question(d, 4).pop("explain_when"),
        ["Principle 1, question 4: “explain_when” is missing."],
    ),
    "follow-up to a later question": (
        lambda d: question(d, 29).update(follow_up={"question": 30, "answer": "yes"}),
        ["Principle 5, question 29: follows question 30, which is not an earlier one."],
    ),
    "follow-up to a list": (
        lambda d: question(d, 29).update(follow_up={"question": [28], "answer": "yes"}),
        ["Principle 5, question 29: follows question [28], which is not an earlier one."],
    ),
    "follow-up to a text": (
        lambda d: question(d, 29).update(follow_up={"question": 27, "answer": "yes"}),
        ["Principle 5, question 29: follows question 27, which is not answered with yes or no."],
    ),
    "gap question missing": (
        lambda d: question(d, 5).update(kind="text"),
        ["Principle 1: should end with its one question of the kind gap."],
    ),
    "bad limit": (
        lambda d: question(d, 1).update(limit=0),
        ["Principle 1, question 1, limit: should be a number from 1 to 20,000."],
    ),
    "questions no list": (
        lambda d: d.update(action_templates="none"),
        ["Edition, action_templates: should be a list."],
    ),
    "eleven principles": (lambda d: d["principles"].pop(), ["Edition: has 11 principles, the Code has 12."]),
    "template twice": (
        lambda d: d["action_templates"][1].update(key="purpose_statement"),
        ["Action template 2: the key “purpose_statement” stands twice."],
    ),
    "bad date": (
        lambda d: d.update(in_effect_on="soon"),
        ["Edition, in_effect_on: should be a date such as 2022-01-12."],
    ),
    "script as address": (
        lambda d: d["source"].update(url="javascript:alert(1)"),
        ["Edition, address of the source: should begin with https://."],
    ),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_each_fault_is_named_with_its_place_and_nothing_is_written(name):
    change, sentences = PROBLEMS[name]
    with pytest.raises(Incomplete) as refusal:
        load_edition(text=changed(change), by=None)
    assert [str(problem.text) for problem in refusal.value.problems] == sentences
    assert tables() == (0, 0, 0, 0, 0)


def test_a_thirteenth_principle_is_refused():
    extra = copy.deepcopy(DOCUMENT["principles"][0]) | {"number": 13}
    with pytest.raises(Incomplete) as refusal:
        load_edition(text=changed(lambda d: d["principles"].append(extra)), by=None)
    assert str(refusal.value.problems[0].text) == "Edition: has 13 principles, the Code has 12."
    assert tables() == (0, 0, 0, 0, 0)


def test_all_faults_are_listed_at_once():
    def break_twice(document: dict[str, Any]) -> None:
        question(document, 2).pop("title")
        question(document, 74).update(limit="long")

    with pytest.raises(Incomplete) as refusal:
        load_edition(text=changed(break_twice), by=None)
    assert len(refusal.value.problems) == 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("key: [code", "The file cannot be read as YAML, line 1: expected ',' or ']', but got '<stream end>'."),
        ("key: a\nkey: b\n", "The file cannot be read as YAML, line 2: “key” stands twice."),
        (
            "key: !!python/object/apply:os.system ['true']\n",
            "The file cannot be read as YAML, line 1: could not determine a constructor for the tag "
            "'tag:yaml.org,2002:python/object/apply:os.system'.",
        ),
        ("just words", "The file is not an edition of the Code: it should be a map with key, title and principles."),
        ("", "The file is not an edition of the Code: it should be a map with key, title and principles."),
        ("x" * 2_000_001, "The file is longer than 2,000,000 characters."),
    ],
)
def test_what_is_no_edition_is_refused_in_one_sentence(text, sentence):
    with pytest.raises(RuleBroken) as refusal:
        load_edition(text=text, by=None)
    assert str(refusal.value.sentence) == sentence


def test_deep_nesting_is_refused_in_one_sentence():
    with pytest.raises(RuleBroken, match="cannot be read as YAML"):
        load_edition(text="[" * 100_000, by=None)


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of the command."""
    code = 0
    try:
        call_command("load_code", *args)
    except SystemExit as exit_:
        code = int(str(exit_.code))
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_command_says_what_it_did(capsys):
    assert run(capsys, str(REAL_EDITION)) == (0, "code-2021: 12 principles, 75 questions; loaded.\n", "")
    code, out, err = run(capsys, str(REAL_EDITION), "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == {"edition": "code-2021", "outcome": "unchanged", "principles": 12, "questions": 75}


@pytest.mark.parametrize("as_json", [False, True])
def test_command_refuses_a_broken_file_with_one_sentence(capsys, tmp_path: Path, as_json):
    broken = tmp_path / "broken.yaml"
    broken.write_text("key: code\ntitle: {en: [\n", "utf-8")
    code, out, err = run(capsys, str(broken), *(["--json"] if as_json else []))
    sentence = "The file cannot be read as YAML, line 3: expected the node content, but found '<stream end>'."
    assert (code, err) == (1, f"{sentence}\n")
    assert (json.loads(out) if as_json else out) == ({"error": sentence, "problems": []} if as_json else "")


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_command_refuses_a_file_that_it_cannot_read(capsys, tmp_path: Path, content):
    file = tmp_path / "edition.yaml"
    if content is not None:
        file.write_bytes(content)
    code, out, err = run(capsys, str(file))
    assert (code, out) == (1, "")
    assert err in (f"{file} cannot be read: No such file or directory.\n", f"{file} is not a text in UTF-8.\n")


# --- guidance: no part of what is asked ---


def guide(document: dict[str, Any]) -> None:
    question(document, 2)["help"] = {"en": "Other words.", "cy": "Geiriau eraill."}
    question(document, 2)["evidence"] = {"en": "A letter; a note."}


def test_guidance_of_an_edition_in_use_is_taken_over_and_nothing_else():
    edition = real_edition()
    AssessmentFactory(edition=edition)
    rows = list(edition.questions.values_list("pk", flat=True))
    loaded = load_edition(text=changed(guide), by=None)
    assert (loaded.outcome, loaded.edition.sha256) == (Outcome.GUIDED, edition.sha256)
    second = edition.questions.get(number=2)
    assert (second.help, second.help_cy) == ("Other words.", "Geiriau eraill.")
    assert (second.evidence_help, second.evidence_help_cy) == ("A letter; a note.", "")
    assert list(edition.questions.values_list("pk", flat=True)) == rows
    entry = TrailEntry.objects.last()
    assert entry is not None
    assert (entry.verb, entry.after) == ("guided", {"sha256": edition.sha256, "questions": [2]})
    assert load_edition(text=changed(guide), by=None).outcome == Outcome.UNCHANGED


def test_guidance_does_not_carry_another_question_into_an_edition_in_use():
    edition = real_edition()
    AssessmentFactory(edition=edition)

    def both(document: dict[str, Any]) -> None:
        guide(document)
        retitle(document)

    with pytest.raises(RuleBroken, match="in use: it cannot be changed, only succeeded"):
        load_edition(text=changed(both), by=None)
    assert edition.questions.get(number=2).evidence_help != "A letter; a note."


@pytest.mark.parametrize("help_then", ["The help of the first release.", "Help."])
def test_an_edition_whose_hash_still_counts_the_help_is_known_as_the_same(help_then):
    """As a portal of the first release holds it: one sentence of help, no evidence, the hash over both."""
    edition = real_edition()
    AssessmentFactory(edition=edition)
    edition.questions.update(help=help_then, help_cy="", evidence_help="", evidence_help_cy="")
    then = read_edition(REAL_EDITION.read_text("utf-8")).sha256_with(dict.fromkeys(range(1, 76), help_then))
    CodeEdition.objects.filter(pk=edition.pk).update(sha256=then)
    with pytest.raises(RuleBroken, match="in use"):
        load_edition(text=changed(retitle), by=None)
    loaded = load_edition(text=REAL_EDITION.read_text("utf-8"), by=None)
    assert (loaded.outcome, loaded.edition.sha256) == (Outcome.GUIDED, edition.sha256)
    assert edition.questions.get(number=1).help.startswith("A good answer names the problem")
    assert load_edition(text=REAL_EDITION.read_text("utf-8"), by=None).outcome == Outcome.UNCHANGED


def test_the_hash_that_the_first_release_made_is_made_again():
    helps = {question["number"]: "Help." for p in DOCUMENT["principles"] for question in p["questions"]}
    edition = read_edition(REAL_EDITION.read_text("utf-8"))
    assert edition.sha256_with(helps) == "6f2ebe85b43f79620860ea976a789e2a0b6e746e67d133492a35758338772896"
    assert edition.sha256_with({}) != edition.sha256_with(helps) != edition.sha256


def test_command_says_that_guidance_was_updated(capsys, tmp_path: Path):
    AssessmentFactory(edition=real_edition())
    file = tmp_path / "guided.yaml"
    file.write_text(changed(guide), "utf-8")
    said = "code-2021: 12 principles, 75 questions; guidance updated; what is asked stays as it was.\n"
    assert run(capsys, str(file)) == (0, said, "")
