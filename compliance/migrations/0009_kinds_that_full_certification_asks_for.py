from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("compliance", "0008_day_of_closing")]

    operations = [
        migrations.AlterField(
            model_name="evidence",
            name="kind",
            field=models.CharField(
                choices=[
                    ("code_of_practice", "code of practice"),
                    ("procedures_manual", "procedures manual"),
                    ("information_sharing_agreement", "information sharing agreement"),
                    ("dpia", "data protection impact assessment (DPIA)"),
                    ("operational_requirement", "operational requirement"),
                    ("training_record", "training record"),
                    ("annual_report", "annual report or review"),
                    ("licence", "licence, such as of the Security Industry Authority"),
                    ("contract", "contract or maintenance agreement"),
                    ("disclosure_summary", "summary of disclosures, counts only"),
                    ("sign_survey", "survey of signs"),
                    ("maintenance_record", "maintenance record"),
                    ("other", "other document"),
                ],
                max_length=30,
                verbose_name="kind of document",
            ),
        ),
    ]
