"""The audit trail: what an entry holds, and how each kind of tampering shows."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import F

from core import jobs, tasks, trail
from core.models import Seal, TrailEntry
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


def entries(count: int) -> list[TrailEntry]:
    organisation = OrganisationFactory()
    return [
        trail.record("changed", organisation, by=None, after={"number": number}, personal={"name": f"Person {number}"})
        for number in range(count)
    ]


def two_seals_of_three() -> tuple[list[TrailEntry], list[TrailEntry]]:
    first = entries(3)
    trail.seal_all()
    second = entries(3)
    trail.seal_all()
    return first, second


def test_an_entry_names_record_actor_and_organisation_as_plain_values() -> None:
    membership = MembershipFactory()
    user = UserFactory(name="Morgan Reid", email="morgan@example.org")
    trail.record(
        "given",
        membership,
        by=user,
        before={"role": ""},
        after={"day": dt.date(2026, 1, 2)},
        personal={"email": "x@y.z"},
    )
    entry = TrailEntry.objects.get()
    assert (entry.verb, entry.subject_kind, entry.subject_id) == ("given", "accounts.Membership", membership.pk)
    assert (entry.subject_reference, entry.actor_id) == (membership.reference, user.pk)
    assert entry.organisation_id == membership.organisation_id
    assert entry.organisation_reference == membership.organisation.slug
    assert (entry.before, entry.after) == ({"role": ""}, {"day": "2026-01-02"})
    assert entry.personal == {"email": "x@y.z", "actor": "Morgan Reid <morgan@example.org>"}
    assert entry.actor == "Morgan Reid <morgan@example.org>"


def test_nothing_personal_enters_what_is_sealed_in_plain_words() -> None:
    user = UserFactory(name="Morgan Reid", email="morgan@example.org")
    entry = trail.record("joined", user, by=user, personal={"email": user.email, "name": user.name})
    sealed = entry.canonical().decode()
    assert "morgan" not in sealed.lower()
    assert user.reference in sealed


def test_a_seal_covers_every_entry_and_follows_the_one_before() -> None:
    two_seals_of_three()
    first, second = Seal.objects.all()
    assert (first.number, first.previous, first.entries_count) == (1, trail.GENESIS, 3)
    assert (second.number, second.previous, second.entries_count) == (2, first.digest, 3)
    assert trail.verify() == trail.Verification(seals=2, entries=6, unsealed=0)


def test_entries_not_sealed_yet_are_counted() -> None:
    entries(2)
    assert trail.verify() == trail.Verification(seals=0, entries=0, unsealed=2)
    assert trail.seal_all() == 1
    assert trail.seal_all() == 0


def test_large_numbers_of_entries_are_sealed_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail, "SEAL_BATCH", 2)
    entries(5)
    assert trail.seal_all() == 3
    assert list(Seal.objects.values_list("entries_count", flat=True)) == [2, 2, 1]
    assert trail.verify().broken is None


@pytest.mark.parametrize(
    "change",
    [
        {"verb": "signed"},
        {"after": {"number": 99}},
        {"before": {"number": 0}},
        {"at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)},
        {"actor_id": 4711},
        {"subject_reference": "somebody else's"},
        {"organisation_reference": "elsewhere"},
        {"personal_digest": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_edited_entry_breaks_its_seal(change: dict[str, Any]) -> None:
    _first, second = two_seals_of_three()
    TrailEntry.objects.filter(pk=second[1].pk).update(**change)
    found = trail.verify()
    assert (found.broken, found.reason) == (2, "an entry was changed, added, removed or reordered")


def test_a_deleted_entry_breaks_its_seal() -> None:
    first, _second = two_seals_of_three()
    first[1].delete()
    assert trail.verify().broken == 1
    assert trail.verify().reason == "it covers 3 entries, 2 are there"


def test_an_inserted_entry_breaks_its_seal() -> None:
    first, _second = two_seals_of_three()
    forged = entries(1)[0]
    TrailEntry.objects.filter(pk=forged.pk).update(seal=Seal.objects.get(number=1), position=3)
    assert trail.verify().broken == 1
    # and also when another one makes room for it
    first[2].delete()
    assert trail.verify().broken == 1


def test_reordered_entries_break_their_seal() -> None:
    first, _second = two_seals_of_three()
    TrailEntry.objects.filter(pk=first[0].pk).update(position=1)
    TrailEntry.objects.filter(pk=first[1].pk).update(position=0)
    assert trail.verify().broken == 1


def test_an_entry_moved_to_another_seal_breaks_both() -> None:
    first, second = two_seals_of_three()
    seal_1, seal_2 = Seal.objects.all()
    TrailEntry.objects.filter(pk=first[2].pk).update(seal=seal_2)
    assert trail.verify().broken == 1
    TrailEntry.objects.filter(pk=second[2].pk).update(seal=seal_1)
    assert trail.verify().broken == 1


def test_a_seal_made_anew_over_changed_entries_breaks() -> None:
    first, _second = two_seals_of_three()
    first[0].delete()
    seal = Seal.objects.get(number=1)
    left = list(TrailEntry.objects.filter(seal=seal).order_by("position"))
    Seal.objects.filter(pk=seal.pk).update(entries_count=2, digest=trail._digest(trail.GENESIS, left))
    found = trail.verify()
    assert (found.broken, found.reason) == (1, "its signature is over another seal")


def test_a_missing_seal_shows() -> None:
    two_seals_of_three()
    seal = Seal.objects.get(number=1)
    TrailEntry.objects.filter(seal=seal).delete()
    seal.delete()
    found = trail.verify()
    assert (found.broken, found.reason) == (2, "seal 1 is missing")


def test_erasing_what_is_personal_leaves_the_seal_whole() -> None:
    first, second = two_seals_of_three()
    TrailEntry.objects.filter(pk__in=[first[0].pk, second[2].pk]).update(personal=None, personal_salt="")
    assert trail.verify() == trail.Verification(seals=2, entries=6, unsealed=0)
    assert TrailEntry.objects.get(pk=first[0].pk).actor == ""


def test_changing_what_is_personal_shows() -> None:
    first, _second = two_seals_of_three()
    TrailEntry.objects.filter(pk=first[1].pk).update(personal={"name": "Somebody else", "actor": "the portal"})
    found = trail.verify()
    assert (found.broken, found.reason) == (1, f"the personal values of entry {first[1].pk} were changed")


def test_two_sealers_at_once_make_one_seal() -> None:
    entries(1)
    trail.seal_all()
    with pytest.raises(IntegrityError):
        Seal.objects.create(number=1, previous="1" * 64, digest="2" * 64, entries_count=0, at=dt.datetime.now(dt.UTC))


def test_a_minute_has_one_sealing_job_and_none_when_all_is_sealed() -> None:
    entries(1)
    tasks.promise_seal()
    tasks.promise_seal()
    assert jobs.Job.objects.filter(kind="core.seal_trail").count() == 1
    jobs.drain()
    assert trail.verify() == trail.Verification(seals=1, entries=1, unsealed=0)
    jobs.Job.objects.update(key=F("pk"))
    tasks.promise_seal()
    assert jobs.Job.objects.filter(kind="core.seal_trail").count() == 1


def test_many_subjects_are_entered_each_with_its_own_values() -> None:
    user = UserFactory(name="Morgan Reid", email="morgan@example.org")
    first, second = OrganisationFactory(), OrganisationFactory()
    same = {"day": dt.date(2026, 1, 2), "words": "tab\t and \\ and ŵ"}
    told = [(first, {"name": "A"}, same), (second, {"name": "B"}, same), (first, None, None)]
    with trail.acting_as("nobody else"):
        trail.record_each("changed", told, by=user, organisation=second)
    found = list(TrailEntry.objects.order_by("pk"))
    assert [entry.subject_id for entry in found] == [first.pk, second.pk, first.pk]
    assert [entry.before for entry in found] == [{"name": "A"}, {"name": "B"}, {}]
    stored = {"day": "2026-01-02", "words": "tab\t and \\ and ŵ"}
    assert [entry.after for entry in found] == [stored, stored, {}]
    assert {(e.verb, e.subject_kind, e.organisation_id, e.actor_id, e.actor) for e in found} == {
        ("changed", "accounts.Organisation", second.pk, user.pk, "Morgan Reid <morgan@example.org>")
    }
    assert len({entry.personal_salt for entry in found}) == 3


def test_entries_in_bulk_belong_to_each_subjects_own_organisation_and_are_sealed_like_others() -> None:
    memberships = MembershipFactory.create_batch(2)
    trail.record_each("given", ((membership, None, {"n": 1}) for membership in memberships), by=None)
    assert [entry.organisation_id for entry in TrailEntry.objects.order_by("pk")] == [
        membership.organisation_id for membership in memberships
    ]
    trail.seal_all()
    assert trail.verify() == trail.Verification(seals=1, entries=2, unsealed=0)
    TrailEntry.objects.filter(subject_id=memberships[0].pk).update(personal={"actor": "Somebody else"})
    assert trail.verify().broken == 1
