"""Pages of a system's cameras: the list, narrowed and paged, and the import that is looked at first and done once."""

import time
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from compliance.models import Camera, CameraSystem, ImportRun
from compliance.views import camera_list as views
from tests.compliance.test_import_cameras import DATA, GOOD, HEADER
from tests.factories.accounts import member
from tests.factories.compliance import CameraFactory, CameraSystemFactory

pytestmark = pytest.mark.django_db


def url(name: str, system: CameraSystem) -> str:
    return reverse(f"compliance:{name}", args=[system.operator.slug, system.reference])


@pytest.mark.parametrize("rows", [1, 3])
def test_list_shows_the_systems_own_cameras_at_constant_cost(client, django_assert_num_queries, rows):
    system = CameraSystemFactory()
    own = [CameraFactory(system=system, operator_ref=f"A{n}") for n in range(rows)]
    CameraFactory(operator_ref="elsewhere")
    CameraFactory(system=CameraSystemFactory(operator=system.operator), operator_ref="other system")
    client.force_login(member(system.operator, Role.VIEWER))
    with django_assert_num_queries(8):
        page = client.get(url("cameras", system))
    assert [row["number"] for row in page.context["rows"]] == [camera.operator_ref for camera in own]
    assert b"Import a list" not in page.content


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["A1", "A2", "A3"]),
        ({"text": "mill"}, ["A2"]),
        ({"text": "a3"}, ["A3"]),
        ({"text": "%"}, []),
        ({"status": "faulty"}, ["A2"]),
        ({"camera_type": "ptz"}, ["A3"]),
        ({"ward": "North"}, ["A1", "A2"]),
        ({"ward": "North", "status": "faulty", "text": "Mill", "page": "7"}, ["A2"]),
    ],
)
def test_list_is_narrowed(client, query, found):
    system = CameraSystemFactory()
    CameraFactory(system=system, operator_ref="A1", ward="North", location="High Street")
    CameraFactory(system=system, operator_ref="A2", ward="North", location="Mill Lane", status="faulty")
    CameraFactory(system=system, operator_ref="A3", ward="South", location="High Street", camera_type="ptz")
    client.force_login(member(system.operator, Role.VIEWER))
    assert [row["number"] for row in client.get(url("cameras", system), query).context["rows"]] == found


@pytest.mark.parametrize("query", [{"status": "flying"}, {"ward": "Nowhere"}, {"text": "x" * 101}, {"text": "a\x00b"}])
def test_a_forged_filter_is_refused(client, query):
    system = CameraFactory().system
    client.force_login(member(system.operator, Role.VIEWER))
    page = client.get(url("cameras", system), query)
    assert (page.status_code, page.context["rows"]) == (422, [])


def test_types_are_a_column_once_one_is_known(client):
    system = CameraFactory(camera_type="unknown", latitude=None, longitude=None).system
    client.force_login(member(system.operator, Role.VIEWER))
    body = client.get(url("cameras", system)).content.decode()
    assert ('data-label="Type"' in body, body.count(">Type</th>"), "(no coordinates)" in body) == (False, 0, True)
    CameraFactory(system=system, camera_type="dome")
    body = client.get(url("cameras", system)).content.decode()
    assert (body.count('data-label="Type"'), body.count(">Type</th>")) == (2, 1)


def test_list_is_paged_and_keeps_what_was_asked_for(client):
    system = CameraSystemFactory()
    CameraFactory.create_batch(views.PAGE_SIZE + 1, system=system)
    client.force_login(member(system.operator, Role.VIEWER))
    page = client.get(url("cameras", system), {"ward": "Central", "page": "2"})
    assert (len(page.context["rows"]), "ward=Central&amp;page=1" in page.content.decode()) == (1, True)


