"""What is wrong with the rows of a list stands in rows of its own; how far a worker is, is not kept."""

import django.core.serializers.json
import django.db.models.deletion
from django.db import migrations, models


def move_problems(apps, schema_editor):
    run_model, problem_model = (apps.get_model("compliance", name) for name in ("ImportRun", "ImportProblem"))
    for run in run_model.objects.exclude(old_problems=[]).iterator(10):
        problem_model.objects.bulk_create(
            (
                problem_model(
                    run=run, row=old.get("row") or 0, code=old.get("code", ""), message=old.get("message", "")
                )
                for old in run.old_problems
            ),
            batch_size=1000,
        )
    if schema_editor.connection.vendor == "postgresql":  # else the table could not be altered in the same transaction
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0014_dpias_printed_or_made_elsewhere"),
    ]

    operations = [
        migrations.RenameField(model_name="importrun", old_name="problems", new_name="old_problems"),
        migrations.CreateModel(
            name="ImportProblem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("row", models.PositiveIntegerField()),
                ("code", models.CharField(max_length=60)),
                ("message", models.TextField()),
                ("sorted_as", models.CharField(blank=True, max_length=12)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="problems",
                        to="compliance.importrun",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.RunPython(move_problems, migrations.RunPython.noop),
        migrations.RemoveField(model_name="importrun", name="old_problems"),
        migrations.RemoveField(model_name="importrun", name="done"),
        migrations.RemoveField(model_name="importrun", name="total"),
        migrations.RemoveField(model_name="importrun", name="preview"),
        migrations.AddField(
            model_name="importedchange",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="importedchange",
            name="placement",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="compliance.placement",
            ),
        ),
        migrations.AddField(
            model_name="importedchange",
            name="ended_placement",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="compliance.placement",
            ),
        ),
        migrations.AlterField(
            model_name="importedchange",
            name="after",
            field=models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder),
        ),
        migrations.AlterField(
            model_name="importedchange",
            name="before",
            field=models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder),
        ),
    ]
