"""Days of schemes and of their bodies of which no more than the month is known."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("certification", "0011_matters_received")]

    operations = [
        migrations.AddField(
            model_name=model,
            name="known_by_month",
            field=models.JSONField(blank=True, default=list, editable=False),
        )
        for model in ("certificationscheme", "schemebody")
    ]
