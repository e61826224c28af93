"""Pages from check to signature: what is missing, who is told, the password again, and what was signed."""

import json

import pytest

from accounts.models import Role
from certification.services.signatures import newest_signed
from compliance.models import Answer, Assessment, CodeEdition, SignedAssessment
from compliance.models.vocabulary import Technology
from compliance.services.actions import move_action
from compliance.services.signing import return_with_comments, send_for_sign_off
from tests.compliance.pages import at, sign_in
from tests.factories.accounts import PASSWORD, member
from tests.factories.compliance import (
    ActionItemFactory,
    AssessmentFactory,
    CameraSystemFactory,
    SystemTechnologyFactory,
    answer_everything,
    finished_assessment,
    signed_assessment,
    waiting_assessment,
)

pytestmark = pytest.mark.django_db


def test_check_lists_every_problem_with_its_page(client):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    page = client.get(at(assessment, "check/"))
    assert [p["url"] for p in page.context["blockers"]] == [
        at(assessment, rest) for rest in ("scope/", *(f"questions/{n}/" for n in (1, 2, 3, 4, 7, 9)))
    ]
    assert "Go on to sign-off" not in page.content.decode()
    answer_everything(assessment)
    assert "Go on to sign-off" in client.get(at(assessment, "check/")).content.decode()


def test_sending_says_who_is_told(client):
    assessment = finished_assessment()
    sro = member(assessment.system.operator, Role.SRO)
    sign_in(client, assessment)
    page = client.get(at(assessment, "send/"))
    assert page.context["told"] == [sro.name]
    assert Assessment.objects.get().status == "draft"
    assert client.post(at(assessment, "send/")).url == at(assessment)
    assert Assessment.objects.get().status == "ready_for_sign_off"
    assert client.post(at(assessment, "send/")).status_code == 409
    assert client.get(at(assessment, "send/")).status_code == 409


def test_an_incomplete_one_sent_anyway_is_422_with_links(client):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    page = client.post(at(assessment, "send/"))
    assert page.status_code == 422
    assert at(assessment, "questions/9/") in page.content.decode()


def test_the_sro_returns_with_comments(client):
    assessment = waiting_assessment()
    sign_in(client, assessment, Role.SRO)
    assert client.post(at(assessment, "return/"), {"comments": " "}).status_code == 422
    assert client.post(at(assessment, "return/"), {"comments": "Say more on signs."}).url == at(assessment)
    page = client.get(at(assessment))
    assert "Say more on signs." in page.content.decode()
    assert client.post(at(assessment, "return/"), {"comments": "Again"}).status_code == 409


def a_signature(page, **changes):
    read = page.context["form"].initial["read_sha256"]
    return {"typed_name": "Sian Rees", "post": "Director", "password": PASSWORD, "read_sha256": read, **changes}


def test_the_sro_reads_the_whole_and_signs(client, django_assert_num_queries):
    assessment = waiting_assessment()
    sro = sign_in(client, assessment, Role.SRO)
    with django_assert_num_queries(10):
        page = client.get(at(assessment, "sign/"))
    body = page.content.decode()
    for number in (1, 2, 3, 4, 5, 7, 9):
        assert f"About question {number}." in body
    assert page.context["form"].initial["post"] == "Director of Communities"
    sent = a_signature(page)
    assert client.post(at(assessment, "sign/"), sent).url == at(assessment, "signed/")
    signed = SignedAssessment.objects.get()
    assert (signed.signed_by, signed.sha256) == (sro, sent["read_sha256"])
    assert client.post(at(assessment, "sign/"), sent).status_code == 302
    assert SignedAssessment.objects.count() == 1
    assert client.get(at(assessment, "sign/")).url == at(assessment)


def test_a_wrong_password_signs_nothing_and_loses_nothing(client):
    assessment = waiting_assessment()
    sign_in(client, assessment, Role.SRO)
    page = client.get(at(assessment, "sign/"))
    sent = a_signature(page, password="wrong", post="Head of Places")
    for status in [422] * 10 + [429]:
        refused = client.post(at(assessment, "sign/"), sent)
        assert refused.status_code == status
    body = refused.content.decode()
    assert "Sian Rees" in body
    assert "Head of Places" in body
    assert "wrong" not in body
    assert SignedAssessment.objects.count() == 0


@pytest.mark.parametrize(
    "changes", [{"typed_name": ""}, {"post": ""}, {"typed_name": "x\x07"}, {"read_sha256": "zz"}, {"password": ""}]
)
def test_an_unfinished_signature_is_422(client, changes):
    assessment = waiting_assessment()
    sign_in(client, assessment, Role.SRO)
    sent = a_signature(client.get(at(assessment, "sign/")), **changes)
    assert client.post(at(assessment, "sign/"), sent).status_code == 422
    assert SignedAssessment.objects.count() == 0


def test_what_changed_since_it_was_read_is_409(client):
    assessment = waiting_assessment()
    sign_in(client, assessment, Role.SRO)
    sent = a_signature(client.get(at(assessment, "sign/")), read_sha256="0" * 64)
    assert client.post(at(assessment, "sign/"), sent).status_code == 409
    assert SignedAssessment.objects.count() == 0


