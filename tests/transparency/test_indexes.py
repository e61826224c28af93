"""Lists, counts and addresses of publications are found by index: a row is long, and there are thousands."""

import pytest

from transparency.models import Publication

pytestmark = pytest.mark.django_db

CURRENT = Publication.objects.of_systems().current()
ASKED = {
    "publication_path": Publication.objects.of_systems().filter(path="/authorities/x/y/").order_by("-published_at"),
    "publication_newest": Publication.objects.order_by("-published_at", "-pk")[:100],
    "publication_withdrawn": Publication.objects.exclude(withdrawn_reason="")
    .filter(ended_at__isnull=False)
    .order_by("-ended_at", "-pk")[:100],
    "publication_current_of": CURRENT.filter(organisation=1).order_by(),
    "publication_current": CURRENT.order_by("reference")[:100],
}


@pytest.mark.once  # PostgreSQL reads a small table from end to end, whatever its indexes
@pytest.mark.parametrize("index", ASKED)
def test_what_pages_ask_of_publications_is_found_by_its_index(index):
    assert f"USING INDEX {index} " in f"{ASKED[index].explain()} ".replace("\n", " ").replace("COVERING INDEX", "INDEX")
