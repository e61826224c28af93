"""Lists of authorities, forces and other police bodies as files: which list it is, and its rows in one shape. Nothing
here touches the database.
"""

import csv
import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from accounts.models import Kind
from accounts.models.organisation import Nation
from core.errors import RuleBroken

DATA = Path(__file__).resolve().parent / "data"
OWN_AUTHORITIES = DATA / "authorities.csv"
OWN_FORCES = DATA / "forces.csv"
OWN_AGENCIES = DATA / "agencies.csv"
CORRECTIONS = DATA / "corrections.csv"

MAX_BYTES = 20 * 1024 * 1024
MAX_SLUG = 80
GSS_CODE = re.compile(r"[A-Z]\d{8}")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PLACE = Decimal("0.00001")

# Types of the official list (mySociety) that are principal authorities of England and Wales, in the portal's words.
PRINCIPAL_TYPES = {
    "NMD": "non_metropolitan_district",
    "UA": "unitary",
    "MD": "metropolitan_district",
    "LBO": "london_borough",
    "CTY": "county",
    "CC": "city_of_london",
    "WPA": "welsh_unitary",
}
NATIONS = {"England": Nation.ENGLAND, "Wales": Nation.WALES}

# The columns by which each list is known.
OFFICIAL_AUTHORITIES_COLUMNS = frozenset(
    {"gss-code", "nice-name", "official-name", "nation", "region", "local-authority-type", "end-date"}
)
OFFICIAL_FORCES_COLUMNS = frozenset({"ons_pfa_code", "force_name"})
OWN_AUTHORITIES_COLUMNS = frozenset({"gss_code", "name_en", "name_cy", "official_name", "kind", "police_force_gss"})
OWN_FORCES_COLUMNS = frozenset({"gss_code", "name_en", "name_cy", "slug"})
OWN_AGENCIES_COLUMNS = frozenset({"agency_slug", "name_en", "name_cy"})


@dataclass(frozen=True)
class ListedBody:
    """One row. `facts` are fields of Organisation, '' or None where the list is silent. `slug` is given where the body
    has no GSS code.
    """

    line: int
    gss_code: str
    kind: str
    facts: Mapping[str, object]
    former_gss_codes: tuple[str, ...] = ()
    ends_on: dt.date | None = None
    police_force_gss: str = ""
    successors: tuple[str, ...] = ()  # GSS codes of those that replaced it
    slug: str = ""

    @property
    def key(self) -> str:
        """By what the body is told from all others: its code, else its address. No address looks like a code."""
        return self.gss_code or self.slug


@dataclass(frozen=True)
class BodyList:
    """A list of authorities, forces or other police bodies. `is_own`: one of the portal's own tables, which knows
    better than official ones.
    """

    kind: str
    is_own: bool
    bodies: tuple[ListedBody, ...]
    ignored: int = 0  # Scotland, Northern Ireland, combined authorities, rows without a code
    by_code: Mapping[str, ListedBody] = field(init=False)

    def __post_init__(self) -> None:
        by_code = {body.key: body for body in self.bodies}
        for body in self.bodies:
            for code in body.former_gss_codes:
                by_code.setdefault(code, body)
        object.__setattr__(self, "by_code", by_code)


def read_list(path: Path) -> BodyList:
    """Read a file and tell which list it is. Raises RuleBroken with one sentence for a file that is none of them."""
    reader = _Reader(path)
    if reader.columns >= OFFICIAL_AUTHORITIES_COLUMNS:
        return _official_authorities(reader.rows())
    if reader.columns >= OWN_AUTHORITIES_COLUMNS:
        return _own_authorities(reader.rows())
    if reader.columns >= OFFICIAL_FORCES_COLUMNS:
        return _forces(reader.rows(), code="ons_pfa_code", name="force_name", is_own=False)
    if reader.columns >= OWN_FORCES_COLUMNS:
        return _forces(reader.rows(), code="gss_code", name="name_en", is_own=True)
    if reader.columns >= OWN_AGENCIES_COLUMNS:
        return _agencies(reader.rows())
    raise RuleBroken(
        f"{path} is not a list of authorities or forces: its first line must name the columns of the official list "
        "(gss-code, official-name, nice-name, …) or of the portal's own table (gss_code, name_en, …)."
    )


