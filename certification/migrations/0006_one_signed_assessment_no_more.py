from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("certification", "0005_signed_assessments_of_each_system"),
        ("compliance", "0008_day_of_closing"),
    ]

    operations = [
        migrations.RemoveField(model_name="application", name="signed_assessment"),
        migrations.AlterField(
            model_name="application",
            name="signed_assessments",
            field=models.ManyToManyField(blank=True, related_name="applications", to="compliance.signedassessment"),
        ),
    ]
