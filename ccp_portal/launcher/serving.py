"""`./portal up` and `./portal setup`."""

import contextlib
import fcntl
import http.client
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from ccp_portal.environment import Refused, private_folder, private_socket, read_record, write_record
from ccp_portal.launcher import broker, libraries
from ccp_portal.launcher.children import Child
from ccp_portal.launcher.supervisor import Stopped, Supervisor, say

HOST = "127.0.0.1"
BROKER_WAIT_SECONDS = 15.0
WEB_WAIT_SECONDS = 90.0
TRIES_AT_START = 3  # once the portal is ready, a process is started again for as long as it takes


def set_up_only(*, empty: bool) -> int:
    """Raises Refused."""
    from ccp_portal.launcher import preparation

    data = Path(os.environ["PORTAL_DATA"])
    libraries.ensure()
    with holding(data):
        demonstration = choose_kind(data, empty=empty)
        if broker.is_private(data):
            os.environ["REDIS_URL"] = ""  # nobody listens: this process does the work itself
        preparation.start_django()
        preparation.set_up(demonstration=demonstration, say=say)
        preparation.do_due_jobs(say)
        for line in preparation.sign_ins(demonstration=demonstration):
            say(line)
    return 0


def up(*, empty: bool) -> int:
    """Serve until TERM or Ctrl-C. Raises Refused."""
    data, port = Path(os.environ["PORTAL_DATA"]), int(os.environ["PORTAL_PORT"])
    libraries.ensure()
    refuse_busy_port(port)
    with holding(data):
        demonstration = choose_kind(data, empty=empty)
        with Supervisor().watching() as supervisor, contextlib.suppress(Stopped):
            Start(supervisor, data, port).run(demonstration=demonstration)
            say(f"Mail lies in {data / 'mail'}, the logs in {data / 'log'}")
            say(f"ready http://{HOST}:{port}")
            supervisor.run()
    say("stopped")
    return 0


def choose_kind(data: Path, *, empty: bool) -> bool:
    """Whether this portal is a demonstration: decided at the first set-up, for good. Raises Refused."""
    remembered = read_record(data)
    if remembered is None:
        write_record(data, demonstration=not empty)
        return not empty
    if remembered and empty:
        raise Refused(
            f"{data} holds a demonstration portal and stays one; an empty one needs another folder: --data DIR"
        )
    if not remembered and not empty:
        say("This portal was set up empty and never becomes a demonstration.")
    os.environ["PORTAL_DEMONSTRATION"] = "true" if remembered else "false"
    return remembered


@contextlib.contextmanager
def holding(data: Path) -> Iterator[None]:
    """One portal at a time in a data folder. Raises Refused."""
    path = private_folder(data / "run") / "portal.lock"
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused(f"A portal is already being set up or served from {data}; stop that one first.") from error
        os.set_inheritable(lock.fileno(), False)
        yield


def refuse_busy_port(port: int) -> None:
    """Raises Refused where the port is taken, or may not be taken by this user."""
    with socket.socket(socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            why = "in use" if not isinstance(error, PermissionError) else "not allowed for this user"
            raise Refused(f"Port {port} is {why}; choose another one: ./portal up --port N") from error


class Start:
    """The way from nothing to ready."""

    def __init__(self, supervisor: Supervisor, data: Path, port: int) -> None:
        self.supervisor = supervisor
        self.data = data
        self.port = port

    def run(self, *, demonstration: bool) -> None:
        """Broker first, then the set-up, then worker, beat and web. Raises Refused, Stopped."""
        if broker.is_private(self.data):
            self._start_broker()
        reader, writer = os.pipe()
        kind = "demonstration" if demonstration else "empty"
        preparation = self._child(
            "setup", ["-m", "ccp_portal.launcher.preparation", kind, str(writer)], once=True, pass_descriptors=(writer,)
        )
        os.close(writer)
        with os.fdopen(reader, "rb", buffering=0) as report:
            self._follow(preparation, report.fileno())

    def _child(
        self,
        name: str,
        arguments: list[str],
        *,
        nice: int = 0,
        once: bool = False,
        pass_descriptors: tuple[int, ...] = (),
    ) -> Child:
        command = [sys.executable, *arguments]
        log = self.data / "log" / f"{name}.log"
        return self.supervisor.start(
            Child(name, lambda: command, log, nice=nice, once=once, pass_descriptors=pass_descriptors)
        )

    def _start_broker(self) -> None:
        child = Child(
            "redis", lambda: broker.server_command(self.data), self.data / "log" / "redis.log", stops_last=True
        )
        self.supervisor.start(child)
        patience = time.monotonic() + BROKER_WAIT_SECONDS
        while not broker.answers(private_socket(self.data)):
            if child.has_ended() or time.monotonic() > patience:
                raise Refused(f"Redis did not start. The end of {child.log}:\n{child.last_lines()}")
            self.supervisor.rest(0.05)

    def _follow(self, preparation: Child, report: int) -> None:
        """Say what the set-up says, start the rest when it is done; come back when nothing is due and all is well."""
        web, idle, heard = None, False, b""
        while not idle or web is None or not self._web_answers(web):
            if self.supervisor.rest(0.5 if idle else 1.0, None if idle else report):
                if not (chunk := os.read(report, 65536)):
                    raise Refused(f"The set-up ended early. The end of {preparation.log}:\n{preparation.last_lines()}")
                *lines, heard = (heard + chunk).split(b"\n")
                for event in map(json.loads, lines):
                    if "refused" in event:
                        raise Refused(event["refused"])
                    if "say" in event:
                        say(event["say"])
                    if event.get("stage") == "prepared":
                        web = self._start_services()
                    if event.get("stage") == "idle":
                        idle, self.web_patience = True, time.monotonic() + WEB_WAIT_SECONDS
            self.supervisor.look_after()
            for child in self.supervisor.children:
                if child.early_ends >= TRIES_AT_START:
                    raise Refused(f"The {child.name} does not start. The end of {child.log}:\n{child.last_lines()}")

    def _start_services(self) -> Child:
        celery = ["-m", "celery", "-A", "ccp_portal", "--quiet"]
        cores = str(os.cpu_count() or 1)
        self._child("worker", [*celery, "worker", "--loglevel", "WARNING", "--concurrency", cores], nice=10)
        schedule = self.data / "run" / "celerybeat-schedule"
        self._child("beat", [*celery, "beat", "--loglevel", "WARNING", "-s", str(schedule), "--pidfile="])
        serve = ["-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(self.port)]
        serve += ["--workers", "2", "--blocking-threads", "1", "--no-ws", "--log-level", "warning"]
        serve += ["--respawn-failed-workers", "--workers-kill-timeout", "4", "ccp_portal.wsgi:application"]
        return self._child("web", serve)

    def _web_answers(self, web: Child) -> bool:
        """Whether /healthz says that all is well. Raises Refused when it cannot any more."""
        if web.has_ended() or web.restart_at is not None:
            raise Refused(f"The web server did not start. The end of {web.log}:\n{web.last_lines()}")
        status, body = self._ask_health()
        if status != 200 and time.monotonic() > self.web_patience:
            raise Refused(f"The portal does not get well: {body or 'no answer'}. Logs: {web.log.parent}")
        return status == 200

    def _ask_health(self) -> tuple[int, str]:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            answer = connection.getresponse()
            return answer.status, answer.read(2000).decode("utf-8", "replace").strip()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()
