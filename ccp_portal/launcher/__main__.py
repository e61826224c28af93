"""The command line of `./portal`. Exit 0 done, 1 refused with the reason on stderr, 2 wrong use."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from ccp_portal.environment import ROOT, Refused, port_number, prepare

BENCHES = ("agreements", "assessment", "certificates", "import", "map", "national", "pages", "republish")


def port_option(text: str) -> int:
    try:
        return port_number(text)
    except Refused as refusal:
        raise argparse.ArgumentTypeError(str(refusal)) from refusal


def parser() -> argparse.ArgumentParser:
    main = argparse.ArgumentParser(prog="./portal", allow_abbrev=False)
    commands = main.add_subparsers(dest="command", required=True, metavar="COMMAND")
    where = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    where.add_argument("--data", type=Path, metavar="DIR", help="the data folder (PORTAL_DATA; default: var)")
    where.add_argument(
        "--port", type=port_option, metavar="N", help="the web server's port (PORTAL_PORT; default: 8000)"
    )

    def command(name: str, text: str, *parents: argparse.ArgumentParser) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text, parents=list(parents), allow_abbrev=False)

    for name, text in (
        ("up", "Set the portal up, serve it with worker and beat, and print `ready http://127.0.0.1:N`."),
        ("setup", "Set the portal up and do its due jobs, without serving. Run again, it changes nothing."),
    ):
        command(name, text, where).add_argument(
            "--empty", action="store_true", help="no demonstration data, now or later; real organisations are invited"
        )
    command("doctor", "Tell what this machine has and lacks; exit 1 if something is lacking.", where)
    lint = command("lint", "Run ruff, mypy, djlint, the import contract, the migrations and deploy checks.")
    lint.add_argument("steps", nargs="*", metavar="STEP", help="only these steps (their names are printed)")
    test = command("test", "Run the test suite on SQLite and on PostgreSQL. Other arguments go to pytest.")
    test.add_argument("--long", action="store_true", help="also the tests that take long, with the full numbers")
    test.add_argument("--postgres", action="store_true", help="with arguments for pytest: on PostgreSQL too")
    bench = command("bench", "Measure the portal against itself; each line ends with holds, falls short or the like.")
    bench.add_argument("name", nargs="?", choices=BENCHES, metavar="NAME", help=f"one part alone: {', '.join(BENCHES)}")
    bench.add_argument(
        "--quick", action="store_true", help="a few rounds only: to see that it runs, not how quick it is"
    )
    manage = command("manage", "Run manage.py with the portal's environment.", where)
    manage.add_argument("arguments", nargs=argparse.REMAINDER, metavar="…", help="the command and its arguments")
    return main


def run(options: argparse.Namespace, rest: list[str]) -> int:
    """Each command's module is imported only when it is asked for."""
    if options.command in {"lint", "test", "bench"}:
        return run_on_checkout(options, rest)
    if options.command == "doctor":
        from ccp_portal.launcher.doctor import doctor

        return doctor(data=options.data, port=options.port)
    prepare(data=options.data, port=options.port)
    if options.command == "up":
        from ccp_portal.launcher.serving import up

        return up(empty=options.empty)
    if options.command == "setup":
        from ccp_portal.launcher.serving import set_up_only

        return set_up_only(empty=options.empty)
    return become_manage(options.arguments)


def run_on_checkout(options: argparse.Namespace, rest: list[str]) -> int:
    """The commands that look at the portal's code and at no data folder of yours."""
    if options.command == "lint":
        from ccp_portal.launcher.linting import lint

        return lint(options.steps)
    if options.command == "test":
        from ccp_portal.launcher.testing import test

        return test(rest, long=options.long, postgres=options.postgres)
    from ccp_portal.launcher.bench import bench

    return bench(options.name, quick=options.quick)


def become_manage(arguments: Sequence[str]) -> NoReturn:
    """The same process goes on as manage.py: its signals and its exit code are manage.py's own."""
    os.execv(sys.executable, [sys.executable, str(ROOT / "manage.py"), *arguments])


def main(argv: Sequence[str] | None = None) -> int:
    arguments = parser()
    options, rest = arguments.parse_known_args(argv)
    if rest and options.command != "test":
        arguments.error(f"unrecognized arguments: {' '.join(rest)}")
    try:
        return run(options, rest)
    except Refused as refusal:
        print(f"portal: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
