from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("compliance", "0014_police_see_places"),)

    operations = (
        migrations.RemoveIndex(model_name="camera", name="camera_by_status"),
        migrations.RemoveIndex(model_name="camera", name="camera_by_ward"),
    )
