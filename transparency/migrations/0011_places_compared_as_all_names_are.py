from typing import Any

from django.db import migrations

from transparency.folding import folded


def fold_again(apps: Any, schema_editor: Any) -> None:
    """Hyphens and apostrophes part and join the words of places as they do in the search."""
    placed = apps.get_model("transparency", "PlacedSystem")
    rows = list(placed.objects.only("pk", "places"))
    for row in rows:
        row.places = "\n".join(sorted({folded(name) for name in row.places.split("\n")} - {""}))
    placed.objects.bulk_update(rows, ["places"], batch_size=200)


class Migration(migrations.Migration):
    dependencies = [
        ("transparency", "0010_searches_read_their_indexes_alone"),
    ]

    operations = [migrations.RunPython(fold_again, migrations.RunPython.noop)]
