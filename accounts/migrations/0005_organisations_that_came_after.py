from django.db import migrations, models


def mark(apps, _schema_editor):
    apps.get_model("accounts", "Organisation").objects.filter(predecessors__isnull=False).update(is_successor=True)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_what_reorganisations_leave")]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="is_successor",
            field=models.BooleanField(default=False, editable=False, verbose_name="came after others"),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
