"""The demonstration is never put beside real organisations or people, nor into a portal without the Code."""

import pytest

from tests.demonstration.helpers import load_reference_data, rows, run
from tests.factories.accounts import MembershipFactory

pytestmark = pytest.mark.django_db


def test_a_portal_that_was_set_up_empty_refuses_it():
    before = rows()
    said, reason, code = run()
    assert (said, code) == ("", 1)
    assert reason.startswith("This portal was set up for real organisations")
    assert rows() == before


def test_a_portal_with_real_members_refuses_it(settings):
    settings.PORTAL_DEMONSTRATION = True
    load_reference_data()
    MembershipFactory()
    before = rows()
    said, reason, code = run()
    assert (said, code) == ("", 1)
    assert reason.startswith("There are people in this portal already")
    assert rows() == before


def test_without_the_code_it_is_refused(settings):
    settings.PORTAL_DEMONSTRATION = True
    _said, reason, code = run()
    assert (reason.strip(), code) == (
        "The Code, the certification schemes and the clauses are not loaded yet. Run ./portal setup first.",
        1,
    )
