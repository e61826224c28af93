from django.db import migrations, models

import compliance.models.camera
import compliance.models.imports


class Migration(migrations.Migration):
    dependencies = [("compliance", "0011_references_of_cameras")]

    operations = [
        migrations.AlterField(
            "camera",
            "reference",
            models.CharField(
                default=compliance.models.camera.camera_reference, editable=False, max_length=20, unique=True
            ),
        ),
        migrations.AlterField(
            "importrun",
            "reference",
            models.CharField(
                default=compliance.models.imports.import_reference, editable=False, max_length=20, unique=True
            ),
        ),
        migrations.RemoveField("importrun", "old_problems"),
        migrations.RemoveField("importrun", "preview"),
        migrations.AddConstraint(
            model_name="camera",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("camera_type__in", ("mobile_vehicle", "bwv", "drone")), _negated=True),
                    models.Q(
                        ("easting__isnull", True),
                        ("latitude__isnull", True),
                        ("longitude__isnull", True),
                        ("northing__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="what_moves_is_never_mapped",
            ),
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "applied"), _negated=True), ("applied_at__isnull", False), _connector="OR"
                ),
                name="applied_run_has_its_time",
            ),
        ),
    ]
