"""What a PDF gives away: text under dark boxes, names, comments, and what it said before.

Text under a box is found by following the drawing of each page: text that is shown, and a dark, filled area drawn over
it later (ISO 32000-1, 8 and 9). The widths of characters are estimated at half their size, areas that are no rectangles
by the rectangle around them; pictures drawn over text are not followed.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from compliance.leaks.kinds import Found

MOST_OPERATORS = 400_000
MOST_DEPTH = 4
DARK = 0.35  # of 1 for white
LOWEST, NARROWEST = 4.0, 6.0  # points: what is flatter is a line
NOTES = frozenset({"/Text", "/FreeText", "/Popup"})
COVERS = frozenset({"/Redact", "/Square", "/Highlight"})
FILLS = frozenset({"f", "F", "f*", "B", "B*", "b", "b*"})
PATH_ENDS = frozenset({"S", "s", "n"}) | FILLS
Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def find_in_pdf(data: bytes) -> Iterator[Found]:
    """Names, comments, earlier versions, and pages with text under a box."""
    if _versions(data) > 1:
        yield "earlier_versions", ""
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            yield from _names(document)
            budget = Budget()
            for number, page in enumerate(document.pages, 1):
                yield from _find_in_page(page, number, budget)
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, AttributeError):
        yield "unseen", ""


def _versions(data: bytes) -> int:
    """How often it was saved onto itself. A file that is made for the web ends twice from the beginning."""
    ends = len(re.findall(rb"%%EOF", data))
    return ends - 1 if b"/Linearized" in data[:2048] else ends


def _names(document: pikepdf.Pdf) -> Iterator[Found]:
    if author := str(document.docinfo.get("/Author", "")).strip():
        yield "author", author
    if "/Metadata" in document.Root:
        with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            creators: Any = metadata.get("dc:creator") or []
            for creator in [creators] if isinstance(creators, str) else creators:
                if str(creator).strip():
                    yield "author", str(creator).strip()


@dataclass
class Budget:
    """How many operators may still be followed."""

    left: int = MOST_OPERATORS


def _find_in_page(page: pikepdf.Page, number: int, budget: Budget) -> Iterator[Found]:
    drawing = Drawing(budget=budget)
    try:
        drawing.follow(page.obj, page.obj.get("/Resources") or page.resources, IDENTITY, 0)
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError, IndexError):
        yield "unseen", str(number)
    if budget.left <= 0:
        yield "unseen", str(number)
    for note in page.obj.get("/Annots", ()):
        subtype = str(note.get("/Subtype", ""))
        if subtype in NOTES and str(note.get("/Contents", "")).strip():
            yield "comments", str(note.get("/T", "")).strip()
        if subtype in COVERS and _covers(note, subtype):
            drawing.cover(_box_of(note.Rect))
    if drawing.hidden:
        yield "text_under_box", str(number)


def _covers(note: Any, subtype: str) -> bool:
    """A redaction that was marked and never carried out, or a box that is filled with a dark colour."""
    if subtype == "/Redact":
        return True
    colour = [float(part) for part in note.get("/IC" if subtype == "/Square" else "/C", ())]
    return bool(colour) and _lightness(colour) < DARK


def _lightness(colour: Sequence[float]) -> float:
    """From 0, black, to 1: of grey, red-green-blue, or cyan-magenta-yellow-black."""
    if len(colour) == 1:
        return colour[0]
    if len(colour) == 3:
        return 0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]
    if len(colour) == 4:
        cyan, magenta, yellow, black = colour
        return (1 - black) * (1 - (0.3 * cyan + 0.59 * magenta + 0.11 * yellow))
    return 1.0


def _box_of(rectangle: Any) -> Box:
    left, bottom, right, top = (float(part) for part in rectangle)
    return min(left, right), min(bottom, top), max(left, right), max(bottom, top)


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _at(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


@dataclass
class State:
    """What the operators before have set."""

    matrix: Matrix
    lightness: float = 0.0
    size: float = 0.0
    leading: float = 0.0
    is_wide: bool = False  # two bytes a character
    text: Matrix = IDENTITY
    line: Matrix = IDENTITY


@dataclass
class Drawing:
    """One page as it is drawn: the texts so far, and whether a dark area came to lie over one."""

    budget: Budget
    texts: list[tuple[float, float, float, float]] = field(default_factory=list)  # left, right, middle, size
    hidden: bool = False
    points: list[tuple[float, ...]] = field(default_factory=list)  # of the path; an empty one ends an area

    def follow(self, stream: Any, resources: Any, matrix: Matrix, depth: int) -> None:
        """Draw a page or a form, and the forms that it draws."""
        state, kept = State(matrix), []
        for instruction in pikepdf.parse_content_stream(stream):
            self.budget.left -= 1
            if self.budget.left <= 0:
                return
            operands: Any = instruction.operands
            name = str(instruction.operator)
            if name == "q":
                kept.append(State(**vars(state)))
            elif name == "Q":
                state = kept.pop() if kept else state
            elif name == "cm":
                state.matrix = _times(_matrix(operands), state.matrix)
            elif name == "Do" and depth < MOST_DEPTH:
                self._draw_form(operands[0], resources, state.matrix, depth)
            elif name in PATH_ENDS:
                self._end_path(name, state)
            elif not self._path(name, operands, state) and not _colour(name, operands, state):
                self._text(name, operands, state, resources)

    def _draw_form(self, name: Any, resources: Any, matrix: Matrix, depth: int) -> None:
        form = resources.get("/XObject", {}).get(str(name)) if resources is not None else None
        if form is None or str(form.get("/Subtype", "")) != "/Form":
            return
        own = _times(_matrix(form.get("/Matrix", IDENTITY)), matrix)
        self.follow(form, form.get("/Resources", resources), own, depth + 1)

    def _path(self, name: str, operands: Any, state: State) -> bool:
        if name == "re":
            x, y, width, height = (float(part) for part in operands)
            corners = ((x, y), (x + width, y), (x, y + height), (x + width, y + height))
            self.points += [_at(state.matrix, *corner) for corner in corners]
            self.points.append(())
        elif name in {"m", "l"}:
            self.points.append(_at(state.matrix, float(operands[0]), float(operands[1])))
        elif name in {"c", "v", "y"}:
            self.points.append(_at(state.matrix, float(operands[-2]), float(operands[-1])))
        elif name == "h":
            self.points.append(())
        else:
            return False
        return True

    def _end_path(self, name: str, state: State) -> None:
        if name in FILLS and state.lightness < DARK:
            area: list[tuple[float, ...]] = []
            for point in [*self.points, ()]:
                if point:
                    area.append(point)
                elif area:
                    across, up = [x for x, _y in area], [y for _x, y in area]
                    self.cover((min(across), min(up), max(across), max(up)))
                    area = []
        self.points = []

    def cover(self, box: Box) -> None:
        """A dark area: is any text under it that was shown before?"""
        left, bottom, right, top = box
        if top - bottom < LOWEST or right - left < NARROWEST:
            return
        for start, end, middle, size in self.texts:
            if bottom <= middle <= top and min(end, right) - max(start, left) >= min(0.8 * size, end - start):
                self.hidden = True
                return

    def _text(self, name: str, operands: Any, state: State, resources: Any) -> None:
        if name == "BT":
            state.text = state.line = IDENTITY
        elif name == "Tf":
            state.size = float(operands[1])
            state.is_wide = _is_wide(resources, str(operands[0]))
        elif name == "TL":
            state.leading = float(operands[0])
        elif name == "Tm":
            state.text = state.line = _matrix(operands)
        elif name in {"Td", "TD"}:
            if name == "TD":
                state.leading = -float(operands[1])
            _move(state, float(operands[0]), float(operands[1]))
        elif name == "T*":
            _move(state, 0.0, -state.leading)
        elif name in {"Tj", "'", '"'}:
            if name != "Tj":
                _move(state, 0.0, -state.leading)
            self._show([operands[-1]], state)
        elif name == "TJ":
            self._show(operands[0], state)

    def _show(self, pieces: Any, state: State) -> None:
        """Where a run of text stands on the page. A run of blanks hides nothing."""
        width, has_ink = 0.0, False
        for piece in pieces:
            if isinstance(piece, pikepdf.String):
                raw = bytes(piece)
                has_ink = has_ink or bool(raw.strip(b" \x00"))
                width += len(raw) * (0.25 if state.is_wide else 0.5) * state.size
            else:
                width -= float(piece) / 1000 * state.size
        place = _times(state.text, state.matrix)
        left, middle = _at(place, 0.0, 0.3 * state.size)
        right, _end = _at(place, width, 0.3 * state.size)
        _x, top = _at(place, 0.0, state.size)
        if has_ink:
            self.texts.append((min(left, right), max(left, right), middle, abs(top - _at(place, 0.0, 0.0)[1])))
        state.text = _times((1.0, 0.0, 0.0, 1.0, width, 0.0), state.text)


def _matrix(parts: Any) -> Matrix:
    a, b, c, d, e, f = (float(part) for part in parts)
    return a, b, c, d, e, f


def _move(state: State, across: float, up: float) -> None:
    state.text = state.line = _times((1.0, 0.0, 0.0, 1.0, across, up), state.line)


def _colour(name: str, operands: Any, state: State) -> bool:
    """The colour of what is filled. A pattern is none that can be told, and taken for light."""
    if name not in {"g", "rg", "k", "sc", "scn", "cs"}:
        return False
    numbers = [float(part) for part in operands if not isinstance(part, pikepdf.Name)]
    if name == "cs":
        state.lightness = 0.0  # each space begins with black
    else:
        is_pattern = any(isinstance(part, pikepdf.Name) for part in operands)
        state.lightness = 1.0 if is_pattern else _lightness(numbers)
    return True


def _is_wide(resources: Any, name: str) -> bool:
    font = resources.get("/Font", {}).get(name) if resources is not None else None
    return font is not None and str(font.get("/Subtype", "")) == "/Type0"
