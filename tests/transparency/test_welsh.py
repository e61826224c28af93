"""The Welsh catalogue: what is compiled is what is written, and public pages lack nothing."""

import datetime as dt
import gettext
import re
from pathlib import Path
from typing import Any

import polib
import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import trans_real

from accounts.models import FormerName, Organisation, Role
from certification.models import Certificate, CertificateEvent, CertificationScheme
from certification.services.events import add_event
from compliance.models import CameraSystem, Consultation, ServiceStandard, SystemUse, WithheldFact
from compliance.models.public_facts import PoliceAccess
from compliance.services.consultation_answers import PUBLIC_KINDS, Given, release_responses, respond
from compliance.services.consultations import conclude, open_consultation, withdraw
from compliance.services.public_facts import describe_use, set_standard, state_uses, withhold_fact
from compliance.services.systems import update_system
from core.dates import today
from tests.factories.accounts import OrganisationFactory, PoliceForceFactory, member
from tests.factories.cameras import ConsultationFactory
from tests.factories.certification import (
    CertificateFactory,
    CertificationSchemeFactory,
    SchemeBodyFactory,
    active_system,
    shipped_scheme,
    signed_assessment,
)
from tests.factories.compliance import CameraFactory, CameraSystemFactory, EvidenceFactory, real_edition
from tests.factories.transparency import cameras_of_every_precision, published, system_of
from tests.transparency.test_certificates import STANDINGS, with_document
from transparency import pages
from transparency.addresses import all_paths
from transparency.grid import tile_shift
from transparency.models import Enquiry, Publication, PublicCamera
from transparency.services.publish import publish_answers, publish_system, withdraw_publication
from transparency.services.read_models import refresh
from transparency.views.consultations import MOST_LOOKS_OF_A_PLACE

FOLDER = Path(settings.BASE_DIR) / "locale" / "cy" / "LC_MESSAGES"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}|%[sd]")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(FOLDER / "django.po"))


def test_what_is_compiled_is_what_is_written(catalogue):
    compiled = {
        (entry.msgctxt, entry.msgid): (entry.msgstr, entry.msgstr_plural)
        for entry in polib.mofile(str(FOLDER / "django.mo"))
    }
    written = {
        (entry.msgctxt, entry.msgid): (entry.msgstr, entry.msgstr_plural)
        for entry in catalogue.translated_entries()
        if not entry.obsolete
    }
    assert compiled == written
    assert len(written) > 400


def test_every_string_of_the_catalogue_has_its_welsh(catalogue):
    assert [entry.msgid for entry in catalogue if not entry.obsolete and not entry.translated()] == []


def test_a_translation_has_the_placeholders_of_its_text(catalogue):
    for entry in catalogue.translated_entries():
        for form, text in enumerate([entry.msgstr] if entry.msgstr else entry.msgstr_plural.values()):
            allowed = [sorted(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))]
            if entry.msgid_plural and form < 2:  # one and two may be told in a word
                allowed.append(sorted(PLACEHOLDER.findall(entry.msgid)))
            assert sorted(PLACEHOLDER.findall(text)) in allowed
            assert text.strip() == text
        if entry.msgid_plural:
            assert len(entry.msgstr_plural) == 4


# docs/glossary.md: one Welsh word for one thing, whatever letter it begins with after another word
ONE_WORD = {
    "surveillance review": re.compile("adolygiad goruchwylio"),
    "issued": re.compile("[cg]h?yhoedd"),
    "hash": re.compile("stwnsh"),
    "standing": re.compile("statws"),
}


def test_a_thing_has_one_word(catalogue):
    for entry in catalogue.translated_entries():
        for english, welsh in ONE_WORD.items():
            if re.search(rf"\b{english}\b", entry.msgid, re.IGNORECASE):
                for text in [entry.msgstr] if entry.msgstr else entry.msgstr_plural.values():
                    assert welsh.search(text.lower()), entry.msgid


