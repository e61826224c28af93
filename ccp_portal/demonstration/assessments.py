"""Self-assessments, each as far as its authority has come."""

from collections.abc import Mapping
from typing import Any

from accounts.models import Role, User
from ccp_portal.demonstration import data
from ccp_portal.demonstration.documents import attach_documents
from ccp_portal.demonstration.people import World
from ccp_portal.demonstration.working import make_working
from compliance.models import ActionItem, ActionTemplate, Assessment, CameraSystem, Question
from compliance.rules import ALWAYS
from compliance.services.actions import Plan, add_action
from compliance.services.answers import save_answer
from compliance.services.assessments import save_scope, start_assessment
from compliance.services.carry import confirm_carried, reopen, start_from
from compliance.services.links import link
from compliance.services.signing import return_with_comments, send_for_sign_off, sign

Record = dict[str, Any]


def make_assessment(world: World, authority: Record, system: Record, facts: Mapping[str, object]) -> None:
    """Start it, answer it, plan its actions, and move it on to where the data says that it stands."""
    wanted: Record = system["assessment"]
    manager = world.holder_or_spoc(authority["key"], Role.SCHEME_MANAGER)
    if wanted["until"] == "carried":
        _carry(world, world.systems[system["key"]], wanted, manager)
        return
    assessment = start_assessment(system=world.systems[system["key"]], by=manager)
    save_scope(assessment=assessment, scope=wanted["scope"], version=0, by=manager)
    if wanted["until"] == "half":
        make_working(world, assessment, wanted, manager)
        _answer_half(world, assessment, system, facts)
    else:
        for question in _questions(assessment):
            _answer(assessment, question, system, facts, manager)
    attach_documents(assessment, manager)
    for action in wanted.get("actions", ()):
        _plan(world, authority, assessment, action, manager)
    _move_on(world, authority, assessment, wanted)
    if reason := wanted.get("reopened"):
        reopen(assessment=assessment, reason=reason, by=world.holder(authority["key"], Role.SPOC))


def _carry(world: World, system: CameraSystem, wanted: Record, by: User) -> None:
    """A draft with the answers of another system of the same authority: some are confirmed, and some serve both now."""
    source = world.systems[wanted["from"]].assessments.order_by("-pk").first()
    assert source is not None  # noqa: S101  (the data names a system that stands before this one)
    draft = start_from(system=system, source=source, by=by)
    answers = draft.answers.filter(question__principle__number__in=wanted["confirmed"])
    confirm_carried(assessment=draft, versions=dict(answers.values_list("question__number", "version")), by=by)
    for question in draft.edition.questions.filter(key__in=wanted["serves_both"]):
        link(question=question, assessments=[source, draft], keep=source, by=by)


def _questions(assessment: Assessment) -> list[Question]:
    """Those that the record of the system calls for; which follow-ups are asked depends on the answers."""
    conditions = {ALWAYS, *assessment.system.conditions()}
    questions = assessment.edition.questions.select_related("principle", "edition").order_by("number")
    return [question for question in questions if question.applies in conditions]


def _answer_half(world: World, assessment: Assessment, system: Record, facts: Mapping[str, object]) -> None:
    """Several people have answered the principles that fell to each, and somebody a few questions besides."""
    wanted = system["assessment"]
    for share in wanted["shares"]:
        person = world.people[share["email"]]
        for question in _questions(assessment):
            if question.principle.number in share["principles"] or question.key in share.get("questions", ()):
                _answer(assessment, question, system, facts, person)


def _answer(assessment: Assessment, question: Question, system: Record, facts: Mapping[str, object], by: User) -> None:
    choice, text = _words(question, system, facts)
    if choice or text:
        save_answer(assessment=assessment, question=question, choice=choice, text=text, version=0, by=by)


def _words(question: Question, system: Record, facts: Mapping[str, object]) -> tuple[str, str]:
    """What this system answers: its own words, else one of the texts that all share."""
    common: Record = data.answers()[question.key]
    own: Record = system["assessment"].get("answers", {}).get(question.key, {})
    texts: list[str] = common.get("texts", [])
    text = texts[(system["variant"] + question.number) % len(texts)] if texts else ""
    choice = str(own.get("choice", common.get("choice", "")))
    if "text" in own or ("choice" in own and own["choice"] != common.get("choice")):
        text = own.get("text", "")
    return choice, data.filled(text, facts)


def _plan(world: World, authority: Record, assessment: Assessment, action: Record, by: User) -> None:
    principle = assessment.edition.principles.get(number=action["principle"])
    gap = principle.questions.get(kind=Question.Kind.GAP)
    text = action.get("text") or ActionTemplate.objects.get(edition=assessment.edition, key=action["template"]).text
    plan = Plan(
        description=text,
        due_on=data.day(action["due_in"]),
        priority=ActionItem.Priority(action["priority"]),
        owner=_owner(world, authority, action["owner"]),
    )
    add_action(assessment=assessment, principle=principle, question=gap, plan=plan, by=by)


def _owner(world: World, authority: Record, owner: str) -> User:
    """By email or by role."""
    return world.people.get(owner) or world.holder_or_spoc(authority["key"], owner)


def _move_on(world: World, authority: Record, assessment: Assessment, wanted: Record) -> None:
    if wanted["until"] == "half":
        return
    send_for_sign_off(assessment=assessment, by=world.holder(authority["key"], Role.SPOC))
    sro = world.holder(authority["key"], Role.SRO)
    if wanted["until"] == "returned":
        return_with_comments(assessment=assessment, comments=wanted["comments"], by=sro)
    elif wanted["until"] == "signed":
        post = assessment.system.sro_post
        sign(assessments=[assessment], by=sro, typed_name=sro.name, post=post, password_checked=True)
