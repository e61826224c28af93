"""Archives that no portal made: each is refused with a sentence, and nothing of it is written anywhere."""

import hashlib
import io
import json
import stat
import time
import zipfile
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import User
from core.backup.archives import is_safe
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def members(tmp_path) -> dict[str, bytes]:
    """A genuine archive of a portal with one person, taken apart; the portal is empty again."""
    user = UserFactory(email="person@example.org")
    path = tmp_path / "genuine.zip"
    call_command("backup", str(path), stdout=StringIO())
    user.delete()
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def manifest(members: dict[str, bytes]) -> dict:
    return json.loads(members["manifest.json"])


def with_manifest(members: dict[str, bytes], change: Callable[[dict], None]) -> dict[str, bytes]:
    found = manifest(members)
    change(found)
    return {**members, "manifest.json": json.dumps(found).encode()}


def with_member(members: dict[str, bytes], name: str, content: bytes) -> dict[str, bytes]:
    """Another member that the manifest vouches for."""
    said = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    return {**with_manifest(members, lambda found: found["members"].update({name: said})), name: content}


def archive_of(members: dict[str, bytes], path: Path, *, modes: dict[str, int] | None = None) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (modes or {}).get(name, stat.S_IFREG | 0o600) << 16
            archive.writestr(entry, content)
    return path


@pytest.fixture
def refused(tmp_path, own_folders):
    """Try to restore; returns the sentence, after a look that nothing was written."""

    def around() -> set[Path]:  # the folder that holds everything, and what stands beside it
        return {*tmp_path.rglob("*"), *tmp_path.parent.iterdir()}

    before = around()

    def attempt(path: Path) -> str:
        err = StringIO()
        started = time.monotonic()
        with pytest.raises(SystemExit) as end:
            call_command("restore", str(path), stdout=StringIO(), stderr=err)
        assert end.value.code == 1
        assert time.monotonic() - started < 20
        assert not User.objects.exists()
        assert list((own_folders / "files").rglob("*")) == []
        assert list(own_folders.glob("restoring-*")) == []
        assert not (own_folders / "keys").exists()
        assert {each for each in around() - before if each.suffix != ".zip"} == set()
        assert "Traceback" not in err.getvalue()
        return err.getvalue().strip()

    return attempt


def test_the_genuine_one_is_restored(members, tmp_path):
    call_command("restore", str(archive_of(members, tmp_path / "a.zip")), stdout=StringIO())
    assert User.objects.get().email == "person@example.org"


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "files/../../evil",
        "files/../keys/evil",
        "/etc/evil",
        "files//evil",
        "files/./evil",
        "files\\..\\evil",
        "keys/../portal.json",
        "elsewhere/evil",
        "evil",
        "files",
        "files/",
        "tables/../evil.jsonl",
        "tables/no.such/thing.jsonl",
        "files/a\nb",
        "files/" + "a" * 1100,
        "portal.json/..",
        "C:/evil",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(members, tmp_path, refused, name):
    assert not is_safe(name)
    said = refused(archive_of(with_member(members, name, b"evil"), tmp_path / "a.zip"))
    assert said.startswith(
        ("The archive holds a file of a name that no backup has", "The archive holds other", "The arch")
    )


@pytest.mark.parametrize("name", ["files/a.pdf", "files/evidence/ŵ y.pdf", "keys/secret_key", "keys/signing/ring.json"])
def test_names_of_a_backup_are_safe(name):
    assert is_safe(name)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFDIR, stat.S_IFCHR])
def test_what_is_no_file_is_refused(members, tmp_path, refused, kind):
    made = archive_of(
        with_member(members, "files/a", b"/etc/passwd"), tmp_path / "a.zip", modes={"files/a": kind | 0o777}
    )
    assert refused(made) == "The archive holds something that is no file: 'files/a'."


def test_a_changed_member_is_refused_by_its_hash(members, tmp_path, refused):
    table = members["tables/accounts.user.jsonl"].replace(b"person@", b"forger@")
    made = archive_of({**members, "tables/accounts.user.jsonl": table}, tmp_path / "a.zip")
    assert refused(made) == "The archive is damaged: tables/accounts.user.jsonl is not what its manifest says."


def test_a_member_beside_the_manifest_and_one_that_lacks_are_refused(members, tmp_path, refused):
    said = "The archive holds other files than its manifest says."
    assert refused(archive_of({**members, "files/more": b"more"}, tmp_path / "a.zip")) == said
    fewer = {name: content for name, content in members.items() if name != "tables/accounts.user.jsonl"}
    assert refused(archive_of(fewer, tmp_path / "b.zip")) == said


def test_a_member_that_is_there_twice_is_refused(members, tmp_path, refused):
    path = archive_of(members, tmp_path / "a.zip")
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("tables/accounts.user.jsonl", b"")
    assert refused(path) == "The archive holds other files than its manifest says."


