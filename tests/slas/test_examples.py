"""Real agreements expressed in our records as far as they can be; the rest stands in docs/agreement-examples.md."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Role
from core.errors import Incomplete
from slas.models import Agreement, PartyRole, Standing
from slas.services import ink
from slas.services.drafting import Frame, PartyWanted
from slas.services.ink import InkFacts
from slas.terms import Terms
from tests.factories.accounts import OrganisationFactory, PoliceForceFactory, member
from tests.factories.compliance import PDF
from tests.factories.slas import ClauseLibraryFactory, real_library
from tests.selection import SHARED_DATA

pytestmark = [pytest.mark.django_db, pytest.mark.shared_data]
# The words of the examples for what our clauses say under these keys; those that stand in no clause have an empty list.
SAME = {
    "date": ["signature"],
    "parties": ["parties"],
    "duration": ["term_review"],
    "service level": ["kpis", "turnaround"],
    "aims": ["purpose"],
    "payment": ["finance"],
    "administration and technical support": ["availability"],
    "increase, decrease and termination": ["termination", "term_review"],
    "introduction": ["purpose"],
    "specification of services": ["live_incident", "image_request"],
    "charges": ["finance"],
    "procedures: review, termination, default, variation, arbitration": ["term_review", "termination", "dispute"],
    "signatures": ["signature"],
}


@pytest.fixture
def examples() -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(
        Path(SHARED_DATA / "documents" / "sla_examples.json").read_text("utf-8")
    )
    ClauseLibraryFactory()
    return found


def recorded(example: dict[str, object], *others: PartyWanted) -> Agreement:
    """As its provider would record it: signed in ink, with its days."""
    provider = OrganisationFactory(name=str(example["provider"]), gss_code=example["gss_code"])
    start, end = (dt.date.fromisoformat(str(example[name])) for name in ("start", "end"))
    frame = Frame(
        title=str(example["kind"]),
        title_cy="",
        is_bilingual=False,
        technologies=frozenset({"cctv"}),
        parties=[PartyWanted(provider, PartyRole.SYSTEM_OWNER), *others],
        systems=(),
    )
    facts = InkFacts(
        signed_on=start,
        signatories="Head of Service; Chief Superintendent",
        scope=str(example.get("service") or "CCTV monitoring"),
        scope_cy="",
        terms=Terms(start, None if "rolls_on" in example else end, None, None),
    )
    return ink.record_ink(
        organisation=provider,
        frame=frame,
        clause_set="main",
        facts=facts,
        upload=SimpleUploadedFile("agreement.pdf", PDF),
        by=member(provider, Role.SPOC),
    )


def test_a_form_between_council_and_police_that_rolls_on_is_recorded_and_counts(examples):
    force = PoliceForceFactory()
    agreement = recorded(examples[0], PartyWanted(force, PartyRole.SERVICE_RECIPIENT))
    party = agreement.party_of(force)
    party.agreement = agreement
    sha256 = agreement.ink.sha256
    ink.confirm_ink(agreement=agreement, party=party, by=member(force, Role.POLICE_SPOC), read_sha256=sha256)
    agreement.refresh_from_db()
    assert agreement.standing(dt.date(2019, 1, 1)) == Standing.IN_FORCE
    assert agreement.standing(dt.date(2026, 1, 1)) == Standing.IN_FORCE  # it goes on unless it is ended by notice
    assert agreement.origin == Agreement.Origin.INK


def test_an_agreement_between_two_departments_of_one_council_is_none_here(examples):
    with pytest.raises(Incomplete, match="at least one council and at least one police force"):
        recorded(examples[1])


def test_what_the_examples_call_their_clauses_stands_in_ours(examples):
    known = {clause.key for clause in real_library().clauses}
    for example in examples[:2]:
        for name in example["clauses"]:
            assert SAME[name], name
            assert set(SAME[name]) <= known


def test_the_framework_names_the_headings_that_our_clauses_follow(examples):
    topics = [topic.casefold() for topic in examples[2]["topics"]]
    assert [heading.name.en.casefold() for heading in real_library().headings] == topics
