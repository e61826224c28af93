"""Days and appointments for a calendar program, as text (RFC 5545, RFC 5546, RFC 7986)."""

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


@dataclass(frozen=True)
class Event:
    """Something between two moments, at a place, in a calendar that programs subscribe to."""

    uid: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    summary: str
    location: str
    url: str
    sequence: int = 0
    is_public: bool = False


def calendar(name: str, days: Iterable[Day | Event], *, now: dt.datetime) -> bytes:
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
    stamp = _utc(now)
    for day in days:
        lines += _timed(day, stamp) if isinstance(day, Event) else _event(day, stamp)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in folded(line))


@dataclass(frozen=True)
class Appointment:
    """Something between two moments, at a place. A program that has the `uid` takes over the highest `sequence`."""

    uid: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    summary: str
    location: str
    description: str
    url: str
    organiser: str  # a name
    organiser_email: str
    sequence: int = 0
    is_firm: bool = True  # both sides agreed
    is_cancelled: bool = False


def appointment_file(appointment: Appointment, *, now: dt.datetime) -> bytes:
    """One appointment as a file. Moments are written in UTC, so that no table of summer times is needed; programs show
    them in the time of the place. A cancelled one takes it out of calendars again (RFC 5546, 3.2.1 and 3.2.5).
    """
    status = "CONFIRMED" if appointment.is_firm else "TENTATIVE"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:CANCEL" if appointment.is_cancelled else "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{text(appointment.uid)}",
        f"DTSTAMP:{_utc(now)}",
        f"SEQUENCE:{appointment.sequence}",
        f"DTSTART:{_utc(appointment.starts_at)}",
        f"DTEND:{_utc(appointment.ends_at)}",
        f"SUMMARY:{text(appointment.summary)}",
        f"LOCATION:{text(appointment.location)}",
        f"DESCRIPTION:{text(appointment.description)}",
        f"ORGANIZER;CN={_parameter(appointment.organiser)}:mailto:{appointment.organiser_email}",
        f"URL:{appointment.url}",
        "STATUS:CANCELLED" if appointment.is_cancelled else f"STATUS:{status}",
        "CLASS:PRIVATE",
        "TRANSP:OPAQUE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(part + b"\r\n" for line in lines for part in folded(line))


def _utc(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _parameter(value: str) -> str:
    """A value of a parameter, in quotation marks; those and control characters cannot stand in it (3.1)."""
    return '"' + "".join(c for c in value if c != '"' and unicodedata.category(c) not in {"Cc", "Cs"}) + '"'


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


def _timed(event: Event, stamp: str) -> list[str]:
    """Between two moments, written in UTC as those of an appointment are."""
    return [
        "BEGIN:VEVENT",
        f"UID:{text(event.uid)}",
        f"DTSTAMP:{stamp}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTART:{_utc(event.starts_at)}",
        f"DTEND:{_utc(event.ends_at)}",
        f"SUMMARY:{text(event.summary)}",
        *([f"LOCATION:{text(event.location)}"] if event.location else []),
        f"URL:{event.url}",
        "CLASS:PUBLIC" if event.is_public else "CLASS:PRIVATE",
        "TRANSP:OPAQUE",
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
