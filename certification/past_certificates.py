"""A list of certificates of a closed scheme, read from CSV and sorted row by row before any of it is recorded.

Columns: number, organisation (name or GSS code), body, step (desktop or full), scope, issued, valid from, valid until,
systems (separated by semicolons). Dates are 2016-11-30 or 30/11/2016, or blank where they are not known; of the others
only scope and systems may be blank. Other columns are left alone.
"""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import FormerName, Kind, Organisation
from certification.models import Certificate, CertificationScheme
from certification.models.scheme import Aim
from certification.services.numbers import AFTER_PREFIX, folded
from core.errors import RuleBroken
from core.forms import refuse_control_characters

COLUMNS = ("number", "organisation", "body", "step", "scope", "issued", "valid_from", "valid_until", "systems")
NEEDED = ("number", "organisation", "body", "step")
LARGEST, MOST_ROWS = 500_000, 5_000
YEARS = range(1990, 2101)
LONGEST_NUMBER, LONGEST_NAME, LONGEST_SCOPE = 40, 150, 1_000
STEPS = {"desktop": Aim.DESKTOP, "1": Aim.DESKTOP, "step 1": Aim.DESKTOP}
STEPS |= {"full": Aim.FULL, "2": Aim.FULL, "step 2": Aim.FULL, "steps 1 and 2": Aim.FULL}
BLANKS = frozenset({"", "-", "–", "n/a", "na", "none", "unknown", "not known", "#n/a"})
DAY = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")


@dataclass(frozen=True)
class Past:
    """One certificate as the list tells it. `number` as printed; `reference` is what stands in its address."""

    row: int
    number: str
    reference: str
    operator: Organisation
    operator_name: str
    body_name: str
    body: Organisation | None  # None: not among the certification bodies of the portal
    aim: str
    scope: str
    issued_on: dt.date | None
    valid_from: dt.date | None
    valid_until: dt.date | None
    systems: tuple[str, ...]


@dataclass(frozen=True)
class ListProblem:
    row: int
    message: str


@dataclass
class Sorting:
    """Each row lands in exactly one of new, unchanged and refused; a refused row has its problems."""

    new: list[Past] = field(default_factory=list)
    unchanged: list[Past] = field(default_factory=list)
    problems: list[ListProblem] = field(default_factory=list)
    rows: int = 0

    @property
    def refused(self) -> int:
        return len({problem.row for problem in self.problems})

    @property
    def new_bodies(self) -> list[str]:
        """Names of bodies that the portal does not have yet."""
        return sorted({past.body_name.casefold(): past.body_name for past in self.new if past.body is None}.values())


