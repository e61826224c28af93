from django.db import migrations, models
from django.db.models.deletion import PROTECT

DPIA_STATES = [
    ("screening", "screening"),
    ("not_required", "not required, with the reason"),
    ("draft", "draft"),
    ("dpo_advice", "with the data protection officer"),
    ("consultation", "in consultation"),
    ("high_residual_risk", "high residual risk"),
    ("ico_consulted", "the ICO is consulted"),
    ("stopped", "stopped"),
    ("signed_off", "signed off"),
    ("superseded", "replaced by a newer one"),
    ("elsewhere", "made outside the portal, not confirmed"),
]
EQUALITY_STATES = [
    ("draft", "draft"),
    ("signed_off", "signed off"),
    ("superseded", "replaced by a newer one"),
    ("dropped", "dropped"),
]


class Migration(migrations.Migration):
    dependencies = [("compliance", "0013_police_answer_consultations")]

    operations = [
        migrations.RemoveField(model_name="equalityassessment", name="review_on"),  # it is reviewed with its DPIA
        migrations.AddField(
            model_name="equalityassessment",
            name="evidence",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=PROTECT,
                related_name="+",
                to="compliance.evidence",
                verbose_name="made elsewhere",
            ),
        ),
        migrations.AddField(
            model_name="dpia", name="document_sha256", field=models.CharField(blank=True, editable=False, max_length=64)
        ),
        migrations.AddField(
            model_name="dpia",
            name="made_elsewhere",
            field=models.BooleanField(default=False, editable=False, verbose_name="made outside the portal"),
        ),
        migrations.AlterField(
            model_name="dpia",
            name="evidence",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=PROTECT,
                related_name="dpias",
                to="compliance.evidence",
                verbose_name="document",
            ),
        ),
        migrations.AlterField(
            model_name="dpia",
            name="status",
            field=models.CharField(choices=DPIA_STATES, default="screening", editable=False, max_length=20),
        ),
        migrations.AlterField(
            model_name="equalityassessment",
            name="status",
            field=models.CharField(choices=EQUALITY_STATES, default="draft", editable=False, max_length=12),
        ),
    ]
