"""The leak test: what is not published is in no public byte.

Two ways of planting. Words are planted before publishing, where they must stay back by what they are: withheld places,
what stands about cameras known by their ward, makers, answers under principle 9, names, drafts. And after publishing
every free text column of every table that is not public is filled with words that must never be seen: a page that reads
a private table shows one.

A new public address is covered by itself: asked are all addresses of the permission table that need no sign-in, all
baked pages, everything that any of them links to, and every file of the export and of the public folder.
"""

import base64
import functools
import gzip
import html
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import brotli
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, models, transaction
from django.test import Client
from django.urls import NoReverseMatch
from pypdf import PdfReader

from accounts.models import Organisation, Role, User
from compliance.models import Answer, Camera, CameraSystem
from compliance.models.camera import Precision
from compliance.services.signing import send_for_sign_off, sign
from core import jobs
from slas.models import Side
from slas.services import negotiation
from slas.services.negotiation import Wording
from slas.services.redacting import set_redaction
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.certification import active_system
from tests.factories.compliance import CameraFactory, CodeEditionFactory, EvidenceFactory, finished_assessment
from tests.factories.enquiries import enquiry
from tests.factories.slas import negotiating
from tests.permissions.rows import Row
from tests.permissions.table import TABLE
from tests.permissions.walking import Walk
from tests.permissions.world import World, build
from transparency.addresses import all_paths
from transparency.languages import LANGUAGES, both
from transparency.models import Subscription
from transparency.models.enquiry import hash_of_token
from transparency.services.publish import publish_answers, publish_system
from transparency.services.publish_agreement import publish_agreement
from transparency.services.subscriptions import subscribe

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CANARY = "zqleak"
# Tables whose rows are public by themselves, or frozen for the public; what they hold is decided elsewhere.
PUBLIC_TABLES = {
    "accounts.organisation", "accounts.formername",
    "compliance.codeedition", "compliance.principle", "compliance.question", "compliance.consultation",
    "certification.certificationscheme", "certification.schemebody", "certification.criterion",
    "certification.certificate", "certification.certificateevent", "certification.certificatechange",
    "transparency.publication", "transparency.bakedpage", "transparency.publiccamera", "transparency.gridcell",
    "transparency.placecount", "transparency.placedsystem", "transparency.searchentry",
    "transparency.publisheddocument",
    "strategy.strategy", "strategy.strand", "strategy.holder", "strategy.objective", "strategy.deliverable",
    "strategy.deliverablereport", "strategy.recommendation", "strategy.archivedocument", "strategy.readingdetail",
    "strategy.measurereading", "strategy.course",
}  # fmt: skip
# The portal's own machinery: not words of people, and filled with others it would not run.
MACHINERY = ("core.", "auth.", "contenttypes.", "sessions.", "guardian.", "account.", "mfa.", "admin.")
MOST_ADDRESSES = 1500
FOLLOW_UP = "zqtoken-7Hq2vYxW0kPz"
SECRETS = {
    "withheld place": "Zq Refuge & Hope's Yard",
    "withheld ward": "Zqward Unseen",
    "withheld reference": "ZQREF-77",
    "withheld latitude": "52.47113",
    "withheld longitude": "-1.39227",
    "withheld postcode": "ZQ7 9ZZ",
    "place of a ward camera": "Zqward Lane 7",
    "street camera latitude": "53.18224",
    "maker": "Zqmaker Optics",
    "why a ward camera stands there": "Zqview over the clinic door",
    "draft system": "Zqdraft system of tomorrow",
    "principle 9 answer": "Zqnetwork 10.66.0.0/16 behind the firewall",
    "name of who signed": "Zqname Rees-O'Hara",
    "evidence name": "Zq-penetration-test.pdf",
    "name of who asked": "Zqasker D'Arcy",
    "mailbox of who asked": "zqasker@zqmail.example",
    "words of an enquiry": "Zqwords: my neighbour's window & mine",
    "place of an enquiry": "Zqplace behind number 12",
    "follow-up address": FOLLOW_UP,
    "what is kept of a follow-up address": hash_of_token(FOLLOW_UP),
    "mailbox that is told of changes": "zqreader@zqmail.example",
    "withheld clause": "Zqclause: the second key's behind the depot",
    "private note of a side": "Zqnote: we'd settle for less",
    "comment on a clause": "Zqcomment: not with that budget",
    "words that were proposed and rejected": "Zqwords that nobody accepted",
    "clause that one side drafts": "Zqdraft of a clause",
    "name of a signatory": "Zqsignatory O'Neill",
}


