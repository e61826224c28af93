"""What the signature of a PDF is worth, told from the bytes alone.

The file is not read as a PDF: a signature of the portal names the two stretches of bytes that it covers, between them
stands nothing but itself in hexadecimal digits, and where they reach from the first byte to the last the file is what
was signed. No reader's tolerance, no network and no database has a part in it; whatever the file holds, nothing raises.
"""

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.pdf_inside import look_inside
from core.signing.containers import Container, Flawed, read_container, strictly
from core.signing.keys import Withdrawal
from core.signing.trust import Trust

LARGEST_PDF = 100_000_000  # bytes
MOST_PLACES = 2000  # of what looks like a signature
MOST_SIGNATURES = 8  # that are looked at
LARGEST_CONTAINER = 65_536  # hexadecimal digits
NEAR = 4096  # bytes around a signature in which its dictionary stands
BYTE_RANGE = re.compile(
    rb"/ByteRange\s{0,9}\[\s{0,9}(\d{1,10})\s{1,9}(\d{1,10})\s{1,9}(\d{1,10})\s{1,9}(\d{1,10})\s{0,9}\]"
)
DATE = re.compile(rb"/M\s{0,9}\(D(?::|\\072)(\d{14})(?:Z|([+-])(\d\d)'(\d\d)'?)")


class TimeSource(TextChoices):
    """Whose clock the time of a signature comes from."""

    NONE = "", _("no time is given")
    PORTAL = "portal", _("the clock of the portal that signed")
    AUTHORITY = "authority", _("a time stamp authority")


class Fault(TextChoices):
    """What is wrong with a signed document; each is told apart."""

    TOO_LARGE = "too_large", _("The file is larger than any document of this portal.")
    UNSIGNED = "unsigned", _("The file carries no signature.")
    ALTERED = "altered", _("What was signed has been changed since.")
    DAMAGED = "damaged", _("The signature itself is damaged or was not made by this portal's programs.")
    UNKNOWN_KEY = "unknown_key", _("The signature was made with a key that is not one of this portal's.")
    WITHDRAWN_KEY = "withdrawn_key", _("The key that signed it was withdrawn: its signature proves nothing any more.")
    APPENDED = "appended", _("Something was added to the file after it was signed.")
    SIGNED_AGAIN = "signed_again", _("Somebody else has put another signature into the file.")
    TIME_UNKNOWN = "time_unknown", _("Its time stamp is not one of an authority that this portal relies on.")


@dataclass(frozen=True)
class PdfCheck:
    """The best signature that was found, and what is wrong with the file."""

    signed: bool = False
    intact: bool = False  # what the signature covers is as it was signed
    trusted: bool = False  # by a key of this portal, or under a root that was given
    covers_whole: bool = False  # the signature covers the file from its first byte to its last
    signer: str = ""
    signed_at: dt.datetime | None = None
    time_source: TimeSource = TimeSource.NONE
    key_id: str = ""
    withdrawn: Withdrawal | None = None  # of that key
    faults: tuple[Fault, ...] = ()
    appended_bytes: int = 0
    appended_pages: int | None = None  # None where that cannot be told

    @property
    def genuine(self) -> bool:
        """Signed by the portal, and every byte as it was signed."""
        return self.is_as_signed and not self.faults

    @property
    def is_as_signed(self) -> bool:
        """The same, but perhaps by a key that was withdrawn since: a register alone tells then if it is genuine."""
        whole = self.signed and self.intact and self.trusted and self.covers_whole
        return whole and set(self.faults) <= {Fault.WITHDRAWN_KEY}


@dataclass(frozen=True)
class _Place:
    """Where a signature says that it stands, and what it covers."""

    gap: int  # where the `<` of its digits stands
    after: int  # where the bytes behind its `>` begin
    end: int  # where what it covers ends


def check_pdf(pdf: bytes, *, trust: Trust | None = None) -> PdfCheck:
    """Judge the signatures of a document by the portal's keys, or by `trust`. Never raises, fetches nothing."""
    if len(pdf) > LARGEST_PDF:
        return PdfCheck(faults=(Fault.TOO_LARGE,))
    places = list(itertools.islice(_places(pdf), MOST_SIGNATURES))
    if not places:
        return PdfCheck(faults=(Fault.UNSIGNED,))
    trust = trust or Trust.of_portal()
    found = [_judge(pdf, place, trust) for place in places]
    best = max(found, key=lambda check: (check.intact and check.trusted, check.covers_whole, check.intact))
    if not (best.intact and best.trusted):
        return best
    return _with_what_came_later(pdf, best, others=len(found) - 1)


