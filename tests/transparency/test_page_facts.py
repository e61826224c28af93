"""What the page of a system tells beyond counts: uses, police, standards, what is withheld, and what changed."""

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.utils.translation import override

from accounts.models import Role
from compliance.frozen import canonical
from compliance.models import CameraSystem, WithheldFact
from compliance.services.counted_units import record_count
from compliance.services.public_facts import (
    confirm_contact,
    describe_use,
    set_standard,
    show_fact,
    state_uses,
    withhold_fact,
)
from compliance.services.systems import update_system
from core.dates import today
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.certification import active_system
from tests.factories.compliance import CameraFactory
from tests.factories.transparency import WELSH_TEXTS, cameras_of_every_precision, published, system_of
from tests.transparency.test_pages import read
from transparency import pages
from transparency.changes import TEXTS, WHOLE, changes
from transparency.models import Publication
from transparency.page_fields import FIELDS, answered, states
from transparency.publishing import waiting_for
from transparency.services.gather import for_gathering, gather
from transparency.services.gather_facts import BILINGUAL
from transparency.services.publish import publish_system, withdraw_publication
from transparency.services.readiness import missing_welsh, obstacles

pytestmark = pytest.mark.django_db

NEXT_YEAR = today() + dt.timedelta(days=365)
DECISION = {
    "reason": "Offenders would use it.",
    "reason_cy": "Rheswm.",
    "decided_by": "Director",
    "review_on": NEXT_YEAR,
}
KINDS = ("live_recognition", "retrospective_recognition", "search", "behaviour", "loudspeakers", "audio")


def changed(system: CameraSystem, **fields: Any) -> CameraSystem:
    system.refresh_from_db()
    return update_system(system=system, version=system.version, changes=fields, by=None)


def withheld(system: CameraSystem, field: str) -> CameraSystem:
    system.refresh_from_db()
    return withhold_fact(system=system, version=system.version, field=field, values=DECISION, by=None)


def content_of(system: CameraSystem) -> dict[str, Any]:
    return gather(for_gathering(system.reference), on=today())


def lines(before: dict[str, Any], after: dict[str, Any], **hidden: Any) -> list[tuple[str, ...]]:
    return [tuple(filter(None, change)) for change in changes(before, after, **hidden)]


