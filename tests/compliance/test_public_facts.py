"""What the public is told of a system beyond its record: one truth with its facts, promises, and what is withheld."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Role
from compliance.models import CameraSystem, ServiceStandard, SystemUse, WithheldFact
from compliance.services.public_facts import (
    confirm_contact,
    describe_use,
    drop_standard,
    set_standard,
    show_fact,
    state_uses,
    withhold_fact,
)
from compliance.services.systems import set_facts, update_system
from core.dates import today
from core.errors import IllegalMove, Incomplete, StaleRecord
from core.models import TrailEntry
from tests.factories.accounts import OrganisationFactory, UserFactory, member
from tests.factories.compliance import CameraSystemFactory

pytestmark = pytest.mark.django_db

LIVE, RETROSPECTIVE, AUDIO = "live_recognition", "retrospective_recognition", "audio"
YESTERDAY, TOMORROW = today() - dt.timedelta(days=1), today() + dt.timedelta(days=1)


def facts_of(system: CameraSystem) -> tuple[bool, bool, bool]:
    system.refresh_from_db()
    return system.biometrics, system.reference_database, system.records_audio


def problems(refusal: pytest.ExceptionInfo[Incomplete]) -> list[tuple[str, str]]:
    return [(str(problem.text), problem.field) for problem in refusal.value.problems]


class TestUses:
    def test_what_is_used_decides_the_facts_of_the_system(self):
        system = CameraSystemFactory()
        state_uses(system=system, version=1, used={LIVE: True, AUDIO: True, "search": False}, by=None)
        assert facts_of(system) == (True, True, True)
        assert dict(system.uses.values_list("kind", "used")) == {LIVE: True, AUDIO: True, "search": False}

    def test_a_recognition_that_ended_takes_biometrics_with_it_and_what_was_told_of_it(self):
        system = CameraSystemFactory()
        system = state_uses(system=system, version=1, used={RETROSPECTIVE: True}, by=None)
        details = {"watchlist_owner": "Force North", "explanation": "SECRET"}
        system = describe_use(system=system, version=system.version, kind=RETROSPECTIVE, details=details, by=None)
        assert facts_of(system) == (True, True, False)
        state_uses(system=system, version=system.version, used={RETROSPECTIVE: False, LIVE: False}, by=None)
        assert facts_of(system) == (False, True, False)
        use = system.uses.get(kind=RETROSPECTIVE)
        assert (use.used, use.watchlist_owner, use.explanation) == (False, "", "")

    def test_that_no_faces_are_recognised_rules_out_no_other_biometrics(self):
        system = CameraSystemFactory(biometrics=True)
        state_uses(system=system, version=1, used={LIVE: False, RETROSPECTIVE: False}, by=None)
        assert facts_of(system) == (True, False, False)

    def test_facts_that_the_uses_rule_out_are_refused(self):
        system = state_uses(system=CameraSystemFactory(), version=1, used={LIVE: True}, by=None)
        with pytest.raises(Incomplete) as refusal:
            set_facts(system=system, version=system.version, technologies=["cctv"], facts=[], by=None)
        assert len(refusal.value.problems) == 2
        assert facts_of(system) == (True, True, False)

    def test_the_answer_about_sound_follows_the_record(self):
        system = state_uses(system=CameraSystemFactory(), version=1, used={AUDIO: False}, by=None)
        changes = {"records_audio": True, "audio_reason": "Emergencies at the taxi rank."}
        update_system(system=system, version=system.version, changes=changes, by=None)
        assert system.uses.get().used is True

    def test_the_same_again_writes_nothing(self):
        system = state_uses(system=CameraSystemFactory(), version=1, used={LIVE: False}, by=None)
        entries = TrailEntry.objects.count()
        assert state_uses(system=system, version=system.version, used={LIVE: False}, by=None).version == system.version
        assert TrailEntry.objects.count() == entries

    def test_a_stale_version_a_closed_system_and_an_unknown_kind_are_refused(self):
        system = CameraSystemFactory()
        with pytest.raises(StaleRecord):
            state_uses(system=system, version=2, used={LIVE: True}, by=None)
        with pytest.raises(Incomplete):
            state_uses(system=system, version=1, used={"mind_reading": True}, by=None)
        CameraSystem.objects.filter(pk=system.pk).update(status="closed")
        with pytest.raises(IllegalMove):
            state_uses(system=system, version=1, used={LIVE: True}, by=None)
        assert not SystemUse.objects.exists()

    @pytest.mark.parametrize(
        ("kind", "details", "field"),
        [
            (LIVE, {"term": "trial"}, "trial_until"),
            (LIVE, {"term": "permanent", "trial_until": TOMORROW}, "trial_until"),
            (LIVE, {"term": "trial", "trial_until": YESTERDAY, "first_used_on": today()}, "trial_until"),
            (LIVE, {"first_used_on": TOMORROW}, "first_used_on"),
            (LIVE, {"approved_on": TOMORROW}, "approved_on"),
            ("loudspeakers", {"watchlist_owner": "Force North"}, "watchlist_owner"),
        ],
    )
    def test_details_that_cannot_be_are_said_at_their_field(self, kind, details, field):
        system = state_uses(system=CameraSystemFactory(), version=1, used={kind: True}, by=None)
        with pytest.raises(Incomplete) as refusal:
            describe_use(system=system, version=system.version, kind=kind, details=details, by=None)
        assert [named for _text, named in problems(refusal)] == [field]

    def test_only_what_is_used_has_details(self):
        system = state_uses(system=CameraSystemFactory(), version=1, used={LIVE: False}, by=None)
        with pytest.raises(Incomplete):
            describe_use(system=system, version=system.version, kind=LIVE, details={"run_by": "x"}, by=None)


GOOD = {"unit": "days", "target": Decimal(5), "result": None, "measured_from": None, "measured_until": None}

MEASURED = {"result": Decimal(3), "measured_from": today()}


class TestStandards:
    def test_a_promise_is_kept_changed_and_dropped_in_the_trail(self):
        system, by = CameraSystemFactory(), UserFactory()
        system = set_standard(system=system, version=1, kind="evidence", values=GOOD, by=by)
        measured = {"result": Decimal("3.5"), "measured_from": YESTERDAY, "measured_until": today()}
        system = set_standard(
            system=system, version=system.version, kind="evidence", values={**GOOD, **measured}, by=by
        )
        assert ServiceStandard.objects.get().result == Decimal("3.5")
        system = drop_standard(system=system, version=system.version, kind="evidence", by=by)
        assert (ServiceStandard.objects.count(), system.version) == (0, 4)
        assert [bool(entry.before) for entry in TrailEntry.objects.order_by("pk")] == [False, True, True]

    @pytest.mark.parametrize(
        ("kind", "values", "field"),
        [
            ("evidence", {"unit": "per_cent"}, "unit"),
            ("working", {"unit": "per_cent", "target": Decimal(101)}, "target"),
            ("staffing", {"unit": "hours_a_week", "target": Decimal(169)}, "target"),
            ("evidence", {"result": Decimal(3)}, "result"),
            ("evidence", {**MEASURED, "measured_until": YESTERDAY}, "measured_until"),
            ("evidence", {**MEASURED, "measured_until": TOMORROW}, "measured_until"),
        ],
    )
    def test_a_promise_that_cannot_be_is_said_at_its_field(self, kind, values, field):
        with pytest.raises(Incomplete) as refusal:
            set_standard(system=CameraSystemFactory(), version=1, kind=kind, values={**GOOD, **values}, by=None)
        assert [named for _text, named in problems(refusal)] == [field]


DECISION = {"reason": "Times without staff.", "reason_cy": "", "decided_by": "Director", "review_on": TOMORROW}


class TestWithheld:
    def test_a_field_is_withheld_once_and_shown_again(self):
        system = CameraSystemFactory()
        system = withhold_fact(system=system, version=1, field="monitored_hours", values=DECISION, by=None)
        again = {**DECISION, "reason": "Another reason."}
        system = withhold_fact(system=system, version=system.version, field="monitored_hours", values=again, by=None)
        assert WithheldFact.objects.get().reason == "Another reason."
        show_fact(system=system, version=system.version, field="monitored_hours", by=None)
        assert not WithheldFact.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "field"),
        [({"reason": " "}, "reason"), ({"decided_by": ""}, "decided_by"), ({"review_on": today()}, "review_on")],
    )
    def test_without_reason_post_or_next_look_nothing_is_withheld(self, changes, field):
        with pytest.raises(Incomplete) as refusal:
            withhold_fact(
                system=CameraSystemFactory(), version=1, field="partners", values={**DECISION, **changes}, by=None
            )
        assert [named for _text, named in problems(refusal)] == [field]

    @pytest.mark.parametrize("field", ["purposes", "legal_bases", "spoc_email", "live_recognition", "retention_days"])
    def test_what_the_public_must_be_told_is_never_withheld(self, field):
        with pytest.raises(Incomplete):
            withhold_fact(system=CameraSystemFactory(), version=1, field=field, values=DECISION, by=None)


class TestPeople:
    def test_a_contact_is_confirmed_with_the_day_and_a_new_one_is_confirmed_by_entering_it(self):
        system = CameraSystemFactory(complete=True, spoc_confirmed_on=YESTERDAY)
        system = confirm_contact(system=system, version=1, by=None)
        assert system.spoc_confirmed_on == today()
        CameraSystem.objects.update(spoc_confirmed_on=YESTERDAY)
        changes = {"spoc_email": "new@council.example"}
        assert update_system(system=system, version=2, changes=changes, by=None).spoc_confirmed_on == today()

    def test_nobody_confirms_a_contact_that_is_not_there(self):
        with pytest.raises(Incomplete):
            confirm_contact(system=CameraSystemFactory(), version=1, by=None)

    def test_a_point_of_contact_is_named_only_with_the_day_of_their_agreement(self):
        system = CameraSystemFactory()
        with pytest.raises(Incomplete) as refusal:
            update_system(system=system, version=1, changes={"spoc_name": "Ann Other"}, by=None)
        assert [named for _text, named in problems(refusal)] == ["spoc_name_agreed_on"]
        changes = {"spoc_name": "Ann Other", "spoc_name_agreed_on": today(), "sro_name": "Bo Head"}
        update_system(system=system, version=1, changes=changes, by=None)
        entry = TrailEntry.objects.latest("pk")
        assert ("Ann Other" in str(entry.after), set(entry.personal)) == (False, {"actor", "spoc_name", "sro_name"})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"police_access": ["none", "download"]}, "police_access"),
        ({"scrutinised_on": today()}, "scrutiny_committee"),
        ({"public_space_count": 3, "internal_count": 1}, "public_space_count"),
        ({"scrutiny_committee": "Scrutiny", "scrutinised_on": TOMORROW}, "scrutinised_on"),
    ],
)
def test_what_is_told_only_together_is_refused_apart(changes, field):
    with pytest.raises(Incomplete) as refusal:
        update_system(system=CameraSystemFactory(), version=1, changes=changes, by=None)
    assert [named for _text, named in problems(refusal)] == [field]


# --- pages ---


def url(name: str, system: CameraSystem, *args: str) -> str:
    return reverse(f"compliance:{name}", args=[system.operator.slug, system.reference, *args])


@pytest.fixture
def system(client) -> CameraSystem:
    system: CameraSystem = CameraSystemFactory(complete=True)
    client.force_login(member(system.operator, Role.SCHEME_MANAGER))
    return system


@pytest.mark.parametrize("rows", [1, 4])
def test_the_page_costs_the_same_for_any_number_of_rows(client, system, django_assert_num_queries, rows):
    for kind in SystemUse.Kind.values[:rows]:
        SystemUse.objects.create(system=system, kind=kind, used=True)
    for kind in ServiceStandard.Kind.values[:rows]:
        ServiceStandard.objects.create(system=system, kind=kind, unit="days", target=1)
    for field in WithheldFact.Field.values[:rows]:
        WithheldFact.objects.create(system=system, field=field, reason="x", decided_by="x", review_on=TOMORROW)
    with django_assert_num_queries(9):
        page = client.get(url("public_facts", system))
    assert (len(page.context["withheld"]), page.context["uses"][0]["values"]) == (rows, ["Yes"])


def test_each_thing_is_changed_on_a_page_of_its_own(client, system):
    facts = url("public_facts", system)
    assert client.post(url("public_uses", system), {"version": 1, LIVE: "yes", "search": "no"}).url == facts
    system.refresh_from_db()
    sent = {"version": system.version, "run_by": "Force North", "term": "permanent"}
    assert client.post(url("public_use", system, LIVE), sent).url == facts
    system.refresh_from_db()
    sent = {"version": system.version, "target": "5", "unit": "working_days"}
    assert client.post(url("public_standard", system, "evidence"), sent).url == facts
    system.refresh_from_db()
    day = {"review_on_day": TOMORROW.day, "review_on_month": TOMORROW.month, "review_on_year": TOMORROW.year}
    sent = {"version": system.version, "reason": "Times without staff.", "decided_by": "Director", **day}
    assert client.post(url("public_withhold", system, "monitored_hours"), sent).url == facts
    system.refresh_from_db()
    sent = {"version": system.version, "police_access": ["none"], "requests_how_to": "By form."}
    assert client.post(url("system_edit", system, "police"), sent).url == facts
    page = client.get(facts).content.decode()
    for told in ("Operated by: Force North", "Target: 5 working days", "Times without staff.", "By form."):
        assert told in page


def test_a_save_over_somebody_elses_is_a_conflict_that_keeps_what_was_typed(client, system):
    sent = {"version": 1, "target": "5", "unit": "days"}
    client.post(url("public_standard", system, "repair"), sent)
    page = client.post(url("public_standard", system, "repair"), {**sent, "target": "7"})
    assert page.status_code == 409
    assert ServiceStandard.objects.get().target == 5
    assert 'value="7"' in page.content.decode()


def test_buttons_act_on_the_version_that_was_seen(client, system):
    client.post(url("public_standard", system, "repair"), {"version": 1, "target": "5", "unit": "days"})
    drop, confirm = url("public_standard_drop", system, "repair"), url("public_contact", system)
    assert [client.post(address, {"version": 1}).status_code for address in (drop, confirm)] == [409, 409]
    assert client.post(drop, {}).status_code == 422
    assert client.post(drop, {"version": 2}).status_code == 302
    assert client.post(confirm, {"version": 3}).status_code == 302
    system.refresh_from_db()
    assert (ServiceStandard.objects.exists(), system.spoc_confirmed_on) == (False, today())


def test_what_is_not_there_is_not_found(client, system):
    for name, word in (("public_use", LIVE), ("public_standard", "speed"), ("public_withhold", "purposes")):
        assert client.get(url(name, system, word)).status_code == 404


def test_an_authority_in_wales_has_the_welsh_box_first(client):
    system = CameraSystemFactory(operator=OrganisationFactory(nation="wales"))
    client.force_login(member(system.operator, Role.SPOC))
    page = client.get(url("public_withhold", system, "partners"))
    assert list(page.context["form"].fields)[:2] == ["reason_cy", "reason"]
