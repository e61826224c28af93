"""The geometry of charts: from numbers to boxes, lines and words, which `components/chart.html` draws as SVG.

Units are those of the drawing: 1 is a pixel where it is shown at its own size. Each chart carries its numbers as a
table too, so that nobody needs to see it.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

WIDTH = 400  # a telephone shows it almost at its own size
LINE = 20  # the height of a line of words
MARGIN = 8
MOST_TICKS = 5
BESIDE = 3  # so many columns of numbers fit beside a picture
FILLS = 5  # patterns that can be told apart without colour (templates/components/_chart_patterns.html)


@dataclass(frozen=True)
class Bar:
    """One box. `fill` counts the series from 0; `title` says in words what it shows."""

    x: float
    y: float
    width: float
    height: float
    fill: int
    title: str


@dataclass(frozen=True)
class Words:
    """A text with the point at which it stands, and which end of it: start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    is_small: bool = False


@dataclass(frozen=True)
class Rule:
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Line:
    """A line through points, as SVG writes them; broken into dashes where it is a target."""

    points: str
    is_target: bool = False


@dataclass(frozen=True)
class Table:
    """The numbers: the heading of the first column, those of the others, and rows of a label and its values."""

    first: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Chart:
    """What the template draws. `key` is unlike that of any other chart on the page; `keys` explain the fills."""

    key: str
    title: str
    description: str
    table: Table
    height: float
    bars: tuple[Bar, ...]
    words: tuple[Words, ...]
    rules: tuple[Rule, ...]
    keys: tuple[Bar, ...]
    lines: tuple[Line, ...] = ()
    width: float = WIDTH

    @property
    def has_wide_table(self) -> bool:
        """Whether the table needs the whole width, so that it stands below the picture."""
        return len(self.table.heads) > BESIDE


@dataclass(frozen=True)
class Row:
    """One label with its bars, each a sequence of values side by side or one upon the other; `names` name the bars."""

    label: str
    bars: tuple[tuple[float, ...], ...]
    names: tuple[str, ...] = ()


@dataclass
class _Drawing:
    """Collects what is drawn, from the top down."""

    series: Sequence[str]
    fills: Sequence[int]
    bars: list[Bar] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    keys: list[Bar] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    y: float = MARGIN

    def legend(self) -> None:
        """One line for each series, above the bars."""
        for fill, name in zip(self.fills, self.series, strict=True):
            self.keys.append(Bar(MARGIN, self.y + 3, 22, 13, fill, name))
            self.words.append(Words(MARGIN + 30, self.y + 14, name))
            self.y += LINE
        self.y += MARGIN

    def finish(self, key: str, title: str, description: str, table: Table) -> Chart:
        return Chart(
            key=key,
            title=title,
            description=description,
            table=table,
            height=self.y + MARGIN,
            bars=tuple(self.bars),
            words=tuple(self.words),
            rules=tuple(self.rules),
            keys=tuple(self.keys),
            lines=tuple(self.lines),
        )


def stacked(
    key: str,
    title: str,
    description: str,
    *,
    series: Sequence[str],
    rows: Sequence[Row],
    table: Table,
    fills: Sequence[int] = tuple(range(FILLS)),
) -> Chart:
    """Bars from left to right, each made of one piece for each of `series`; a row may have several bars, with names.

    `fills` says which fill each series has, where another chart on the page shows the same thing.
    """
    drawing = _drawing(series, fills)
    drawing.legend()
    named = any(row.names for row in rows)
    left = MARGIN + 30 + (44 if named else 0)
    top = max((sum(bar) for row in rows for bar in row.bars), default=0)
    scale = _scale(top, WIDTH - left - MARGIN - 12)
    first = drawing.y
    for row in rows:
        drawing.words.append(Words(MARGIN, drawing.y + 13, row.label))
        for number, values in enumerate(row.bars):
            name = row.names[number] if row.names else ""
            if name:
                drawing.words.append(Words(left - 6, drawing.y + 12, name, "end", is_small=True))
            label = f"{row.label} {name}".strip()
            pieces = _pieces(left, drawing.y + 2, [value * scale for value in values], _titles(label, series, values))
            drawing.bars += [replace(piece, fill=fills[piece.fill]) for piece in pieces]
            drawing.y += 16
        drawing.y += 6
    _ticks_below(drawing, top, left, scale, first)
    return drawing.finish(key, title, description, table)


def _pieces(x: float, y: float, widths: Sequence[float], titles: Sequence[str]) -> Iterator[Bar]:
    """One after the other; those without a width are left out."""
    for fill, width in enumerate(widths):
        if width:
            yield Bar(round(x, 1), y, round(width, 1), 13, fill, titles[fill])
            x += width


def _titles(label: str, series: Sequence[str], values: Sequence[float]) -> list[str]:
    return [f"{label}: {name}: {shown(value)}" for name, value in zip(series, values, strict=True)]


