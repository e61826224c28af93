"""Actions that were closed before the day of closing was kept get that of their last move to done or dropped."""

from typing import Any

from django.db import migrations
from django.db.models import Max

CLOSED = ("done", "dropped")


def fill(apps: Any, schema_editor: Any) -> None:
    items = apps.get_model("compliance", "ActionItem")
    moved = items.objects.filter(status__in=CLOSED, closed_at=None, changes__after__in=CLOSED)
    for action in moved.annotate(last_at=Max("changes__at")).iterator():
        items.objects.filter(pk=action.pk).update(closed_at=action.last_at)


class Migration(migrations.Migration):
    dependencies = [("compliance", "0007_hash_of_what_was_made_elsewhere")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
