"""Publishing an agreement: what leaves, what stays, what follows a change, and who may."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from pypdf import PdfReader

from core import jobs
from core.errors import IllegalMove, Incomplete, RuleBroken
from core.models import TrailEntry
from slas.models import Agreement, MeasureFigure, PerformanceReturn, PrivateNote, Redaction, Side
from slas.services import negotiation
from slas.services.redacting import remove_redaction, set_redaction
from slas.signals import agreement_changed
from slas.sources import published_content, search_published
from tests.factories.slas import Table, measured, negotiating, signed
from transparency.models import AgreementCopy, Publication
from transparency.services.publish_agreement import publish_agreement, withdraw_agreement

pytestmark = pytest.mark.django_db


def published(**given: Any) -> Table:
    table = signed(**given)
    publish(table)
    return table


def publish(table: Table, side: str = Side.COUNCILS) -> Publication:
    party = table.party(side)
    return publish_agreement(agreement=table.again(), party=party, by=table.negotiator(side))


def withhold(table: Table, key: str = "retention_hold", side: str = Side.COUNCILS, **given: str) -> Redaction:
    values = {"reason": "operational", **given}
    return set_redaction(
        agreement=table.again(), party=table.party(side), by=table.negotiator(side), clause_key=key, **values
    )


def current(table: Table) -> Publication:
    return Publication.objects.of_agreements().current().get(subject_reference=table.agreement.reference)


def test_what_is_published_is_the_signed_text_with_posts_and_without_names():
    table = published()
    content = current(table).facts()
    assert [clause["text"]["en"] for clause in content["clauses"]] == [
        "Why the cameras are there.",
        "Footage is kept for 31 days.",
        "From 1 April 2026 to 31 March 2029.",
    ]
    assert [each["post"] for each in content["signatures"]] == ["Director of Communities", "Chief Superintendent"]
    assert content["dates"]["starts_on"] == "2026-04-01"
    assert content["text_sha256"] == table.again().texts.get().sha256
    frozen = json.dumps(content)
    assert table.sro.name not in frozen
    assert table.signatory.name not in frozen


def test_the_fields_that_leave_are_those_that_somebody_decided_on():
    content = current(published()).facts()
    assert sorted(content) == [
        "as_of", "clause_set", "clauses", "dates", "figures", "ink", "languages", "library", "measures", "origin",
        "parties", "previous", "reference", "schema", "signatures", "status", "systems", "technologies",
        "text_sha256", "title",
    ]  # fmt: skip
    assert sorted(content["clauses"][0]) == [
        "key", "left_out", "number", "own_wording", "reason", "text", "title", "values", "withheld",
    ]  # fmt: skip


def test_an_agreement_that_not_all_signed_cannot_be_published_or_redacted():
    table = negotiating()
    with pytest.raises(IllegalMove):
        publish(table)
    with pytest.raises(IllegalMove):
        withhold(table)


def test_the_same_again_is_the_version_in_force():
    table = published()
    assert publish(table, Side.POLICE) == current(table)
    assert Publication.objects.of_agreements().count() == 1


def test_a_withheld_clause_keeps_its_title_and_reason_and_nothing_else():
    table = signed()
    withhold(table, details="It names the room.", details_cy="Mae'n enwi'r ystafell.")
    publish(table)
    content = current(table).facts()
    clause = next(each for each in content["clauses"] if each["key"] == "retention_hold")
    assert clause == {
        "number": 2,
        "key": "retention_hold",
        "title": {"en": "Retention", "cy": "Retention cy"},
        "withheld": {
            "reason": "operational",
            "details": {"en": "It names the room.", "cy": "Mae'n enwi'r ystafell."},
        },
    }
    assert "31 days" not in current(table).content
    assert content["text_sha256"] is None  # with it the clause could be guessed


def test_days_and_parties_are_always_public():
    table = signed()
    with pytest.raises(RuleBroken):
        withhold(table, "term_review")
    with pytest.raises(RuleBroken):
        withhold(table, "no-such-clause")


def test_another_reason_needs_words_and_welsh_where_the_agreement_has_both_languages():
    table = signed(is_bilingual=True)
    with pytest.raises(Incomplete):
        withhold(table, reason="other")
    with pytest.raises(Incomplete) as refused:
        withhold(table, reason="other", details="Because.")
    assert [problem.field for problem in refused.value.problems] == ["details_cy"]


def test_what_one_side_withholds_the_other_cannot_show():
    table = signed()
    withhold(table, side=Side.POLICE)
    with pytest.raises(RuleBroken):
        remove_redaction(agreement=table.again(), party=table.council, by=table.spoc, clause_key="retention_hold")
    with pytest.raises(RuleBroken):
        withhold(table, details="Ours now.")
    remove_redaction(agreement=table.again(), party=table.force, by=table.police_spoc, clause_key="retention_hold")
    assert not Redaction.objects.exists()
    assert list(TrailEntry.objects.filter(verb__in=("withheld_clause", "showed_clause")).values_list("verb", flat=True))


def test_the_public_page_follows_what_is_withheld_by_a_job():
    table = published()
    withhold(table)
    assert current(table).version == 1
    jobs.drain()
    assert current(table).version == 2
    assert "31 days" not in current(table).content
    remove_redaction(agreement=table.again(), party=table.council, by=table.spoc, clause_key="retention_hold")
    jobs.drain()
    assert current(table).version == 3
    assert "31 days" in current(table).content


def test_a_signal_without_a_change_makes_no_version_and_what_is_not_public_stays_so():
    table, other = published(), signed()
    for each in (table, other):
        agreement_changed.send(sender=Agreement, agreement=each.again())
    jobs.drain()
    assert [row.version for row in Publication.objects.of_agreements()] == [1]


def test_notice_is_public_by_its_last_day():
    table = published()
    Agreement.objects.filter(pk=table.agreement.pk).update(
        status=Agreement.Status.TERMINATED, ends_early_on=dt.date(2027, 1, 31), notice_reason="Zq quarrel"
    )
    agreement_changed.send(sender=Agreement, agreement=table.again())
    jobs.drain()
    assert current(table).summary["ends_early_on"] == "2027-01-31"
    assert "Zq quarrel" not in current(table).content


def test_withdrawing_needs_a_reason_and_it_can_be_published_again():
    table = published()
    with pytest.raises(Incomplete):
        withdraw_agreement(publication=current(table), party=table.force, by=table.police_spoc, reason=" ")
    withdraw_agreement(publication=current(table), party=table.force, by=table.police_spoc, reason="An error.")
    assert not Publication.objects.of_agreements().current().exists()
    withhold(table)
    jobs.drain()
    assert not Publication.objects.of_agreements().current().exists()
    assert publish(table).version == 2


def test_private_notes_and_comments_stay_inside():
    table = negotiating()
    negotiation.write_note(agreement=table.again(), party=table.council, text="Zqnote ours", by=table.spoc)
    clause = table.clause()
    negotiation.reject(
        clause=clause, party=table.force, by=table.police_spoc, comment="Zqcomment", version=clause.version
    )
    table.propose(Side.COUNCILS, "purpose", "Other words.")
    table.accept(Side.POLICE, "purpose", "retention_hold", "term_review")
    for side in (Side.POLICE, Side.COUNCILS):
        table.confirm(side)
    for side in (Side.COUNCILS, Side.POLICE):
        table.sign(side)
    publish(table)
    assert PrivateNote.objects.exists()
    assert "Zqnote" not in current(table).content
    assert "Zqcomment" not in current(table).content
    assert "Other words." in current(table).content


def with_figures(table: Table, *, status: str, value: str = "19") -> None:
    measure = measured(table)[0]
    made = PerformanceReturn.objects.create(
        agreement=table.agreement,
        organisation=table.council.organisation,
        starts_on=dt.date(2026, 4, 1),
        ends_on=dt.date(2026, 6, 30),
        status=status,
        comment="Zqcomment of a return",
    )
    MeasureFigure.objects.create(
        performance_return=made, measure=measure, numerator=Decimal(value), denominator=Decimal(20), comment="Zqfigure"
    )


def promise_figures(table: Table, publish_them: bool) -> None:
    """The signed text with a clause on publication, as the library writes it."""
    text = table.again().texts.get()
    content = json.loads(text.content)
    content["clauses"].append(
        {
            **content["clauses"][0],
            "number": 4,
            "key": "publication",
            "values": {"within_days": 28, "figures": publish_them},
        }
    )
    text.content = json.dumps(content)
    text.save()


@pytest.mark.parametrize(("agreed", "promised", "shown"), [(True, True, 1), (False, True, 0), (True, False, 0)])
def test_figures_are_public_when_both_agreed_them_and_the_text_says_so(agreed, promised, shown):
    table = signed()
    promise_figures(table, promised)
    with_figures(table, status="agreed" if agreed else "submitted")
    publish(table)
    content = current(table).facts()
    assert len(content["figures"]) == shown
    assert "Zq" not in current(table).content
    assert [measure["target"] for measure in content["measures"]] == ["95", "80"]


def test_a_draft_may_begin_from_what_is_public_without_what_is_withheld():
    table = signed()
    withhold(table)
    publish(table)
    reference = table.agreement.reference
    [found] = search_published(table.agreement.title)
    assert (found.reference, found.title) == (reference, table.agreement.title)
    content = published_content(reference.lower())
    assert content is not None
    assert [clause["key"] for clause in content["clauses"]] == ["purpose", "term_review"]
    assert content["clauses"][0]["text_cy"] == "Why the cameras are there. (cy)"
    withdraw_agreement(publication=current(table), party=table.council, by=table.spoc, reason="An error.")
    assert published_content(reference) is None
    assert search_published(table.agreement.title) == []


def test_its_pdf_is_made_by_a_worker_without_what_is_withheld(client):
    table = signed()
    withhold(table)
    publish(table)
    jobs.drain()
    copy = AgreementCopy.objects.get()
    with copy.file.open("rb") as file:
        words = "\n".join(page.extract_text() for page in PdfReader(file).pages)
    assert "Why the cameras are there." in words
    assert "31 days" not in words
    assert table.sro.name not in words
    answer = client.get(f"/agreements/{table.agreement.reference}/agreement.pdf")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    withdraw_agreement(publication=current(table), party=table.council, by=table.spoc, reason="An error.")
    assert client.get(f"/agreements/{table.agreement.reference}/agreement.pdf").status_code == 410