@functools.cache
def spellings(secret: str) -> frozenset[bytes]:
    """How the same words stand, in small letters, in HTML, JSON, addresses, and in base64 wherever they begin in it."""
    plain = {secret, html.escape(secret), quote(secret), quote(secret, safe=""), json.dumps(secret)[1:-1]}
    plain |= {secret.replace("'", "&#x27;"), json.dumps(html.escape(secret))[1:-1], secret.replace(" ", "+")}
    coded = set()
    for shift in range(3):
        text = base64.b64encode(b"x" * shift + secret.encode()).decode()
        coded.add(text[(0, 2, 3)[shift] : len(text) - 4])
    return frozenset(each.lower().encode() for each in plain | {each for each in coded if len(each) > 6})


def is_told(content: bytes) -> set[str]:
    lower = content.lower()
    found = {name for name, secret in SECRETS.items() if any(each in lower for each in spellings(secret))}
    return found | {f"column {match.decode()}" for match in re.findall(rb"zqleak[a-z0-9]+", lower)}


def unpacked(name: str, content: bytes) -> Iterator[bytes]:
    """What is in a file as a reader finds it: text of a PDF, parts of an archive, bytes behind their compression."""
    yield content
    if content.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(content))
        yield "\n".join(page.extract_text() for page in reader.pages).encode()
        yield repr(reader.metadata).encode()
    elif content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield "\n".join(archive.namelist()).encode()
            for member in archive.namelist():
                yield from unpacked(member, archive.read(member))
    elif name.endswith(".gz"):
        yield gzip.decompress(content)
    elif name.endswith(".br"):
        yield brotli.decompress(content)


def plant_before_publishing() -> None:
    """An operator with something of everything that stays back."""
    operator = OrganisationFactory()
    system = active_system(operator)
    CameraFactory(
        system=system, operator_ref=SECRETS["withheld reference"], location=SECRETS["withheld place"],
        ward=SECRETS["withheld ward"], postcode=SECRETS["withheld postcode"], latitude=SECRETS["withheld latitude"],
        longitude=SECRETS["withheld longitude"], precision=Precision.WITHHELD, withheld_reason="Protected premises",
    )  # fmt: skip
    CameraFactory(
        system=system, operator_ref="W1", ward="Castle", location=SECRETS["place of a ward camera"], precision="ward",
        view_description=SECRETS["why a ward camera stands there"], maker=SECRETS["maker"],
    )  # fmt: skip
    CameraFactory(
        system=system, operator_ref="S1", location="Street Row", precision="street",
        latitude=SECRETS["street camera latitude"], longitude="-1.4", maker=SECRETS["maker"],
    )  # fmt: skip
    CameraFactory(system=system, operator_ref="E1", location="Exact Lane", precision="exact")
    EvidenceFactory(operator=operator, systems=[system], title=SECRETS["evidence name"])
    active = active_system(operator, name=SECRETS["draft system"])
    CameraSystem.objects.filter(pk=active.pk).update(status=CameraSystem.Status.DRAFT)
    assessment = finished_assessment(system=system)
    Answer.objects.filter(assessment=assessment, question__number=7).update(text=SECRETS["principle 9 answer"])
    send_for_sign_off(assessment=assessment, by=member(operator, Role.SPOC))
    name = SECRETS["name of who signed"]
    sign(
        assessments=[assessment], by=member(operator, Role.SRO), typed_name=name, post="Director", password_checked=True
    )
    publish_system(system=system, by=None)
    publish_answers(system=system, by=None)
    plant_enquiry_and_subscription(system)
    plant_agreement(operator)


