"""Baked pages: built whole, only when their bytes change, and never lost to a fault."""

import gzip
import json
import threading

import brotli
import pytest
from django.core.management import call_command
from django.utils import timezone

from compliance.models import CameraSystem
from core import jobs
from core.jobs import Job
from tests.factories.accounts import OrganisationFactory, PoliceForceFactory
from tests.factories.certification import CertificateFactory
from tests.factories.compliance import CameraFactory
from tests.factories.transparency import published, system_of
from transparency import pages
from transparency.addresses import all_paths
from transparency.models import BakedPage
from transparency.pages.registry import BUILDERS, Page
from transparency.services import bake
from transparency.services.bake import PagesNotBuilt, bake_page, bake_pages, folder_of, promise_pages
from transparency.services.dependants import of_publication
from transparency.services.publish import publish_system, withdraw_publication

pytestmark = pytest.mark.django_db


def files_of(address: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder_of(address).iterdir() if path.is_file()}


@pytest.fixture
def broken_about():
    """The page about the portal cannot be built while this lasts."""
    whole = BUILDERS["about"]
    BUILDERS["about"] = lambda: Page("transparency/there_is_no_such_template.html")
    yield lambda: BUILDERS.__setitem__("about", whole)
    BUILDERS["about"] = whole


def test_a_page_lies_beside_its_compressed_copies():
    assert bake_page("/cy/about/")
    files = files_of("/cy/about/")
    assert set(files) == {"index.html", "index.html.br", "index.html.gz"}
    assert gzip.decompress(files["index.html.gz"]) == brotli.decompress(files["index.html.br"]) == files["index.html"]
    assert b'<html lang="cy"' in files["index.html"]
    row = BakedPage.objects.get(path="/cy/about/")
    assert (len(row.sha256), row.error) == (64, "")


def test_files_change_only_when_their_bytes_do():
    publication = published()
    assert bake_pages([publication.path]) == 1
    before = {path: path.stat().st_mtime_ns for path in folder_of(publication.path).iterdir()}
    built = BakedPage.objects.get(path=publication.path).built_at
    assert bake_pages([publication.path]) == 0
    assert {path: path.stat().st_mtime_ns for path in folder_of(publication.path).iterdir()} == before
    assert BakedPage.objects.get(path=publication.path).built_at > built
    CameraSystem.objects.update(areas_covered="Mill Lane")
    publish_system(system=system_of(publication), by=None)
    assert bake_pages([publication.path]) == 1


def test_two_versions_of_one_second_have_different_dates():
    folder = folder_of("/about/")
    bake._write(folder, b"version 1")
    seconds = [int(folder.joinpath("index.html").stat().st_mtime)]
    for version in (b"version 2", b"version 3"):
        bake._write(folder, version)
        seconds.append(int(folder.joinpath("index.html").stat().st_mtime))
    assert seconds == sorted(set(seconds))


@pytest.mark.parametrize("lost", ["index.html", "index.html.br", "index.html.gz"])
def test_a_lost_or_damaged_file_is_made_again(lost):
    bake_page("/about/")
    whole = files_of("/about/")
    (folder_of("/about/") / lost).unlink()
    assert bake_page("/about/")
    (folder_of("/about/") / "index.html").write_bytes(b"half of i")
    assert bake_page("/about/")
    assert files_of("/about/") == whole


def test_what_a_dead_worker_left_behind_is_written_over():
    folder = folder_of("/about/")
    folder.mkdir(parents=True)
    (folder / ".draft-index.html").write_bytes(b"half")
    bake_page("/about/")
    assert set(files_of("/about/")) == {"index.html", "index.html.br", "index.html.gz"}


def test_a_page_that_cannot_be_built_keeps_the_last_good_one_and_the_others_are_built(broken_about):
    broken_about()
    bake_page("/about/")
    good = files_of("/about/")
    BUILDERS["about"] = lambda: Page("transparency/there_is_no_such_template.html")
    with pytest.raises(PagesNotBuilt):
        bake_pages(["/about/", "/cookies/"])
    assert files_of("/about/") == good
    assert "TemplateDoesNotExist" in BakedPage.objects.get(path="/about/").error
    assert BakedPage.objects.get(path="/cookies/").error == ""
    broken_about()
    bake_pages(["/about/"])
    assert BakedPage.objects.get(path="/about/").error == ""


def test_a_job_with_a_page_that_cannot_be_built_tries_again(broken_about):
    (job,) = promise_pages(["/about/"])
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.finished_at is None
    assert job.due_at > timezone.now()
    assert "PagesNotBuilt" in job.error


