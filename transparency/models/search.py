"""Read model of the search for people: what can be found, under which names, words and parts of words.

Made from publications, and from the names of organisations, which are public by themselves. The same tables answer on
SQLite and PostgreSQL: plain rows of words and of three letters each, no extension of either.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation


class Found(models.TextChoices):
    """What a search finds. Certificates have no rows: the register is asked, since their standing is told live."""

    AUTHORITY = "authority", _("Authority")
    SYSTEM = "system", _("Camera system")
    CONSULTATION = "consultation", _("Consultation")
    DOCUMENT = "document", _("Document")
    AGREEMENT = "agreement", _("Agreement")
    NATIONAL = "national", _("National picture")
    CERTIFICATE = "certificate", _("Certificate")


class Named(models.IntegerChoices):
    """As what a phrase belongs to an entry; of two that match, the smaller says why it was found."""

    NAME = 0, _("Name")
    FORMER_NAME = 1, _("Former name")
    CODE = 2, _("Official code")
    AREA = 3, _("Area")
    WARD = 4, _("Ward")
    LOCALITY = 5, _("Locality")
    STREET = 6, _("Street")
    POSTCODE = 7, _("Postcode district")
    FORCE = 8, _("Police force")
    CERTIFICATE = 9, _("Certificate")
    DOCUMENT = 10, _("Document")
    OWNER = 11, _("Authority")


class SearchEntry(models.Model):
    """One thing that can be found, and where it leads."""

    kind = models.CharField(max_length=20)  # of Found
    key = models.CharField(max_length=80)  # slug of an authority, else the reference of what was published
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=200)  # without language prefix
    title = models.CharField(max_length=200)
    title_cy = models.CharField(max_length=200, blank=True)
    rank = models.SmallIntegerField()  # authorities before systems before consultations before what is no more
    sort = models.CharField(max_length=200)  # the folded title
    sha256 = models.CharField(max_length=64)  # of what the rows below were made from

    class Meta:
        ordering = ("rank", "sort", "pk")
        constraints = (models.UniqueConstraint(fields=("kind", "key"), name="search_entry_once"),)

    def __str__(self) -> str:
        return self.title


class SearchPhrase(models.Model):
    """A name, ward, street or the like by which an entry is found as a whole or by its beginning."""

    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="phrases")
    named = models.SmallIntegerField()  # of Named
    folded = models.CharField(max_length=100)  # small letters without accents
    text = models.CharField(max_length=200)
    text_cy = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("pk",)
        indexes = (
            models.Index(  # with all that a search reads of these rows
                fields=("folded", "named", "entry"),
                name="search_by_phrase",
                opclasses=("varchar_pattern_ops", "int2_ops", "int8_ops"),
            ),
        )

    def __str__(self) -> str:
        return self.text


class SearchWord(models.Model):
    """A word of the phrases of an entry, once, as the most telling of them."""

    entry = models.ForeignKey(SearchEntry, on_delete=models.CASCADE, related_name="words")
    word = models.CharField(max_length=40)
    named = models.SmallIntegerField()

    class Meta:
        ordering = ("pk",)
        indexes = (
            models.Index(
                fields=("word", "named", "entry"),
                name="search_by_word",
                opclasses=("varchar_pattern_ops", "int2_ops", "int8_ops"),
            ),
        )

    def __str__(self) -> str:
        return self.word


class SearchGram(models.Model):
    """Three letters of a word that some entry has: by these a word is found that was mistyped."""

    gram = models.CharField(max_length=3)
    word = models.CharField(max_length=40)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("gram", "word"), name="search_gram_once"),)
        indexes = (models.Index(fields=("word",), name="search_gram_by_word"),)

    def __str__(self) -> str:
        return f"{self.gram}: {self.word}"