def plant_agreement(council: Organisation) -> None:
    """A published agreement: what was said on the way to it, who signed it, and the clause that is withheld."""
    table = negotiating(council=council)
    User.objects.filter(pk=table.sro.pk).update(name=SECRETS["name of a signatory"])
    table.sro.refresh_from_db()
    note, ours = SECRETS["private note of a side"], {"agreement": table.again(), "party": table.council}
    negotiation.write_note(**ours, text=note, by=table.spoc)
    table.propose(Side.POLICE, "retention_hold", SECRETS["words that were proposed and rejected"])
    comment, clause = SECRETS["comment on a clause"], table.clause("retention_hold")
    negotiation.reject(clause=clause, party=table.council, by=table.spoc, comment=comment, version=clause.version)
    table.propose(Side.COUNCILS, "retention_hold", SECRETS["withheld clause"])
    table.accept(Side.POLICE, "retention_hold", "purpose", "term_review")
    table.confirm(Side.POLICE), table.confirm(Side.COUNCILS)
    table.sign(Side.COUNCILS), table.sign(Side.POLICE)
    set_redaction(
        agreement=table.again(), party=table.force, by=table.police_spoc, clause_key="retention_hold",
        reason="operational",
    )  # fmt: skip
    publish_agreement(agreement=table.again(), party=table.council, by=table.spoc)
    other = negotiating(council=council)
    draft = Wording(text=SECRETS["clause that one side drafts"], text_cy="", is_own_wording=True)
    negotiation.save_draft(clause=other.clause(), party=other.force, wording=draft, by=other.police_spoc)


def plant_enquiry_and_subscription(system: CameraSystem) -> None:
    """What people of the public entrust: who they are, what they ask, the address at which they read the answer."""
    enquiry(
        system.operator, system=system, text=SECRETS["words of an enquiry"], name=SECRETS["name of who asked"],
        email=SECRETS["mailbox of who asked"], place=SECRETS["place of an enquiry"], token=FOLLOW_UP,
    )  # fmt: skip
    mailbox = SECRETS["mailbox that is told of changes"]
    subscribe(kind="authority", key=system.operator.slug, email=mailbox, language="en")


def plant_after_publishing() -> set[str]:
    """Fill every free text of every table that is not public. Returns which columns were filled."""
    filled = set()
    for model in apps.get_models():
        label = model._meta.label_lower
        if label in PUBLIC_TABLES or label.startswith(MACHINERY) or not model._meta.managed:
            continue
        for field in model._meta.concrete_fields:
            if not is_free_text(field) or not model._default_manager.exists():
                continue
            word = f"{CANARY}{label.split('.')[1]}{field.name.replace('_', '')}"[: field.max_length or None]
            try:
                with transaction.atomic():
                    model._default_manager.update(**{field.name: word})
            except DatabaseError:  # a rule of the table: it keeps what it has
                continue
            filled.add(f"{label}.{field.name}")
    return filled


def is_free_text(field: Any) -> bool:
    if field.is_relation or field.unique or field.choices or isinstance(field, (models.FileField, models.SlugField)):
        return False
    long_enough = field.max_length is None or field.max_length >= 40
    return isinstance(field, (models.CharField, models.TextField)) and long_enough and field.name not in KEPT


# What machines read and no person wrote.
KEPT = frozenset(
    {"sha256", "status", "password", "media_type", "content", "kind", "key", "reference", "file_name", "language"}
)


# Parts of addresses that are secrets of one person: whoever has the address may read what is there.
SECRET_PARTS = frozenset({"token", "secret"})


def public_rows() -> list[Row]:
    """Addresses for everybody. Those that are a secret of one person are linked from nowhere, which the crawl shows."""
    rows = [row for row in TABLE if row.method == "GET" and not row.side and row.anonymous in (200, 404, 503)]
    return [row for row in rows if not SECRET_PARTS & set(row.parts)]