class TestThePage:
    def test_every_use_is_said_in_words_even_when_there_is_none(self):
        system = active_system(OrganisationFactory())
        state_uses(system=system, version=1, used=dict.fromkeys(KINDS, False), by=None)
        told = read(publish_system(system=system, by=None).path)
        for sentence in (
            "No live facial recognition is used.",
            "No facial recognition is used on recordings.",
            "No software searches recordings for people, objects or vehicles.",
            "No software detects behaviour.",
            "There are no loudspeakers.",
            "No sound is recorded.",
        ):
            assert sentence in told, sentence

    def test_what_was_not_answered_is_not_answered_with_no(self):
        told = read(published().path)
        assert told.count("The authority has not said whether this is used.") == 3
        assert "The authority has not said what the police can do by themselves." in told

    def test_a_use_is_told_with_who_since_when_and_on_whose_decision(self):
        system = active_system(OrganisationFactory())
        system = state_uses(system=system, version=1, used={"live_recognition": True}, by=None)
        details = {
            "run_by": "Force North",
            "watchlist_owner": "Force North",
            "first_used_on": dt.date(2026, 5, 1),
            "term": "trial",
            "trial_until": dt.date(2027, 5, 1),
            "approved_by": "Cabinet",
            "approved_on": dt.date(2026, 4, 1),
            "explanation": "Only at the station.",
        }
        describe_use(system=system, version=system.version, kind="live_recognition", details=details, by=None)
        told = read(publish_system(system=system, by=None).path)
        assert (
            "Live facial recognition is used: the faces of people who pass are compared with a watchlist. "
            "Only at the station. Operated by: Force North Watchlist of: Force North First used on: 1 May 2026 "
            "On trial until: 1 May 2027 Approved by: Cabinet Approved on: 1 April 2026"
        ) in told

    def test_police_standards_rights_and_oversight_stand_in_plain_words(self):
        system = changed(
            active_system(OrganisationFactory(), sro_name="Bo Head"),
            police_access=["live_view", "download"],
            police_agreement="Agreement of 3 March 2026.",
            requests_how_to="Insurers pay 95 pounds.",
            complaints_how_to="The manager answers within ten days.",
            sar_url="https://council.example/footage",
            scrutiny_committee="Communities Scrutiny",
            scrutinised_on=dt.date(2026, 6, 2),
            other_systems="Libraries have their own cameras.",
            public_space_count=10,
            internal_count=5,
            places_counted_on=dt.date(2026, 6, 3),
        )
        values = {
            "unit": "working_days",
            "target": 5,
            "result": "4.5",
            "measured_from": dt.date(2026, 1, 1),
            "measured_until": dt.date(2026, 3, 31),
        }
        system = set_standard(system=system, version=system.version, kind="evidence", values=values, by=None)
        confirm_contact(system=system, version=system.version, by=None)
        publication = publish_system(system=system, by=None)
        told = read(publication.path)
        for words in (
            "The police can see live pictures. The police can download recordings. Agreement of 3 March 2026.",
            "When police or insurers ask for pictures Insurers pay 95 pounds.",
            "Time until evidence is ready 5 working days 4.5 working days 1 January 2026 – 31 March 2026",
            "If you want to complain The manager answers within ten days.",
            "Communities Scrutiny last considered on 2 June 2026",
            "Libraries have their own cameras.",
            "In public places: 10. Inside buildings and depots: 5. Counted on 3 June 2026.",
            "Bo Head",
            "The authority confirmed this contact on",
            "None in this system: automatic number plate recognition (ANPR); body-worn video; drones; other cameras",
        ):
            assert words in told, words
        assert 'href="https://council.example/footage"' in (pages.build(publication.path) or "")

    def test_a_withheld_field_leaves_its_reason_and_nothing_else(self):
        system = changed(
            active_system(OrganisationFactory()), monitored_hours="SECRET hours", partners="SECRET partner"
        )
        for field in ("monitored_hours", "partners", "areas_covered"):
            withheld(system, field)
        publication = publish_system(system=system, by=None)
        told = read(publication.path)
        assert told.count("Reason: Offenders would use it.") == 3
        assert "Decided by: Director" in told
        assert ("SECRET" in publication.content, "Market Street car park" in publication.content) == (False, False)

    def test_a_point_of_contact_is_named_only_with_their_agreement(self):
        system = active_system(OrganisationFactory(), spoc_name="SECRET Name")
        assert "SECRET" not in publish_system(system=system, by=None).content
        changed(system, spoc_name="Ann Other", spoc_name_agreed_on=today())
        assert "Ann Other" in read(publish_system(system=system, by=None).path)

    def test_counts_of_several_technologies_add_up_on_the_page(self):
        system = active_system(OrganisationFactory(), technologies=["cctv", "anpr"])
        assert "Together 24 6 0 0 30" in read(publish_system(system=system, by=None).path)

    def test_a_version_frozen_before_is_shown_without_answers_that_it_lacks(self):
        publication = published()
        content = json.loads(publication.content) | {"schema": "ccp/system-publication/2"}
        old = ("uses", "standards", "police_access", "anpr_shared", "places", "scrutinised_on", "partners",
               "contractors", "withheld_facts")  # fmt: skip
        for key in old:
            del content["facts"][key]
        for key in ("sar_url", "sro_name", "spoc_name", "spoc_confirmed_on"):
            del content["facts"]["contacts"][key]
        Publication.objects.update(content=canonical(content))
        told = read(publication.path)
        assert "No facial recognition and no other biometric recognition is used." in told
        assert "has not said" not in told
        publish_system(system=changed(system_of(publication), sro_post="Head of Place"), by=None)
        assert "Who answers for the system: Director of Communities → is now Head of Place" in read(publication.path)

    def test_an_english_page_shows_welsh_where_there_is_no_english(self):
        system = active_system(OrganisationFactory(nation="wales"), description="", **WELSH_TEXTS)
        html = pages.build(publish_system(system=system, by=None).path) or ""
        assert re.search(r'lang="cy">Camerâu yng nghanol y dref\.<', html)


