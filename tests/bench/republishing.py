"""python -m tests.bench.republishing AUTHORITIES ROUNDS: brings the estate to that size, then changes one system after
another, publishes it and does what was promised. Prints one value of JSON. A process of its own.
"""

import json
import sys
import time
from typing import Any

from ccp_portal.launcher import preparation

CAMERAS_AN_AUTHORITY = 100


def main() -> int:
    preparation.start_django()
    authorities, rounds = map(int, sys.argv[1:])
    print(json.dumps(_measured(authorities, rounds)))
    return 0


def _measured(authorities: int, rounds: int) -> dict[str, Any]:
    from ccp_portal.demonstration.estate import Size, seed
    from compliance.models import CameraSystem
    from core import jobs
    from core.dates import today
    from core.jobs import Job
    from transparency.addresses import all_paths
    from transparency.languages import LANGUAGES
    from transparency.models import Publication

    seed(Size(authorities, authorities * CAMERAS_AN_AUTHORITY, seed=1), say=lambda text: None)
    _make_what_follows()
    Job.objects.all().delete()  # building the whole estate is not what is measured
    published = Publication.objects.filter(kind=Publication.Kind.SYSTEM).values("subject_reference")
    reference = CameraSystem.objects.filter(is_main=True, reference__in=published).order_by("pk")[0].reference
    seconds, pages = [], 0
    for number in range(rounds + 1):
        _change(reference, f"{today().isoformat()} {authorities} {number}")
        taken = time.perf_counter()
        _publish(reference)
        pages = sum(len(job.arguments["paths"]) for job in Job.objects.open().filter(kind="transparency.bake_pages"))
        jobs.drain()
        seconds.append(time.perf_counter() - taken)
    estate = len(all_paths()) * len(LANGUAGES)
    systems = CameraSystem.objects.count()
    return {"seconds": seconds[1:], "pages": pages, "estate": estate, "systems": systems}


def _make_what_follows() -> None:
    """Read models and files of open data, so that they are as large as the estate is before the first change."""
    from transparency.models import Publication
    from transparency.services.open_data import build_national
    from transparency.services.read_models import refresh

    refresh(list(Publication.objects.newest().values_list("kind", "subject_reference")))
    build_national()


def _change(reference: str, text: str) -> None:
    from compliance.models import CameraSystem
    from compliance.services.systems import update_system

    system = CameraSystem.objects.get(reference=reference)
    update_system(system=system, version=system.version, changes={"areas_covered": text}, by=None)


def _publish(reference: str) -> None:
    from compliance.models import CameraSystem
    from transparency.services.publish import publish_system

    publish_system(system=CameraSystem.objects.get(reference=reference), by=None)


if __name__ == "__main__":
    sys.exit(main())
