"""The manner of commands: exit 0, 1 and 2, one JSON value on stdout, who acted."""

import json
import subprocess
import sys
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from ccp_portal.environment import ROOT
from core import jobs, trail
from core.commands import PortalCommand
from core.errors import IllegalMove, Incomplete, Problem, RuleBroken, StaleRecord
from core.models import Job, Seal, TrailEntry
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.compliance import CameraFactory
from tests.processes import real_environment


class Rename(PortalCommand):
    """A command as apps write them."""

    error: Exception | None = None
    finding = ""

    def act(self, options: dict[str, Any], by: Any) -> dict[str, Any]:
        if self.error:
            raise self.error
        organisation = OrganisationFactory(name="Anytown")
        trail.record("renamed", organisation, by=by)
        return {"name": organisation.name}

    def describe(self, result: dict[str, Any]) -> str:
        return f"Renamed {result['name']}."

    def failed(self, result: dict[str, Any]) -> str:
        return self.finding


def call(command: PortalCommand, capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    """Exit code, stdout, stderr."""
    command.stdout._out, command.stderr._out = sys.stdout, sys.stderr
    try:
        call_command(command, *args)
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.django_db
def test_done_is_exit_0_with_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(Rename(), capsys) == (0, "Renamed Anytown.\n", "")
    assert TrailEntry.objects.get().actor == "command line"


@pytest.mark.django_db
def test_json_is_one_value_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(Rename(), capsys, "--json") == (0, '{"name": "Anytown"}\n', "")


@pytest.mark.django_db
def test_as_names_the_actor(capsys: pytest.CaptureFixture[str]) -> None:
    user = UserFactory(email="morgan@example.org")
    assert call(Rename(), capsys, "--as", "Morgan@Example.org")[0] == 0
    assert TrailEntry.objects.get().actor_id == user.pk


@pytest.mark.django_db
@pytest.mark.parametrize("is_active", [True, False])
def test_nobody_acts_as_a_stranger_or_as_one_who_left(is_active: bool, capsys: pytest.CaptureFixture[str]) -> None:
    UserFactory(email="left@example.org", is_active=False)
    email = "nobody@example.org" if is_active else "left@example.org"
    code, out, err = call(Rename(), capsys, "--as", email, "--json")
    assert code == 1
    assert json.loads(out) == {"error": f"Nobody with the email address {email} has an account here.", "problems": []}
    assert err == f"Nobody with the email address {email} has an account here.\n"
    assert not TrailEntry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("make", "error", "problems"),
    [
        (lambda: RuleBroken("The day is past."), "The day is past.", []),
        (
            lambda: Incomplete([Problem("Name the SRO.", "/x/"), "Say what it is for."]),
            "Something is missing; nothing was written.",
            ["Name the SRO.", "Say what it is for."],
        ),
        (
            lambda: StaleRecord("x"),
            "Somebody else changed this at the same moment; nothing was written. Try again.",
            [],
        ),
        (
            lambda: IllegalMove(CameraFactory(), "approved"),
            "This is not possible while the record is “operational”; nothing was written.",
            [],
        ),
    ],
    ids=["rule", "incomplete", "stale", "illegal"],
)
def test_refusals_are_exit_1_with_sentences(
    make: Any, error: str, problems: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    command = Rename()
    command.error = make()
    code, out, err = call(command, capsys, "--json")
    assert code == 1
    assert json.loads(out) == {"error": error, "problems": problems}
    assert err.splitlines() == [error, *problems]
    code, out, err = call(command, capsys)
    assert (code, out, err.splitlines()) == (1, "", [error, *problems])


@pytest.mark.django_db
def test_a_bad_finding_is_exit_1_with_the_result(capsys: pytest.CaptureFixture[str]) -> None:
    command = Rename()
    command.finding = "It does not hold."
    assert call(command, capsys, "--json") == (1, '{"name": "Anytown"}\n', "It does not hold.\n")


@pytest.mark.django_db
def test_verify_audit_trail_names_the_first_broken_seal(capsys: pytest.CaptureFixture[str]) -> None:
    from core.management.commands.verify_audit_trail import Command

    for _ in range(2):
        trail.record("changed", OrganisationFactory(), by=None)
        trail.seal_all()
    trail.record("changed", OrganisationFactory(), by=None)
    assert call(Command(), capsys) == (0, "2 seals over 2 entries hold; 1 entries are not sealed yet.\n", "")
    TrailEntry.objects.filter(seal=Seal.objects.get(number=2)).update(verb="signed")
    code, out, err = call(Command(), capsys, "--json")
    assert code == 1
    assert json.loads(out) == {
        "seals": 1,
        "entries": 1,
        "unsealed": 1,
        "broken": 2,
        "reason": "an entry was changed, added, removed or reordered",
    }
    assert err == "Seal 2 is broken: an entry was changed, added, removed or reordered.\n"


@pytest.mark.django_db
def test_reconcile_rings_for_every_due_job_that_nobody_holds(capsys: pytest.CaptureFixture[str]) -> None:
    from core.management.commands.reconcile import Command

    due, held, rung = (jobs.promise("core.seal_trail") for _ in range(3))
    Job.objects.filter(pk=held.pk).update(lease_until=timezone.now() + jobs.LEASE)
    Job.objects.filter(pk=rung.pk).update(rung_at=timezone.now())
    code, out, err = call(Command(), capsys, "--json")
    assert (code, json.loads(out), err) == (0, {"due": 2, "rung": 2}, "")
    assert Job.objects.get(pk=due.pk).rung_at is not None
    assert Job.objects.get(pk=held.pk).rung_at is None


def manage(tmp_path: Any, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=real_environment(PORTAL_DATA=str(tmp_path)),
        capture_output=True,
        text=True,
        check=False,
    )


def test_wrong_use_is_exit_2(tmp_path: Any) -> None:
    done = manage(tmp_path, "load_authorities")
    assert (done.returncode, done.stdout) == (2, "")
    assert "FILE.csv" in done.stderr


def test_help_says_what_it_does(tmp_path: Any) -> None:
    done = manage(tmp_path, "verify_audit_trail", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Recompute every seal" in " ".join(done.stdout.split())