def known_wrong_values() -> Mapping[tuple[str, str], frozenset[str]]:
    """For (GSS code, field): values of official lists that the portal knows to be wrong or past."""
    found: dict[tuple[str, str], set[str]] = {}
    for _line, row in _Reader(CORRECTIONS).rows():
        found.setdefault((row["gss_code"], row["field"]), set()).add(row["wrong_or_past_value"])
    return {key: frozenset(values) for key, values in found.items()}


Row = tuple[int, dict[str, str]]


class _Reader:
    """A CSV file in UTF-8: the names of its columns, and its rows. Raises RuleBroken with one sentence."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._reader = csv.DictReader(self._text().splitlines(keepends=True), strict=True)
        try:
            self.columns = frozenset(name.strip() for name in self._reader.fieldnames or ())
        except csv.Error as error:
            raise self._not_csv(error) from error

    def rows(self) -> list[Row]:
        """All rows with the numbers of their lines, texts trimmed."""
        try:
            return [(self._reader.line_num, _plain(row, self._reader.line_num)) for row in self._reader]
        except csv.Error as error:
            raise self._not_csv(error) from error

    def _text(self) -> str:
        try:
            if self.path.stat().st_size > MAX_BYTES:
                raise RuleBroken(
                    f"{self.path} is larger than {MAX_BYTES // (1024 * 1024)} MB; no list of authorities is."
                )
            return self.path.read_bytes().decode("utf-8-sig")
        except OSError as error:
            raise RuleBroken(f"{self.path} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise RuleBroken(f"{self.path} is not a CSV file in UTF-8 (byte {error.start} does not fit).") from error

    def _not_csv(self, error: csv.Error) -> RuleBroken:
        return RuleBroken(f"{self.path}, line {self._reader.line_num}: this is not CSV ({error}).")


def _plain(row: dict[str | Any, str | Any], line: int) -> dict[str, str]:
    if None in row or None in row.values():
        raise RuleBroken(f"Line {line} has more or fewer values than the first line has columns; nothing was loaded.")
    return {name.strip(): " ".join(value.split()) for name, value in row.items()}


def _official_authorities(rows: list[Row]) -> BodyList:
    codes = {row["local-authority-code"]: row["gss-code"] for _line, row in rows if "local-authority-code" in row}
    bodies = [
        _official_authority(line, row, codes)
        for line, row in rows
        if row["nation"] in NATIONS and row["local-authority-type"] in PRINCIPAL_TYPES and row["gss-code"]
    ]
    return _checked(Kind.PRINCIPAL_AUTHORITY, bodies, is_own=False, ignored=len(rows) - len(bodies))


def _official_authority(line: int, row: dict[str, str], codes: Mapping[str, str]) -> ListedBody:
    return ListedBody(
        line=line,
        gss_code=row["gss-code"],
        kind=Kind.PRINCIPAL_AUTHORITY,
        facts={
            "name": row["nice-name"],
            "official_name": row["official-name"],
            "nation": NATIONS[row["nation"]].value,
            "region": row["region"],
            "subkind": PRINCIPAL_TYPES[row["local-authority-type"]],
            "latitude": _degrees(row.get("lat", ""), line),
            "longitude": _degrees(row.get("long", ""), line),
            "starts_on": _day(row.get("start-date", ""), line),
        },
        former_gss_codes=tuple(_listed(row.get("former-gss-codes", ""))),
        ends_on=_day(row["end-date"], line),
        successors=tuple(codes[code] for code in _listed(row.get("replaced-by", "")) if codes.get(code)),
    )


def _own_authorities(rows: list[Row]) -> BodyList:
    bodies = [
        ListedBody(
            line=line,
            gss_code=row["gss_code"],
            kind=Kind.PRINCIPAL_AUTHORITY,
            facts={
                "name": row["name_en"],
                "name_cy": row["name_cy"],
                "official_name": row["official_name"],
                "nation": NATIONS[row["nation"]].value if row.get("nation") in NATIONS else "",
                "region": row.get("region", ""),
                "subkind": row["kind"],
                "latitude": _degrees(row.get("latitude", ""), line),
                "longitude": _degrees(row.get("longitude", ""), line),
                "starts_on": _day(row.get("starts_on", ""), line),
            },
            former_gss_codes=tuple(_listed(row.get("former_gss_codes", ""))),
            police_force_gss=row["police_force_gss"],
        )
        for line, row in rows
    ]
    return _checked(Kind.PRINCIPAL_AUTHORITY, bodies, is_own=True)


def _forces(rows: list[Row], *, code: str, name: str, is_own: bool) -> BodyList:
    bodies = [
        ListedBody(
            line=line,
            gss_code=row[code],
            kind=Kind.POLICE_FORCE,
            facts={
                "name": row[name],
                "name_cy": row.get("name_cy", ""),
                "nation": (Nation.WALES if row[code].startswith("W") else Nation.ENGLAND).value,
            },
        )
        for line, row in rows
    ]
    return _checked(Kind.POLICE_FORCE, bodies, is_own=is_own)


def _agencies(rows: list[Row]) -> BodyList:
    """Police and law enforcement bodies without a territory: no code and no nation, so their address names them."""
    bodies = [
        ListedBody(
            line=line,
            gss_code="",
            kind=Kind.OTHER_AGENCY,
            facts={"name": row["name_en"], "name_cy": row["name_cy"]},
            slug=row["agency_slug"],
        )
        for line, row in rows
    ]
    for body in bodies:
        if not SLUG.fullmatch(body.slug) or len(body.slug) > MAX_SLUG:
            raise RuleBroken(f"Line {body.line}: “{body.slug[:20]}” is not an address; nothing was loaded.")
    return _checked(Kind.OTHER_AGENCY, bodies, is_own=True)


def _checked(kind: str, bodies: list[ListedBody], *, is_own: bool, ignored: int = 0) -> BodyList:
    """Raises RuleBroken for a row that cannot be right, naming its line."""
    lines: dict[str, int] = {}
    for body in bodies:
        for code in () if body.slug else (body.gss_code, *body.former_gss_codes):
            if not GSS_CODE.fullmatch(code):
                raise RuleBroken(f"Line {body.line}: “{code[:20]}” is not a GSS code; nothing was loaded.")
        if body.key in lines:
            raise RuleBroken(
                f"Line {body.line}: {body.key} stands in line {lines[body.key]} already; nothing was loaded."
            )
        lines[body.key] = body.line
        name, full = str(body.facts["name"]), str(body.facts.get("official_name", ""))
        if not 0 < len(name) <= 150 or len(full) > 200 or not (name + full).isprintable():
            raise RuleBroken(f"Line {body.line}: the name is missing, too long or unreadable; nothing was loaded.")
    return BodyList(kind=kind, is_own=is_own, bodies=tuple(bodies), ignored=ignored)


def _listed(text: str) -> Iterator[str]:
    """Values separated by `|` (own tables) or by commas (official list)."""
    return (value.strip() for value in re.split(r"[|,]", text) if value.strip())


def _degrees(text: str, line: int) -> Decimal | None:
    if not text:
        return None
    try:
        degrees = Decimal(text)
        if not -180 <= degrees <= 180:
            raise InvalidOperation
        return degrees.quantize(PLACE)
    except InvalidOperation as error:
        raise RuleBroken(f"Line {line}: “{text[:20]}” is not a latitude or longitude; nothing was loaded.") from error


def _day(text: str, line: int) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise RuleBroken(f"Line {line}: “{text[:20]}” is not a date like 2025-04-01; nothing was loaded.") from error
