"""Letters as outlines: artwork for print looks the same everywhere, because it needs no typeface of the reader's."""

import functools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

FONTS = Path(settings.BASE_DIR) / "static" / "vendor" / "fonts-atkinson-hyperlegible-next-5.3.0"
MISSING = ".notdef"
PDF = {"M": "m", "L": "l", "C": "c", "Z": "h"}

# One step of a path with its points, named as in SVG: M moves, L draws a line, C a curve, Z closes.
Step = tuple[str, tuple[float, ...]]
REMEMBERED = 4096  # lines of text: the signs of a ward say nearly the same


class Outline:
    """Steps, and what they are in an SVG and in a PDF, each written once."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self.steps = tuple(steps)

    @functools.cached_property
    def svg(self) -> str:
        return "".join(f"{name}{' '.join(map(length, numbers))}" for name, numbers in self.steps)

    @functools.cached_property
    def pdf(self) -> str:
        return "\n".join(" ".join([*map(length, numbers), PDF[name]]) for name, numbers in self.steps)


class _Pen(BasePen):
    """Writes a letter down in units of the typeface; quadratic curves become cubic ones in the base class."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.steps: list[Step] = []

    def _moveTo(self, pt: tuple[float, float]) -> None:
        self.steps.append(("M", pt))

    def _lineTo(self, pt: tuple[float, float]) -> None:
        self.steps.append(("L", pt))

    def _curveToOne(self, pt1: Any, pt2: Any, pt3: Any) -> None:
        self.steps.append(("C", (*pt1, *pt2, *pt3)))

    def _closePath(self) -> None:
        self.steps.append(("Z", ()))


@functools.cache
def _font(*, bold: bool) -> Any:
    font = TTFont(FONTS / f"AtkinsonHyperlegibleNext-{'Bold' if bold else 'Regular'}.ttf", lazy=False)
    return font.getGlyphSet(), font.getBestCmap(), font["head"].unitsPerEm


@functools.lru_cache(maxsize=1024)
def _letter(letter: str, *, bold: bool) -> tuple[tuple[Step, ...], float]:
    """The outline of a letter and how far the next one stands; one that the typeface lacks is its empty box."""
    glyphs, table, em = _font(bold=bold)
    glyph = glyphs[table.get(ord(letter), MISSING)]
    pen = _Pen(glyphs)
    glyph.draw(pen)
    steps = tuple((name, tuple(number / em for number in numbers)) for name, numbers in pen.steps)
    return steps, glyph.width / em


@functools.lru_cache(maxsize=REMEMBERED)
def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a line of that size is, in the unit of `size`."""
    return size * sum(_letter(letter, bold=bold)[1] for letter in text)


@functools.lru_cache(maxsize=REMEMBERED)
def outline(text: str, x: float, y: float, size: float, *, bold: bool = False) -> Outline:
    """The path of a line of text whose base line begins at x, y; y grows downwards."""
    path: list[Step] = []
    for letter in text:
        steps, advance = _letter(letter, bold=bold)
        for name, numbers in steps:
            points = zip(numbers[::2], numbers[1::2], strict=True)
            path.append((name, tuple(value for px, py in points for value in (x + size * px, y - size * py))))
        x += size * advance
    return Outline(path)


def length(number: float) -> str:
    """A length in an SVG or PDF: a point, whatever the language of the page."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