def test_readers_never_see_half_a_page():
    """While a page is rebuilt over and over, whoever opens a file finds one of the two whole texts."""
    folder = folder_of("/about/")
    bodies = [b"a" * 300_000, b"b" * 300_000]
    folder.mkdir(parents=True)
    bake._write(folder, bodies[0])
    stop, seen = threading.Event(), set()

    def read() -> None:
        while not stop.is_set():
            seen.add((folder / "index.html").read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(20):
        bake._replace(folder / "index.html", bodies[turn % 2])
    stop.set()
    reader.join()
    assert seen <= set(bodies)


def test_a_page_that_ceased_to_be_goes_with_its_row():
    publication = published()
    system = system_of(publication)
    CameraFactory.create_batch(101, system=system)
    system.technologies.update(fixed_count=200)
    publication = publish_system(system=system, by=None)
    bake_pages(of_publication(publication))
    second = f"{publication.path}cameras/2/"
    assert (folder_of(second) / "index.html").is_file()
    system.cameras.all()[0].move_to("remove_recommended", by=None)
    system.cameras.filter(status="remove_recommended")[0].move_to("decommissioned", by=None)
    newer = publish_system(system=system, by=None)
    assert second in of_publication(newer, publication)
    bake_pages(of_publication(newer, publication))
    assert not (folder_of(second) / "index.html").exists()
    assert not BakedPage.objects.filter(path=second).exists()


@pytest.mark.parametrize("address", ["/../etc/", "about/", "/about", "/a.b/", "/A/", "//x/", "/%2e%2e/", "/a\\b/", ""])
def test_no_file_is_made_outside_the_public_folder(address):
    with pytest.raises(ValueError, match="is no address of a baked page"):
        folder_of(address)


def test_every_address_that_should_be_there_can_be_built():
    force = PoliceForceFactory()
    published(operator=force)
    gone = published()
    withdraw_publication(publication=gone, by=None, reason="Gone.")
    OrganisationFactory.create_batch(2)
    paths = all_paths()
    assert len(paths) == len(set(paths)) == 10 + 3 + 1 + 2 * 2  # a page has its history beside it
    for path in paths:
        for address in (path, f"/cy{path}"):
            assert pages.build(address), address


def test_other_addresses_are_no_pages():
    OrganisationFactory(slug="body", kind="certification_body")
    OrganisationFactory(slug="force", kind="police_force")
    addresses = [
        "/authorities/body/",
        "/authorities/force/",
        "/authorities/nobody/",
        "/authorities/a/b/",
        "/workspace/",
    ]
    addresses += ["/certificates/", "/verify/", "/nothing/", "/en/about/"]
    assert [address for address in addresses if pages.build(address) is not None] == []


def test_a_changed_certificate_rebuilds_the_pages_that_name_it():
    publication = published()
    system = system_of(publication)
    certificate = CertificateFactory(application__operator=system.operator, application__systems=[system])
    Job.objects.all().delete()
    from certification.signals import certificate_changed

    certificate_changed.send(sender=type(certificate), certificate=certificate)
    (job,) = Job.objects.filter(kind="transparency.bake_pages")
    wanted = [publication.path, f"/authorities/{system.operator.slug}/", "/authorities/", "/"]
    assert job.arguments["paths"] == [prefix + path for path in wanted for prefix in ("", "/cy")]
    bake_pages(job.arguments["paths"])
    for address in (publication.path, f"/authorities/{system.operator.slug}/"):
        assert certificate.reference in files_of(address)["index.html"].decode()


def test_the_work_is_promised_in_handfuls():
    assert [len(job.arguments["paths"]) for job in promise_pages(f"/authorities/a{n}/" for n in range(45))] == [
        40,
        40,
        10,
    ]


def ask(capsys, *arguments: str) -> tuple[int, str, str]:
    code = 0
    try:
        call_command("publish", *arguments)
    except SystemExit as end:
        code = int(end.code or 0)
    told = capsys.readouterr()
    return code, told.out, told.err


def test_the_command_queues_all_pages_or_those_of_one_authority(capsys):
    publication = published(operator=OrganisationFactory(gss_code="E07000123", former_gss_codes=["E07000001"]))
    Job.objects.all().delete()
    assert ask(capsys, "--json") == (0, json.dumps({"pages": 26, "jobs": 1}) + "\n", "")
    assert ask(capsys, "--all") == (0, "26 pages queued in 1 job\n", "")
    for code in ("E07000123", "e07000001"):
        Job.objects.all().delete()
        assert ask(capsys, "--authority", code, "--json")[1] == json.dumps({"pages": 10, "jobs": 1}) + "\n"
        baking, refreshing = Job.objects.order_by("kind")
        assert publication.path in baking.arguments["paths"]
        assert refreshing.arguments == {"things": [["system", publication.subject_reference]]}
    code, out, err = ask(capsys, "--authority", "E00000000", "--json")
    sentence = "No authority with the GSS code E00000000 is known here."
    assert (code, json.loads(out), err) == (1, {"error": sentence, "problems": []}, sentence + "\n")
