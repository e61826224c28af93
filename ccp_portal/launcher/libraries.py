"""Libraries of the system that WeasyPrint loads, fetched with apt-get where that is allowed."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from ccp_portal.environment import Refused

APT_SECONDS = 600
APT_OFFLINE = ("-o", "Acquire::http::Timeout=15", "-o", "Acquire::Retries=1", "-o", "DPkg::Lock::Timeout=60")


@dataclass(frozen=True)
class Library:
    """A shared library: any of `names` will do. `package` is its Debian package."""

    what: str
    names: tuple[str, ...]
    package: str

    def loads(self) -> bool:
        for name in self.names:
            try:
                ctypes.CDLL(name)
            except OSError:
                continue
            return True
        return False


PANGO = Library("pango", ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0"), "libpango-1.0-0")
PANGOFT2 = Library("pangoft2", ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"), "libpangoft2-1.0-0")
HARFBUZZ = Library("harfbuzz", ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz.dylib"), "libharfbuzz0b")
FONTCONFIG = Library("fontconfig", ("libfontconfig.so.1", "libfontconfig.1.dylib"), "libfontconfig1")
SUBSET = Library("harfbuzz-subset", ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"), "libharfbuzz-subset0")
NEEDED = (PANGO, PANGOFT2, HARFBUZZ, FONTCONFIG)


def ensure() -> None:
    """What printing certificates needs. Raises Refused; a library that only makes it quicker never stops a start."""
    missing = [library for library in (*NEEDED, SUBSET) if not library.loads()]
    if missing and may_install():
        install([library.package for library in missing], "for printing certificates")
        missing = [library for library in missing if not library.loads()]
    if needed := [library for library in missing if library in NEEDED]:
        packages = " ".join(library.package for library in needed)
        names = ", ".join(library.what for library in needed)
        raise Refused(f"Certificates cannot be printed without {names}; get it with: apt-get install {packages}")
    if missing:
        tell(
            f"{SUBSET.what} is missing: certificates take twice as long. Get it with: apt-get install {SUBSET.package}"
        )


def may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: Sequence[str], why: str) -> bool:
    """apt-get install, saying so. False when it could not, for example without a network."""
    tell(f"installing {' '.join(packages)} {why} with apt-get")
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps = (
        ["apt-get", *APT_OFFLINE, "-qq", "update"],
        ["apt-get", *APT_OFFLINE, "-qq", "-y", "--no-install-recommends", "install", *packages],
    )
    for step in steps:
        try:
            done = subprocess.run(
                step, env=environ, stdin=subprocess.DEVNULL, capture_output=True, timeout=APT_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            tell("apt-get did not end in time")
            return False
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()
        tell(f"apt-get could not: {reason[-1] if reason else f'exit {done.returncode}'}")
    return done.returncode == 0


def tell(text: str) -> None:
    print(f"portal: {text}", file=sys.stderr, flush=True)
