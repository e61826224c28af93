"""What happens to an agreement in force: it goes on, it is ended by notice; and the word that there is none."""

import datetime as dt

import pytest

from accounts.models import Notification
from core.dates import add_months, today
from core.errors import IllegalMove, Incomplete, RuleBroken
from core.models import TrailEntry
from slas.models import Agreement, NoAgreement, Side, Standing
from slas.services import standing
from slas.signals import agreement_changed
from slas.sockets import waiting
from tests.factories.accounts import OrganisationFactory, PoliceForceFactory
from tests.factories.slas import Table, signed, text_agreed

pytestmark = pytest.mark.django_db
Status = Agreement.Status
SOON = dt.timedelta(days=200)


def said(table: Table, side: str, day: dt.date) -> bool:
    return standing.confirm_unchanged(
        agreement=table.again(), party=table.party(side), by=table.negotiator(side), review_on=day
    )


def noticed(table: Table, **given: object) -> None:
    values = {"reason": "The control room closes.", "last_day": today() + SOON, "password_checked": True, **given}
    standing.give_notice(agreement=table.again(), party=table.council, by=table.sro, **values)  # type: ignore[arg-type]


def test_it_goes_on_when_both_sides_said_the_same_day():
    table, day = signed(), today() + SOON
    changed: list[Agreement] = []

    def receiver(sender: object, agreement: Agreement, **_: object) -> None:
        changed.append(agreement)

    agreement_changed.connect(receiver)
    try:
        assert said(table, Side.COUNCILS, day) is False
        assert table.again().review_on == dt.date(2028, 4, 1)
        assert changed == []
        assert said(table, Side.POLICE, day) is True
    finally:
        agreement_changed.disconnect(receiver)
    assert table.again().review_on == day
    assert [each.pk for each in changed] == [table.agreement.pk]
    assert not table.agreement.reviews.filter(in_effect_at=None).exists()
    assert Notification.objects.filter(subject__contains="goes on unchanged").count() >= 2


def test_different_days_settle_nothing_and_a_new_word_replaces_the_old():
    table, day = signed(), today() + SOON
    said(table, Side.COUNCILS, day)
    assert said(table, Side.POLICE, day + dt.timedelta(days=1)) is False
    assert [word.side for word in standing.open_reviews(table.agreement)] == [Side.COUNCILS, Side.POLICE]
    assert said(table, Side.COUNCILS, day + dt.timedelta(days=1)) is True


def test_the_same_word_twice_is_one():
    table, day = signed(), today() + SOON
    said(table, Side.COUNCILS, day)
    said(table, Side.COUNCILS, day)
    assert table.agreement.reviews.count() == 1


@pytest.mark.parametrize("day", [dt.date(2020, 1, 1), dt.date(2029, 4, 1), dt.date(2039, 4, 1)])
def test_a_review_that_does_not_fit_is_refused(day):
    table = signed()
    with pytest.raises(Incomplete) as refusal:
        said(table, Side.COUNCILS, day)
    assert [problem.field for problem in refusal.value.problems] == ["review_on"]


def test_only_an_agreement_in_force_goes_on():
    table = text_agreed()
    with pytest.raises(IllegalMove):
        said(table, Side.COUNCILS, today() + SOON)


def test_notice_ends_it_after_its_last_day():
    table, last = signed(), today() + SOON
    noticed(table)
    agreement = table.again()
    assert agreement.standing() == Standing.NOTICE_GIVEN
    assert agreement.is_in_force(last)
    assert agreement.standing(last + dt.timedelta(days=1)) == Standing.TERMINATED
    assert agreement.notice_by == table.council.organisation
    assert agreement.changes.get(after=Status.TERMINATED).note == "The control room closes."
    told = Notification.objects.filter(subject__contains="gave notice")
    assert {table.spoc.pk, table.police_spoc.pk} <= set(told.values_list("user", flat=True))
    assert TrailEntry.objects.filter(verb="moved", after__status="terminated").exists()


def test_notice_keeps_to_the_months_that_were_agreed():
    table = signed()
    Agreement.objects.filter(pk=table.agreement.pk).update(notice_months=6)
    earliest = add_months(today(), 6)
    with pytest.raises(Incomplete, match="too early"):
        noticed(table, last_day=earliest - dt.timedelta(days=1))
    noticed(table, last_day=earliest)
    assert table.again().ends_early_on == earliest


def test_notice_lists_all_that_is_missing_and_wants_the_password():
    table = signed()
    with pytest.raises(Incomplete) as refusal:
        noticed(table, reason=" ", last_day=today())
    assert [problem.field for problem in refusal.value.problems] == ["reason", "last_day"]
    with pytest.raises(RuleBroken, match="password"):
        noticed(table, password_checked=False)
    assert table.again().status == Status.SIGNED_BY_BOTH


def test_only_the_party_that_gave_notice_takes_it_back():
    table = signed()
    noticed(table)
    back = {"agreement": table.again(), "password_checked": True}
    with pytest.raises(RuleBroken, match="Only the party"):
        standing.take_back_notice(party=table.force, by=table.signatory, **back)
    standing.take_back_notice(party=table.council, by=table.sro, **back)
    agreement = table.again()
    assert agreement.standing() == Standing.IN_FORCE
    assert (agreement.ends_early_on, agreement.notice_by, agreement.notice_reason) == (None, None, "")


def test_notice_that_took_effect_stays():
    table = signed()
    noticed(table)
    Agreement.objects.filter(pk=table.agreement.pk).update(ends_early_on=today() - dt.timedelta(days=1))
    with pytest.raises(IllegalMove):
        standing.take_back_notice(agreement=table.again(), party=table.council, by=table.sro, password_checked=True)


def test_the_word_that_there_is_none_is_one_and_ends():
    council, force = OrganisationFactory(), PoliceForceFactory()
    by = signed().spoc
    first = standing.declare_none(organisation=council, other=force, technology="anpr", by=by)
    again = standing.declare_none(organisation=force, other=council, technology="anpr", by=by)
    assert (again.pk, again.council, again.force) == (first.pk, council, force)
    standing.end_none(word=first, by=by)
    assert not NoAgreement.objects.current().exists()
    assert standing.declare_none(organisation=council, other=force, technology="anpr", by=by).pk != first.pk


def test_none_is_refused_while_an_agreement_covers_it_and_ends_with_the_next_one():
    council, force = OrganisationFactory(), PoliceForceFactory()
    agreed = text_agreed(council=council, force=force)
    for technology in ("cctv", "anpr"):
        standing.declare_none(organisation=council, other=force, technology=technology, by=agreed.spoc)
    agreed.sign(Side.COUNCILS)
    agreed.sign(Side.POLICE)
    assert list(NoAgreement.objects.current().values_list("technology", flat=True)) == ["anpr"]
    with pytest.raises(RuleBroken, match="in force"):
        standing.declare_none(organisation=council, other=force, technology="cctv", by=agreed.spoc)


def test_none_is_between_a_council_and_the_police():
    council, by = OrganisationFactory(), signed().spoc
    with pytest.raises(RuleBroken, match="one council"):
        standing.declare_none(organisation=council, other=OrganisationFactory(), technology="cctv", by=by)


def test_a_review_that_is_due_waits_for_who_speaks_for_each_side():
    table = signed()
    Agreement.objects.filter(pk=table.agreement.pk).update(review_on=today() - dt.timedelta(days=1))
    for user in (table.spoc, table.police_spoc):
        assert ["review is due" in str(each.label) for each in waiting(user)] == [True]
    assert list(waiting(table.sro)) == []
