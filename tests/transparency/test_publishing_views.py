"""Publishing in the workspace: who sees what, refusals, preview, and how the building stands."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from compliance.models import CameraSystem
from core import registry
from core.dates import add_months, today
from tests.factories.accounts import CertificationBodyFactory, OrganisationFactory, UserFactory, member
from tests.factories.certification import CertificateFactory, active_system
from tests.factories.transparency import WELSH_TEXTS, cameras_of_every_precision, published, spoc_of, system_of
from tests.transparency.test_pages import text_of
from transparency.models import BakedPage, Publication
from transparency.services.bake import bake_pages
from transparency.services.publish import publish_system, withdraw_publication

pytestmark = pytest.mark.django_db


def address(name: str, system: CameraSystem, *args: str) -> str:
    return reverse(f"publishing:{name}", args=[system.operator.slug, system.reference, *args])


def told(answer) -> str:
    return text_of(answer.content.decode())


@pytest.fixture
def system() -> CameraSystem:
    return active_system(OrganisationFactory(slug="anytown"), name="Town centre", slug="town-centre")


@pytest.fixture
def spoc(client, system):
    user = spoc_of(system)
    client.force_login(user)
    return user


def test_strangers_find_nothing_and_colleagues_may_not(client, system):
    publish_system(system=system, by=None)
    stranger, viewer = member(OrganisationFactory(), Role.SPOC), member(system.operator, Role.VIEWER)
    pages = [address("system", system), address("preview", system, "en")]
    acts = [address("publish", system), address("withdraw", system)]
    client.force_login(stranger)
    assert [client.get(page).status_code for page in (*pages, *acts)] == [404] * 4
    client.force_login(viewer)
    assert [client.get(page).status_code for page in (*pages, *acts)] == [200, 200, 403, 403]
    assert [client.post(act, {"reason": "x"}).status_code for act in acts] == [403, 403]
    assert "The single point of contact publishes and withdraws." in told(client.get(pages[0]))
    client.logout()
    assert client.get(pages[0]).status_code == 302


def test_a_system_of_another_operator_is_not_at_this_address(client, spoc):
    other = active_system(OrganisationFactory())
    assert client.get(f"/workspace/anytown/publications/{other.reference}/").status_code == 404


def test_organisations_without_cameras_have_no_publications(client):
    body = CertificationBodyFactory()
    manager = member(body, Role.BODY_MANAGER)
    client.force_login(manager)
    assert client.get(f"/workspace/{body.slug}/publications/").status_code == 404
    shown = [section.url_name for section in registry.sections if section.shown(manager, body)]
    assert "publishing:publications" not in shown


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_systems(client, spoc, system, django_assert_num_queries, rows):
    for _ in range(rows - 1):
        publish_system(system=active_system(system.operator), by=None)
    publish_system(system=system, by=None)
    client.get("/workspace/anytown/publications/")
    with django_assert_num_queries(8):
        answer = client.get("/workspace/anytown/publications/")
    assert told(answer).count("Published") == rows


def test_the_list_says_how_each_stands(client, spoc, system):
    withdraw_publication(publication=published(operator=system.operator, name="Depots"), by=None, reason="x")
    old = published(operator=system.operator, name="Car parks")
    Publication.objects.filter(pk=old.pk).update(published_at=timezone.now() - dt.timedelta(days=400))
    active = told(client.get("/workspace/anytown/publications/"))
    assert re.search(r"Car parks Look at it again .* Depots Withdrawn .* Town centre Not published", active)


def test_publishing_from_the_page_to_the_public(client, spoc, system):
    assert "Before it can be published" not in told(client.get(address("publish", system)))
    answer = client.post(address("publish", system), follow=True)
    assert "Published. The public page is being built: version 1." in answer.content.decode()
    assert "waiting It will be built within a minute or two." in told(answer)
    assert Publication.objects.get().published_by == spoc
    bake_pages(["/authorities/anytown/town-centre/", "/cy/authorities/anytown/town-centre/"])
    page = told(client.get(address("system", system)))
    assert page.count("built Built on") == 2
    assert "The records say the same today." in page
    CertificateFactory(application__operator=system.operator, application__systems=[system])
    assert "The records say the same today." in told(client.get(address("system", system)))
    system.technologies.update(fixed_count=20)
    assert "The records have changed since." in told(client.get(address("system", system)))


def test_a_page_that_could_not_be_built_is_said_to_be(client, spoc, system):
    publication = publish_system(system=system, by=spoc)
    BakedPage.objects.create(path=publication.path, error="Traceback: SECRET")
    page = told(client.get(address("system", system)))
    assert "could not be built The page as it was before is still shown." in page
    assert "SECRET" not in page


def test_what_is_missing_stands_on_both_pages_with_the_place_to_mend_it(client, spoc, system):
    CameraSystem.objects.filter(pk=system.pk).update(spoc_email="", purposes=[])
    for page in (address("system", system), address("publish", system)):
        html = client.get(page).content.decode()
        assert "Before it can be published" in html
        assert f'href="/workspace/anytown/systems/{system.reference}/edit/contacts/"' in html
    answer = client.post(address("publish", system))
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert not Publication.objects.exists()


def test_what_readers_would_miss_is_shown_when_nothing_hinders(client, spoc, system):
    CameraSystem.objects.filter(pk=system.pk).update(description="")
    page = told(client.get(address("system", system)))
    assert "It can be published. Readers would still miss this: Description . Two sentences tell" in page


def test_missing_welsh_is_asked_about_in_wales_only(client):
    welsh = active_system(OrganisationFactory(slug="untref", nation="wales"))
    client.force_login(spoc_of(welsh))
    page = address("publish", welsh)
    assert "Why is the Welsh missing?" in told(client.get(page))
    answer = client.post(page, {"welsh_missing_reason": " "})
    assert (answer.status_code, Publication.objects.count()) == (422, 0)
    assert "Write this in Welsh too" in answer.content.decode()
    assert client.post(page, {"welsh_missing_reason": "x" * 251}).status_code == 422
    assert client.post(page, {"welsh_missing_reason": "Being translated."}).status_code == 302
    assert Publication.objects.get().welsh_missing_reason == "Being translated."
    whole = active_system(welsh.operator, **WELSH_TEXTS)
    assert "Why is the Welsh missing?" not in told(client.get(address("publish", whole)))


@pytest.mark.parametrize(("language", "lang"), [("en", "en-gb"), ("cy", "cy")])
def test_the_preview_is_the_public_page_of_the_records_now(client, spoc, system, language, lang):
    cameras_of_every_precision(system)
    answer = client.get(address("preview", system, language))
    html = answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert f'<html lang="{lang}"' in html
    assert "Preview: this is not published." in html or lang == "cy"
    assert "SECRET" not in html
    assert "Exact Lane" in html
    assert not Publication.objects.exists()
    assert client.get(address("preview", system, "fr")).status_code == 404


def test_a_preview_of_what_cannot_be_published_yet_is_no_fault(client, spoc, system):
    system.technologies.update(retention_days=None, counted_on=None)
    assert "not stated" in told(client.get(address("preview", system, "en")))
    system.technologies.all().delete()
    CameraSystem.objects.filter(pk=system.pk).update(purposes=[], description="", spoc_post="", spoc_email="")
    assert client.get(address("preview", system, "en")).status_code == 200


def test_withdrawing_needs_a_reason_and_shows_it(client, spoc, system):
    assert client.get(address("withdraw", system)).status_code == 404
    publish_system(system=system, by=spoc)
    page = address("withdraw", system)
    answer = client.post(page, {"reason": ""})
    assert (answer.status_code, Publication.objects.current().count()) == (422, 1)
    assert client.post(page, {"reason": "x" * 501}).status_code == 422
    answer = client.post(page, {"reason": "The cameras were taken down."}, follow=True)
    assert "The public reads this reason: The cameras were taken down." in told(answer)
    assert "The page is withdrawn already." in told(client.get(page))
    assert client.post(page, {"reason": "Again."}).status_code == 409


def waits_for(user) -> list[tuple[str, str]]:
    items = [item for plug in registry.waiting for item in plug(user)]
    return [(str(item.label), item.url) for item in items if "/publications/" in item.url]


def test_the_spoc_is_told_of_what_was_never_published_and_of_what_is_a_year_old(system):
    published(operator=system.operator)
    old = published(operator=system.operator, name="Car parks")
    year_ago = timezone.now() - (today() - add_months(today(), -12))
    Publication.objects.filter(pk=old.pk).update(published_at=year_ago)
    withdraw_publication(publication=published(operator=system.operator), by=None, reason="x")
    assert waits_for(spoc_of(system)) == [
        ("See whether the public page still says what is so: Car parks", address("system", system_of(old))),
        ("Publish the page of a camera system: Town centre", address("system", system)),
    ]
    for role in (Role.SCHEME_MANAGER, Role.VIEWER, Role.SRO):
        assert waits_for(member(system.operator, role)) == []
    assert waits_for(UserFactory()) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_what_waits_costs_four_queries_for_any_number(django_assert_num_queries, rows):
    system = active_system(OrganisationFactory())
    for _ in range(rows - 1):
        active_system(system.operator)
    user = spoc_of(system)
    assert user.memberships_now
    from transparency.sockets import publications_waiting

    with django_assert_num_queries(4):
        assert len(list(publications_waiting(user))) == rows


def test_the_panel_counts_public_pages(system):
    publish_system(system=system, by=None)
    from transparency.sockets import publications_panel

    (panel,) = publications_panel(None, system.operator)
    assert panel["figures"] == [{"label": "public pages of camera systems", "value": 1}]
    assert list(publications_panel(None, CertificationBodyFactory())) == []
