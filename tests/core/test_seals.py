"""Seals are signed: without the portal's key nobody makes the trail anew, shortens it, or passes off an old one."""

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import call_command

from core import seal_proofs, signing, trail
from core.models import Seal, TrailEntry
from core.signing.keys import folder
from tests.factories.accounts import OrganisationFactory

pytestmark = pytest.mark.django_db


def seal_entries(count: int = 2) -> Seal:
    organisation = OrganisationFactory()
    for number in range(count):
        trail.record("changed", organisation, by=None, after={"number": number})
    seal = trail.seal_next()
    assert seal is not None
    seal_proofs.remember(seal)  # what the commit does, which a test never comes to
    return seal


def unsigned_seal() -> Seal:
    """As seals were before they were signed."""
    seal = seal_entries()
    Seal.objects.filter(pk=seal.pk).update(signature="", key_id="")
    (folder() / seal_proofs.NOTE).unlink()
    return seal


def make_chain_anew(*, signature: str | None = None) -> None:
    """What somebody with the database but without the key can do: recompute every digest."""
    previous = trail.GENESIS
    for seal in Seal.objects.order_by("number"):
        entries = list(TrailEntry.objects.filter(seal=seal).order_by("position"))
        digest = trail._digest(previous, entries)
        values = {"previous": previous, "digest": digest, "entries_count": len(entries)}
        Seal.objects.filter(pk=seal.pk).update(**values, **({} if signature is None else {"signature": signature}))
        previous = digest


def found() -> tuple[int | None, str]:
    verification = trail.verify()
    return verification.broken, verification.reason


def test_a_seal_is_signed_and_its_signature_can_be_checked_from_what_is_published():
    seal = seal_entries()
    trust = signing.Trust.from_file(json.dumps(signing.public_keys()).encode())
    check = signing.check_facts(seal.signature, purpose=signing.SEAL, trust=trust)
    assert (check.intact, check.key_id) == (True, seal.key_id)
    said = json.loads(check.text)
    assert said == {
        "number": 1,
        "previous": trail.GENESIS,
        "digest": seal.digest,
        "entries": 2,
        "at": seal.at.astimezone(dt.UTC).isoformat(),
    }
    assert found() == (None, "")


def test_seals_hold_after_a_rotation_of_keys():
    first = seal_entries()
    signing.rotate()
    second = seal_entries()
    assert first.key_id != second.key_id
    assert found() == (None, "")


def test_seals_from_before_signatures_hold_until_the_first_signed_one():
    unsigned_seal()
    unsigned_seal()
    assert found() == (None, "")
    seal_entries()
    assert found() == (None, "")
    Seal.objects.filter(number=3).update(signature="")
    assert found() == (3, "it is not signed, though seals were signed by then")


def test_a_seal_without_a_signature_after_a_signed_one_is_found():
    seal_entries()
    seal_entries()
    Seal.objects.filter(number=2).update(signature="")
    assert found() == (2, "it is not signed, though seals were signed by then")


def test_a_chain_made_anew_without_the_key_is_found():
    for _ in range(3):
        seal_entries()
    TrailEntry.objects.filter(seal__number=2, position=0).update(after={"number": "forged"})
    assert found() == (2, "an entry was changed, added, removed or reordered")
    make_chain_anew()
    assert found() == (2, "its signature is over another seal")


def test_a_chain_made_anew_and_stripped_of_signatures_is_found():
    for _ in range(3):
        seal_entries()
    TrailEntry.objects.filter(seal__number=1, position=0).update(after={"number": "forged"})
    make_chain_anew(signature="")
    assert found() == (1, "it is not signed, though seals were signed by then")


def test_a_signature_of_another_portal_is_found(settings, tmp_path):
    seal = seal_entries()
    kept, settings.PORTAL_DATA = settings.PORTAL_DATA, tmp_path / "another"
    signature, key_id = seal_proofs.sign(seal)
    settings.PORTAL_DATA = kept
    Seal.objects.filter(pk=seal.pk).update(signature=signature, key_id=key_id)
    assert found() == (1, "its signature is not by a key of this portal")


def test_a_statement_of_facts_is_no_signature_of_a_seal():
    seal = seal_entries()
    Seal.objects.filter(pk=seal.pk).update(signature=signing.sign_facts(seal_proofs.statement(seal)))
    assert found() == (1, "its signature is not by a key of this portal")


def test_a_signature_moved_from_another_seal_is_found():
    first, second = seal_entries(), seal_entries()
    Seal.objects.filter(pk=second.pk).update(signature=first.signature)
    assert found() == (2, "its signature is over another seal")


@pytest.mark.parametrize("change", [{"at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}, {"key_id": "another"}])
def test_what_a_seal_says_beside_its_digest_is_signed_too(change):
    seal = seal_entries()
    Seal.objects.filter(pk=seal.pk).update(**change)
    assert found()[0] == 1


def test_an_end_that_was_cut_off_is_found():
    seal_entries()
    seal_entries()
    TrailEntry.objects.filter(seal__number=2).delete()
    Seal.objects.filter(number=2).delete()
    assert found() == (2, "it is missing: this portal has made 2 seals")


def test_an_end_that_was_cut_off_and_sealed_again_by_the_portal_itself_is_found():
    seal_entries()
    last = seal_entries()
    TrailEntry.objects.filter(seal=last).update(after={"number": "forged"}, seal=None, position=None)
    Seal.objects.filter(number=2).delete()
    trail.seal_next()
    assert found() == (2, "it is not the seal that this portal made")


def test_a_commit_notes_the_seal_and_an_older_one_changes_nothing(django_capture_on_commit_callbacks):
    OrganisationFactory()
    trail.record("changed", OrganisationFactory(), by=None)
    with django_capture_on_commit_callbacks(execute=True):
        seal = trail.seal_next()
    assert seal is not None
    assert seal_proofs.remembered() == seal_proofs.Note(1, 1, seal.digest)
    second = seal_entries()
    seal_proofs.remember(seal)
    assert seal_proofs.remembered() == seal_proofs.Note(1, 2, second.digest)


def test_the_command_names_the_first_broken_seal():
    seal_entries()
    seal_entries()
    Seal.objects.update(signature="")
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("verify_audit_trail", "--json", stdout=out, stderr=StringIO())
    said = json.loads(out.getvalue())
    assert (end.value.code, said["broken"], said["seals"]) == (1, 1, 0)
    assert said["reason"] == "it is not signed, though seals were signed by then"
