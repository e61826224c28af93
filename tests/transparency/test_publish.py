"""Publishing: what is needed, what is frozen, versions, and withdrawing."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Role
from compliance.frozen import canonical, digest
from compliance.models import Camera, CameraReview, CameraSystem
from compliance.services.counted_units import record_count
from core.dates import add_months, today
from core.errors import Incomplete, RuleBroken, StaleRecord
from core.jobs import Job
from core.models import TrailEntry
from tests.factories.accounts import OrganisationFactory, PoliceForceFactory, UserFactory, member
from tests.factories.certification import CertificateFactory, active_system, signed_assessment
from tests.factories.compliance import CameraFactory, CameraSystemFactory
from tests.factories.transparency import WELSH_TEXTS, cameras_of_every_precision, published, system_of
from transparency.forms import REASON_LIMIT, WELSH_REASON_LIMIT
from transparency.models import Publication
from transparency.page_fields import missing_in
from transparency.services.gather import for_gathering, gather
from transparency.services.publish import publish_system, withdraw_publication
from transparency.services.readiness import missing_welsh, obstacles

pytestmark = pytest.mark.django_db


def problems_of(system: CameraSystem, **values) -> list[str]:
    with pytest.raises(Incomplete) as refusal:
        publish_system(system=system, by=None, **values)
    assert not Publication.objects.exists()
    assert all(problem.url.startswith("/workspace/") for problem in refusal.value.problems)
    return [str(problem.text) for problem in refusal.value.problems]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"purposes": []}, "Say what the cameras are for: choose at least one purpose."),
        ({"legal_bases": []}, "Say on which lawful basis the cameras are used."),
        ({"spoc_post": ""}, "Name the post of the single point of contact: people need somebody to ask."),
        ({"spoc_email": ""}, "Give the email address of the single point of contact."),
        ({"privacy_notice_url": ""}, "Give the address of the privacy notice."),
        ({"footage_how_to": "  "}, "Say how people can ask for footage of themselves."),
        ({"records_audio": True}, "Sound is recorded: say why."),
        ({"technologies": []}, "Say which technologies the system has, and how many cameras."),
    ],
)
def test_each_lack_is_one_sentence_with_the_place_to_mend_it(fields, sentence):
    assert problems_of(active_system(OrganisationFactory(), **fields)) == [sentence]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"retention_days": None}, "Say for how many days images are kept: CCTV."),
        ({"counted_on": None}, "Give the day on which the cameras were counted: CCTV."),
        (
            {"fixed_count": 0, "ptz_count": 0},
            "The counts do not add up: 1 cameras in use are in your list, 0 were counted.",
        ),
    ],
)
def test_counts_are_dated_add_up_and_say_how_long_images_are_kept(fields, sentence):
    system = active_system(OrganisationFactory())
    CameraFactory(system=system)
    CameraFactory(system=system, status=Camera.Status.PROPOSED)
    system.technologies.update(**fields)
    assert problems_of(system) == [sentence]


@pytest.mark.parametrize(
    "status", [status for status in CameraSystem.Status if status not in ("active", "at_risk_of_closure")]
)
def test_only_a_system_in_use_is_published(status):
    system = active_system(OrganisationFactory())
    CameraSystem._base_manager.filter(pk=system.pk).update(status=status)
    assert len(problems_of(system)) == 1


def test_everything_that_is_missing_is_said_at_once():
    system = CameraSystemFactory(purposes=[], legal_bases=[], technologies=[])
    assert len(problems_of(system)) == 8


PURPOSE_TEXTS = ("name", "description", "pressing_need", "retention_reason")


def test_an_authority_in_wales_publishes_welsh_or_records_why_not():
    system = active_system(OrganisationFactory(nation="wales"))
    assert problems_of(system) == [
        f"Write this in Welsh too, or record why the Welsh is missing: {label}."
        for label in (
            CameraSystem._meta.get_field(name).verbose_name
            for name in (*PURPOSE_TEXTS, "footage_how_to", "monitored_hours")
        )
    ]
    assert len(problems_of(system, welsh_missing_reason="  ")) == 6
    assert (len(obstacles(system)), obstacles(system, welsh_may_be_missing=True)) == (6, [])
    with pytest.raises(RuleBroken):
        publish_system(system=system, by=None, welsh_missing_reason="x" * (WELSH_REASON_LIMIT + 1))
    publication = publish_system(system=system, by=None, welsh_missing_reason=" Being translated. ")
    assert publication.welsh_missing_reason == "Being translated."


def test_a_reason_without_need_is_not_kept():
    whole = active_system(OrganisationFactory(nation="wales"), **WELSH_TEXTS)
    english = active_system(OrganisationFactory())
    for system in (whole, english):
        assert missing_welsh(system) == []
        assert publish_system(system=system, by=None, welsh_missing_reason="None.").welsh_missing_reason == ""


def test_what_readers_would_miss_does_not_hinder():
    system = active_system(OrganisationFactory(), description="", complaints_url="")
    assert obstacles(system) == []
    assert publish_system(system=system, by=None).version == 1


FROZEN_TECHNOLOGY = {
    "technology": "cctv",
    "fixed": 12,
    "ptz": 3,
    "redeployable": 0,
    "mobile": 0,
    "total": 15,
    "counted_on": "2026-04-01",
    "retention_days": 31,
}
FROZEN_CONTACTS = {
    "sro_post": "Director",
    "spoc_post": "CCTV manager",
    "spoc_email": "cctv@council.example",
    "spoc_phone": "",
    "postal_address": "Town Hall, High Street, Anytown",
    "dpo_contact": "dpo@council.example",
    "ico_registration": "Z1234567",
    "privacy_notice_url": "https://council.example/privacy/cctv",
    "complaints_url": "https://council.example/complaints",
    "sar_url": "",
    "sro_name": "",
    "spoc_name": "",
    "spoc_confirmed_on": "",
}
FROZEN_TOLD: dict[str, Any] = {
    "uses": [],
    "standards": [],
    "police_access": [],
    "anpr_shared": "",
    "places": None,
    "scrutinised_on": None,
    "partners": [],
    "contractors": [],
    "withheld_facts": [],
}
EXACT_PLACE = {"latitude": "53.464515", "longitude": "-2.284777"}
FROZEN_CAMERAS = {
    "list": [
        {
            "ref": "EX1",
            "ward": "Abbey",
            "type": "unknown",
            "precision": "exact",
            "location": "Exact Lane",
            **EXACT_PLACE,
        },
        {"ref": "ST1", "ward": "Abbey", "type": "unknown", "precision": "street", "location": "Street Row"},
        {"ref": "WA1", "ward": "Castle", "type": "unknown", "precision": "ward"},
    ],
    "listed": 3,
    "by_precision": {"exact": 1, "street": 1, "ward": 1, "withheld": 2},
    "withheld": [
        {"reason": "Protected premises", "post": "Head of Safety", "review_on": "2099-01-31", "cameras": 2},
    ],
}
FROZEN_TEXTS = {
    "en": {
        "name": "Town centre",
        "description": "Cameras in the town centre and its car parks.",
        "pressing_need": "Recorded crime in the town centre rose between 2022 and 2025.",
        "retention_reason": "Most requests for footage arrive within four weeks.",
        "footage_how_to": "Write to the CCTV manager with date, time and place.",
        "monitored_hours": "24 hours, every day",
    },
    "cy": {"name": "Canol y dref"},
}


def test_the_frozen_content_is_exactly_this():
    force = PoliceForceFactory(name="Force North", name_cy="Heddlu'r Gogledd")
    names = {"name": "Anytown", "official_name": "Anytown Borough Council", "name_cy": "Untref"}
    operator = OrganisationFactory(**names, gss_code="E09999999")
    operator.police_forces.add(force)
    system = active_system(operator, name="Town centre", name_cy="Canol y dref", sro_post="Director", biometrics=True)
    system.technologies.update(counted_on=dt.date(2026, 4, 1))
    cameras_of_every_precision(system)
    signed = signed_assessment(system)
    certificate = CertificateFactory(application__operator=operator, application__systems=[system])
    edition = signed.assessments.get().edition
    facts = {
        "is_main": False,
        "technologies": [FROZEN_TECHNOLOGY],
        "cameras_counted": 15,
        "counted_units": [],
        "purposes": ["crime_prevention", "public_safety"],
        "legal_bases": ["public_task"],
        "biometrics": True,
        "reference_database": False,
        "joint": False,
        "records_audio": False,
        "monitored_by": None,
        "areas_covered": ["Town centre", "Market Street car park"],
        "contacts": FROZEN_CONTACTS,
        "cameras": FROZEN_CAMERAS,
        "self_assessment": {
            "signed_on": timezone.localdate(signed.signed_at).isoformat(),
            "post": "Director of Communities",
            "sha256": signed.sha256,
            "edition": {"en": edition.title, "cy": edition.title_cy},
        },
        "certificates": [certificate.reference],
        **FROZEN_TOLD,
    }
    assert gather(for_gathering(system.reference), on=dt.date(2026, 11, 22)) == {
        "schema": "ccp/system-publication/3",
        "reference": system.reference,
        "as_of": "2026-11-22",
        "operator": {
            "slug": operator.slug,
            "kind": "principal_authority",
            "gss_code": "E09999999",
            "name": {"en": "Anytown Borough Council", "cy": "Untref"},
            "nation": "england",
            "police_forces": [{"en": "Force North", "cy": "Heddlu'r Gogledd"}],
        },
        "facts": facts,
        "texts": FROZEN_TEXTS,
        "statistics": [],
        "dpias": [],
        "annual_reviews": [],
        "consultations": [],
    }


def test_every_field_of_a_system_was_decided_upon():
    """A new column stays inside until somebody says here whether it is public."""
    public = {
        "reference", "operator", "slug", "name", "name_cy", "description", "description_cy", "is_main", "purposes",
        "pressing_need", "pressing_need_cy", "legal_bases", "retention_reason", "retention_reason_cy", "biometrics",
        "joint", "reference_database", "monitored_hours", "monitored_by", "areas_covered", "records_audio",
        "audio_reason", "sro_post", "spoc_post", "spoc_email", "spoc_phone", "postal_address", "dpo_contact",
        "ico_registration", "privacy_notice_url", "complaints_url", "footage_how_to", "footage_how_to_cy",
    }  # fmt: skip
    inside = {"id", "status", "networked", "created_by", "version"}
    public |= {
        "police_access", "police_agreement", "police_agreement_cy", "anpr_shared", "anpr_sharing", "anpr_sharing_cy",
        "requests_how_to", "requests_how_to_cy", "sar_url", "complaints_how_to", "complaints_how_to_cy",
        "public_space_count", "internal_count", "places_counted_on", "camera_list_policy", "camera_list_policy_cy",
        "other_systems", "other_systems_cy", "scrutiny_committee", "scrutiny_committee_cy", "scrutinised_on",
        "partners", "contractors", "monitored_hours_cy", "audio_reason_cy", "sro_name", "spoc_name",
        "spoc_confirmed_on",
    }  # fmt: skip
    inside.add("funding_ends_on")  # for national bodies and the force alone
    inside.add("spoc_name_agreed_on")  # without it the name stays inside, too
    assert {field.name for field in CameraSystem._meta.concrete_fields} == public | inside


@pytest.mark.parametrize("rows", [1, 3])
def test_gathering_costs_the_same_for_any_number_of_cameras(django_assert_num_queries, rows):
    system = active_system(OrganisationFactory())
    CameraFactory.create_batch(rows, system=system)
    signed_assessment(system)
    with django_assert_num_queries(15):
        gather(for_gathering(system.reference), on=today())


def test_a_publication_is_canonical_text_with_its_hash():
    spoc = UserFactory()
    publication = published(
        by=spoc, name="Town centre", slug="town-centre", operator=OrganisationFactory(slug="anytown")
    )
    assert canonical(json.loads(publication.content)) == publication.content
    assert digest(publication.content) == publication.sha256
    assert (publication.version, publication.title, publication.path, publication.published_by) == (
        1,
        "Town centre",
        "/authorities/anytown/town-centre/",
        spoc,
    )
    assert publication.summary.pop("missing") == missing_in(publication.facts())
    assert publication.summary == {
        "technologies": ["cctv"],
        "cameras_counted": 15,
        "counted_from": today().isoformat(),
        "counted_until": today().isoformat(),
        "cameras_listed": 0,
        "cameras_withheld": 0,
        "signed_on": None,
        "spoc_post": "CCTV manager",
        "spoc_email": "cctv@council.example",
        "is_main": False,
    }


def test_a_second_version_ends_the_first_and_leaves_its_bytes():
    first = published()
    frozen = first.content
    system = system_of(first)
    system.technologies.update(fixed_count=13)
    second = publish_system(system=system, by=None)
    first.refresh_from_db()
    assert (second.version, second.ended_at) == (2, None)
    assert (first.content, first.is_withdrawn) == (frozen, False)
    assert first.ended_at == second.published_at
    assert list(Publication.objects.current()) == [second]
    assert list(Publication.objects.newest()) == [second]


def test_the_acts_stand_in_the_trail():
    publication = published()
    withdraw_publication(publication=publication, by=None, reason="The cameras were taken down.")
    entries = TrailEntry.objects.filter(subject_kind="transparency.Publication").order_by("pk")
    assert [(entry.verb, entry.subject_reference, entry.after["version"]) for entry in entries] == [
        ("published", publication.reference, 1),
        ("withdrawn", publication.reference, 1),
    ]
    assert entries[0].after["sha256"] == publication.sha256


def test_publishing_promises_its_own_pages_its_authority_the_index_and_the_front_page():
    publication = published(operator=OrganisationFactory(slug="anytown"), slug="town-centre")
    (job,) = Job.objects.filter(kind="transparency.bake_pages")
    paths = [publication.path, f"{publication.path}versions/", "/authorities/anytown/", "/authorities/", "/"]
    assert job.arguments == {"paths": [prefix + path for path in paths for prefix in ("", "/cy")]}


def test_a_withdrawn_page_keeps_day_and_reason_and_may_be_published_again():
    spoc, publication = UserFactory(), published()
    withdraw_publication(publication=publication, by=spoc, reason="  The cameras were taken down. ")
    publication.refresh_from_db()
    assert publication.is_withdrawn
    assert (publication.withdrawn_reason, publication.withdrawn_by) == ("The cameras were taken down.", spoc)
    assert timezone.localdate(publication.ended_at) == today()
    assert list(Publication.objects.current()) == []
    again = publish_system(system=system_of(publication), by=spoc)
    assert (again.version, again.is_withdrawn) == (2, False)


def test_withdrawing_needs_a_reason_of_bearable_length_and_works_once():
    publication = published()
    with pytest.raises(Incomplete):
        withdraw_publication(publication=publication, by=None, reason=" ")
    with pytest.raises(RuleBroken):
        withdraw_publication(publication=publication, by=None, reason="x" * (REASON_LIMIT + 1))
    withdraw_publication(publication=publication, by=None, reason="x" * REASON_LIMIT)
    with pytest.raises(StaleRecord):
        withdraw_publication(publication=publication, by=None, reason="Again.")


def test_an_older_version_cannot_be_withdrawn():
    first = published()
    CameraSystem.objects.update(areas_covered="Mill Lane")
    publish_system(system=system_of(first), by=None)
    with pytest.raises(StaleRecord):
        withdraw_publication(publication=first, by=None, reason="Too late.")


@pytest.mark.parametrize(("months", "days", "due"), [(12, 0, True), (12, -1, False), (0, 0, False), (13, 0, True)])
def test_a_page_is_to_be_looked_at_again_after_a_year(months, days, due):
    publication = published()
    day = add_months(today(), -months) - dt.timedelta(days=days)
    moment = timezone.make_aware(dt.datetime.combine(day, dt.time(23, 59)))
    Publication.objects.update(published_at=moment)
    publication.refresh_from_db()
    assert publication.is_due_again() is due


def test_the_forms_take_what_the_record_keeps():
    limits = {"withdrawn_reason": REASON_LIMIT, "welsh_missing_reason": WELSH_REASON_LIMIT}
    assert {name: Publication._meta.get_field(name).max_length for name in limits} == limits


TOLD: dict[str, Any] = {
    "locality": "Anytown",
    "postcode": "NR1 3DH",
    "mount": "pole",
    "direction": 270,
    "view_description": "The taxi rank",
    "view_description_cy": "Y safle tacsis",
    "purpose_note": "Fights at night",
    "purposes": ["asb"],
    "records_audio": True,
    "anpr_enabled": True,
    "analytics": "counts people",
    "has_privacy_zones": True,
    "installed_on": dt.date(2019, 5, 1),
    "reviewed_on": dt.date(2026, 5, 1),
    "maker": "SECRET maker",
    "owned_by": "SECRET owner",
}
FREE = {
    "locality": "Anytown",
    "mount": "pole",
    "purposes": ["asb"],
    "records_audio": True,
    "anpr_enabled": True,
    "analytics": "counts people",
    "privacy_zones": True,
    "monitored_by": {"en": "Hub", "cy": "Hwb"},
    "installed_on": "2019-05-01",
    "last_reviewed_on": "2026-05-01",
    "review_outcome": "keep",
}
NEAR = {
    "location": "Quay",
    "postcode_district": "NR1",
    "direction": 270,
    "view": {"en": "The taxi rank", "cy": "Y safle tacsis"},
    "purpose": {"en": "Fights at night"},
}


@pytest.mark.parametrize(
    ("precision", "finer"), [("exact", NEAR | EXACT_PLACE), ("street", NEAR), ("ward", {}), ("withheld", None)]
)
def test_of_a_camera_no_more_leaves_than_its_precision_lets(precision, finer):
    system = active_system(OrganisationFactory())
    hub = OrganisationFactory(name="Hub", name_cy="Hwb")
    camera = CameraFactory(
        system=system,
        operator_ref="A1",
        location="Quay",
        ward="Abbey",
        precision=precision,
        withheld_reason="Refuge",
        monitored_by=hub,
        **TOLD,
    )
    for outcome, day in (("relocate", dt.date(2025, 5, 1)), ("keep", dt.date(2026, 5, 1))):
        CameraReview.objects.create(
            camera=camera, on=day, outcome=outcome, reason="SECRET", next_due_on=dt.date(2027, 5, 1)
        )
    content = gather(for_gathering(system.reference), on=today())
    begin = {"ref": "A1", "ward": "Abbey", "type": "unknown", "precision": precision}
    assert content["facts"]["cameras"]["list"] == ([] if finer is None else [begin | FREE | finer])
    assert "SECRET" not in str(content)


def test_what_moves_has_no_place_in_public_and_is_counted():
    system = active_system(OrganisationFactory())
    CameraFactory(system=system, camera_type="bwv", latitude=None, longitude=None, location="SECRET station")
    for kind, count in (("bwv", 90), ("bwv", 124), ("police_anpr", 7)):
        record_count(system=system, kind=kind, count=count, counted_on=dt.date(2026, 5, 1), by=None)
    content = gather(for_gathering(system.reference), on=today())
    assert content["facts"]["counted_units"] == [{"kind": "bwv", "count": 124, "counted_on": "2026-05-01"}]
    assert ("SECRET" in str(content), "police_anpr" in str(content)) == (False, False)


def test_every_field_of_a_camera_was_decided_upon():
    """A new column stays inside until somebody says here whether it is public."""
    public = {
        "system", "operator_ref", "location", "locality", "ward", "postcode", "latitude", "longitude", "precision",
        "withheld_reason", "camera_type", "mount", "direction", "view_description", "view_description_cy", "purposes",
        "purpose_note", "purpose_note_cy", "records_audio", "anpr_enabled", "analytics", "has_privacy_zones",
        "monitored_by", "installed_on", "reviewed_on",
    }  # fmt: skip
    inside = {
        "id", "reference", "status", "origin", "ward_code", "easting", "northing", "is_public_space", "withheld_post",
        "withheld_review_on", "maker", "owned_by", "sign_up_on", "removed_on", "sign_removed_on", "justified_on",
        "review_due_on", "previous", "import_run", "added_at", "version",
    }  # fmt: skip
    assert {field.name for field in Camera._meta.concrete_fields} == public | inside


def test_coordinates_leave_the_record_as_they_were_entered():
    system = active_system(OrganisationFactory())
    CameraFactory(system=system, precision="exact", latitude=Decimal("51.500000"), longitude=Decimal("-0.120000"))
    (camera,) = gather(for_gathering(system.reference), on=today())["facts"]["cameras"]["list"]
    assert (camera["latitude"], camera["longitude"]) == ("51.500000", "-0.120000")


def test_the_spoc_alone_may_publish_and_withdraw():
    publication = published()
    system, operator = system_of(publication), publication.organisation
    for role in operator.roles:
        user = member(operator, role)
        assert user.has_perm("transparency.publish_system", system) is (role == Role.SPOC)
        assert user.has_perm("transparency.withdraw_publication", publication) is (role == Role.SPOC)
    elsewhere = member(OrganisationFactory(), Role.SPOC)
    assert not elsewhere.has_perm("transparency.publish_system", system)
    assert list(Publication.objects.visible_to(elsewhere)) == []
