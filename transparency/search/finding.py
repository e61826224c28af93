"""Finding what people look for: whole names before beginnings before all words before mistakes forgiven; among these an
authority before its systems, names before places. Two databases, one answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet

from transparency import register
from transparency.addresses import path_of
from transparency.folding import folded
from transparency.models import Found, Named, SearchEntry, SearchGram, SearchPhrase, SearchWord
from transparency.search.words import (
    MAX_QUERY,
    SHORTEST,
    asked_phrase,
    asked_words,
    grams,
    mistakes,
    mistakes_forgiven,
    unmutated,
    without_fillers,
)

LAST_LETTER = "\U0010ffff"  # sorts behind all others
LIMIT = 20
MOST = 100  # that anybody may ask for
FEW_LETTERS = 3
NAMES = (Named.NAME, Named.FORMER_NAME)
NARROW = 400  # entries that are named one by one in a query
FEW = 40  # entries of which all words are read
LIKELY = 60  # words with most letters in common that are looked at closely
WHOLE, BEGINNING, WORDS, FORGIVEN = range(4)


class Hit(NamedTuple):
    """An entry in the order in which they are shown."""

    how: int
    rank: int
    named: int
    sort: str
    entry: int


Hits = dict[int, tuple[int, int]]  # entries with how each was found, and as what


class Sought(NamedTuple):
    """A word that was typed, with others that were probably meant by it."""

    word: str
    meant: tuple[str, ...] = ()

    def is_among(self, words: Iterable[str]) -> bool:
        return any(each.startswith(self.word) or each in self.meant for each in words)


class Matched(NamedTuple):
    """What an entry was found by, where that is not its name."""

    named: int
    text: str
    text_cy: str


@dataclass(frozen=True)
class Result:
    """One thing that was found. `matched` is the street, ward, force or the like that was meant, empty for its name."""

    kind: Found
    key: str  # slug of an authority, else the reference
    title: str
    title_cy: str
    path: str
    organisation: int  # its key
    authority: str
    authority_cy: str
    authority_slug: str
    is_demonstration: bool
    named: Named  # what `matched` is
    matched: str
    matched_cy: str
    forgiven: bool  # found by another spelling than was typed

    def local(self, language: str) -> str:
        return (language == "cy" and self.title_cy) or self.title

    def local_authority(self, language: str) -> str:
        return (language == "cy" and self.authority_cy) or self.authority

    def local_matched(self, language: str) -> str:
        return (language == "cy" and self.matched_cy) or self.matched


def find(query: str, *, language: str = "en", kinds: Sequence[str] | None = None, limit: int = LIMIT) -> list[Result]:
    """What goes by that name, best first. A dozen queries and two for each of eight words at most, whatever is typed.

    `language` ("en" or "cy") decides between phrases alike; both languages are searched. `kinds` are values of `Found`.
    """
    limit = max(1, min(limit, MOST))
    text = asked_phrase(query)
    if len(text) < SHORTEST:
        return []
    certificates = list(_certificates(query)) if kinds is None or Found.CERTIFICATE in kinds else []
    sought = [Sought(word) for word in asked_words(text)]
    hits = _by_phrase(text, kinds, limit)
    if len(hits) < limit:
        for entry, named in _by_words(sought, kinds).items():
            hits.setdefault(entry, (WORDS, named))
    if not hits and not certificates:
        sought = [Sought(each.word, tuple(_meant(each.word))) for each in sought]
        hits = {entry: (FORGIVEN, named) for entry, named in _by_words(sought, kinds).items()}
    return [*certificates, *_results(_best(hits, limit - len(certificates)), sought, language)]


# --- whole names and their beginnings ---


def _by_phrase(text: str, kinds: Sequence[str] | None, limit: int) -> Hits:
    """Whole names first; beginnings are asked for only where these are not enough. After few letters only names are
    looked through: thousands of streets begin with any two.
    """
    asked = sorted({text, without_fillers(text)})
    whole = _least(_of(SearchPhrase.objects.filter(folded__in=asked), kinds))
    hits = {entry: (WHOLE, named) for entry, named in whole.items()}
    if len(hits) >= limit:
        return hits
    wanted = Q()
    for each in asked:
        wanted |= _beginning("folded", each)
    if len(text) < FEW_LETTERS:
        wanted &= Q(named__in=NAMES)
    for entry, named in _least(_of(SearchPhrase.objects.filter(wanted), kinds)).items():
        hits.setdefault(entry, (BEGINNING, named))
    return hits


def _least(rows: "QuerySet[Any]") -> dict[int, int]:
    """Each entry of these rows as the most telling that it is found by. Read from an index alone: thousands of streets
    have the same name.
    """
    return dict(rows.order_by().values("entry_id").annotate(least=Min("named")).values_list("entry_id", "least"))


def _best(hits: Hits, limit: int) -> list[Hit]:
    """The first of these entries in the order in which they are shown. One query."""
    if not hits:
        return []
    entries = SearchEntry.objects.order_by()
    if len(hits) <= NARROW:
        entries = entries.filter(pk__in=list(hits))
    rows = entries.values_list("rank", "sort", "pk")
    return nsmallest(
        limit,
        (Hit(hits[entry][0], rank, hits[entry][1], sort, entry) for rank, sort, entry in rows if entry in hits),
    )


def _of(rows: "QuerySet[Any]", kinds: Sequence[str] | None) -> "QuerySet[Any]":
    return rows if kinds is None else rows.filter(entry__kind__in=kinds)


def _beginning(field: str, text: str) -> Q:
    """Rows that begin so, asked in the way in which the index of the database helps. Folded text has no wildcards."""
    if connection.vendor == "postgresql":
        return Q(**{f"{field}__startswith": text})
    return Q(**{f"{field}__gte": text, f"{field}__lt": text + LAST_LETTER})


# --- all words ---


def _by_words(sought: Sequence[Sought], kinds: Sequence[str] | None) -> dict[int, int]:
    """Entries that have every word, each as the most telling of them. The longest are asked first: they leave the
    fewest.
    """
    found: dict[int, int] = {}
    for number, each in enumerate(sorted(sought, key=lambda each: -len(each.word))):
        if number and len(found) <= FEW:
            new = _having(each, found)
        else:
            wanted = _beginning("word", each.word) if len(each.word) > 1 else Q(word=each.word)
            if each.meant:
                wanted |= Q(word__in=each.meant)
            if len(sought) == 1 and len(each.word) < FEW_LETTERS:
                wanted &= Q(named__in=NAMES)
            new = _least(_of(SearchWord.objects.filter(wanted), kinds))
        found = {key: min(named, found[key]) for key, named in new.items() if key in found} if number else new
        if not found:
            break
    return found


def _having(each: Sought, entries: Iterable[int]) -> dict[int, int]:
    """Which of a few entries have that word. All their words are read: fewer than those of all that begin so."""
    least: dict[int, int] = {}
    for entry, word, named in (
        SearchWord.objects.order_by().filter(entry__in=list(entries)).values_list("entry_id", "word", "named")
    ):
        if word == each.word or word in each.meant or (len(each.word) > 1 and word.startswith(each.word)):
            least[entry] = min(named, least.get(entry, named))
    return least


# --- mistakes and mutations ---


def _meant(word: str) -> list[str]:
    """Words that somebody may have meant: what a Welsh mutation made of it, and those with few mistakes. One query."""
    bases = [word, *unmutated(word)]
    meant = [base for base in bases[1:] if len(base) > SHORTEST]
    most = mistakes_forgiven(word)
    if not most:
        return meant
    asked: set[str] = set().union(*map(grams, bases))
    likely = (
        SearchGram.objects.filter(gram__in=sorted(asked))
        .values("word")
        .annotate(common=Count("pk"))
        .order_by("-common", "word")
        .values_list("word", flat=True)[:LIKELY]
    )
    return meant + [each for each in likely if min(mistakes(base, each, most) for base in bases) <= most]


# --- what is shown ---


def _certificates(query: str) -> Iterable[Result]:
    """The certificate of that number, which is public by itself. One query, two where there is one."""
    found = register.find(query) if any(letter.isdigit() for letter in query[:MAX_QUERY]) else None
    if found is None:
        return
    operator = found.operator
    yield Result(
        kind=Found.CERTIFICATE,
        key=found.reference,
        title=found.reference,
        title_cy="",
        path=path_of("certificate", found.reference),
        organisation=operator.pk,
        authority=found.operator_name,
        authority_cy=found.operator_name_cy,
        authority_slug=operator.slug,
        is_demonstration=operator.is_demonstration,
        named=Named.NAME,
        matched="",
        matched_cy="",
        forgiven=False,
    )


def _results(hits: Sequence[Hit], sought: Sequence[Sought], language: str) -> list[Result]:
    """Two queries."""
    entries = SearchEntry.objects.select_related("organisation").in_bulk([hit.entry for hit in hits])
    matched = _matched(entries, sought, language)
    return [_result(entries[hit.entry], matched.get(hit.entry), hit.how == FORGIVEN) for hit in hits]


def _result(entry: SearchEntry, matched: Matched | None, forgiven: bool) -> Result:
    organisation = entry.organisation
    return Result(
        kind=Found(entry.kind),
        key=entry.key,
        title=entry.title,
        title_cy=entry.title_cy,
        path=entry.path,
        organisation=organisation.pk,
        authority=organisation.name,
        authority_cy=organisation.name_cy,
        authority_slug=organisation.slug,
        is_demonstration=organisation.is_demonstration,
        named=Named(matched.named) if matched else Named.NAME,
        matched=matched.text if matched else "",
        matched_cy=matched.text_cy if matched else "",
        forgiven=forgiven,
    )


def _matched(entries: Mapping[int, SearchEntry], sought: Sequence[Sought], language: str) -> dict[int, Matched]:
    """For each entry the phrase that has most of those words which are not in the names that are shown anyway."""
    shown = {key: _shown(entry).split() for key, entry in entries.items()}
    missing = {key: [each for each in sought if not each.is_among(words)] for key, words in shown.items()}
    holding = Q()
    for word in {word for rest in missing.values() for each in rest for word in (each.word, *each.meant)}:
        holding |= Q(folded__contains=word)
    if not holding:
        return {}
    phrases = SearchPhrase.objects.filter(holding, entry__in=[key for key, rest in missing.items() if rest])
    best: dict[int, tuple[tuple[Any, ...], Matched]] = {}
    rows = phrases.exclude(named__in=(Named.NAME, Named.OWNER)).order_by()
    for entry, named, text, *texts in rows.values_list("entry_id", "named", "folded", "text", "text_cy"):
        words = text.split()
        number = sum(each.is_among(words) for each in missing[entry])
        if not number or (entry in best and (-number, len(words), named) > best[entry][0][:3]):
            continue
        in_language = (text == folded(texts[1])) == (language == "cy")
        score = (-number, len(words), named, not in_language, text, *texts)
        if entry not in best or score < best[entry][0]:
            best[entry] = (score, Matched(named, *texts))
    return {key: phrase for key, (_score, phrase) in best.items()}


def _shown(entry: SearchEntry) -> str:
    """The words that stand on a result in any case."""
    organisation = entry.organisation
    return folded(" ".join((entry.title, entry.title_cy, organisation.name, organisation.name_cy)))
