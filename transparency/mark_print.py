"""The mark for print: one PDF page of 140 × 50 mm, vectors alone, letters as outlines: the same everywhere.

It takes some milliseconds, so it is made when asked for and needs no worker.
"""

import functools
import io
from pathlib import Path
from typing import Any

import pikepdf
from django.conf import settings
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name

from transparency.marks import HEIGHT, QR_LEFT, QR_SIDE, QR_TOP, WIDTH, Mark, Stroke, Words, length

MM = 72 / 25.4
PAPER_WIDTH = 140 * MM
SCALE = PAPER_WIDTH / WIDTH
FONTS = Path(settings.BASE_DIR) / "static" / "vendor" / "fonts-atkinson-hyperlegible-next-5.3.0"
CIRCLE = 0.5522847498  # how far the handles of a quarter of a circle reach, for radius 1
MISSING = ".notdef"


class _Outline(BasePen):
    """Draws a letter as PDF operators; quadratic curves become cubic ones in the base class."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.operators: list[str] = []

    def _moveTo(self, pt: tuple[float, float]) -> None:
        self.operators.append(f"{length(pt[0])} {length(pt[1])} m")

    def _lineTo(self, pt: tuple[float, float]) -> None:
        self.operators.append(f"{length(pt[0])} {length(pt[1])} l")

    def _curveToOne(self, pt1: Any, pt2: Any, pt3: Any) -> None:
        self.operators.append(" ".join(f"{length(x)} {length(y)}" for x, y in (pt1, pt2, pt3)) + " c")

    def _closePath(self) -> None:
        self.operators.append("h")


@functools.cache
def _font(*, bold: bool) -> Any:
    font = TTFont(FONTS / f"AtkinsonHyperlegibleNext-{'Bold' if bold else 'Regular'}.ttf", lazy=False)
    return font.getGlyphSet(), font.getBestCmap(), font["head"].unitsPerEm


def mark_pdf(mark: Mark) -> bytes:
    """The mark as a tagged PDF; the same bytes for the same mark."""
    pdf = pikepdf.new()
    height = HEIGHT * SCALE
    content = "\n".join(
        ["/Figure <</MCID 0>> BDC", "q", f"{SCALE:.6f} 0 0 {-SCALE:.6f} 0 {height:.4f} cm", *_draw(mark), "Q", "EMC"]
    )
    box = Array([0, 0, round(PAPER_WIDTH, 4), round(height, 4)])
    page = pdf.make_indirect(
        Dictionary(
            Type=Name.Page,
            MediaBox=box,
            TrimBox=box,
            StructParents=0,
            Tabs=Name.S,
            Resources=Dictionary(),
            Contents=pdf.make_stream(content.encode("ascii")),
        )
    )
    pdf.pages.append(pikepdf.Page(page))
    _tag(pdf, mark)
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _tag(pdf: pikepdf.Pdf, mark: Mark) -> None:
    """One figure whose words in place of the picture are all that stands in it."""
    words = ". ".join(line.text for line in mark.words)
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    figure = pdf.make_indirect(
        Dictionary(Type=Name.StructElem, S=Name.Figure, P=root, Alt=words, Pg=pdf.pages[0].obj, K=0)
    )
    root.K = Array([figure])
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=Array([0, Array([figure])])))
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.Lang = mark.language
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=True) as metadata:
        metadata["dc:title"] = mark.title
        metadata["dc:language"] = {mark.language}


def _draw(mark: Mark) -> list[str]:
    ink, paper = _rgb(mark.colours.ink), _rgb(mark.colours.paper)
    drawn = [f"{paper} rg {ink} RG 4 w 1 J 1 j", *_rounded(2, 2, WIDTH - 4, HEIGHT - 4, 12), "B"]
    for stroke in mark.strokes:
        drawn += [f"{length(stroke.width)} w", *_path(stroke), "S"]
    for line in mark.words:
        drawn.append(f"{ink if line.inked else _rgb(mark.colours.text)} rg")
        drawn += _letters(line)
    if mark.qr:
        drawn += ["1 1 1 rg", *_rounded(QR_LEFT, QR_TOP, QR_SIDE, QR_SIDE, 4), "f", f"{_rgb('#0b1418')} rg"]
        side = length(mark.module)
        drawn += [
            f"{length(QR_LEFT + column * mark.module)} {length(QR_TOP + row * mark.module)} {side} {side} re"
            for row, column in mark.qr
        ]
        drawn.append("f")
    return drawn


def _path(stroke: Stroke) -> list[str]:
    if stroke.radius:
        ((x, y),) = stroke.points
        r = stroke.radius
        return _rounded(x - r, y - r, 2 * r, 2 * r, r)
    first, *others = stroke.points
    return [f"{length(first[0])} {length(first[1])} m", *(f"{length(x)} {length(y)} l" for x, y in others)]


def _rounded(x: float, y: float, width: float, height: float, radius: float) -> list[str]:
    """A rectangle with round corners; a circle where the radius is half its side."""
    k = radius * (1 - CIRCLE)
    right, bottom = x + width, y + height
    points = (
        ((x + radius, y), "m"),
        ((right - radius, y), "l"),
        ((right - k, y, right, y + k, right, y + radius), "c"),
        ((right, bottom - radius), "l"),
        ((right, bottom - k, right - k, bottom, right - radius, bottom), "c"),
        ((x + radius, bottom), "l"),
        ((x + k, bottom, x, bottom - k, x, bottom - radius), "c"),
        ((x, y + radius), "l"),
        ((x, y + k, x + k, y, x + radius, y), "c"),
    )
    return [*(f"{' '.join(length(number) for number in numbers)} {operator}" for numbers, operator in points), "h"]


def _letters(line: Words) -> list[str]:
    """The outlines of a line. A letter that the typeface lacks is its empty box."""
    glyphs, table, em = _font(bold=line.bold)
    scale, x, drawn = line.size / em, line.x, []
    for letter in line.text:
        glyph = glyphs[table.get(ord(letter), MISSING)]
        pen = _Outline(glyphs)
        glyph.draw(pen)
        if pen.operators:
            drawn += [f"q {scale:.6f} 0 0 {-scale:.6f} {length(x)} {length(line.y)} cm", *pen.operators, "f", "Q"]
        x += glyph.width * scale
    return drawn


def _rgb(colour: str) -> str:
    return " ".join(length(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
