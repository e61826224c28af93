from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("compliance", "0013_fewer_indexes_of_cameras")]

    operations = [
        migrations.AddField(
            model_name="consultation",
            name="police_see_places",
            field=models.BooleanField(default=False, verbose_name="the police see every place in full"),
        ),
    ]
