"""A matter that another certification body takes over with a certificate is received there, then awarded."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("certification", "0010_declared_item_by_item")]

    operations = [
        migrations.AlterField(
            model_name="application",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("submitted", "submitted"),
                    ("received", "received from another certification body"),
                    ("returned", "returned"),
                    ("accepted", "accepted"),
                    ("step1_review", "step 1: desktop review"),
                    ("step1_findings", "step 1: findings"),
                    ("step1_passed", "step 1: concluded"),
                    ("step2_scheduled", "step 2: scheduled"),
                    ("step2_audit", "step 2: on-site audit"),
                    ("step2_findings", "step 2: findings"),
                    ("recommended", "recommendation made"),
                    ("awarded", "awarded"),
                    ("declined", "declined"),
                    ("appealed", "appealed"),
                    ("withdrawn_by_applicant", "withdrawn by the applicant"),
                ],
                default="draft",
                editable=False,
                max_length=24,
            ),
        ),
    ]
