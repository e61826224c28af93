"""The whole text, signatures on its hash, and what a change does to them."""

import hashlib
import json

import pytest

from accounts.models import Notification
from compliance.frozen import holds
from core import jobs
from core.errors import IllegalMove, Incomplete, RuleBroken
from core.models import Job, TrailEntry
from slas.models import Agreement, AgreementText, Side, Standing
from slas.services import signing
from slas.services.signing import TextChanged
from tests.factories.slas import CLAUSES, negotiating, signed, signed_by_one, text_agreed

pytestmark = pytest.mark.django_db
Status = Agreement.Status


def test_the_text_is_agreed_when_both_sides_said_so():
    table = negotiating()
    table.accept(Side.POLICE, *(key for key, *_rest in CLAUSES))
    assert table.confirm(Side.POLICE) is False
    assert table.again().status == Status.NEGOTIATING
    assert table.confirm(Side.COUNCILS) is True
    assert table.again().status == Status.AGREED_TEXT


def test_nothing_is_confirmed_while_a_clause_is_open():
    table = negotiating()
    table.accept(Side.POLICE, "purpose")
    with pytest.raises(Incomplete) as refusal:
        table.confirm(Side.POLICE)
    assert len(refusal.value.problems) == 2


def test_a_word_on_another_text_does_not_count():
    table = negotiating()
    table.accept(Side.POLICE, *(key for key, *_rest in CLAUSES))
    table.confirm(Side.POLICE)
    table.propose(Side.COUNCILS, "purpose", "Changed since.")
    table.accept(Side.POLICE, "purpose")
    assert table.confirm(Side.COUNCILS) is False
    assert table.again().status == Status.NEGOTIATING
    assert table.confirm(Side.POLICE) is True


def test_what_was_read_is_what_is_confirmed():
    table = negotiating()
    table.accept(Side.POLICE, *(key for key, *_rest in CLAUSES))
    with pytest.raises(TextChanged):
        signing.confirm_text(agreement=table.again(), party=table.force, by=table.police_spoc, read_sha256="0" * 64)


def test_the_first_signature_freezes_canonical_bytes():
    table = text_agreed()
    signature = table.sign(Side.COUNCILS)
    text = table.again().texts.get()
    assert signature.sha256 == text.sha256 == hashlib.sha256(text.content.encode()).hexdigest()
    assert holds(text)
    content = json.loads(text.content)
    assert [clause["text"] for clause in content["clauses"]] == [text for *_rest, text in CLAUSES]
    assert table.agreement.status == Status.SIGNED_BY_ONE


def test_all_sign_the_same_text_and_then_it_is_complete():
    table = signed()
    agreement = table.again()
    assert agreement.status == Status.SIGNED_BY_BOTH
    assert len({each.sha256 for each in agreement.texts.get().signatures.all()}) == 1
    assert (str(agreement.starts_on), str(agreement.ends_on), str(agreement.review_on)) == (
        "2026-04-01",
        "2029-03-31",
        "2028-04-01",
    )
    assert Job.objects.filter(kind="slas.print_agreement").count() == 1


def test_a_signature_needs_name_post_and_password():
    table = text_agreed()
    _content, sha256 = signing.text_to_read(table.agreement)
    wanted = {"agreement": table.agreement, "party": table.council, "by": table.sro, "read_sha256": sha256}
    with pytest.raises(RuleBroken, match="password"):
        signing.sign(typed_name="A", post="B", password_checked=False, **wanted)
    with pytest.raises(Incomplete) as refusal:
        signing.sign(typed_name=" ", post="", password_checked=True, **wanted)
    assert len(refusal.value.problems) == 2
    assert not AgreementText.objects.exists()


def test_the_same_signature_sent_twice_is_one():
    table = signed_by_one()
    assert table.sign(Side.COUNCILS) == table.again().texts.get().signatures.get()


def test_a_late_change_voids_the_signature_and_everybody_is_told():
    table = signed_by_one()
    with pytest.raises(Incomplete):
        signing.reopen(agreement=table.again(), party=table.force, by=table.police_spoc, reason=" ")
    before = Notification.objects.filter(user=table.sro).count()
    signing.reopen(agreement=table.again(), party=table.force, by=table.police_spoc, reason="The days are wrong.")
    text = table.again().texts.get()
    assert (text.voided_by, text.voided_reason) == (table.force.organisation, "The days are wrong.")
    assert table.agreement.status == Status.NEGOTIATING
    assert not table.agreement.confirmations.standing().exists()
    newest = Notification.objects.filter(user=table.sro).order_by("-pk").first()
    assert Notification.objects.filter(user=table.sro).count() == before + 1
    assert "All signatures on it are void." in newest.body
    assert TrailEntry.objects.filter(verb="voided").exists()


def test_after_a_change_all_sign_again_and_only_that_text_counts():
    table = signed_by_one()
    signing.reopen(agreement=table.again(), party=table.force, by=table.police_spoc, reason="A change.")
    table.propose(Side.POLICE, "purpose", "Changed purpose.")
    table.accept(Side.COUNCILS, "purpose")
    table.confirm(Side.COUNCILS)
    table.confirm(Side.POLICE)
    table.sign(Side.POLICE)
    table.sign(Side.COUNCILS)
    first, second = table.again().texts.all()
    assert first.voided_at is not None
    assert "Changed purpose." in second.content
    assert second.signatures.count() == 2
    assert table.agreement.standing() == Standing.IN_FORCE


def test_nobody_signs_what_was_opened_again():
    table = signed_by_one()
    _content, sha256 = signing.text_to_read(table.agreement)
    signing.reopen(agreement=table.again(), party=table.council, by=table.spoc, reason="A change.")
    with pytest.raises(IllegalMove):
        signing.sign(
            agreement=table.again(),
            party=table.force,
            by=table.signatory,
            typed_name="G",
            post="Superintendent",
            password_checked=True,
            read_sha256=sha256,
        )


def test_a_signed_agreement_takes_the_place_of_the_one_that_it_renegotiates():
    first = signed()
    second = signed_by_one(council=first.council.organisation, force=first.force.organisation, previous=first.again())
    second.sign(Side.POLICE)
    assert first.again().status == Status.REPLACED
    assert first.agreement.standing() == Standing.REPLACED
    assert second.again().standing() == Standing.IN_FORCE


def test_the_signatories_are_asked_once_both_agreed():
    table = text_agreed()
    for person in (table.sro, table.signatory):
        assert Notification.objects.filter(user=person, subject__startswith="An agreement waits for your").exists()
    jobs.drain()
