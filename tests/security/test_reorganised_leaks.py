"""A reorganisation makes nothing public, hands no note to another side, and gives nobody more than they had."""

from pathlib import Path

import pytest
from django.test import Client

from accounts.models import Membership, Organisation, Role
from compliance.models import SystemGrant
from compliance.services import grants
from core import jobs
from core.dates import today
from slas.models import PrivateNote, Side
from slas.services import negotiation
from strategy.reorganisation_files import Plan, Successor
from strategy.services.reorganising import reorganise
from tests.factories.accounts import OrganisationFactory, PoliceForceFactory, member
from tests.factories.certification import active_system
from tests.factories.compliance import EvidenceFactory
from tests.factories.slas import negotiating
from tests.security.test_public_leaks import everything_public, is_told, plant_before_publishing, unpacked
from transparency.addresses import all_paths
from transparency.languages import both
from transparency.models import Publication

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def reorganised(kind: str, before: list[Organisation], *after: str, **more: object) -> None:
    successors = tuple(Successor(slug, name=f"{slug.title()} Council") for slug in after)
    reorganise(Plan(kind, today(), tuple(body.slug for body in before), successors, **{"systems": {}, **more}), None)
    jobs.drain()


def everything_told(settings, start: list[str]) -> dict[str, set[str]]:
    """What any public byte tells of what was planted: pages, what they link to, and the files on the disk."""
    told: dict[str, set[str]] = {}
    for address, content in everything_public(iter(start)):
        if found := set().union(*map(is_told, unpacked(address.split("?")[0], content))):
            told[address] = found
    for path in Path(settings.PUBLIC_ROOT).rglob("*"):
        if path.is_file() and (found := set().union(*map(is_told, unpacked(path.name, path.read_bytes())))):
            told[str(path)] = found
    return told


def test_nothing_private_is_public_after_two_councils_joined(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    plant_before_publishing()
    jobs.drain()
    east = Organisation.objects.get(pk=Publication.objects.of_systems().get().organisation_id)
    old = list(both(all_paths()))
    before = Publication.objects.current().count()
    reorganised("join", [east, OrganisationFactory()], "both")
    assert Publication.objects.current().count() == before
    new = list(both(all_paths()))
    assert any(path.startswith("/authorities/both/") for path in new)
    assert everything_told(settings, [*old, *new]) == {}


def test_private_notes_stay_with_their_side_and_with_their_agreement():
    force = PoliceForceFactory()
    county = OrganisationFactory()
    tables = {slug: negotiating(council=county, force=force) for slug in ("north", "south")}
    for slug, table in tables.items():
        for party, by in ((table.council, table.spoc), (table.force, table.police_spoc)):
            text = f"Zq{party.side}-{slug}"
            negotiation.write_note(agreement=table.again(), party=party, by=by, text=text)
    people = {slug: member(county, Role.SPOC) for slug in tables}
    both_sent = {person.email: (slug,) for slug, person in people.items()}
    records = {table.agreement.reference: slug for slug, table in tables.items()}
    reorganised("split", [county], "north", "south", people=both_sent, records=records, rest="south")
    for slug, table in tables.items():
        notes = PrivateNote.objects.filter(agreement=table.agreement)
        assert set(notes.of_side(Side.COUNCILS).values_list("organisation__slug", flat=True)) == {slug}
        assert set(notes.of_side(Side.POLICE).values_list("organisation", flat=True)) == {force.pk}
    for slug, person in people.items():
        client = Client()
        client.force_login(person)
        for other, table in tables.items():
            seen = ""
            for page in ("", "clauses/"):
                answer = client.get(f"/workspace/{slug}/agreements/{table.agreement.reference}/{page}")
                assert answer.status_code == (200 if other == slug else 404), (slug, other, page)
                seen += answer.content.decode()
            assert "Zqpolice" not in seen
            assert f"Zqcouncils-{'south' if slug == 'north' else 'north'}" not in seen


def test_nobody_has_a_role_that_they_had_not():
    east, west = OrganisationFactory.create_batch(2)
    people = [member(body, role) for body in (east, west) for role in (Role.SPOC, Role.VIEWER, Role.CONTRIBUTOR)]
    ended = Membership.objects.get(user=people[1])
    Membership.objects.filter(pk=ended.pk).update(starts_on="2020-01-01", ends_on="2021-01-01")
    before = set(Membership.objects.exclude(pk=ended.pk).values_list("user", "role"))
    reorganised("join", [east, west], "both")
    after = Membership.objects.filter(organisation__slug="both").values_list("user", "role")
    assert set(after) == before
    current = Membership.objects.not_over(today())
    assert set(current.values_list("organisation__slug", flat=True)) == {"both"}


def test_who_was_let_in_to_one_system_reads_that_one_alone():
    east, west = OrganisationFactory.create_batch(2)
    own, other = active_system(east), active_system(west)
    EvidenceFactory(operator=west, systems=[other])
    offer = grants.give_grant(
        system=own,
        kind=SystemGrant.Kind.values[0],
        email="engineer@firm.example",
        company="Firm",
        by=member(east, Role.SPOC),
    )
    reorganised("join", [east, west], "both")
    assert [(grant.pk, grant.system_id) for grant in SystemGrant.objects.all()] == [(offer.pk, own.pk)]


def test_people_of_a_council_do_not_reach_what_a_third_one_has():
    east, west, far = OrganisationFactory.create_batch(3)
    theirs = active_system(far)
    person = member(east, Role.SPOC)
    reorganised("join", [east, west], "both")
    client = Client()
    client.force_login(person)
    for slug in ("both", far.slug, east.slug):
        assert client.get(f"/workspace/{slug}/systems/{theirs.reference}/", follow=True).status_code == 404
