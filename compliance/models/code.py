"""Editions of the Code: principles and questions as data. An edition in use is never changed, only succeeded."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.bilingual import local_text


class CodeEdition(models.Model):
    """One edition as loaded from its YAML file, with the hash of its content."""

    key = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    title_cy = models.CharField(max_length=200, blank=True)
    code_version = models.CharField(max_length=10)
    in_effect_on = models.DateField()
    source_title = models.CharField(max_length=200)
    source_url = models.URLField()
    wording_note = models.TextField()
    wording_note_cy = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-in_effect_on",)

    def __str__(self) -> str:
        return self.title

    @property
    def local_title(self) -> str:
        return local_text(self, "title")

    @property
    def local_wording_note(self) -> str:
        return local_text(self, "wording_note")

    def in_use(self) -> bool:
        """Whether any self-assessment rests on it. One query."""
        return self.assessments.exists()


class Principle(models.Model):
    """A guiding principle, 1 to 12."""

    edition = models.ForeignKey(CodeEdition, on_delete=models.CASCADE, related_name="principles")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    title_cy = models.CharField(max_length=200)
    summary = models.TextField()
    summary_cy = models.TextField(blank=True)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("edition", "number"), name="principle_number_once"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1, number__lte=12),
                name="principle_1_to_12",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def local_title(self) -> str:
        return local_text(self, "title")

    @property
    def local_summary(self) -> str:
        return local_text(self, "summary")


class Question(models.Model):
    """One of the portal's 75 questions (domain 3.3): its kind, when it applies, what is expected."""

    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        YES_NO = "yes_no", _("yes or no")
        YES_NO_TEXT = "yes_no_text", _("yes or no, with an explanation")
        GAP = "gap", _("gaps")

    edition = models.ForeignKey(CodeEdition, on_delete=models.CASCADE, related_name="questions")
    principle = models.ForeignKey(Principle, on_delete=models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=8)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    title = models.CharField(max_length=160)
    title_cy = models.CharField(max_length=160)
    text = models.TextField()
    text_cy = models.TextField(blank=True)
    help = models.TextField(blank=True)  # what a good answer shows
    help_cy = models.TextField(blank=True)
    evidence_help = models.TextField(blank=True)  # what evidence fits
    evidence_help_cy = models.TextField(blank=True)
    # Of the same question in the edition before; '' if it is new.
    predecessor_key = models.CharField(max_length=8, blank=True)
    limit = models.PositiveIntegerField(default=4000)
    applies = models.CharField(max_length=24, default="always")  # always, a Technology or a Fact
    not_applicable_allowed = models.BooleanField(default=False)
    follows = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="follow_ups")
    follows_answer = models.CharField(max_length=3, blank=True)
    expected = models.CharField(max_length=3, blank=True)
    explain_when = models.CharField(max_length=6, blank=True)  # "", "yes" or "always"
    withheld_by_default = models.BooleanField(default=False)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("edition", "number"), name="question_number_once"),
            models.UniqueConstraint(fields=("edition", "key"), name="question_key_once"),
        )

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def local_title(self) -> str:
        return local_text(self, "title")

    @property
    def local_text(self) -> str:
        return local_text(self, "text")

    @property
    def local_help(self) -> str:
        """What a good answer shows."""
        return local_text(self, "help")

    @property
    def hint(self) -> str:
        """The first sentence of that, to stand beside the question."""
        first, _stop, rest = self.local_help.partition(". ")
        return f"{first}." if rest else first

    @property
    def local_evidence_help(self) -> str:
        """What evidence fits: kinds of documents, apart by semicolons."""
        return local_text(self, "evidence_help")


class ActionTemplate(models.Model):
    """A ready-made action of the plan (domain 2.1)."""

    edition = models.ForeignKey(CodeEdition, on_delete=models.CASCADE, related_name="action_templates")
    key = models.SlugField(max_length=40)
    principles = models.JSONField(default=list)
    text = models.CharField(max_length=250)
    text_cy = models.CharField(max_length=250, blank=True)
    days = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("edition", "key"), name="action_template_once"),)

    def __str__(self) -> str:
        return self.text

    @property
    def local_text(self) -> str:
        return local_text(self, "text")
