"""Django's tables are for reading, for superusers alone, and by the portal's own door."""

import pytest
from django.urls import reverse

from tests.permissions.test_doors import every_pattern
from tests.permissions.walking import Walk, outcome_of

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.xdist_group("permissions")]

PAGES = sorted(name for name, _ in every_pattern() if name == "admin:index" or name.endswith("_changelist"))
ADDING = sorted(name for name, _ in every_pattern() if name.startswith("admin:") and name.endswith("_add"))


@pytest.mark.parametrize("name", PAGES)
def test_superusers_read_and_nobody_else_does(undone: Walk, name: str):
    found = {str(person): undone.ask(person, "GET", reverse(name)).status_code for person in undone.everybody}
    assert found == {str(person): 302 for person in undone.everybody} | {"superuser": 200}


def test_who_is_turned_away_from_the_tables_is_refused_at_their_door(undone: Walk):
    found = {str(p): outcome_of(undone.ask(p, "GET", reverse("admin:login"))) for p in undone.everybody}
    assert found == {str(p): 403 for p in undone.everybody} | {"nobody": "sign in", "superuser": 302}


@pytest.mark.parametrize("name", ADDING)
def test_not_even_superusers_write_there(undone: Walk, name: str):
    superuser = undone.person("superuser")
    assert undone.ask(superuser, "GET", reverse(name)).status_code == 403
    assert undone.ask(superuser, "POST", reverse(name), {}).status_code == 403
