"""Training: what is kept of people and erased, accreditation, self-tests, and the training organisation."""

import datetime as dt
import json

import pytest
from django.test import Client

from accounts.models import Kind, Notification, Role
from core.dates import today
from core.errors import Incomplete, RuleBroken
from core.trail import TrailEntry
from strategy import self_tests
from strategy.measures.base import MEASURES
from strategy.models import Accreditation, Course, SelfTestRecord, StaffMember, StaffRecord
from strategy.services import accreditations, courses, staff
from strategy.services import self_tests as completing
from strategy.training_figures import figures
from tests.factories.accounts import OrganisationFactory, member

pytestmark = pytest.mark.django_db
NAME = "Zqname Person"


def day(days: int) -> dt.date:
    return today() + dt.timedelta(days=days)


def council(**facts: object) -> object:
    return OrganisationFactory(kind=Kind.PRINCIPAL_AUTHORITY, nation="england", region="London", **facts)


def person(organisation: object, name: str = NAME) -> StaffMember:
    return staff.enter(organisation=organisation, facts={"name": name, "post": "Operator"}, by=None)


def record(who: StaffMember, kind: str, **facts: object) -> StaffRecord:
    return staff.add_record(member=who, facts={"kind": kind, **facts}, by=None)


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("kind", ["sia", "sia_other", "vetting", "dbs"])
def test_of_licences_and_checks_only_the_end_is_kept(kind):
    who = person(council())
    with pytest.raises(Incomplete):
        record(who, kind, title="Level 3, number 1234", until=day(5))
    with pytest.raises(Incomplete):
        record(who, kind, done_on=day(-5), until=day(5))
    with pytest.raises(Incomplete):
        record(who, kind)
    assert record(who, kind, until=day(5)).until == day(5)


def test_the_day_after_leaving_everything_of_the_person_is_gone_and_the_trail_keeps_counts():
    organisation, body = council(), OrganisationFactory(kind=Kind.NATIONAL_BODY)
    who = person(organisation)
    record(who, "vetting", until=day(20))
    applied = accreditations.apply(member=who, body=body, level="manager", grounds="Ten years", by=None)
    staff.leave(member=who, left_on=today(), version=who.version, by=None)
    assert staff.erase_left(today()) == 0
    assert staff.erase_left(day(1)) == 1
    assert staff.erase_left(day(1)) == 0
    assert not StaffMember.objects.exists()
    assert not StaffRecord.objects.exists()
    applied.refresh_from_db()
    assert (applied.member, applied.post, applied.grounds) == (None, "", "")
    erased = TrailEntry.objects.get(verb="erased")
    assert erased.after == {"records": 1, "accreditations": 1}
    told = json.dumps(list(TrailEntry.objects.values("before", "after", "personal", "subject_reference")))
    assert NAME not in told
    assert str(day(20)) not in told


def test_the_export_holds_all_and_is_the_officers_alone():
    organisation = council()
    who = person(organisation)
    record(who, "training", title="Camera law", done_on=day(-10), until=day(300))
    address = f"/workspace/{organisation.slug}/training/{who.reference}/"
    officer, spoc = member(organisation, Role.DPO), member(organisation, Role.SPOC)
    found = json.loads(signed_in(officer).post(f"{address}export/").content)
    assert (found["name"], found["records"][0]["course"]) == (NAME, "Camera law")
    assert signed_in(spoc).post(f"{address}export/").status_code == 403
    assert signed_in(member(council(), Role.SPOC)).get(address).status_code == 404
    assert signed_in(member(organisation, Role.VIEWER)).get(address).status_code == 403
    assert NAME in signed_in(spoc).get(address).content.decode()


def test_what_ends_is_announced_once_without_a_name():
    organisation = council()
    spoc = member(organisation, Role.SPOC)
    who = person(organisation)
    record(who, "sia", until=day(60))
    record(who, "dbs", until=day(400))
    assert staff.announce_ends(today()) == 1
    assert staff.announce_ends(today()) == 0
    assert staff.announce_ends(day(40)) == 1
    assert staff.announce_ends(day(61)) == 1
    said = list(Notification.objects.filter(user=spoc).values_list("subject", "body"))
    assert len(said) == 3
    assert NAME not in str(said)
    assert "Licences and training that end" in signed_in(spoc).get("/workspace/").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_pages_cost_the_same_for_one_and_for_three(number, django_assert_num_queries):
    organisation, body = council(), OrganisationFactory(kind=Kind.NATIONAL_BODY)
    own, theirs = signed_in(member(organisation, Role.SPOC)), signed_in(member(body, Role.ADMINISTRATOR))
    for place in range(number):
        who = person(organisation, f"Member {place}")
        for _each in range(number):
            record(who, "sia", until=day(5))
        accreditations.apply(member=who, body=body, level="operator", grounds="Ten years", by=None)
    inside, outside = f"/workspace/{organisation.slug}", f"/workspace/{body.slug}"
    for client, address, queries in (
        (own, f"{inside}/training/", 7),
        (own, f"{inside}/training/{who.reference}/", 7),
        (own, f"{inside}/self-tests/", 5),
        (theirs, f"{outside}/accreditations/", 5),
        (theirs, f"{outside}/courses/", 5),
        (Client(), "/training/", 3),
    ):
        client.get(address)
        with django_assert_num_queries(queries):
            page = client.get(address)
        assert page.status_code == 200, address
    assert own.get(f"{inside}/training/").content.decode().count("Member ") == number


