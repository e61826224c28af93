"""Walks the links that a page shows, as one person, and looks at each kind of page.

What is looked at is opened in Chromium; of other pages only the answer and the links count, and both stand in the text.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

import lxml.html  # type: ignore[import-untyped]
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from django.utils import translation
from playwright.sync_api import Error as PlaywrightError

from tests.journeys.person import Person

FILES = (".pdf", ".svg", ".json", ".csv", ".atom", ".xlsx", ".docx", ".zip", "/file", "/file/")
"""Most of what is not a page, told by its address: left out without being asked for."""

LINKS = "links => links.map(link => new URL(link.getAttribute('href'), document.baseURI).href)"
"""Whole addresses, also of links in a drawing, whose property `href` is no string."""

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def view_of(path: str) -> str:
    """The name of the page at a path, with its language; the path itself where none is known."""
    language = "cy" if path.startswith("/cy/") else "en-gb"
    with translation.override(language):
        try:
            return f"{resolve(path).view_name} {language if language == 'cy' else ''}".strip()
        except Resolver404:
            return path


@dataclass
class Crawl:
    """What one person met: pages by kind, and everything that was wrong, in words."""

    person: Person
    per_view: int = 2
    seen: set[str] = field(default_factory=set)
    views: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def walk(
        self,
        start: str,
        look: Callable[[Person, str], list[str]],
        *,
        wanted: Callable[[str], bool],
        within: str = "/",
    ) -> None:
        """From `start` along every link below `within`, at most `per_view` pages of each kind; `look` at the wanted."""
        waiting = [start]
        while waiting:
            path = waiting.pop(0)
            if path in self.seen:
                continue
            self.seen.add(path)
            view = view_of(urlsplit(path).path)
            if self.views[view] >= self.per_view:
                continue
            self.views[view] += 1
            status, links = self.open(path) if wanted(view) else self.read(path)
            if status >= 400:
                self.faults.append(f"{path}: a link leads here and the answer is {status}")
                continue
            if links is None:
                continue  # a document, or a file to keep
            if wanted(view):
                self.faults += [f"{path}: {fault}" for fault in look(self.person, view)]
            waiting += [link for link in links if link.startswith(within)]

    def open(self, path: str) -> tuple[int, list[str] | None]:
        """In Chromium: the status, and the links of what is a page."""
        try:
            status = self.person.open(path)
        except PlaywrightError as error:
            if "Download is starting" not in error.message:
                raise
            return 200, None
        if status >= 400 or self.person.page.evaluate("document.contentType") != "text/html":
            return status, None
        hrefs = self.person.page.locator("a[href]").evaluate_all(LINKS)
        return status, self._own(hrefs)

    def read(self, path: str) -> tuple[int, list[str] | None]:
        """The same with the person's cookies, and nothing drawn."""
        answer = self.person.context.request.get(self.person.url + path)
        if answer.status >= 400 or not answer.headers.get("content-type", "").startswith("text/html"):
            return answer.status, None
        links = lxml.html.fromstring(answer.text()).iterfind(".//a[@href]")
        return answer.status, self._own([urljoin(answer.url, link.get("href")) for link in links])

    def _own(self, hrefs: list[str]) -> list[str]:
        """Paths of the portal among them, in the page's order."""
        own = [urldefrag(href).url.removeprefix(self.person.url) for href in hrefs if href.startswith(self.person.url)]
        return [path for path in dict.fromkeys(own) if not urlsplit(path).path.endswith(FILES)]


def axe_faults(person: Person) -> list[str]:
    """What axe finds (WCAG 2.2 A and AA, and its best practices), one sentence each."""
    found = Axe().run(person.page, options={"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]})
    return [
        f"{violation['id']}: {violation['help']}: {violation['nodes'][0]['html'][:160]}"
        for violation in found.response["violations"]
    ]


def reflow_faults(person: Person) -> list[str]:
    """At 320 pixels nothing but a marked region may scroll sideways (WCAG 1.4.10)."""
    usual = person.page.viewport_size
    person.page.set_viewport_size({"width": 320, "height": 700})
    width = person.page.evaluate("document.documentElement.scrollWidth")
    person.page.set_viewport_size(usual)
    return [f"is {width} pixels wide at 320"] if width > 320 else []
