"""Asks every address as everybody."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.urls import reverse

from tests.factories.accounts import SiteAdministratorFactory
from tests.permissions.rows import PEOPLE, SIGN_IN, Answer, Row
from tests.permissions.world import World

TOKEN = {"csrfmiddlewaretoken": "as every form of the portal sends one"}
NOWHERE = "NO-2345678"


@dataclass(frozen=True)
class Person:
    """Somebody who asks. `who` is what they are; `side` where, None for those who belong nowhere."""

    who: str
    side: str | None
    is_own: bool
    session: str

    def __str__(self) -> str:
        return self.who if self.side is None else f"{'own' if self.is_own else 'other'} {self.side}: {self.who}"

    def answer_to(self, row: Row) -> Answer:
        """What the table promises to this person at the address of the own world's record."""
        if self.side is None:
            return {"nobody": row.anonymous, "site administrator": row.administrator, "superuser": row.superuser}[
                self.who
            ]
        if self.is_own and self.side == row.side:
            return row.of_member(self.who)
        return row.strangers


class Door(RequestFactory):
    """Carries requests through all of the middleware; unlike a Client it keeps no copy of what templates were given."""

    def __init__(self) -> None:
        super().__init__()
        self.handler = ClientHandler(enforce_csrf_checks=False)

    def request(self, **request: Any) -> Any:
        return self.handler(self._base_environ(**request))  # type: ignore[attr-defined]


@dataclass
class Walk:
    own: World
    other: World
    folder: Path
    everybody: list[Person] = field(default_factory=list)
    door: Door = field(default_factory=Door)

    def __post_init__(self) -> None:
        self.everybody = [Person("nobody", None, False, "")]
        self.everybody.append(Person("site administrator", None, False, session_of(SiteAdministratorFactory())))
        superuser = SiteAdministratorFactory(is_superuser=True)
        self.everybody.append(Person("superuser", None, False, session_of(superuser)))
        for is_own, world in ((True, self.own), (False, self.other)):
            for side, people in PEOPLE.items():
                for who in people:
                    self.everybody.append(Person(who, side, is_own, session_of(world.people[who])))

    def neighbours(self, side: str) -> Iterator[Person]:
        """Those whose answer may depend on the record: its people, and who belongs nowhere."""
        return (p for p in self.everybody if p.side is None or (p.is_own and p.side == side))

    def members(self, side: str) -> Iterator[Person]:
        """The people of the own world's organisation."""
        return (person for person in self.everybody if person.is_own and person.side == side)

    def person(self, who: str) -> Person:
        return next(person for person in self.everybody if str(person) == who)

    # --- addresses ---

    def address(self, row: Row, *, reference: str | None = None, world: World | None = None) -> str:
        """The address of a row in a world, perhaps with another reference than its record's."""
        world = world or self.own
        parts = {name: world.words[value[1:]] if _is_word(value) else value for name, value in row.parts.items()}
        if row.side:
            parts["organisation"] = world.organisations[row.side].slug
        if row.of:
            parts["reference"] = reference or world.records[row.of].reference
        return reverse(row.name, kwargs=parts) + (f"?{row.query}" if row.query else "")

    def form_of(self, row: Row) -> dict[str, Any]:
        sent = {name: self.own.words[value[1:]] if _is_word(value) else value for name, value in row.sent.items()}
        return {**TOKEN, **sent}

    # --- asking ---

    def ask(self, person: Person, method: str, address: str, form: dict[str, Any] | None = None) -> Any:
        """The response; whatever was written is undone."""
        self.door.cookies.clear()
        if person.session:
            self.door.cookies[settings.SESSION_COOKIE_NAME] = person.session
        cache.clear()  # nobody asked too often
        with transaction.atomic():
            response: Any = self.door.generic(method, address) if form is None else self.door.post(address, form)
            if response.streaming:
                response.getvalue()  # a file is read to its end, and so closed
            transaction.set_rollback(True)
        return response

    def outcome(self, person: Person, row: Row, address: str) -> Answer:
        form = self.form_of(row) if row.method == "POST" else None
        return outcome_of(self.ask(person, row.method, address, form))


def outcome_of(response: HttpResponseBase) -> Answer:
    """The status, or SIGN_IN for the way to the sign-in page."""
    if response.status_code == 302 and urlsplit(response.headers["Location"]).path == reverse(settings.LOGIN_URL):
        return SIGN_IN
    return response.status_code


def session_of(user: Any) -> str:
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("@")