def test_every_problem_that_came_up_since_it_was_sent_stands_on_the_page_with_its_link_and_nothing_is_signed(client):
    assessment = finished_assessment()
    gap, empty = (assessment.answers.get(question__number=number) for number in (3, 8))
    Answer.objects.filter(pk=gap.pk).update(choice="yes")
    Answer.objects.filter(pk=empty.pk).update(choice="", text="")
    action = ActionItemFactory(assessment=assessment)
    send_for_sign_off(assessment=assessment, by=member(assessment.system.operator, Role.SPOC))
    sign_in(client, assessment, Role.SRO)
    read = a_signature(client.get(at(assessment, "sign/")))
    move_action(action=action, status="done", note="All replaced.", by=member(assessment.system.operator, Role.SPOC))
    SystemTechnologyFactory(system=assessment.system, technology=Technology.BWV)
    links = [at(assessment, "questions/3/"), at(assessment, "questions/8/")]
    page = client.get(at(assessment, "sign/"))
    assert [problem.url for problem in page.context["blockers"]] == links
    refused = client.post(at(assessment, "sign/"), read)
    assert refused.status_code == 422
    for shown in (page, refused):
        assert all(f'href="{link}"' in shown.content.decode() for link in links)
    assert SignedAssessment.objects.count() == 0


def test_the_signed_page_reads_the_frozen_text_and_gives_its_bytes(client):
    assessment = signed_assessment()
    signed = SignedAssessment.objects.get()
    Answer.objects.filter(assessment=assessment).update(text="Altered afterwards")
    CodeEdition.objects.update(title="Renamed")
    sign_in(client, assessment, Role.VIEWER)
    page = client.get(at(assessment, "signed/"))
    body = page.content.decode()
    assert "About question 1." in body
    assert "Altered afterwards" not in body
    assert signed.sha256 in body
    assert page.context["holds"] is True
    answer = client.get(at(assessment, "signed.json"))
    assert answer.content == signed.content.encode()
    assert json.loads(answer.content)["schema"] == "ccp/self-assessment/2"
    assert answer["Content-Disposition"].startswith("attachment")


def test_an_unsigned_one_has_no_signed_page(client):
    assessment = waiting_assessment()
    sign_in(client, assessment)
    assert client.get(at(assessment, "signed/")).status_code == 404
    assert client.get(at(assessment, "signed.json")).status_code == 404


def test_abandoning_asks_first(client):
    assessment = finished_assessment()
    sign_in(client, assessment)
    assert client.get(at(assessment, "abandon/")).status_code == 200
    assert client.post(at(assessment, "abandon/"), {"reason": "Wrong system"}).status_code == 302
    assert Assessment.objects.get().status == "abandoned"
    assert client.get(at(assessment, "abandon/")).status_code == 409
    assert client.get(at(assessment)).status_code == 200


def test_others_that_wait_are_read_and_signed_in_one_act(client, django_assert_num_queries):
    first = waiting_assessment(system__name="ANPR")
    operator = first.system.operator
    second = waiting_assessment(system=CameraSystemFactory(operator=operator, name="CCTV"))
    third = waiting_assessment(system=CameraSystemFactory(operator=operator, name="Vans"))
    foreign = waiting_assessment(system__name="Elsewhere")
    sign_in(client, first, Role.SRO)
    page = client.get(at(first, "sign/"))
    assert [(o["system"], o["taken"]) for o in page.context["others"]] == [("CCTV", False), ("Vans", False)]
    alone = page.context["form"].initial["read_sha256"]
    address = at(first, f"sign/?with={second.reference}&with={foreign.reference}")
    with django_assert_num_queries(12):
        page = client.get(address)
    assert [whole["assessment"] for whole in page.context["wholes"]] == [first, second]
    assert [(o["system"], o["taken"]) for o in page.context["others"]] == [("CCTV", True), ("Vans", False)]
    assert client.post(address, a_signature(page, read_sha256=alone)).status_code == 409
    assert SignedAssessment.objects.count() == 0
    sent = a_signature(page)
    assert client.post(address, sent).url == at(first, "signed/")
    assert client.post(address, sent).url == at(first, "signed/")
    signed = SignedAssessment.objects.get()
    assert (list(signed.assessments.order_by("pk")), signed.sha256) == ([first, second], sent["read_sha256"])
    assert Assessment.objects.get(pk=third.pk).status == "ready_for_sign_off"
    assert client.get(at(second, "signed/")).context["together"] == ["ANPR"]
    assert newest_signed(operator, [first.system, second.system]) == [signed]


def test_one_of_several_that_came_back_is_not_signed(client):
    first = waiting_assessment()
    second = waiting_assessment(system=CameraSystemFactory(operator=first.system.operator))
    sro = sign_in(client, first, Role.SRO)
    address = at(first, f"sign/?with={second.reference}")
    sent = a_signature(client.get(address))
    return_with_comments(assessment=second, comments="Say more.", by=sro)
    assert client.post(address, sent).status_code == 409
    assert SignedAssessment.objects.count() == 0
