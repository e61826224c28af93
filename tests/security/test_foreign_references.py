"""References of another organisation, sent where one's own are asked for, find nothing and change nothing.

The same request with a reference of one's own goes through: it is the reference that is refused.
"""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Role
from compliance.models import ActionItem, Assessment, Evidence, EvidenceUse, LinkedAnswer, MadeElsewhere
from compliance.services.comments import add_comment
from compliance.services.requests import answer_request, ask
from tests.compliance.pages import at, sign_in
from tests.factories.accounts import member
from tests.factories.compliance import (
    ActionItemFactory,
    AnswerFactory,
    AssessmentFactory,
    CameraSystemFactory,
    EvidenceFactory,
    signed_assessment,
)

pytestmark = pytest.mark.django_db


class Two:
    """A draft of ours with its SPOC signed in, and a draft of others, on the same edition."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.ours: Assessment = AssessmentFactory()
        self.theirs: Assessment = AssessmentFactory(edition=self.ours.edition)
        self.spoc = sign_in(client, self.ours)
        self.org = f"/workspace/{self.ours.system.operator.slug}/"
        self.question = self.ours.edition.questions.get(number=1)

    def post(self, address: str, **sent: Any) -> int:
        return self.client.post(address, sent).status_code


@pytest.fixture
def two(client: Client) -> Two:
    return Two(client)


def test_evidence(two: Two) -> None:
    foreign = EvidenceFactory(operator=two.theirs.system.operator)
    assert two.post(at(two.ours, "questions/1/evidence/"), evidence=[foreign.reference]) == 422
    action = ActionItemFactory(assessment=two.ours)
    move = f"{two.org}actions/{action.reference}/move/"
    assert two.post(move, status="done", note="Done.", evidence=foreign.reference) == 422
    made = {
        "kind": "self_assessment",
        "scope": "All.",
        "signed_on_day": 6,
        "signed_on_month": 5,
        "signed_on_year": 2025,
    }
    made |= {"signed_post": "Director", "systems": [two.ours.system.reference], "evidence": foreign.reference}
    assert two.post(f"{two.org}evidence/elsewhere/new/", **made) == 422
    assert (EvidenceUse.objects.count(), MadeElsewhere.objects.count()) == (0, 0)
    assert ActionItem.objects.get().closing_evidence is None
    own = EvidenceFactory(operator=two.ours.system.operator).reference
    assert two.post(at(two.ours, "questions/1/evidence/"), evidence=[own]) == 302
    assert two.post(move, status="done", note="Done.", evidence=own) == 302
    assert two.post(f"{two.org}evidence/elsewhere/new/", **made | {"evidence": own}) == 302
    for rest in ("", "file", "versions/1/file", "change/", "replace/", "publish/"):
        assert two.client.get(f"{two.org}evidence/{foreign.reference}/{rest}").status_code == 404
    assert two.post(f"{two.org}evidence/{foreign.reference}/withdraw/") == 404


def test_systems(two: Two) -> None:
    own = EvidenceFactory(operator=two.ours.system.operator, systems=[two.ours.system])
    page = f"{two.org}evidence/{own.reference}/change/"
    seen = two.client.get(page).context["form"]["seen"].value()
    sent = {"kind": "dpia", "title": "T", "seen": seen, "systems": [two.theirs.system.reference]}
    assert two.post(page, **sent) == 422
    start = f"{two.org}assessments/start/"
    assert two.post(start, system=two.theirs.system.reference, begin="blank") == 422
    fresh = CameraSystemFactory(operator=two.ours.system.operator)
    assert two.post(start, system=fresh.reference, begin="other", source=two.theirs.reference) == 422
    assert Assessment.objects.count() == 2
    assert list(Evidence.objects.get().systems.all()) == [two.ours.system]
    assert two.post(page, **sent | {"systems": [two.ours.system.reference]}) == 302
    assert two.post(start, system=fresh.reference, begin="other", source=two.ours.reference) == 302


def test_links(two: Two) -> None:
    AnswerFactory(assessment=two.theirs, question=two.question, text="Theirs.")
    second = AssessmentFactory(system__operator=two.ours.system.operator, edition=two.ours.edition)
    page = f"{two.org}assessments/side-by-side/1/?edition={two.ours.edition.key}"
    assert "Theirs." not in two.client.get(page).content.decode()
    read = {f"read-{one.reference}": 0 for one in (two.ours, second, two.theirs)}
    for members, keep in (([two.ours, two.theirs], two.theirs), ([two.ours, second], two.theirs)):
        assert two.post(page, members=[one.reference for one in members], keep=keep.reference, **read) == 422
    assert LinkedAnswer.objects.count() == 0
    own = [two.ours.reference, second.reference]
    assert two.post(page, members=own, keep=own[0], **read) == 302
    assert two.client.get(f"{two.org}assessments/side-by-side/", {"system": two.theirs.reference}).status_code == 200


def test_actions_in_bulk(two: Two) -> None:
    own, foreign = ActionItemFactory(assessment=two.ours), ActionItemFactory(assessment=two.theirs)
    ticked = [f"{action.reference}:1" for action in (own, foreign)]
    assert two.post(f"{two.org}actions/several/", action=ticked, drop="on", reason="Not needed.") == 422
    stranger = member(two.theirs.system.operator, Role.CONTRIBUTOR)
    assert two.post(f"{two.org}actions/several/", action=ticked[:1], owner=stranger.reference) == 422
    assert ActionItem.objects.filter(status="open", owner=None).count() == 2
    assert two.post(f"{two.org}actions/several/", action=ticked[:1], owner=two.spoc.reference) == 302
    assert foreign.reference not in two.client.get(f"{two.org}actions/several/", {"action": ticked}).content.decode()


def test_comments_and_shares(two: Two) -> None:
    theirs = add_comment(assessment=two.theirs, question=two.question, text="Theirs.", by=two.spoc)
    assert two.post(at(two.ours, "questions/1/comments/settle/"), comment=theirs.pk) == 404
    stranger = member(two.theirs.system.operator, Role.CONTRIBUTOR)
    shares = {"user": stranger.pk, "principles": [two.question.principle_id]}
    assert two.post(at(two.ours, "assignments/"), **shares) == 422
    theirs.refresh_from_db()
    assert (theirs.settled_at, two.ours.assignments.count()) == (None, 0)
    assert two.post(at(two.ours, "assignments/"), **shares | {"user": two.spoc.pk}) == 302


def test_questions_that_were_sent_out(two: Two) -> None:
    by = member(two.theirs.system.operator, Role.SPOC)
    sent = ask(assessment=two.theirs, question=two.question, email="it@a.example", name="IT", message="", by=by)
    assert two.client.get(f"{two.org}requests/{sent.reference}/").status_code == 404
    for act in ("decline", "again", "withdraw"):
        assert two.post(f"{two.org}requests/{sent.reference}/{act}/") == 404
    answer_request(request=sent, choice="", text="Theirs.", name="IT")
    assert two.post(f"{two.org}requests/{sent.reference}/", text="Ours.", version=0) == 404


def test_what_others_signed(two: Two) -> None:
    ours, theirs = (signed_assessment(edition=two.ours.edition) for _ in range(2))
    sign_in(two.client, ours, Role.VIEWER)
    org = f"/workspace/{ours.system.operator.slug}/"
    pair = {"before": ours.signed_as.get().reference, "after": theirs.signed_as.get().reference}
    assert two.client.get(f"{org}assessments/compare/", pair).status_code == 404
    for rest in ("take/", "take/answers.json", "signed.pdf", "signed.json", "since/", "whole/", "reopen/"):
        assert two.client.get(f"{org}assessments/{theirs.reference}/{rest}").status_code == 404
