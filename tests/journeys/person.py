"""A person in front of a real Chromium: finds things by their words, as people do, with or without JavaScript."""

import email
import email.policy
import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, expect

from tests.processes import wait_until


class Person:
    """One browser context: nobody shares cookies with anybody."""

    def __init__(self, browser: Browser, url: str, *, javascript: bool = True, width: int = 1280) -> None:
        self.url = url
        self.context = browser.new_context(java_script_enabled=javascript, viewport={"width": width, "height": 900})
        self.context.set_default_timeout(20_000)
        self.page: Page = self.context.new_page()

    def open(self, path: str) -> int:
        """Go to a path of the portal; returns the status of the answer."""
        answer = self.page.goto(path if path.startswith("http") else self.url + path)
        assert answer is not None
        return answer.status

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def _field(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=False).first

    def write(self, label: str, text: str) -> None:
        self._field(label).fill(text)

    def write_date(self, legend: str, day: str) -> None:
        """`day` as 2026-03-31, into the three inputs of a date."""
        year, month, date = day.split("-")
        group = self.page.get_by_role("group", name=re.compile(re.escape(legend), re.IGNORECASE))
        for label, value in (("Day", date), ("Month", month), ("Year", year)):
            group.get_by_label(label).fill(value)

    def choose(self, label: str, *, exact: bool = True) -> None:
        """Tick a radio button or a checkbox."""
        self.page.get_by_label(label, exact=exact).first.check()

    def pick(self, label: str, option: str) -> None:
        """Choose from a drop-down list."""
        self._field(label).select_option(label=option)

    def attach(self, label: str, file: Path) -> None:
        self._field(label).set_input_files(file)

    def press(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=name).first.click()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def sees(self, text: str) -> None:
        """The words stand on the page, in capitals or not."""
        expect(self.page.locator("body")).to_contain_text(text, ignore_case=True)

    def sign_in(self, address: str, password: str) -> None:
        self.open("/accounts/login/")
        self.write("Email", address)
        self.write("Password", password)
        self.press("Sign in")
        assert self.path == "/workspace/", self.page.locator("body").inner_text()

    def leave(self) -> None:
        self.context.close()


def letters(mail: Path, to: str) -> list[str]:
    """The texts of all mails to that address, in the order of their files' age."""
    texts = []
    for path in sorted(mail.glob("*.eml"), key=lambda each: each.stat().st_mtime_ns):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        if to in str(message["To"]):
            body = message.get_body(("plain",))
            texts.append(body.get_content() if body else "")
    return texts


def link_for(mail: Path, to: str, pattern: str = r"https?://\S+/invitations/\S+") -> str:
    """The newest link in the mail of that address; waits for the worker that sends it."""

    def found() -> str:
        for text in reversed(letters(mail, to)):
            if match := re.search(pattern, text):
                return match[0].rstrip(".>)")
        return ""

    return str(wait_until(found, seconds=30, what=f"a letter with a link to {to}"))
