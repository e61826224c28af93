"""Brings a made-up list of cameras in, by one way, into empty tables. A process of its own, for its memory is measured.

python -m tests.bench.bringing_in portal|raw|table|other ROWS [beside]       prints {"seconds", "mb"}

With `beside`, what the tables hold already stays there.
"""

import csv
import importlib
import json
import resource
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from ccp_portal.launcher import preparation

COLUMNS = {
    "reference": "operator_ref",
    "location": "location",
    "town": "locality",
    "ward": "ward",
    "ward_code": "ward_code",
    "postcode": "postcode",
    "type": "camera_type",
    "mounted_on": "mount",
    "direction": "direction",
    "area_of_view": "view_description",
    "latitude": "latitude",
    "longitude": "longitude",
    "installed_on": "installed_on",
    "remarks": "ignore",
    "sheet": "ignore",
}
TABLE = """
CREATE TABLE bench_cameras (
    id {key}, reference varchar(60) UNIQUE, location varchar(250), town varchar(120), ward varchar(120),
    ward_code varchar(12), postcode varchar(8), type varchar(20), mounted_on varchar(20), direction integer,
    area_of_view text, latitude numeric(9,6), longitude numeric(9,6), installed_on date, remarks text, sheet text
)
"""

# What is timed, and how many rows it brought in
Way = tuple[Callable[[], None], Callable[[], int]]


def main() -> int:
    preparation.start_django()
    way, rows = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="ccp-bench-") as folder:
        path = Path(folder) / "cameras.csv"
        write_list(path, rows)
        if sys.argv[3:] != ["beside"]:
            empty()
        ways = {"portal": by_portal, "raw": by_database, "table": by_table, "other": by_import_export}
        act, count = ways[way](path, rows)
        begun = time.perf_counter()
        act()
        seconds = time.perf_counter() - begun
        if (found := count()) != rows:
            raise SystemExit(f"{found} of {rows} rows came in")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "mb": peak}))
    return 0


def write_list(path: Path, rows: int) -> None:
    """Cameras some 20 m from each other, each with a number of its own."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for n in range(rows):
            latitude, longitude = 53.0 + n // 500 * 0.002, -2.5 + n % 500 * 0.0005
            writer.writerow(
                (
                    f"CAM-{n:06}", f"Junction of Street {n} and Mill Lane", "Marlbridge", f"Ward {n % 40}", "E05000001",
                    "M32 0TH", "ptz" if n % 3 else "dome", "pole", n % 360, "The crossing and both pavements",
                    f"{latitude:.6f}", f"{longitude:.6f}", f"20{n % 20:02}-05-17", "", "A",
                )
            )  # fmt: skip


def empty() -> None:
    """No camera and no entry of the trail is left."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("TRUNCATE compliance_camera, core_trailentry CASCADE")
        else:
            for table in ("compliance_camera", "core_trailentry"):
                cursor.execute(f"DELETE FROM {table}")


def new_system() -> Any:
    """Without a camera."""
    from accounts.models import Organisation
    from tests.factories.accounts import OrganisationFactory
    from tests.factories.compliance import CameraSystemFactory

    own = {"slug": "bench-of-lists", "name": "Bench of lists", "gss_code": "E99999999"}
    middle = {"latitude": Decimal("53.2"), "longitude": Decimal("-2.4")}
    there = Organisation.objects.filter(slug=own["slug"]).first()
    operator = there or OrganisationFactory(**own, **middle)
    return CameraSystemFactory(operator=operator, slug=f"bench-{secrets.token_hex(8)}")


def by_portal(path: Path, rows: int) -> Way:
    """Read, judged, sorted and applied with the trail: what `import_cameras --accept` does."""
    from compliance.camera_lists import ListSettings
    from compliance.models import Camera
    from compliance.services.imports import apply_sorted, sort_file
    from core.models import TrailEntry

    system = new_system()

    def act() -> None:
        wanted = sort_file(system=system, path=path, file_name=path.name, settings=ListSettings(mapping=COLUMNS))
        apply_sorted(system=system, wanted=wanted, by=None)

    def count() -> int:
        placed = Camera.objects.filter(system=system).exclude(latitude=None)
        entries = TrailEntry.objects.filter(verb="created", subject_kind="compliance.Camera")
        return min(placed.count(), entries.filter(subject_id__in=placed.values("pk")).count())

    return act, count


def by_table(path: Path, rows: int) -> Way:
    """Cameras as the portal wrote them, copied into its table with all that it has of indexes and constraints: what the
    portal does beyond reading, judging and the trail. On PostgreSQL.
    """
    from django.db import connection, transaction

    from compliance.models import Camera

    by_portal(path, rows)[0]()
    ready = path.with_name("cameras.copy")
    with open(ready, "w", encoding="utf-8") as file, connection.cursor() as cursor:
        cursor.copy_expert("COPY compliance_camera TO STDOUT", file)
    empty()

    def act() -> None:
        with open(ready, encoding="utf-8") as file, transaction.atomic(), connection.cursor() as cursor:
            cursor.copy_expert("COPY compliance_camera FROM STDIN", file)

    return act, Camera.objects.count


def by_database(path: Path, rows: int) -> Way:
    """The file as it is into a table of its own columns: what no import can be quicker than."""
    from django.db import connection

    on_postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_cameras")
        cursor.execute(TABLE.format(key="bigserial PRIMARY KEY" if on_postgres else "integer PRIMARY KEY"))

    def act() -> None:
        from django.db import transaction

        with open(path, encoding="utf-8", newline="") as file, transaction.atomic(), connection.cursor() as cursor:
            names = ", ".join(COLUMNS)
            if on_postgres:
                cursor.copy_expert(f"COPY bench_cameras ({names}) FROM STDIN WITH (FORMAT csv, HEADER true)", file)
                return
            reader = csv.reader(file)
            next(reader)
            places = ", ".join(["%s"] * len(COLUMNS))
            cursor.executemany(f"INSERT INTO bench_cameras ({names}) VALUES ({places})", list(reader))

    def count() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM bench_cameras")
            return int(cursor.fetchone()[0])

    return act, count


def by_import_export(path: Path, rows: int) -> Way:
    """The same fields by django-import-export in bulk; it judges no place and writes no trail."""
    tablib: Any = importlib.import_module("tablib")
    fields: Any = importlib.import_module("import_export.fields")
    resources: Any = importlib.import_module("import_export.resources")

    from compliance.models import Camera

    system = new_system()
    taken = {column: field for column, field in COLUMNS.items() if field != "ignore"}

    class CameraResource(resources.ModelResource):
        def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
            instance.system = system
            instance.status = "operational"

        class Meta:
            model = Camera
            fields = tuple(taken.values())
            import_id_fields = ("operator_ref",)
            use_bulk = True
            skip_diff = True
            skip_unchanged = False
            batch_size = 1000

    for column, name in taken.items():
        field = CameraResource.fields[name]
        CameraResource.fields[name] = fields.Field(attribute=name, column_name=column, widget=field.widget)

    def act() -> None:
        with open(path, encoding="utf-8", newline="") as file:
            data = tablib.Dataset().load(file.read(), format="csv")
        result = CameraResource().import_data(data, use_transactions=True, raise_errors=True)
        if result.has_errors():
            raise SystemExit("not all rows came in")

    return act, Camera.objects.filter(system=system).count


if __name__ == "__main__":
    sys.exit(main())
