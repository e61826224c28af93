"""Fills a portal for the bench and prints, as one value of JSON, where everything is. A process of its own.

python -m tests.bench.filling       what `Plan` names
python -m tests.bench.filling check READS ANSWERS from stdin: the texts that were acknowledged, and counts the lost
"""

import json
import sys
from typing import Any

from ccp_portal.launcher import preparation

ROWS = 20
PEOPLE, PEOPLE_AN_ASSESSMENT = 50, 10
OWN, SHARED = 2, 2  # questions of each of the fifty: their own, and those of all who work on the assessment
WRITES = ("INSERT", "UPDATE", "DELETE", "SELECT", "WITH")


def main() -> int:
    preparation.start_django()
    if sys.argv[1:] == ["check"]:
        from tests.bench.records import count_lost

        print(json.dumps(count_lost(json.load(sys.stdin))))
        return 0
    preparation.set_up(demonstration=False, say=lambda text: None)
    from tests.bench.records import plan

    result: dict[str, Any] = plan(rows=ROWS, people=PEOPLE, together=PEOPLE_AN_ASSESSMENT, own=OWN, shared=SHARED)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
