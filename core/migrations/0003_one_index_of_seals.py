import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0002_signed_seals")]

    operations = [
        migrations.AlterField(
            "trailentry",
            "seal",
            models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="core.seal",
            ),
        ),
    ]
