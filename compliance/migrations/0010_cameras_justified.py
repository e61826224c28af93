import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import compliance.models.camera
import compliance.models.consultation
import compliance.models.dpia
import compliance.models.estate
import compliance.models.imports
import compliance.models.justification
import compliance.models.placement
import compliance.models.running
import compliance.models.statistics
import compliance.models.upkeep
import core.dates


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_deputies_and_days_of_invitations"),
        ("accounts", "__first__"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("compliance", "0009_kinds_that_full_certification_asks_for"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="camerasystem",
            options={
                "permissions": (
                    ("maintain_system", "Look after the cameras of a system"),
                    ("monitor_system", "Watch the cameras of a system for its operator"),
                ),
                "verbose_name": "camera system",
                "verbose_name_plural": "camera systems",
            },
        ),
        migrations.RenameField("importrun", "problems", "old_problems"),
        migrations.AddField(
            model_name="camera",
            name="analytics",
            field=models.CharField(blank=True, max_length=250, verbose_name="analytics in use"),
        ),
        migrations.AddField(
            model_name="camera",
            name="anpr_enabled",
            field=models.BooleanField(default=False, verbose_name="it reads number plates"),
        ),
        migrations.AddField(
            model_name="camera",
            name="direction",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MaxValueValidator(359)],
                verbose_name="direction in degrees, clockwise from north",
            ),
        ),
        migrations.AddField(
            model_name="camera",
            name="easting",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="easting"),
        ),
        migrations.AddField(
            model_name="camera",
            name="has_privacy_zones",
            field=models.BooleanField(default=False, verbose_name="parts of its view are masked"),
        ),
        migrations.AddField(
            model_name="camera",
            name="installed_on",
            field=models.DateField(blank=True, null=True, verbose_name="installed on"),
        ),
        migrations.AddField(
            model_name="camera",
            name="is_public_space",
            field=models.BooleanField(default=True, verbose_name="it looks at a public space"),
        ),
        migrations.AddField(
            model_name="camera",
            name="justified_on",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="camera",
            name="locality",
            field=models.CharField(blank=True, max_length=120, verbose_name="town or locality"),
        ),
        migrations.AddField(
            model_name="camera",
            name="maker",
            field=models.CharField(blank=True, max_length=120, verbose_name="maker and model"),
        ),
        migrations.AddField(
            model_name="camera",
            name="monitored_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
                verbose_name="monitored by",
            ),
        ),
        migrations.AddField(
            model_name="camera",
            name="mount",
            field=models.CharField(
                blank=True,
                choices=[
                    ("wall", "wall"),
                    ("pole", "pole"),
                    ("ceiling", "ceiling"),
                    ("street_lamp", "street lamp"),
                    ("vehicle", "vehicle"),
                    ("body", "body"),
                ],
                max_length=20,
                verbose_name="mounted on",
            ),
        ),
        migrations.AddField(
            model_name="camera",
            name="northing",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="northing"),
        ),
        migrations.AddField(
            model_name="camera",
            name="origin",
            field=models.CharField(
                choices=[
                    ("entered", "entered by hand"),
                    ("imported", "imported from a list"),
                    ("proposed", "proposed"),
                    ("audit", "found by an estate audit"),
                ],
                default="imported",
                editable=False,
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="camera",
            name="owned_by",
            field=models.CharField(blank=True, max_length=150, verbose_name="owned by, if not the operator"),
        ),
        migrations.AddField(
            model_name="camera",
            name="postcode",
            field=models.CharField(blank=True, max_length=8, verbose_name="postcode"),
        ),
        migrations.AddField(
            model_name="camera",
            name="previous",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="successors",
                to="compliance.camera",
            ),
        ),
        migrations.AddField(
            model_name="camera",
            name="purpose_note",
            field=models.TextField(blank=True, max_length=1000, verbose_name="purpose of this camera"),
        ),
        migrations.AddField(
            model_name="camera",
            name="purpose_note_cy",
            field=models.TextField(blank=True, max_length=1000, verbose_name="that in Welsh"),
        ),
        migrations.AddField(
            model_name="camera",
            name="purposes",
            field=models.JSONField(blank=True, default=list, verbose_name="purposes"),
        ),
        migrations.AddField(
            model_name="camera",
            name="records_audio",
            field=models.BooleanField(default=False, verbose_name="it records sound"),
        ),
        migrations.AddField(
            model_name="camera",
            name="reference",
            field=models.CharField(default=None, editable=False, max_length=20, null=True),
        ),
        migrations.AddField(
            model_name="camera",
            name="removed_on",
            field=models.DateField(blank=True, null=True, verbose_name="taken down on"),
        ),
        migrations.AddField(
            model_name="camera",
            name="review_due_on",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="camera",
            name="reviewed_on",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="camera",
            name="sign_removed_on",
            field=models.DateField(blank=True, null=True, verbose_name="sign taken down on"),
        ),
        migrations.AddField(
            model_name="camera",
            name="sign_up_on",
            field=models.DateField(blank=True, null=True, verbose_name="sign put up on"),
        ),
        migrations.AddField(
            model_name="camera",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name="camera",
            name="view_description",
            field=models.TextField(blank=True, max_length=500, verbose_name="area of view"),
        ),
        migrations.AddField(
            model_name="camera",
            name="view_description_cy",
            field=models.TextField(blank=True, max_length=500, verbose_name="area of view in Welsh"),
        ),
        migrations.AddField(
            model_name="camera",
            name="withheld_post",
            field=models.CharField(blank=True, max_length=120, verbose_name="post that decided to withhold"),
        ),
        migrations.AddField(
            model_name="camera",
            name="withheld_review_on",
            field=models.DateField(blank=True, null=True, verbose_name="withholding is reviewed on"),
        ),
        migrations.AddField(
            model_name="importrun",
            name="applied_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="importrun",
            name="changed",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="importrun",
            name="estate",
            field=models.JSONField(default=list, editable=False),
        ),
        migrations.AddField(
            model_name="importrun",
            name="failure",
            field=models.CharField(blank=True, editable=False, max_length=500),
        ),
        migrations.AddField(
            model_name="importrun",
            name="gone",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="importrun",
            name="moved",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="importrun",
            name="reference",
            field=models.CharField(default=None, editable=False, max_length=20, null=True),
        ),
        migrations.AddField(
            model_name="importrun",
            name="renumbered",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="importrun",
            name="settings",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="importrun",
            name="status",
            field=models.CharField(
                choices=[
                    ("uploaded", "to be confirmed"),
                    ("sorting", "being sorted"),
                    ("sorted", "sorted, to be looked at"),
                    ("applying", "being entered"),
                    ("applied", "entered"),
                    ("undone", "taken back"),
                    ("failed", "could not be read"),
                    ("discarded", "discarded"),
                ],
                default="uploaded",
                editable=False,
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="importrun",
            name="unchanged",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="importrun",
            name="undone_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="importrun",
            name="new",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="importrun",
            name="rows",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name="camera",
            index=models.Index(fields=["system", "status"], name="camera_by_status"),
        ),
        migrations.AddIndex(
            model_name="camera",
            index=models.Index(fields=["system", "ward"], name="camera_by_ward"),
        ),
        migrations.AddIndex(
            model_name="camera",
            index=models.Index(fields=["system", "review_due_on"], name="camera_by_review"),
        ),
        migrations.CreateModel(
            name="AnnualReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=compliance.models.justification.annual_reference,
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
                            ("ready", "ready to be authorised"),
                            ("authorised", "authorised"),
                            ("superseded", "replaced by a newer one"),
                            ("abandoned", "abandoned"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("period_from", models.DateField(verbose_name="period from")),
                ("period_until", models.DateField(verbose_name="period until")),
                ("reviewed_on", models.DateField(blank=True, null=True, verbose_name="date of review")),
                (
                    "responsible_post",
                    models.CharField(blank=True, max_length=120, verbose_name="responsible officer, by post"),
                ),
                ("contact", models.CharField(blank=True, max_length=200, verbose_name="contact")),
                (
                    "authorising_post",
                    models.CharField(blank=True, max_length=120, verbose_name="authorising officer, by post"),
                ),
                ("next_review_on", models.DateField(blank=True, null=True, verbose_name="next review date")),
                ("items", models.JSONField(blank=True, default=dict)),
                ("figures", models.JSONField(blank=True, default=dict, editable=False)),
                ("content", models.TextField(blank=True, editable=False)),
                ("sha256", models.CharField(blank=True, editable=False, max_length=64)),
                ("typed_name", models.CharField(blank=True, editable=False, max_length=120)),
                ("typed_post", models.CharField(blank=True, editable=False, max_length=120)),
                ("authorised_at", models.DateTimeField(editable=False, null=True)),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "authorised_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "started_by",
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
                        related_name="annual_reviews",
                        to="compliance.camerasystem",
                    ),
                ),
            ],
            options={
                "verbose_name": "annual review",
                "verbose_name_plural": "annual reviews",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ("draft", "ready"))),
                        fields=("system",),
                        name="one_open_annual_review",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period_until__gt", models.F("period_from"))),
                        name="annual_review_period_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AnnualReviewChange",
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
                        to="compliance.annualreview",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CameraDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=compliance.models.justification.decision_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("approved", "approved"),
                            ("refused", "refused"),
                            ("kept", "kept, though removal was recommended"),
                            ("removed", "to be removed"),
                            ("relocated", "to be moved to another place"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reasons", models.TextField(max_length=4000, verbose_name="reasons")),
                ("content", models.TextField(editable=False)),
                ("sha256", models.CharField(editable=False, max_length=64)),
                ("typed_name", models.CharField(max_length=120, verbose_name="name")),
                ("post", models.CharField(max_length=120, verbose_name="post")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "camera",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="compliance.camera"
                    ),
                ),
            ],
            options={
                "verbose_name": "decision about a camera",
                "verbose_name_plural": "decisions about cameras",
                "ordering": ("-at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="PictureCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(verbose_name="date")),
                ("export_works", models.BooleanField(verbose_name="an export was made and plays")),
                ("time_offset_seconds", models.IntegerField(verbose_name="clock is off by (seconds)")),
                (
                    "picture",
                    models.CharField(
                        choices=[
                            ("as_commissioned", "as at commissioning"),
                            ("worse_usable", "worse, still good enough"),
                            ("not_good_enough", "not good enough"),
                        ],
                        max_length=16,
                        verbose_name="picture",
                    ),
                ),
                ("masks_hold", models.BooleanField(blank=True, null=True, verbose_name="privacy masks are in place")),
                ("sign_seen", models.BooleanField(default=False, verbose_name="the sign was seen")),
                ("note", models.TextField(blank=True, max_length=1000, verbose_name="remarks")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
                    "camera",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="picture_checks",
                        to="compliance.camera",
                    ),
                ),
            ],
            options={
                "ordering": ("-on", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="CameraReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=compliance.models.justification.review_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                ("on", models.DateField(verbose_name="date of the review")),
                ("period_from", models.DateField(blank=True, null=True, verbose_name="from")),
                ("period_until", models.DateField(blank=True, null=True, verbose_name="until")),
                ("incidents", models.PositiveIntegerField(blank=True, null=True, verbose_name="incidents it showed")),
                (
                    "requests",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="requests for its pictures"),
                ),
                ("complaints", models.PositiveIntegerField(blank=True, null=True, verbose_name="complaints")),
                ("alternatives", models.TextField(blank=True, max_length=2000, verbose_name="alternatives considered")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("keep", "keep"), ("relocate", "relocate"), ("remove", "remove")],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("reason", models.TextField(max_length=2000, verbose_name="reason")),
                ("next_due_on", models.DateField(verbose_name="next review by")),
                ("batch", models.CharField(blank=True, editable=False, max_length=20)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
                    "camera",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="compliance.camera"
                    ),
                ),
                (
                    "picture_check",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="compliance.picturecheck",
                    ),
                ),
            ],
            options={
                "verbose_name": "review of a camera",
                "verbose_name_plural": "reviews of cameras",
                "ordering": ("-on", "-pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("next_due_on__gt", models.F("on"))), name="next_review_after_this"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period_until__isnull", True),
                            ("period_from__isnull", True),
                            ("period_until__gte", models.F("period_from")),
                            _connector="OR",
                        ),
                        name="review_period_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CameraSystemUserObjectPermission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "content_object",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="compliance.camerasystem"),
                ),
                ("permission", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "grant on a camera system",
                "verbose_name_plural": "grants on camera systems",
                "abstract": False,
                "unique_together": {("user", "permission", "content_object")},
            },
        ),
        migrations.CreateModel(
            name="CommissioningTest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(verbose_name="date")),
                ("standard", models.CharField(max_length=40, verbose_name="edition of the standard")),
                ("picture_class", models.CharField(blank=True, max_length=20, verbose_name="class that is required")),
                (
                    "pixels_per_metre",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=7,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="measured, pixels per metre",
                    ),
                ),
                (
                    "distance_metres",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=6,
                        null=True,
                        verbose_name="distance to the target (metres)",
                    ),
                ),
                ("by_night", models.BooleanField(default=False, verbose_name="tested by night too")),
                ("recording_works", models.BooleanField(default=False, verbose_name="recording and export work")),
                ("passed", models.BooleanField(default=False, verbose_name="passed")),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="remarks")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
                    "camera",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commissioning_tests",
                        to="compliance.camera",
                    ),
                ),
            ],
            options={
                "ordering": ("-on", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=compliance.models.consultation.consultation_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("cameras", "proposed cameras"), ("question", "a question")],
                        default="cameras",
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("open", "open"),
                            ("closed", "closed"),
                            ("concluded", "concluded, outcome given"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("title", models.CharField(max_length=150, verbose_name="title")),
                ("title_cy", models.CharField(blank=True, max_length=150, verbose_name="title in Welsh")),
                ("summary", models.TextField(max_length=6000, verbose_name="what is proposed and why")),
                ("summary_cy", models.TextField(blank=True, max_length=6000, verbose_name="that in Welsh")),
                ("questions", models.JSONField(blank=True, default=list)),
                ("asks_police", models.BooleanField(default=True, verbose_name="the police are asked")),
                ("asks_public", models.BooleanField(default=True, verbose_name="the public is asked")),
                ("opens_on", models.DateField(verbose_name="opens on")),
                ("closes_on", models.DateField(verbose_name="closes on")),
                ("outcome", models.TextField(blank=True, max_length=6000, verbose_name="outcome")),
                ("outcome_cy", models.TextField(blank=True, max_length=6000, verbose_name="outcome in Welsh")),
                ("welsh_missing_reason", models.CharField(blank=True, max_length=250)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("cameras", models.ManyToManyField(blank=True, related_name="consultations", to="compliance.camera")),
                (
                    "documents",
                    models.ManyToManyField(blank=True, related_name="consultations", to="compliance.evidence"),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consultations",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "consultation",
                "verbose_name_plural": "consultations",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes_on__gte", models.F("opens_on"))), name="consultation_dates_in_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("asks_police", True), ("asks_public", True), _connector="OR"),
                        name="consultation_asks_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsultationChange",
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
                        to="compliance.consultation",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ConsultationResponse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=compliance.models.consultation.response_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("resident", "resident"),
                            ("business", "business"),
                            ("councillor", "elected member"),
                            ("police", "police"),
                            ("group", "group or charity"),
                            ("other", "other"),
                        ],
                        max_length=10,
                        verbose_name="you answer as",
                    ),
                ),
                (
                    "view",
                    models.CharField(
                        choices=[("for", "in favour"), ("against", "against"), ("neither", "neither")],
                        max_length=8,
                        verbose_name="your view",
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=6000, verbose_name="your answer")),
                ("answers", models.JSONField(blank=True, default=list)),
                ("language", models.CharField(default="en", max_length=5)),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                ("organisation", models.CharField(blank=True, max_length=150, verbose_name="organisation or post")),
                (
                    "may_publish",
                    models.BooleanField(default=False, verbose_name="my answer may be published without my name"),
                ),
                (
                    "release",
                    models.CharField(
                        choices=[
                            ("unread", "not read yet"),
                            ("released", "may be shown"),
                            ("kept", "counted, not shown"),
                        ],
                        default="unread",
                        editable=False,
                        max_length=8,
                    ),
                ),
                ("release_reason", models.CharField(blank=True, max_length=250)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="compliance.consultation",
                    ),
                ),
                (
                    "force",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "response to a consultation",
                "verbose_name_plural": "responses to consultations",
                "ordering": ("at", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("force__isnull", False)),
                        fields=("consultation", "force"),
                        name="one_answer_of_each_force",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("release", "released"), _negated=True), ("may_publish", True), _connector="OR"
                        ),
                        name="released_with_consent_only",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ControlRoom",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=compliance.models.running.room_reference, editable=False, max_length=20, unique=True
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name of the control room")),
                ("hours", models.CharField(blank=True, max_length=200, verbose_name="staffed hours")),
                (
                    "phone_24h",
                    models.CharField(
                        blank=True, max_length=40, verbose_name="24-hour telephone, for police and partners"
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email for requests")),
                ("how_to_ask", models.TextField(blank=True, max_length=2000, verbose_name="how to ask for footage")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="control_rooms",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "control room",
                "verbose_name_plural": "control rooms",
            },
        ),
        migrations.CreateModel(
            name="CountedUnits",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("bwv", "body-worn cameras"),
                            ("vehicle", "vehicles with cameras"),
                            ("drone", "drones"),
                            ("police_anpr", "police number plate readers"),
                        ],
                        max_length=12,
                        verbose_name="what is counted",
                    ),
                ),
                (
                    "count",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MaxValueValidator(1000000)], verbose_name="how many"
                    ),
                ),
                ("counted_on", models.DateField(verbose_name="counted on")),
                ("note", models.CharField(blank=True, max_length=250, verbose_name="note")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
                        related_name="counted_units",
                        to="compliance.camerasystem",
                    ),
                ),
            ],
            options={
                "ordering": ("kind", "-counted_on", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="DisclosureCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(verbose_name="month")),
                (
                    "recipient",
                    models.CharField(
                        choices=[
                            ("police", "police"),
                            ("insurer", "insurers and solicitors"),
                            ("subject", "people shown (subject access)"),
                            ("council", "services of the council"),
                            ("court", "courts"),
                            ("other", "others"),
                        ],
                        max_length=10,
                        verbose_name="asked for by",
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("released", "released"),
                            ("partly", "released in part"),
                            ("refused", "refused"),
                            ("not_held", "not held any longer, or never"),
                        ],
                        max_length=10,
                        verbose_name="decision",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=120, verbose_name="reason of refusal")),
                ("count", models.PositiveIntegerField(verbose_name="how many")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
                        related_name="disclosures",
                        to="compliance.camerasystem",
                    ),
                ),
            ],
            options={
                "ordering": ("-month", "recipient", "decision"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("system", "month", "recipient", "decision", "reason"), name="disclosure_counted_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Dpia",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=compliance.models.dpia.dpia_reference, editable=False, max_length=20, unique=True
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
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
                        ],
                        default="screening",
                        editable=False,
                        max_length=20,
                    ),
                ),
                ("own_number", models.CharField(blank=True, max_length=60, verbose_name="the operator's own number")),
                ("title", models.CharField(max_length=150, verbose_name="title")),
                (
                    "covers_whole_systems",
                    models.BooleanField(default=False, verbose_name="it covers every camera of these systems"),
                ),
                (
                    "cameras_as_written",
                    models.CharField(blank=True, max_length=1000, verbose_name="cameras, as written"),
                ),
                ("screening", models.JSONField(blank=True, default=dict)),
                ("screening_reason", models.TextField(blank=True, max_length=4000, verbose_name="reason")),
                ("triggers", models.JSONField(blank=True, default=list)),
                (
                    "regime",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("uk_gdpr", "UK GDPR and Part 2 of the Data Protection Act 2018"),
                            ("law_enforcement", "Part 3 of the Data Protection Act 2018 (law enforcement)"),
                            ("both", "both"),
                        ],
                        max_length=20,
                        verbose_name="regime",
                    ),
                ),
                ("parts", models.JSONField(blank=True, default=dict)),
                ("matrix", models.JSONField(blank=True, default=list)),
                ("risks", models.JSONField(blank=True, default=list)),
                (
                    "residual_risk",
                    models.CharField(
                        blank=True,
                        choices=[("low", "low"), ("medium", "medium"), ("high", "high")],
                        max_length=6,
                        verbose_name="residual risk",
                    ),
                ),
                (
                    "advice",
                    models.TextField(blank=True, max_length=6000, verbose_name="advice of the data protection officer"),
                ),
                ("advice_at", models.DateTimeField(editable=False, null=True)),
                ("advice_followed", models.BooleanField(blank=True, null=True, verbose_name="the advice is followed")),
                ("advice_reason", models.TextField(blank=True, max_length=2000, verbose_name="why it is not followed")),
                (
                    "consulted",
                    models.TextField(blank=True, max_length=6000, verbose_name="who was consulted and what they said"),
                ),
                (
                    "ico_note",
                    models.TextField(blank=True, max_length=4000, verbose_name="what the ICO was asked and answered"),
                ),
                ("review_on", models.DateField(blank=True, null=True, verbose_name="review by")),
                (
                    "made_elsewhere",
                    models.BooleanField(default=False, editable=False, verbose_name="made outside the portal"),
                ),
                ("document_sha256", models.CharField(blank=True, editable=False, max_length=64)),
                ("content", models.TextField(blank=True, editable=False)),
                ("sha256", models.CharField(blank=True, editable=False, max_length=64)),
                ("signed_at", models.DateTimeField(editable=False, null=True)),
                ("signed_name", models.CharField(blank=True, editable=False, max_length=120)),
                ("signed_post", models.CharField(blank=True, editable=False, max_length=120)),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "advice_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cameras",
                    models.ManyToManyField(
                        blank=True, related_name="dpias", to="compliance.camera", verbose_name="cameras"
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dpias",
                        to="compliance.evidence",
                        verbose_name="document",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="dpias", to="accounts.organisation"
                    ),
                ),
                (
                    "predecessor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successors",
                        to="compliance.dpia",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "systems",
                    models.ManyToManyField(
                        blank=True, related_name="dpias", to="compliance.camerasystem", verbose_name="systems"
                    ),
                ),
            ],
            options={
                "verbose_name": "data protection impact assessment",
                "verbose_name_plural": "data protection impact assessments",
            },
        ),
        migrations.CreateModel(
            name="DpiaChange",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="compliance.dpia"
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EqualityAssessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=compliance.models.dpia.equality_reference, editable=False, max_length=20, unique=True
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("signed_off", "signed off"),
                            ("superseded", "replaced by a newer one"),
                            ("dropped", "dropped"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=12,
                    ),
                ),
                ("groups", models.JSONField(blank=True, default=dict)),
                (
                    "accuracy",
                    models.TextField(
                        blank=True,
                        max_length=4000,
                        verbose_name="how accuracy differs between groups, and how that is known",
                    ),
                ),
                ("involved", models.TextField(blank=True, max_length=4000, verbose_name="who was involved")),
                ("conclusion", models.TextField(blank=True, max_length=4000, verbose_name="conclusion")),
                ("content", models.TextField(blank=True, editable=False)),
                ("sha256", models.CharField(blank=True, editable=False, max_length=64)),
                ("signed_at", models.DateTimeField(editable=False, null=True)),
                ("signed_name", models.CharField(blank=True, editable=False, max_length=120)),
                ("signed_post", models.CharField(blank=True, editable=False, max_length=120)),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "dpia",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="equality_assessments",
                        to="compliance.dpia",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="compliance.evidence",
                        verbose_name="made elsewhere",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="equality_assessments",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                "verbose_name": "equality impact assessment",
                "verbose_name_plural": "equality impact assessments",
            },
        ),
        migrations.CreateModel(
            name="EqualityAssessmentChange",
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
                        to="compliance.equalityassessment",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EstateAudit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=compliance.models.estate.audit_reference, editable=False, max_length=20, unique=True
                    ),
                ),
                ("title", models.CharField(max_length=150, verbose_name="title")),
                (
                    "message",
                    models.TextField(blank=True, max_length=2000, verbose_name="message to those who are asked"),
                ),
                ("answer_by", models.DateField(verbose_name="answers by")),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "opened_by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="estate_audits",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "estate audit",
                "verbose_name_plural": "estate audits",
            },
        ),
        migrations.CreateModel(
            name="EstateRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=compliance.models.estate.estate_request_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("sent", "sent"),
                            ("answered", "answered"),
                            ("none_run", "answered: none is run"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="sent",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("service", models.CharField(max_length=150, verbose_name="service or site")),
                ("email", models.EmailField(max_length=254, verbose_name="email address")),
                ("expires_at", models.DateTimeField()),
                ("answered_name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                ("answered_post", models.CharField(blank=True, max_length=120, verbose_name="post")),
                ("answered_at", models.DateTimeField(null=True)),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="note")),
                (
                    "audit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="compliance.estateaudit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EstateFind",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("proposed", "to be looked at"),
                            ("taken_up", "in the register"),
                            ("declined", "declined"),
                        ],
                        default="proposed",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("site", models.CharField(max_length=250, verbose_name="site")),
                ("number_of_cameras", models.PositiveIntegerField(verbose_name="how many cameras")),
                ("sees_public", models.BooleanField(default=True, verbose_name="they see places open to the public")),
                ("purpose", models.CharField(blank=True, max_length=500, verbose_name="what they are for")),
                ("records", models.BooleanField(blank=True, null=True, verbose_name="pictures are kept")),
                ("kept_days", models.PositiveIntegerField(blank=True, null=True, verbose_name="kept for (days)")),
                ("records_audio", models.BooleanField(blank=True, null=True, verbose_name="sound is recorded")),
                ("has_sign", models.BooleanField(blank=True, null=True, verbose_name="there is a sign")),
                ("looked_after_by", models.CharField(blank=True, max_length=150, verbose_name="looked after by")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                ("settled_at", models.DateTimeField(editable=False, null=True)),
                (
                    "settled_by",
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
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="compliance.camerasystem",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="finds", to="compliance.estaterequest"
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="EstateFindChange",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="compliance.estatefind"
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EstateRequestChange",
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
                        to="compliance.estaterequest",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Fault",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=compliance.models.upkeep.fault_reference, editable=False, max_length=20, unique=True
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("reported", "reported"),
                            ("attended", "attended, not repaired"),
                            ("repaired", "repaired"),
                            ("dismissed", "no fault found"),
                        ],
                        default="reported",
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("no_picture", "no picture"),
                            ("poor_picture", "poor picture"),
                            ("no_recording", "not recorded"),
                            ("no_movement", "cannot be moved"),
                            ("obstructed", "view obstructed"),
                            ("power", "no power"),
                            ("network", "no connection"),
                            ("damage", "damaged"),
                            ("time", "wrong time"),
                            ("other", "other"),
                        ],
                        max_length=14,
                        verbose_name="what is wrong",
                    ),
                ),
                ("stops_pictures", models.BooleanField(default=True, verbose_name="no usable pictures meanwhile")),
                ("description", models.TextField(blank=True, max_length=2000, verbose_name="description")),
                ("reported_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="since when")),
                ("repaired_at", models.DateTimeField(blank=True, null=True, verbose_name="repaired at")),
                ("repair", models.TextField(blank=True, max_length=2000, verbose_name="what was done")),
                (
                    "camera",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="faults", to="compliance.camera"
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "fault",
                "verbose_name_plural": "faults",
                "indexes": [models.Index(fields=["camera", "status"], name="fault_by_camera")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("repaired_at__isnull", True),
                            ("repaired_at__gte", models.F("reported_at")),
                            _connector="OR",
                        ),
                        name="repaired_after_it_was_reported",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FaultChange",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="compliance.fault"
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FinderSearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("place", models.CharField(max_length=200)),
                ("latitude", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ("longitude", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ("metres", models.PositiveIntegerField(null=True)),
                ("reason", models.CharField(max_length=250)),
                ("found", models.PositiveIntegerField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("operators", models.ManyToManyField(related_name="+", to="accounts.organisation")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="finder_searches",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Placement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=compliance.models.placement.placement_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                ("location", models.CharField(max_length=250, verbose_name="street or landmark")),
                ("ward", models.CharField(blank=True, max_length=120, verbose_name="ward")),
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
                ("target", models.TextField(max_length=2000, verbose_name="the problem it is there for")),
                ("purposes", models.JSONField(blank=True, default=list, verbose_name="purposes")),
                ("starts_on", models.DateField(verbose_name="from")),
                ("planned_end_on", models.DateField(blank=True, null=True, verbose_name="planned until")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("end_reason", models.TextField(blank=True, max_length=1000, verbose_name="why it ended")),
                ("sign_up_on", models.DateField(blank=True, null=True, verbose_name="sign put up on")),
                ("placed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "camera",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="placements", to="compliance.camera"
                    ),
                ),
                (
                    "dpia",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placements",
                        to="compliance.dpia",
                        verbose_name="DPIA",
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-starts_on", "-pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on__isnull", True)),
                        fields=("camera",),
                        name="one_open_placement_per_camera",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="placement_dates_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportedChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sorted_as", models.CharField(max_length=12)),
                ("before", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("after", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "camera",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imported_changes",
                        to="compliance.camera",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changed_cameras",
                        to="compliance.importrun",
                    ),
                ),
                (
                    "ended_placement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="compliance.placement",
                    ),
                ),
                (
                    "placement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="compliance.placement",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("run", "camera"), name="camera_once_per_import")],
            },
        ),
        migrations.CreateModel(
            name="ImportProblem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("row", models.PositiveIntegerField()),
                ("code", models.CharField(max_length=60)),
                ("message", models.TextField()),
                ("sorted_as", models.CharField(blank=True, max_length=12)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="problems", to="compliance.importrun"
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="ImportRunChange",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="compliance.importrun"
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ListMapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shape", models.CharField(max_length=64)),
                ("mapping", models.JSONField(default=dict)),
                ("crs", models.CharField(blank=True, max_length=20)),
                ("encoding", models.CharField(blank=True, max_length=20)),
                ("has_header", models.BooleanField(default=True)),
                ("confirmed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "confirmed_by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="list_mappings",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("operator", "shape"), name="mapping_once_per_shape")],
            },
        ),
        migrations.CreateModel(
            name="MaintenanceVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("planned", "planned maintenance"),
                            ("cleaning", "cleaning"),
                            ("repair", "repair"),
                            ("installation", "installation"),
                        ],
                        max_length=12,
                        verbose_name="kind of visit",
                    ),
                ),
                ("on", models.DateField(verbose_name="date")),
                ("note", models.TextField(max_length=2000, verbose_name="what was done")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
                    "cameras",
                    models.ManyToManyField(blank=True, related_name="maintenance_visits", to="compliance.camera"),
                ),
                (
                    "system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="maintenance_visits",
                        to="compliance.camerasystem",
                    ),
                ),
            ],
            options={
                "ordering": ("-on", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="OperationalRequirement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=compliance.models.justification.requirement_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                ("title", models.CharField(max_length=150, verbose_name="title")),
                ("level_1", models.JSONField(blank=True, default=dict)),
                ("level_2", models.JSONField(blank=True, default=dict)),
                ("dated", models.DateField(blank=True, null=True, verbose_name="date")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("cameras", models.ManyToManyField(related_name="operational_requirements", to="compliance.camera")),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="compliance.evidence",
                        verbose_name="made elsewhere",
                    ),
                ),
                (
                    "made_by",
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
                        related_name="operational_requirements",
                        to="compliance.camerasystem",
                    ),
                ),
            ],
            options={
                "verbose_name": "operational requirement",
                "verbose_name_plural": "operational requirements",
            },
        ),
        migrations.CreateModel(
            name="PeriodStatistics",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=compliance.models.statistics.period_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                (
                    "length",
                    models.CharField(
                        choices=[("year", "year, April to March"), ("month", "month")],
                        max_length=5,
                        verbose_name="period",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="until")),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="note for readers")),
                ("confirmed_at", models.DateTimeField(editable=False, null=True)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "for_organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="watched for",
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statistics",
                        to="compliance.camerasystem",
                    ),
                ),
            ],
            options={
                "verbose_name": "statistics of a period",
                "verbose_name_plural": "statistics of periods",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("for_organisation__isnull", True)),
                        fields=("system", "length", "starts_on"),
                        name="own_statistics_once_per_period",
                    ),
                    models.UniqueConstraint(
                        fields=("system", "length", "starts_on", "for_organisation"), name="statistics_once_per_period"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gt", models.F("starts_on"))), name="statistics_dates_in_order"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlacementEvaluation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("before", "before"),
                            ("during", "while it lasts"),
                            ("end", "at its end"),
                            ("after", "some months after"),
                        ],
                        max_length=6,
                        verbose_name="when",
                    ),
                ),
                ("on", models.DateField(verbose_name="date")),
                (
                    "incidents",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="incidents in the period"),
                ),
                ("findings", models.TextField(max_length=4000, verbose_name="what was found")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
                    "placement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evaluations",
                        to="compliance.placement",
                    ),
                ),
            ],
            options={
                "ordering": ("on", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("problem", models.TextField(max_length=4000, verbose_name="the problem")),
                ("evidence_of_need", models.TextField(blank=True, max_length=4000, verbose_name="what shows the need")),
                ("alternatives", models.TextField(blank=True, max_length=4000, verbose_name="alternatives considered")),
                (
                    "expected",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="what it is to change, and how that is measured"
                    ),
                ),
                (
                    "cost",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=10, null=True, verbose_name="cost (GBP)"
                    ),
                ),
                ("funded_by", models.CharField(blank=True, max_length=150, verbose_name="funded by")),
                ("police_view", models.TextField(blank=True, max_length=4000, verbose_name="view of the police")),
                ("police_post", models.CharField(blank=True, max_length=120, verbose_name="post that gave it")),
                ("police_view_on", models.DateField(blank=True, null=True, verbose_name="date of that view")),
                ("proposed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "camera",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proposal", to="compliance.camera"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Referral",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=compliance.models.justification.referral_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("received", "received"),
                            ("taken_up", "taken up as a proposal"),
                            ("declined", "declined"),
                        ],
                        default="received",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("location", models.CharField(max_length=250, verbose_name="street or landmark")),
                ("problem", models.TextField(max_length=4000, verbose_name="the problem")),
                ("since", models.CharField(blank=True, max_length=500, verbose_name="since when, and how often")),
                ("tried", models.TextField(blank=True, max_length=2000, verbose_name="what was tried already")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("police", "police"),
                            ("councillor", "elected member"),
                            ("service", "service of the council"),
                            ("business", "business"),
                            ("resident", "resident"),
                            ("other", "other"),
                        ],
                        max_length=10,
                        verbose_name="asked for by",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                ("organisation", models.CharField(blank=True, max_length=150, verbose_name="organisation")),
                ("language", models.CharField(default="en", editable=False, max_length=5)),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("answer", models.TextField(blank=True, max_length=2000, verbose_name="reason given")),
                ("settled_at", models.DateTimeField(editable=False, null=True)),
                (
                    "camera",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="compliance.camera",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "referral",
                "verbose_name_plural": "referrals",
            },
        ),
        migrations.CreateModel(
            name="ReferralAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opened_at", models.DateTimeField(editable=False, null=True)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "operator",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referral_address",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "link for requests for cameras",
                "verbose_name_plural": "links for requests for cameras",
            },
        ),
        migrations.CreateModel(
            name="ReferralChange",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="compliance.referral"
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=compliance.models.statistics.report_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("annual_review", "annual review"),
                            ("summary", "one-page summary for councillors"),
                            ("annual_report", "annual report"),
                            ("camera_list", "list of cameras"),
                            ("closure_impact", "closure impact sheet"),
                            ("code_assessment_pack", "Code Assessment Pack"),
                        ],
                        max_length=20,
                    ),
                ),
                ("period_from", models.DateField(null=True)),
                ("period_until", models.DateField(null=True)),
                ("content", models.TextField(editable=False)),
                ("sha256", models.CharField(editable=False, max_length=64)),
                ("pdf", models.FileField(blank=True, upload_to="reports/%Y/%m")),
                ("pdf_sha256", models.CharField(blank=True, editable=False, max_length=64)),
                ("failure", models.CharField(blank=True, editable=False, max_length=500)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="accounts.organisation"
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="compliance.camerasystem",
                    ),
                ),
            ],
            options={
                "verbose_name": "report",
                "verbose_name_plural": "reports",
            },
        ),
        migrations.CreateModel(
            name="RoomService",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "room",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="compliance.controlroom",
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="room_services",
                        to="compliance.camerasystem",
                    ),
                ),
            ],
            options={
                "ordering": ("-starts_on", "-pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on__isnull", True)),
                        fields=("system",),
                        name="one_control_room_per_system",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StatisticFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("measure", models.CharField(max_length=40)),
                ("area", models.CharField(blank=True, max_length=120)),
                ("category", models.CharField(blank=True, max_length=120)),
                ("value", models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ("note", models.CharField(blank=True, max_length=250)),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="figures",
                        to="compliance.periodstatistics",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("period", "measure", "area", "category"), name="figure_once"),
                    models.CheckConstraint(
                        condition=models.Q(("value__isnull", True), ("value__gte", 0), _connector="OR"),
                        name="figure_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SystemGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=compliance.models.upkeep.grant_reference, editable=False, max_length=20, unique=True
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("installer", "installer"),
                            ("maintainer", "maintainer"),
                            ("hub", "member of the monitoring hub"),
                        ],
                        max_length=10,
                        verbose_name="as",
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="email address")),
                ("company", models.CharField(max_length=150, verbose_name="company or hub")),
                ("starts_on", models.DateField(default=core.dates.today, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("ended_at", models.DateTimeField(editable=False, null=True)),
                ("given_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "given_by",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="grants", to="compliance.camerasystem"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="system_grants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-given_at", "-pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="grant_dates_in_order",
                    )
                ],
            },
        ),
    ]
