from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("transparency", "0009_drafts_keep_their_outcome"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="searchphrase",
            index=models.Index(
                fields=["named", "folded"], name="search_by_name", opclasses=("int2_ops", "varchar_pattern_ops")
            ),
        ),
    ]
