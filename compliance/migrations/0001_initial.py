import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import compliance.models.action
import compliance.models.assessment
import compliance.models.evidence
import compliance.models.system


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Camera",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("proposed", "proposed"),
                            ("or_defined", "operational requirement defined"),
                            ("consultation", "in consultation"),
                            ("approved", "approved"),
                            ("refused", "refused"),
                            ("installed", "installed"),
                            ("operational", "operational"),
                            ("faulty", "faulty"),
                            ("under_review", "under review"),
                            ("remove_recommended", "removal recommended"),
                            ("decommissioned", "decommissioned"),
                        ],
                        default="proposed",
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("operator_ref", models.CharField(blank=True, max_length=60, verbose_name="the operator's own number")),
                ("location", models.CharField(blank=True, max_length=250, verbose_name="street or landmark")),
                ("ward", models.CharField(blank=True, max_length=120, verbose_name="ward")),
                ("ward_code", models.CharField(blank=True, max_length=12, verbose_name="ward code")),
                (
                    "camera_type",
                    models.CharField(
                        choices=[
                            ("fixed", "fixed"),
                            ("ptz", "pan, tilt and zoom"),
                            ("dome", "dome"),
                            ("redeployable", "redeployable"),
                            ("mobile_vehicle", "on a vehicle"),
                            ("anpr", "number plate reader"),
                            ("bwv", "body-worn"),
                            ("drone", "drone"),
                            ("unknown", "not stated"),
                        ],
                        default="unknown",
                        max_length=20,
                        verbose_name="type",
                    ),
                ),
                (
                    "latitude",
                    models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="latitude"),
                ),
                (
                    "longitude",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="longitude"
                    ),
                ),
                (
                    "precision",
                    models.CharField(
                        choices=[
                            ("exact", "exact place"),
                            ("street", "street"),
                            ("ward", "ward"),
                            ("withheld", "withheld, with a reason"),
                        ],
                        default="street",
                        max_length=10,
                        verbose_name="shown to the public as",
                    ),
                ),
                (
                    "withheld_reason",
                    models.CharField(blank=True, max_length=250, verbose_name="reason for withholding"),
                ),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "verbose_name": "camera",
                "verbose_name_plural": "cameras",
            },
        ),
        migrations.CreateModel(
            name="CodeEdition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(max_length=40, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("title_cy", models.CharField(blank=True, max_length=200)),
                ("code_version", models.CharField(max_length=10)),
                ("in_effect_on", models.DateField()),
                ("source_title", models.CharField(max_length=200)),
                ("source_url", models.URLField()),
                ("wording_note", models.TextField()),
                ("wording_note_cy", models.TextField(blank=True)),
                ("sha256", models.CharField(max_length=64)),
                ("loaded_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ("-in_effect_on",),
            },
        ),
        migrations.CreateModel(
            name="ActionItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=compliance.models.action.action_reference, editable=False, max_length=20, unique=True
                    ),
                ),
                ("description", models.TextField(max_length=1000, verbose_name="what is to be done")),
                (
                    "priority",
                    models.CharField(
                        choices=[("high", "high"), ("medium", "medium"), ("low", "low")],
                        default="medium",
                        max_length=6,
                        verbose_name="priority",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="due")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("in_progress", "in progress"),
                            ("done", "done"),
                            ("dropped", "dropped"),
                        ],
                        default="open",
                        editable=False,
                        max_length=12,
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "action",
                "verbose_name_plural": "actions",
            },
        ),
        migrations.CreateModel(
            name="ActionChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before", models.CharField(editable=False, max_length=40)),
                ("after", models.CharField(editable=False, max_length=40)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("note", models.TextField(blank=True, editable=False)),
                (
                    "by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="compliance.actionitem"
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=compliance.models.assessment.assessment_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("ready_for_sign_off", "waiting for sign-off"),
                            ("signed", "signed"),
                            ("superseded", "superseded"),
                            ("abandoned", "abandoned"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("scope", models.TextField(blank=True, max_length=4000, verbose_name="scope")),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "self-assessment",
                "verbose_name_plural": "self-assessments",
            },
        ),
        migrations.AddField(
            model_name="actionitem",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="actions", to="compliance.assessment"
            ),
        ),
        migrations.CreateModel(
            name="AssessmentChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before", models.CharField(editable=False, max_length=40)),
                ("after", models.CharField(editable=False, max_length=40)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("note", models.TextField(blank=True, editable=False)),
                (
                    "by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="compliance.assessment"
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CameraChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before", models.CharField(editable=False, max_length=40)),
                ("after", models.CharField(editable=False, max_length=40)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("note", models.TextField(blank=True, editable=False)),
                (
                    "by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="compliance.camera"
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CameraSystem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=compliance.models.system.system_reference, editable=False, max_length=20, unique=True
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("active", "active"),
                            ("at_risk_of_closure", "at risk of closure"),
                            ("closing", "closing"),
                            ("closed", "closed"),
                            ("transferred", "transferred"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("slug", models.SlugField(max_length=80, verbose_name="public address")),
                ("name", models.CharField(max_length=120, verbose_name="name of the system")),
                ("name_cy", models.CharField(blank=True, max_length=120, verbose_name="name in Welsh")),
                ("description", models.TextField(blank=True, max_length=4000, verbose_name="description")),
                ("description_cy", models.TextField(blank=True, max_length=4000, verbose_name="description in Welsh")),
                ("is_main", models.BooleanField(default=False, verbose_name="this is the main public-space system")),
                ("purposes", models.JSONField(blank=True, default=list, verbose_name="purposes")),
                ("pressing_need", models.TextField(blank=True, max_length=4000, verbose_name="pressing need")),
                (
                    "pressing_need_cy",
                    models.TextField(blank=True, max_length=4000, verbose_name="pressing need in Welsh"),
                ),
                ("legal_bases", models.JSONField(blank=True, default=list, verbose_name="lawful basis")),
                (
                    "retention_reason",
                    models.TextField(blank=True, max_length=2000, verbose_name="reason for the retention period"),
                ),
                (
                    "retention_reason_cy",
                    models.TextField(blank=True, max_length=2000, verbose_name="that reason in Welsh"),
                ),
                (
                    "biometrics",
                    models.BooleanField(
                        default=False, verbose_name="biometric recognition, such as facial recognition, is used"
                    ),
                ),
                (
                    "joint",
                    models.BooleanField(default=False, verbose_name="the system is owned or run jointly with others"),
                ),
                (
                    "networked",
                    models.BooleanField(
                        default=False, verbose_name="the system is connected to a wider network or intranet"
                    ),
                ),
                (
                    "reference_database",
                    models.BooleanField(
                        default=False, verbose_name="images or number plates are compared with a reference database"
                    ),
                ),
                ("monitored_hours", models.CharField(blank=True, max_length=200, verbose_name="monitored hours")),
                (
                    "areas_covered",
                    models.TextField(blank=True, max_length=4000, verbose_name="areas covered, one a line"),
                ),
                ("records_audio", models.BooleanField(default=False, verbose_name="sound is recorded")),
                ("audio_reason", models.TextField(blank=True, max_length=2000, verbose_name="why sound is recorded")),
                (
                    "sro_post",
                    models.CharField(blank=True, max_length=120, verbose_name="post of the senior responsible officer"),
                ),
                (
                    "spoc_post",
                    models.CharField(blank=True, max_length=120, verbose_name="post of the single point of contact"),
                ),
                (
                    "spoc_email",
                    models.EmailField(blank=True, max_length=254, verbose_name="email of the single point of contact"),
                ),
                (
                    "spoc_phone",
                    models.CharField(
                        blank=True, max_length=40, verbose_name="telephone of the single point of contact"
                    ),
                ),
                ("postal_address", models.TextField(blank=True, max_length=500, verbose_name="postal address")),
                (
                    "dpo_contact",
                    models.CharField(blank=True, max_length=200, verbose_name="contact of the data protection officer"),
                ),
                (
                    "ico_registration",
                    models.CharField(blank=True, max_length=20, verbose_name="ICO registration number"),
                ),
                ("privacy_notice_url", models.URLField(blank=True, verbose_name="address of the privacy notice")),
                ("complaints_url", models.URLField(blank=True, verbose_name="address of the complaints procedure")),
                (
                    "footage_how_to",
                    models.TextField(blank=True, max_length=2000, verbose_name="how to ask for footage of oneself"),
                ),
                ("footage_how_to_cy", models.TextField(blank=True, max_length=2000, verbose_name="that in Welsh")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "monitored_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="monitored by",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="camera_systems",
                        to="accounts.organisation",
                        verbose_name="operator",
                    ),
                ),
            ],
            options={
                "verbose_name": "camera system",
                "verbose_name_plural": "camera systems",
            },
        ),
        migrations.AddField(
            model_name="camera",
            name="system",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="cameras", to="compliance.camerasystem"
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="system",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="assessments", to="compliance.camerasystem"
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="assessments", to="compliance.codeedition"
            ),
        ),
        migrations.CreateModel(
            name="ActionTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(max_length=40)),
                ("principles", models.JSONField(default=list)),
                ("text", models.CharField(max_length=250)),
                ("text_cy", models.CharField(blank=True, max_length=250)),
                ("days", models.PositiveSmallIntegerField()),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="action_templates",
                        to="compliance.codeedition",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=compliance.models.evidence.evidence_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("code_of_practice", "code of practice"),
                            ("procedures_manual", "procedures manual"),
                            ("information_sharing_agreement", "information sharing agreement"),
                            ("dpia", "data protection impact assessment (DPIA)"),
                            ("operational_requirement", "operational requirement"),
                            ("training_record", "training record"),
                            ("annual_report", "annual report or review"),
                            ("other", "other document"),
                        ],
                        max_length=30,
                        verbose_name="kind of document",
                    ),
                ),
                ("title", models.CharField(max_length=150, verbose_name="title")),
                ("dated", models.DateField(blank=True, null=True, verbose_name="date of the document")),
                ("review_on", models.DateField(blank=True, null=True, verbose_name="review date")),
                ("file", models.FileField(blank=True, upload_to=compliance.models.evidence.evidence_path)),
                ("file_name", models.CharField(blank=True, max_length=150)),
                ("media_type", models.CharField(blank=True, max_length=100)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("url", models.URLField(blank=True, verbose_name="link")),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="accounts.organisation"
                    ),
                ),
                (
                    "systems",
                    models.ManyToManyField(
                        related_name="evidence", to="compliance.camerasystem", verbose_name="systems"
                    ),
                ),
            ],
            options={
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=150)),
                ("sha256", models.CharField(max_length=64)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("rows", models.PositiveIntegerField()),
                ("new", models.PositiveIntegerField()),
                ("duplicate", models.PositiveIntegerField(default=0)),
                ("refused", models.PositiveIntegerField(default=0)),
                ("problems", models.JSONField(default=list)),
                ("preview", models.CharField(editable=False, max_length=32, null=True, unique=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="import_runs",
                        to="compliance.camerasystem",
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "-pk"),
            },
        ),
        migrations.AddField(
            model_name="camera",
            name="import_run",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cameras",
                to="compliance.importrun",
            ),
        ),
        migrations.CreateModel(
            name="Principle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("title_cy", models.CharField(max_length=200)),
                ("summary", models.TextField()),
                ("summary_cy", models.TextField(blank=True)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="principles",
                        to="compliance.codeedition",
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
            },
        ),
        migrations.AddField(
            model_name="actionitem",
            name="principle",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="compliance.principle"
            ),
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("key", models.CharField(max_length=8)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "text"),
                            ("yes_no", "yes or no"),
                            ("yes_no_text", "yes or no, with an explanation"),
                            ("gap", "gaps"),
                        ],
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(max_length=160)),
                ("title_cy", models.CharField(max_length=160)),
                ("text", models.TextField()),
                ("text_cy", models.TextField(blank=True)),
                ("help", models.TextField(blank=True)),
                ("limit", models.PositiveIntegerField(default=4000)),
                ("applies", models.CharField(default="always", max_length=24)),
                ("not_applicable_allowed", models.BooleanField(default=False)),
                ("follows_answer", models.CharField(blank=True, max_length=3)),
                ("expected", models.CharField(blank=True, max_length=3)),
                ("explain_when", models.CharField(blank=True, max_length=6)),
                ("withheld_by_default", models.BooleanField(default=False)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="compliance.codeedition",
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follow_ups",
                        to="compliance.question",
                    ),
                ),
                (
                    "principle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="questions", to="compliance.principle"
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "choice",
                    models.CharField(
                        blank=True, choices=[("yes", "Yes"), ("no", "No"), ("na", "Not applicable")], max_length=3
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=0)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "updated_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="compliance.assessment"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="compliance.question"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="actionitem",
            name="question",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="compliance.question",
            ),
        ),
        migrations.CreateModel(
            name="SignedAssessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=compliance.models.assessment.signed_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                ("content", models.TextField(editable=False)),
                ("sha256", models.CharField(editable=False, max_length=64)),
                ("typed_name", models.CharField(max_length=120)),
                ("post", models.CharField(max_length=120)),
                ("signed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("assessments", models.ManyToManyField(related_name="signed_as", to="compliance.assessment")),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signed_assessments",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("-signed_at",),
            },
        ),
        migrations.CreateModel(
            name="SystemChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before", models.CharField(editable=False, max_length=40)),
                ("after", models.CharField(editable=False, max_length=40)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("note", models.TextField(blank=True, editable=False)),
                (
                    "by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="compliance.camerasystem",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SystemTechnology",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "technology",
                    models.CharField(
                        choices=[
                            ("cctv", "CCTV"),
                            ("anpr", "automatic number plate recognition (ANPR)"),
                            ("bwv", "body-worn video"),
                            ("drone", "drones"),
                            ("other", "other cameras"),
                        ],
                        max_length=10,
                        verbose_name="technology",
                    ),
                ),
                (
                    "retention_days",
                    models.PositiveIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(3660),
                        ],
                        verbose_name="images are kept for (days)",
                    ),
                ),
                (
                    "fixed_count",
                    models.PositiveIntegerField(
                        default=0, validators=[django.core.validators.MaxValueValidator(1000000)], verbose_name="fixed"
                    ),
                ),
                (
                    "ptz_count",
                    models.PositiveIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(1000000)],
                        verbose_name="pan, tilt and zoom",
                    ),
                ),
                (
                    "redeployable_count",
                    models.PositiveIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(1000000)],
                        verbose_name="redeployable",
                    ),
                ),
                (
                    "mobile_count",
                    models.PositiveIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(1000000)],
                        verbose_name="mobile, worn or flown",
                    ),
                ),
                ("counted_on", models.DateField(blank=True, null=True, verbose_name="counted on")),
                (
                    "system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="technologies",
                        to="compliance.camerasystem",
                    ),
                ),
            ],
            options={
                "ordering": ("technology",),
            },
        ),
        migrations.CreateModel(
            name="AnswerRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                (
                    "choice",
                    models.CharField(
                        blank=True, choices=[("yes", "Yes"), ("no", "No"), ("na", "Not applicable")], max_length=3
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="revisions", to="compliance.answer"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-version",),
                "constraints": [models.UniqueConstraint(fields=("answer", "version"), name="answer_version_once")],
            },
        ),
        migrations.AddConstraint(
            model_name="camerasystem",
            constraint=models.UniqueConstraint(fields=("operator", "slug"), name="system_address_unique"),
        ),
        migrations.AddConstraint(
            model_name="camerasystem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_main", True)), fields=("operator",), name="one_main_system_per_operator"
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ("draft", "ready_for_sign_off"))),
                fields=("system",),
                name="one_running_assessment_per_system",
            ),
        ),
        migrations.AddConstraint(
            model_name="actiontemplate",
            constraint=models.UniqueConstraint(fields=("edition", "key"), name="action_template_once"),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("file", ""), models.Q(("url", ""), _negated=True)),
                    models.Q(models.Q(("file", ""), _negated=True), ("url", "")),
                    _connector="OR",
                ),
                name="evidence_is_file_or_link",
            ),
        ),
        migrations.AddIndex(
            model_name="camera",
            index=models.Index(fields=["system", "operator_ref"], name="camera_by_ref"),
        ),
        migrations.AddConstraint(
            model_name="camera",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                    models.Q(
                        ("latitude__gte", 49), ("latitude__lte", 56), ("longitude__gte", -7), ("longitude__lte", 2.5)
                    ),
                    _connector="OR",
                ),
                name="camera_in_england_or_wales",
            ),
        ),
        migrations.AddConstraint(
            model_name="camera",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("precision", "withheld"), _negated=True),
                    models.Q(("withheld_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="withheld_camera_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="principle",
            constraint=models.UniqueConstraint(fields=("edition", "number"), name="principle_number_once"),
        ),
        migrations.AddConstraint(
            model_name="principle",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1), ("number__lte", 12)), name="principle_1_to_12"
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(fields=("edition", "number"), name="question_number_once"),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(fields=("edition", "key"), name="question_key_once"),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(fields=("assessment", "question"), name="one_answer_per_question"),
        ),
        migrations.AddConstraint(
            model_name="systemtechnology",
            constraint=models.UniqueConstraint(fields=("system", "technology"), name="technology_once_per_system"),
        ),
    ]
