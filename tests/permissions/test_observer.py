"""An accreditation body's assessor sees everything that a certification body has, and can do nothing to it."""

import re

import pytest

from accounts.models import Role
from tests.permissions.rows import BODY
from tests.permissions.table import TABLE
from tests.permissions.test_walk import rows
from tests.permissions.walking import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.xdist_group("permissions")]

OF_BODY = [row for row in TABLE if row.side == BODY and row.name.startswith("certification:")]
PAGES = [row for row in OF_BODY if row.method == "GET"]
# Who may read a checklist may have it printed: that is a way to read it, and changes nothing about the matter.
PRINTING = {"certification:visit_checklist_print"}
ACTS = [row for row in OF_BODY if row.method == "POST" and row.name not in PRINTING]
READERS = {Role.BODY_MANAGER, Role.DECISION_MAKER}
# Pages that are an act: their form is all that there is to see.
FORMS = {row.name for row in ACTS}
POSTS = re.compile(r'<form[^>]*method="post"[^>]*>')


def test_there_are_pages_and_acts_to_walk():
    assert len(PAGES) > 60
    assert len(ACTS) > 100


@pytest.mark.parametrize("row", rows(ACTS))
def test_no_act_of_a_body_is_the_observers(undone: Walk, row):
    """Refused for the role, or because there is nothing there; never for the state or for what was sent."""
    assert Role.OBSERVER not in row.may
    observer = undone.person(f"own {BODY}: {Role.OBSERVER}")
    assert undone.outcome(observer, row, undone.address(row)) in (403, 404)


@pytest.mark.parametrize("row", rows(row for row in PAGES if row.may & READERS and row.name not in FORMS))
def test_what_manager_or_decision_maker_read_the_observer_reads(row):
    assert Role.OBSERVER in row.may


@pytest.mark.parametrize("row", rows(row for row in PAGES if Role.OBSERVER in row.may and row.answer == 200))
def test_no_page_offers_the_observer_a_form_or_a_way_to_one(undone: Walk, row):
    observer = undone.person(f"own {BODY}: {Role.OBSERVER}")
    answer = undone.ask(observer, "GET", undone.address(row))
    assert answer.status_code == 200
    if not answer["Content-Type"].startswith("text/html"):
        return
    text = answer.content.decode()
    main = text[text.index("<main") : text.index("</main>")]
    assert [form for form in POSTS.findall(main) if "/checklist/print/" not in form] == []
    for address in re.findall(r'href="(/workspace/[^"#?]*)', main):
        if address.endswith(".pdf"):
            continue  # no worker has printed it here
        found = undone.ask(observer, "GET", address)
        assert found.status_code in (200, 302), f"{address}: {found.status_code}"
