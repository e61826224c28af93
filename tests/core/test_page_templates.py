"""What every page template keeps to (templates/components/README.md)."""

import re
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

TEMPLATES = Path(settings.BASE_DIR) / "templates"
ERROR_SUMMARY = "components/error_summary.html"
MAY_SHOW_IT = {"base.html", "base_workspace.html", "components/form.html"}


def test_problems_are_listed_once_on_a_page_by_its_base_template() -> None:
    showing = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if f'include "{ERROR_SUMMARY}"' in path.read_text("utf-8")
    }
    assert showing == MAY_SHOW_IT


def test_the_parts_of_a_table_have_no_role_of_their_own() -> None:
    """HTML gives them theirs and forbids another word for it (ARIA in HTML, 4)."""
    with_role = re.compile(r"<(?:table|thead|tbody|tr|th|td)\b[^>]*\srole=")
    assert [path.name for path in TEMPLATES.rglob("*.html") if with_role.search(path.read_text("utf-8"))] == []
