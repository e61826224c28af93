"""HTML to PDF: tagged (PDF/UA-1), with shipped fonts, and without any network.

WeasyPrint takes more than a second to import: only this module imports it, inside its functions; web workers never do.
"""

import functools
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings

WELSH = "cy"


@functools.cache
def _fonts() -> Any:
    """One font configuration for the process: a new one for each document would keep half a megabyte each time."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


@functools.cache
def _fetcher() -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    static = (Path(settings.BASE_DIR) / "static").resolve()

    class StaticFilesOnly(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            parts = urlsplit(url)
            if parts.scheme == "file" and static not in Path(unquote(parts.path)).resolve().parents:
                raise FatalURLFetchingError(f"{url} is not one of the portal's static files")
            return super().fetch(url, headers)

    return StaticFilesOnly(allowed_protocols=("data", "file"), fail_on_errors=True)


def html_to_pdf(html: str) -> bytes:
    """A tagged PDF of `html`, the same bytes for the same html. Links to styles and fonts are relative to `static/`.

    Raises weasyprint.urls.FatalURLFetchingError when the html loads anything but `data:` and files of `static/`.
    """
    from weasyprint import HTML

    base = (Path(settings.BASE_DIR) / "static").as_uri() + "/"
    document = HTML(string=html, base_url=base, url_fetcher=_fetcher())
    return bytes(document.write_pdf(pdf_variant="pdf/ua-1", font_config=_fonts()))


# --- what WeasyPrint leaves out ---


@dataclass(frozen=True)
class Attachment:
    """A file inside a PDF that says the same as its pages, for machines."""

    name: str
    media_type: str
    data: bytes
    description: str


def with_full_tags(
    pdf: bytes, *, other: str = WELSH, spans: bool = False, attachments: tuple[Attachment, ...] = ()
) -> bytes:
    """The same document with what readers of its tags need: the scope of each header cell, the tree by which cells name
    their headers, and the language of what is in the `other` one, which sections mark, and with `spans` spans too.

    A cell in a row of header cells heads its column; a cell in a row with data cells heads that row. The same input
    gives the same bytes.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        root = document.Root.StructTreeRoot
        headers = pikepdf.NameTree.new(document)
        for element in _elements(root):
            if element.S == "/Sect" or (spans and element.S == "/Span" and any(True for _ in _children(element))):
                element.Lang = other
            if element.S != "/TR":
                continue
            cells = list(_children(element))
            scope = "/Row" if any(cell.S == "/TD" for cell in cells) else "/Column"
            for cell in cells:
                if cell.S == "/TH":
                    cell.A = pikepdf.Dictionary(O=pikepdf.Name.Table, Scope=pikepdf.Name(scope))
                    headers[str(cell.ID)] = cell
        root.IDTree = headers.obj
        for attachment in attachments:
            _attach(document, attachment)
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
    return out.getvalue()


def _attach(document: Any, attachment: Attachment) -> None:
    """An embedded file that is the data of the whole document (ISO 32000-2, 14.13). Without dates: none is known."""
    import pikepdf

    file = pikepdf.Stream(document, attachment.data)
    file.Type = pikepdf.Name.EmbeddedFile
    file.Subtype = pikepdf.Name("/" + attachment.media_type)
    file.Params = pikepdf.Dictionary(Size=len(attachment.data))
    stored = document.make_indirect(file)
    specification = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Filespec,
            F=attachment.name,
            UF=attachment.name,
            Desc=attachment.description,
            AFRelationship=pikepdf.Name.Data,
            EF=pikepdf.Dictionary(F=stored, UF=stored),
        )
    )
    root = document.Root
    if "/Names" not in root:
        root.Names = pikepdf.Dictionary()
    if "/EmbeddedFiles" not in root.Names:
        root.Names.EmbeddedFiles = pikepdf.NameTree.new(document).obj
    pikepdf.NameTree(root.Names.EmbeddedFiles)[attachment.name] = specification
    if "/AF" not in root:
        root.AF = pikepdf.Array()
    root.AF.append(specification)


def _elements(parent: Any) -> Iterator[Any]:
    """Every structure element below, in the order of reading."""
    for child in _children(parent):
        yield child
        yield from _elements(child)


def _children(parent: Any) -> Iterator[Any]:
    """The structure elements directly below; marked content and references to objects are none."""
    import pikepdf

    kids = parent.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
