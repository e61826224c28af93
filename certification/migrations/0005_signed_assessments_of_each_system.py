from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def copy_each(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """The one signed self-assessment of an application becomes the first of its list."""
    application = apps.get_model("certification", "Application")
    through = application.signed_assessments.through
    there = set(through.objects.values_list("application_id", "signedassessment_id"))
    found = application.objects.filter(signed_assessment__isnull=False).values_list("pk", "signed_assessment_id")
    through.objects.bulk_create(
        through(application_id=pk, signedassessment_id=signed) for pk, signed in found if (pk, signed) not in there
    )


def back_to_one(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """The newest of them."""
    application = apps.get_model("certification", "Application")
    through = application.signed_assessments.through
    rows = through.objects.order_by("signedassessment__signed_at")
    for pk, signed in rows.values_list("application_id", "signedassessment_id"):
        application.objects.filter(pk=pk).update(signed_assessment_id=signed)


class Migration(migrations.Migration):
    dependencies = [("certification", "0004_first_events")]

    operations = [migrations.RunPython(copy_each, back_to_one)]
