import django.db.models.deletion
from django.db import migrations, models

import compliance.models.camera

PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_deputies_and_days_of_invitations"),
        ("compliance", "0012_each_camera_has_a_reference"),
    ]

    operations = [
        migrations.RemoveIndex("camera", "camera_by_review"),
        migrations.AlterField(
            "camera",
            "import_run",
            models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=PROTECT,
                related_name="cameras",
                to="compliance.importrun",
            ),
        ),
        migrations.AlterField(
            "camera",
            "monitored_by",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=PROTECT,
                related_name="+",
                to="accounts.organisation",
                verbose_name="monitored by",
            ),
        ),
        migrations.AlterField(
            "camera",
            "previous",
            models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=PROTECT,
                related_name="successors",
                to="compliance.camera",
            ),
        ),
        migrations.AlterField(
            "camera",
            "reference",
            models.CharField(default=compliance.models.camera.camera_reference, editable=False, max_length=20),
        ),
        migrations.AlterField(
            "camera",
            "system",
            models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="cameras", to="compliance.camerasystem"),
        ),
        migrations.AddIndex(
            "camera",
            models.Index(
                condition=models.Q(("review_due_on__isnull", False)),
                fields=["system", "review_due_on"],
                name="camera_by_review",
            ),
        ),
        migrations.AddIndex(
            "camera",
            models.Index(
                condition=models.Q(("monitored_by__isnull", False)),
                fields=["monitored_by"],
                name="camera_by_who_watches",
            ),
        ),
        migrations.AddIndex(
            "camera",
            models.Index(
                condition=models.Q(("previous__isnull", False)),
                fields=["previous"],
                name="camera_by_the_one_before",
            ),
        ),
        migrations.AddConstraint(
            "camera",
            models.UniqueConstraint(fields=("reference",), name="camera_reference_is_its_own"),
        ),
    ]
