"""The frame of the pages: components, error pages, and that nothing on a page asks for what is not there."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.template.loader import get_template, render_to_string

from core.templatetags.govuk import is_under

TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
STYLES = sorted(Path(settings.BASE_DIR, "static").rglob("*.css"))


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
def test_a_stylesheet_asks_only_for_files_that_are_there(style):
    asked = re.findall(r"url\([\"']?([^\"')]+)", style.read_text())
    files = [url for url in asked if not url.startswith("#")]  # the rest names a part of the page itself
    assert [url for url in files if not (style.parent / url).is_file()] == []


def test_templates_ask_only_for_static_files_that_are_there():
    asked = {url for page in TEMPLATES for url in re.findall(r"{% static '([^']+)'", page.read_text())}
    assert [url for url in sorted(asked) if not finders.find(url)] == []


def test_no_template_holds_inline_script_or_style():
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)")
    assert [str(page) for page in TEMPLATES if inline.search(page.read_text())] == []


def test_every_template_can_be_read():
    names = [str(page.relative_to(Path(settings.BASE_DIR, "templates"))) for page in TEMPLATES]
    assert [get_template(name).template.name for name in names] == names


@pytest.mark.parametrize("page", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_an_error_page_needs_no_context_and_says_what_to_do_next(page):
    html = render_to_string(page)
    assert html.count("<h1") == 1
    assert "What you can do next" in html
    assert 'href="/' in html


def test_a_refusal_lists_its_problems_and_next_steps_once():
    html = render_to_string(
        "errors/refused.html",
        {
            "title": "Something is still missing",
            "lead": "Put these right:",
            "problems": [{"text": "No answer", "url": "/q/"}, {"text": "No date", "url": ""}],
            "next_steps": [{"label": "Back", "url": "/back/"}],
        },
    )
    assert html.count("No answer") == html.count("No date") == 1
    assert '<a class="govuk-link" href="/q/">No answer</a>' in html
    assert '<a class="govuk-link" href="/back/">Back</a>' in html


@pytest.mark.parametrize(
    ("path", "address", "expected"),
    [
        ("/certificates/", "/certificates/", True),
        ("/certificates/CC-1/", "/certificates/", True),
        ("/authorities/", "/certificates/", False),
        ("", "/certificates/", False),
        ("/certificates/", "", False),
    ],
)
def test_navigation_knows_where_the_page_lies(path, address, expected):
    assert is_under(path, address) is expected


def pages(html: str) -> list[str]:
    return re.findall(r"href=\"([^\"]*)\"", html)


def test_pagination_keeps_the_query(rf):
    page = Paginator(range(95), 10).get_page(4)
    html = render_to_string("components/pagination.html", {"page_obj": page}, rf.get("/?q=a%26b&page=4"))
    queries = [f"?q=a%26b&amp;page={n}" for n in (3, 1, 2, 3, 4, 5, 10, 5)]
    assert pages(html) == queries
    assert html.count('aria-current="page"') == 1


def test_pagination_without_a_request_keeps_the_query_it_is_told():
    page = Paginator(range(15), 10).get_page(1)
    html = render_to_string("components/pagination.html", {"page_obj": page, "current_query": "q=a%26b&page=1"})
    assert pages(html) == [f"?q=a%26b&amp;page={n}" for n in (1, 2, 2)]


def test_pagination_of_kept_pages_has_addresses_without_a_query():
    page = Paginator(range(25), 10).get_page(2)
    html = render_to_string("components/pagination.html", {"page_obj": page, "page_folder": "/authorities/"})
    first, second, third = "/authorities/", "/authorities/2/", "/authorities/3/"
    assert pages(html) == [first, first, second, third, third]


def test_one_page_has_no_pagination():
    page = Paginator(range(3), 10).get_page(1)
    assert render_to_string("components/pagination.html", {"page_obj": page}).strip() == ""


def test_demonstration_is_said_on_every_page_of_a_demonstration():
    sentence = "Demonstration: made-up data."
    assert sentence in render_to_string("base.html", {"demonstration": True})
    assert sentence not in render_to_string("base.html", {"demonstration": False})


def test_a_page_with_a_wrong_form_says_so_in_its_title():
    class Wrong:
        errors = {"name": ["x"]}

    assert "<title>Error: " in render_to_string("base.html", {"form": Wrong()})
    assert "<title>Error: " not in render_to_string("base.html")


@pytest.mark.parametrize(
    "standing", ["valid", "review_due", "not_yet", "suspended", "withdrawn", "expired", "replaced", "historic"]
)
def test_a_standing_is_told_by_word_and_icon_not_by_colour_alone(standing):
    html = render_to_string("components/standing_panel.html", {"standing": standing, "label": "The word"})
    assert f"ccp-standing--{standing}" in html
    assert re.search(r"<h2[^>]*>The word</h2>", html)
    assert re.search(r"<svg[^>]*aria-hidden=\"true\"[^>]*>\s*<(circle|path)", html)


def test_texts_are_escaped_in_components():
    row = {"key": "<i>", "value": "<script>", "url": "/x/", "action": "Change"}
    html = render_to_string("components/summary_list.html", {"rows": [row]})
    assert "<script>" not in html
    assert "<i>" not in html
