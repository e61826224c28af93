"""Strategies are loaded whole from a file; what was reported and counted since is never lost by loading again."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from compliance.frozen import canonical, digest
from core import trail
from core.errors import RuleBroken
from core.yaml_reader import Words
from strategy.models import ArchiveDocument, Deliverable, Holder, Objective, Recommendation, Strand, Strategy
from strategy.plan_files import DeliverableText, StrategyText, read_strategy
from strategy.services.plan_printing import promise_plans

Status = Deliverable.Status
# how a new deliverable comes to the status that its document gives it
WAYS = {"proposed": (), "active": (Status.ACTIVE,), "completed": (Status.ACTIVE, Status.COMPLETED)}


class Outcome(StrEnum):
    LOADED = "loaded"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class LoadedStrategy:
    strategy: Strategy
    outcome: Outcome
    deliverables: int


@transaction.atomic
def load_strategy(*, text: str, by: User | None, organisation: Organisation | None = None) -> LoadedStrategy:
    """Store the strategy that a YAML text describes; the same content again changes nothing.

    Other content under the same key changes the words in place: statuses, dates that were reported since and readings
    stay. Raises Incomplete with every problem of the text, RuleBroken for what is no YAML, and where a deliverable
    would vanish that was counted or reported on. One that an `organisation` adds is a draft until it publishes it; what
    comes with the portal cannot take the place of one that was added, nor the other way round (RuleBroken).
    """
    wanted = read_strategy(text)
    sha256 = digest(canonical(_plain(wanted)))
    strategy = Strategy.objects.select_for_update().filter(key=wanted.key).first()
    if strategy is not None and strategy.organisation_id != (organisation.pk if organisation else None):
        raise RuleBroken(_("Another strategy has this address: %(key)s.") % {"key": wanted.key})
    if strategy is not None and strategy.sha256 == sha256:
        return LoadedStrategy(strategy, Outcome.UNCHANGED, _number(wanted))
    outcome = Outcome.LOADED if strategy is None else Outcome.REPLACED
    before = {"sha256": strategy.sha256} if strategy else {}
    strategy = strategy or Strategy(key=wanted.key, organisation=organisation, is_draft=organisation is not None)
    _fill(strategy, wanted, sha256)
    strands = _strands(strategy, wanted)
    _objectives(strategy, wanted, strands, by)
    _archive(strategy, wanted)
    promise_plans()
    trail.record(outcome.value, strategy, by=by, before=before, after={"key": strategy.key, "sha256": sha256})
    return LoadedStrategy(strategy, outcome, _number(wanted))


def _plain(wanted: StrategyText) -> dict[str, Any]:
    found = asdict(wanted)
    for key in ("starts_on", "ends_on"):
        found[key] = str(found[key])
    for objective in found["objectives"]:
        for deliverable in objective["deliverables"]:
            deliverable["target_on"] = str(deliverable["target_on"])
    return found


def _number(wanted: StrategyText) -> int:
    return sum(len(objective.deliverables) for objective in wanted.objectives)


def _both(name: str, words: Words) -> dict[str, str]:
    return {name: words.en, f"{name}_cy": words.cy}


def _fill(strategy: Strategy, wanted: StrategyText, sha256: str) -> None:
    values = {
        **_both("name", wanted.name),
        **_both("owner", wanted.owner),
        **_both("summary", wanted.summary),
        "aims": [asdict(aim) for aim in wanted.aims],
        "sha256": sha256,
        **{
            key: getattr(wanted, key)
            for key in ("kind", "is_proposal", "starts_on", "ends_on", "as_of", "source", "position")
        },
    }
    for key, value in values.items():
        setattr(strategy, key, value)
    strategy.save()


def _strands(strategy: Strategy, wanted: StrategyText) -> dict[str, Strand]:
    strategy.strands.exclude(key__in=[strand.key for strand in wanted.strands]).delete()
    found = {}
    for position, text in enumerate(wanted.strands):
        strand, _new = Strand.objects.update_or_create(
            strategy=strategy, key=text.key, defaults={**_both("name", text.name), "position": position}
        )
        if not strand.keeps_leads:
            strand.holders.all().delete()
            Holder.objects.bulk_create(
                Holder(strand=strand, position=place, **asdict(holder)) for place, holder in enumerate(text.holders)
            )
        found[text.key] = strand
    return found


def _objectives(strategy: Strategy, wanted: StrategyText, strands: dict[str, Strand], by: User | None) -> None:
    kept = {(objective.number, each.number) for objective in wanted.objectives for each in objective.deliverables}
    for gone in Deliverable.objects.filter(objective__strategy=strategy).select_related("objective"):
        if (gone.objective.number, gone.number) not in kept:
            if gone.readings.exists() or gone.reports.exists():
                sentence = _("Deliverable %(number)s was counted or reported on: it cannot vanish from the plan.")
                raise RuleBroken(sentence % {"number": gone.number})
            gone.changes.all().delete()
            gone.delete()
    for position, text in enumerate(wanted.objectives):
        objective, _new = Objective.objects.update_or_create(
            strategy=strategy,
            number=text.number,
            defaults={
                **_both("statement", text.statement),
                "strand": strands.get(text.strand),
                "position": position,
            },
        )
        for place, each in enumerate(text.deliverables):
            _deliverable(objective, each, place, by)
    strategy.objectives.exclude(number__in=[text.number for text in wanted.objectives]).delete()


def _deliverable(objective: Objective, text: DeliverableText, position: int, by: User | None) -> None:
    words = {
        **_both("text", text.text),
        **_both("success_measure", text.success_measure),
        **_both("contribution", text.contribution),
        "status_word": text.status_word,
        "measure": text.measure,
        "target_percent": text.target_percent,
        "original_target_on": text.target_on,
        "position": position,
    }
    found = Deliverable.objects.filter(objective=objective, number=text.number).first()
    if found is None:
        made = Deliverable.objects.create(objective=objective, number=text.number, target_on=text.target_on, **words)
        for status in WAYS[text.status]:
            made.move_to(status, by=by, note=text.status_word)
        return
    if found.target_on == found.original_target_on:  # nobody reported another date since
        words["target_on"] = text.target_on
    for key, value in words.items():
        setattr(found, key, value)
    found.save(update_fields=list(words))


def _archive(strategy: Strategy, wanted: StrategyText) -> None:
    strategy.recommendations.exclude(number__in=[each.number for each in wanted.recommendations]).delete()
    for said in wanted.recommendations:
        Recommendation.objects.update_or_create(
            strategy=strategy,
            number=said.number,
            defaults={**_both("text", said.text), **_both("note", said.note), "standing": said.standing},
        )
    strategy.documents.all().delete()
    ArchiveDocument.objects.bulk_create(
        ArchiveDocument(
            strategy=strategy,
            kind=each.kind,
            number=each.number,
            dated=each.dated,
            source=each.source,
            position=position,
            **_both("title", each.title),
        )
        for position, each in enumerate(wanted.documents)
    )
