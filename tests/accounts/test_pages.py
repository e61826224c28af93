"""Pages of the workspace: what waits, organisations, people; each at a constant cost, each refusing whom it must."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import resolve
from django.utils import timezone

from accounts.context import workspace
from accounts.models import Invitation, Membership, Organisation, Role, User
from accounts.waiting import waiting_at, waiting_for, waiting_rows
from core import registry
from core.dates import today
from core.models import TrailEntry
from core.registry import Socket, Waiting
from tests.factories.accounts import (
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    SiteAdministratorFactory,
    UserFactory,
    member,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def only_ours(monkeypatch: pytest.MonkeyPatch) -> Socket[Any]:
    """No app tells what waits but the test itself, and no app has a panel: the cost of these pages alone."""
    waiting: Socket[Any] = Socket()
    monkeypatch.setattr(registry, "waiting", waiting)
    monkeypatch.setattr(registry, "home_panels", Socket())
    return waiting


def things(organisation: Organisation, count: int) -> list[Waiting]:
    return [
        Waiting(f"Thing {n}", f"/workspace/{organisation.slug}/thing-{n}/", organisation.name, due=today() + n * DAY)
        for n in range(count)
    ]


# --- home ---


@pytest.mark.parametrize("rows", [1, 3])
def test_home_lists_what_waits_and_my_organisations(
    rows: int, client: Client, only_ours: Socket[Any], django_assert_num_queries: Any
) -> None:
    user = UserFactory()
    mine = [MembershipFactory(user=user).organisation for _ in range(rows)]
    OrganisationFactory()
    only_ours.plug(lambda user: [thing for organisation in mine for thing in things(organisation, 1)])
    client.force_login(user)
    with django_assert_num_queries(5):  # session, user, memberships, systems granted, unread
        page = client.get("/workspace/")
    assert [tile["title"] for tile in page.context["organisations"]] == sorted(o.name for o in mine)
    assert {tile["waits"] for tile in page.context["organisations"]} == {"1 thing waits for you"}
    assert len(page.context["waiting"]) == rows
    assert "/workspace/administration/" not in page.content.decode()


def test_what_is_due_first_stands_first_and_overdue_says_so() -> None:
    organisation = OrganisationFactory(slug="anytown", name="Anytown")
    since = timezone.now() - 3 * DAY
    items = [
        Waiting("No date", "/workspace/anytown/a/", "Anytown"),
        Waiting("Since", "/workspace/anytown/b/", "Anytown", since=since),
        Waiting("Later", "/workspace/anytown/c/", "Anytown", due=today() + DAY),
        Waiting("Overdue", "/workspace/anytown/d/", "Anytown", due=today() - DAY),
        Waiting("Elsewhere", "/workspace/anytown-2/e/", "Anytown 2", due=today()),
    ]
    plugged: Socket[Any] = Socket()
    plugged.plug(lambda user: items)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "waiting", plugged)
        found = waiting_for(UserFactory())
    assert [item.label for item in found] == ["Overdue", "Elsewhere", "Later", "Since", "No date"]
    here = waiting_at(found, organisation)
    assert [item.label for item in here] == ["Overdue", "Later", "Since", "No date"]
    assert [(row["due"], row["is_overdue"], row["since"]) for row in waiting_rows(here)] == [
        (today() - DAY, True, None),
        (today() + DAY, False, None),
        (None, False, since),
        (None, False, None),
    ]
    assert [row["organisation"] for row in waiting_rows(here[:1], with_organisation=False)] == [""]


def test_a_long_list_of_what_waits_is_paged(client: Client, only_ours: Socket[Any]) -> None:
    membership = MembershipFactory()
    only_ours.plug(lambda user: things(membership.organisation, 26))
    client.force_login(membership.user)
    assert len(client.get("/workspace/").context["waiting"]) == 25
    assert len(client.get("/workspace/?page=2").context["waiting"]) == 1
    page = client.get(membership.organisation.get_absolute_url())
    assert (len(page.context["waiting"]), page.context["more_waiting"]) == (25, 1)


def test_an_organisations_home_shows_panels_in_order(client: Client, only_ours: Socket[Any]) -> None:
    membership = MembershipFactory()
    registry.home_panels.plug(lambda user, organisation: [{"title": "Second", "order": 2}, {"title": "Third"}])
    registry.home_panels.plug(lambda user, organisation: [{"title": "First", "order": 1, "url": "/x/"}])
    client.force_login(membership.user)
    page = client.get(membership.organisation.get_absolute_url())
    assert [panel["title"] for panel in page.context["panels"]] == ["First", "Second", "Third"]


def test_sections_are_those_that_the_user_sees_and_mark_the_present_one(client: Client) -> None:
    organisation = OrganisationFactory(slug="anytown")
    for role, sees_trail in ((Role.SPOC, True), (Role.VIEWER, False)):
        client.force_login(member(organisation, role))
        sections = client.get("/workspace/anytown/people/").context["sections"]
        assert [s["url"] for s in sections if s["current"]] == ["/workspace/anytown/people/"]
        assert ("/workspace/anytown/trail/" in [s["url"] for s in sections]) is sees_trail


CAMERA = "systems/SYS-1/cameras/CM-1/"


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("", ""),
        ("systems/", "systems/"),
        ("systems/SYS-1/edit/", "systems/"),
        ("estate/", "systems/"),
        (CAMERA, "cameras/"),
        (f"{CAMERA}edit/place/", "cameras/"),
        (f"{CAMERA}proposal/edit/", "proposals/"),
        (f"{CAMERA}review/", "camera-reviews/"),
        ("annual-reviews/AR-1/", "camera-reviews/"),
        ("systems/SYS-1/statistics/years/2025/", "statistics/"),
        ("reports/", "reports/"),
        ("nowhere/", None),
    ],
)
def test_the_section_of_every_page_is_marked_and_its_own_page_as_such(path: str, section: str | None) -> None:
    organisation = OrganisationFactory(slug="anytown")
    request = RequestFactory().get(f"/workspace/anytown/{path}")
    request.user = member(organisation, Role.SPOC)
    request.resolver_match = resolve("/workspace/anytown/")
    marked = [found for found in workspace(request)["sections"] if found["current"]]
    expected = [] if section is None else [(f"/workspace/anytown/{section}", path == section)]
    assert [(found["url"], found["is_page"]) for found in marked] == expected


def test_sections_stand_in_groups_in_one_order(client: Client) -> None:
    client.force_login(member(OrganisationFactory(slug="anytown"), Role.SPOC))
    sections = client.get("/workspace/anytown/").context["sections"]
    assert list(dict.fromkeys(str(section["group"]) for section in sections)) == [
        "",
        "Systems and cameras",
        "Assessment and certification",
        "Figures and publication",
        "People and records",
    ]


def test_an_organisation_that_ended_says_so(client: Client) -> None:
    membership = MembershipFactory(organisation__ends_on=dt.date(2025, 3, 31))
    client.force_login(membership.user)
    page = client.get(membership.organisation.get_absolute_url())
    assert "This organisation ended on 31 March 2025" in page.content.decode()


def test_strangers_get_404_for_every_page_of_an_organisation(client: Client) -> None:
    spoc = MembershipFactory()
    viewer = MembershipFactory(organisation=spoc.organisation, role=Role.VIEWER)
    invitation = InvitationFactory(organisation=spoc.organisation)
    home = spoc.organisation.get_absolute_url()
    pages = [
        ("get", ""),
        ("get", "people/"),
        ("get", "people/invite/"),
        ("get", f"people/{viewer.reference}/role/"),
        ("get", f"people/{viewer.reference}/add/"),
        ("get", f"people/{viewer.reference}/end/"),
        ("post", f"people/invitations/{invitation.reference}/withdraw/"),
        ("post", f"people/invitations/{invitation.reference}/send-again/"),
        ("get", "trail/"),
    ]
    client.force_login(MembershipFactory().user)
    assert {getattr(client, method)(home + path).status_code for method, path in pages} == {404}
    client.force_login(viewer.user)
    refused = [getattr(client, method)(home + path).status_code for method, path in pages]
    assert refused == [200, 200, 403, 403, 403, 403, 403, 403, 403]


# --- people ---


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("role", "cost"), [(Role.SPOC, 8), (Role.VIEWER, 6)])
def test_people_are_listed_at_constant_cost(
    role: Role, cost: int, rows: int, client: Client, django_assert_num_queries: Any
) -> None:
    me = MembershipFactory(role=role, user__name="A")
    others = [MembershipFactory(organisation=me.organisation, role=Role.DPO, user__name=f"B{n}") for n in range(rows)]
    later = MembershipFactory(organisation=me.organisation, role=Role.SRO, starts_on=today() + DAY, user__name="C")
    MembershipFactory(organisation=me.organisation, role=Role.SRO, ends_on=today() - DAY)
    MembershipFactory()
    InvitationFactory.create_batch(rows, organisation=me.organisation)
    InvitationFactory(organisation=me.organisation, accepted_at=timezone.now())
    client.force_login(me.user)
    # session, user, memberships, count, members, (second steps, invitations,) unread
    with django_assert_num_queries(cost):
        page = client.get(f"/workspace/{me.organisation.slug}/people/")
    assert [row["membership"] for row in page.context["rows"]] == [me, *others, later]
    assert [row["may_change"] for row in page.context["rows"]] == [False, *[role == Role.SPOC] * (rows + 1)]
    assert len(page.context["invitations"]) == (rows if role == Role.SPOC else 0)


def test_inviting_from_the_page(client: Client) -> None:
    spoc: Any = MembershipFactory()
    client.force_login(spoc.user)
    url = f"/workspace/{spoc.organisation.slug}/people/invite/"
    assert client.post(url, {"email": "new@example.org", "role": Role.SRO}).status_code == 302
    assert Invitation.objects.get().invited_by == spoc.user
    for data in (
        {},
        {"email": "nobody", "role": Role.SRO},
        {"email": "new@example.org", "role": Role.SRO},
        {"email": "x@example.org", "role": Role.AUDITOR},
        {"email": "x@example.org", "role": "king"},
    ):
        assert client.post(url, data).status_code == 422
    assert Invitation.objects.count() == 1


def test_a_scheme_manager_is_offered_contributors_only(client: Client) -> None:
    manager = MembershipFactory(role=Role.SCHEME_MANAGER)
    client.force_login(manager.user)
    url = f"/workspace/{manager.organisation.slug}/people/invite/"
    choices = client.get(url).context["form"].fields["role"].choices
    assert [value for value, _label in choices] == ["contributor"]
    assert client.post(url, {"email": "x@example.org", "role": Role.SPOC}).status_code == 422
    assert client.post(url, {"email": "x@example.org", "role": Role.CONTRIBUTOR}).status_code == 302
    sro = InvitationFactory(organisation=manager.organisation, role=Role.SRO)
    withdraw = f"/workspace/{manager.organisation.slug}/people/invitations/{sro.reference}/withdraw/"
    assert client.post(withdraw).status_code == 403


def test_roles_are_changed_added_and_ended_from_the_page(client: Client) -> None:
    spoc = MembershipFactory()
    viewer = MembershipFactory(organisation=spoc.organisation, role=Role.VIEWER)
    client.force_login(spoc.user)
    base = f"/workspace/{spoc.organisation.slug}/people/{viewer.reference}"
    for page in ("role", "add", "end"):
        assert "There is a problem" not in client.get(f"{base}/{page}/").content.decode()
    assert client.post(f"{base}/role/", {"role": Role.VIEWER}).status_code == 422
    assert client.post(f"{base}/role/", {"role": Role.CONTRIBUTOR}).status_code == 302
    now = Membership.objects.current().get(user=viewer.user)
    assert now.role == "contributor"
    base = f"/workspace/{spoc.organisation.slug}/people/{now.reference}"
    day = {"starts_on_day": "1", "starts_on_month": "4", "starts_on_year": "2031"}
    wrong = {"ends_on_day": "31", "ends_on_month": "2", "ends_on_year": "2031"}
    assert client.post(f"{base}/add/", {"role": Role.SRO, **day, **wrong}).status_code == 422
    before = {"ends_on_day": "31", "ends_on_month": "3", "ends_on_year": "2031"}
    assert client.post(f"{base}/add/", {"role": Role.SRO, **day, **before}).status_code == 422
    assert client.post(f"{base}/add/", {"role": Role.SRO, **day}).status_code == 302
    past = {"last_day_day": "1", "last_day_month": "4", "last_day_year": "2020"}
    assert client.post(f"{base}/end/", past).status_code == 422
    assert client.post(f"{base}/end/", {}).status_code == 302
    assert not User.objects.get(pk=viewer.user_id).roles_at(spoc.organisation)


def test_a_membership_of_another_organisation_is_not_found_here(client: Client) -> None:
    spoc, other = MembershipFactory(), MembershipFactory()
    client.force_login(spoc.user)
    for reference in (other.reference, "M-FORGED1", "1"):
        url = f"/workspace/{spoc.organisation.slug}/people/{reference}/end/"
        assert client.post(url).status_code == 404
    foreign = InvitationFactory()
    assert (
        client.post(f"/workspace/{spoc.organisation.slug}/people/invitations/{foreign.reference}/withdraw/").status_code
        == 404
    )


def test_nobody_ends_their_own_role_or_that_of_the_last_manager(client: Client) -> None:
    spoc = MembershipFactory()
    deputy = MembershipFactory(organisation=spoc.organisation, ends_on=today() + 9 * DAY)
    base = f"/workspace/{spoc.organisation.slug}/people"
    client.force_login(spoc.user)
    assert client.post(f"{base}/{spoc.reference}/end/").status_code == 403
    client.force_login(deputy.user)
    answer = client.post(f"{base}/{spoc.reference}/end/")
    assert answer.status_code == 422
    assert "Nobody else manages the members" in answer.content.decode()


# --- settings ---


def test_my_settings_are_mine(client: Client) -> None:
    user = UserFactory()
    client.force_login(user)
    assert client.post("/workspace/settings/", {"name": "", "language": "cy"}).status_code == 422
    assert client.post("/workspace/settings/", {"name": "x" * 121, "language": "cy"}).status_code == 422
    assert client.post("/workspace/settings/", {"name": "Tom\u202e", "language": "cy"}).status_code == 422
    assert client.post("/workspace/settings/", {"name": "Tom", "language": "xx"}).status_code == 422
    assert client.post("/workspace/settings/", {"name": "Tom", "language": "cy"}).status_code == 302
    user.refresh_from_db()
    assert (user.name, user.language) == ("Tom", "cy")


# --- administration ---


@pytest.mark.parametrize("rows", [1, 3])
def test_organisations_are_searched_at_constant_cost(rows: int, client: Client, django_assert_num_queries: Any) -> None:
    found = [OrganisationFactory(name=f"Anytown {n}", name_cy="Rhywle") for n in range(rows)]
    for organisation in found:
        spoc = MembershipFactory(organisation=organisation)
        MembershipFactory(organisation=organisation, user=spoc.user, role=Role.SRO)
        MembershipFactory(organisation=organisation, role=Role.SRO, ends_on=today() - DAY)
    OrganisationFactory(name="Elsewhere")
    client.force_login(SiteAdministratorFactory())
    with django_assert_num_queries(5):  # session, user, count, organisations, unread
        page = client.get("/workspace/administration/?q=anytown+rhyw")
    assert [(o, o.people_count) for o in page.context["page_obj"]] == [(o, 1) for o in found]


def test_search_reads_what_it_can(client: Client) -> None:
    organisation = OrganisationFactory(name="Anytown", gss_code="E99000001")
    client.force_login(SiteAdministratorFactory())
    for query, found in (
        ("q=e99000001", 1),
        ("kind=police_force", 0),
        ("kind=principal_authority", 1),
        ("kind=nonsense", 1),
        ("q=" + "x" * 200, 1),
        ("q=%25", 0),
        ("page=99999999999999999999", 1),
    ):
        assert client.get(f"/workspace/administration/?{query}").context["count"] == found, query
    assert organisation.get_absolute_url() in client.get("/workspace/administration/").content.decode()


def test_administration_is_for_site_administrators(client: Client) -> None:
    spoc = MembershipFactory()
    client.force_login(spoc.user)
    slug = spoc.organisation.slug
    for path in ("", "organisations/new/", f"organisations/{slug}/name/"):
        assert client.get(f"/workspace/administration/{path}").status_code == 403
        assert client.post(f"/workspace/administration/{path}").status_code in (403, 405)


def test_a_site_administrator_creates_an_organisation_and_invites_its_first_member(client: Client) -> None:
    client.force_login(SiteAdministratorFactory())
    new = "/workspace/administration/organisations/new/"
    for data in ({}, {"kind": "kingdom", "name": "X"}, {"kind": "police_force", "name": "X", "gss_code": "E1"}):
        assert client.post(new, data).status_code == 422
    answer = client.post(new, {"kind": "certification_body", "name": "Assure Ltd"})
    assert answer["Location"] == "/workspace/assure-ltd/people/invite/"
    assert client.post(answer["Location"], {"email": "m@example.org", "role": "body_manager"}).status_code == 302
    assert client.post(new, {"kind": "certification_body", "name": "assure ltd"}).status_code == 422
    assert Organisation.objects.count() == 1


def test_a_renamed_organisation_keeps_its_address_and_its_old_name(client: Client) -> None:
    names = {"name": "Anytown", "name_cy": "Rhywle", "official_name": "Anytown Council"}
    organisation = OrganisationFactory(slug="anytown", **names)
    client.force_login(SiteAdministratorFactory())
    url = "/workspace/administration/organisations/anytown/name/"
    until = {"until_day": "31", "until_month": "3", "until_year": "2026"}
    data = {**names, "name": "Greater Anytown", **until}
    assert client.post(url, data)["Location"] == "/workspace/anytown/"
    organisation.refresh_from_db()
    assert (organisation.name, organisation.slug) == ("Greater Anytown", "anytown")
    former = organisation.former_names.get()
    assert (former.name, former.name_cy, former.until) == ("Anytown", "Rhywle", dt.date(2026, 3, 31))
    assert TrailEntry.objects.get(verb="renamed").before["name"] == "Anytown"
    client.post(url, data)
    assert organisation.former_names.count() == 1
