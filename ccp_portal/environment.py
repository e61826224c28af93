"""The environment that the settings need, worked out for one machine with nothing but the standard library.

What is written later wins: a default, a line of `.env`, the real environment, an argument. One value is not a wish but
a fact about the records: whether a portal is a demonstration stands in `<data>/portal.json` from its first set-up on.
"""

import hashlib
import json
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_PORT = 8000
SOCKET_PATH_BYTES = 100  # the kernel takes 107 bytes; Redis and its clients add a few
PLAIN_PATH = re.compile(r"[A-Za-z0-9/_.-]+")


class Refused(Exception):
    """What was asked for cannot be done; the message is one sentence for the person who asked."""


def prepare(data: Path | None = None, port: int | None = None, *, make_key: bool = True) -> dict[str, str]:
    """Work out the portal's environment, export what is not set yet, and make the secret key at first use.

    Returns the portal's own variables as they now stand; without `make_key` a portal that has no key yet stays without.
    Raises Refused for a value that cannot be right.
    """
    lines = read_env_file(ROOT / ".env")
    values = work_out({**lines, **os.environ}, data=data, port=port)
    for name, value in lines.items():
        os.environ.setdefault(name, value)
    # An empty variable means "not set" to whoever wrote it; an argument and the record win over the environment.
    os.environ.update(values)
    data_folder = Path(values["PORTAL_DATA"])
    if not os.environ.get("SECRET_KEY") and (make_key or key_path(data_folder).exists()):
        os.environ["SECRET_KEY"] = secret_key(data_folder)
    return values


def work_out(environ: Mapping[str, str], *, data: Path | None = None, port: int | None = None) -> dict[str, str]:
    """All that `prepare` exports but the secret key, from the given environment. Writes nothing."""
    folder = (data or Path(environ.get("PORTAL_DATA") or ROOT / "var")).expanduser().resolve()
    number = port_number(str(port) if port is not None else environ.get("PORTAL_PORT") or str(DEFAULT_PORT))
    remembered = read_record(folder)
    if remembered is None:
        demonstration = environ.get("PORTAL_DEMONSTRATION") or "false"
    else:
        demonstration = "true" if remembered else "false"
    return {
        "PORTAL_DATA": str(folder),
        "PORTAL_PORT": str(number),
        "PORTAL_ORIGIN": environ.get("PORTAL_ORIGIN") or f"http://127.0.0.1:{number}",
        "PORTAL_DEMONSTRATION": demonstration,
        "DATABASE_URL": environ.get("DATABASE_URL") or "sqlite:///" + quote(str(folder / "portal.sqlite3")),
        "REDIS_URL": environ.get("REDIS_URL") or private_redis_url(folder),
        "DJANGO_SETTINGS_MODULE": environ.get("DJANGO_SETTINGS_MODULE") or "ccp_portal.settings",
    }


def port_number(text: str) -> int:
    """A TCP port from 1 to 65535. Raises Refused."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise Refused(f"The port must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def read_env_file(path: Path) -> dict[str, str]:
    """`KEY=VALUE` lines, `#` comments, values with or without quotes; `KEY=` alone sets nothing.

    A relative PORTAL_DATA is relative to the file. Raises Refused for a line that is none of these.
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path} cannot be read: {error}.") from error
    values = {}
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip().removeprefix("export ").strip()
        if not line or line.startswith("#"):
            continue
        name, sign, value = line.partition("=")
        name, value = name.strip(), value.strip()
        if not sign or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
            raise Refused(f"{path}, line {number}: expected KEY=VALUE.")
        if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        if value:
            values[name] = value
    if "PORTAL_DATA" in values:
        values["PORTAL_DATA"] = str(path.parent / Path(values["PORTAL_DATA"]).expanduser())
    return values


def private_socket(data: Path) -> Path:
    """Where the portal's own Redis listens: in the data folder, else in a folder of the system's temporary one.

    A socket's path is short by the kernel's rule, and clients read a URL's `%20` differently.
    """
    socket = data / "run" / "redis.sock"
    if len(os.fsencode(socket)) <= SOCKET_PATH_BYTES and PLAIN_PATH.fullmatch(str(socket)):
        return socket
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    return Path(tempfile.gettempdir()).resolve() / f"ccp-portal-{name}" / "redis.sock"


def private_redis_url(data: Path) -> str:
    return f"unix://{private_socket(data)}"


def private_folder(path: Path) -> Path:
    """Make a folder that only its owner enters, or check that an existing one is ours. Raises Refused."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = path.lstat()
        if not path.is_dir() or path.is_symlink() or state.st_uid != os.geteuid():
            raise Refused(f"{path} is not a folder of this user; it is not safe to use.")
        if state.st_mode & 0o077:
            path.chmod(0o700)
    except OSError as error:
        raise Refused(f"{path} cannot be used: {error.strerror}.") from error
    return path


def key_path(data: Path) -> Path:
    return data / "keys" / "secret_key"


def secret_key(data: Path) -> str:
    """The key of `<data>/keys/secret_key`, made at first use; two processes that start together read the same one."""
    path = key_path(data)
    try:
        if not path.exists():
            _make_data_folder(data)
            private_folder(path.parent)
            descriptor, draft = tempfile.mkstemp(dir=path.parent)  # 0600
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(64))
            try:
                os.link(draft, path)  # refuses to replace a key that another process made meanwhile
            except FileExistsError:
                pass
            finally:
                os.unlink(draft)
        key = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"The secret key {path} cannot be read or made: {error}.") from error
    if len(key) < 50:
        raise Refused(
            f"The secret key {path} is too short to be one; restore it, or remove the file and all sign in again."
        )
    return key


def _make_data_folder(data: Path) -> None:
    """Ours alone when we make it; a folder that was made for us keeps its mode."""
    if not data.exists():
        data.mkdir(mode=0o700, parents=True, exist_ok=True)


def read_record(data: Path) -> bool | None:
    """Whether the portal in this folder is a demonstration; None before its first set-up. Raises Refused."""
    path = data / "portal.json"
    try:
        remembered = json.loads(path.read_text("utf-8"))["demonstration"]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refused(f'{path} is damaged; it should read {{"demonstration": true}} or false.') from error
    return bool(remembered)


def write_record(data: Path, *, demonstration: bool) -> None:
    """Remember what kind of portal this is. Called once, at the first set-up."""
    _make_data_folder(data)
    draft = data / f"portal.json.{os.getpid()}"
    draft.write_text(json.dumps({"demonstration": demonstration}) + "\n", "utf-8")
    draft.replace(data / "portal.json")
    os.environ["PORTAL_DEMONSTRATION"] = "true" if demonstration else "false"
