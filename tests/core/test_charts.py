"""The geometry of charts: bars as long as their numbers, nothing outside the drawing, and the same numbers as words."""

import itertools
import re
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string

from core.charts import FILLS, WIDTH, Row, Table, columns, compared, shown, stacked, ticks_to
from core.printing import html_to_pdf

SERIES = ("answered", "gaps", "open")
TABLE = Table("Principle", SERIES, (("1", ("3", "1", "0")), ("2", ("0", "0", "4"))))
ROWS = (Row("1", ((3, 1, 0),)), Row("2", ((0, 0, 4),)))


def draw(kind, rows=ROWS, series=SERIES, **more):
    return kind("k", "A title", "What it shows.", series=series, rows=rows, table=TABLE, **more)


@pytest.mark.parametrize(
    ("top", "ticks"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (5, [0, 1, 2, 3, 4, 5]),
        (6, [0, 2, 4, 6]),
        (11, [0, 5, 10, 15]),
        (26, [0, 10, 20, 30]),
        (0.4, [0, 1]),
        (2.5, [0, 1, 2, 3]),
        (1001, [0, 500, 1000, 1500]),
    ],
)
def test_ticks_are_round_whole_and_few(top, ticks):
    assert ticks_to(top) == ticks


@pytest.mark.parametrize("top", range(300))
def test_ticks_reach_the_top_in_at_most_six(top):
    ticks = ticks_to(top)
    assert ticks[-1] >= top
    assert len(ticks) <= 6
    assert len({b - a for a, b in itertools.pairwise(ticks)}) == 1


def test_pieces_of_a_bar_follow_each_other_and_are_as_long_as_their_numbers():
    chart = draw(stacked)
    three, one, four = chart.bars
    assert [bar.fill for bar in chart.bars] == [0, 1, 2]
    assert three.width == pytest.approx(3 * one.width, abs=0.2)
    assert four.width == pytest.approx(three.width + one.width, abs=0.2)
    assert one.x == pytest.approx(three.x + three.width, abs=0.2)
    assert three.y == one.y < four.y
    assert three.title == "1: answered: 3"


def test_a_row_may_have_two_named_bars():
    chart = draw(stacked, rows=[Row("1", ((3, 1, 0), (2, 2, 0)), ("2026", "2025"))])
    assert [bar.y for bar in chart.bars] == [chart.bars[0].y] * 2 + [chart.bars[0].y + 16] * 2
    assert [words.text for words in chart.words if words.anchor == "end"] == ["2026", "2025"]
    assert chart.bars[2].title == "1 2025: answered: 2"


def test_columns_stand_on_one_line_and_are_as_high_as_their_numbers():
    chart = draw(columns)
    three, one, four = chart.bars
    assert len({round(bar.y + bar.height, 1) for bar in chart.bars}) == 1
    assert three.height == pytest.approx(3 * one.height, abs=0.2)
    assert four.height == pytest.approx(4 * one.height, abs=0.2)
    assert three.x < one.x < four.x


def test_each_compared_bar_has_its_number_at_its_end():
    chart = draw(compared, rows=[Row("Gaps", ((2, 1.5),))], series=("Here", "Median"))
    assert [bar.width for bar in chart.bars] == [
        pytest.approx(1.333 * chart.bars[1].width, abs=0.3),
        chart.bars[1].width,
    ]
    assert [words.text for words in chart.words][-2:] == ["2", "1.5"]
    assert chart.words[-1].x > chart.bars[1].x + chart.bars[1].width


@pytest.mark.parametrize("kind", [stacked, compared, columns])
@pytest.mark.parametrize(
    "rows",
    [(), (Row("1", ((0, 0, 0),)),), ROWS, tuple(Row(str(n), ((n, 5 * n, 1000),)) for n in range(15))],
    ids=["none", "zero", "few", "many"],
)
def test_nothing_lies_outside_the_drawing(kind, rows):
    chart = draw(kind, rows=rows)
    assert chart.width == WIDTH
    for bar in (*chart.bars, *chart.keys):
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH
        assert 0 <= bar.y <= bar.y + bar.height <= chart.height
    for words in chart.words:
        assert 0 <= words.x <= WIDTH
        assert 0 <= words.y <= chart.height
    for rule in chart.rules:
        assert 0 <= rule.x1 <= rule.x2 <= WIDTH
        assert 0 <= rule.y1 <= rule.y2 <= chart.height


def test_more_series_than_can_be_told_apart_are_refused():
    with pytest.raises(ValueError, match="fills"):
        draw(stacked, series=("x",) * (FILLS + 1))


@pytest.mark.parametrize(("value", "text"), [(3, "3"), (3.0, "3"), (2.5, "2.5"), (1 / 3, "0.3")])
def test_numbers_are_written_short(value, text):
    assert shown(value) == text


def svg_of(html):
    return ElementTree.fromstring(re.search(r"<svg.*?</svg>", html, re.DOTALL).group())


def test_the_drawing_is_whole_and_stands_beside_its_table():
    html = render_to_string("components/chart.html", {"chart": draw(stacked)})
    svg = svg_of(html)
    inside = "{http://www.w3.org/2000/svg}"
    named = svg.attrib["aria-labelledby"].split()
    assert [svg.find(f"*[@id='{name}']").tag for name in named] == [f"{inside}title", f"{inside}desc"]
    fills = {rect.attrib["fill"] for rect in svg.iter(f"{inside}rect") if rect.attrib["fill"].startswith("url")}
    patterns = {f"url(#{pattern.attrib['id']})" for pattern in svg.iter(f"{inside}pattern")}
    assert fills <= patterns
    assert len(patterns) == FILLS
    cells = re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", html)
    assert cells == ["Principle", "Answered", "Gaps", "Open", "1", "3", "1", "0", "2", "0", "0", "4"]
    assert "style=" not in html


def test_labels_cannot_break_out_of_the_drawing():
    chart = draw(stacked, rows=[Row("<script>&\"'", ((1, 0, 0),))])
    assert "<script" not in render_to_string("components/chart.html", {"chart": chart})


def test_a_printer_draws_it():
    html = render_to_string("components/chart.html", {"chart": draw(columns)})
    with_it = html_to_pdf(f"<html lang='en'><title>t</title><body>{html}</body></html>")
    without = html_to_pdf("<html lang='en'><title>t</title><body></body></html>")
    assert with_it.startswith(b"%PDF")
    assert len(with_it) > len(without)


def test_the_same_thing_may_have_the_same_fill_in_two_charts():
    chart = draw(stacked, fills=(4, 1, 2))
    assert [bar.fill for bar in chart.keys] == [4, 1, 2]
    assert [bar.fill for bar in chart.bars] == [4, 1, 2]
