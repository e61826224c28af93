"""A person with a browser that knows no JavaScript: opens pages, fills the form that stands there, sends it."""

import io
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html  # type: ignore[import-untyped]
from django.test import Client

from accounts.models import User


class Walker:
    """What stands in a form is sent as it stands, but for what is filled in: hidden fields, versions, ticked boxes."""

    def __init__(self, user: User) -> None:
        self.client = Client()
        self.client.force_login(user)
        self.address = ""  # with what stands after the question mark: a form without an action is sent there
        self.page: Any = None
        self.status = 0

    def open(self, path: str) -> int:
        self._take(self.client.get(path, follow=True), path)
        return self.status

    def _take(self, answer: Any, path: str) -> None:
        chain = getattr(answer, "redirect_chain", ())
        self.address = chain[-1][0] if chain else path
        self.status, self.page = answer.status_code, lxml.html.fromstring(answer.content)

    @property
    def path(self) -> str:
        return urlsplit(self.address).path

    @property
    def text(self) -> str:
        return " ".join(self.page.body.text_content().split())

    def sees(self, *words: str) -> None:
        for each in words:
            assert each in self.text, f"{each!r} is not on {self.path} ({self.status}): {self.text[:3000]}"

    def follow(self, words: str) -> None:
        """The first link with these words."""
        link = next((a for a in self.page.iter("a") if words in " ".join(a.text_content().split())), None)
        assert link is not None, f"no link {words!r} on {self.path}: {self.text[:3000]}"
        assert self.open(urljoin(self.path, link.get("href"))) == 200

    def press(self, button: str, *, expect: int = 200, **filled: Any) -> None:
        """Send the form that has this button; `filled` are values by the names of its fields. A date is one value."""
        form = next((f for f in self.page.forms if any(button in b for b in _buttons(f))), None)
        assert form is not None, f"no button {button!r} on {self.path}: {self.text[:3000]}"
        sent: dict[str, Any] = {}
        for name, value in form.form_values():
            sent.setdefault(name, []).append(value)
        for radio in form.iter("input"):  # lxml takes one that says nothing for "on"
            if radio.get("type") == "radio" and radio.get("value") == "" and radio.checked:
                sent[radio.get("name")] = [""]
        for name, value in filled.items():
            if hasattr(value, "isoformat"):
                sent |= {f"{name}_{part}": getattr(value, part) for part in ("day", "month", "year")}
            else:
                assert isinstance(value, io.IOBase) or name in form.fields, f"no field {name!r}: {list(form.fields)}"
                sent[name] = value
        action = urljoin(self.address, form.get("action") or self.address)
        self._take(self.client.post(action, sent, follow=True), action)
        assert self.status == expect, f"{self.status} after {button!r} on {self.path}: {self.text[:3000]}"


def _buttons(form: Any) -> list[str]:
    return [" ".join(button.text_content().split()) for button in form.iter("button")]
