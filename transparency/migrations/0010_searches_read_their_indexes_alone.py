from django.db import migrations, models

READ = {"searchphrase": ("search_by_phrase", "folded"), "searchword": ("search_by_word", "word")}


class Migration(migrations.Migration):
    dependencies = [
        ("transparency", "0009_drafts_keep_their_outcome"),
    ]

    operations = [
        operation
        for model, (name, field) in READ.items()
        for operation in (
            migrations.RemoveIndex(model_name=model, name=name),
            migrations.AddIndex(
                model_name=model,
                index=models.Index(
                    fields=[field, "named", "entry"],
                    name=name,
                    opclasses=("varchar_pattern_ops", "int2_ops", "int8_ops"),
                ),
            ),
        )
    ]
