from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_deputies_and_days_of_invitations"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="is_training",
            field=models.BooleanField(default=False, verbose_name="for training, made up"),
        ),
    ]
