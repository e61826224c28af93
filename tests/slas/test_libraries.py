"""Libraries are judged whole, loaded once, succeeded and never changed; the command says what it did."""

import json

import pytest
from django.core.management import call_command

from core.errors import Incomplete, RuleBroken
from slas.clause_files import from_json, text_of_library
from slas.clause_reader import read_library
from slas.models import ClauseLibrary
from slas.services.libraries import Outcome, load_library
from tests.factories.slas import AgreementFactory
from tests.slas.library import SHIPPED, shipped_text

TEXT = shipped_text(SHIPPED[0])
CATALOGUE = [
    "parties",
    "purpose",
    "legal_basis",
    "governance",
    "information_sharing",
    "communication",
    "training_vetting",
    "surveillance_types",
    "finance",
    "live_access",
    "live_incident",
    "image_request",
    "turnaround",
    "retention_hold",
    "evidence_format",
    "continuity",
    "access_log",
    "anpr",
    "bwv",
    "redeployable",
    "availability",
    "feedback",
    "kpis",
    "publicity",
    "data_rights",
    "breach_security",
    "audit",
    "term_review",
    "dispute",
    "termination",
    "publication",
    "signature",
    "biometrics_analytics",
]


def second_edition() -> str:
    """The shipped library as its next edition: a clause changed, one taken out of one set, one added at the end."""
    head, tail = TEXT.split("\nmeasures:", 1)
    added = (
        "  - {key: drones_over_crowds, number: 34, sets: [main], title: {en: Crowds, cy: Torfeydd},"
        " framework: null, notes: {en: Say when., cy: Dywedwch pryd.}, paragraphs: [{en: None fly., cy: Dim un.}]}"
    )
    text = f"{head.rstrip()}\n\n{added}\n\nmeasures:{tail}"
    text = text.replace("key: portal-2026\n", "key: portal-2027\nsucceeds: portal-2026\n", 1)
    text = text.replace("published_on: 2026-11-23", "published_on: 2027-11-23", 1)
    return text.replace("Recordings are kept for {days} and then", "All recordings are kept for {days} and then", 1)


def test_the_library_has_the_catalogue_of_clauses_in_its_order():
    library = read_library(TEXT)
    assert [clause.key for clause in library.clauses] == CATALOGUE
    assert [clause.number for clause in library.clauses] == list(range(1, 34))
    assert all(clause.title.cy and clause.notes.cy for clause in library.clauses)


def test_a_text_goes_through_json_unchanged():
    library = read_library(TEXT)
    again = from_json(json.loads(json.dumps(library.as_json())))
    assert again == library
    assert again.sha256 == library.sha256


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{days} and then", "{weeks} and then", "neither a field nor given by the agreement"),
        ("Cedwir recordiadau am {days}", "Cedwir recordiadau am byth", "other placeholders in Welsh"),
        ("number: 14", "number: 15", "numbers have no gaps"),
        ("maximum: 365, suggested: 31", "maximum: 30, suggested: 31", "suggests 31"),
        ("key: turnaround", "key: image_request", "stands twice"),
        ("when: {handsets: given}", "when: {handset: given}", "which is no field"),
        ("kind: percent, label", "kind: per_cent, label", "is not one of"),
        ("target: evidence_standard, ", "target: evidence_standart, ", "evidence_standart"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(old, new, said):
    assert old in TEXT
    with pytest.raises(Incomplete) as refusal:
        read_library(TEXT.replace(old, new, 1))
    assert any(said in str(problem.text) for problem in refusal.value.problems)


@pytest.mark.django_db
def test_a_library_is_loaded_once_and_replaced_only_while_nothing_rests_on_it():
    first = load_library(text=TEXT, by=None)
    assert (first.outcome, load_library(text=TEXT, by=None).outcome) == (Outcome.LOADED, Outcome.UNCHANGED)
    changed = TEXT.replace("Model clauses 2026", "Model clauses of 2026")
    assert load_library(text=changed, by=None).outcome == Outcome.REPLACED
    AgreementFactory(library=ClauseLibrary.objects.get())
    with pytest.raises(RuleBroken, match="in use"):
        load_library(text=TEXT, by=None)
    assert load_library(text=changed, by=None).outcome == Outcome.UNCHANGED


@pytest.mark.django_db
def test_a_second_edition_succeeds_the_first_and_both_stay():
    load_library(text=TEXT, by=None)
    AgreementFactory(library=ClauseLibrary.objects.get())
    second = load_library(text=second_edition(), by=None).library
    assert ClauseLibrary.objects.newest() == second
    assert second.succeeds.key == "portal-2026"
    text = text_of_library(second)
    assert text.find("drones_over_crowds") is not None
    assert "All recordings" in text.find("retention_hold").paragraphs[0].text.en
    assert text_of_library(second.succeeds).find("drones_over_crowds") is None
    with pytest.raises(RuleBroken, match="has a successor already"):
        load_library(text=second_edition().replace("portal-2027", "portal-2028", 1), by=None)


@pytest.mark.django_db
def test_a_library_that_succeeds_what_is_not_there_is_refused():
    with pytest.raises(RuleBroken, match="is not loaded"):
        load_library(text=second_edition(), by=None)


@pytest.mark.django_db
def test_the_command(tmp_path, capsys):
    call_command("load_clauses", str(SHIPPED[0]), "--json")
    assert json.loads(capsys.readouterr().out) == {"library": "portal-2026", "outcome": "loaded", "clauses": 33}
    broken = tmp_path / "broken.yaml"
    broken.write_text("key: [")
    with pytest.raises(SystemExit) as ended:
        call_command("load_clauses", str(broken))
    assert ended.value.code == 1