def _places(pdf: bytes) -> Iterator[_Place]:
    """Each thing that looks like a signature, the cheapest tests first."""
    for match in itertools.islice(BYTE_RANGE.finditer(pdf), MOST_PLACES):
        first, gap, after, length = map(int, match.groups())
        digits = after - gap - 2
        well_formed = first == 0 and 0 < digits <= LARGEST_CONTAINER and after + length <= len(pdf)
        if well_formed and pdf[gap : gap + 1] == b"<" and pdf[after - 1 : after] == b">":
            yield _Place(gap, after, after + length)


def _judge(pdf: bytes, place: _Place, trust: Trust) -> PdfCheck:
    covers_whole = place.end == len(pdf)
    started = PdfCheck(signed=True, covers_whole=covers_whole, appended_bytes=len(pdf) - place.end)
    view = memoryview(pdf)
    try:
        container = read_container(pdf[place.gap + 1 : place.after - 1])
        intact = container.covers(view[: place.gap], view[place.after : place.end])
    except Flawed:
        return replace(started, faults=(Fault.DAMAGED,))
    claimed = _claimed_time(pdf, place)
    check = replace(
        started,
        intact=intact,
        signer=container.signer,
        key_id=container.key_id,
        signed_at=claimed,
        time_source=TimeSource.PORTAL if claimed else TimeSource.NONE,
    )
    if not intact:
        return replace(check, faults=(Fault.ALTERED,))
    try:
        return strictly(lambda: _with_trust(check, container, trust))
    except Flawed:
        return replace(check, faults=(Fault.DAMAGED,))


def _with_trust(check: PdfCheck, container: Container, trust: Trust) -> PdfCheck:
    faults = []
    when = check.signed_at or container.not_before
    if container.time is not None:
        told = container.time.told_by(trust.time_roots) if trust.time_roots else None
        if told is None:
            faults.append(Fault.TIME_UNKNOWN)
        else:
            when = told
            check = replace(check, signed_at=told, time_source=TimeSource.AUTHORITY)
    trusted = container.is_by(trust, when)
    if not trusted:
        faults.append(Fault.UNKNOWN_KEY)
    elif not container.holds_only(trust):
        faults.append(Fault.DAMAGED)
    withdrawn = trust.withdrawn.get(container.key_id)
    if withdrawn is not None:
        faults.append(Fault.WITHDRAWN_KEY)
    return replace(check, trusted=trusted, withdrawn=withdrawn, faults=tuple(faults))


def _with_what_came_later(pdf: bytes, check: PdfCheck, *, others: int) -> PdfCheck:
    faults = list(check.faults)
    if not check.covers_whole:
        faults.append(Fault.APPENDED)
        signed_pages, pages = _pages(pdf[: len(pdf) - check.appended_bytes]), _pages(pdf)
        if signed_pages is not None and pages is not None:
            check = replace(check, appended_pages=pages - signed_pages)
    if others:
        faults.append(Fault.SIGNED_AGAIN)
    return replace(check, faults=tuple(faults))


def _pages(pdf: bytes) -> int | None:
    inside = look_inside(pdf)
    return None if inside is None else inside.page_count


def _claimed_time(pdf: bytes, place: _Place) -> dt.datetime | None:
    """`/M` of the signature's dictionary, which the signature covers."""
    before, behind = pdf[max(0, place.gap - NEAR) : place.gap], pdf[place.after : min(place.end, place.after + NEAR)]
    near = before[before.rfind(b" obj") + 1 :] + behind[: behind.find(b"endobj") + 1 or None]
    found = DATE.search(near)
    if not found:
        return None
    digits, sign, hours, minutes = (part.decode() if part else "" for part in found.groups())
    try:
        naive = dt.datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
        offset = dt.timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        return naive - offset if sign == "+" else naive + offset
    except (ValueError, OverflowError):
        return None
