"""Appeals: once, within the time, decided by people with part in neither the review nor the decision."""

import datetime as dt

import pytest

from accounts.models import Notification, Role
from certification.models import Appeal, Application, Decision
from certification.services.appeals import appeal, decision_to_appeal, who_may_decide
from certification.services.decisions import decide
from core.errors import IllegalMove, Incomplete, RuleBroken
from tests.factories.accounts import MembershipFactory, member
from tests.factories.certification import Parties

pytestmark = pytest.mark.django_db
Status = Application.Status


@pytest.fixture
def parties() -> Parties:
    return Parties.make()


def declined(parties: Parties) -> Application:
    application = parties.recommended("decline")
    decide(application=application, outcome="decline", reasons="Signs are missing.", by=parties.decider)
    return application


def appealed(parties: Parties) -> Application:
    application = declined(parties)
    appeal(application=application, grounds="The signs were there.", by=parties.spoc)
    return application


def fresh(person):
    return type(person).objects.get(pk=person.pk)


def test_a_third_person_awards_on_appeal(parties):
    third = member(parties.body, Role.DECISION_MAKER)
    application = appealed(parties)
    assert application.status == Status.APPEALED
    assert "The signs were there." in Notification.objects.filter(user=third).latest("pk").body
    assert not Notification.objects.filter(user=parties.decider, subject__contains="appeal").exists()
    assert who_may_decide(application) == [third]
    decision = decide(application=application, outcome="award", reasons="They were.", by=third)
    assert (decision.on_appeal, application.status) == (True, Status.AWARDED)
    assert application.certificate is not None


def test_who_decided_or_reviewed_never_decides_the_appeal(parties):
    MembershipFactory(user=parties.auditor, organisation=parties.body, role=Role.DECISION_MAKER)
    application = appealed(parties)
    for person in (parties.decider, parties.auditor):
        assert not fresh(person).has_perm("certification.decide", application)
        with pytest.raises(RuleBroken, match="must not decide"):
            decide(application=application, outcome="award", reasons="x", by=person)
    assert Decision.objects.count() == 1


def test_a_decision_on_appeal_is_final(parties):
    third = member(parties.body, Role.DECISION_MAKER)
    application = appealed(parties)
    decide(application=application, outcome="decline", reasons="They were not.", by=third)
    assert application.status == Status.DECLINED
    assert decision_to_appeal(application) is None
    with pytest.raises(RuleBroken, match="already"):
        appeal(application=application, grounds="Again.", by=parties.spoc)
    assert "They were not." in Notification.objects.filter(user=parties.spoc).latest("pk").body


def test_an_appeal_does_not_go_back_to_the_auditor(parties):
    third = member(parties.body, Role.DECISION_MAKER)
    with pytest.raises(Incomplete):
        decide(application=appealed(parties), outcome="back", reasons="x", by=third)


def test_where_nobody_qualifies_the_manager_is_told_so(parties):
    application = appealed(parties)
    assert who_may_decide(application) == []
    assert "Nobody at your organisation" in Notification.objects.filter(user=parties.manager).latest("pk").body


def test_whoever_belongs_to_the_applicant_does_not_qualify(parties):
    third = member(parties.body, Role.DECISION_MAKER)
    MembershipFactory(user=third, organisation=parties.operator, role=Role.VIEWER)
    application = appealed(parties)
    assert who_may_decide(application) == []
    with pytest.raises(RuleBroken, match="Impartiality"):
        decide(application=application, outcome="award", reasons="x", by=third)


@pytest.mark.parametrize(("days", "taken"), [(28, True), (29, False)])
def test_the_time_for_an_appeal_ends_with_its_last_day(parties, days, taken):
    application = declined(parties)
    decision = application.decisions.get()
    noon = decision.at.replace(hour=12)  # the same day in London, whether its clocks have changed since or not
    Decision.objects.filter(pk=decision.pk).update(at=noon - dt.timedelta(days=days))
    assert (decision_to_appeal(application) is not None) is taken
    if not taken:
        with pytest.raises(RuleBroken, match="28 days"):
            appeal(application=application, grounds="x", by=parties.spoc)
    else:
        appeal(application=application, grounds="x", by=parties.spoc)


def test_an_appeal_needs_grounds_and_a_declined_application(parties):
    application = declined(parties)
    with pytest.raises(Incomplete):
        appeal(application=application, grounds="  ", by=parties.spoc)
    with pytest.raises(IllegalMove):
        appeal(application=parties.recommended(), grounds="x", by=parties.spoc)
    assert not Appeal.objects.exists()
