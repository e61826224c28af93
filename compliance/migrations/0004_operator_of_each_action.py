from django.db import migrations
from django.db.models import OuterRef, Subquery


def from_the_assessment(apps, schema_editor):
    """Until now each action belonged to a self-assessment, and so to its system and operator."""
    action, assessment = apps.get_model("compliance", "ActionItem"), apps.get_model("compliance", "Assessment")
    own = assessment.objects.filter(pk=OuterRef("assessment"))
    action.objects.filter(operator=None).update(
        operator=Subquery(own.values("system__operator")[:1]), system=Subquery(own.values("system")[:1])
    )


class Migration(migrations.Migration):
    dependencies = [("compliance", "0003_working_together")]

    operations = [migrations.RunPython(from_the_assessment, migrations.RunPython.noop)]
