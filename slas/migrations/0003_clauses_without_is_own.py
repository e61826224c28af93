"""Whether a clause is the parties' own is told by the library: it has no such clause."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("slas", "0002_months_of_a_return"),)

    operations = (migrations.RemoveField(model_name="clause", name="is_own"),)
