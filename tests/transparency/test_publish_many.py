"""Publishing many systems at once writes the rows that publishing each by itself writes."""

from typing import Any

import pytest
from django.db import transaction

from core.errors import Incomplete
from core.jobs import Job
from core.trail import TrailEntry
from tests.factories.accounts import OrganisationFactory
from tests.factories.certification import active_system
from tests.factories.transparency import cameras_of_every_precision
from transparency.models import Publication
from transparency.services.publish import publish_system, publish_systems

pytestmark = pytest.mark.django_db
OF_EACH_BY_ITSELF = {"id", "reference", "published_at", "ended_at"}


def rows() -> list[dict[str, Any]]:
    found = Publication.objects.order_by("subject_reference", "version").values()
    return [{name: value for name, value in row.items() if name not in OF_EACH_BY_ITSELF} for row in found]


def told() -> list[Any]:
    return list(TrailEntry.objects.filter(verb="published").order_by("pk").values_list("before", "after"))


def promised(kind: str, name: str) -> list[Any]:
    return [each for job in Job.objects.filter(kind=kind) for each in job.arguments[name]]


@pytest.fixture
def systems():
    operators = [OrganisationFactory(), OrganisationFactory()]
    made = [active_system(operator) for operator in (operators[0], operators[0], operators[1])]
    for system in made:
        cameras_of_every_precision(system)
    publish_system(system=made[0], by=None)
    type(made[0]).objects.filter(pk=made[0].pk).update(areas_covered="Mill Lane")
    Job.objects.all().delete()
    return made


def test_the_rows_are_the_same_byte_for_byte_and_each_page_is_promised_once(systems):
    keep = transaction.savepoint()
    for system in systems:
        publish_system(system=system, by=None)
    one_by_one = rows(), told(), set(promised("transparency.bake_pages", "paths"))
    transaction.savepoint_rollback(keep)
    assert len(publish_systems(systems=systems, by=None)) == 3
    pages = promised("transparency.bake_pages", "paths")
    assert (rows(), told(), set(pages)) == one_by_one
    assert len(pages) == len(set(pages))
    assert sorted(reference for _kind, reference in promised("transparency.refresh", "things")) == sorted(
        system.reference for system in systems
    )


def test_what_is_in_force_already_is_no_new_version_and_promises_nothing(systems):
    publish_systems(systems=systems, by=None)
    before = rows(), Job.objects.count()
    publish_systems(systems=systems, by=None)
    assert (rows(), Job.objects.count()) == before


def test_one_that_cannot_be_published_keeps_all_back(systems):
    type(systems[2]).objects.filter(pk=systems[2].pk).update(spoc_email="")
    before = rows()
    with pytest.raises(Incomplete):
        publish_systems(systems=systems, by=None)
    assert rows() == before
