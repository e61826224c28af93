"""Sets a portal up in one Django process: tables, static files, reference data, demonstration data.

`./portal setup` calls it in its own process; for `./portal up` it runs as a child and reports over a pipe. Run again,
it changes nothing.
"""

import hashlib
import io
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from ccp_portal.environment import ROOT, Refused

Say = Callable[[str], None]
ASK_EVERY_SECONDS = 0.25
TELL_EVERY_SECONDS = 30.0
NOT_SERVED = ["rest_framework"]  # the look of an API browser that the portal does not have
REFERENCE_DATA = (  # in this order: schemes name the edition of the Code, authorities name their force
    ("the Code", "load_code", "compliance/data", "code-*.yaml"),
    ("schemes", "load_scheme", "certification/data", "*.yaml"),
    ("clauses", "load_clauses", "slas/data", "clauses-*.yaml"),
    ("strategies", "load_strategy", "strategy/data", "*.yaml"),
    ("courses", "load_courses", "strategy/data/training", "courses.yaml"),
    ("police forces", "load_authorities", "accounts/data", "forces*.csv"),
    ("authorities", "load_authorities", "accounts/data", "authorities*.csv"),
    ("other police bodies", "load_authorities", "accounts/data", "agencies*.csv"),
)


def start_django() -> None:
    """Raises Refused with the reason where the settings or the installed packages do not allow it."""
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except (ImproperlyConfigured, ImportError) as error:
        raise Refused(f"The portal cannot start: {error}") from error


def set_up(*, demonstration: bool, say: Say) -> None:
    """Everything but the serving. Raises Refused."""
    from django.core.management import CommandError
    from django.db import DatabaseError

    steps: list[Callable[[], str]] = [_migrate, _make_keys, _collect_static, _load_reference_data]
    if demonstration:
        steps.append(_load_demonstration)
    steps += [_promise_public_pages, _promise_readings]
    for step in steps:
        started = time.monotonic()
        try:
            done = step()
        except CommandError as error:
            raise Refused(str(error)) from error
        except DatabaseError as error:
            raise Refused(f"The database refused: {str(error).strip()}") from error
        headline, *details = done.splitlines()
        say("\n".join([f"{headline} ({time.monotonic() - started:.1f} s)", *details]))


def _migrate() -> str:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return "Database: up to date"
    call_command("migrate", interactive=False, verbosity=0)
    return f"Database: {len(plan)} migrations applied"


def _make_keys() -> str:
    """Before any web server or worker is there, so that nobody waits for them. Raises Refused for damaged ones."""
    from django.core.exceptions import ImproperlyConfigured

    from core.signing import KeysBroken, keyring

    try:
        return f"Signing keys: {keyring().current.key_id[:8]}… signs"
    except (KeysBroken, ImproperlyConfigured) as error:
        raise Refused(f"Nothing can be signed: {error}.") from error


def _collect_static() -> str:
    from django.conf import settings
    from django.core.management import call_command

    stamp = Path(settings.PORTAL_DATA) / "run" / "static.stamp"
    wanted = _static_fingerprint()
    if stamp.is_file() and stamp.read_text() == wanted and Path(settings.STATIC_ROOT).is_dir():
        return "Static files: up to date"
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=NOT_SERVED)
    stamp.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    stamp.write_text(wanted)
    return "Static files: collected"


def _promise_public_pages() -> str:
    """All of them once for each release: what the pages look like may have changed, their addresses too."""
    from django.conf import settings

    stamp = Path(settings.PORTAL_DATA) / "run" / "public.stamp"
    wanted = _release_fingerprint()
    if stamp.is_file() and stamp.read_text() == wanted and Path(settings.PUBLIC_ROOT).is_dir():
        return "Public pages: up to date"
    said = _last_line("publish")
    stamp.write_text(wanted)
    return f"Public pages: {said}"


def _promise_readings() -> str:
    """Those of yesterday, so that the plans have numbers before the first night."""
    from strategy.tasks import promise_readings

    promise_readings()
    return "Delivery plans: yesterday's readings are promised"