def compared(
    key: str, title: str, description: str, *, series: Sequence[str], rows: Sequence[Row], table: Table
) -> Chart:
    """Under each label one bar for each of `series` from left to right, with its number at its end."""
    drawing = _drawing(series)
    drawing.legend()
    top = max((value for row in rows for bar in row.bars for value in bar), default=0)
    scale = _scale(top, WIDTH - 2 * MARGIN - 40)
    for row in rows:
        drawing.words.append(Words(MARGIN, drawing.y + 13, row.label))
        drawing.y += LINE
        values = [value for bar in row.bars for value in bar]
        titles = _titles(row.label, series, values)
        for fill, value in enumerate(values):
            width = round(value * scale, 1)
            drawing.bars.append(Bar(MARGIN, drawing.y, width, 15, fill, titles[fill]))
            drawing.words.append(Words(round(MARGIN + width + 6, 1), drawing.y + 12, shown(value)))
            drawing.y += 18
        drawing.y += 10
    return drawing.finish(key, title, description, table)


def columns(
    key: str, title: str, description: str, *, series: Sequence[str], rows: Sequence[Row], table: Table, every: int = 1
) -> Chart:
    """Bars that stand side by side, one for each of `series`, a group for each row; each `every`th label is written."""
    drawing = _drawing(series)
    drawing.legend()
    tall = 160
    left, right = MARGIN + 24, WIDTH - MARGIN
    top = max((value for row in rows for bar in row.bars for value in bar), default=0)
    ticks = ticks_to(top)
    scale = tall / ticks[-1]
    base = drawing.y + tall
    for tick in ticks:
        y = round(base - tick * scale, 1)
        drawing.rules.append(Rule(left, y, right, y))
        drawing.words.append(Words(left - 6, y + 4, shown(tick), "end", is_small=True))
    group = (right - left) / max(len(rows), 1)
    each = (group - 4) / max(len(series), 1)
    for number, row in enumerate(rows):
        x = left + number * group + 2
        values = [value for bar in row.bars for value in bar]
        titles = _titles(row.label, series, values)
        for fill, value in enumerate(values):
            if height := round(value * scale, 1):
                at = round(x + fill * each, 1)
                drawing.bars.append(Bar(at, round(base - height, 1), round(each, 1), height, fill, titles[fill]))
        if number % every == 0:
            drawing.words.append(Words(round(x, 1), base + 16, row.label, is_small=True))
    drawing.y = base + LINE
    return drawing.finish(key, title, description, table)


def history(
    key: str,
    title: str,
    description: str,
    *,
    points: Sequence[tuple[date, float]],
    target: float | None,
    names: tuple[str, str],
    ends: tuple[str, str],
    table: Table,
) -> Chart:
    """A share in per cent over days as a line, and its target as a dashed one.

    `names` say what the two lines are, `ends` the first and the last day in words.
    """
    drawing = _drawing(())
    tall, left, right = 160, MARGIN + 24, WIDTH - MARGIN
    for number, name in enumerate(names if target is not None else names[:1]):
        y = drawing.y + 10
        drawing.lines.append(Line(f"{MARGIN},{y} {MARGIN + 22},{y}", is_target=bool(number)))
        drawing.words.append(Words(MARGIN + 30, drawing.y + 14, name))
        drawing.y += LINE
    drawing.y += MARGIN
    base, scale = drawing.y + tall, tall / 100
    for tick in ticks_to(100):
        y = round(base - tick * scale, 1)
        drawing.rules.append(Rule(left, y, right, y))
        drawing.words.append(Words(left - 6, y + 4, shown(tick), "end", is_small=True))
    first = points[0][0].toordinal()
    days = max(points[-1][0].toordinal() - first, 1)
    placed = [
        (round(left + (right - left) * (day.toordinal() - first) / days, 1), round(base - value * scale, 1))
        for day, value in points
    ]
    if len(placed) == 1:  # one day is no line yet: a stroke as wide as a finger
        placed = [placed[0], (placed[0][0] + MARGIN, placed[0][1])]
    drawing.lines.append(Line(" ".join(f"{x},{y}" for x, y in placed)))
    if target is not None:
        y = round(base - target * scale, 1)
        drawing.lines.append(Line(f"{left},{y} {right},{y}", is_target=True))
    drawing.words.append(Words(left, base + 16, ends[0], is_small=True))
    if len(points) > 1:
        drawing.words.append(Words(right, base + 16, ends[1], "end", is_small=True))
    drawing.y = base + LINE
    return drawing.finish(key, title, description, table)


def ticks_to(top: float) -> list[int]:
    """Whole numbers from 0 in equal steps of 1, 2 or 5 times a power of ten, the last not below `top`; at most six."""
    step = 1
    while step * MOST_TICKS < top:
        step = next(s for s in _steps() if s > step)
    return [step * n for n in range(max(math.ceil(top / step), 1) + 1)]


def _steps() -> Iterator[int]:
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10


def shown(value: float) -> str:
    """A number as it is written: whole where it is whole, else with one decimal."""
    return str(int(value)) if value == int(value) else f"{value:.1f}"


def _scale(top: float, room: float) -> float:
    """So that the last tick fits into `room`."""
    return room / ticks_to(top)[-1]


def _ticks_below(drawing: _Drawing, top: float, left: float, scale: float, first: float) -> None:
    for tick in ticks_to(top):
        x = round(left + tick * scale, 1)
        drawing.rules.append(Rule(x, first, x, drawing.y))
        drawing.words.append(Words(x, drawing.y + 14, shown(tick), "middle", is_small=True))
    drawing.y += LINE


def _drawing(series: Sequence[str], fills: Sequence[int] = tuple(range(FILLS))) -> _Drawing:
    if len(series) > len(fills):
        raise ValueError(f"{len(series)} series, but only {len(fills)} fills can be told apart")
    return _Drawing(series, fills[: len(series)])