def test_a_national_body_accredits_by_post_and_never_reads_the_name():
    organisation, body = council(), OrganisationFactory(kind=Kind.NATIONAL_BODY)
    lead = member(body, Role.STRAND_LEAD)
    who = person(organisation)
    with pytest.raises(Incomplete):
        accreditations.apply(member=who, body=body, level="operator", grounds=f"{NAME} is good", by=None)
    applied = accreditations.apply(member=who, body=body, level="operator", grounds="Ten years", by=None)
    with pytest.raises(RuleBroken):
        accreditations.apply(member=who, body=body, level="operator", grounds="Again", by=None)
    page = signed_in(lead).get(f"/workspace/{body.slug}/accreditations/{applied.reference}/").content.decode()
    assert "Ten years" in page
    assert NAME not in page
    decided = accreditations.decide(
        accreditation=applied, grant=True, until=day(365), reason="", version=applied.version, by=lead
    )
    assert Accreditation.objects.current(today()).get() == decided
    assert not Accreditation.objects.current(day(366)).exists()


def test_each_self_test_can_be_passed_and_failed_and_passing_alone_leaves_a_record():
    organisation = council()
    user = member(organisation, Role.VIEWER)
    client = signed_in(user)
    for test in self_tests.edition().tests:
        right = {f"q{place}": str(each.right) for place, each in enumerate(test.questions, 1)}
        wrong = {name: str(int(value) % 3 + 1) for name, value in right.items()}
        address = f"/workspace/{organisation.slug}/self-tests/{test.principle}/"
        assert "Not passed" in client.post(address, wrong).content.decode()
        assert client.post(address, {}).status_code == 422
        assert not SelfTestRecord.objects.filter(principle=test.principle).exists()
        assert "Your record of completion" in client.post(address, right).content.decode()
        public = Client().get(f"/cy/training/self-tests/{test.principle}/", right).content.decode()
        assert test.questions[0].why.cy.split("'")[0] in public
    assert SelfTestRecord.objects.count() == 12
    kept = SelfTestRecord.objects.first()
    address = f"/workspace/{organisation.slug}/self-tests/records/{kept.reference}/"
    assert user.name in client.get(address).content.decode()
    assert signed_in(member(organisation, Role.SPOC)).get(address).status_code == 404


def test_taking_it_again_keeps_the_better_score():
    user = member(council(), Role.VIEWER)
    test = self_tests.edition().of(1)
    right = {f"q{place}": str(each.right) for place, each in enumerate(test.questions, 1)}
    for sent in (right, {**right, "q1": "0"}):
        completing.complete(person=user, test=test, result=self_tests.mark(test, sent))
    assert SelfTestRecord.objects.get().score == 4


def test_the_shipped_catalogue_is_entered_once_and_shown_in_both_languages():
    text = self_tests.FILE.with_name("courses.yaml").read_text()
    assert courses.load_courses(text=text, by=None)["added"] == 4
    assert courses.load_courses(text=text, by=None)["added"] == 0
    page = Client().get("/training/", {"kind": "award"}).content.decode()
    assert "Pearson BTEC" in page
    assert "SFSCCTVH1" not in page
    assert "Trwydded SIA" in Client().get("/cy/training/").content.decode()
    assert Course.objects.count() == 4


def test_counts_are_withheld_where_few_people_are_meant(settings):
    organisation = council()
    for place in range(3):
        record(person(organisation, f"Person {place}"), "induction", done_on=day(-3))
    assert all(row["numbers"][0] is None for row in figures(today()))
    for place in range(4):
        record(person(organisation, f"More {place}"), "induction", done_on=day(-3))
    assert figures(today())[-1]["numbers"][0] == 7
    record(person(OrganisationFactory(kind=Kind.PRINCIPAL_AUTHORITY, region="Wales")), "induction", done_on=day(-3))
    shown = {row["area"]: row["numbers"][0] for row in figures(today())}
    assert (shown["Wales"], shown["London"]) == (None, None)


def test_a_training_council_is_in_no_measure_and_at_no_public_address(settings):
    settings.PORTAL_DEMONSTRATION = True
    training = council(name="Zqtraining Council", slug="zqtraining", is_training=True, is_demonstration=True)
    force = OrganisationFactory(kind=Kind.POLICE_FORCE, name="Zqtraining Police", is_training=True)
    training.police_forces.add(force)
    for place in range(9):
        record(person(training, f"Person {place}"), "induction", done_on=day(-3))
    body = OrganisationFactory(kind=Kind.NATIONAL_BODY)
    with pytest.raises(RuleBroken):
        accreditations.apply(member=StaffMember.objects.first(), body=body, level="manager", grounds="x", by=None)
    for each in MEASURES.values():
        assert "zqtraining" not in str(each.on(today()).rows).casefold()
    assert figures(today())[-1]["numbers"][0] == 0
    for address in ADDRESSES:
        response = Client().get(address)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        assert b"zqtraining" not in content.lower(), address
    for address in ("/authorities/zqtraining/", "/feeds/authorities/zqtraining.xml"):
        assert Client().get(address).status_code == 404


ADDRESSES = (
    *("/", "/authorities/", "/search/?q=council", "/map/", "/spocs/", "/spocs/spocs.csv", "/spocs/spocs.json"),
    *("/certificates/", "/agreements/", "/agreements/uptake/", "/trials/", "/groups/", "/strategy/", "/training/"),
    *("/open-data/", "/api/v1/authorities/", "/sitemap.xml", "/consultations/", "/cy/authorities/"),
)
