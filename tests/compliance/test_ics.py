"""The calendar format: written, then read back line by line as RFC 5545 says."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from compliance.ics import Appointment, Day, appointment_file, calendar, folded, text

NOW = dt.datetime(2026, 11, 22, 9, 30, 5, tzinfo=dt.UTC)
DAY = Day("AC-1@portal.example", dt.date(2026, 12, 31), "AC-1 Check every sign", "https://portal.example/a/", 3)


def lines(octets):
    """Unfolded content lines. Fails on a bare line break, a line too long, or text that is no UTF-8."""
    assert octets.endswith(b"\r\n")
    physical = octets[:-2].split(b"\r\n")
    assert all(b"\n" not in line and b"\r" not in line and len(line) <= 75 for line in physical)
    [line.decode() for line in physical]
    unfolded = []
    for line in physical:
        if line.startswith(b" "):
            unfolded[-1] += line[1:]
        else:
            unfolded.append(line)
    return [line.decode() for line in unfolded]


def plain(value):
    """A TEXT value without its escapes."""
    out, characters = "", iter(value)
    for character in characters:
        if character == "\\":
            character = next(characters)  # noqa: PLW2901
            out += "\n" if character in "nN" else character
        else:
            out += character
    return out


def events(octets):
    """Each event as a dict of its lines, by name with parameters."""
    found, current = [], None
    for line in lines(octets):
        if line == "BEGIN:VEVENT":
            current = {}
        elif line == "END:VEVENT":
            found.append(current)
            current = None
        elif current is not None:
            name, _colon, value = line.partition(":")
            assert name not in current
            current[name] = value
    return found


def test_a_calendar_reads_back_line_by_line():
    assert lines(calendar("Actions of Anytown", [DAY], now=NOW)) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//CCTV Compliance Portal//Due dates//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:Actions of Anytown",
        "X-WR-CALNAME:Actions of Anytown",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
        "BEGIN:VEVENT",
        "UID:AC-1@portal.example",
        "DTSTAMP:20261122T093005Z",
        "SEQUENCE:3",
        "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270101",
        "SUMMARY:AC-1 Check every sign",
        "URL:https://portal.example/a/",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_a_calendar_without_days_is_still_one():
    assert lines(calendar("Nothing", [], now=NOW))[0::9] == ["BEGIN:VCALENDAR", "END:VCALENDAR"]


@pytest.mark.parametrize(
    "summary",
    [
        "Signs; posts, masts \\ columns",
        "two\nlines\r\nand\rmore",
        "x" * 200,
        "Arwyddion ŵ ŷ ’ " * 30,
        "🎥" * 60,
        "END:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:smuggled",
        "bell\x07 and tab\tgone",
        "",
    ],
)
def test_whatever_a_title_holds_it_reads_back_and_stays_one_event(summary):
    day = Day("u", DAY.on, summary, "https://portal.example/")
    (event,) = events(calendar(summary, [day], now=NOW))
    kept = summary.replace("\r\n", "\n").replace("\r", "\n").replace("\x07", "").replace("\t", "")
    assert plain(event["SUMMARY"]) == kept


@pytest.mark.parametrize("letters", ["a", "é", "€", "🎥"])
@pytest.mark.parametrize("before", range(4))
def test_a_line_is_folded_between_characters_at_75_octets(letters, before):
    line = "x" * before + letters * 100
    parts = list(folded(line))
    assert "".join(part.decode()[bool(n) :] for n, part in enumerate(parts)) == line
    assert all(len(part) <= 75 for part in parts)
    width = len(letters.encode())
    assert all(len(part) > 75 - width for part in parts[:-1])


def test_a_line_of_75_octets_is_not_folded():
    assert list(folded("x" * 75)) == [b"x" * 75]
    assert list(folded("x" * 76)) == [b"x" * 75, b" x"]


def test_time_is_written_in_utc():
    summer = dt.datetime(2026, 7, 1, 0, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    (event,) = events(calendar("n", [DAY], now=summer))
    assert event["DTSTAMP"] == "20260630T233000Z"


def test_escapes_are_those_of_the_format():
    assert text("a;b,c\\d\ne") == "a\\;b\\,c\\\\d\\ne"


# --- an appointment ---

LONDON = ZoneInfo("Europe/London")
VISIT = Appointment(
    uid="SV-1@portal.example",
    starts_at=dt.datetime(2027, 7, 1, 9, 30, tzinfo=LONDON),
    ends_at=dt.datetime(2027, 7, 1, 16, 0, tzinfo=LONDON),
    summary="Site visit: Anytown; Council",
    location="Civic Centre,\nmain entrance",
    description="Control room",
    url="https://portal.example/v/",
    organiser='Assured "Bodies" Ltd',
    organiser_email="portal@portal.example",
    sequence=2,
)


def test_an_appointment_reads_back_line_by_line():
    assert lines(appointment_file(VISIT, now=NOW)) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//CCTV Compliance Portal//Due dates//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        "UID:SV-1@portal.example",
        "DTSTAMP:20261122T093005Z",
        "SEQUENCE:2",
        "DTSTART:20270701T083000Z",
        "DTEND:20270701T150000Z",
        "SUMMARY:Site visit: Anytown\\; Council",
        "LOCATION:Civic Centre\\,\\nmain entrance",
        "DESCRIPTION:Control room",
        'ORGANIZER;CN="Assured Bodies Ltd":mailto:portal@portal.example',
        "URL:https://portal.example/v/",
        "STATUS:CONFIRMED",
        "CLASS:PRIVATE",
        "TRANSP:OPAQUE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_a_cancelled_appointment_says_so_twice():
    written = lines(appointment_file(replace(VISIT, is_cancelled=True, sequence=3), now=NOW))
    assert [line for line in written if line.startswith(("METHOD", "STATUS", "SEQUENCE"))] == [
        "METHOD:CANCEL",
        "SEQUENCE:3",
        "STATUS:CANCELLED",
    ]


def test_an_appointment_that_only_one_side_wants_is_tentative():
    assert "STATUS:TENTATIVE" in lines(appointment_file(replace(VISIT, is_firm=False), now=NOW))


def test_winter_and_summer_are_told_apart():
    winter = replace(VISIT, starts_at=dt.datetime(2027, 1, 4, 9, 30, tzinfo=LONDON))
    assert "DTSTART:20270104T093000Z" in lines(appointment_file(winter, now=NOW))
