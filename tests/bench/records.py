"""The records of the bench, and what pages over them cost in SQL. Imported where Django is ready."""

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Organisation, Role, User
from compliance.models import Answer, AnswerRevision, Assessment, CodeEdition, Question
from tests.bench import saving
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.compliance import ActionItemFactory, AssessmentFactory, CameraSystemFactory

ACTIONS = 5
TEXT = "The statement of need of March 2025 names the purpose; the board reviewed it in June. " * 8
TRANSACTION_WORDS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
Person = tuple[User, Client]


def plan(*, rows: int, people: int, together: int, own: int, shared: int) -> dict[str, Any]:
    """Addresses, sessions, and the queries of each page with few rows and with many."""
    few, many = _operator(1, answered=False), _operator(rows, answered=True)
    queries = {name: [_worst(few, name), _worst(many, name)] for name in ("list", "question", "autosave")}
    return {
        **{name: many[name] for name in ("session", "list", "question", "version")},
        "queries": queries,
        "people": _people(people, together, own, shared),
    }


def _operator(rows: int, *, answered: bool) -> dict[str, Any]:
    """An operator with that many drafts, and its SPOC in a browser."""
    operator: Any = OrganisationFactory()
    spoc, browser = _signed_in(member(operator, Role.SPOC))
    drafts = [_draft(operator, spoc, answered=answered) for _ in range(rows)]
    first = Question.objects.filter(edition=drafts[0].edition, kind=Question.Kind.TEXT).earliest("number")
    return {
        "client": browser,
        "session": browser.cookies["sessionid"].value,
        "list": reverse("compliance:assessments", args=[operator.slug]),
        "question": _question_url(drafts[0], first),
        "version": 1 if answered else 0,
    }


def _draft(operator: Organisation, by: User, *, answered: bool) -> Assessment:
    edition = CodeEdition.objects.latest("in_effect_on")
    system = CameraSystemFactory(operator=operator, complete=True, status="active")
    draft: Assessment = AssessmentFactory(system=system, edition=edition, started_by=by)
    if answered:
        for _ in range(ACTIONS):
            ActionItemFactory(assessment=draft, owner=by)
        made = Answer.objects.bulk_create(
            Answer(assessment=draft, question=question, choice=_choice(question), text=TEXT, version=1, updated_by=by)
            for question in edition.questions.all()
        )
        AnswerRevision.objects.bulk_create(
            AnswerRevision(answer=answer, version=1, choice=answer.choice, text=answer.text, by=by) for answer in made
        )
    return draft


def _choice(question: Question) -> str:
    return "" if question.kind == Question.Kind.TEXT else question.expected or "no"


def _question_url(assessment: Assessment, question: Question) -> str:
    slug = assessment.system.operator.slug
    return reverse("compliance:question", args=[slug, assessment.reference, question.number])


def _signed_in(user: User) -> Person:
    browser = Client(headers={"host": "127.0.0.1"})
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return user, browser


def _worst(operator: dict[str, Any], name: str) -> int:
    """Statements of the page, asked for twice; the dearer of the two. A process reads the questions of an edition with
    the first page that shows them and keeps them, so that one page comes before.
    """
    operator["client"].get(operator["question"])
    return max(_statements(operator, name) for _ in range(2))


def _statements(operator: dict[str, Any], name: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        if name == "autosave":
            answer = saving.in_process(
                operator["client"], operator["question"], f"{TEXT}{operator['version']}", operator
            )
        else:
            answer = operator["client"].get(operator[name])
    if answer.status_code not in (200, 302):
        raise RuntimeError(f"{name} answered {answer.status_code}")
    return sum(not query["sql"].lstrip().upper().startswith(TRANSACTION_WORDS) for query in captured)


def _people(count: int, together: int, own: int, shared: int) -> list[dict[str, Any]]:
    """Each with a session and the addresses of their own and of shared questions."""
    operator: Any = OrganisationFactory()
    found = []
    for begin in range(0, count, together):
        draft = _draft(operator, member(operator, Role.SPOC), answered=False)
        questions = list(Question.objects.filter(edition=draft.edition, kind=Question.Kind.TEXT).order_by("number"))
        for place in range(min(together, count - begin)):
            _user, browser = _signed_in(member(operator, Role.CONTRIBUTOR))
            mine = questions[shared + place * own : shared + (place + 1) * own]
            found.append(
                {
                    "session": browser.cookies["sessionid"].value,
                    "questions": [_question_url(draft, question) for question in (*questions[:shared], *mine)],
                }
            )
    return found


def count_lost(acknowledged: dict[str, list[str]]) -> dict[str, int]:
    """Of the texts that the portal acknowledged, by the address of their question: how many are in no version of the
    answer, and how many current answers are not their newest version.
    """
    lost = torn = 0
    for url, texts in acknowledged.items():
        reference, number = url.split("/")[-4], int(url.split("/")[-2])
        answer = Answer.objects.get(assessment__reference=reference, question__number=number)
        kept = dict(answer.revisions.values_list("version", "text"))
        lost += len(set(texts) - set(kept.values()))
        torn += kept.get(answer.version) != answer.text or sorted(kept) != list(range(1, answer.version + 1))
    return {"lost": lost, "torn": torn}
