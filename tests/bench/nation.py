"""Fills a portal with a nation: authorities with forces, systems, cameras, agreements and contacts, and plans that were
counted for a month.

python -m tests.bench.nation AUTHORITIES SYSTEMS CAMERAS        systems of each, cameras of each system; prints a plan

A process of its own. The official lists are taken out of a new portal, so that a small nation is
small.
"""

import datetime as dt
import json
import sys
import time
from typing import Any

from ccp_portal.launcher import preparation

EACH_FORCE = 8  # authorities of one force
DAYS = 30
REGIONS = ("north_east", "north_west", "east_midlands", "west_midlands", "east", "south_east", "south_west", "london")


def main() -> int:
    preparation.start_django()
    authorities, systems, cameras = map(int, sys.argv[1:4])
    begun = time.perf_counter()
    fill(authorities, systems, cameras)
    print(json.dumps({"seconds": time.perf_counter() - begun, **plan()}))
    return 0


def fill(authorities: int, systems: int, cameras: int) -> None:
    from accounts.models import Organisation
    from compliance.models import CameraSystem
    from core.dates import today
    from strategy.models import MeasureReading
    from strategy.services.readings import take_readings
    from tests.bench.estate import fill as fill_estate

    if not CameraSystem.objects.exists():  # the official lists of a portal that is the nation's own
        MeasureReading.objects.all().delete()
        Organisation.objects.filter(kind__in=("principal_authority", "police_force")).delete()
    if not Organisation.objects.filter(slug__startswith="estate-").exists():  # the bench of the map shares a portal
        fill_estate(authorities, systems, cameras)
    owners = list(Organisation.objects.filter(slug__startswith="estate-").order_by("slug"))
    _forces(owners)
    _records(owners, systems, cameras)
    for days in range(DAYS, 0, -1):
        take_readings(today() - dt.timedelta(days=days + 1))


def _forces(owners: list[Any]) -> None:
    from accounts.models import Kind, Organisation

    for number, owner in enumerate(owners):
        place = number // EACH_FORCE
        force, _made = Organisation.objects.get_or_create(
            slug=f"force-{place:03}", defaults={"name": f"Force {place:03}", "kind": Kind.POLICE_FORCE}
        )
        owner.police_forces.add(force)
        owner.region = REGIONS[number % len(REGIONS)]
        owner.save(update_fields=["region"])


def _records(owners: list[Any], systems: int, cameras: int) -> None:
    """What the measures read beside the pages: systems with counts, contacts, an agreement of each authority."""
    from compliance.frozen import canonical, digest
    from compliance.models import CameraSystem, SystemTechnology
    from core.dates import today
    from strategy.models import SpocEntry, SpocPublication
    from transparency.models import Publication

    made = CameraSystem.objects.bulk_create(
        CameraSystem(operator=owner, name=f"Town centre {n}", slug=f"town-centre-{n}", is_main=n == 0, status="active")
        for owner in owners
        for n in range(systems)
    )
    SystemTechnology.objects.bulk_create(
        SystemTechnology(system=system, technology="cctv", fixed_count=cameras) for system in made
    )
    day = today() - dt.timedelta(days=60)
    entries = SpocEntry.objects.bulk_create(
        SpocEntry(organisation=owner, post="CCTV manager", email="cctv@council.example", named_on=day, told_on=day)
        for owner in owners
    )
    SpocPublication.objects.bulk_create(
        SpocPublication(entry=entry, post=entry.post, published_on=day) for entry in entries
    )
    for number, owner in enumerate(owners):
        parties = [
            {"slug": owner.slug, "name": {"en": owner.name}, "side": "councils"},
            {"slug": f"force-{number // EACH_FORCE:03}", "name": {"en": "Force"}, "side": "police"},
        ]
        reference = f"AG-BN{number:05}"
        text = canonical({"reference": reference, "parties": parties, "systems": []})
        days = {"starts_on": day.isoformat(), "ends_on": "", "review_on": "", "replaced_from": "", "ends_early_on": ""}
        Publication.objects.create(
            kind="agreement",
            organisation=owner,
            subject_reference=reference,
            path=f"/agreements/{reference}/",
            title="Agreement",
            version=1,
            content=text,
            sha256=digest(text),
            summary={"status": "signed", "parties": parties, "technologies": ["cctv"], **days},
        )


def plan() -> dict[str, Any]:
    """What a night takes, how many queries pages ask, where they are, and a session of a strand lead."""
    from django.test import Client

    from accounts.models import Role
    from core.dates import today
    from strategy.models import Deliverable, PictureRow
    from strategy.services.picture import build_picture
    from strategy.services.readings import take_readings
    from tests.factories.accounts import NationalBodyFactory, UserFactory, member
    from transparency.models import PublicCamera

    yesterday = today() - dt.timedelta(days=1)
    seconds = {}
    for name, work in (("reading", take_readings), ("picture", build_picture)):
        begun = time.perf_counter()
        work(yesterday)
        seconds[name] = time.perf_counter() - begun
    board: Any = NationalBodyFactory(slug="board-of-the-nation")
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(member(board, Role.STRAND_LEAD, user=UserFactory(email="lead@nation.example.org")))
    counted = Deliverable.objects.filter(measure="information_published").select_related("objective__strategy").first()
    if counted is None:
        raise SystemExit("no plan is loaded")
    key, on = counted.objective.strategy.key, yesterday.isoformat()
    own = f"/workspace/{board.slug}"
    pages = {
        "strategies": "/strategy/",
        "a plan": f"/strategy/{key}/",
        "a deliverable with its list": f"/strategy/{key}/{counted.number}/",
        "the list as a file": f"/strategy/{key}/{counted.number}/list-{on}.csv",
        "points of contact": "/spocs/",
        "groups": "/groups/",
        "trials": "/trials/",
        "plans in the workspace": f"{own}/plans/",
        "national picture": f"{own}/picture/",
        "systems at risk": f"{own}/picture/at-risk/",
    }
    return {
        "nights": seconds,
        "session": browser.cookies["sessionid"].value,
        "pages": pages,
        "queries": {name: _queries(browser, path) for name, path in pages.items()},
        "authorities": PictureRow.objects.count(),
        "cameras": PublicCamera.objects.count(),
    }


def _queries(browser: Any, path: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser.get(path)
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} was answered {answer.status_code}")
    return len(queries)


if __name__ == "__main__":
    sys.exit(main())
