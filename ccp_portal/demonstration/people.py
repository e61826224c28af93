"""Made-up organisations and the people in them, and how they sign in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import get_hasher

from accounts.models import Organisation, Role, User
from accounts.services.invitations import invite
from accounts.services.organisations import create_organisation, link_police_forces
from accounts.services.people import add_membership, create_person, make_site_administrator
from ccp_portal.demonstration import data
from certification.models import CertificationScheme
from certification.services.schemes import add_body
from compliance.models import CameraSystem

PASSWORD = "a-quiet-street-at-noon"  # noqa: S105  (public on purpose: `up` prints it)
QUICK_ITERATIONS = 1000
FACTS = ("official_name", "gss_code", "subkind", "nation", "region", "latitude", "longitude")


@dataclass(frozen=True)
class SignIn:
    """Somebody who can sign in: role in words, organisation, email, and what waits for them ('' for the less busy)."""

    role: str
    organisation: str
    email: str
    waits: str


@dataclass
class World:
    """What was made so far, by the keys of the data files; people by email."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    systems: dict[str, CameraSystem] = field(default_factory=dict)

    def holder(self, organisation: str, role: str) -> User:
        """The first person with that role there."""
        found = next(p for p in _described(organisation)["people"] if p["role"] == role)
        return self.people[found["email"]]

    def holder_or_spoc(self, authority: str, role: str) -> User:
        """The same, or the SPOC, who may all that a scheme manager may, where nobody has the role."""
        has = any(person["role"] == role for person in _described(authority)["people"])
        return self.holder(authority, role if has else Role.SPOC)


def sign_ins() -> list[SignIn]:
    """Everybody, the site administrator last. Reads the data files, not the database."""
    everybody = [
        SignIn(str(Role(person["role"]).label), described["name"], person["email"], person.get("waits", ""))
        for described in (*data.authorities(), *data.other_organisations())
        for person in described["people"]
    ]
    firms = [
        SignIn(grant["kind"], grant["company"], grant["email"], "")
        for kept in data.upkeep().values()
        for grant in kept.get("grants", ())
    ]
    administrator = data.site_administrator()
    return [
        *everybody,
        *firms,
        SignIn("site administrator", "this portal", administrator["email"], administrator["waits"]),
    ]


def sign_in_lines() -> list[str]:
    """What `up` prints: those for whom something waits, and the password of all."""
    first = [person for person in sign_ins() if person.waits]
    wide = max(len(person.email) for person in first)
    usual = settings.PORTAL_DATA == settings.BASE_DIR / "var"
    command = "./portal manage load_demonstration --people"
    return [
        f"Sign in as any of these people. The password of all is: {PASSWORD}",
        *(f"  {p.email:<{wide}}  {_short(p.role)}, {p.organisation}: {p.waits}" for p in first),
        f"  All {len(sign_ins())} people: {command if usual else f'PORTAL_DATA={settings.PORTAL_DATA} {command}'}",
    ]


def _short(role: str) -> str:
    """The abbreviation where a role is known by one."""
    return role.partition("(")[2].rstrip(")") or role


def make_organisations(world: World) -> None:
    """Forces before the authorities that they police."""
    for described in (*data.other_organisations(), *data.authorities()):
        world.organisations[described["key"]] = create_organisation(
            kind=described["kind"],
            name=described["name"],
            name_cy=described.get("name_cy", ""),
            by=None,
            is_demonstration=True,
            **{name: described[name] for name in FACTS if name in described},
        )
    for described in data.authorities():
        forces = [world.organisations[key] for key in described["forces"]]
        link_police_forces(organisation=world.organisations[described["key"]], forces=forces, by=None)
    for described in data.other_organisations():
        if "scheme" in described:
            scheme = CertificationScheme.objects.get(key=described["scheme"])
            add_body(scheme=scheme, body=world.organisations[described["key"]], by=None)


def make_people(world: World) -> None:
    with quick_hashes():
        for described in (*data.authorities(), *data.other_organisations()):
            organisation = world.organisations[described["key"]]
            for person in described["people"]:
                user = world.people[person["email"]] = _person(person)
                add_membership(user=user, organisation=organisation, role=person["role"], by=None)
        administrator = _person(data.site_administrator())
    make_site_administrator(user=administrator, by=None)


def invite_people(world: World) -> None:
    """Invitations that nobody has answered yet."""
    for described in data.authorities():
        for offered in described.get("invitations", ()):
            invite(
                organisation=world.organisations[described["key"]],
                role=offered["role"],
                email=offered["email"],
                by=world.holder(described["key"], Role.SPOC),
            )


def _person(described: dict[str, Any]) -> User:
    language = described.get("language", "en-gb")
    return create_person(email=described["email"], name=described["name"], password=PASSWORD, language=language)


def _described(key: str) -> dict[str, Any]:
    return next(each for each in (*data.authorities(), *data.other_organisations()) if each["key"] == key)


@contextmanager
def quick_hashes() -> Iterator[None]:
    """Hash passwords with little work inside: what everybody can read on the screen needs no slow hash, and forty of
    them would take ten seconds. Signing in renews a hash at full strength.
    """
    hasher: Any = get_hasher("default")
    before = getattr(hasher, "iterations", None)
    if before is not None:
        hasher.iterations = min(before, QUICK_ITERATIONS)
    try:
        yield
    finally:
        if before is not None:
            hasher.iterations = before
