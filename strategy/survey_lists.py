"""Whom a survey asks, as a list that people type or bring as a file: an organisation and an address in each row."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Kind, Organisation
from core.dates import today
from core.errors import Incomplete, Problem
from strategy.models.surveys import Survey
from strategy.services.surveys import ASKABLE

COLUMNS = ("organisation", "name", "kind", "region", "email")
MOST_ROWS, MOST_BYTES = 12_000, 2 * 1024 * 1024


@dataclass(frozen=True)
class _Line:
    number: int
    organisation: str
    email: str


def text_of(content: bytes) -> str:
    """Raises Incomplete for what is no text file."""
    if len(content) > MOST_BYTES:
        raise Incomplete([Problem(_("The file is larger than 2 MB."), field="upload")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Incomplete([Problem(_("The file is no CSV file in UTF-8."), field="upload")]) from None


def organisations_in(text: str, *, field: str) -> dict[Organisation, str]:
    """The address for each organisation that is named by its name, its address in the portal or its code. Rows without
    an address are passed over. Raises Incomplete with every row that cannot be read. One query.
    """
    lines = list(_lines(text))
    if len(lines) > MOST_ROWS:
        raise Incomplete([Problem(_("The list has more than %(count)d rows.") % {"count": MOST_ROWS}, field=field)])
    known = _known({line.organisation for line in lines})
    found: dict[Organisation, str] = {}
    problems = []
    for line in lines:
        told = {"number": line.number, "name": line.organisation}
        fitting = known.get(line.organisation.casefold(), [])
        if len(fitting) == 1:
            found[fitting[0]] = line.email
        elif fitting:
            problems.append(_("Row %(number)d: several organisations are called %(name)s.") % told)
        else:
            problems.append(_("Row %(number)d: no organisation that is asked in surveys is called %(name)s.") % told)
    if problems:
        raise Incomplete([Problem(sentence, field=field) for sentence in problems])
    return found


def _lines(text: str) -> Iterator[_Line]:
    """An organisation at the head of each row, the address at its end; what stands between is for the reader."""
    for number, row in enumerate(csv.reader(io.StringIO(text.replace("\x00", ""), newline="")), start=1):
        cells = [cell.strip().removeprefix("'") for cell in row]
        if len(cells) < 2 or not cells[-1] or not cells[0] or (number == 1 and "@" not in cells[-1]):
            continue
        yield _Line(number, cells[0], cells[-1])


def _known(names: Iterable[str]) -> dict[str, list[Organisation]]:
    listed = list(names)
    there = Organisation.objects.current(today()).counted().filter(kind__in=ASKABLE)
    fitting = Q(slug__in=[name.lower() for name in listed]) | Q(gss_code__in=listed) | Q(name__in=listed)
    known: dict[str, list[Organisation]] = {}
    for organisation in there.filter(fitting):
        for name in {
            organisation.slug,
            (organisation.gss_code or organisation.slug).casefold(),
            organisation.name.casefold(),
        }:
            known.setdefault(name, []).append(organisation)
    return known


def rows_of(survey: Survey) -> Iterator[tuple[str, str, str, str, str]]:
    """The list to fill in: every principal authority there is, and whoever else is asked, with the addresses that are
    known. Two queries.
    """
    asked = {row.organisation_id: row for row in survey.returns.select_related("organisation")}
    principal = Organisation.objects.current(today()).counted().filter(kind=Kind.PRINCIPAL_AUTHORITY).order_by("name")
    listed = list(principal)
    there = {each.pk for each in listed}
    listed += [row.organisation for row in asked.values() if row.organisation_id not in there]
    for each in listed:
        email = asked[each.pk].email if each.pk in asked else ""
        yield each.slug, each.name, each.kind, each.region, email