class TestWhatChanged:
    def test_counts_days_and_answers_stand_before_and_after(self):
        system = active_system(OrganisationFactory())
        before = content_of(system)
        system.technologies.update(fixed_count=15, retention_days=28)
        system = changed(system, records_audio=True, audio_reason="Emergencies.", purposes=["asb", "public_safety"])
        set_standard(
            system=system, version=system.version, kind="repair", values={"unit": "days", "target": 5}, by=None
        )
        after = content_of(system)
        assert lines(before, after) == [
            ("Cameras counted", "15", "18"),
            ("Retention of: CCTV", "31 days", "28 days"),
            ("Purposes", "added: dealing with anti-social behaviour. taken away: preventing crime"),
            ("Sound is recorded", "No", "Yes"),
            ("Target: time until a fault is repaired", "5 days"),
            ("Why sound is recorded", "added"),
        ]
        with override("cy"):
            assert lines(before, after)[1][1:] == ("31 diwrnod", "28 diwrnod")
        assert lines(after, after) == []

    def test_cameras_are_counted_and_never_named(self):
        system = active_system(OrganisationFactory())
        camera = CameraFactory(system=system, operator_ref="SECRET1", location="SECRET refuge")
        before = content_of(system)
        CameraFactory.create_batch(2, system=system)
        camera.precision, camera.withheld_reason = "withheld", "Refuge"
        camera.save()
        assert lines(before, content_of(system)) == [
            ("Cameras in the list", "1", "2"),
            ("Cameras whose place is withheld", "0", "1"),
            ("List of cameras", "2 cameras came in; 1 camera went out"),
        ]

    def test_what_is_withheld_by_now_is_never_repeated(self):
        system = changed(active_system(OrganisationFactory()), partners="SECRET one", areas_covered="SECRET area")
        first = publish_system(system=system, by=None)
        system = changed(
            system, partners="SECRET two", areas_covered="SECRET other area", monitored_hours="SECRET hours"
        )
        publish_system(system=system, by=None)
        for field in ("partners", "areas_covered", "monitored_hours"):
            withheld(system, field)
        publish_system(system=system, by=None)
        for address in ("", "versions/"):
            told = read(f"{first.path}{address}")
            assert "SECRET" not in told
            assert "Areas covered: withheld from now on" in told
        assert "Partners: changed" in read(f"{first.path}versions/")
        system.refresh_from_db()
        show_fact(system=system, version=system.version, field="partners", by=None)
        assert "Partners: not withheld any more" in read(publish_system(system=system, by=None).path)

    def test_names_and_addresses_that_were_taken_back_are_not_repeated(self):
        system = active_system(OrganisationFactory(), sro_name="SECRET Name", spoc_email="secret@council.example")
        before = content_of(system)
        after = content_of(changed(system, sro_name="", spoc_email="cctv@council.example"))
        assert lines(before, after)[:2] == [
            ("Name of the senior responsible officer", "taken away"),
            ("Email address of the single point of contact", "changed"),
        ]

    def test_nothing_is_told_of_what_was_withdrawn_nor_of_what_led_to_it(self):
        first = published(sro_post="SECRET post")
        system = changed(system_of(first), sro_post="SECRET second post")
        second = publish_system(system=system, by=None)
        withdraw_publication(publication=second, by=None, reason="Wrong.")
        publish_system(system=changed(system, sro_post="Head of Place"), by=None)
        fourth = publish_system(system=changed(system, sro_post="Director"), by=None)
        told = read(f"{fourth.path}versions/")
        assert "SECRET" not in told
        assert "Who answers for the system: Head of Place → is now Director" in told
        assert told.count("There is nothing to compare it with") == 1
        assert "Version 2, published on" in told
        assert "SECRET" not in read(fourth.path)

    def test_a_withdrawn_page_keeps_its_history_of_days(self):
        first = published(sro_post="SECRET post")
        withdraw_publication(publication=first, by=None, reason="Wrong.")
        told = read(f"{first.path}versions/")
        assert ("The authority withdrew this page on" in told, "SECRET" in told) == (True, False)

    @pytest.mark.parametrize("versions", [2, 4])
    def test_the_history_costs_the_same_for_any_number(self, django_assert_num_queries, versions):
        publication = published()
        for number in range(1, versions):
            publish_system(system=changed(system_of(publication), sro_post=f"Post {number}"), by=None)
        with django_assert_num_queries(4):
            pages.build(f"{publication.path}versions/")
        with django_assert_num_queries(8):
            pages.build(publication.path)

    def test_every_field_that_leaves_is_told_when_it_changes(self):
        """A new key of the frozen content must be looked at by `changes`, or be named here."""
        told = {"is_main", "technologies", "cameras_counted", "counted_units", "purposes", "legal_bases", "biometrics",
                "reference_database", "joint", "records_audio", "monitored_by", "areas_covered", "uses", "standards",
                "police_access", "anpr_shared", "places", "scrutinised_on", "partners", "contractors", "contacts",
                "cameras", "self_assessment", "withheld_facts"}  # fmt: skip
        by_the_register = {"certificates"}
        content = content_of(active_system(OrganisationFactory()))
        assert set(content["facts"]) - told == by_the_register
        frame = {"schema", "reference", "as_of", "operator", "facts", "texts"}
        assert set(content) - frame <= set(WHOLE)
        assert set(TEXTS) == set(BILINGUAL)


