"""Filling the read model of the search. A system is found by what its newest publication says, an authority by its
names, former names, code and forces, a document by its title and what it is; what is withheld or withdrawn has no rows.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import override

from accounts.models import Organisation
from accounts.models.roles import OPERATOR_KINDS
from compliance.frozen import digest
from core import jobs
from core.bulk import delete_rows, insert_rows
from core.jobs import Job
from slas.models import Side
from transparency.addresses import authority_path, document_path, public_organisations
from transparency.languages import LANGUAGES
from transparency.listed_cameras import is_named, is_police_anpr
from transparency.models import (
    Found,
    Named,
    Publication,
    PublishedDocument,
    SearchEntry,
    SearchGram,
    SearchPhrase,
    SearchWord,
)
from transparency.models.publication import NATIONAL_KINDS
from transparency.search.words import grams, phrase, words_of
from transparency.services.places import camera_rows
from transparency.services.read_models import read_models

OF_AUTHORITIES = "transparency.search_authorities"
OF_DOCUMENTS = "transparency.search_documents"
WORDS_A_QUERY = 400
TURN = 0x5EA2C4  # of PostgreSQL's advisory locks
RANKS = {
    Found.AUTHORITY: 0,
    Found.SYSTEM: 1,
    Found.CONSULTATION: 2,
    Found.DOCUMENT: 2,
    Found.AGREEMENT: 2,
    Found.NATIONAL: 2,
}
NO_MORE = 3  # authorities that have ended


class Phrase(NamedTuple):
    named: int
    text: str
    text_cy: str = ""


class Entry(NamedTuple):
    kind: str
    key: str
    organisation: Organisation
    path: str
    title: str
    title_cy: str
    rank: int
    phrases: list[Phrase]


def promise_authorities() -> Job:
    """Promise that every authority is found by the names that it has now."""
    return jobs.promise(OF_AUTHORITIES)


def promise_documents(organisation: Organisation | None = None) -> Job:
    """Promise that published documents, all or those of one operator, are found by what is published now."""
    return jobs.promise(OF_DOCUMENTS, {"organisation": organisation.pk if organisation else None})


def index_documents(organisation: int | None = None) -> None:
    """Bring the entries of published documents up to date; those that are withdrawn lose theirs."""
    current = PublishedDocument.objects.current().filter(organisation__kind__in=OPERATOR_KINDS)
    known = SearchEntry.objects.filter(kind=Found.DOCUMENT)
    with transaction.atomic():
        _take_turns()
        if organisation is not None:
            current, known = current.filter(organisation=organisation), known.filter(organisation=organisation)
        documents = list(current.select_related("organisation"))
        gone = known.exclude(key__in=[document.reference for document in documents])
        _remove(list(gone.values_list("pk", flat=True)))
        operators = _with_names().in_bulk({document.organisation_id for document in documents})
        same = dict(known.values_list("key", "sha256"))
        for document in documents:
            entry = _document(document, operators[document.organisation_id])
            if same.get(entry.key) != _sha256(entry):
                _replace(entry)


def index_authorities() -> None:
    """Bring the entries of all authorities up to date; those that have no page lose theirs."""
    shown = public_organisations()
    rows = _with_names().in_bulk([organisation.pk for organisation in shown])
    with transaction.atomic():
        _take_turns()
        gone = SearchEntry.objects.filter(kind=Found.AUTHORITY).exclude(organisation__in=rows)
        _remove(list(gone.values_list("pk", flat=True)))
        known = dict(SearchEntry.objects.filter(kind=Found.AUTHORITY).values_list("key", "sha256"))
        for organisation in rows.values():
            entry = _authority(organisation)
            if known.get(entry.key) != _sha256(entry):
                _replace(entry)


@read_models.plug
def index(newest: Publication) -> None:
    """Let a system or consultation be found by what its newest version says, and its authority by its names."""
    if newest.kind not in FOUND:
        return
    kind = FOUND[newest.kind]
    _take_turns()
    if newest.ended_at is not None:
        gone = SearchEntry.objects.filter(kind=kind, key=newest.subject_reference)
        _remove(list(gone.values_list("pk", flat=True)))
    elif kind == Found.NATIONAL:
        _write([_national(newest)])
    else:
        _write(_of_operator(newest))


def _of_operator(newest: Publication) -> Iterator[Entry]:
    """What an operator published, its own entry, and those of the other parties. Three queries."""
    organisation = _with_names().get(pk=newest.organisation_id)
    authority = _authority(organisation)
    content = newest.facts()
    yield _published(newest, organisation, [*TOLD[newest.kind](content), *_owner(authority)])
    yield authority
    yield from _parties(newest, organisation)


def _national(newest: Publication) -> Entry:
    """Of the national picture: by its title, whose it is, and what its summary says under "found" ([en, cy])."""
    owner = Phrase(Named.OWNER, newest.organisation.name, newest.organisation.name_cy)
    told = [Phrase(Named.DOCUMENT, *words) for words in newest.summary.get("found", ())]
    return _published(newest, newest.organisation, [*told, owner])


def _published(newest: Publication, organisation: Organisation, phrases: Iterable[Phrase]) -> Entry:
    kind = FOUND[newest.kind]
    return Entry(
        kind=kind,
        key=newest.subject_reference,
        organisation=organisation,
        path=newest.path,
        title=newest.title,
        title_cy=newest.title_cy,
        rank=RANKS[kind],
        phrases=_tidy([Phrase(Named.NAME, newest.title, newest.title_cy), *phrases]),
    )


def _write(entries: Iterable[Entry]) -> None:
    """Those that say something else than before. One query for each, and `_replace` of those."""
    for each in entries:
        known = SearchEntry.objects.filter(kind=each.kind, key=each.key).values_list("sha256", flat=True).first()
        if known != _sha256(each):
            _replace(each)


def _parties(publication: Publication, owner: Organisation) -> Iterator[Entry]:
    """The other parties of an agreement: whoever is party to a public one has a page. One query."""
    slugs = {party["slug"] for party in publication.summary.get("parties", ())} - {owner.slug}
    if slugs:
        yield from map(_authority, _with_names().filter(slug__in=slugs))


def _with_names() -> "QuerySet[Organisation]":
    return (
        Organisation.objects.outward().filter(kind__in=OPERATOR_KINDS).prefetch_related("former_names", "police_forces")
    )


# --- what something is found by ---


def _authority(organisation: Organisation) -> Entry:
    """Needs former names and forces loaded; no query."""
    codes = [organisation.gss_code or "", *organisation.former_gss_codes]
    phrases = [
        Phrase(Named.NAME, organisation.name, organisation.name_cy),
        Phrase(Named.NAME, organisation.official_name),
        *(Phrase(Named.FORMER_NAME, former.name, former.name_cy) for former in organisation.former_names.all()),
        *(Phrase(Named.CODE, code) for code in codes),
        *(Phrase(Named.FORCE, force.name, force.name_cy) for force in organisation.police_forces.all()),
    ]
    return Entry(
        kind=Found.AUTHORITY,
        key=organisation.slug,
        organisation=organisation,
        path=authority_path(organisation.slug),
        title=organisation.name,
        title_cy=organisation.name_cy,
        rank=NO_MORE if organisation.ends_on else RANKS[Found.AUTHORITY],
        phrases=_tidy(phrases),
    )


def _owner(authority: Entry) -> Iterator[Phrase]:
    for each in authority.phrases:
        if each.named in (Named.NAME, Named.FORMER_NAME):
            yield each._replace(named=Named.OWNER)


def _document(document: PublishedDocument, operator: Organisation) -> Entry:
    """By its title, and by what it is in both languages, such as an agreement with the police."""
    kinds = []
    for language in LANGUAGES:
        with override(language.code):
            kinds.append(str(document.get_kind_display()))
    told = [Phrase(Named.NAME, document.title, document.title_cy), Phrase(Named.DOCUMENT, *kinds)]
    return Entry(
        kind=Found.DOCUMENT,
        key=document.reference,
        organisation=operator,
        path=document_path(document),
        title=document.title,
        title_cy=document.title_cy,
        rank=RANKS[Found.DOCUMENT],
        phrases=_tidy([*told, *_owner(_authority(operator))]),
    )


def _of_system(content: Mapping[str, Any]) -> Iterator[Phrase]:
    """What a frozen page of any schema names. Streets, wards and districts as finely as each camera may be known."""
    facts, operator = content["facts"], content["operator"]
    for force in operator.get("police_forces") or []:
        yield Phrase(Named.FORCE, force["en"], force["cy"])
    yield from (Phrase(Named.AREA, area) for area in facts.get("areas_covered") or [])
    yield from (Phrase(Named.CERTIFICATE, reference) for reference in facts.get("certificates") or [])
    for row in camera_rows(content):
        yield Phrase(Named.WARD, row.ward)
        yield Phrase(Named.LOCALITY, row.locality)
        yield Phrase(Named.STREET, row.location)
    for listed in facts["cameras"]["list"]:
        if is_named(listed) and not is_police_anpr(listed, operator):
            yield Phrase(Named.POSTCODE, listed.get("postcode_district") or "")


def _of_consultation(content: Mapping[str, Any]) -> Iterator[Phrase]:
    yield from (Phrase(Named.DOCUMENT, document["title"]) for document in content["documents"])


def _of_agreement(content: Mapping[str, Any]) -> Iterator[Phrase]:
    """By its number, its parties and its systems."""
    yield Phrase(Named.CODE, content["reference"])
    for party in content["parties"]:
        named = Named.FORCE if party["side"] == Side.POLICE else Named.OWNER
        yield Phrase(named, party["name"]["en"], party["name"].get("cy", ""))
    for system in content["systems"]:
        yield Phrase(Named.AREA, system["name"]["en"], system["name"].get("cy", ""))


FOUND: Mapping[str, Found] = {
    Publication.Kind.SYSTEM: Found.SYSTEM,
    Publication.Kind.CONSULTATION: Found.CONSULTATION,
    Publication.Kind.AGREEMENT: Found.AGREEMENT,
    **dict.fromkeys(NATIONAL_KINDS, Found.NATIONAL),
}
TOLD: Mapping[str, Callable[[Mapping[str, Any]], Iterator[Phrase]]] = {
    Publication.Kind.SYSTEM: _of_system,
    Publication.Kind.CONSULTATION: _of_consultation,
    Publication.Kind.AGREEMENT: _of_agreement,
}


def _tidy(phrases: Iterable[Phrase]) -> list[Phrase]:
    """Each once, however many cameras stand in a street, in a fixed order; empty ones left out."""
    return sorted({Phrase(int(each.named), each.text[:200], each.text_cy[:200]) for each in phrases if any(each[1:])})


# --- rows ---


def _sha256(entry: Entry) -> str:
    said = [entry.kind, entry.key, entry.organisation.pk, entry.path, entry.title, entry.title_cy, entry.rank]
    return digest(json.dumps([*said, entry.phrases], ensure_ascii=False))


def _take_turns() -> None:
    """One writer at a time, so that no word loses its letters to another's tidying up; SQLite has one anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])


