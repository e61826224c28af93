"""Where an application begins: from a system, from what was signed, from the page of the organisation."""

import pytest
from django.urls import reverse

from accounts.models import Role
from tests.factories.accounts import MembershipFactory, member
from tests.factories.certification import Parties, active_system, signed_assessment
from tests.factories.compliance import CameraSystemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def parties() -> Parties:
    return Parties.make()


def test_from_a_system_and_from_a_signature_with_the_systems_chosen(client, parties):
    systems = [active_system(parties.operator, name=name) for name in ("Alpha", "Beta")]
    signed = signed_assessment(*systems)
    client.force_login(parties.spoc)
    new = reverse("certification:application_new", args=[parties.operator.slug])
    (link,) = client.get(systems[0].get_absolute_url()).context["links"]
    assert link.url == f"{new}?system={systems[0].reference}"
    first = signed.assessments.order_by("pk").first()
    page = client.get(reverse("compliance:signed", args=[parties.operator.slug, first.reference]))
    (link,) = page.context["links"]
    form = client.get(link.url).context["form"]
    assert sorted(form["systems"].value()) == sorted(system.reference for system in systems)


def test_not_from_a_system_that_does_not_run_nor_for_who_may_not_apply(client, parties):
    client.force_login(parties.spoc)
    assert client.get(CameraSystemFactory(operator=parties.operator).get_absolute_url()).context["links"] == []
    client.force_login(member(parties.operator, Role.CONTRIBUTOR))
    assert client.get(active_system(parties.operator).get_absolute_url()).context["links"] == []


def test_the_page_of_the_organisation_leads_to_the_first_application_then_to_the_list(client, parties):
    client.force_login(parties.spoc)
    home = parties.operator.get_absolute_url()
    new = reverse("certification:application_new", args=[parties.operator.slug])
    assert f'href="{new}"' in client.get(home).content.decode()
    parties.draft()
    assert f'href="{new}"' not in client.get(home).content.decode()


def test_a_system_is_offered_with_its_technologies_and_full_certification_is_open(client, parties):
    active_system(parties.operator, name="Town")
    client.force_login(parties.spoc)
    form = client.get(reverse("certification:application_new", args=[parties.operator.slug])).context["form"]
    assert [label for _value, label in form.fields["systems"].choices] == ["Town (CCTV)"]
    assert [value for value, _label in form.fields["aim"].choices] == ["desktop", "full"]
    assert "scope_cy" not in form.fields


def test_in_wales_the_certificate_may_be_in_both_languages_and_then_needs_both_scopes(client):
    parties = Parties.make(nation="wales")
    system = active_system(parties.operator)
    signed_assessment(system)
    client.force_login(parties.spoc)
    new = reverse("certification:application_new", args=[parties.operator.slug])
    sent = {
        "offer": f"{parties.scheme.key}/{parties.body.slug}",
        "aim": "full",
        "systems": [system.reference],
        "scope": "Town centre",
        "is_bilingual": "on",
        "version": 0,
    }
    assert client.post(new, sent).status_code == 302
    application = parties.operator.applications.get()
    assert (application.aim, application.is_bilingual) == ("full", True)
    submit = reverse("certification:application_submit", args=[parties.operator.slug, application.reference])
    assert "The scope in Welsh is empty" in client.get(submit).content.decode()


def test_a_scheme_manager_drafts_and_does_not_submit(client, parties):
    application = parties.draft()
    manager = member(parties.operator, Role.SCHEME_MANAGER)
    MembershipFactory(user=manager, organisation=parties.body, role=Role.OBSERVER)
    client.force_login(type(manager).objects.get(pk=manager.pk))
    own = {
        name: reverse(f"certification:{name}", args=[parties.operator.slug, application.reference])
        for name in ("application_change", "application_documents", "application_submit", "application_withdraw")
    }
    assert [client.get(address).status_code for address in own.values()] == [200, 200, 403, 403]
    page = client.get(reverse("certification:application", args=[parties.operator.slug, application.reference]))
    assert [address in page.content.decode() for address in own.values()] == [True, True, False, False]