class TestCompleteness:
    def test_missing_withheld_and_answered_fields_are_told_apart(self):
        system = active_system(OrganisationFactory())
        withheld(system, "monitored_hours")
        state_uses(system=system, version=2, used={"audio": False}, by=None)
        found = for_gathering(system.reference)
        known = {each.field.key: each.state for each in states(found, gather(found, on=today()))}
        assert (known["monitored_hours"], known["purposes"]) == ("withheld", "answered")
        assert (known["audio"], known["live_recognition"]) == ("answered", "missing")
        assert ("anpr_shared" in known, "agreement" in known) == (False, False)
        counted = answered(states(found, gather(found, on=today())))
        required = [key for key in known if next(f for f in FIELDS if f.key == key).required]
        assert counted["answered"] == sum(known[key] != "missing" for key in required)
        assert counted["required"] == len(required)

    def test_every_field_leads_to_where_it_is_filled_in(self, client):
        system = active_system(OrganisationFactory(), technologies=["cctv", "anpr"])
        client.force_login(member(system.operator, Role.SPOC))
        found = for_gathering(system.reference)
        for address in {each.url for each in states(found, gather(found, on=today()))}:
            assert client.get(address).status_code == 200, address

    def test_the_manager_reads_why_and_what_would_change(self, client, django_assert_num_queries):
        publication = published()
        system = changed(system_of(publication), sro_post="Head of Place")
        client.force_login(member(system.operator, Role.SPOC))
        own = f"/workspace/{system.operator.slug}/publications/{system.reference}/"
        page = client.get(own).content.decode()
        for words in ("What would change for the public", "Head of Place", "Silence about facial recognition"):
            assert words in page
        assert "What will change for the public" in client.get(f"{own}publish/").content.decode()
        with django_assert_num_queries(21):
            fields = client.get(f"{own}fields/")
        rows = [each for group in fields.context["groups"] for each in group["fields"]]
        assert [row.field for row in rows] == [
            field for field in FIELDS if field.key not in ("anpr_shared", "agreement")
        ]
        assert "%" not in re.sub(r"<[^>]+>", "", fields.content.decode())

    def test_places_that_do_not_add_up_hinder_unless_they_are_withheld(self):
        system = changed(active_system(OrganisationFactory()), public_space_count=1, internal_count=1,
                         places_counted_on=today())  # fmt: skip
        assert [str(problem.text) for problem in obstacles(for_gathering(system.reference))] == [
            "Cameras in public places and inside are 2 together, 15 were counted in all."
        ]
        withheld(system, "public_space_count")
        assert obstacles(for_gathering(system.reference)) == []

    def test_what_is_worn_is_counted_with_one_number(self):
        system = active_system(OrganisationFactory(), technologies=["cctv", "bwv"])
        record_count(system=system, kind="vehicle", count=3, counted_on=today(), by=None)
        record_count(system=system, kind="bwv", count=14, counted_on=today(), by=None)
        assert [str(problem.text) for problem in obstacles(for_gathering(system.reference))] == [
            "Two numbers are recorded of these: body-worn cameras, 14 and 15. Count them again."
        ]
        record_count(system=system, kind="bwv", count=15, counted_on=today(), by=None)
        assert obstacles(for_gathering(system.reference)) == []

    def test_the_spoc_is_asked_to_look_again_on_the_day(self):
        system = system_of(published())
        withheld(system, "partners")
        spoc = {system.operator_id}
        assert waiting_for(spoc) == []
        WithheldFact.objects.update(review_on=today())
        (item,) = waiting_for(spoc)
        assert item.label == "Look again at what is withheld from the public: partners"

    def test_the_page_of_the_system_does_not_ask_for_what_is_withheld(self, client):
        system = active_system(OrganisationFactory(), monitored_hours="")
        client.force_login(member(system.operator, Role.SPOC))
        asked = [b"Say when the cameras are watched." in client.get(system.get_absolute_url()).content]
        withheld(system, "monitored_hours")
        asked.append(b"Say when the cameras are watched." in client.get(system.get_absolute_url()).content)
        assert asked == [True, False]

    def test_welsh_is_asked_for_of_reasons_and_explanations_but_not_of_what_is_withheld(self):
        system = active_system(OrganisationFactory(nation="wales"), **(WELSH_TEXTS | {"monitored_hours_cy": ""}))
        values = DECISION | {"reason_cy": ""}
        system = withhold_fact(system=system, version=1, field="monitored_hours", values=values, by=None)
        system = state_uses(system=system, version=system.version, used={"search": True}, by=None)
        describe_use(system=system, version=system.version, kind="search", details={"explanation": "x"}, by=None)
        found = [str(problem.text) for problem in missing_welsh(for_gathering(system.reference))]
        assert [text.rpartition(": ")[2] for text in found] == [
            "search of recordings for people, objects or vehicles.",
            "reason why it is withheld (when the cameras are watched).",
        ]


def test_the_preview_shows_the_enquiry_and_every_precision(client):
    system = active_system(OrganisationFactory())
    cameras_of_every_precision(system)
    client.force_login(member(system.operator, Role.SPOC))
    own = f"/workspace/{system.operator.slug}/publications/{system.reference}/preview/"
    assert [client.get(f"{own}{tag}/").status_code for tag in ("en", "cy", "fr")] == [200, 200, 404]