class Missing(gettext.NullTranslations):
    """Takes the place of the English behind the Welsh, and remembers what was asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def gettext(self, message: str) -> str:
        self.asked.add(message)
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.asked.add(msgid1)
        return msgid1


@pytest.fixture
def missing(monkeypatch) -> Missing:
    recorder = Missing()
    monkeypatch.setattr(trans_real.translation("cy"), "_fallback", recorder)
    return recorder


def every_kind_of_scheme() -> list[CertificationScheme]:
    """Open, not yet open, closing, closed with a reason; with bodies that may certify, may not yet, and may no more."""
    tomorrow, yesterday = today() + dt.timedelta(days=1), today() - dt.timedelta(days=1)
    closing = CertificationSchemeFactory(
        closed_on=tomorrow, closed_to_applications_on=today(), closing_reason="x", desktop_may_be_skipped=True
    )
    SchemeBodyFactory(scheme=closing, ends_on=yesterday)
    SchemeBodyFactory(scheme=closing, starts_on=tomorrow)
    closed = CertificationSchemeFactory(closed=True, closing_reason="x", desktop_months=None)
    SchemeBodyFactory(scheme=closed, starts_on=closed.opened_on)
    bare = CertificationSchemeFactory(opened_on=tomorrow, succeeds=closed, criteria=[])
    return [closing, closed, bare, shipped_scheme()]


def estate() -> list[str]:
    """Something of everything that public pages show. Returns the addresses of live pages."""
    force = PoliceForceFactory(name_cy="Heddlu")
    operator = OrganisationFactory(
        nation="wales", name_cy="Untref", region="Wales", subkind="welsh_unitary", starts_on=today()
    )
    operator.police_forces.add(force)
    FormerName.objects.create(organisation=operator, name="Hendref", until=today())
    for region, subkind in (("London", "london_borough"), ("North East", "unitary"), ("South West", "county")):
        OrganisationFactory(region=region, subkind=subkind)
    system = active_system(
        operator, technologies=["cctv", "anpr", "bwv", "drone", "other"], joint=True, monitored_by=force
    )
    system.technologies.update(fixed_count=60)
    cameras_of_every_precision(system)
    for kind in ("fixed", "ptz", "dome", "redeployable", "mobile_vehicle", "anpr"):
        CameraFactory(system=system, camera_type=kind, ward="", latitude=None, longitude=None)
    signed_assessment(system)
    publish_system(system=system, by=None, welsh_missing_reason="x")
    told_in_full(system)
    publish_system(system=system, by=None, welsh_missing_reason="x")
    publish_answers(system=system, by=None)
    long = active_system(
        OrganisationFactory(), biometrics=True, records_audio=True, audio_reason="x", reference_database=True
    )
    long.technologies.update(fixed_count=300, retention_days=1)
    CameraFactory.create_batch(101, system=long)
    publish_system(system=long, by=None)
    withdraw_publication(publication=published(), by=None, reason="x")
    moved = system_of(published(operator=force))
    type(moved).objects.filter(pk=moved.pk).update(slug="moved")
    moved.refresh_from_db()
    publish_system(system=moved, by=None)
    real_edition()
    return [
        *consulted(operator),
        *mapped(operator),
        *asked_about(operator, system),
        *addresses_of(certificates_of_every_kind(system)),
    ]


def asked_about(operator: Organisation, system: CameraSystem) -> list[str]:
    """The pages on which anybody asks, as far as addresses lead."""
    member(operator, Role.SPOC)
    whom = f"authority={operator.slug}&system={system.slug}"
    kinds = [f"/ask-about-cameras/?{whom}&kind={kind}" for kind in Enquiry.Kind.values]
    letter = f"/ask-about-cameras/letter/?{whom}&day={today().isoformat()}"
    told = ["/tell-me/", f"/tell-me/?kind=authority&key={operator.slug}"]
    return [
        "/ask-about-cameras/",
        "/ask-about-cameras/?kind=fault",
        "/ask-about-cameras/whose-camera/",
        letter,
        *kinds,
        *told,
    ]


def mapped(operator: Organisation) -> list[str]:
    """The map of what has been published, far away and near by. Returns the addresses of live pages."""
    refresh(Publication.objects.newest().values_list("kind", "subject_reference"))
    camera = PublicCamera.objects.filter(x__isnull=False).first()
    assert camera is not None
    assert camera.x is not None
    assert camera.y is not None
    tiles = [
        f"/map/cells/{zoom}/{camera.x >> tile_shift(zoom)}/{camera.y >> tile_shift(zoom)}.json" for zoom in (6, 18)
    ]
    return ["/map/", f"/map/?authority={operator.slug}&type=ptz", f"/map/?authority={operator.slug}", *tiles]


def told_in_full(system: CameraSystem) -> None:
    """Every kind of use, of standard and of access, and everything that may be withheld, half of it withheld."""
    texts = ("police_agreement", "anpr_sharing", "requests_how_to", "complaints_how_to", "camera_list_policy",
             "other_systems", "scrutiny_committee", "partners", "contractors", "sro_name", "spoc_name")  # fmt: skip
    counted = {"public_space_count": 60, "internal_count": system.technologies.count() * 63 - 60}
    days = dict.fromkeys(("places_counted_on", "scrutinised_on", "spoc_name_agreed_on"), today())
    access = {"police_access": PoliceAccess.values[1:], "anpr_shared": "yes", "sar_url": "https://x.example/"}
    changes = {**dict.fromkeys(texts, "x"), **counted, **days, **access, "sro_post": "x"}
    system = update_system(system=system, version=system.version, changes=changes, by=None)
    used = {kind: kind != "audio" for kind in SystemUse.Kind.values}
    system = state_uses(system=system, version=system.version, used=used, by=None)
    for kind, term in zip(SystemUse.Kind.values, ["trial", *["permanent"] * 4], strict=False):
        details = {"run_by": "x", "first_used_on": today(), "term": term, "approved_by": "x", "approved_on": today()}
        details |= {"trial_until": today()} if term == "trial" else {}
        details |= {"watchlist_owner": "x"} if "recognition" in kind else {}
        system = describe_use(system=system, version=system.version, kind=kind, details=details, by=None)
    for kind, units in ServiceStandard.UNITS.items():
        for unit in units:
            values = {"unit": unit, "target": 5, "result": 4, "measured_from": today(), "measured_until": today()}
            system = set_standard(system=system, version=system.version, kind=kind, values=values, by=None)
    decision = {"reason": "x", "reason_cy": "", "decided_by": "x", "review_on": today() + dt.timedelta(days=1)}
    for field in WithheldFact.Field.values[::2]:
        system = withhold_fact(system=system, version=system.version, field=field, values=decision, by=None)


def consulted(operator: Organisation) -> list[str]:
    """Consultations at each stage, their pages and what can be sent to them. Returns the addresses of live pages."""
    system, spoc = CameraSystemFactory(operator=operator), member(operator, Role.SPOC)
    questions = [{"text": "x?", "text_cy": "", "kind": kind} for kind in ("choice", "text")]
    made = {}
    for stage, first in (("open", 0), ("later", 1), ("over", 0), ("concluded", 0), ("withdrawn", 0)):
        opens_on = today() + dt.timedelta(days=first)
        made[stage] = ConsultationFactory(organisation=operator, questions=questions, opens_on=opens_on)
        for precision, reason in (("street", ""), ("ward", ""), ("withheld", "x")):
            fields = {"precision": precision, "withheld_reason": reason, "purpose_note": "x" if not reason else ""}
            made[stage].cameras.add(CameraFactory(system=system, status="proposed", **fields))
        made[stage].documents.add(EvidenceFactory(operator=operator, is_public=True))
        open_consultation(consultation=made[stage], by=spoc, welsh_missing_reason="x")
    for kind in PUBLIC_KINDS:
        given = Given(kind, "neither", "x", answers=["yes", "x"], may_publish=True)
        release_responses(responses=[respond(consultation=made["concluded"], given=given)], by=spoc)
    for stage in ("over", "concluded"):
        Consultation.objects.filter(pk=made[stage].pk).update(
            closes_on=today() - dt.timedelta(days=1), opens_on="2026-01-01"
        )
        made[stage].refresh_from_db()
    conclude(consultation=made["concluded"], outcome="x", welsh_reason="x", by=spoc)
    withdraw(consultation=made["withdrawn"], reason="x", by=spoc)
    return ["/consultations/", *(f"/consultations/{each.reference.lower()}/respond/" for each in made.values())]


def certificates_of_every_kind(system: CameraSystem) -> list[Certificate]:
    """Of every standing, with every event, with and without a document; the seventh is recorded for the history."""
    certificates = [make() for make in STANDINGS.values()]
    certificates.append(
        CertificateFactory(application__scheme=shipped_scheme(), application__systems=[system], aim="full", sites="x",
                           accreditation_number="1", predecessor=certificates[4], next_review_on=today())
    )  # fmt: skip
    for kind in CertificateEvent.Kind:
        add_event(certificates[0], kind, by=None, reason="x")
    recorded = certificates[6]
    add_event(recorded, "recorded", by=None, reason="x", data={"number": "X/1"})
    type(recorded).objects.filter(pk=recorded.pk).update(
        origin="recorded",
        issued_on=None,
        valid_from=None,
        valid_until=None,
        reviewed_on=None,
        scope="",
        systems_listed=[],
    )
    for certificate in certificates[:3:2]:
        with_document(certificate)
    certificates[2].document.storage.delete(certificates[2].document.name)
    return certificates


def addresses_of(certificates: list[Certificate]) -> list[str]:
    """Of live pages."""
    addresses = [
        "/certificates/",
        "/certificates/?q=zzz",
        "/feeds/certificates.atom",
        "/certificates/?standing=valid",
        "/schemes/",
        *(f"/schemes/{scheme.key}/" for scheme in every_kind_of_scheme()),
        "/certificates/bodies/",
        "/verify/",
        "/verify/keys/",
        "/verify/?number=",
    ]
    addresses += ["/verify/?number=CC-1", "/authorities/?q=a", "/authorities/?q=zzz", "/certificates/CC-1/"]
    for certificate in certificates:
        addresses += [f"/certificates/{certificate.reference}/", f"/certificates/{certificate.reference}/mark.svg"]
        addresses.append(f"/certificates/{certificate.reference}/mark.pdf")
    return [
        *addresses,
        *(f"/certificates/{each.reference}/certificate.pdf" for each in (*certificates[1:3], certificates[6])),
    ]


def answer_in_welsh(client: Any, address: str) -> None:
    """Through every page on which somebody answers a consultation, wrong and right."""
    answer = {"kind": "resident", "view": "for", "may_publish": "on"}
    for sent, status in (({}, 422), ({"kind": "police", "email": "x", "name": "x" * 200}, 422), (answer, 200)):
        response = client.post(f"/cy{address}", sent)
        assert response.status_code == status
    token = re.search(r'name="token" value="([^"]+)"', response.content.decode())
    assert token
    send = {**answer, "send": "1", "token": token[1]}
    assert client.post(f"/cy{address}", send).status_code == 200
    for _each in range(MOST_LOOKS_OF_A_PLACE):
        response = client.post(f"/cy{address}", {})
    assert response.status_code == 429


@pytest.mark.django_db
def test_no_string_of_the_portal_is_untranslated_on_a_public_page(client, missing, settings: Any):
    settings.PORTAL_DEMONSTRATION = True
    live = estate()
    missing.asked.clear()
    with translation.override("cy"):
        translation.gettext("Only a test says this.")
    for path in all_paths():
        assert pages.build(f"/cy{path}"), path
    for address in live:
        assert client.get(f"/cy{address}").status_code in (200, 404, 409, 410, 422), address
    answer_in_welsh(client, next(address for address in live if address.endswith("/respond/")))
    client.get("/cy/nothing-here/")
    settings.PORTAL_DEMONSTRATION = True
    pages.build("/cy/contact/")
    settings.PORTAL_OPERATOR, settings.PORTAL_CONTACT = "Anybody", "Anywhere"
    settings.PORTAL_PHONE = settings.PORTAL_POST = "Anyhow"
    for path in ("/about/", "/privacy/", "/contact/"):
        pages.build(f"/cy{path}")
    assert missing.asked == {"Only a test says this."}


@pytest.mark.django_db
def test_dates_and_numbers_of_things_are_welsh():
    system = active_system(OrganisationFactory())
    system.technologies.update(retention_days=2, counted_on=today().replace(month=11, day=1))
    html = pages.build(f"/cy{publish_system(system=system, by=None).path}") or ""
    assert "2 ddiwrnod" in html
    assert "1 Tachwedd" in html
