"""What is drawn once is the same for whoever sees it: it depends on nothing but its language and what it names."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from core.templatetags import once as once_tags

pytestmark = pytest.mark.once


def drawn(template: Template, **context: Any) -> str:
    return template.render(Context(context))


def test_nothing_of_the_page_is_in_sight() -> None:
    template = Template("{% load once %}{% once %}[{{ name }}{{ user }}]{% endonce %}{{ name }}")
    assert [drawn(template, name=name, user="Ann") for name in ("a", "b")] == ["[]a", "[]b"]
    template = Template("{% load once %}{% once with name %}[{{ name }}{{ user }}]{% endonce %}")
    assert [drawn(template, name=name, user="Ann") for name in ("a", "b", "a")] == ["[a]", "[b]", "[a]"]


def test_each_language_has_its_own() -> None:
    template = Template(
        "{% load once i18n %}{% once %}{% get_current_language as language %}{{ language }}{% endonce %}"
    )
    for language in ("en-gb", "cy", "en-gb"):
        with translation.override(language):
            assert drawn(template) == language


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<b>", mark_safe("<b>")),
        (1, True),
        ("1", 1),
        (None, ""),
        ([{"name": "<b>"}], [{"name": mark_safe("<b>")}]),
        ([{"name": "a"}], [{"title": "a"}]),
        (["a", ["b"]], ["a", "b"]),
    ],
)
def test_values_that_read_differently_are_told_apart(one: Any, other: Any) -> None:
    template = Template("{% load once %}{% once with value %}{{ value }}{% endonce %}")
    plain = Template("{{ value }}")
    for value in (one, other, one):
        assert drawn(template, value=value) == drawn(plain, value=value)


def test_lazy_values_and_lists_that_change_are_read_each_time() -> None:
    template = Template("{% load once %}{% once with label rows %}{{ label }}: {{ rows|join:',' }}{% endonce %}")
    rows = ["a"]
    assert drawn(template, label=gettext_lazy("Inbox"), rows=SimpleLazyObject(lambda: rows)) == "Inbox: a"
    rows.append("b")
    assert drawn(template, label=gettext_lazy("Inbox"), rows=SimpleLazyObject(lambda: rows)) == "Inbox: a,b"


def test_a_record_is_refused_because_it_may_change_and_stay_the_same_record() -> None:
    @dataclass(frozen=True)
    class Record:
        pk: int

    with pytest.raises(TypeError, match="cannot depend on a Record"):
        drawn(Template("{% load once %}{% once with record %}{{ record }}{% endonce %}"), record=Record(1))


def test_what_a_process_keeps_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(once_tags, "MOST_DRAWN", 2)
    template = Template("{% load once %}{% once with value %}{{ value }}{% endonce %}")
    assert [drawn(template, value=value) for value in (1, 2, 3, 1)] == ["1", "2", "3", "1"]
    [node] = [node for node in template.nodelist if isinstance(node, once_tags.OnceNode)]
    assert len(node.drawn) <= 2


@pytest.mark.parametrize("arguments", ["sections", "with", "as sections"])
def test_anything_else_is_a_mistake(arguments: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        Template("{% load once %}{% once " + arguments + " %}{% endonce %}")
