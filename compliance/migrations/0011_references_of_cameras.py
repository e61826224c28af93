"""Gives the cameras and lists that were there before a reference, says of those lists that they are entered, and puts what
was wrong with their rows into rows of its own.
"""

from typing import Any

from django.db import migrations
from django.db.models import F

from core.references import new_reference

BATCH = 2000


def give_references(apps: Any, schema_editor: Any) -> None:
    for name, prefix, length in (("Camera", "CM", 10), ("ImportRun", "IM", 7)):
        model = apps.get_model("compliance", name)
        while rows := list(model.objects.filter(reference__isnull=True).only("pk")[:BATCH]):
            for row in rows:
                row.reference = new_reference(prefix, length)
            model.objects.bulk_update(rows, ("reference",), batch_size=500)
    apps.get_model("compliance", "ImportRun").objects.update(status="applied", applied_at=F("at"))
    moving = apps.get_model("compliance", "Camera").objects.filter(camera_type__in=("mobile_vehicle", "bwv", "drone"))
    moving.update(latitude=None, longitude=None)


def move_problems(apps: Any, schema_editor: Any) -> None:
    problem = apps.get_model("compliance", "ImportProblem")
    for run in apps.get_model("compliance", "ImportRun").objects.exclude(old_problems=[]).iterator(10):
        problem.objects.bulk_create(
            (
                problem(run=run, row=old.get("row") or 0, code=old.get("code", ""), message=old.get("message", ""))
                for old in run.old_problems
            ),
            batch_size=1000,
        )


class Migration(migrations.Migration):
    dependencies = [("compliance", "0010_cameras_justified")]

    operations = [
        migrations.RunPython(give_references, migrations.RunPython.noop),
        migrations.RunPython(move_problems, migrations.RunPython.noop),
    ]
