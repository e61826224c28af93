"""What the environment is worked out to be, and what it refuses."""

import json
import os
import re
import stat
import subprocess
import sys

import pytest
from environ import Env

from ccp_portal.environment import (
    ROOT,
    Refused,
    port_number,
    private_folder,
    private_socket,
    read_env_file,
    read_record,
    secret_key,
    work_out,
    write_record,
)

pytestmark = pytest.mark.once


def test_defaults_are_one_folder_and_loopback(tmp_path):
    assert work_out({}, data=tmp_path) == {
        "PORTAL_DATA": str(tmp_path),
        "PORTAL_PORT": "8000",
        "PORTAL_ORIGIN": "http://127.0.0.1:8000",
        "PORTAL_DEMONSTRATION": "false",
        "DATABASE_URL": f"sqlite:///{tmp_path}/portal.sqlite3",
        "REDIS_URL": f"unix://{private_socket(tmp_path)}",
        "DJANGO_SETTINGS_MODULE": "ccp_portal.settings",
    }


def test_the_default_data_folder_is_var_beside_the_code():
    assert work_out({})["PORTAL_DATA"] == str(ROOT / "var")


def test_an_argument_wins_over_the_environment_and_the_environment_over_a_default(tmp_path):
    environ = {
        "PORTAL_DATA": str(tmp_path / "named"),
        "PORTAL_PORT": "8100",
        "PORTAL_ORIGIN": "https://cctv.example.org",
    }
    assert work_out(environ)["PORTAL_DATA"] == str(tmp_path / "named")
    assert work_out(environ)["PORTAL_PORT"] == "8100"
    chosen = work_out(environ, data=tmp_path / "argued", port=8200)
    assert (chosen["PORTAL_DATA"], chosen["PORTAL_PORT"]) == (str(tmp_path / "argued"), "8200")
    assert chosen["PORTAL_ORIGIN"] == "https://cctv.example.org"


def test_the_origin_follows_the_port_where_nobody_named_it(tmp_path):
    assert work_out({}, data=tmp_path, port=8123)["PORTAL_ORIGIN"] == "http://127.0.0.1:8123"


def test_an_empty_variable_is_not_set(tmp_path):
    assert work_out({"PORTAL_PORT": "", "DATABASE_URL": "", "REDIS_URL": ""}, data=tmp_path) == work_out(
        {}, data=tmp_path
    )


@pytest.mark.parametrize("text", ("0", "65536", "-1", "eighty", "80.0", "٨٠", ""))
def test_a_port_that_is_none_is_refused(text):
    with pytest.raises(Refused):
        port_number(text)


def test_env_file_gives_keys_and_leaves_out_empty_ones(tmp_path):
    path = tmp_path / ".env"
    path.write_text(
        "# a comment\n\nPORTAL_PORT=8300\nexport EMAIL_URL='smtp://mail.example.org'\nSECRET_KEY=\nX = \"a=b\"\n"
    )
    assert read_env_file(path) == {"PORTAL_PORT": "8300", "EMAIL_URL": "smtp://mail.example.org", "X": "a=b"}


def test_a_folder_named_in_the_env_file_is_relative_to_the_file(tmp_path):
    (tmp_path / ".env").write_text("PORTAL_DATA=records\n")
    assert read_env_file(tmp_path / ".env") == {"PORTAL_DATA": str(tmp_path / "records")}


def test_a_line_of_the_env_file_that_is_no_assignment_is_named(tmp_path):
    (tmp_path / ".env").write_text("PORTAL_PORT=1\nnonsense\n")
    with pytest.raises(Refused, match="line 2"):
        read_env_file(tmp_path / ".env")


@pytest.mark.parametrize("name", ("with spaces", "plus+and%percent", "caf\u00e9"))
def test_a_database_in_any_folder_is_found_again(tmp_path, name):
    url = work_out({}, data=tmp_path / name)["DATABASE_URL"]
    assert Env.db_url_config(url)["NAME"] == str(tmp_path / name / "portal.sqlite3")


@pytest.mark.parametrize("name", ("x" * 120, "with spaces"))
def test_a_socket_that_cannot_lie_in_the_data_folder_lies_in_a_private_one(tmp_path, name):
    socket = private_socket(tmp_path / name)
    assert len(os.fsencode(socket)) <= 100
    assert " " not in str(socket)
    assert tmp_path not in socket.parents
    assert socket != private_socket(tmp_path / (name + "other"))


def test_the_record_of_the_first_set_up_wins_over_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("PORTAL_DEMONSTRATION", "true")
    assert read_record(tmp_path) is None
    write_record(tmp_path, demonstration=False)
    assert os.environ["PORTAL_DEMONSTRATION"] == "false"
    assert read_record(tmp_path) is False
    assert work_out({"PORTAL_DEMONSTRATION": "true"}, data=tmp_path)["PORTAL_DEMONSTRATION"] == "false"


@pytest.mark.parametrize("text", ("", "{}", "[]", "nonsense", '{"demonstration": '))
def test_a_damaged_record_is_refused(tmp_path, text):
    (tmp_path / "portal.json").write_text(text)
    with pytest.raises(Refused, match="damaged"):
        read_record(tmp_path)


def test_the_secret_key_is_made_once_for_its_owner_alone(tmp_path):
    data = tmp_path / "data"
    key = secret_key(data)
    assert len(key) >= 50
    assert secret_key(data) == key
    assert stat.S_IMODE((data / "keys" / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE((data / "keys").stat().st_mode) == 0o700
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert [path.name for path in (data / "keys").iterdir()] == ["secret_key"]


def test_processes_that_start_together_read_one_key(tmp_path):
    program = "import sys, pathlib, ccp_portal.environment as own; print(own.secret_key(pathlib.Path(sys.argv[1])))"
    command = [sys.executable, "-c", program, str(tmp_path)]
    started = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    keys = {process.communicate()[0] for process in started}
    assert len(keys) == 1


def test_a_key_that_was_cut_short_is_refused(tmp_path):
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "secret_key").write_text("short")
    with pytest.raises(Refused, match="too short"):
        secret_key(tmp_path)


def test_a_private_folder_is_closed_and_no_link(tmp_path):
    assert stat.S_IMODE(private_folder(tmp_path / "own").stat().st_mode) == 0o700
    (tmp_path / "open").mkdir(mode=0o755)
    assert stat.S_IMODE(private_folder(tmp_path / "open").stat().st_mode) == 0o700
    (tmp_path / "link").symlink_to(tmp_path / "own")
    with pytest.raises(Refused, match="not safe"):
        private_folder(tmp_path / "link")


def test_a_file_where_a_folder_should_be_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused, match="cannot be used"):
        private_folder(tmp_path / "file" / "run")


def test_the_record_is_whole_json(tmp_path):
    write_record(tmp_path / "new", demonstration=True)
    assert json.loads((tmp_path / "new" / "portal.json").read_text()) == {"demonstration": True}


def test_the_example_lists_every_value_that_the_settings_read():
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', (ROOT / "ccp_portal" / "settings.py").read_text()))
    listed = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert read - listed == {"PORTAL_DEMONSTRATION"}  # decided by the first set-up; the example says so
    assert len(read) > 10


def test_the_example_is_a_file_that_can_be_read():
    values = read_env_file(ROOT / ".env.example")
    assert work_out(values)["PORTAL_DATA"] == str(ROOT / "var")
    assert "SECRET_KEY" not in values
