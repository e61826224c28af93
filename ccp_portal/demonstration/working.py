"""Colleagues at work on a self-assessment: who answers what, comments, and questions to somebody outside."""

from typing import Any

from accounts.models import User
from ccp_portal.demonstration.people import World
from compliance.models import Assessment
from compliance.services.assignments import assign
from compliance.services.comments import add_comment, settle_comment
from compliance.services.requests import answer_request, ask

Record = dict[str, Any]


def make_working(world: World, assessment: Assessment, wanted: Record, by: User) -> None:
    """`shares` are asked of their people by `by`; then `talk` beside questions, and questions `asked` by a link."""
    for share in wanted.get("shares", ()):
        principles = list(assessment.edition.principles.filter(number__in=share["principles"]))
        assign(assessment=assessment, principles=principles, user=world.people[share["email"]], by=by)
    questions = {question.key: question for question in assessment.edition.questions.select_related("principle")}
    for talk in wanted.get("talk", ()):
        writer = world.people[talk["by"]]
        comment = add_comment(assessment=assessment, question=questions[talk["question"]], text=talk["text"], by=writer)
        if talk.get("settled"):
            settle_comment(comment=comment, by=by)
    for sent in wanted.get("asked", ()):
        request = ask(
            assessment=assessment,
            question=questions[sent["question"]],
            email=sent["email"],
            name=sent["name"],
            message=sent["message"],
            by=world.people[sent["by"]],
        )
        if reply := sent.get("reply"):
            answer_request(request=request, choice="", text=reply, name=sent["name"])
