"""A page that could not be built keeps the last good one, and those who publish and administer read so."""

import pytest
from django.urls import reverse

from core.jobs import Job
from tests.factories.accounts import SiteAdministratorFactory
from tests.factories.compliance import CameraFactory
from tests.factories.transparency import published, spoc_of, system_of
from transparency.models import BakedPage, Publication
from transparency.services.bake import PagesNotBuilt, bake_pages, folder_of
from transparency.services.publish import publish_system

pytestmark = pytest.mark.django_db


@pytest.fixture
def broken(settings, tmp_path):
    """A published system whose list of cameras was built once, and whose frozen text was spoilt afterwards."""
    settings.PUBLIC_ROOT = tmp_path
    system = system_of(published())
    CameraFactory(system=system, location="High Street", precision="street")
    publication = publish_system(system=system, by=None)
    address = f"{publication.path}cameras/"
    bake_pages([address])
    Publication.objects.filter(pk=publication.pk).update(content=publication.content[:-40])
    with pytest.raises(PagesNotBuilt):
        bake_pages([address])
    return publication, address


def test_the_last_good_page_stays(broken):
    _publication, address = broken
    assert "High Street" in (folder_of(address) / "index.html").read_text()
    assert "JSONDecodeError" in BakedPage.objects.get(path=address).error


def test_the_site_administrator_reads_why_and_has_it_built_again(client, broken):
    publication, address = broken
    client.force_login(SiteAdministratorFactory())
    page = client.get(reverse("built_pages:failed")).content.decode()
    assert address in page
    assert "JSONDecodeError" in page
    Job.objects.all().delete()
    assert client.post(reverse("built_pages:again")).status_code == 302
    assert Job.objects.get(kind="transparency.bake_pages").arguments == {"paths": [address, f"/cy{address}"]}
    Publication.objects.filter(pk=publication.pk).update(content=publication.content)
    bake_pages([address])
    assert "Every page could be built." in client.get(reverse("built_pages:failed")).content.decode()


def test_the_spoc_reads_which_pages_of_the_system_still_say_what_was_before(client, broken):
    publication, address = broken
    system = system_of(publication)
    Publication.objects.filter(pk=publication.pk).update(content=publication.content)
    client.force_login(spoc_of(system))
    own = reverse("publishing:system", args=[system.operator.slug, system.reference])
    page = client.get(own).content.decode()
    assert "These pages could not be built." in page
    assert f'href="{address}"' in page
    bake_pages([address])
    assert "These pages could not be built." not in client.get(own).content.decode()
