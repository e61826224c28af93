from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("certification", "0006_one_signed_assessment_no_more")]

    operations = [
        migrations.AddField("decision", "scope_cy", models.TextField(blank=True, default="", max_length=1000), False),
    ]
