"""Evidence of an answer that serves several systems: shared with all of them by one act, or with none."""

import pytest

from accounts.models import Role
from compliance.models import Assessment, EvidenceUse
from compliance.services.evidence import attach, share_with_linked
from compliance.services.links import link, unlink
from core.errors import IllegalMove, RuleBroken
from core.models import TrailEntry
from tests.compliance.pages import at, sign_in
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.compliance import AssessmentFactory, CameraSystemFactory, CodeEditionFactory, EvidenceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def three():
    """Drafts of one operator: the first two share the answer to question 1, and the first has two documents there."""
    operator, edition = OrganisationFactory(), CodeEditionFactory()
    made = [
        AssessmentFactory(system=CameraSystemFactory(operator=operator, name=name), edition=edition)
        for name in ("ANPR", "CCTV", "Vans")
    ]
    by, question = member(operator, Role.SPOC), edition.questions.get(number=1)
    link(question=question, assessments=made[:2], keep=made[0], by=by)
    for title in ("Code of practice", "DPIA"):
        evidence = EvidenceFactory(operator=operator, title=title)
        attach(evidence=evidence, assessment=made[0], question=question, by=by)
    return made, question, by


def titles(assessment):
    used = EvidenceUse.objects.filter(assessment=assessment, question__number=1)
    return sorted(used.values_list("evidence__title", flat=True))


def test_the_linked_answer_gets_what_it_lacks_once_and_no_other_does(three):
    (first, second, third), question, by = three
    own = EvidenceFactory(operator=first.system.operator, title="Survey")
    dpia = EvidenceUse.objects.get(assessment=first, evidence__title="DPIA").evidence
    for evidence in (own, dpia):
        attach(evidence=evidence, assessment=second, question=question, by=by)
    assert share_with_linked(assessment=first, question=question, by=by) == 1
    entries = TrailEntry.objects.count()
    assert share_with_linked(assessment=first, question=question, by=by) == 0
    assert TrailEntry.objects.count() == entries
    assert [titles(one) for one in (first, second, third)] == [
        ["Code of practice", "DPIA"],
        ["Code of practice", "DPIA", "Survey"],
        [],
    ]
    assert first.system.evidence.filter(title="Code of practice").get().systems.count() == 2


def test_nothing_is_shared_where_a_linked_one_waits_for_sign_off_or_the_own_one_is_not_in_draft(three):
    (first, second, third), question, by = three
    link(question=question, assessments=[first, second, third], keep=first, by=by)
    Assessment.objects.filter(pk=third.pk).update(status=Assessment.Status.READY)
    with pytest.raises(RuleBroken, match="Vans"):
        share_with_linked(assessment=first, question=question, by=by)
    assert [titles(one) for one in (second, third)] == [[], []]
    Assessment.objects.filter(pk=first.pk).update(status=Assessment.Status.SIGNED)
    with pytest.raises(IllegalMove):
        share_with_linked(assessment=first, question=question, by=by)


def test_the_page_offers_it_where_there_is_something_to_share_and_somebody_to_share_with(
    client, three, django_assert_max_num_queries
):
    (first, second, third), question, by = three
    person = sign_in(client, first)
    offered = at(first, "questions/1/evidence/share/")
    with django_assert_max_num_queries(10):
        page = client.get(at(first, "questions/1/")).content.decode()
    assert f'action="{offered}"' in page
    for other in (second, third):
        assert "/evidence/share/" not in client.get(at(other, "questions/1/")).content.decode()
    sent = client.post(offered, follow=True)
    assert "The other linked systems use this evidence now, too." in sent.content.decode()
    assert "Nothing was left to do" in client.post(offered, follow=True).content.decode()
    assert titles(second) == ["Code of practice", "DPIA"]
    assert EvidenceUse.objects.filter(assessment=second, added_by=person).count() == 2
    unlink(assessment=first, question=question, by=by)
    assert "/evidence/share/" not in client.get(at(first, "questions/1/")).content.decode()
