"""nginx with the portal's own configuration, on 127.0.0.1, as a user without rights, for tests and benchmarks."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from ccp_portal.environment import ROOT
from ccp_portal.launcher.programs import find_nginx

NOBODY = 65534
START_SECONDS = 15.0
BROTLI_FILES = ("brotli-load.conf", "brotli-use.conf")


class NginxFailed(Exception):
    """nginx refused its configuration or does not answer; the message is what it said."""


class Nginx:
    """The files of deploy/ as they are, but for site.conf: a free port here, and the app server at `app_port`.

    `data` holds public/ and static/. `carried` is how the reader's request came; None: as the site.conf of this
    checkout finds out. `more` stands in the server block, such as a location to compare with.
    """

    def __init__(
        self, data: Path, app_port: int, *, brotli: bool = True, carried: str | None = "http", more: str = ""
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ccp-nginx-"))
        self.port = _free_port()
        self.prefix = self.folder / "data"
        self.served = (data / "public", data / "static")
        shutil.copytree(ROOT / "deploy", self.folder / "deploy")
        if not brotli:
            for name in BROTLI_FILES:
                (self.folder / "deploy" / "nginx" / name).unlink()
        site = self.folder / "deploy" / "nginx" / "site.conf"
        if carried is None:
            here = site.read_text().replace("web:8000", f"127.0.0.1:{app_port}")
            site.write_text(here.replace("listen 8080;", f"listen 127.0.0.1:{self.port};"))
        else:
            site.write_text(
                f"upstream portal {{ server 127.0.0.1:{app_port}; keepalive 16; }}\n"
                f"map x $carried {{ default {carried}; }}\n"
                f"server {{ listen 127.0.0.1:{self.port}; include nginx/portal.conf; {more} }}\n"
            )
        (self.prefix / "run").mkdir(parents=True)
        for folder in self.served:
            (self.prefix / folder.name).symlink_to(folder)
        self.process: subprocess.Popen[str] | None = None

    def command(self, *more: str) -> list[str]:
        return [
            find_nginx() or "nginx",
            "-p",
            str(self.prefix),
            "-c",
            str(self.folder / "deploy" / "nginx.conf"),
            *more,
        ]

    def start(self) -> None:
        """Raises NginxFailed."""
        is_root = os.geteuid() == 0
        if is_root:
            os.chown(self.prefix / "run", NOBODY, NOBODY)
            self.let_others_read()
        self.process = subprocess.Popen(
            self.command("-g", "daemon off;"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            user=NOBODY if is_root else None,
            group=NOBODY if is_root else None,
            extra_groups=[] if is_root else None,
        )
        patience = time.monotonic() + START_SECONDS
        while not _listens(self.port):
            if self.process.poll() is not None or time.monotonic() > patience:
                self.process.kill()
                raise NginxFailed(self.process.communicate()[1])
            time.sleep(0.02)

    def let_others_read(self) -> None:
        """What the portal writes only its own user may read (umask 077); here nginx is somebody else."""
        for top in (self.folder, *self.served):
            for path in (top, *top.rglob("*")):
                if not path.is_symlink() and path != self.prefix / "run":
                    path.chmod(0o755 if path.is_dir() else 0o644)
        self.served[0].parent.chmod(0o711)

    def stop(self) -> str:
        """Ends it by its id; returns what it logged."""
        said = ""
        if self.process is not None:
            self.process.terminate()
            try:
                said = self.process.communicate(timeout=10)[1]
            except subprocess.TimeoutExpired:
                self.process.kill()
                said = self.process.communicate()[1]
        shutil.rmtree(self.folder, ignore_errors=True)
        return said


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
