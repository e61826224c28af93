"""docker-compose.yml and Dockerfile, as far as they can be looked at without a container engine."""

import json
import re
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from ccp_portal.alive import is_well
from ccp_portal.environment import ROOT
from ccp_portal.launcher import libraries
from core.yaml_reader import parse_yaml
from tests.processes import real_environment

pytestmark = pytest.mark.once
SECRETS = {
    "SECRET_KEY": "a-secret-key-" * 5,
    "POSTGRES_PASSWORD": "1f0e2d3c4b",
    "REDIS_PASSWORD": "5a6978",
    "PORTAL_ORIGIN": "https://cctv.example.org",
}
SET_BY_THE_IMAGE = {"PORTAL_DATA", "PORTAL_PORT", "ALLOWED_HOSTS", "SECURE_SSL_REDIRECT"}  # or best as they are
NOT_OF_A_DEPLOYMENT = {"DEBUG", "TEST_DATABASE_URL", "PORTAL_CHROMIUM"}
OF_THE_PORTAL = {"setup", "web", "worker", "beat"}
LONG_RUNNING = {"web", "worker", "beat", "nginx", "postgres", "redis"}


def config(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """What Debian's docker-compose makes of the file, in a folder without any .env."""
    shutil.copy(ROOT / "docker-compose.yml", folder)
    command = ["docker-compose", "--project-directory", str(folder), "-f", str(folder / "docker-compose.yml"), "config"]
    kept = {name: value for name, value in real_environment().items() if name not in SECRETS}
    return subprocess.run(command, env={**kept, **environment}, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def services(tmp_path_factory) -> dict[str, Any]:
    done = config(tmp_path_factory.mktemp("compose"), **SECRETS)
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = parse_yaml(done.stdout)["services"]
    return found


def test_all_services_are_there_and_say_whether_they_are_well(services):
    assert set(services) == LONG_RUNNING | {"setup"}
    assert {name for name, service in services.items() if "healthcheck" in service} == LONG_RUNNING
    assert {name for name, service in services.items() if service["restart"] == "unless-stopped"} == LONG_RUNNING


def test_what_a_deployment_may_set_reaches_the_portal(services):
    offered = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert offered - set(services["web"]["environment"]) == SET_BY_THE_IMAGE | NOT_OF_A_DEPLOYMENT


def test_what_is_not_set_is_as_the_settings_have_it(services):
    names = ("PORTAL_LICENCE_NAME", "PORTAL_LICENCE_URL", "ENQUIRY_KEPT_MONTHS", "EVIDENCE_MAX_BYTES")
    assert {name: services["web"]["environment"][name] for name in names} == {
        name: str(getattr(settings, name)) for name in names
    }


@pytest.mark.parametrize("secret", sorted(SECRETS))
def test_nothing_starts_without_its_secrets(tmp_path, secret):
    done = config(tmp_path, **{name: value for name, value in SECRETS.items() if name != secret})
    assert done.returncode == 1
    assert f"${{{secret}:?" in done.stderr


def test_no_secret_stands_in_the_files():
    written = (ROOT / "docker-compose.yml").read_text()
    for secret in SECRETS:
        assert set(re.findall(rf"\$\{{{secret}(:?.)", written)) == {":?"}


def test_only_nginx_is_reached_and_only_from_this_machine_unless_told_otherwise(services):
    ports = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert ports == {"nginx": ["127.0.0.1:8080:8080/tcp"]}


def test_nothing_of_ours_may_write_but_to_its_volumes_or_become_root(services):
    for name in {*OF_THE_PORTAL, "nginx", "redis"}:
        service = services[name]
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert services["nginx"]["volumes"] == ["public:/data/public:ro", "static:/data/static:ro"]
    users = re.findall(r"^USER (\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert users == ["portal", "portal"]


def test_files_and_keys_lie_in_one_volume_as_a_restored_portal_moves_them_within_it(services):
    shared = ["data:/data:rw", "public:/data/public:rw", "static:/data/static:rw", "backups:/backups:rw"]
    assert {name: services[name]["volumes"] for name in OF_THE_PORTAL} == dict.fromkeys(OF_THE_PORTAL, shared)


def test_everything_waits_for_the_setup(services):
    for name in OF_THE_PORTAL - {"setup"}:
        assert services[name]["depends_on"] == {"setup": {"condition": "service_completed_successfully"}}


def test_images_are_pinned_to_a_release(services):
    dockerfile = re.findall(r"^FROM (\S+) AS", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    fetched = [*dockerfile, services["postgres"]["image"], services["redis"]["image"]]
    assert fetched == [
        "python:3.11-slim-bookworm",
        "debian:bookworm-slim",
        "postgres:15-bookworm",
        "redis:7-bookworm",
    ]


def test_the_image_has_the_libraries_that_print_documents():
    installed = (ROOT / "Dockerfile").read_text().split()
    assert {library.package for library in (*libraries.NEEDED, libraries.SUBSET)} <= set(installed)


def test_what_goes_into_the_image_is_enough_to_start(tmp_path):
    """The files that .dockerignore lets in, and no others: settings load, addresses resolve, templates are found."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert lines[0] == "*"
    for line in lines:
        if line.startswith("!"):
            (tmp_path / line[1:]).symlink_to(ROOT / line[1:])
    environment = real_environment(
        PORTAL_DATA=str(tmp_path / "data"), SECRET_KEY="k" * 60, PORTAL_ORIGIN="https://cctv.example.org"
    )
    for command in (["manage.py", "check", "--deploy"], ["-P", "-m", "ccp_portal.launcher", "setup", "--help"]):
        done = subprocess.run(
            [sys.executable, *command],
            cwd=tmp_path,
            env={**environment, "PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("said", "parts", "well"),
    [
        ({"database": True, "broker": True, "worker": False}, ["database", "broker"], True),
        ({"database": True, "broker": True, "worker": False}, ["worker"], False),
        ({"database": True}, ["broker"], False),
        ([], ["database"], False),
    ],
)
def test_a_container_is_well_when_its_parts_are(said, parts, well):
    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            assert (self.path, self.headers["Host"]) == ("/healthz", "127.0.0.1")
            body = json.dumps(said).encode()
            self.send_response(200 if all(said or [False]) else 503)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Health) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        assert is_well(f"http://127.0.0.1:{server.server_address[1]}", parts) is well
        thread.join()
        gone = server.server_address[1]
    assert not is_well(f"http://127.0.0.1:{gone}", parts)
