"""Drawings for print as tagged PDF: vectors alone, letters as outlines, the same bytes for the same drawing.

It takes some milliseconds a page, so artwork is made when asked for and needs no worker.
"""

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name

from transparency.outlines import length

MM = 72 / 25.4  # points in a millimetre
CIRCLE = 0.5522847498  # how far the handles of a quarter of a circle reach, for radius 1

WORTH_SHARING = 400  # characters


@dataclass(frozen=True)
class Artwork:
    """One page: its size in the drawing's own unit, what draws it there with y downwards (each part paints what it
    draws), its words for those who cannot see it."""

    width: float
    height: float
    operators: Sequence[str]
    words: str


def pdf_of(pages: Sequence[Artwork], *, title: str, language: str, paper_width: float) -> bytes:
    """The pages, each one figure with its words. `paper_width` in points; heights follow."""
    pdf = pikepdf.new()
    shared = _shared(pdf, pages)
    for number, artwork in enumerate(pages):
        _add_page(pdf, artwork, number, paper_width, shared)
    _tag(pdf, [artwork.words for artwork in pages])
    pdf.Root.Lang = language
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=True) as metadata:
        metadata["dc:title"] = title
        metadata["dc:language"] = {language}
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _shared(pdf: pikepdf.Pdf, pages: Sequence[Artwork]) -> dict[str, tuple[str, pikepdf.Object]]:
    """What several pages draw alike, each kept once in the file, under its name: signs differ by a number or two."""
    used = Counter(drawn for artwork in pages for drawn in set(artwork.operators) if len(drawn) >= WORTH_SHARING)
    forms: dict[str, tuple[str, pikepdf.Object]] = {}
    for drawn in sorted(drawn for drawn, count in used.items() if count > 1):
        form = pdf.make_stream(drawn.encode("ascii"))
        form.Type, form.Subtype = Name.XObject, Name.Form
        form.BBox = Array([0, 0, pages[0].width, pages[0].height])
        forms[drawn] = f"/S{len(forms)}", form
    return forms


def _add_page(
    pdf: pikepdf.Pdf,
    artwork: Artwork,
    number: int,
    paper_width: float,
    shared: dict[str, tuple[str, pikepdf.Object]],
) -> None:
    own = [f"{shared[drawn][0]} Do" if drawn in shared else drawn for drawn in artwork.operators]
    forms = dict(shared[drawn] for drawn in artwork.operators if drawn in shared)
    scale = paper_width / artwork.width
    height = artwork.height * scale
    matrix = f"{scale:.6f} 0 0 {-scale:.6f} 0 {height:.4f} cm"
    content = "\n".join(["/Figure <</MCID 0>> BDC", "q", matrix, *own, "Q", "EMC"])
    box = Array([0, 0, round(paper_width, 4), round(height, 4)])
    page = Dictionary(
        Type=Name.Page,
        MediaBox=box,
        TrimBox=box,
        StructParents=number,
        Tabs=Name.S,
        Resources=Dictionary(XObject=Dictionary(forms)) if forms else Dictionary(),
        Contents=pdf.make_stream(content.encode("ascii")),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))


def _tag(pdf: pikepdf.Pdf, words: Sequence[str]) -> None:
    """One figure a page whose words in place of the picture are all that stands in it."""
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    figures = [
        pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Figure, P=root, Alt=text, Pg=page.obj, K=0))
        for page, text in zip(pdf.pages, words, strict=True)
    ]
    parents = [part for number, figure in enumerate(figures) for part in (number, Array([figure]))]
    root.K = Array(figures)
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(parents)))
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)


def rounded(x: float, y: float, width: float, height: float, radius: float) -> list[str]:
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


def rgb(colour: str) -> str:
    """A colour such as `#0b1418` as operands of a PDF."""
    return " ".join(f"{int(colour[start : start + 2], 16) / 255:.4f}" for start in (1, 3, 5))
