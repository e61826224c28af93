"""Self-tests on the twelve principles: for everybody without a record, for people with an account with one."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from accounts.access import AuthenticatedHttpRequest, get_or_post, organisation_or_404
from accounts.policy import require
from strategy import self_tests
from strategy.models import SelfTestRecord
from strategy.self_tests import Result, SelfTest, local
from strategy.services import self_tests as services
from transparency.views.public import answer, language_of, public


def _test(number: int) -> SelfTest:
    found = self_tests.edition().of(number)
    if found is None:
        raise Http404
    return found


def _shown(test: SelfTest, result: Result | None) -> dict[str, Any]:
    """Questions, answers and, once answered, what was right and why, in the language of the page."""
    questions = []
    for place, question in enumerate(test.questions, 1):
        chosen = result.marked[place - 1].chosen if result else 0
        answers = [
            {"value": n, "text": local(words), "chosen": n == chosen} for n, words in enumerate(question.answers, 1)
        ]
        questions.append(
            {
                "name": f"q{place}",
                "number": place,
                "ask": local(question.ask),
                "answers": answers,
                "is_right": chosen == question.right,
                "is_missing": chosen == 0,
                "right": local(question.answers[question.right - 1]),
                "why": local(question.why),
                "source": local(question.source),
            }
        )
    return {
        "number": test.principle,
        "title": local(test.title),
        "questions": questions,
        "result": result,
        "score": result.score if result else 0,
        "pass_mark": self_tests.edition().pass_mark,
        "edition": self_tests.edition().key,
    }


@public
def try_out(request: HttpRequest, number: int) -> HttpResponse:
    """Answers are part of the address, so that nothing is kept anywhere. No query."""
    test = _test(number)
    sent = "q1" in request.GET or "sent" in request.GET
    language, _path = language_of(request)
    with override(language.code):
        context = _shown(test, self_tests.mark(test, request.GET.dict()) if sent else None)
    return answer(request, "strategy/self_test_public.html", context, query=request.GET.urlencode())


@require_safe
def tests(request: AuthenticatedHttpRequest, organisation: str) -> HttpResponse:
    """The twelve, and which of them the person passed. One query beside those of every page."""
    org = organisation_or_404(request.user, organisation)
    require(request.user, "strategy.take_self_tests", org)
    edition = self_tests.edition()
    passed = {each.principle: each for each in SelfTestRecord.objects.filter(person=request.user, edition=edition.key)}
    rows = [
        {"number": test.principle, "title": local(test.title), "record": passed.get(test.principle)}
        for test in edition.tests
    ]
    context = {
        "organisation": org,
        "rows": rows,
        "breadcrumbs": [(org.local_name, org.get_absolute_url()), (_("Self-tests"), "")],
    }
    return render(request, "strategy/self_tests.html", context)


@get_or_post
def take(request: AuthenticatedHttpRequest, organisation: str, number: int) -> HttpResponse:
    """All questions on a page; the result is explained, and passing leaves a record. 422 where answers are missing."""
    org = organisation_or_404(request.user, organisation)
    require(request.user, "strategy.take_self_tests", org)
    test, result, record, status = _test(number), None, None, 200
    if request.method == "POST":
        result = self_tests.mark(test, request.POST.dict())
        record = services.complete(person=request.user, test=test, result=result)
        status = 422 if result.unanswered else 200
    context = {
        **_shown(test, result),
        "organisation": org,
        "record": record,
        "breadcrumbs": [
            (org.local_name, org.get_absolute_url()),
            (_("Self-tests"), reverse("national:self_tests", args=[org.slug])),
            (local(test.title), ""),
        ],
    }
    return render(request, "strategy/self_test.html", context, status=status)


@require_safe
def record(request: AuthenticatedHttpRequest, organisation: str, reference: str) -> HttpResponse:
    """A page to print, for the person alone: 404 for everybody else."""
    org = organisation_or_404(request.user, organisation)
    found = get_object_or_404(SelfTestRecord, reference=reference, person=request.user)
    test = _test(found.principle)
    facts = [
        {"key": _("Name"), "value": request.user.name},
        {"key": _("Self-test"), "value": f"{found.principle}. {local(test.title)}"},
        {"key": _("Edition"), "value": found.edition},
        {"key": _("Right answers"), "value": f"{found.score} / {found.questions}"},
        {"key": _("Pass mark"), "value": f"{found.pass_mark} / {found.questions}"},
    ]
    context = {
        "organisation": org,
        "record": found,
        "facts": facts,
        "breadcrumbs": [
            (org.local_name, org.get_absolute_url()),
            (_("Self-tests"), reverse("national:self_tests", args=[org.slug])),
            (found.reference, ""),
        ],
    }
    return render(request, "strategy/self_test_record.html", context)
