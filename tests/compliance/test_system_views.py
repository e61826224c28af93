"""Pages of camera systems: what is shown at which cost, who gets in, and what happens to what was typed."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from compliance.models import CameraSystem
from compliance.services.systems import update_system
from tests.factories.accounts import (
    CertificationBodyFactory,
    MembershipFactory,
    OrganisationFactory,
    SiteAdministratorFactory,
    member,
)
from tests.factories.compliance import AssessmentFactory, CameraFactory, CameraSystemFactory, EvidenceFactory

pytestmark = pytest.mark.django_db


def url(name: str, system: CameraSystem, *args: str) -> str:
    return reverse(f"compliance:{name}", args=[system.operator.slug, system.reference, *args])


def manager_of(client: Client, system: CameraSystem, role: Role = Role.SPOC) -> None:
    client.force_login(member(system.operator, role))


@pytest.mark.parametrize("rows", [1, 3])
def test_list_shows_own_systems_at_constant_cost(client, django_assert_num_queries, rows):
    operator = OrganisationFactory()
    own = [CameraSystemFactory(operator=operator, name=f"System {n}") for n in range(rows)]
    CameraFactory.create_batch(2, system=own[0])
    CameraSystemFactory(name="Another authority's")
    client.force_login(member(operator, Role.VIEWER))
    with django_assert_num_queries(7):
        page = client.get(reverse("compliance:systems", args=[operator.slug]))
    assert [row["name"] for row in page.context["rows"]] == [system.name for system in own]
    assert [row["cameras"] for row in page.context["rows"]] == [2] + [0] * (rows - 1)
    assert (b"Another authority" in page.content, b"Add a camera system" in page.content) == (False, False)


def test_list_is_paged(client):
    operator = OrganisationFactory()
    CameraSystemFactory.create_batch(21, operator=operator)
    client.force_login(member(operator, Role.SPOC))
    address = reverse("compliance:systems", args=[operator.slug])
    assert [len(client.get(address, {"page": n}).context["rows"]) for n in ("1", "2", "99", "x", "9" * 5000)] == [
        20,
        1,
        1,
        20,
        20,
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_system_page_at_constant_cost(client, django_assert_num_queries, rows):
    system = CameraSystemFactory(technologies=["cctv", "bwv", "anpr"][:rows])
    CameraFactory.create_batch(rows, system=system)
    EvidenceFactory.create_batch(rows, operator=system.operator, systems=[system])
    for n in range(rows):
        AssessmentFactory(system=system, status="draft" if n == 0 else "abandoned")
        system.changes.create(before="draft", after="active", by=member(system.operator, Role.SPOC))
    manager_of(client, system)
    with django_assert_num_queries(10):
        page = client.get(url("system", system))
    assert page.status_code == 200
    assert (page.context["cameras_in_use"], page.context["documents_count"]) == (rows, rows)
    assert (len(page.context["assessments"]), len(page.context["technologies"])) == (rows, rows)


PAGES = ["system", "cameras", "cameras_import", "system_activate"]


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_finds_nothing(client, name):
    system = CameraSystemFactory()
    client.force_login(MembershipFactory(role=Role.SPOC).user)
    assert client.get(url(name, system)).status_code == 404
    assert client.post(url(name, system)).status_code in {404, 405}


@pytest.mark.parametrize("name", PAGES)
def test_the_wrong_organisation_in_the_address_finds_nothing(client, name):
    system, membership = CameraSystemFactory(), MembershipFactory(role=Role.SPOC)
    MembershipFactory(user=membership.user, organisation=system.operator, role=Role.SPOC)
    client.force_login(membership.user)
    address = url(name, system).replace(system.operator.slug, membership.organisation.slug)
    assert client.get(address).status_code == 404
    assert client.get(url(name, system)).status_code == 200


def test_nobody_signed_in_is_sent_to_sign_in(client):
    page = client.get(url("system", CameraSystemFactory()))
    assert (page.status_code, page.url.startswith("/accounts/")) == (302, True)


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("system_edit", ["purpose"]),
        ("system_edit", ["facts"]),
        ("system_technology", ["cctv"]),
        ("system_activate", []),
        ("system_move", ["closing"]),
        ("cameras_import", []),
    ],
)
def test_a_colleague_without_the_role_is_refused(client, name, args):
    system = CameraSystemFactory()
    manager_of(client, system, Role.VIEWER)
    assert client.get(url("system", system)).status_code == 200
    assert client.get(url(name, system, *args)).status_code == 403
    assert client.post(url(name, system, *args)).status_code == 403


@pytest.mark.parametrize(
    "address", ["edit/everything/", "technologies/radar/", "technologies/bwv/", "state/deleted/", "edit/version/"]
)
def test_what_is_not_there_is_not_found(client, address):
    system = CameraSystemFactory()
    manager_of(client, system)
    assert client.get(f"{url('system', system)}{address}").status_code == 404


class TestNew:
    def address(self, operator: Any) -> str:
        return reverse("compliance:system_new", args=[operator.slug])

    def test_a_scheme_manager_adds_a_draft(self, client):
        operator = OrganisationFactory()
        client.force_login(member(operator, Role.SCHEME_MANAGER))
        page = client.post(
            self.address(operator), {"name": "Seafront", "name_cy": "", "technologies": ["cctv", "drone"]}
        )
        system = CameraSystem.objects.get()
        assert (page.status_code, page.url) == (302, system.get_absolute_url())
        assert (system.operator, system.status, system.technology_keys()) == (operator, "draft", {"cctv", "drone"})

    def test_a_contributor_may_not(self, client):
        operator = OrganisationFactory()
        client.force_login(member(operator, Role.CONTRIBUTOR))
        assert client.get(self.address(operator)).status_code == 403
        assert client.post(self.address(operator), {"name": "Seafront", "technologies": ["cctv"]}).status_code == 403
        assert CameraSystem.objects.count() == 0

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"technologies": ["cctv"]}, "Enter an answer: Name of the system"),
            ({"name": "Seafront"}, "Choose an answer: Which cameras does it consist of?"),
            ({"name": "Seafront", "technologies": ["radar"]}, "Choose one of the answers shown."),
            ({"name": "x" * 121, "technologies": ["cctv"]}, "Shorten this text to 120 characters: it has 121."),
            ({"name": "Sea\x07front", "technologies": ["cctv"]}, "The text has a character that cannot be shown"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_is_kept(self, client, values, sentence):
        operator = OrganisationFactory()
        client.force_login(member(operator, Role.SPOC))
        page = client.post(self.address(operator), values)
        assert page.status_code == 422
        assert sentence in page.content.decode()
        assert "There is a problem" in page.content.decode()
        assert page.context["form"]["name"].value() == values.get("name")
        assert CameraSystem.objects.count() == 0

    @pytest.mark.parametrize(("nation", "order"), [("england", ["name", "name_cy"]), ("wales", ["name_cy", "name"])])
    def test_in_wales_welsh_stands_first(self, client, nation, order):
        operator = OrganisationFactory(nation=nation)
        client.force_login(member(operator, Role.SPOC))
        assert list(client.get(self.address(operator)).context["form"].fields)[:2] == order


PURPOSE = {
    "name": "Town centre",
    "name_cy": "",
    "description": "Cameras in the town centre.",
    "description_cy": "",
    "purposes": ["asb"],
    "pressing_need": "",
    "pressing_need_cy": "",
    "legal_bases": ["public_task"],
    "retention_reason": "",
    "retention_reason_cy": "",
}


class TestEdit:
    def test_a_group_is_saved_and_counted(self, client):
        system = CameraSystemFactory()
        manager_of(client, system, Role.SCHEME_MANAGER)
        page = client.post(url("system_edit", system, "purpose"), {**PURPOSE, "version": 1})
        assert (page.status_code, page.url) == (302, system.get_absolute_url())
        system.refresh_from_db()
        assert (system.description, system.purposes, system.version) == ("Cameras in the town centre.", ["asb"], 2)
        assert system.sro_post == "Director of Communities"  # of another group: untouched

    @pytest.mark.parametrize("group", ["purpose", "running", "contacts", "facts"])
    def test_each_group_shows_what_stands_and_saves_it_unchanged(self, client, group):
        system = CameraSystemFactory(complete=True, networked=True)
        manager_of(client, system)
        form = client.get(url("system_edit", system, group)).context["form"]
        values = {name: form[name].value() for name in form.fields}
        sent = {name: value for name, value in values.items() if value not in (None, False)}
        assert client.post(url("system_edit", system, group), sent).status_code == 302
        system.refresh_from_db()
        assert system.version == 1

    def test_a_stale_save_is_a_conflict_that_keeps_what_was_typed(self, client):
        system = CameraSystemFactory()
        manager_of(client, system)
        update_system(system=system, version=1, changes={"description": "Theirs."}, by=None)
        page = client.post(url("system_edit", system, "purpose"), {**PURPOSE, "description": "Mine.", "version": 1})
        body = page.content.decode()
        assert (page.status_code, "Theirs." in body, ">\nMine.</textarea>" in body) == (409, True, True)
        assert page.context["form"]["version"].value() == "2"
        system.refresh_from_db()
        assert (system.description, system.version) == ("Theirs.", 2)
        again = client.post(url("system_edit", system, "purpose"), {**PURPOSE, "description": "Mine.", "version": 2})
        system.refresh_from_db()
        assert (again.status_code, system.description, system.version) == (302, "Mine.", 3)

    @pytest.mark.parametrize("group", ["running", "contacts", "facts"])
    def test_every_group_knows_conflicts(self, client, group):
        system = CameraSystemFactory()
        manager_of(client, system)
        update_system(system=system, version=1, changes={"joint": True, "spoc_post": "New post"}, by=None)
        values = {"version": 1, "technologies": ["cctv"], "sro_post": "Mine"}
        assert client.post(url("system_edit", system, group), values).status_code == 409

    @pytest.mark.parametrize("version", ["", "x", "0", "-1", "1.5", "99999999999999999999"])
    def test_a_forged_version_is_refused(self, client, version):
        system = CameraSystemFactory()
        manager_of(client, system)
        page = client.post(url("system_edit", system, "purpose"), {**PURPOSE, "version": version})
        assert (page.status_code, "This form is damaged" in page.content.decode()) == (422, True)

    def test_a_version_from_the_future_is_a_conflict(self, client):
        system = CameraSystemFactory()
        manager_of(client, system)
        page = client.post(url("system_edit", system, "purpose"), {**PURPOSE, "version": 7})
        assert page.status_code == 409

    @pytest.mark.parametrize(
        ("group", "values", "sentence"),
        [
            ("purpose", {**PURPOSE, "name": ""}, "Enter an answer: Name of the system"),
            ("purpose", {**PURPOSE, "purposes": ["world_peace"]}, "Choose one of the answers shown."),
            ("purpose", {**PURPOSE, "description": "x" * 4001}, "Shorten this text to 4000 characters: it has 4001."),
            ("running", {"records_audio": "on"}, "Say why sound is recorded."),
            ("running", {"monitored_by": "999999"}, "Choose one of the answers shown."),
            ("contacts", {"spoc_email": "nobody"}, "Enter an email address in the form name@example.org."),
            (
                "contacts",
                {"privacy_notice_url": "javascript:alert(1)"},
                "Enter a web address that begins with https://",
            ),
            ("contacts", {"complaints_url": "ftp://council.example"}, "Enter a web address that begins with https://"),
            ("facts", {"technologies": []}, "Choose an answer: Which cameras does the system consist of?"),
        ],
    )
    def test_what_is_wrong_is_said(self, client, group, values, sentence):
        system = CameraSystemFactory()
        manager_of(client, system)
        page = client.post(url("system_edit", system, group), {**values, "version": 1})
        assert (page.status_code, sentence in page.content.decode()) == (422, True)
        system.refresh_from_db()
        assert system.version == 1

    def test_an_active_system_keeps_its_purpose(self, client):
        system = CameraSystemFactory(status="active")
        manager_of(client, system)
        page = client.post(url("system_edit", system, "purpose"), {**PURPOSE, "purposes": [], "version": 1})
        assert (page.status_code, "Choose at least one purpose." in page.content.decode()) == (422, True)

    def test_one_main_system(self, client):
        main = CameraSystemFactory(is_main=True, name="Old main")
        system = CameraSystemFactory(operator=main.operator)
        manager_of(client, system)
        page = client.post(url("system_edit", system, "purpose"), {**PURPOSE, "is_main": "on", "version": 1})
        assert (page.status_code, "Another system is the main one already: Old main." in page.content.decode()) == (
            422,
            True,
        )

    def test_a_closed_system_is_not_changed(self, client):
        system = CameraSystemFactory(status="closed")
        manager_of(client, system)
        assert client.post(url("system_edit", system, "purpose"), {**PURPOSE, "version": 1}).status_code == 409
        assert "Change" not in client.get(url("system", system)).content.decode()

    def test_facts_and_technologies_together(self, client):
        system = CameraSystemFactory(technologies=["cctv", "bwv"])
        manager_of(client, system)
        values = {"version": 1, "technologies": ["cctv", "anpr"], "facts": ["reference_database", "joint"]}
        assert client.post(url("system_edit", system, "facts"), values).status_code == 302
        system = CameraSystem.objects.get(pk=system.pk)
        assert system.conditions() == {"cctv", "anpr", "reference_database", "joint"}
        assert system.technologies.get(technology="cctv").retention_days == 31  # kept

    def test_technology(self, client):
        system = CameraSystemFactory()
        manager_of(client, system)
        values = {
            "version": 1,
            "retention_days": "28",
            "fixed_count": "40",
            "ptz_count": "10",
            "redeployable_count": "6",
            "mobile_count": "0",
            "counted_on_day": "1",
            "counted_on_month": "4",
            "counted_on_year": "2026",
        }
        address = url("system_technology", system, "cctv")
        assert client.post(address, values).status_code == 302
        technology = system.technologies.get()
        assert (technology.retention_days, technology.total, str(technology.counted_on)) == (28, 56, "2026-04-01")
        assert client.post(address, values).status_code == 409
        future = {**values, "version": 2, "counted_on_year": "2999"}
        page = client.post(address, future)
        assert (page.status_code, "must be today or earlier" in page.content.decode()) == (422, True)
        undated = {name: value for name, value in future.items() if not name.startswith("counted_on")}
        page = client.post(address, undated)
        assert (page.status_code, "Say when the cameras were counted." in page.content.decode()) == (422, True)
        page = client.post(address, {**values, "version": 2, "fixed_count": "-1", "retention_days": "4000"})
        assert page.status_code == 422


class TestStates:
    def test_the_spoc_activates_a_complete_draft_once(self, client):
        system = CameraSystemFactory()
        manager_of(client, system)
        assert "Activate this system" in client.get(url("system", system)).content.decode()
        assert client.post(url("system_activate", system)).status_code == 302
        system.refresh_from_db()
        assert system.status == "active"
        assert client.post(url("system_activate", system)).status_code == 409

    def test_what_is_missing_is_listed(self, client):
        system = CameraSystemFactory(purposes=[], technologies=[])
        manager_of(client, system)
        page = client.get(url("system_activate", system))
        assert [str(p.text) for p in page.context["missing"]] == [
            "Choose at least one purpose.",
            "Say for at least one technology how long images are kept.",
        ]
        refused = client.post(url("system_activate", system))
        assert (refused.status_code, "Choose at least one purpose." in refused.content.decode()) == (422, True)

    def test_a_reason_is_asked_for(self, client):
        system = CameraSystemFactory(status="active")
        manager_of(client, system)
        assert client.post(url("system_move", system, "at-risk"), {"note": ""}).status_code == 422
        assert client.post(url("system_move", system, "at-risk"), {"note": "Funding ends."}).status_code == 302
        assert "Funding ends." in client.get(url("system", system)).content.decode()

    def test_the_sro_closes(self, client):
        system = CameraSystemFactory(status="closing")
        camera = CameraFactory(system=system)
        manager_of(client, system, Role.SRO)
        page = client.post(url("system_move", system, "closed"))
        assert (page.status_code, "Decommission them first" in page.content.decode()) == (422, True)
        type(camera).objects.filter(pk=camera.pk).update(status="decommissioned")
        assert client.post(url("system_move", system, "closed")).status_code == 302

    @pytest.mark.parametrize(
        ("status", "role", "offered"),
        [
            ("draft", Role.SPOC, ["activate"]),
            ("draft", Role.SCHEME_MANAGER, []),
            ("active", Role.SPOC, ["at-risk"]),
            ("active", Role.SRO, ["closing"]),
            ("at_risk_of_closure", Role.SPOC, ["activate"]),
            ("closing", Role.SRO, ["closed"]),
            ("closed", Role.SRO, []),
            ("active", Role.VIEWER, []),
        ],
    )
    def test_only_what_is_possible_is_offered(self, client, status, role, offered):
        system = CameraSystemFactory(status=status)
        manager_of(client, system, role)
        assert [move["key"] for move in client.get(url("system", system)).context["moves"]] == offered


def test_a_system_of_a_welsh_authority_shows_welsh_first(client):
    system = CameraSystemFactory(operator__nation="wales", name="Town", name_cy="Y dref")
    manager_of(client, system)
    rows = client.get(url("system", system)).context["groups"][0]["rows"]
    assert [(row["value"], row.get("lang")) for row in rows[:2]] == [("Y dref", "cy"), ("Town", None)]


def test_text_of_a_system_is_never_markup(client):
    system = CameraSystemFactory(name="<script>alert(1)</script>", description="<img src=x>")
    manager_of(client, system)
    body = client.get(url("system", system)).content.decode()
    assert ("<script>alert" in body, "<img src=x" in body) == (False, False)


@pytest.mark.parametrize(
    "page", ["systems", "system_new", "evidence_list", "assessments", "assessment_start", "actions"]
)
def test_a_body_that_runs_no_cameras_has_no_such_pages(client, page):
    body = CertificationBodyFactory()
    client.force_login(member(body, Role.BODY_MANAGER))
    assert client.get(reverse(f"compliance:{page}", args=[body.slug])).status_code == 404


@pytest.mark.parametrize("page", ["compliance:systems", "compliance:system_new", "compliance:evidence_list"])
def test_a_site_administrator_reads_nobodys_records(client, page):
    client.force_login(SiteAdministratorFactory())
    assert client.get(reverse(page, args=[OrganisationFactory().slug])).status_code == 404
