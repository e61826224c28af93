"""The script `portal`: usage, and an installation that is whole or done again."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ccp_portal.environment import ROOT
from tests.processes import wait_until

pytestmark = pytest.mark.once
COMMANDS = ("up", "setup", "test", "bench", "lint", "doctor", "manage")
STUB = "import sys; print(sys.argv[1:], sys.prefix)"


def door(folder: Path, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "PYTHONPATH": ""}
    return subprocess.run(
        [str(folder / "portal"), *arguments],
        cwd=cwd or folder,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_names_the_commands_that_work():
    done = door(ROOT, "--help")
    listed = [line.split()[0] for line in done.stdout.splitlines() if line.startswith("  ")]
    assert (done.returncode, done.stderr, tuple(listed)) == (0, "", COMMANDS)


@pytest.mark.parametrize("arguments", ((), ("fly",), ("--fly",)))
def test_wrong_use_is_exit_2_with_the_usage_on_stderr(arguments):
    done = door(ROOT, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage: ./portal COMMAND" in done.stderr


@pytest.mark.parametrize("command", ("up", "setup", "test", "bench", "lint", "doctor"))
def test_each_command_explains_itself(command):
    done = door(ROOT, command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"usage: ./portal {command}")


@pytest.mark.parametrize(
    "arguments", (("up", "--port", "x"), ("up", "--fly"), ("setup", "now"), ("doctor", "--empty"), ("bench", "nothing"))
)
def test_wrong_options_are_exit_2(arguments):
    done = door(ROOT, *arguments)
    assert (done.returncode, done.stdout) == (2, "")


@pytest.fixture
def bare_checkout(tmp_path: Path) -> Path:
    """The door alone, in a folder with a space, with a launcher that prints its arguments and nothing to install."""
    folder = tmp_path / "a checkout"
    launcher = folder / "ccp_portal" / "launcher"
    launcher.mkdir(parents=True)
    (folder / "ccp_portal" / "__init__.py").touch()
    (launcher / "__init__.py").touch()
    (launcher / "__main__.py").write_text(STUB)
    shutil.copy(ROOT / "portal", folder)
    for name in ("requirements.lock", "requirements-dev.lock"):
        (folder / name).write_text("# nothing\n")
    (folder / "requirements-installer.lock").write_text("uv-is-not-here==1 --hash=sha256:" + "0" * 64 + "\n")
    return folder


@pytest.mark.process
def test_the_first_call_installs_and_the_second_starts_at_once(bare_checkout, tmp_path):
    first = door(bare_checkout, "setup", "--data", "a folder", cwd=tmp_path)
    expected = f"['setup', '--data', 'a folder'] {bare_checkout}/.venv\n"
    assert (first.returncode, first.stdout) == (0, expected), first.stderr
    assert first.stderr == "portal: installing what the portal runs on (requirements.lock)\n"
    second = door(bare_checkout, "setup", "--data", "a folder", cwd=tmp_path)
    assert (second.returncode, second.stdout, second.stderr) == (0, expected, "")
    assert not (bare_checkout / ".venv.lock").exists()


@pytest.mark.process
def test_an_interrupted_installation_and_a_changed_lock_are_installed_again(bare_checkout):
    door(bare_checkout, "setup")
    stamp = bare_checkout / ".venv" / "installed-requirements.lock"
    stamp.unlink()
    assert "installing" in door(bare_checkout, "setup").stderr
    (bare_checkout / "requirements.lock").write_text("# something else\n")
    assert "installing" in door(bare_checkout, "setup").stderr
    assert stamp.read_text() == "# something else\n"


@pytest.mark.process
def test_an_environment_that_was_made_by_half_is_made_anew(bare_checkout):
    door(bare_checkout, "setup")
    (bare_checkout / ".venv" / "installed-requirements.lock").unlink()
    (package,) = (bare_checkout / ".venv").glob("lib/python*/site-packages/pip")
    shutil.rmtree(package)
    assert door(bare_checkout, "setup").returncode == 0
    assert package.is_dir()


@pytest.mark.process
def test_term_ends_an_installation_with_all_that_it_started(bare_checkout):
    process = subprocess.Popen([str(bare_checkout / "portal"), "setup"], stderr=subprocess.PIPE, text=True)
    own = wait_until(lambda: processes_of(bare_checkout), seconds=20, what="the installation runs")
    process.terminate()
    process.communicate(timeout=10)
    assert process.returncode == 143
    wait_until(lambda: not processes_of(bare_checkout), seconds=5, what=f"the end of {own}")
    assert not (bare_checkout / ".venv.lock").exists()


def processes_of(folder: Path) -> list[str]:
    """Command lines that run a program of this folder's environment."""
    table = subprocess.run(["ps", "-ww", "-eo", "args="], capture_output=True, text=True, check=True).stdout
    return [line for line in table.splitlines() if str(folder / ".venv" / "bin") in line]


@pytest.mark.process
def test_a_failed_installation_shows_why_and_leaves_no_stamp(bare_checkout):
    (bare_checkout / "requirements.lock").write_text("no-such-thing==1 --hash=sha256:" + "0" * 64 + "\n")
    done = door(bare_checkout, "setup")
    assert (done.returncode, done.stdout) == (1, "")
    assert "No matching distribution found for no-such-thing==1" in done.stderr
    assert not (bare_checkout / ".venv" / "installed-requirements.lock").exists()
    assert not (bare_checkout / ".venv.lock").exists()


@pytest.mark.process
def test_two_calls_at_once_install_one_after_the_other(bare_checkout):
    command = [str(bare_checkout / "portal"), "setup"]
    environ = {**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": ""}
    both = [
        subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    ends = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("installing what" in said for _, said in ends) == 1


@pytest.mark.process
def test_a_lock_whose_owner_is_gone_is_taken_over(bare_checkout):
    gone = subprocess.Popen(["true"])
    gone.wait()
    (bare_checkout / ".venv.lock").mkdir()
    (bare_checkout / ".venv.lock" / "pid").write_text(f"{gone.pid}\n")
    assert door(bare_checkout, "setup").returncode == 0


def test_the_development_lock_holds_the_runtime_lock():
    def pins(name: str) -> set[str]:
        lines = (ROOT / name).read_text().splitlines()
        return {line.split()[0] for line in lines if "==" in line and not line.startswith((" ", "#"))}

    assert pins("requirements.lock") - pins("requirements-dev.lock") == set()
    assert len(pins("requirements.lock")) > 20