def _release_fingerprint() -> str:
    """Changes when a template, a static file, a translation or the code of the public pages is touched."""
    seen = hashlib.sha256(_static_fingerprint().encode())
    for folder, pattern in (("templates", "*.html"), ("locale", "*.mo"), ("transparency", "*.py")):
        for path in sorted((ROOT / folder).rglob(pattern)):
            state = path.stat()
            seen.update(f"{path.relative_to(ROOT)}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def _static_fingerprint() -> str:
    """Changes when any static file is added, removed or touched."""
    from django.contrib.staticfiles.finders import get_finders

    seen = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(ignore_patterns=NOT_SERVED):
            state = os.stat(storage.path(path))
            seen.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def _load_reference_data() -> str:
    said = []
    for what, command, folder, pattern in REFERENCE_DATA:
        results = [_last_line(command, str(path)).rstrip(".") for path in sorted((ROOT / folder).glob(pattern))]
        said.append(f"{what}: {'; '.join(results)}")
    return "Reference data loaded\n  " + "\n  ".join(said)


def _load_demonstration() -> str:
    return "Demonstration: " + _last_line("load_demonstration")


def _last_line(command: str, *arguments: str) -> str:
    """What a command says at its end. Raises Refused with its own reason."""
    from django.core.management import call_command

    out, reason = io.StringIO(), io.StringIO()
    try:
        call_command(command, *arguments, stdout=out, stderr=reason)
    except SystemExit as end:
        if end.code:
            words = " ".join([command, *arguments])
            raise Refused(f"{words} was refused. {' '.join(reason.getvalue().split())}") from end
    lines = out.getvalue().strip().splitlines()
    return lines[-1] if lines else command


def do_due_jobs(say: Say) -> None:
    """Do what was promised in this process; tells what could not be done and waits for another attempt."""
    from core import jobs

    done = jobs.drain()
    if done:
        say(f"Due work: {done} jobs begun")
    if failed := jobs.Job.objects.open().exclude(error="").count():
        say(
            f"{failed} jobs failed and will be tried again when the portal is up; see their error in the table of jobs."
        )


def wait_for_due_jobs(say: Say) -> None:
    """Until the worker has done all that is due."""
    from core import jobs, tasks

    tasks.sweep.delay()  # beat's first ring comes seconds later
    told = time.monotonic()
    while left := jobs.due_count():
        time.sleep(ASK_EVERY_SECONDS)
        if time.monotonic() - told > TELL_EVERY_SECONDS:
            told = time.monotonic()
            say(f"Waiting for the worker: {left} jobs are due")


def sign_ins(*, demonstration: bool) -> list[str]:
    """How somebody gets in: the demonstration's people, or a link for the very first one."""
    if demonstration:
        from ccp_portal.demonstration import sign_in_lines

        return sign_in_lines()
    link = first_link()
    return [f"The first site administrator begins here, once: {link}"] if link else []


def first_link() -> str:
    """Where the first site administrator begins; empty when somebody has an account. The same link until it is used."""
    from django.conf import settings

    from accounts.links import invitation_path
    from accounts.models import Invitation, User
    from accounts.services.invitations import invite_site_administrator

    if User.objects.exists():
        return ""
    waiting = Invitation.objects.acceptable().filter(organisation__isnull=True).first()
    path = invitation_path(waiting) if waiting else invite_site_administrator()
    return f"{settings.PORTAL_ORIGIN}{path}"


def main() -> int:
    """The child of `./portal up`: reports `say`, `stage` or `refused` as a line of JSON on the given descriptor."""
    demonstration, report = sys.argv[1] == "demonstration", os.fdopen(int(sys.argv[2]), "w", buffering=1)

    def tell(**event: str) -> None:
        report.write(json.dumps(event) + "\n")

    def say(text: str) -> None:
        tell(say=text)

    try:
        start_django()
        set_up(demonstration=demonstration, say=say)
        tell(stage="prepared")
        wait_for_due_jobs(say)
        for line in sign_ins(demonstration=demonstration):
            say(line)
        tell(stage="idle")
    except Refused as refusal:
        tell(refused=str(refusal))
        return 1
    except Exception as error:  # the parent tells the person; the log keeps the whole of it
        traceback.print_exc()
        tell(refused=f"The set-up failed: {type(error).__name__}: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
