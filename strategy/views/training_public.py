"""Training for everybody: the catalogue with filters, the self-tests, and counts of people that name nobody."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import override

from core.dates import today
from strategy import self_tests
from strategy.models import Course
from strategy.models.training import STANDING_COLOURS, Standing, standing_of
from strategy.self_tests import local
from strategy.training_figures import figures
from transparency.asked import chooser, known, says, words
from transparency.views.public import answer, language_of, public


@public
def training(request: HttpRequest) -> HttpResponse:
    """Three queries."""
    on = today()
    language, _path = language_of(request)
    with override(language.code):
        kind = known(request.GET, "kind", Course.Kind.values)
        audience = known(request.GET, "audience", Course.Audience.values)
        text = words(request.GET)
        listed = [each for each in Course.objects.all() if each.ended_on is None or each.ended_on >= on]
        fits = [
            each for each in listed if kind in ("", each.kind) and audience in ("", each.audience) and _says(each, text)
        ]
        context = {
            "rows": [_line(each) for each in fits],
            "count": len(fits),
            "query": text,
            "lists": [_list("kind", Course.Kind.choices, kind), _list("audience", Course.Audience.choices, audience)],
            "is_filtered": bool(kind or audience or text),
            "tests": [{"number": each.principle, "title": local(each.title)} for each in self_tests.edition().tests],
            "figures": figures(on),
            "as_of": on,
        }
    return answer(request, "strategy/training_public.html", context, query=request.GET.urlencode())


def _says(course: Course, text: str) -> bool:
    """Whether each word asked for begins one of its words."""
    parts = [course.name, course.name_cy, course.provider, course.awarding_body, course.standards]
    return says(parts, text)


def _list(name: str, pairs: Any, chosen: str) -> dict[str, Any]:
    label = str(Course._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return chooser(name, capfirst(label), pairs, chosen)


def _line(course: Course) -> dict[str, Any]:
    standing = standing_of(course.accredited_until, today())
    dated = standing != Standing.UNDATED
    return {"course": course, "standing": standing.label if dated else "", "colour": STANDING_COLOURS[standing]}
