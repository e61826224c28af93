import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("compliance", "0004_operator_of_each_action")]

    operations = [
        migrations.AlterField(
            "actionitem",
            "operator",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="actions", to="accounts.organisation"
            ),
        )
    ]