def decoded(data: bytes) -> str:
    """UTF-8 with or without its mark, else Windows-1252. Raises RuleBroken for what is too large or no text."""
    if len(data) > LARGEST:
        raise RuleBroken(_("The file is larger than 500 KB. Split the list."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    if "\x00" in text:
        raise RuleBroken(_("The file is not a CSV file."))
    return text


def sort(scheme: CertificationScheme, text: str) -> Sorting:
    """Judge every row; nothing is written. Six queries, whatever the number of rows.

    Raises RuleBroken for a scheme that is not closed, and for a text without the needed columns or with too many rows.
    """
    if not scheme.is_closed():
        raise RuleBroken(_("Only certificates of a closed scheme are recorded for the history."))
    sorting, reader = Sorting(), _Reader(scheme)
    for number, cells in enumerate(_rows(text), 2):
        if not any(cells.values()):
            continue
        sorting.rows += 1
        past, problems = (None, unfit) if (unfit := _unfit(cells)) else reader.read(number, cells)
        sorting.problems += [ListProblem(number, problem) for problem in problems]
        if past is not None and not problems:
            (sorting.unchanged if past.reference in reader.recorded else sorting.new).append(past)
    return sorting


def _rows(text: str) -> Iterable[dict[str, str]]:
    heading = text.splitlines()[0] if text.strip() else ""
    delimiter = max(",;\t", key=heading.count)
    try:
        lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise RuleBroken(_("The file is not a CSV file.")) from error
    columns = [re.sub(r"[\s_-]+", "_", cell.strip().casefold()) for cell in lines[0]] if lines else []
    if missing := [column for column in NEEDED if column not in columns]:
        raise RuleBroken(_("The file lacks these columns: %(columns)s") % {"columns": ", ".join(missing)})
    if len(lines) - 1 > MOST_ROWS:
        raise RuleBroken(_("The file has more than 5,000 rows. Split the list."))
    for line in lines[1:]:
        cells = dict(zip(columns, line, strict=False))
        yield {column: " ".join(cells.get(column, "").split()) for column in COLUMNS}


def _unfit(cells: Mapping[str, str]) -> list[str]:
    """What nobody can see must not get into pages, pictures and feeds, which would no longer be well-formed."""
    try:
        refuse_control_characters(" ".join(cells.values()))
    except ValidationError:
        return [_("The row has a character that cannot be shown. Delete it or type the text again.")]
    return []


class _Reader:
    def __init__(self, scheme: CertificationScheme) -> None:
        self.scheme = scheme
        self.operators, self.ambiguous = _operators()
        bodies = Organisation.objects.filter(kind=Kind.CERTIFICATION_BODY)
        self.bodies = {name.casefold(): body for body in bodies for name in (body.official_name, body.name) if name}
        self.taken = {folded(each.reference): each for each in Certificate.objects.defer("facts", "facts_jws", "terms")}
        prefixes = CertificationScheme.objects.order_by().values_list("number_prefix", flat=True).distinct()
        self.prefixes = [folded(prefix) for prefix in prefixes]
        self.recorded: dict[str, Certificate] = {}
        self.seen: dict[str, int] = {}

    def read(self, row: int, cells: Mapping[str, str]) -> tuple[Past | None, list[str]]:
        problems = [_("The column “%(name)s” is empty.") % {"name": name} for name in NEEDED if not cells[name]]
        operator = self._operator(cells["organisation"], problems)
        aim = STEPS.get(cells["step"].casefold())
        if cells["step"] and aim is None:
            problems.append(_("The step “%(step)s” is neither “desktop” nor “full”.") % {"step": cells["step"]})
        days = [self._day(cells[column], column, problems) for column in ("issued", "valid_from", "valid_until")]
        if days[1] and days[2] and days[2] < days[1]:
            problems.append(_("It would end before it begins."))
        if len(cells["scope"]) > LONGEST_SCOPE or len(cells["body"]) > LONGEST_NAME:
            problems.append(_("The scope or the name of the body is too long."))
        if problems or operator is None or aim is None:
            return None, problems
        past = Past(
            row=row,
            number=cells["number"],
            reference=re.sub(r"[^0-9A-Za-z]+", "-", cells["number"]).strip("-").upper(),
            operator=operator,
            operator_name=operator.full_name,
            body_name=cells["body"],
            body=self.bodies.get(cells["body"].casefold()),
            aim=aim,
            scope=cells["scope"],
            issued_on=days[0],
            valid_from=days[1],
            valid_until=days[2],
            systems=tuple(filter(None, (part.strip() for part in cells["systems"].split(";")))),
        )
        return past, self._number(past)

    def _operator(self, name: str, problems: list[str]) -> Organisation | None:
        found = self.operators.get(name.casefold())
        if name.casefold() in self.ambiguous:
            problems.append(_("More than one organisation is called “%(name)s”. Give its GSS code.") % {"name": name})
            return None
        if name and found is None:
            problems.append(_("No organisation is called “%(name)s”, nor has it as its GSS code.") % {"name": name})
        return found

    def _day(self, text: str, column: str, problems: list[str]) -> dt.date | None:
        if text.casefold() in BLANKS:
            return None
        try:
            day = _parsed(text)
        except ValueError:
            problems.append(_("“%(text)s” in the column “%(name)s” is no date.") % {"text": text, "name": column})
            return None
        if column != "valid_until" and self.scheme.closed_on and day > self.scheme.closed_on:
            problems.append(_("“%(text)s” is after the day on which the scheme was closed.") % {"text": text})
        return day

    def _number(self, past: Past) -> list[str]:
        """Whether it can be recorded under its number."""
        key = folded(past.reference)
        if not key or len(past.reference) > LONGEST_NUMBER:
            return [_("“%(number)s” cannot be the number of a certificate.") % {"number": past.number}]
        if key in self.seen:
            return [_("Row %(row)d has the same number.") % {"row": self.seen[key]}]
        self.seen[key] = past.row
        existing = self.taken.get(key)
        if existing is None:
            own = any(key.startswith(p) and AFTER_PREFIX.fullmatch(key.removeprefix(p)) for p in self.prefixes)
            return [_("The number has the form of those that this portal gives itself.")] if own else []
        if existing.origin != Certificate.Origin.RECORDED or existing.scheme_id != self.scheme.pk:
            return [_("Another certificate has this number already.")]
        if not _same(existing, past):
            return [_("It is recorded already with other content. What was recorded is not overwritten.")]
        self.recorded[past.reference] = existing
        return []


def _operators() -> tuple[dict[str, Organisation], set[str]]:
    """By GSS code and each name that they have or had; names that several have are apart."""
    found: dict[str, Organisation] = {}
    ambiguous: set[str] = set()
    former = FormerName.objects.values_list("organisation_id", "name")
    names: dict[int, list[str]] = {}
    for pk, name in former:
        names.setdefault(pk, []).append(name)
    for organisation in Organisation.objects.outward().operators():
        own = {organisation.name, organisation.name_cy, organisation.official_name, *names.get(organisation.pk, ())}
        codes = {organisation.gss_code or "", *organisation.former_gss_codes}
        for key in {each.casefold() for each in own | codes if each}:
            if found.setdefault(key, organisation) != organisation:
                ambiguous.add(key)
    return found, ambiguous


def _parsed(text: str) -> dt.date:
    """Raises ValueError for what is no date, or none of a certificate."""
    if match := DAY.fullmatch(text):
        day = dt.date(int(match[3]), int(match[2]), int(match[1]))
    else:
        day = dt.date.fromisoformat(text)
    if day.year not in YEARS:
        raise ValueError(text)
    return day


def _same(existing: Certificate, past: Past) -> bool:
    return facts_of(past) == {name: getattr(existing, name) for name in facts_of(past)}


def facts_of(past: Past) -> dict[str, Any]:
    """The values of the certificate that come from the list."""
    return {
        "operator_id": past.operator.pk,
        "body_name": past.body_name,
        "aim": past.aim,
        "scope": past.scope,
        "issued_on": past.issued_on,
        "valid_from": past.valid_from,
        "valid_until": past.valid_until,
        "systems_listed": [_system(name) for name in past.systems],
    }


KINDS = {"cctv": "CCTV", "anpr": "automatic number plate recognition (ANPR)", "bwv": "body-worn video"}


def _system(name: str) -> dict[str, Any]:
    """As certificates list a system; one that is called by its technology alone is found under it in the register."""
    kind = KINDS.get(name.casefold())
    return {
        "reference": "",
        "name": name,
        "technologies": [kind] if kind else [],
        "cameras": None,
        "counted_on": None,
    }
