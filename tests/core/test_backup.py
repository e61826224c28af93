"""A portal in an archive, and back: the same rows, files, keys, pages and proofs, on either database."""

import contextlib
import hashlib
import json
import os
import stat
import subprocess
import sys
import threading
import uuid
import zipfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from urllib.parse import quote

import pytest
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from django.utils import timezone

from accounts.models import User
from ccp_portal.environment import ROOT
from certification.models import Certificate
from core import jobs, signing, trail
from core.backup import restore_backup, tables
from core.errors import RuleBroken
from core.models import TrailEntry
from tests.core.asked import page_hash
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.certification import Parties
from tests.processes import database_url, real_environment
from tests.tables import copy_file, copy_on_server


def run(command: str, *arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout, stderr."""
    out, err = StringIO(), StringIO()
    try:
        call_command(command, *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def manifest_of(path: Path) -> dict:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("manifest.json"))


def hashes_of(path: Path) -> dict[str, str]:
    return {name: member["sha256"] for name, member in manifest_of(path)["members"].items()}


# --- the archive ---


@pytest.mark.django_db
def test_an_archive_is_private_and_lists_what_it_holds(tmp_path, own_folders):
    UserFactory()
    default_storage.save("evidence/policy.pdf", ContentFile(b"the policy"))
    signing.keyring()
    path = tmp_path / "portal.zip"
    code, out, _err = run("backup", str(path), "--json")
    said, manifest = json.loads(out), manifest_of(path)
    assert (code, stat.S_IMODE(path.stat().st_mode)) == (0, 0o600)
    assert set(said) == {"file", "bytes", "made_at", "tables", "rows", "files"}
    assert (said["bytes"], said["files"]) == (path.stat().st_size, 1)
    assert manifest["counts"] == {"tables": said["tables"], "rows": said["rows"], "files": 1}
    assert manifest["members"]["files/evidence/policy.pdf"] == {
        "sha256": hashlib.sha256(b"the policy").hexdigest(),
        "bytes": 10,
    }
    keys = {name for name in manifest["members"] if name.startswith("keys/")}
    assert keys == {
        f"keys/signing/{path.name}"
        for path in (own_folders / "keys" / "signing").iterdir()
        if path.name not in {"lock", "trail.lock"}
    }
    with zipfile.ZipFile(path) as archive:
        assert {name for name in archive.namelist() if name != "manifest.json"} == set(manifest["members"])
        for name, member in manifest["members"].items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == member["sha256"]
    assert list(tmp_path.glob(".backup-*")) == []


@pytest.mark.django_db
def test_every_table_but_the_sessions_is_kept(tmp_path):
    path = tmp_path / "portal.zip"
    run("backup", str(path))
    kept = {table["model"] for table in manifest_of(path)["tables"]}
    assert "mfa.authenticator" in kept
    every = {
        table
        for table in connection.introspection.django_table_names(only_existing=True)
        if table not in {"django_session"}
    }
    assert {model._meta.db_table for model in tables.kept_models()} == every
    assert Session._meta.label_lower not in kept


@pytest.mark.django_db
def test_a_backup_replaces_nothing(tmp_path, own_folders):
    path = tmp_path / "portal.zip"
    path.write_text("kept")
    code, out, err = run("backup", str(path), "--json")
    assert (code, path.read_text()) == (1, "kept")
    assert json.loads(out)["error"] == err.strip() == f"{path} is there already; a backup replaces nothing."
    assert run("backup", str(tmp_path / "none" / "portal.zip"))[0] == 1
    assert run("backup", str(own_folders / "files" / "portal.zip"))[0] == 1


@pytest.mark.django_db(transaction=True)
def test_what_others_write_meanwhile_is_not_half_in_it(tmp_path, monkeypatch):
    for _ in range(3):
        OrganisationFactory()
    lines_of, began, wrote = tables.lines_of, threading.Event(), threading.Event()

    def another() -> None:
        began.wait(20)
        UserFactory(email="late@example.org")
        OrganisationFactory(name="Late")
        connection.close()
        wrote.set()

    def slowly(model):
        if not began.is_set():
            began.set()
            assert wrote.wait(20)
        yield from lines_of(model)

    monkeypatch.setattr("core.backup.tables.lines_of", slowly)
    writer = threading.Thread(target=another)
    writer.start()
    path = tmp_path / "portal.zip"
    run("backup", str(path))
    writer.join()
    rows = {table["model"]: table["rows"] for table in manifest_of(path)["tables"]}
    assert (rows["accounts.organisation"], rows["accounts.user"]) == (3, 0)


@pytest.mark.django_db(transaction=True)
def test_a_large_table_is_read_in_pieces(tmp_path):
    organisation = OrganisationFactory()
    trail.record_many("changed", [organisation] * 5000, by=None, after={"words": "x" * 200})
    path = tmp_path / "portal.zip"
    run("backup", str(path))
    rows = {table["model"]: table["rows"] for table in manifest_of(path)["tables"]}
    assert rows["core.trailentry"] == TrailEntry.objects.count() >= 5000


# --- and back ---


@contextlib.contextmanager
def another_database(folder: Path, *, vendor: str, tables_made: bool) -> Iterator[str]:
    """The address of a database without records, with the tables of this release or with none."""
    if vendor == "sqlite":
        if tables_made:
            copy_file(folder / "portal.sqlite3")
        yield f"sqlite:///{quote(str(folder / 'portal.sqlite3'))}"
        return
    name = f"restored_{uuid.uuid4().hex}"
    if tables_made:
        copy_on_server(name, database_url())
    else:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        yield f"{database_url().rsplit('/', 1)[0]}/{name}"
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


class Elsewhere:
    """Another data folder and database, used by real commands."""

    def __init__(self, data: Path, database: str) -> None:
        self.data = data
        self.environ = real_environment(
            PORTAL_DATA=str(data),
            DATABASE_URL=database,
            PORTAL_ORIGIN="http://testserver",
            ALLOWED_HOSTS="testserver",
            SECRET_KEY=os.environ["SECRET_KEY"],
            DJANGO_SETTINGS_MODULE="tests.core.plain_settings",
            PYTHONPATH=str(ROOT),
        )

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.python("manage.py", *arguments)

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environ, capture_output=True, text=True, check=False
        )

    def ask(self, code: str):
        """What an expression is over there, through JSON."""
        program = f"import json, django; django.setup(); from tests.core.asked import *; print(json.dumps({code}))"
        done = self.python("-c", program)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def portal_with_a_certificate(transactional_db) -> Certificate:
    """Awarded, printed and signed by real services; the trail sealed; somebody with a second step signed in."""
    from allauth.mfa.models import Authenticator

    application = Parties.make().awarded()
    jobs.drain()
    signing.rotate()  # what the old key signed must hold over there too
    user = UserFactory(email="second@example.org", password="a long password")
    Authenticator.objects.create(user=user, type="totp", data={"secret": "encrypted"})
    Client().force_login(user)
    Session.objects.create(session_key="k" * 32, session_data="somebody", expire_date=timezone.now())
    gone = UserFactory(email="gone@example.org")
    trail.record("erased", gone, by=None)
    trail.seal_all()
    gone.delete()  # the trail goes on naming the number that it had
    return application.certificates.get()


def last_user_of_trail() -> int:
    entry = TrailEntry.objects.filter(subject_kind="accounts.User").order_by("-subject_id")[0]
    assert entry.subject_id is not None
    return entry.subject_id


@pytest.mark.process
def test_a_restored_portal_answers_the_same_and_proves_the_same(portal_with_a_certificate, tmp_path, own_folders):
    """By real commands, into SQLite; a portal on PostgreSQL goes by way of SQLite back to PostgreSQL."""
    certificate = portal_with_a_certificate
    (own_folders / "portal.json").write_text('{"demonstration": true}\n')
    archive = tmp_path / "portal.zip"
    assert run("backup", str(archive))[0] == 0
    paths = ["/certificates/", f"/certificates/{certificate.reference}/", "/cy/", "/about/"]
    paths.append(f"/certificates/{certificate.reference}/certificate.pdf")
    here = [page_hash(path) for path in paths]
    for vendor in dict.fromkeys(("sqlite", connection.vendor)):
        with another_database(tmp_path, vendor=vendor, tables_made=True) as database:
            there = Elsewhere(tmp_path / vendor, database)
            done = there.manage("restore", str(archive), "--json")
            assert done.returncode == 0, done.stderr
            assert json.loads(done.stdout)["rows"] == manifest_of(archive)["counts"]["rows"]

            # every row and file and key, by its hash
            again = tmp_path / f"{vendor}.zip"
            assert there.manage("backup", str(again)).returncode == 0
            assert hashes_of(again) == hashes_of(archive)
            assert json.loads((there.data / "portal.json").read_text()) == {"demonstration": True}
            modes = {stat.S_IMODE(path.stat().st_mode) for path in (there.data / "keys").rglob("*") if path.is_file()}
            assert modes == {0o600}

            # the same pages, the same document, all proofs; life goes on: numbers follow those that are there
            assert there.manage("verify_audit_trail").returncode == 0
            questions = f"[page_hash(path) for path in {paths!r}], genuine_documents(), sessions(), second_steps()"
            *found, new = there.ask(f"({questions}, new_user_id())")
            assert found == [here, [certificate.reference], 0, ["second@example.org"]]
            assert new > last_user_of_trail() > User.objects.order_by("-pk")[0].pk
            assert there.manage("restore", str(archive)).returncode == 1
        archive = again


OLDER = ("certification", "0010_declared_item_by_item")  # the last migration of an earlier release


def as_of_an_older_release(archive: Path, target: Path) -> set[str]:
    """The same rows in the shape that they had then. Returns the migrations that the older release did not have."""
    manifest, loader = manifest_of(archive), MigrationLoader(connection)
    kept = [pair for pair in manifest["migrations"] if tuple(pair) not in later_than(loader, OLDER)]
    there = {tuple(pair) for pair in kept}
    leaves = [key for key in there if not {child.key for child in loader.graph.node_map[key].children} & there]
    models = {model._meta.label_lower: model for model in tables.kept_models(loader.project_state(leaves).apps)}
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(target, "w") as new:
        for table in list(manifest["tables"]):
            if table["model"] not in models:
                manifest["tables"].remove(table)
                del manifest["members"][table["member"]]
                continue
            names = {field.attname for field in tables.kept_fields(models[table["model"]])}
            places = [place for place, name in enumerate(table["columns"]) if name in names]
            table["columns"] = [table["columns"][place] for place in places]
            rows = [json.loads(line) for line in old.read(table["member"]).splitlines()]
            content = "".join(json.dumps([row[place] for place in places]) + "\n" for row in rows).encode()
            new.writestr(table["member"], content)
            sha256 = hashlib.sha256(content).hexdigest()
            manifest["members"][table["member"]] = {"sha256": sha256, "bytes": len(content)}
        for name in manifest["members"]:
            if not name.startswith("tables/"):
                new.writestr(name, old.read(name))
        absent = {".".join(pair) for pair in manifest["migrations"] if pair not in kept}
        new.writestr("manifest.json", json.dumps({**manifest, "migrations": kept}))
    return absent


def later_than(loader: MigrationLoader, key: tuple[str, str]) -> set[tuple[str, str]]:
    """Those that build on that migration, directly or not."""
    return {each for each in loader.graph.node_map if key in loader.graph.forwards_plan(each) and each != key}


@pytest.mark.process
def test_an_archive_of_an_older_release_is_restored_and_brought_up(portal_with_a_certificate, tmp_path):
    certificate = portal_with_a_certificate
    archive, older = tmp_path / "portal.zip", tmp_path / "older.zip"
    assert run("backup", str(archive))[0] == 0
    absent = as_of_an_older_release(archive, older)
    assert "certification.0012_days_known_by_month" in absent
    columns = {table["model"]: table["columns"] for table in manifest_of(older)["tables"]}
    assert "known_by_month" not in columns["certification.certificationscheme"]
    paths = ["/certificates/", f"/certificates/{certificate.reference}/"]
    with another_database(tmp_path, vendor=connection.vendor, tables_made=False) as database:
        there = Elsewhere(tmp_path / "there", database)
        done = there.manage("restore", str(older), "--json")
        assert done.returncode == 0, done.stderr
        assert there.manage("migrate", "--check").returncode == 0
        assert there.manage("verify_audit_trail").returncode == 0
        asked = there.ask(f"([page_hash(path) for path in {paths!r}], genuine_documents(), new_user_id())")
        assert asked[:2] == [[page_hash(path) for path in paths], [certificate.reference]]
        assert asked[2] > last_user_of_trail()
        again = tmp_path / "again.zip"
        assert there.manage("backup", str(again)).returncode == 0
        rows = {table["model"]: table["rows"] for table in manifest_of(again)["tables"]}
        assert rows["certification.certificate"] == 1
        assert manifest_of(again)["migrations"] == manifest_of(archive)["migrations"]


# --- what is refused ---


@pytest.mark.django_db
def test_a_portal_that_holds_anything_is_refused(tmp_path, own_folders):
    archive = tmp_path / "portal.zip"
    run("backup", str(archive))
    user = UserFactory()
    code, out, err = run("restore", str(archive), "--json")
    assert (code, "accounts.User has records" in err) == (1, True)
    assert json.loads(out)["error"] == err.strip()
    user.delete()
    TrailEntry.objects.all().delete()

    stored = default_storage.save("evidence/a.pdf", ContentFile(b"a"))
    assert run("restore", str(archive))[0] == 1
    default_storage.delete(stored)
    (own_folders / "files" / "evidence").rmdir()

    signing.keyring()
    code, _out, err = run("restore", str(archive))
    assert (code, "it has keys: signing" in err) == (1, True)


@pytest.mark.django_db
def test_an_empty_portal_takes_an_archive_in(tmp_path, own_folders):
    keys = own_folders / "keys"
    keys.mkdir()
    (keys / "secret_key").write_text("of the portal that was")
    archive = tmp_path / "portal.zip"
    run("backup", str(archive))
    (keys / "secret_key").write_text("made by the launcher")
    assert run("restore", str(archive))[0] == 0
    assert (keys / "secret_key").read_text() == "of the portal that was"
    assert list(own_folders.glob("restoring-*")) == []


@pytest.mark.django_db
def test_rows_keep_their_times_and_odd_values(tmp_path):
    """auto_now, nulls of JSON, every language: what was there is there again, to the microsecond."""
    user = UserFactory(name="Tŷ “Gwyn” \x07\U0001f3f4")
    organisation = OrganisationFactory()
    trail.record("changed", organisation, by=user, before={"none": None, "list": [1, 2.5, "x"]}, after={"ŵ": {}})
    TrailEntry.objects.update(personal=None)
    before = {model: list(tables.lines_of(model)) for model in tables.kept_models()}
    path = tmp_path / "portal.zip"
    run("backup", str(path))
    TrailEntry.objects.all().delete()
    organisation.delete()
    user.delete()
    TrailEntry.objects.all().delete()
    assert run("restore", str(path)) == (0, run_words(path), "")
    assert {model: list(tables.lines_of(model)) for model in tables.kept_models()} == before


def run_words(path: Path) -> str:
    counts, made_at = manifest_of(path)["counts"], manifest_of(path)["made_at"]
    return (
        f"Restored {counts['rows']} rows of {counts['tables']} tables and {counts['files']} files, as of {made_at}. "
        "Now run ./portal setup, then manage verify_audit_trail.\n"
    )


@pytest.mark.django_db
def test_a_file_that_is_not_there_is_refused(tmp_path):
    code, _out, err = run("restore", str(tmp_path / "none.zip"))
    assert (code, err) == (1, f"{tmp_path}/none.zip cannot be read: No such file or directory.\n")
    with pytest.raises(RuleBroken):
        restore_backup(tmp_path)