def test_an_archive_of_a_newer_portal_is_refused(members, tmp_path, refused):
    newer = with_manifest(members, lambda found: found["migrations"].append(["accounts", "0999_later"]))
    assert refused(archive_of(newer, tmp_path / "a.zip")) == (
        "The archive was made by a newer portal: this one does not know accounts.0999_later. "
        "Restore it with that release or a later one."
    )


def test_an_older_archive_is_refused_where_the_tables_are_newer_already(members, tmp_path, refused):
    last = sorted(name for app, name in manifest(members)["migrations"] if app == "accounts")[-1]
    older = with_manifest(members, lambda found: found["migrations"].remove(["accounts", last]))
    said = refused(archive_of(older, tmp_path / "a.zip"))
    assert said == f"The tables here are newer than the archive (accounts.{last}); restore into an empty database."


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found.pop("format"),
        lambda found: found.update(format=2),
        lambda found: found.pop("members"),
        lambda found: found.update(members=[]),
        lambda found: found.update(tables="all"),
        lambda found: found.update(migrations=[7]),
        lambda found: found.update(migrations=[["accounts"]]),
        lambda found: found["members"]["tables/accounts.user.jsonl"].update(sha256=7),
        lambda found: found["members"]["tables/accounts.user.jsonl"].update(bytes="many"),
        lambda found: found["tables"].pop(),
        lambda found: found["tables"][0].update(member="files/a"),
        lambda found: found["tables"][0].update(model="../x"),
        lambda found: found.pop("made_at"),
        lambda found: found.update(made_at="\x1b[2JRestored."),  # it is printed
        lambda found: found["migrations"].append(["core", "\x1b[2JRestored."]),
        lambda found: found.pop("counts"),
    ],
    ids=range(16),
)
def test_a_wrong_manifest_is_refused(members, tmp_path, refused, change):
    assert refused(archive_of(with_manifest(members, change), tmp_path / "a.zip"))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"7", b"null", b"\xff", b"[" * 100_000])
def test_a_manifest_that_is_none_is_refused(members, tmp_path, refused, content):
    assert refused(archive_of({**members, "manifest.json": content}, tmp_path / "a.zip"))


@pytest.mark.parametrize("content", [b"", b"PK", b"no archive", b"\x00" * 100_000])
def test_what_is_no_archive_is_refused(tmp_path, refused, content):
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    assert refused(path).startswith("The archive cannot be read: ")


def test_an_archive_that_breaks_off_is_refused(members, tmp_path, refused):
    path = archive_of(members, tmp_path / "a.zip")
    whole = path.read_bytes()
    for length in range(100, len(whole), len(whole) // 7):
        path.write_bytes(whole[:length])
        assert refused(path)


def test_a_flipped_byte_is_refused_wherever_it_is(members, tmp_path, refused):
    path = archive_of(members, tmp_path / "a.zip")
    whole = path.read_bytes()
    name = b"tables/accounts.user.jsonl"
    start = whole.index(name) + len(name)
    for place in range(start + 5, start + 60, 11):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x20]) + whole[place + 1 :])
        assert refused(path)


def test_a_member_that_unpacks_to_much_more_than_it_says_is_stopped_early(members, tmp_path, refused):
    bomb = io.BytesIO(b"\x00" * 300_000_000).getvalue()
    made = with_manifest(
        {**members, "files/bomb": b""},
        lambda found: found["members"].update({"files/bomb": {"sha256": "0" * 64, "bytes": 10}}),
    )
    path = archive_of({**made, "files/bomb": bomb}, tmp_path / "a.zip")
    del bomb
    assert refused(path) == "The archive is damaged: files/bomb is not what its manifest says."


@pytest.mark.parametrize(
    "table",
    [
        b"7\n",
        b"[]\n",
        b"{}\n",
        b"[1, 2]\n",
        b"not json\n",
        b"[1",
        b'["x"' + b", 1" * 30 + b"]\n",
    ],
)
def test_rows_of_another_shape_are_refused_and_nothing_stays(members, tmp_path, refused, table):
    name = "tables/accounts.user.jsonl"
    said = {"sha256": hashlib.sha256(table).hexdigest(), "bytes": len(table)}
    made = with_manifest({**members, name: table}, lambda found: found["members"].update({name: said}))
    assert refused(archive_of(made, tmp_path / "a.zip"))


def test_rows_that_point_nowhere_are_refused_and_nothing_stays(members, tmp_path, refused):
    name = "tables/mfa.authenticator.jsonl"
    (table,) = (each for each in manifest(members)["tables"] if each["member"] == name)
    values = {"id": 1, "type": "totp", "data": {}, "user_id": 4711}
    row = json.dumps([values.get(column, "2026-01-01T00:00:00+00:00") for column in table["columns"]]).encode() + b"\n"
    said = {"sha256": hashlib.sha256(row).hexdigest(), "bytes": len(row)}

    def change(found: dict) -> None:
        found["members"][name] = said
        next(each for each in found["tables"] if each["member"] == name)["rows"] = 1

    made = with_manifest({**members, name: row}, change)
    assert refused(archive_of(made, tmp_path / "a.zip")).startswith("The archive's tables cannot be restored: ")
