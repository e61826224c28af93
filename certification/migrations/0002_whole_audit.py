import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import certification.models.life
import certification.models.visit
import core.dates


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_deputies_and_days_of_invitations"),
        ("accounts", "__first__"),
        ("certification", "0001_initial"),
        ("compliance", "0008_day_of_closing"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="certificate",
            name="certificate_dates_in_order",
        ),
        migrations.AddField(
            model_name="application",
            name="is_bilingual",
            field=models.BooleanField(default=False, verbose_name="certificate in English and Welsh"),
        ),
        migrations.AddField(
            model_name="application",
            name="scope_cy",
            field=models.TextField(blank=True, max_length=1000, verbose_name="scope in Welsh"),
        ),
        migrations.AddField(
            model_name="application",
            name="signed_assessments",
            field=models.ManyToManyField(blank=True, related_name="+", to="compliance.signedassessment"),
        ),
        migrations.AddField(
            model_name="auditorassignment",
            name="due_on",
            field=models.DateField(blank=True, null=True, verbose_name="review due"),
        ),
        migrations.AddField(
            model_name="auditorassignment",
            name="has_advised",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="auditorassignment",
            name="has_other_interest",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="auditorassignment",
            name="has_worked_for",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="auditorassignment",
            name="reason_despite",
            field=models.TextField(blank=True, max_length=2000),
        ),
        migrations.AddField(
            model_name="auditorassignment",
            name="warnings",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="certificate",
            name="body_name_cy",
            field=models.CharField(blank=True, editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name="certificate",
            name="edition_title_cy",
            field=models.CharField(blank=True, editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name="certificate",
            name="facts",
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.AddField(
            model_name="certificate",
            name="facts_jws",
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.AddField(
            model_name="certificate",
            name="is_bilingual",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="certificate",
            name="key_id",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="certificate",
            name="origin",
            field=models.CharField(
                choices=[
                    ("award", "awarded"),
                    ("renewal", "renewed"),
                    ("scope", "issued again with another scope"),
                    ("transfer", "transferred from another certification body"),
                    ("reissue", "issued again without any change of substance"),
                    ("recorded", "issued outside the portal and recorded for the history"),
                ],
                default="award",
                editable=False,
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="certificate",
            name="scheme_name_cy",
            field=models.CharField(blank=True, editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name="certificate",
            name="scheme_statement_cy",
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.AddField(
            model_name="certificate",
            name="scheme_version",
            field=models.CharField(blank=True, editable=False, max_length=20),
        ),
        migrations.AddField(
            model_name="certificate",
            name="scope_cy",
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.AddField(
            model_name="certificate",
            name="terms",
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.AddField(
            model_name="certificate",
            name="terms_cy",
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.AddField(
            model_name="certificationscheme",
            name="closing_reason",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="certificationscheme",
            name="closing_reason_cy",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="certificationscheme",
            name="number_prefix",
            field=models.CharField(default="CC", max_length=8),
        ),
        migrations.AddField(
            model_name="certificationscheme",
            name="rotation_stops",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="certificationscheme",
            name="succeeds",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="successors",
                to="certification.certificationscheme",
                verbose_name="succeeds",
            ),
        ),
        migrations.AddField(
            model_name="certificationscheme",
            name="terms",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="certificationscheme",
            name="terms_cy",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="certificationscheme",
            name="version",
            field=models.CharField(default="1", max_length=20),
        ),
        migrations.AddField(
            model_name="criterion",
            name="evidence_cy",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="criterion",
            name="grading_cy",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="decision",
            name="recommended",
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AddField(
            model_name="decision",
            name="scope",
            field=models.TextField(blank=True, max_length=1000),
        ),
        migrations.AddField(
            model_name="stepreview",
            name="actual_days",
            field=models.DecimalField(
                blank=True, decimal_places=1, max_digits=5, null=True, verbose_name="actual days"
            ),
        ),
        migrations.AddField(
            model_name="stepreview",
            name="due_on",
            field=models.DateField(blank=True, null=True, verbose_name="due"),
        ),
        migrations.AddField(
            model_name="stepreview",
            name="planned_days",
            field=models.DecimalField(
                blank=True, decimal_places=1, max_digits=5, null=True, verbose_name="planned days"
            ),
        ),
        migrations.AlterField(
            model_name="certificate",
            name="application",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="certificates",
                to="certification.application",
            ),
        ),
        migrations.AlterField(
            model_name="certificate",
            name="issued_on",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="certificate",
            name="reference",
            field=models.CharField(editable=False, max_length=40, unique=True),
        ),
        migrations.AlterField(
            model_name="certificate",
            name="reviewed_on",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="certificate",
            name="valid_from",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="stepreview",
            name="recommendation",
            field=models.CharField(
                blank=True,
                choices=[
                    ("award", "recommend award"),
                    ("decline", "recommend that no certificate is awarded"),
                    ("continue", "recommend that the certificate continues"),
                    ("suspend", "recommend suspension"),
                    ("withdraw", "recommend withdrawal"),
                ],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="stepreview",
            name="step",
            field=models.CharField(
                choices=[("step1", "step 1: desktop"), ("step2", "step 2: on site"), ("watch", "surveillance review")],
                max_length=6,
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True),
                    ("valid_from__isnull", True),
                    ("valid_from__lte", models.F("valid_until")),
                    _connector="OR",
                ),
                name="certificate_dates_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="certificate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("origin", "recorded"),
                    models.Q(
                        ("application__isnull", False),
                        ("issued_on__isnull", False),
                        ("reviewed_on__isnull", False),
                        ("valid_from__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="certificate_dates_known_unless_recorded",
            ),
        ),
        migrations.CreateModel(
            name="Appeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("grounds", models.TextField(max_length=4000, verbose_name="grounds of the appeal")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "against",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="certification.decision"
                    ),
                ),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeal",
                        to="certification.application",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SiteVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=certification.models.visit.visit_reference, editable=False, max_length=20, unique=True
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("proposed", "date proposed"),
                            ("agreed", "date agreed"),
                            ("under_way", "under way"),
                            ("signed", "signed off by both sides"),
                            ("cancelled", "cancelled"),
                        ],
                        default="proposed",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="begins")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                ("place", models.TextField(max_length=500, verbose_name="where")),
                (
                    "agenda",
                    models.TextField(blank=True, max_length=4000, verbose_name="what is to be seen, and with whom"),
                ),
                ("seed", models.CharField(blank=True, editable=False, max_length=40)),
                ("rule", models.JSONField(default=dict, editable=False)),
                ("drawn_at", models.DateTimeField(editable=False, null=True)),
                ("checklist", models.JSONField(default=list, editable=False)),
                ("auditor_signed_at", models.DateTimeField(editable=False, null=True)),
                ("auditor_name", models.CharField(blank=True, max_length=150)),
                ("operator_signed_at", models.DateTimeField(editable=False, null=True)),
                ("operator_name", models.CharField(blank=True, max_length=150)),
                ("operator_post", models.CharField(blank=True, max_length=150)),
                ("operator_remarks", models.TextField(blank=True, max_length=2000)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="certification.application",
                    ),
                ),
                (
                    "operator_signed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="certification.stepreview",
                    ),
                ),
            ],
            options={
                "ordering": ("starts_at",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("starts_at__lt", models.F("ends_at"))), name="visit_begins_before_it_ends"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CameraSample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("camera_reference", models.CharField(max_length=60)),
                ("location", models.CharField(max_length=300)),
                ("kind", models.CharField(max_length=40)),
                ("stratum", models.CharField(blank=True, max_length=120)),
                ("is_chosen", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=300)),
                (
                    "camera",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="compliance.camera"
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="compliance.camerasystem"
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sample", to="certification.sitevisit"
                    ),
                ),
            ],
            options={
                "ordering": ("position",),
                "constraints": [
                    models.UniqueConstraint(fields=("visit", "camera"), name="camera_once_per_visit"),
                    models.UniqueConstraint(fields=("visit", "position"), name="sample_position_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CertificateEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("issued", "issued"),
                            ("recorded", "recorded for the history"),
                            ("suspended", "suspended"),
                            ("reinstated", "reinstated"),
                            ("withdrawn", "withdrawn"),
                            ("replaced", "replaced"),
                            ("continued", "continued after a surveillance review"),
                            ("corrected", "corrected"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("reason", models.TextField(blank=True)),
                ("data", models.JSONField(default=dict)),
                ("previous", models.CharField(max_length=64)),
                ("sha256", models.CharField(max_length=64, unique=True)),
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
                    "certificate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="certification.certificate",
                    ),
                ),
            ],
            options={
                "ordering": ("certificate", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("certificate", "number"), name="certificate_event_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Clarification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("principle", models.PositiveSmallIntegerField()),
                ("question", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("subject", models.CharField(max_length=150, verbose_name="subject")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("operator", "waits for the operator"),
                            ("auditor", "waits for the auditor"),
                            ("closed", "closed"),
                        ],
                        default="operator",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="answer wanted by")),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clarifications",
                        to="certification.application",
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="certification.criterion",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clarifications",
                        to="certification.stepreview",
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="compliance.camerasystem",
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
                "constraints": [
                    models.UniqueConstraint(fields=("application", "number"), name="clarification_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ClarificationChange",
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
                        to="certification.clarification",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MatterFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("quote", "quote"),
                            ("engagement", "signed engagement"),
                            ("clarification", "beside a clarification"),
                            ("response", "beside a response to a finding"),
                            ("visit", "from a site visit"),
                            ("other", "other"),
                        ],
                        max_length=16,
                    ),
                ),
                ("title", models.CharField(max_length=150)),
                ("file", models.FileField(editable=False, upload_to="")),
                ("file_name", models.CharField(max_length=150)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="certification.application",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
                "constraints": [
                    models.UniqueConstraint(fields=("application", "number"), name="matter_file_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ClarificationMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=4000)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "clarification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="certification.clarification",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                ("files", models.ManyToManyField(blank=True, related_name="+", to="certification.matterfile")),
            ],
            options={
                "ordering": ("at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Competence",
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
                ("starts_on", models.DateField(default=core.dates.today, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("basis", models.CharField(max_length=300, verbose_name="what it rests on")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "auditor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="competences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="competences",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("auditor", "technology", "starts_on"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on__isnull", True)),
                        fields=("body", "auditor", "technology"),
                        name="competence_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("starts_on__lte", models.F("ends_on")), _connector="OR"
                        ),
                        name="competence_dates_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=30)),
                ("message", models.TextField(blank=True, max_length=1000, verbose_name="message")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="wanted by")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="document_requests",
                        to="certification.application",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "asked_of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("asked_at",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("application", "kind"),
                        name="document_asked_of_one_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Engagement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "fee",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=9, null=True, verbose_name="fee in pounds, without VAT"
                    ),
                ),
                (
                    "planned_days",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=5, null=True, verbose_name="planned days"
                    ),
                ),
                ("quoted_on", models.DateField(blank=True, null=True, verbose_name="quoted on")),
                ("signed_on", models.DateField(blank=True, null=True, verbose_name="signed on")),
                (
                    "signed_for_operator",
                    models.CharField(blank=True, max_length=150, verbose_name="signed for the operator by (post)"),
                ),
                (
                    "signed_for_body",
                    models.CharField(
                        blank=True, max_length=150, verbose_name="signed for the certification body by (post)"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="engagement",
                        to="certification.application",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="certification.matterfile",
                    ),
                ),
                (
                    "quote",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="certification.matterfile",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("class_key", models.CharField(max_length=20, verbose_name="class")),
                ("question", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("text", models.TextField(max_length=4000, verbose_name="what was found")),
                ("evidence", models.TextField(blank=True, max_length=2000, verbose_name="what it rests on")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("answered", "answered by the operator"),
                            ("plan", "plan accepted"),
                            ("closed", "closed"),
                            ("cancelled", "cancelled by the auditor"),
                        ],
                        default="open",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="to be put right by")),
                ("raised_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "follow_up",
                    models.TextField(blank=True, max_length=2000, verbose_name="what was seen at the follow-up"),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="certification.application",
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="certification.criterion",
                    ),
                ),
                (
                    "followed_up_in",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_up",
                        to="certification.stepreview",
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="certification.stepreview",
                    ),
                ),
                ("systems", models.ManyToManyField(blank=True, related_name="+", to="compliance.camerasystem")),
            ],
            options={
                "ordering": ("number",),
                "constraints": [models.UniqueConstraint(fields=("application", "number"), name="finding_number_once")],
            },
        ),
        migrations.CreateModel(
            name="FindingChange",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="certification.finding"
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FindingResponse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cause", models.TextField(blank=True, max_length=2000, verbose_name="why it came about")),
                ("text", models.TextField(max_length=4000, verbose_name="what was done, or is planned")),
                ("done_by", models.DateField(blank=True, null=True, verbose_name="done, or to be done, by")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("is_accepted", models.BooleanField(null=True)),
                ("reason", models.TextField(blank=True, max_length=2000)),
                ("judged_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="certification.finding",
                    ),
                ),
                (
                    "judged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("files", models.ManyToManyField(blank=True, related_name="+", to="certification.matterfile")),
            ],
            options={
                "ordering": ("at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Interest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("advised", "advised it"), ("worked", "worked for it"), ("other", "another tie")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("note", models.TextField(max_length=1000, verbose_name="what it is")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interests",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("person", "operator", "starts_on"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("starts_on__isnull", True),
                            ("starts_on__lte", models.F("ends_on")),
                            _connector="OR",
                        ),
                        name="interest_dates_in_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MarkPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("website", "website"),
                            ("sign", "sign"),
                            ("vehicle", "vehicle"),
                            ("paper", "letter, leaflet or report"),
                            ("other", "elsewhere"),
                        ],
                        max_length=8,
                        verbose_name="kind of place",
                    ),
                ),
                ("where", models.CharField(max_length=300, verbose_name="where, or its address")),
                ("since", models.DateField(blank=True, null=True, verbose_name="shown since")),
                ("removed_on", models.DateField(blank=True, null=True, verbose_name="removed on")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "check_result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ok", "shown as it should be"),
                            ("wrong", "shown wrongly"),
                            ("gone", "not shown there"),
                        ],
                        max_length=8,
                    ),
                ),
                ("checked_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "certificate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mark_places",
                        to="certification.certificate",
                    ),
                ),
                (
                    "checked_in",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="certification.stepreview",
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
                "constraints": [
                    models.UniqueConstraint(fields=("certificate", "number"), name="mark_place_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Observation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(blank=True, max_length=150)),
                ("item", models.CharField(max_length=40)),
                (
                    "seen",
                    models.CharField(
                        choices=[
                            ("yes", "as it should be"),
                            ("no", "not as it should be"),
                            ("unseen", "could not be seen"),
                            ("na", "does not apply"),
                        ],
                        max_length=8,
                        verbose_name="what was seen",
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="note")),
                ("version", models.PositiveIntegerField(default=1)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="observations",
                        to="certification.camerasample",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="observations",
                        to="certification.sitevisit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("sample__isnull", False)),
                        fields=("visit", "sample", "item"),
                        name="camera_item_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("sample__isnull", True)),
                        fields=("visit", "place", "item"),
                        name="place_item_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reissue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=certification.models.life.reissue_reference, editable=False, max_length=20, unique=True
                    ),
                ),
                ("reason", models.TextField(max_length=2000)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reissues",
                        to="certification.certificationscheme",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="certification.certificationscheme",
                    ),
                ),
            ],
            options={
                "ordering": ("-at",),
            },
        ),
        migrations.CreateModel(
            name="ReissueItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("refusal", models.CharField(blank=True, max_length=300)),
                (
                    "certificate",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reissue_item",
                        to="certification.certificate",
                    ),
                ),
                (
                    "reissue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="certification.reissue"
                    ),
                ),
                (
                    "successor",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reissued_from",
                        to="certification.certificate",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SiteVisitChange",
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
                        to="certification.sitevisit",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SurveillanceReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=certification.models.life.surveillance_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "planned"),
                            ("review", "under review"),
                            ("reviewed", "waits for a decision"),
                            ("decided", "decided"),
                            ("cancelled", "cancelled"),
                        ],
                        default="planned",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("due_on", models.DateField(verbose_name="due")),
                (
                    "changes_declared",
                    models.TextField(
                        blank=True,
                        max_length=4000,
                        verbose_name="what has changed at the operator since the last review",
                    ),
                ),
                ("declared_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "certificate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="surveillance",
                        to="certification.certificate",
                    ),
                ),
                (
                    "declared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "review",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="surveillance",
                        to="certification.stepreview",
                    ),
                ),
            ],
            options={
                "ordering": ("certificate", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("certificate", "number"), name="surveillance_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveillanceChange",
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
                        to="certification.surveillancereview",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "abstract": False,
            },
        ),
    ]
