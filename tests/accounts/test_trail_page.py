"""The audit trail of an organisation: for its SPOC and DPO, paged, filtered, in words."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role
from core import trail
from core.models import TrailEntry
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory, member

pytestmark = pytest.mark.django_db


def test_spoc_and_dpo_read_it_and_nobody_else(client: Client) -> None:
    organisation = OrganisationFactory(slug="anytown")
    seen = {}
    for role in organisation.roles:
        client.force_login(member(organisation, role))
        seen[role] = client.get("/workspace/anytown/trail/").status_code
    assert {role for role, status in seen.items() if status == 200} == {Role.SPOC, Role.DPO}
    assert {status for role, status in seen.items() if role not in (Role.SPOC, Role.DPO)} == {403}


@pytest.mark.parametrize("rows", [1, 3])
def test_entries_of_this_organisation_newest_first_at_constant_cost(
    rows: int, client: Client, django_assert_num_queries: Any
) -> None:
    spoc = MembershipFactory()
    for number in range(rows):
        trail.record("changed", spoc.organisation, by=None, after={"region": f"Region {number}"})
    trail.record("changed", OrganisationFactory(), by=None)
    trail.seal_all()
    trail.record("changed", spoc.organisation, by=spoc.user, before={"region": "Old"}, after={"region": "New"})
    client.force_login(spoc.user)
    with django_assert_num_queries(8):  # session, user, memberships, verbs, kinds, count, entries, unread
        page = client.get(f"{spoc.organisation.get_absolute_url()}trail/")
    assert [row["seal"] for row in page.context["rows"]] == [None] + [1] * rows
    assert page.context["rows"][0]["changes"] == [{"field": "region", "before": "Old", "after": "New"}]
    assert page.context["rows"][0]["actor"] == str(spoc.user)
    assert "Not sealed yet" in page.content.decode()


def test_it_is_filtered_by_act_kind_and_day(client: Client) -> None:
    spoc = MembershipFactory()
    other = MembershipFactory(organisation=spoc.organisation, role=Role.VIEWER)
    old = trail.record("changed", spoc.organisation, by=None)
    # 23:30 UTC in summer is the next day in London
    TrailEntry.objects.filter(pk=old.pk).update(at=dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC))
    trail.record("ended", other, by=None)
    client.force_login(spoc.user)
    url = f"{spoc.organisation.get_absolute_url()}trail/"
    for query, count in (
        ("", 2),
        ("verb=changed", 1),
        ("kind=accounts.Membership", 1),
        ("verb=changed&kind=accounts.Membership", 0),
        ("since=2026-07-01&until=2026-07-01", 1),
        ("until=2026-06-30", 0),
        ("since=2026-07-02", 1),
    ):
        assert client.get(f"{url}?{query}").context["count"] == count, query
    for query in ("since=yesterday", "verb=nonsense", "kind=x"):
        assert client.get(f"{url}?{query}").status_code == 422


def test_each_moment_is_one_for_machines_too(client: Client) -> None:
    """HTML takes no more than milliseconds; dt.datetime reads what it takes."""
    spoc = MembershipFactory()
    entry = trail.record("changed", spoc.organisation, by=None)
    client.force_login(spoc.user)
    html = client.get(f"{spoc.organisation.get_absolute_url()}trail/").content.decode()
    (moment,) = re.findall(r'<time datetime="([^"]+)">', html)
    assert dt.datetime.fromisoformat(moment) == entry.at.replace(microsecond=0)


def test_it_is_paged(client: Client) -> None:
    spoc: Any = MembershipFactory()
    trail.record_many("changed", [spoc.organisation] * 51, by=None)
    client.force_login(spoc.user)
    page = client.get(f"{spoc.organisation.get_absolute_url()}trail/?page=2&verb=changed")
    assert len(page.context["rows"]) == 1


def test_values_stand_in_the_words_of_the_records_fields(client: Client) -> None:
    spoc = MembershipFactory()
    trail.record(
        "given",
        spoc,
        by=None,
        before={"role": "viewer", "ends_on": None, "same": 1},
        after={"role": "spoc", "ends_on": dt.date(2026, 12, 24), "same": 1, "is_main": True, "codes": ["A", "B"]},
        personal={"person": "Tom Bell"},
    )
    client.force_login(spoc.user)
    [row] = client.get(f"{spoc.organisation.get_absolute_url()}trail/").context["rows"]
    assert (row["kind"], row["verb"], row["reference"]) == ("membership", "given", spoc.reference)
    # PostgreSQL keeps the fields of a JSON value in an order of its own
    assert {change["field"]: (change["before"], change["after"]) for change in row["changes"]} == {
        "role": ("viewer", "single point of contact (SPOC)"),
        "until": ("", "24 December 2026"),
        "is main": ("", "yes"),
        "codes": ("", "A, B"),
        "person": ("", "Tom Bell"),
    }


def test_erased_people_and_forgotten_tables_are_shown_as_such(client: Client) -> None:
    spoc = MembershipFactory()
    trail.record("joined", spoc, by=UserFactory(), personal={"name": "Tom"})
    TrailEntry.objects.update(personal=None, personal_salt="", subject_kind="gone.Table")
    client.force_login(spoc.user)
    [row] = client.get(f"{spoc.organisation.get_absolute_url()}trail/").context["rows"]
    assert (row["actor"], row["kind"], row["changes"]) == ("erased", "gone.Table", [])


def test_markup_in_values_stays_text(client: Client) -> None:
    spoc = MembershipFactory()
    trail.record("changed", spoc.organisation, by=None, after={"note": "<script>alert(1)</script>"})
    client.force_login(spoc.user)
    text = client.get(f"{spoc.organisation.get_absolute_url()}trail/").content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
