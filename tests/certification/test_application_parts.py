"""The parts of an application's page: each decides what its reader may see, and costs two queries at most."""

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from certification.models import Application
from certification.views.application_parts import PARTS
from certification.views.finding import Found
from tests.factories.certification import Parties

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("stage", ["draft", "submitted", "in_review", "recommended", "awarded"])
@pytest.mark.parametrize("side", ["operator", "body"])
def test_each_part_costs_two_queries_at_most(stage, side):
    parties = Parties.make()
    application = Application.objects.for_detail().get(pk=getattr(parties, stage)().pk)
    person = parties.spoc if side == "operator" else parties.manager
    request = RequestFactory().get("/")
    request.user = User.objects.get(pk=person.pk)
    request.user.organisation_ids()  # read once by the page itself
    found = Found(getattr(application, side), application)
    for show in PARTS:
        with CaptureQueriesContext(connection) as queries:
            show(request, found)
        assert len(queries) <= 2, (show.__name__, [query["sql"] for query in queries])
