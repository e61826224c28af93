"""The process behind `./portal bench`: runs the named part, or all, and prints each line when it is known."""

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator

from tests.bench import agreements, assessment, certificates, importing, maps, national, pages, republish
from tests.bench.lines import Line
from tests.bench.portal import Failed, shared

# The launcher offers the same names, without importing this.
PARTS: dict[str, Callable[..., Iterator[Line]]] = {
    "agreements": agreements.measure,
    "assessment": assessment.measure,
    "certificates": certificates.measure,
    "import": importing.measure,
    "map": maps.measure,
    "national": national.measure,
    "pages": pages.measure,
    "republish": republish.measure,
}


def main() -> int:
    options = argparse.ArgumentParser(prog="./portal bench")
    options.add_argument("name", nargs="?", choices=sorted(PARTS))
    options.add_argument("--quick", action="store_true")
    chosen = options.parse_args()
    failed = 0
    with shared() if chosen.quick and not chosen.name else contextlib.nullcontext():
        for name in [chosen.name] if chosen.name else PARTS:
            try:
                for line in PARTS[name](quick=chosen.quick):
                    print(line, flush=True)
            except Failed as failure:
                failed = 1
                print(f"portal bench: {name} could not be run: {failure}", file=sys.stderr, flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
