"""Strategies are loaded from files, judged whole; what was reported and counted is never lost by loading again."""

import copy
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command

from core.errors import Incomplete, RuleBroken
from strategy.measures import MEASURES
from strategy.models import Deliverable, MeasureReading, ReadingDetail, Strategy
from strategy.plan_files import read_strategy
from strategy.services.strategies import Outcome, load_strategy

DATA = Path(settings.BASE_DIR) / "strategy" / "data"
FILES = sorted(DATA.glob("*.yaml"))
TEXTS = {path.stem: path.read_text() for path in FILES}
PLAN = "surveillance-camera-2020"
Status = Deliverable.Status


def test_three_strategies_are_shipped():
    assert set(TEXTS) == {PLAN, "cctv-2007", "continuation-2026"}


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_is_in_both_languages(name):
    found = read_strategy(TEXTS[name])
    words = [found.name, found.owner, found.summary, *found.aims, *(strand.name for strand in found.strands)]
    for objective in found.objectives:
        words.append(objective.statement)
        for each in objective.deliverables:
            words += [each.text, each.success_measure, each.contribution]
    words += [paper.title for paper in found.documents]
    assert all(each.en and each.cy for each in words)


def test_every_deliverable_that_is_shipped_is_counted_by_a_measure_that_there_is():
    found = [each for text in TEXTS.values() for part in read_strategy(text).objectives for each in part.deliverables]
    assert {each.measure for each in found} == set(MEASURES)
    assert [each.number for each in found if each.number.startswith("5.")] == [f"5.{n}" for n in range(1, 7)]


def test_the_archive_has_what_is_known_and_invents_nothing():
    found = read_strategy(TEXTS["cctv-2007"])
    assert [each.number for each in found.recommendations] == list(range(1, 45))
    assert not any(each.text.en for each in found.recommendations)
    assert len(found.aims) == 3
    papers = [(paper.kind, paper.number) for paper in found.documents]
    assert papers.count(("minutes", 3)) == 1
    assert ("addendum", 3) in papers
    assert ("bulletin", None) in papers


@pytest.mark.django_db
def test_what_is_loaded_reads_as_the_document_said():
    for text in TEXTS.values():
        load_strategy(text=text, by=None)
    rows = {each.number: each for each in Deliverable.objects.filter(objective__strategy__key=PLAN)}
    assert (rows["5.1"].status, rows["5.1"].status_word, rows["5.1"].target_on) == ("completed", "COMPLETED", None)
    assert (rows["5.2"].status, rows["5.2"].target_on, rows["5.2"].target_percent) == (
        "active",
        dt.date(2021, 3, 31),
        50,
    )
    proposal = Strategy.objects.get(key="continuation-2026")
    assert proposal.is_proposal
    assert set(Deliverable.objects.filter(objective__strategy=proposal).values_list("status", flat=True)) == {
        "proposed"
    }
    strand = Strategy.objects.get(key=PLAN).strands.get()
    assert [holder.as_of for holder in strand.holders.all()] == ["2020", "2016"]


@pytest.mark.django_db
def test_loading_again_changes_nothing_and_loading_other_words_keeps_what_was_reported_and_counted():
    assert load_strategy(text=TEXTS[PLAN], by=None).outcome == Outcome.LOADED
    assert load_strategy(text=TEXTS[PLAN], by=None).outcome == Outcome.UNCHANGED
    made = Deliverable.objects.get(number="5.2")
    made.move_to(Status.AT_RISK, by=None)
    detail = ReadingDetail.objects.create(sha256="0" * 64, content="[]")
    counts = {"numerator": 1, "denominator": 2, "no_data": 0, "detail": detail}
    MeasureReading.objects.create(deliverable=made, measure="main_certified", on=dt.date(2026, 11, 1), **counts)
    Deliverable.objects.filter(pk=made.pk).update(target_on=dt.date(2028, 1, 1))
    again = load_strategy(text=TEXTS[PLAN].replace("encouraged to have", "asked to have"), by=None)
    made.refresh_from_db()
    assert (again.outcome, made.status, made.target_on) == (Outcome.REPLACED, Status.AT_RISK, dt.date(2028, 1, 1))
    assert "asked to have" in made.text
    plain = yaml.safe_load(TEXTS[PLAN])
    plain["objectives"][0]["deliverables"].pop(1)
    with pytest.raises(RuleBroken, match="cannot vanish"):
        load_strategy(text=yaml.safe_dump(plain, allow_unicode=True), by=None)


@pytest.mark.django_db
def test_the_command_loads_a_file(capsys):
    call_command("load_strategy", str(DATA / "cctv-2007.yaml"), "--json")
    assert json.loads(capsys.readouterr().out) == {"strategy": "cctv-2007", "outcome": "loaded", "deliverables": 0}
    call_command("load_strategy", str(DATA / "cctv-2007.yaml"))
    assert "unchanged" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_pages_of_the_archive_and_of_the_proposal_say_what_they_are(client):
    for text in TEXTS.values():
        load_strategy(text=text, by=None)
    assert "Nobody has adopted it." in client.get("/strategy/continuation-2026/").content.decode()
    archive = client.get("/strategy/cctv-2007/").content.decode()
    assert "The texts of 44 recommendations were not to be had" in archive
    assert "meeting 3: addendum" in archive
    assert "Cynllun parhad" in client.get("/cy/strategy/").content.decode()


def deliverable(plain: dict[str, Any], place: int = 0) -> dict[str, Any]:
    return plain["objectives"][0]["deliverables"][place]


BROKEN: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (lambda p: p.pop("as_of"), "“as_of” is missing."),
    (lambda p: p.update(kind="poem"), "“poem” is not one of"),
    (lambda p: p["strands"][0]["holders"][0].pop("as_of"), "“as_of” is missing."),
    (lambda p: p["objectives"][0].update(strand="nobody"), "“nobody” is not one of"),
    (lambda p: deliverable(p).update(number="6.1"), "should have a number that begins with 5."),
    (lambda p: deliverable(p).update(number="5.2"), "“5.2” stands twice."),
    (lambda p: deliverable(p).update(measure="guess"), "“guess” is not one of"),
    (lambda p: deliverable(p).update(target_percent=120), "should be a number from 1 to 100."),
    (lambda p: deliverable(p).update(target_on="soon"), "should be a date"),
    (lambda p: deliverable(p)["text"].pop("cy"), "“cy” is missing."),
]


@pytest.mark.parametrize(("change", "said"), BROKEN, ids=[f"{n}-{said[:20]}" for n, (_c, said) in enumerate(BROKEN)])
def test_what_breaks_the_format_is_named(change, said):
    plain = copy.deepcopy(yaml.safe_load(TEXTS[PLAN]))
    change(plain)
    with pytest.raises(Incomplete) as refusal:
        read_strategy(yaml.safe_dump(plain, allow_unicode=True))
    assert any(said in str(problem.text) for problem in refusal.value.problems)
