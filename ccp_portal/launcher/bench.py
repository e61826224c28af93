"""`./portal bench`: how quick the portal is, as ratios against something in the same run (tests/bench)."""

import os
import shutil
import subprocess
import sys

from ccp_portal.environment import ROOT, Refused
from ccp_portal.launcher import broker, libraries
from ccp_portal.launcher.programs import find_nginx


def bench(name: str | None, *, quick: bool) -> int:
    """0 when every part ran, whatever its figures say; 1 when one could not. Raises Refused for what is lacking."""
    libraries.ensure()
    if broker.find_server() is None and libraries.may_install():
        libraries.install(["redis-server"], "for the benchmarks")
    if broker.find_server() is None:
        raise Refused("The benchmarks need a redis-server; get it with: apt-get install redis-server")
    if (find_nginx() is None or shutil.which("wrk") is None) and libraries.may_install():
        libraries.install(["nginx-light", "libnginx-mod-http-brotli-static", "wrk"], "for the benchmarks")
    command = [sys.executable, "-m", "tests.bench", *([name] if name else []), *(["--quick"] if quick else [])]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))}
    return subprocess.run(command, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, check=False).returncode
