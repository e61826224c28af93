"""A prepared query finds what the query itself finds, whatever it was put together with at first."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count

from accounts.models import Membership, Organisation, Role, User
from core.dates import today
from core.prepared import Prepared, PreparedPages, keep_related
from tests.factories.accounts import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def memberships() -> list[Any]:
    return [MembershipFactory(role=role) for role in (Role.SPOC, Role.SRO, Role.SRO)]


def test_each_call_has_its_own_values(memberships: list[Any], django_assert_num_queries: Any) -> None:
    of_person = Prepared(
        lambda person, role: Membership.objects.filter(user=person, role=role).select_related("organisation")
    )
    with django_assert_num_queries(3):
        for membership in memberships:
            [found] = of_person(person=membership.user_id, role=membership.role)
            assert (found, found.organisation) == (membership, membership.organisation)
    assert of_person(person=memberships[0].user_id, role=Role.SRO.value) == []


def test_days_annotations_unions_and_values(memberships: list[Any]) -> None:
    first = memberships[0]
    MembershipFactory(organisation=first.organisation, ends_on=today() - DAY)
    counted = Prepared(
        lambda organisation, day: Organisation.objects.filter(pk=organisation, memberships__ends_on__lt=day).annotate(
            left=Count("memberships")
        )
    )
    assert [found.left for found in counted(organisation=first.organisation_id, day=today())] == [1]
    assert counted(organisation=first.organisation_id, day=today() - DAY) == []
    both = Prepared(
        lambda one, other: (
            User.objects.filter(pk=one).values_list("pk").union(User.objects.filter(pk=other).values_list("pk"))
        )
    )
    ids = sorted(membership.user_id for membership in memberships)
    assert sorted(both(one=ids[0], other=ids[2])) == [(ids[0],), (ids[2],)]
    assert both(one=ids[1], other=ids[1]) == [(ids[1],)]


def test_what_is_prefetched_belongs_to_the_rows(memberships: list[Any], django_assert_num_queries: Any) -> None:
    with_people = Prepared(
        lambda organisation: Organisation.objects.filter(pk=organisation).prefetch_related("memberships")
    )
    for membership in memberships:
        with django_assert_num_queries(2):
            [found] = with_people(organisation=membership.organisation_id)
            assert list(found.memberships.all()) == [membership]


def test_what_was_read_apart_belongs_to_its_record_too(memberships: list[Any], django_assert_num_queries: Any) -> None:
    organisation = memberships[0].organisation
    rows = list(Membership.objects.filter(organisation=organisation))
    with django_assert_num_queries(0):
        keep_related(organisation, "memberships", rows)
        assert list(organisation.memberships.all()) == rows
        assert rows[0].organisation is organisation


def test_pages_of_a_list(memberships: list[Any], django_assert_num_queries: Any) -> None:
    """Each page has its own rows, whichever was asked for first; a list without any is one empty page."""
    with_role = PreparedPages(
        rows=lambda role: Membership.objects.filter(role=role).order_by("-pk"),
        counted=lambda role: (
            Membership.objects.filter(role=role)
            .values_list("role")
            .annotate(number=Count("pk"))
            .values_list("number", flat=True)
        ),
        length=1,
    )
    _spoc, first, second = memberships
    for number, shown in ((2, first), (1, second), (2, first)):
        with django_assert_num_queries(2):
            page = with_role.page(number, role=Role.SRO)
            assert (list(page), page.paginator.num_pages) == ([shown], 2)
    assert list(with_role.page(1, role=Role.SPOC)) == [memberships[0]]
    empty = with_role.page(1, role=Role.VIEWER)
    assert (list(empty), empty.paginator.num_pages) == ([], 1)


@pytest.mark.django_db(transaction=True)
def test_threads_use_connections_of_their_own() -> None:
    named = Prepared(lambda slug: Organisation.objects.filter(slug=slug))
    slugs = [OrganisationFactory().slug for _ in range(4)]
    found: dict[str, list[Any]] = {}

    def ask(slug: str) -> None:
        try:
            found[slug] = [named(slug=slug)[0].slug for _ in range(20)]
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=(slug,)) for slug in slugs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {slug: [slug] * 20 for slug in slugs}
