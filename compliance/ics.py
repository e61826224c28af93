"""Days for a calendar program, as text (RFC 5545, RFC 7986): whole-day events and nothing else."""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

PRODUCT = "-//CCTV Compliance Portal//Due dates//EN"
LONGEST_LINE = 75  # octets, without the line break (RFC 5545, 3.1)
REFRESH = "PT6H"  # how often a program should ask again


@dataclass(frozen=True)
class Day:
    """Something on a whole day. `uid` names it for ever, `sequence` counts its changes."""

    uid: str
    on: dt.date
    summary: str
    url: str
    sequence: int = 0


def calendar(name: str, days: Iterable[Day], *, now: dt.datetime) -> bytes:
    """The calendar in UTF-8. `now` is when it was written; it stands in each event, as the format asks."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{text(name)}",
        f"X-WR-CALNAME:{text(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}",
        f"X-PUBLISHED-TTL:{REFRESH}",
    ]
    stamp = f"{now.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
    for day in days:
        lines += _event(day, stamp)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in folded(line))


def _event(day: Day, stamp: str) -> list[str]:
    """All day, and nobody is busy for it: the end is the day after (RFC 5545, 3.6.1)."""
    return [
        "BEGIN:VEVENT",
        f"UID:{text(day.uid)}",
        f"DTSTAMP:{stamp}",
        f"SEQUENCE:{day.sequence}",
        f"DTSTART;VALUE=DATE:{day.on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day.on + dt.timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{text(day.summary)}",
        f"URL:{day.url}",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def text(value: str) -> str:
    """A value of type TEXT: what has a meaning to the format is escaped, control characters are left out (3.3.11)."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    value = "".join(c for c in value if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"})
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        value = value.replace(plain, escaped)
    return value


def folded(line: str) -> Iterator[bytes]:
    """The line in parts of at most 75 octets, no character cut; each part but the first begins with a blank (3.1)."""
    part, room = b"", LONGEST_LINE
    for character in line:
        octets = character.encode()
        if len(part) + len(octets) > room:
            yield part
            part, room = b" ", LONGEST_LINE
        part += octets
    yield part