def _replace(entry: Entry) -> None:
    """Rows of an entry anew. A dozen queries, and one for each few hundred new words."""
    row, _made = SearchEntry.objects.update_or_create(
        kind=entry.kind,
        key=entry.key,
        defaults={
            "organisation": entry.organisation,
            "path": entry.path,
            "title": entry.title,
            "title_cy": entry.title_cy,
            "rank": entry.rank,
            "sort": " ".join(words_of(entry.title))[:200],
            "sha256": _sha256(entry),
        },
    )
    before = set(SearchWord.objects.filter(entry=row).values_list("word", flat=True))
    delete_rows(SearchPhrase.objects.filter(entry=row))
    delete_rows(SearchWord.objects.filter(entry=row))
    phrases: dict[tuple[int, str], tuple[str, str]] = {}
    words: dict[str, int] = {}
    for named, text, text_cy in entry.phrases:
        for written in filter(None, (text, text_cy)):
            if looked_for := phrase(written):
                phrases.setdefault((named, looked_for), (text, text_cy))
            for word in words_of(written):
                words[word] = min(named, words.get(word, named))
    insert_rows(
        SearchPhrase,
        ("named", "folded", "text", "text_cy"),
        [(*key, *texts) for key, texts in phrases.items()],
        same={"entry_id": row.pk},
    )
    insert_rows(SearchWord, ("word", "named"), list(words.items()), same={"entry_id": row.pk})
    _learn(sorted(words.keys() - before))
    _forget(sorted(before - words.keys()))


def _remove(entries: Sequence[int]) -> None:
    if not entries:
        return
    before = sorted(set(SearchWord.objects.filter(entry__in=entries).values_list("word", flat=True)))
    for rows in (SearchPhrase.objects.filter(entry__in=entries), SearchWord.objects.filter(entry__in=entries)):
        delete_rows(rows)
    delete_rows(SearchEntry.objects.filter(pk__in=entries))
    _forget(before)


def _learn(words: Sequence[str]) -> None:
    """Let mistakes in these words be forgiven."""
    for some in _portions(words):
        known = set(SearchGram.objects.filter(word__in=some).values_list("word", flat=True).distinct())
        new = [(gram, word) for word in some if word not in known for gram in sorted(grams(word))]
        if new:
            insert_rows(SearchGram, ("gram", "word"), new)


def _forget(words: Sequence[str]) -> None:
    """Of words that nothing has any more, nothing is kept."""
    for some in _portions(words):
        used = set(SearchWord.objects.filter(word__in=some).values_list("word", flat=True).distinct())
        if unused := [word for word in some if word not in used]:
            delete_rows(SearchGram.objects.filter(word__in=unused))


def _portions(words: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(words), WORDS_A_QUERY):
        yield words[start : start + WORDS_A_QUERY]
