"""The facts of a certificate as data: of the row alone, canonical, held by the written schema."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from certification.facts import facts_of, facts_text
from certification.models import Certificate, CertificationScheme
from compliance.frozen import canonical
from tests.certification.test_bilingual_documents import bilingual
from tests.certification.test_documents import row, system
from tests.compliance.test_exports import validate

pytestmark = pytest.mark.once


def schema() -> dict[str, Any]:
    text = (Path(settings.BASE_DIR) / "docs" / "certificate.schema.json").read_text("utf-8")
    return json.loads(text)


def plain(**values: Any) -> Certificate:
    return row(**{"scheme": CertificationScheme(key="independent-assurance"), "origin": "award", **values})


def test_every_kind_of_certificate_fits_the_written_schema():
    for certificate in (
        plain(),
        bilingual(),
        plain(aim="full", next_review_on=dt.date(2027, 11, 22), valid_until=None, found={}),
        plain(origin="recorded", reviewed_on=None, issued_on=None, valid_from=None, systems_listed=[]),
        plain(systems_listed=[system(1, counted_on=None)], predecessor=row(pk=7, reference="IA-2026-00041-X")),
    ):
        validate(json.loads(facts_text(certificate)), schema(), schema())
    with pytest.raises(AssertionError):
        validate({**facts_of(plain()), "colour": "red"}, schema(), schema())


def test_the_text_is_canonical_and_the_same_again():
    text = facts_text(plain())
    assert text == canonical(json.loads(text)) == facts_text(plain())
    assert "  " not in text


def test_it_names_what_it_replaced_and_whether_it_is_made_up(settings):
    settings.PORTAL_DEMONSTRATION = True
    facts = facts_of(plain(predecessor=row(pk=7, reference="IA-2026-00041-X")))
    assert (facts["in_place_of"], facts["demonstration"]) == ("IA-2026-00041-X", True)