class TestImport:
    @pytest.fixture
    def system(self, client: Client) -> Any:
        system = CameraSystemFactory()
        self.user = member(system.operator, Role.SCHEME_MANAGER)
        client.force_login(self.user)
        return system

    def upload(self, client: Client, system: CameraSystem, content: bytes, name: str = "list.csv") -> Any:
        return client.post(url("cameras_import", system), {"file": SimpleUploadedFile(name, content)})

    def list(self, name: str = "trafford_shape_20.csv") -> bytes:
        return (DATA / name).read_bytes()

    def test_upload_look_accept(self, client, system):
        sent = self.upload(client, system, self.list("trafford_shape_bad_rows.csv"))
        assert (sent.status_code, Camera.objects.count()) == (302, 0)
        look = client.get(sent.url)
        assert look.status_code == 200
        assert [figure["value"] for figure in look.context["figures"]] == [8, 6, 1, 1]
        body = look.content.decode()
        assert "Latitude and longitude are swapped. They are left out." in body
        assert ("Import 6 cameras" in body, "list.csv" in body, Camera.objects.count()) == (True, True, 0)
        done = client.post(sent.url, {"seen": look.context["seen"]}, follow=True)
        assert "6 cameras were imported." in done.content.decode()
        run = ImportRun.objects.get()
        assert (run.by, run.file_name, run.new, run.problems.count()) == (self.user, "list.csv", 6, 7)
        assert system.cameras.filter(status="operational").count() == 6

    def test_accepting_twice_is_accepting_once(self, client, system):
        address = self.upload(client, system, self.list()).url
        for _again in range(3):
            assert client.post(address, {"seen": "20-0-0"}).status_code == 302
        assert client.get(address).status_code == 302
        assert (Camera.objects.count(), ImportRun.objects.count()) == (20, 1)

    def test_two_looks_at_one_list_do_not_double_it(self, client, system):
        first, second = (self.upload(client, system, self.list()).url for _n in range(2))
        client.post(first, {"seen": "20-0-0"})
        late = client.post(second, {"seen": "20-0-0"})
        assert (late.status_code, "There is nothing to import" in late.content.decode()) == (409, True)
        assert (Camera.objects.count(), ImportRun.objects.count()) == (20, 1)

    @pytest.mark.parametrize("seen", ["", "19-0-0", "x"])
    def test_what_was_not_seen_is_not_imported(self, client, system, seen):
        address = self.upload(client, system, self.list()).url
        assert client.post(address, {"seen": seen}).status_code == 409
        assert Camera.objects.count() == 0

    def test_every_problem_is_shown_page_by_page(self, client, system):
        rows = "\n".join(f"{n},Street {n},,,," for n in range(250))
        address = self.upload(client, system, f"{HEADER}\n{rows}".encode()).url
        pages = [client.get(address, {"page": n}).context["page_obj"].object_list for n in (1, 2, 3)]
        assert [problem.row for page in pages for problem in page] == list(range(2, 252))

    def test_formulas_and_markup_are_shown_as_text(self, client, system):
        content = f'{HEADER}\n1,"=HYPERLINK(""http://evil.example"")<script>x</script>",,,-2.284777,53.464515'
        address = self.upload(client, system, content.encode()).url
        body = client.get(address).content.decode()
        assert ("<script>x" in body, "=HYPERLINK(&quot;" in body) == (False, True)
        client.post(address, {"seen": "1-0-0"})
        assert Camera.objects.get().location == '=HYPERLINK("http://evil.example")<script>x</script>'

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "The file is empty."),
            ((DATA / "not_a_csv.csv").read_bytes(), "The file is not a CSV in UTF-8."),
            (b"a,b,c\n1,2,3\n", "Its first line must name these columns"),
        ],
    )
    def test_what_is_no_list_is_refused_with_one_sentence(self, client, system, content, sentence):
        page = self.upload(client, system, content)
        assert (page.status_code, len(page.context["form"].errors), sentence in page.content.decode()) == (422, 1, True)

    def test_a_file_is_asked_for(self, client, system):
        page = client.post(url("cameras_import", system), {})
        assert (page.status_code, "Choose a file" in page.content.decode()) == (422, True)

    def test_a_path_as_name_is_only_a_name(self, client, system):
        address = self.upload(client, system, self.list(), name="../../etc/pass\x07wd.csv").url
        client.post(address, {"seen": "20-0-0"})
        assert ImportRun.objects.get().file_name == "passwd.csv"

    def test_a_look_is_for_one_person_and_one_system(self, client, system):
        address = self.upload(client, system, self.list()).url
        other = CameraSystemFactory(operator=system.operator)
        assert client.get(address.replace(system.reference, other.reference)).status_code == 404
        client.force_login(member(system.operator, Role.SPOC))
        assert client.get(address).status_code == 404
        assert client.post(address, {"seen": "20-0-0"}).status_code == 404
        assert Camera.objects.count() == 0

    @pytest.mark.parametrize("token", ["x", "WyJhIl0:1abcde:AAAA", "..", "a" * 2000])
    def test_a_forged_look_is_not_found(self, client, system, token):
        assert client.get(f"{url('cameras_import', system)}{token}/").status_code == 404

    def test_a_look_ends_after_two_hours(self, client, system, monkeypatch):
        with monkeypatch.context() as earlier:
            earlier.setattr(signing, "time", SimpleNamespace(time=lambda: time.time() - 2 * 3600 - 1))
            address = self.upload(client, system, self.list()).url
        page = client.post(address, {"seen": "20-0-0"})
        assert (page.status_code, "Upload it again" in page.content.decode()) == (422, True)
        assert Camera.objects.count() == 0

    def test_a_list_that_is_gone_is_asked_for_again(self, client, system, own_folders):
        address = self.upload(client, system, self.list()).url
        for path in (own_folders / "files" / "imports").iterdir():
            path.unlink()
        page = client.get(address)
        assert (page.status_code, "Upload it again" in page.content.decode()) == (422, True)

    def test_nothing_is_imported_into_a_closed_system(self, client, system):
        address = self.upload(client, system, self.list()).url
        CameraSystem.objects.filter(pk=system.pk).update(status="closed")
        assert client.get(url("cameras_import", system)).status_code == 409
        assert client.post(address, {"seen": "20-0-0"}).status_code == 409

    def test_a_colleague_without_the_role_may_not_accept(self, client, system):
        address = self.upload(client, system, self.list()).url
        self.user.memberships.update(role=Role.CONTRIBUTOR)
        assert client.post(address, {"seen": "20-0-0"}).status_code == 403

    @pytest.mark.parametrize("rows", [1, 3])
    def test_a_look_costs_the_same_for_any_list(self, client, system, django_assert_num_queries, rows):
        lines = "\n".join(GOOD.replace("1,", f"{n},", 1) for n in range(rows))
        address = self.upload(client, system, f"{HEADER}\n{lines}".encode()).url
        with django_assert_num_queries(8):
            assert client.get(address).status_code == 200
