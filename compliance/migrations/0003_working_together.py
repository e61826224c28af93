import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import compliance.models.assessment
import compliance.models.elsewhere
import compliance.models.evidence
import compliance.models.working


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("compliance", "0002_scope_and_action_versions"),
    ]

    operations = [
        migrations.AddField(
            model_name="actionitem",
            name="carried_from",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="carried_to",
                to="compliance.actionitem",
            ),
        ),
        migrations.AddField(
            model_name="actionitem",
            name="closed_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="actionitem",
            name="closing_evidence",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="compliance.evidence",
                verbose_name="evidence",
            ),
        ),
        migrations.AddField(
            model_name="actionitem",
            name="operator",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="actions",
                to="accounts.organisation",
            ),
        ),
        migrations.AddField(
            model_name="actionitem",
            name="origin",
            field=models.CharField(
                choices=[
                    ("gap", "a gap"),
                    ("finding", "a finding"),
                    ("review", "a review"),
                    ("free", "planned freely"),
                ],
                default="gap",
                max_length=8,
                verbose_name="where it comes from",
            ),
        ),
        migrations.AddField(
            model_name="actionitem",
            name="origin_reference",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="actionitem",
            name="system",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="actions",
                to="compliance.camerasystem",
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="carried_from",
            field=models.CharField(blank=True, max_length=160),
        ),
        migrations.AddField(
            model_name="answer",
            name="language",
            field=models.CharField(choices=[("en", "English"), ("cy", "Welsh")], default="en", max_length=2),
        ),
        migrations.AddField(
            model_name="answerrevision",
            name="language",
            field=models.CharField(default="en", max_length=2),
        ),
        migrations.AddField(
            model_name="answerrevision",
            name="note",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="answerrevision",
            name="origin",
            field=models.CharField(
                choices=[
                    ("typed", "typed"),
                    ("restored", "restored from an earlier version"),
                    ("carried", "carried over"),
                    ("confirmed", "reconfirmed"),
                    ("imported", "taken from a file"),
                    ("suggested", "taken from a suggestion"),
                    ("linked", "saved through a linked question"),
                ],
                default="typed",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="previous",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="successors",
                to="compliance.assessment",
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="reopen_reason",
            field=models.TextField(blank=True, max_length=2000),
        ),
        migrations.AddField(
            model_name="evidence",
            name="is_public",
            field=models.BooleanField(default=False, verbose_name="may be published"),
        ),
        migrations.AddField(
            model_name="evidence",
            name="leaks",
            field=models.JSONField(default=list, editable=False),
        ),
        migrations.AddField(
            model_name="evidence",
            name="marking",
            field=models.CharField(
                choices=[("", "no marking"), ("official", "OFFICIAL")],
                default="",
                max_length=20,
                verbose_name="marking",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name="question",
            name="evidence_help",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="question",
            name="evidence_help_cy",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="question",
            name="help_cy",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="question",
            name="predecessor_key",
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AddField(
            model_name="signedassessment",
            name="document",
            field=models.FileField(
                blank=True, editable=False, upload_to=compliance.models.assessment.signed_document_path
            ),
        ),
        migrations.AddField(
            model_name="signedassessment",
            name="document_sha256",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AlterField(
            model_name="actionitem",
            name="assessment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="actions",
                to="compliance.assessment",
            ),
        ),
        migrations.AlterField(
            model_name="actionitem",
            name="principle",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="compliance.principle",
            ),
        ),
        migrations.AddConstraint(
            model_name="actionitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("assessment__isnull", True), ("principle__isnull", False), _connector="OR"),
                name="action_of_an_assessment_has_a_principle",
            ),
        ),
        migrations.CreateModel(
            name="AnswerDisclosure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_public", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="why it is withheld")),
                ("decided_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disclosures",
                        to="compliance.assessment",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="compliance.question"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("assessment", "question"), name="one_disclosure_per_question"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_public", True), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="withheld_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AnswerLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("linked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "linked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="compliance.question"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AssessmentLook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="compliance.assessment"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("assessment", "user"), name="one_look_per_person")],
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("secret_sha256", models.CharField(editable=False, max_length=64, unique=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("read_at", models.DateTimeField(editable=False, null=True)),
                ("revoked_at", models.DateTimeField(editable=False, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calendar_feeds",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calendar_feeds",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=4000)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("settled_at", models.DateTimeField(editable=False, null=True)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="compliance.assessment"
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
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="compliance.question"
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
                "ordering": ("at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="EvidenceUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence_uses",
                        to="compliance.assessment",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="uses", to="compliance.evidence"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="compliance.question"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("evidence", "assessment", "question"), name="evidence_used_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="EvidenceVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                ("file", models.FileField(upload_to=compliance.models.evidence.evidence_path)),
                ("file_name", models.CharField(max_length=150)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("dated", models.DateField(null=True)),
                ("added_at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
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
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="compliance.evidence"
                    ),
                ),
            ],
            options={
                "ordering": ("-version",),
                "constraints": [models.UniqueConstraint(fields=("evidence", "version"), name="evidence_version_once")],
            },
        ),
        migrations.CreateModel(
            name="LinkedAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="linked_answers",
                        to="compliance.assessment",
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="members", to="compliance.answerlink"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="compliance.question"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("assessment", "question"), name="one_link_per_question")
                ],
            },
        ),
        migrations.CreateModel(
            name="MadeElsewhere",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=compliance.models.elsewhere.made_elsewhere_reference,
                        editable=False,
                        max_length=20,
                        unique=True,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("self_assessment", "self-assessment"),
                            ("code_of_practice", "code of practice"),
                            ("annual_report", "annual report"),
                        ],
                        max_length=20,
                        verbose_name="what it is",
                    ),
                ),
                ("signed_on", models.DateField(verbose_name="signed on")),
                ("signed_post", models.CharField(max_length=120, verbose_name="post of whoever signed")),
                ("review_on", models.DateField(blank=True, null=True, verbose_name="review date")),
                ("scope", models.TextField(max_length=4000, verbose_name="scope")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("recorded", "recorded, not confirmed"),
                            ("confirmed", "confirmed"),
                            ("declined", "not confirmed by the SRO"),
                            ("replaced", "replaced"),
                        ],
                        default="recorded",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("confirmed_at", models.DateTimeField(editable=False, null=True)),
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
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="compliance.evidence",
                        verbose_name="file",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="made_elsewhere",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "recorded_by",
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
                        related_name="made_elsewhere", to="compliance.camerasystem", verbose_name="systems"
                    ),
                ),
            ],
            options={
                "verbose_name": "document made outside the portal",
                "verbose_name_plural": "documents made outside the portal",
                "ordering": ("-signed_on", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="MadeElsewhereChange",
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
                        to="compliance.madeelsewhere",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PrincipleAssignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("assigned_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="compliance.assessment",
                    ),
                ),
                (
                    "assigned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "principle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="compliance.principle"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("assessment", "principle", "user"), name="principle_assigned_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="QuestionRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reference",
                    models.CharField(
                        default=compliance.models.working.question_request_reference,
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
                            ("taken", "taken over"),
                            ("declined", "not taken over"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="sent",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="email address")),
                ("name", models.CharField(max_length=120, verbose_name="name or post")),
                ("message", models.TextField(blank=True, max_length=2000, verbose_name="message")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("expires_at", models.DateTimeField(editable=False)),
                (
                    "choice",
                    models.CharField(
                        blank=True, choices=[("yes", "Yes"), ("no", "No"), ("na", "Not applicable")], max_length=3
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("answered_name", models.CharField(blank=True, max_length=120)),
                ("answered_at", models.DateTimeField(editable=False, null=True)),
                (
                    "asked_by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="question_requests",
                        to="compliance.assessment",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="compliance.question"
                    ),
                ),
            ],
            options={
                "ordering": ("-asked_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="QuestionRequestChange",
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
                        to="compliance.questionrequest",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "abstract": False,
            },
        ),
    ]
