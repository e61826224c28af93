"""Files that were torn, mixed up and written over: each is sorted or refused in a sentence, and nothing half-applied.

50 of them each day, 300 with `--long`. A seed names a file: run it again with `damaged(seed)`.
"""

import json
import random

import pytest
from django.core.management import call_command

from compliance.camera_lists import sort_list
from compliance.models import Camera, ImportRun
from core.errors import RuleBroken
from tests.compliance.camera_lists.lists import HEADER
from tests.compliance.camera_lists.test_other_kinds import HEADINGS, workbook
from tests.factories.compliance import CameraSystemFactory

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp1250")
STREETS = ("High Street", "Tŷ Coch", "Café Royal", "Mill Lane, Sale", 'The "Old" Mill', "Náměstí", "A56/M60", "")
NASTY = (
    b"\x00",
    b"\xff",
    b'"',
    b"\r",
    b"\n",
    b",",
    b";",
    b"\xe2\x80\xae",
    b"=1+1",
    b"<b>",
    b"\xed\xa0\x80",
    b"9" * 400,
)


def plain(chance: random.Random) -> bytes:
    """A list as councils have them: some hundred bytes to some kilobytes, of any kind."""
    rows = [
        [chance.choice((n, f"C{n}", f"{n}.0", "")), chance.choice(STREETS), "Central", "E05000831",
         round(-2.3 + chance.random() / 10, 6), round(53.4 + chance.random() / 10, 6)]
        for n in range(chance.randrange(1, 40))
    ]  # fmt: skip
    kind = chance.choice(("csv", "csv", "csv", "csv", "xlsx", "geojson", "kml"))
    if kind == "xlsx":
        return workbook([HEADINGS[:4], *([row[0], row[1], row[5], row[4]] for row in rows)])
    if kind == "geojson":
        features = [
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": row[4:]}, "properties": {"id": row[0]}}
            for row in rows
        ]
        return json.dumps({"type": "FeatureCollection", "features": features}).encode()
    if kind == "kml":
        marks = "".join(
            f"<Placemark><name>{row[0]}</name><Point><coordinates>{row[4]},{row[5]}</coordinates></Point></Placemark>"
            for row in rows
        )
        return f"<?xml version='1.0'?><kml><Document>{marks}</Document></kml>".encode()
    separator = chance.choice((",", ";", "\t"))
    lines = [separator.join(f'"{c}"' if separator in str(c) else str(c) for c in row) for row in rows]
    text = "\n".join((HEADER.replace(",", separator), *lines))
    return text.encode(chance.choice(ENCODINGS), errors="replace")


def damaged(seed: int) -> bytes:
    """A list with one to four things done to it."""
    chance = random.Random(seed)
    data = plain(chance)
    for _time in range(chance.randrange(1, 5)):
        data = chance.choice(DAMAGES)(data, chance) or b"x"
    return data


def somewhere(data: bytes, chance: random.Random) -> int:
    return chance.randrange(len(data) + 1)


def torn(data: bytes, chance: random.Random) -> bytes:
    return data[: somewhere(data, chance)]


def holed(data: bytes, chance: random.Random) -> bytes:
    at = somewhere(data, chance)
    return data[:at] + data[at + chance.randrange(60) :]


def written_over(data: bytes, chance: random.Random) -> bytes:
    at = somewhere(data, chance)
    noise = bytes(chance.randrange(256) for _byte in range(9))
    mixed = "Łódź;ŷ,é\n".encode(chance.choice(ENCODINGS), errors="replace")
    return data[:at] + chance.choice((*NASTY, noise, mixed)) + data[at:]


def repeated(data: bytes, chance: random.Random) -> bytes:
    return data + data[somewhere(data, chance) :]


def shuffled(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    return b"\n".join(chance.sample(lines, len(lines)))


def other_separators(data: bytes, chance: random.Random) -> bytes:
    return data.replace(b",", b";", chance.randrange(9))


def wrecked(data: bytes, chance: random.Random) -> bytes:
    return data.replace(b"53.", b"53", chance.randrange(9)).replace(b"-2.", b"2.", chance.randrange(3))


def totalled(data: bytes, chance: random.Random) -> bytes:
    return data + b"\nTotal: 9" + b"," * chance.randrange(7)


def backwards(data: bytes, chance: random.Random) -> bytes:
    return data[::-1] if chance.random() < 0.1 else data


DAMAGES = (torn, holed, written_over, repeated, shuffled, other_separators, wrecked, totalled, backwards)


@pytest.mark.parametrize("seeds", [range(50), pytest.param(range(50, 300), marks=pytest.mark.long)])
@pytest.mark.django_db
def test_nothing_breaks_and_nothing_is_half_applied(tmp_path, capsys, seeds):
    system = CameraSystemFactory()
    path = tmp_path / "list"
    read = 0
    for seed in seeds:
        path.write_bytes(damaged(seed))
        before = (Camera.objects.count(), ImportRun.objects.count())
        code = 0
        try:
            call_command("import_cameras", str(path), "--system", system.reference, "--accept", "--json")
        except SystemExit as exit_:
            code = int(str(exit_.code))
        result = json.loads(capsys.readouterr().out)
        after = (Camera.objects.count(), ImportRun.objects.count())
        words = ("new", "unchanged", "changed", "moved", "renumbered", "duplicate", "refused")
        assert (seed, sum(result[word] for word in words)) == (seed, result["rows"])
        if code:
            assert (seed, after) == (seed, before)
        else:
            assert (seed, after[0]) == (seed, before[0] + result["new"])
            read += 1
            found = sort_list(path, file_name="list")
            assert (seed, found.counts["rows"]) == (seed, result["rows"])
    assert read > len(seeds) / 3


@pytest.mark.parametrize(
    "data", [b"\xff\xfe\x00", b'"', b'""', b"sep=", b"sep=;", b"{}", b"[]", b"[[]]", b"\x1a", b"a" * 200_001]
)
def test_crumbs(tmp_path, data):
    path = tmp_path / "list"
    path.write_bytes(data)
    with pytest.raises(RuleBroken):
        sort_list(path, file_name="list")