def addresses_of(world: World) -> Iterator[str]:
    walk: Any = Walk.__new__(Walk)
    walk.own = world
    for row in public_rows():
        try:
            address = walk.address(row)
        except (NoReverseMatch, KeyError):
            continue
        yield address
        if row.name.startswith("transparency:"):
            yield LANGUAGES[1].prefix + address


# What is a link by its name, and what is one by its looks: in words for people no address is searched for.
LINK = re.compile(
    rb"""(?:href|src|action)=["']([^"'#]+)|(?:content|data-[a-z-]+)=["']((?:https?:/)?[/?][^"'#]*)"""
    rb"""|"(?:url|next|address|href)": ?"([^"#]+)|<loc>([^<]+)|<link[^>]*href="([^"]+)"""
)


def links_in(address: str, content: bytes) -> Iterator[str]:
    for groups in LINK.findall(content):
        link = html.unescape(next(filter(None, groups)).decode(errors="replace"))
        parts = urlsplit(urljoin(f"http://testserver{address}", link))
        if parts.netloc == "testserver" and not parts.path.startswith(("/static/", "/accounts/", "/workspace/")):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def everything_public(start: Iterator[str]) -> Iterator[tuple[str, bytes]]:
    """Each public address with what it answers, those that are only linked to included."""
    client = Client()
    waiting = list(dict.fromkeys(start))
    seen = set(waiting)
    while waiting and len(seen) <= MOST_ADDRESSES:
        address = waiting.pop(0)
        answer = client.get(address)
        content = answer.getvalue()
        yield address, content + repr(sorted(answer.headers.items())).encode()
        if answer.status_code == 200 and len(content) < 2_000_000:
            fresh = [link for link in dict.fromkeys(links_in(address, content)) if link not in seen]
            seen.update(fresh)
            waiting += fresh
    assert not waiting, "more addresses than were expected: raise the bound, or a page links to itself without end"


def test_nothing_that_is_not_published_is_in_any_public_byte(settings, tmp_path, monkeypatch):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    edition: Any = CodeEditionFactory()
    world = build(edition)
    plant_before_publishing()
    asked_to_be_told = Subscription.objects.get(email=SECRETS["mailbox that is told of changes"])
    monkeypatch.setitem(SECRETS, "address that confirms or ends being told", asked_to_be_told.reference)
    jobs.drain()
    filled = plant_after_publishing()
    assert len(filled) > 150
    assert {"accounts.user.name", "compliance.camera.location", "compliance.evidence.title"} <= filled
    call_command("publish", "--all")
    jobs.drain()
    call_command("export_open_data", str(tmp_path / "export"))

    told: dict[str, set[str]] = {}
    asked = 0
    for address, content in everything_public(iter([*addresses_of(world), *both(all_paths())])):
        asked += 1
        for part in unpacked(urlsplit(address).path, content):
            if found := is_told(part):
                told.setdefault(address, set()).update(found)
    for folder in (tmp_path / "export", Path(settings.PUBLIC_ROOT)):
        for path in folder.rglob("*"):
            if path.is_file():
                for part in unpacked(path.name, path.read_bytes()):
                    if found := is_told(part):
                        told.setdefault(str(path.relative_to(folder)), set()).update(found)
    assert told == {}
    assert asked > 200
    assert Camera.objects.filter(precision=Precision.WITHHELD).exists()


def test_the_search_for_leaks_finds_what_was_written_in_any_spelling():
    place = SECRETS["withheld place"]
    for text in (
        place,
        html.escape(place),
        json.dumps(place),
        quote(place),
        base64.b64encode(f"..{place}..".encode()).decode(),
    ):
        assert "withheld place" in is_told(f"<p>{text}</p>".encode()), text
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "zqleakusername")
    assert set().union(*map(is_told, unpacked("x.zip", packed.getvalue()))) == {"column zqleakusername"}
    assert is_told(b"Exact Lane") == set()
