"""The library: guidance with versions and review dates, good practice sent in and moderated, what the public reads."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse

from accounts.models import Role
from core.dates import today
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from strategy.models import Resource
from strategy.resource_files import shipped_entries
from strategy.services import resources
from strategy.services.resources import WRITTEN
from tests.factories.accounts import CertificationBodyFactory, NationalBodyFactory, OrganisationFactory, member
from tests.factories.strategy_resources import PracticeFactory, ResourceFactory
from transparency.models import Publication

pytestmark = pytest.mark.django_db


@pytest.fixture
def body():
    return NationalBodyFactory(is_demonstration=False)


@pytest.fixture
def council():
    return OrganisationFactory(is_demonstration=False)


def facts(resource, **changed):
    return {**{name: getattr(resource, name) for name in WRITTEN[resource.kind]}, **changed}


def fresh(resource):
    return Resource.objects.get(pk=resource.pk)


def published(**given):
    found = ResourceFactory(**given)
    resources.publish(resource=found, version=found.version, by=None)
    return fresh(found)


def sent(**given):
    found = PracticeFactory(**given)
    resources.submit(resource=found, version=found.version, by=None)
    return fresh(found)


def test_a_new_version_says_what_changed_and_the_older_stays_under_its_number(client, body):
    found = published(organisation=body, summary="The first wording.")
    resources.change(resource=found, facts=facts(found, summary="The second wording."), version=found.version, by=None)
    address = f"/resources/{found.reference}/"
    assert "The first wording." in client.get(address).content.decode()
    with pytest.raises(Incomplete) as refusal:
        resources.publish(resource=found, version=fresh(found).version, by=None)
    assert [each.field for each in refusal.value.problems] == ["note"]
    resources.publish(resource=found, version=fresh(found).version, by=None, note="Plainer words.")
    newest, older = client.get(address).content.decode(), client.get(f"{address}1/").content.decode()
    assert "The second wording." in newest
    assert "Plainer words." in newest
    assert "The first wording." in older
    assert "There is a newer one." in older
    assert client.get(f"{address}3/").status_code == 404


def test_all_that_is_missing_is_said_at_once(body):
    found = ResourceFactory(organisation=body, summary="", topic="", publisher="", as_of=None, review_by=None)
    with pytest.raises(Incomplete) as refusal:
        resources.publish(resource=found, version=1, by=None)
    assert {each.field for each in refusal.value.problems} == {"summary", "topic", "publisher", "as_of", "review_by"}
    assert not Publication.objects.exists()


def test_good_practice_is_public_only_after_a_secretary_looked_at_it(client, council):
    found = PracticeFactory(organisation=council)
    with pytest.raises(IllegalMove):
        resources.publish(resource=found, version=1, by=None)
    resources.submit(resource=found, version=1, by=None)
    with pytest.raises(RuleBroken):
        resources.change(resource=found, facts=facts(found), version=fresh(found).version, by=None)
    resources.send_back(resource=found, reason="Which year?", version=fresh(found).version, by=None)
    assert client.get(f"/resources/{found.reference}/").status_code == 404
    found = fresh(found)
    resources.change(resource=found, facts=facts(found, outcome="In 2026, nine."), version=found.version, by=None)
    resources.submit(resource=found, version=fresh(found).version, by=None)
    resources.publish(resource=found, version=fresh(found).version, by=None)
    page = client.get(f"/resources/{found.reference}/").content.decode()
    assert "In 2026, nine." in page
    assert council.name in page
    assert "CCTV manager" in page


def test_withdrawn_says_so_at_its_address_and_shows_no_text(client, body):
    found = published(organisation=body, summary="Words to be withdrawn.")
    resources.withdraw(resource=found, reason="It was wrong.", version=found.version, by=None)
    for address in (f"/resources/{found.reference}/", f"/resources/{found.reference}/1/"):
        page = client.get(address).content.decode()
        assert "It was wrong." in page
        assert "Words to be withdrawn." not in page
    assert found.reference not in client.get("/resources/").content.decode()


def test_in_wales_welsh_is_needed():
    found = PracticeFactory(organisation=OrganisationFactory(nation="wales"), outcome_cy="")
    with pytest.raises(Incomplete) as refusal:
        resources.submit(resource=found, version=1, by=None)
    assert [each.field for each in refusal.value.problems] == ["outcome_cy"]


def test_who_saves_an_older_version_loses_nothing_of_the_newer(body):
    found = ResourceFactory(organisation=body)
    resources.change(resource=found, facts=facts(found, title="Newer"), version=1, by=None)
    with pytest.raises(StaleRecord):
        resources.change(resource=found, facts=facts(found, title="Older"), version=1, by=None)
    assert fresh(found).title == "Newer"


def test_shipped_entries_become_drafts_once_and_lack_nothing(body):
    assert resources.take_shipped(body=body, by=None) == len(shipped_entries()) >= 6
    assert resources.take_shipped(body=body, by=None) == 0
    for each in Resource.objects.filter(organisation=body).select_related("organisation"):
        assert (each.status, resources.lacks(each)) == (Resource.Status.DRAFT, [])
        assert each.title_cy
        assert each.summary_cy
        each.full_clean()


def test_only_operators_and_national_bodies_write(council):
    for organisation in (CertificationBodyFactory(),):
        with pytest.raises(RuleBroken):
            resources.write(organisation=organisation, facts={}, by=None)
    with pytest.raises(RuleBroken):
        resources.take_shipped(body=council, by=None)


def test_the_filters_hold(client, body, council):
    signs = published(organisation=body, principles=[3], topic="public", technology="anpr")
    other = published(organisation=body, principles=[6], topic="privacy", title="How long recordings are kept")
    for query, expected in (
        ("principle=3", {signs}),
        ("principle=6", {other}),
        ("topic=privacy", {other}),
        ("technology=anpr", {signs}),
        ("kind=practice", set()),
        ("q=record", {other}),
        ("principle=13&topic=nonsense", {signs, other}),
    ):
        page = client.get(f"/resources/?{query}").content.decode()
        assert {each for each in (signs, other) if each.reference in page} == expected, query


def test_what_waits(client, body, council):
    published(organisation=body, title="Old guidance", review_by=today() - dt.timedelta(days=1))
    published(organisation=body, title="Fresh guidance")
    published(organisation=body, title="Past guidance", review_by=today(), is_superseded=True)
    practice = sent(organisation=council, title="Nine cameras fewer")
    client.force_login(member(body, Role.SECRETARY))
    page = client.get("/workspace/").content.decode()
    assert "Review guidance: Old guidance" in page
    assert "Look at good practice: Nine cameras fewer" in page
    assert "Fresh guidance" not in page
    assert "Past guidance" not in page
    resources.send_back(resource=practice, reason="Which year?", version=practice.version, by=None)
    client.force_login(member(council, Role.SPOC))
    assert "Good practice was returned: Nine cameras fewer" in client.get("/workspace/").content.decode()


def test_a_council_tells_and_a_secretary_publishes_by_their_pages(client, body, council):
    client.force_login(member(council, Role.SCHEME_MANAGER))
    written = {
        "version": 1,
        "title": "Fewer cameras",
        "summary": "Too many.",
        "text": "Looked at each.",
        "outcome": "Nine fewer.",
        "post": "Manager",
        "topic": "systems",
        "principles": ["1", "10"],
    }
    assert client.post(reverse("national:resource_new", args=[council.slug]), written).status_code == 302
    found = Resource.objects.get()
    assert found.principles == [1, 10]
    client.post(reverse("national:resource_submit", args=[council.slug, found.reference]))
    client.force_login(member(body, Role.SECRETARY))
    act = reverse("national:resource_act", args=[body.slug, found.reference, "publish"])
    assert client.post(act, {"version": fresh(found).version, "note": ""}).status_code == 302
    assert "Nine fewer." in client.get(f"/cy/resources/{found.reference}/").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_lists_ask_a_fixed_number_of_times(client, body, council, number, django_assert_num_queries):
    for _each in range(number):
        published(organisation=body)
        sent(organisation=council)
    with django_assert_num_queries(1):
        client.get("/resources/")
    client.force_login(member(body, Role.SECRETARY))
    address = reverse("national:resources", args=[body.slug])
    client.get(address)
    with django_assert_num_queries(5):
        client.get(address)


@pytest.mark.parametrize("number", [1, 3])
def test_the_library_is_open_data_with_its_days_and_without_drafts(client, body, number, django_assert_num_queries):
    references = {published(organisation=body).reference for _each in range(number)}
    draft = ResourceFactory(organisation=body)
    with django_assert_num_queries(1):
        answer = client.get("/resources/resources.json")
    told = answer.json()
    assert {each["reference"] for each in told["resources"]} == references
    assert all(each["as_of"] and each["review_by"] and each["publisher"] for each in told["resources"])
    assert told["as_of"] == today().isoformat()
    with django_assert_num_queries(1):
        table = client.get("/resources/resources.csv").content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(table)))
    assert {each["reference"] for each in lines} == references
    assert draft.reference not in table
    assert client.get("/resources/resources.json?kind=practice").json()["resources"] == []
