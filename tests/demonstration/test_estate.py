"""`seed_demo`: a made-up estate of any size, the same for the same seed, and only where no one else reads it."""

import json
import re

import pytest
from django.core.management import call_command
from django.db import transaction

from accounts.models import Organisation
from ccp_portal.demonstration import estate
from ccp_portal.demonstration.estate import Size, seed
from compliance.models import Camera, CameraSystem, ImportProblem
from core.errors import RuleBroken
from core.jobs import Job
from tests.factories.accounts import OrganisationFactory
from transparency.models import Publication

pytestmark = pytest.mark.django_db
SMALL = Size(authorities=2, cameras=60, seed=7)


@pytest.fixture(autouse=True)
def here_alone(settings):
    settings.PORTAL_ORIGIN = "http://127.0.0.1:8000"
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]


def frozen() -> list[str]:
    """What was published, without the references that every record gets anew."""
    contents = Publication.objects.order_by("path").values_list("content", flat=True)
    return [re.sub(r'"CS-[A-Z0-9]+"', '""', content) for content in contents]


def test_authorities_systems_and_cameras_are_made_and_published():
    made = seed(SMALL, say=lambda text: None)
    assert (made.made, made.authorities, made.systems, made.cameras) == (2, 2, 6, 60)
    authorities = Organisation.objects.filter(gss_code__startswith="X9007")
    assert list(authorities.values_list("is_demonstration", "kind")) == [(True, "principal_authority")] * 2
    assert Organisation.objects.filter(is_demonstration=False).count() == 0
    assert set(CameraSystem.objects.values_list("status", flat=True)) == {"active"}
    assert sum(each.summary["cameras_counted"] for each in Publication.objects.current()) == 60
    assert Camera.objects.filter(precision="exact", latitude__isnull=False).count() == 54
    assert Camera.objects.filter(precision="withheld").exclude(withheld_reason="").count() > 0
    assert ImportProblem.objects.count() == 0


def test_every_tenth_authority_is_in_wales_and_has_welsh():
    seed(Size(authorities=10, cameras=100, seed=1), say=lambda text: None)
    welsh = Organisation.objects.get(gss_code="X90010009")
    assert (welsh.nation, welsh.name_cy != "") == ("wales", True)
    assert Organisation.objects.filter(gss_code__startswith="X9001", nation="wales").count() == 1
    assert Publication.objects.get(organisation=welsh).facts()["texts"]["cy"]["description"].startswith("Camerâu")


def test_the_same_seed_makes_the_same_estate_and_another_seed_another():
    made = []
    for size in (SMALL, SMALL, Size(authorities=2, cameras=60, seed=8)):
        keep = transaction.savepoint()
        seed(size, say=lambda text: None)
        made.append(frozen())
        transaction.savepoint_rollback(keep)
    assert made[0] == made[1] != made[2]


def test_run_again_it_makes_what_is_missing_and_no_more():
    seed(Size(authorities=1, cameras=30, seed=7), say=lambda text: None)
    again = seed(SMALL, say=lambda text: None)
    assert (again.made, again.authorities) == (1, 2)
    before = (Publication.objects.count(), Job.objects.count())
    assert seed(SMALL, say=lambda text: None).made == 0
    assert (Publication.objects.count(), Job.objects.count()) == before


def test_each_page_is_promised_once_however_many_systems_were_published():
    seed(SMALL, say=lambda text: None)
    promised = [path for job in Job.objects.filter(kind="transparency.bake_pages") for path in job.arguments["paths"]]
    assert promised.count("/authorities/") == promised.count("/") == 1
    assert set(Publication.objects.values_list("path", flat=True)) <= set(promised)


@pytest.mark.parametrize(
    ("origin", "hosts"),
    [
        ("https://cctv.example.org", ["127.0.0.1"]),
        ("http://127.0.0.1:8000", ["127.0.0.1", "cctv.example.org"]),
        ("http://127.0.0.1:8000", ["*"]),
        ("http://192.0.2.1", ["192.0.2.1"]),
    ],
)
def test_it_is_refused_where_others_reach_the_portal_unless_it_is_being_debugged(settings, origin, hosts):
    settings.PORTAL_ORIGIN, settings.ALLOWED_HOSTS = origin, hosts
    with pytest.raises(RuleBroken, match="no made-up authorities are put into it"):
        seed(SMALL, say=lambda text: None)
    assert not Organisation.objects.exists()
    settings.DEBUG = True
    assert seed(Size(1, 1, 1), say=lambda text: None).cameras == 1


@pytest.mark.parametrize("size", [Size(0, 10, 1), Size(5, 4, 1), Size(2001, 9999, 1), Size(1, 1, 1000), Size(1, 1, -1)])
def test_sizes_that_cannot_be_are_refused(size):
    with pytest.raises(RuleBroken):
        seed(size, say=lambda text: None)


def test_one_seed_at_a_time():
    seed(Size(1, 1, 1), say=lambda text: None)
    with pytest.raises(RuleBroken, match="another seed"):
        seed(Size(1, 1, 2), say=lambda text: None)


def test_no_two_authorities_share_a_name_a_code_or_a_place():
    words = estate.data.read("estate.yaml")
    assert len({estate._name(words, number) for number in range(estate.MOST_AUTHORITIES)}) == estate.MOST_AUTHORITIES
    assert len({estate.code(1, number) for number in range(estate.MOST_AUTHORITIES)}) == estate.MOST_AUTHORITIES
    national = Size(authorities=400, cameras=1_000_000, seed=1)
    assert {len(national.shares(number)) for number in range(400)} == {10}
    assert sum(sum(national.shares(number)) for number in range(400)) == 1_000_000


def test_the_command_tells_as_json_and_leaves_real_ones_alone(capsys):
    real = OrganisationFactory()
    call_command("seed_demo", "--authorities", "1", "--cameras", "20", "--json")
    assert json.loads(capsys.readouterr().out) == {"made": 1, "authorities": 1, "systems": 2, "cameras": 20}
    assert not Organisation.objects.get(pk=real.pk).is_demonstration
