"""What an auditor declares is kept item by item; interests are numbered; the outcome stands with a surveillance review."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("certification", "0009_reminders_and_reissues")]

    operations = [
        migrations.AddField(
            model_name="auditorassignment", name="interests_declared", field=models.JSONField(default=dict)
        ),
        migrations.AddField(  # no interest was recorded before there were pages for it
            model_name="interest",
            name="number",
            field=models.PositiveIntegerField(default=1),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="surveillancereview",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("award", "recommend award"),
                    ("decline", "recommend that no certificate is awarded"),
                    ("continue", "recommend that the certificate continues"),
                    ("suspend", "recommend suspension"),
                    ("withdraw", "recommend withdrawal"),
                ],
                default="",
                max_length=8,
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="interest",
            constraint=models.UniqueConstraint(fields=("body", "number"), name="interest_number_once"),
        ),
    ]
