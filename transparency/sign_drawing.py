"""A sign drawn: black on yellow, A4 upright, in millimetres; A3 is the same, larger. As SVG and as PDF.

Both languages stand in one size (Welsh Language Standards: neither is treated less favourably). Texts that are too long
for their place get smaller together; what is too long at the smallest size ends where the place does.
"""

import functools
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import segno

from transparency.artwork import MM, Artwork, pdf_of, rgb, rounded
from transparency.outlines import Outline, Step, length, outline, width
from transparency.signs import Sign

WIDTH, HEIGHT = 210.0, 297.0
PAPERS = {"a4": 210 * MM, "a3": 297 * MM}
INK, GROUND, WHITE = "#0b0c0c", "#ffd400", "#ffffff"
MARGIN = 18.0
INNER = WIDTH - 2 * MARGIN
LEADING = 1.22  # from one base line to the next, in sizes of the text
ASCENT = 0.78
SMALLEST = 3.6
QR_SIDE, QR_BORDER = 56.0, 3  # millimetres; modules of white around it


@dataclass(frozen=True)
class Shape:
    """One filled outline."""

    path: Outline
    colour: str


def svg_of(sign: Sign) -> str:
    """The sign as a picture of its true size; letters are outlines, so a printer needs no typeface."""
    title, words = escape(sign.title), escape(sign.words)
    language = sign.wordings[0].language.tag
    drawn = "".join(f'<path fill="{shape.colour}" d="{shape.path.svg}"/>' for shape in _shapes(sign))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{length(WIDTH)}mm" height="{length(HEIGHT)}mm" '
        f'viewBox="0 0 {length(WIDTH)} {length(HEIGHT)}" role="img" xml:lang="{language}" aria-labelledby="t" '
        f'aria-describedby="d"><title id="t">{title}</title><desc id="d">{words}</desc>{drawn}</svg>\n'
    )


def pdf_of_signs(signs: Sequence[Sign], *, paper: str) -> bytes:
    """The signs, a page each. Raises KeyError for a paper that is none of PAPERS."""
    pages = []
    for sign in signs:
        operators = [line for shape in _shapes(sign) for line in (f"{rgb(shape.colour)} rg", f"{shape.path.pdf}\nf")]
        pages.append(Artwork(WIDTH, HEIGHT, operators, sign.words))
    first = signs[0]
    return pdf_of(pages, title=first.title, language=first.wordings[0].language.tag, paper_width=PAPERS[paper])


def _shapes(sign: Sign) -> Iterator[Shape]:
    yield Shape(_box(0, 0, WIDTH, HEIGHT, 0), INK)
    yield Shape(_box(5, 5, WIDTH - 10, HEIGHT - 10, 7), GROUND)
    yield from _camera(WIDTH / 2, 40)
    foot = HEIGHT - 5 - 6 - QR_SIDE - 12
    yield from _middle(sign, 72, foot - 6)
    yield from _foot(sign, foot)


def _middle(sign: Sign, top: float, bottom: float) -> Iterator[Shape]:
    """Headings, what is unexpected, what for, by whom: as large as they fit together, from half larger than drawn."""
    shrink = 1.5
    while True:
        blocks = _blocks(sign, shrink)
        height = sum(size * LEADING * len(lines) + gap for lines, size, _bold, gap in blocks)
        if height <= bottom - top or shrink < 0.45:
            break
        shrink *= 0.95
    y = top + max(0.0, (bottom - top - height) / 2)
    for lines, size, bold, gap in blocks:
        for line in lines:
            if y + size > bottom:  # not even the smallest fits: the code leads to the rest
                return
            x = (WIDTH - width(line, size, bold=bold)) / 2
            yield Shape(outline(line, x, y + size * ASCENT, size, bold=bold), INK)
            y += size * LEADING
        y += gap


def _blocks(sign: Sign, shrink: float) -> list[tuple[list[str], float, bool, float]]:
    """Lines, size, whether bold, and the gap below, of each text; first the headings of all languages, and so on."""
    texts = (
        ([each.heading for each in sign.wordings], 15.0, True, 4.0),
        ([" ".join(each.warnings) for each in sign.wordings], 7.5, True, 3.0),
        ([each.purposes for each in sign.wordings], 6.6, False, 4.0),
        ([each.operator for each in sign.wordings], 8.0, True, 2.5),
    )
    return [
        (_wrapped(text, size * shrink, INNER, bold=bold), size * shrink, bold, gap * shrink)
        for group, size, bold, gap in texts
        for text in group
        if text
    ]


