"""HTML to PDF: tagged (PDF/UA-1), with shipped fonts, and without any network.

WeasyPrint takes more than a second to import: only this module imports it, inside its functions; web workers never do.
"""

import functools
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings


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
