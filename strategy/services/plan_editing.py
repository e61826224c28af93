"""Strategies that a national body writes on pages: composed as the file would say it, and stored by the one door that
files go through (`strategies.load_strategy`).
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import yaml
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from core import trail
from core.dates import today
from core.errors import Incomplete, Problem, RuleBroken, StaleRecord
from strategy.models import Deliverable, Holder, Objective, Strand, Strategy
from strategy.services.plan_printing import promise_plans
from strategy.services.strategies import load_strategy

Document = dict[str, Any]
Facts = Mapping[str, Any]
WORDS = ("name", "owner", "summary")  # of a strategy, each in both languages
KEY_LIMIT, MOST_PLACES = 60, 100
Status = Deliverable.Status
STATUS_IN_FILE = {Status.PROPOSED: "proposed", Status.COMPLETED: "completed"}


# --- as the file says it ---


def document_of(strategy: Strategy) -> Document:
    """A strategy in the format of `strategy/data`. Loaded again it changes nothing. Six queries."""
    document: Document = {
        "key": strategy.key,
        "kind": strategy.kind,
        "is_proposal": strategy.is_proposal,
        "position": strategy.position,
        **{name: _both(strategy, name) for name in WORDS},
        "starts_on": strategy.starts_on,
        "ends_on": strategy.ends_on,
        "as_of": strategy.as_of,
        "source": strategy.source,
        "aims": strategy.aims,
        "strands": [_strand(each) for each in strategy.strands.prefetch_related("holders")],
        "objectives": [
            _objective(each) for each in strategy.objectives.select_related("strand").prefetch_related("deliverables")
        ],
        "recommendations": [
            _said(number=each.number, text=_both(each, "text"), standing=each.standing, note=_both(each, "note"))
            for each in strategy.recommendations.all()
        ],
        "documents": [
            _said(kind=each.kind, number=each.number, title=_both(each, "title"), dated=each.dated, source=each.source)
            for each in strategy.documents.all()
        ],
    }
    return {key: value for key, value in document.items() if value is not None}


def file_of(strategy: Strategy) -> str:
    """The same as a text."""
    return yaml.safe_dump(document_of(strategy), allow_unicode=True, sort_keys=False, width=120)


def _both(record: Any, name: str) -> dict[str, str] | None:
    english = getattr(record, name)
    return {"en": english, "cy": getattr(record, f"{name}_cy")} if english else None


def _said(**values: Any) -> Document:
    """What is not said stands in no file."""
    return {key: value for key, value in values.items() if value not in (None, "")}


def _strand(strand: Strand) -> Document:
    holders = [_said(name=each.name, body=each.body, as_of=each.as_of) for each in strand.holders.all()]
    return {"key": strand.key, "name": _both(strand, "name"), "holders": holders}


def _objective(objective: Objective) -> Document:
    deliverables = [_deliverable(each) for each in objective.deliverables.all()]
    strand = objective.strand.key if objective.strand else None
    return _said(number=objective.number, strand=strand, statement=_both(objective, "statement")) | {
        "deliverables": deliverables
    }


def _deliverable(each: Deliverable) -> Document:
    return _said(
        number=each.number,
        text=_both(each, "text"),
        success_measure=_both(each, "success_measure"),
        contribution=_both(each, "contribution"),
        status=STATUS_IN_FILE.get(Status(each.status), "active"),
        status_word=each.status_word,
        target_on=each.original_target_on,
        measure=each.measure,
        target_percent=each.target_percent,
    )


# --- the acts ---


@transaction.atomic
def add_strategy(*, organisation: Organisation, facts: Facts, by: User | None) -> Strategy:
    """A draft that nobody else reads. Raises Incomplete, RuleBroken."""
    key = slugify(facts["name"])[:KEY_LIMIT].strip("-")
    if not key:
        raise Incomplete([Problem(_("Give it a name with letters."), field="name")])
    if Strategy.objects.filter(key=key).exists():
        raise Incomplete([Problem(_("Another strategy has this name."), field="name")])
    last = Strategy.objects.aggregate(last=Max("position"))["last"] or 0
    document = {"key": key, "kind": "plan", "position": min(last + 1, MOST_PLACES), **_words_of(facts)}
    return _stored(document, organisation, by)


@transaction.atomic
def change_strategy(*, strategy: Strategy, facts: Facts, seen: str, by: User | None) -> Strategy:
    """Its words and days. Raises Incomplete, StaleRecord, RuleBroken for one that comes with the portal."""
    return _changed(strategy, seen, by, lambda document: document.update(_words_of(facts)))


@transaction.atomic
def keep_strand(*, strategy: Strategy, key: str, facts: Facts, seen: str, by: User | None) -> Strategy:
    """A new strand, or with `key` other words for one. Raises as `change_strategy`."""

    def act(document: Document) -> None:
        strands = document["strands"]
        name = {"en": facts["name"], "cy": facts["name_cy"]}
        if key:
            next(each for each in strands if each["key"] == key)["name"] = name
            return
        new = slugify(facts["name"])[:KEY_LIMIT].strip("-")
        if not new or any(each["key"] == new for each in strands):
            raise Incomplete([Problem(_("Another strand has this name."), field="name")])
        strands.append({"key": new, "name": name})

    return _changed(strategy, seen, by, act)


@transaction.atomic
def keep_objective(*, strategy: Strategy, number: str, facts: Facts, seen: str, by: User | None) -> Strategy:
    """A new objective, or with `number` other words for one. Raises as `change_strategy`."""

    def act(document: Document) -> None:
        objectives = document["objectives"]
        said = _said(statement={"en": facts["statement"], "cy": facts["statement_cy"]}, strand=facts["strand"])
        if number:
            kept = next(each for each in objectives if each["number"] == number)
            kept.pop("strand", None)
            kept.update(said)
            return
        if any(each["number"] == facts["number"] for each in objectives):
            raise Incomplete([Problem(_("Another objective has this number."), field="number")])
        objectives.append({"number": facts["number"], **said, "deliverables": []})

    return _changed(strategy, seen, by, act)


@transaction.atomic
def keep_deliverable(
    *, strategy: Strategy, objective: str, number: str, facts: Facts, seen: str, by: User | None
) -> Strategy:
    """A new deliverable of an objective, or with `number` other words for one. Its target date is the original one;
    what was reported since stays. Raises as `change_strategy`.
    """

    def act(document: Document) -> None:
        listed = next(each for each in document["objectives"] if each["number"] == objective)["deliverables"]
        said = _said(
            **{name: _two(facts, name) for name in ("text", "success_measure", "contribution")},
            target_on=facts["target_on"],
            measure=facts["measure"],
            target_percent=facts["target_percent"],
        )
        if number:
            place = next(place for place, each in enumerate(listed) if each["number"] == number)
            kept = {key: listed[place][key] for key in ("number", "status", "status_word") if key in listed[place]}
            listed[place] = kept | said
            return
        new = facts["number"]
        if not new.startswith(f"{objective}."):
            sentence = _("The number begins with %(number)s.") % {"number": f"{objective}."}
            raise Incomplete([Problem(sentence, field="number")])
        if any(each["number"] == new for each in listed):
            raise Incomplete([Problem(_("Another deliverable has this number."), field="number")])
        listed.append({"number": new, "status": "proposed", **said})

    return _changed(strategy, seen, by, act)


@transaction.atomic
def take_out(*, strategy: Strategy, kind: str, name: str, seen: str, by: User | None) -> Strategy:
    """A strand, an objective or a deliverable that nobody needs. Raises as `change_strategy`, and RuleBroken for a
    deliverable that was counted or reported on.
    """

    def act(document: Document) -> None:
        if kind == "strand":
            document["strands"] = [each for each in document["strands"] if each["key"] != name]
            for objective in document["objectives"]:
                if objective.get("strand") == name:
                    del objective["strand"]
        elif kind == "objective":
            document["objectives"] = [each for each in document["objectives"] if each["number"] != name]
        else:
            for objective in document["objectives"]:
                left = [each for each in objective["deliverables"] if each["number"] != name]
                objective["deliverables"] = left

    return _changed(strategy, seen, by, act)


@transaction.atomic
def publish_strategy(*, strategy: Strategy, seen: str, by: User | None) -> Strategy:
    """From now on everybody reads it, and its deliverables are counted. Done again it changes nothing.

    Raises StaleRecord, Incomplete for a plan without a deliverable.
    """
    held = _held(strategy, seen)
    if not held.is_draft:
        return held
    if not Deliverable.objects.filter(objective__strategy=held).exists():
        raise Incomplete([Problem(_("The plan has no deliverable yet."))])
    held.is_draft = False
    held.save(update_fields=["is_draft"])
    trail.record("published", held, by=by, after={"key": held.key})
    promise_plans()
    return held


@transaction.atomic
def name_lead(*, strand: Strand, name: str, body: str, as_of: str, by: User | None) -> Holder:
    """Who leads a strand as of a day; who was named before stands below. From now on a file changes no lead of it."""
    held = _strand_held(strand)
    holders = list(held.holders.all())
    for place, each in enumerate(holders, 1):
        each.position = place
    Holder.objects.bulk_update(holders, ["position"])
    made = Holder.objects.create(strand=held, name=name, body=body, as_of=as_of, position=0)
    trail.record("named", held.strategy, by=by, after={"strand": held.key, "as_of": as_of}, personal={"name": name})
    promise_plans()
    return made


@transaction.atomic
def remove_lead(*, holder: Holder, by: User | None) -> None:
    """An entry that was wrong, or that nobody should read any more."""
    held = _strand_held(holder.strand)
    trail.record("removed", held.strategy, by=by, after={"strand": held.key}, personal={"name": holder.name})
    holder.delete()
    promise_plans()


def _strand_held(strand: Strand) -> Strand:
    held = Strand.objects.select_for_update(of=("self",)).select_related("strategy").get(pk=strand.pk)
    if not held.keeps_leads:
        held.keeps_leads = True
        held.save(update_fields=["keeps_leads"])
    return held


def _held(strategy: Strategy, seen: str) -> Strategy:
    held = Strategy.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=strategy.pk)
    if held.organisation is None:
        raise RuleBroken(_("This strategy comes with the portal. Its words change with a release of the portal."))
    if held.sha256 != seen:
        raise StaleRecord(held)
    return held


def _changed(strategy: Strategy, seen: str, by: User | None, act: Callable[[Document], None]) -> Strategy:
    held = _held(strategy, seen)
    document = document_of(held)
    act(document)
    assert held.organisation is not None  # noqa: S101  (`_held` refuses those without)
    return _stored(document, held.organisation, by)


def _stored(document: Document, organisation: Organisation, by: User | None) -> Strategy:
    said = {key: value for key, value in document.items() if value is not None}
    text = yaml.safe_dump(said, allow_unicode=True, sort_keys=False)
    return load_strategy(text=text, by=by, organisation=organisation).strategy


def _words_of(facts: Facts) -> Document:
    days: dict[str, dt.date | None] = {name: facts.get(name) for name in ("starts_on", "ends_on")}
    if days["starts_on"] and days["ends_on"] and days["ends_on"] < days["starts_on"]:
        raise Incomplete([Problem(_("The last day is before the first."), field="ends_on")])
    return {
        **{name: _two(facts, name) for name in WORDS},
        **days,
        "as_of": facts["as_of"] or f"{today():%-d %B %Y}",
        "source": facts["source"],
    }


def _two(facts: Facts, name: str) -> dict[str, str] | None:
    return {"en": facts[name], "cy": facts[f"{name}_cy"]} if facts[name] else None