def _foot(sign: Sign, top: float) -> Iterator[Shape]:
    """A white field: the code, and beside it the same in words, whom to ask, and which camera this is."""
    left, height = 11.0, QR_SIDE + 12
    yield Shape(_box(left, top, WIDTH - 2 * left, height, 4), WHITE)
    yield Shape(Outline(_code(sign.address, left + 6, top + 6)), INK)
    x = left + 6 + QR_SIDE + 6
    room = WIDTH - left - 6 - x
    size = 5.4
    while True:
        lines = list(_foot_lines(sign, size, room))
        if len(lines) * size * LEADING <= QR_SIDE or size <= SMALLEST:
            break
        size -= 0.1
    y = top + 6 + max(0.0, (QR_SIDE - len(lines) * size * LEADING) / 2)
    for line, bold in lines[: math.floor(QR_SIDE / (size * LEADING))]:
        yield Shape(outline(line, x, y + size * ASCENT, size, bold=bold), INK)
        y += size * LEADING


def _foot_lines(sign: Sign, size: float, room: float) -> Iterator[tuple[str, bool]]:
    for place in dict.fromkeys(each.place for each in sign.wordings):  # often the same in both languages
        yield from ((line, True) for line in _wrapped(place, size, room, bold=True))
    for each in sign.wordings:
        yield from ((line, False) for line in _wrapped(each.scan, size, room))
    yield from ((line, True) for line in _wrapped(sign.address.split("://", 1)[1], size, room, bold=True))
    for each in sign.wordings:
        yield from ((line, False) for line in _wrapped(each.ask, size, room))
    for contact in sign.contacts:
        yield from ((line, True) for line in _wrapped(contact, size, room, bold=True))


def _wrapped(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """The text in lines no wider than `room`; a word that is wider is broken, as addresses are."""
    lines = [""]
    for word in text.split():
        candidate = f"{lines[-1]} {word}".lstrip()
        if width(candidate, size, bold=bold) <= room:
            lines[-1] = candidate
        else:
            lines += _pieces(word, size, room, bold=bold)
    return [line for line in lines if line]


def _pieces(word: str, size: float, room: float, *, bold: bool) -> list[str]:
    """A word broken where an address can be, else wherever the room ends."""
    pieces = []
    while width(word, size, bold=bold) > room and len(word) > 1:
        fits = next((n for n in range(len(word) - 1, 1, -1) if width(word[:n], size, bold=bold) <= room), 1)
        cut = max(word.rfind(mark, 0, fits) + 1 for mark in "/-@.") or fits
        pieces.append(word[:cut])
        word = word[cut:]
    return [*pieces, word]


def _code(address: str, left: float, top: float) -> Iterator[Step]:
    rows = list(segno.make(address, error="m", micro=False).matrix_iter(border=QR_BORDER))
    side = QR_SIDE / len(rows)
    for row, cells in enumerate(rows):
        column = 0
        for dark, run in itertools.groupby(map(bool, cells)):
            squares = len(list(run))
            if dark:
                yield from _rectangle(left + column * side, top + row * side, squares * side, side)
            column += squares


def _camera(x: float, y: float) -> Iterator[Shape]:
    """A camera on its bracket, looking down to the left: the portal's own drawing."""
    yield Shape(_box(x + 29, y - 22, 7, 44, 2), INK)  # the plate on the wall
    yield Shape(_turned([(x + 2, y + 6), (x + 31, y + 6), (x + 31, y + 12), (x + 2, y + 12)], x, y, 0.0), INK)
    body = [(x - 34, y - 15), (x + 22, y - 15), (x + 22, y + 7), (x - 34, y + 7)]
    yield Shape(_turned(body, x, y, -0.26), INK)
    yield Shape(_turned([(x - 42, y - 11), (x - 36, y - 11), (x - 36, y + 3), (x - 42, y + 3)], x, y, -0.26), INK)
    lens = [(x - 29, y - 10), (x - 12, y - 10), (x - 12, y + 2), (x - 29, y + 2)]
    yield Shape(_turned(lens, x, y, -0.26), GROUND)


def _turned(points: Sequence[tuple[float, float]], x: float, y: float, angle: float) -> Outline:
    sine, cosine = math.sin(angle), math.cos(angle)
    turned = [(x + (px - x) * cosine - (py - y) * sine, y + (px - x) * sine + (py - y) * cosine) for px, py in points]
    return Outline((("M", turned[0]), *(("L", point) for point in turned[1:]), ("Z", ())))


def _rectangle(x: float, y: float, wide: float, high: float) -> tuple[Step, ...]:
    return ("M", (x, y)), ("L", (x + wide, y)), ("L", (x + wide, y + high)), ("L", (x, y + high)), ("Z", ())


@functools.cache
def _box(x: float, y: float, wide: float, high: float, radius: float) -> Outline:
    """A rectangle with round corners."""
    names = {"m": "M", "l": "L", "c": "C", "h": "Z"}
    steps = []
    for line in rounded(x, y, wide, high, radius):
        *numbers, operator = line.split()
        steps.append((names[operator], tuple(map(float, numbers))))
    return Outline(steps)
