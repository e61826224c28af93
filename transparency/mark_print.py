"""The mark for print: one PDF page of 140 × 50 mm, vectors alone, letters as outlines: the same everywhere."""

from transparency.artwork import MM, Artwork, pdf_of, rgb, rounded
from transparency.marks import HEIGHT, QR_LEFT, QR_SIDE, QR_TOP, WIDTH, Mark, Stroke, Words
from transparency.outlines import length, outline

PAPER_WIDTH = 140 * MM


def mark_pdf(mark: Mark) -> bytes:
    """The mark as a tagged PDF; the same bytes for the same mark."""
    words = ". ".join(line.text for line in mark.words)
    page = Artwork(WIDTH, HEIGHT, _draw(mark), words)
    return pdf_of([page], title=mark.title, language=mark.language, paper_width=PAPER_WIDTH)


def _draw(mark: Mark) -> list[str]:
    ink, paper = rgb(mark.colours.ink), rgb(mark.colours.paper)
    drawn = [f"{paper} rg {ink} RG 4 w 1 J 1 j", *rounded(2, 2, WIDTH - 4, HEIGHT - 4, 12), "B"]
    for stroke in mark.strokes:
        drawn += [f"{length(stroke.width)} w", *_path(stroke), "S"]
    for line in mark.words:
        drawn.append(f"{ink if line.inked else rgb(mark.colours.text)} rg")
        drawn += _letters(line)
    if mark.qr:
        drawn += ["1 1 1 rg", *rounded(QR_LEFT, QR_TOP, QR_SIDE, QR_SIDE, 4), "f", f"{rgb('#0b1418')} rg"]
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
        return rounded(x - r, y - r, 2 * r, 2 * r, r)
    first, *others = stroke.points
    return [f"{length(first[0])} {length(first[1])} m", *(f"{length(x)} {length(y)} l" for x, y in others)]


def _letters(line: Words) -> list[str]:
    """The outlines of a line."""
    drawn = outline(line.text, line.x, line.y, line.size, bold=line.bold).pdf
    return [drawn, "f"] if drawn else []
