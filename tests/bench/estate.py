"""Fills the map of a portal: authorities, their systems and cameras, by the reader that fills it in life.

python -m tests.bench.estate AUTHORITIES SYSTEMS CAMERAS        systems of each, cameras of each system; prints a plan

A process of its own. The same authority has the same cameras whatever the number of the others. What is frozen here is
what the map and the page of the list read; the rest of a publication is left out.
"""

import json
import random
import sys
import time
from collections.abc import Iterator
from typing import Any

from ccp_portal.launcher import preparation

LONDON_EACH = 10  # of so many authorities one lies in London, where a tile holds most
LONDON = (51.5, -0.12, 0.15)  # latitude, longitude, half width
SPREAD = 0.03  # degrees: what most cameras of a town lie within
TYPES = ("ptz", "ptz", "fixed", "fixed", "dome", "anpr")
PRECISIONS = ("exact",) * 8 + ("street", "ward")


def main() -> int:
    preparation.start_django()
    authorities, systems, cameras = map(int, sys.argv[1:4])
    begun = time.perf_counter()
    slug = fill(authorities, systems, cameras)
    seconds = time.perf_counter() - begun
    print(json.dumps({"seconds": seconds, **plan(slug)}))
    return 0


def fill(authorities: int, systems: int, cameras: int) -> str:
    """Everything in one transaction for each authority. Returns the address part of the first."""
    from django.db import transaction

    from accounts.models import Kind, Organisation
    from transparency.services.places import place

    slugs = []
    for number in range(authorities):
        with transaction.atomic():
            owner, _made = Organisation.objects.get_or_create(
                slug=f"estate-{number:04}",
                defaults={"name": f"Estate {number:04}", "kind": Kind.PRINCIPAL_AUTHORITY, "nation": "england"},
            )
            for publication in publications(owner, number, systems, cameras):
                place(publication)
        slugs.append(owner.slug)
    return slugs[0]


def publications(owner: Any, number: int, systems: int, cameras: int) -> Iterator[Any]:
    from compliance.frozen import canonical, digest
    from transparency.models import Publication

    chance = random.Random(number)
    middle = _middle(number, chance)
    for system in range(systems):
        text = canonical(content_of(owner, f"Town centre {system}", list(_rows(chance, middle, cameras))))
        yield Publication.objects.create(
            kind="system",
            organisation=owner,
            subject_reference=f"BN-{number:04}-{system:02}",
            path=f"/authorities/{owner.slug}/town-centre-{system}/",
            title=f"Town centre {system}",
            version=1,
            content=text,
            sha256=digest(text),
            summary={
                "missing": [],
                "is_main": system == 0,
                "cameras_counted": cameras,
                "cameras_listed": cameras,
                "cameras_withheld": 0,
            }
            | {"spoc_post": "CCTV manager", "spoc_email": "cctv@council.example"},
        )


def _middle(number: int, chance: random.Random) -> tuple[float, float]:
    """Where an authority lies: some in London, the others all over England and Wales."""
    if number % LONDON_EACH == 0:
        latitude, longitude, half = LONDON
        return latitude + chance.uniform(-half, half), longitude + chance.uniform(-half, half)
    return chance.uniform(50.6, 54.8), chance.uniform(-3.6, 0.2)


def _rows(chance: random.Random, middle: tuple[float, float], cameras: int) -> Iterator[dict[str, Any]]:
    for number in range(cameras):
        ward = f"Ward {chance.randrange(20):02}"
        precision = chance.choice(PRECISIONS)
        row = {"ref": str(number + 1), "ward": ward, "type": chance.choice(TYPES), "precision": precision}
        if precision != "ward":
            row["location"] = f"{chance.randrange(999)} Market Street"
        if precision == "exact":
            row["latitude"] = f"{chance.gauss(middle[0], SPREAD):.6f}"
            row["longitude"] = f"{chance.gauss(middle[1], SPREAD * 1.6):.6f}"
        yield row


def content_of(owner: Any, name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    count = len(rows)
    precisions = {each: sum(row["precision"] == each for row in rows) for each in ("exact", "street", "ward")}
    technology = {"technology": "cctv", "fixed": count, "ptz": 0, "redeployable": 0, "mobile": 0, "total": count}
    names = {"en": owner.name, "cy": ""}
    return {
        "schema": "ccp/system-publication/2",
        "operator": {"slug": owner.slug, "kind": owner.kind, "name": names, "nation": "england"},
        "facts": {
            "technologies": [technology],
            "cameras_counted": count,
            "cameras": {"list": rows, "listed": count, "by_precision": {**precisions, "withheld": 0}, "withheld": []},
        },
        "texts": {"en": {"name": name}, "cy": {}},
    }


def plan(slug: str) -> dict[str, Any]:
    """Where to look: an authority, the list of one of its systems, and the place with the most cameras around it."""
    from django.db import connection
    from django.db.models import Count

    from transparency.models import PublicCamera
    from transparency.services.bake import bake_pages

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as a server does by itself, some time after so many rows
    pages = ["/", "/authorities/", f"/authorities/{slug}/", f"/authorities/{slug}/town-centre-0/cameras/"]
    bake_pages(pages)
    tiles = PublicCamera.objects.on_the_map().values("tile").annotate(number=Count("pk")).order_by("-number", "tile")
    x, y = PublicCamera.objects.filter(tile=tiles[0]["tile"]).values_list("x", "y")[0]
    return {
        "baked": pages,
        "authority": slug,
        "place": [x, y],
        "in_fullest_tile": tiles[0]["number"],
        "cameras": PublicCamera.objects.count(),
    }


if __name__ == "__main__":
    sys.exit(main())
