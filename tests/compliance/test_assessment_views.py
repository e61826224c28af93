"""Pages of a self-assessment: who sees them, what they cost, what they refuse, and that typed text is never lost."""

import html
import json

import pytest
from django.contrib.messages import get_messages

from accounts.models import Role
from compliance.models import ActionItem, Answer, Assessment, CodeEdition, SignedAssessment
from compliance.services.answers import save_answer
from tests.factories.accounts import PASSWORD, MembershipFactory, UserFactory, member
from tests.factories.compliance import (
    ActionItemFactory,
    AnswerFactory,
    AssessmentFactory,
    CameraSystemFactory,
    CodeEditionFactory,
    answer_everything,
    finished_assessment,
    real_edition,
    signed_assessment,
    waiting_assessment,
)

pytestmark = pytest.mark.django_db

ROLES = [Role.CONTRIBUTOR, Role.SCHEME_MANAGER, Role.SPOC, Role.SRO, Role.DPO, Role.VIEWER]
EDITORS = {Role.CONTRIBUTOR, Role.SCHEME_MANAGER, Role.SPOC}


def at(assessment, rest=""):
    return f"/workspace/{assessment.system.operator.slug}/assessments/{assessment.reference}/{rest}"


def sign_in(client, assessment, role=Role.SPOC):
    person = member(assessment.system.operator, role)
    client.force_login(person)
    return person


def messages_of(page):
    return [str(message) for message in get_messages(page.wsgi_request)]


# --- who sees what ---

READING = ["", "scope/", "principles/1/", "questions/1/", "questions/1/history/", "check/"]


@pytest.mark.parametrize("rest", READING)
def test_everybody_of_the_operator_reads_and_strangers_get_404(client, rest):
    assessment = AssessmentFactory()
    for role in ROLES:
        sign_in(client, assessment, role)
        assert client.get(at(assessment, rest)).status_code == 200
    client.force_login(MembershipFactory().user)
    assert client.get(at(assessment, rest)).status_code == 404
    both = member(assessment.system.operator, Role.SPOC)
    other = MembershipFactory(user=both).organisation
    client.force_login(both)
    wrong_place = at(assessment, rest).replace(assessment.system.operator.slug, other.slug)
    assert client.get(wrong_place).status_code == 404


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("rest", "make", "allowed"),
    [
        ("questions/1/", AssessmentFactory, EDITORS),
        ("scope/", AssessmentFactory, EDITORS),
        ("actions/add/?principle=1", AssessmentFactory, EDITORS),
        ("send/", finished_assessment, {Role.SPOC}),
        ("abandon/", finished_assessment, {Role.SPOC}),
        ("sign/", waiting_assessment, {Role.SRO}),
        ("return/", waiting_assessment, {Role.SRO}),
    ],
)
def test_a_colleague_without_the_role_gets_403(client, role, rest, make, allowed):
    assessment = make()
    sign_in(client, assessment, role)
    answer = client.post(at(assessment, rest), {"version": "0"})
    assert (answer.status_code == 403) is (role not in allowed)


@pytest.mark.parametrize("role", ROLES)
def test_starting_is_for_the_scheme_manager(client, role):
    system = CameraSystemFactory()
    CodeEditionFactory()
    client.force_login(member(system.operator, role))
    page = client.post(f"/workspace/{system.operator.slug}/assessments/start/", {"system": system.reference})
    assert page.status_code == (302 if role in {Role.SCHEME_MANAGER, Role.SPOC} else 403)


def test_a_button_that_one_cannot_use_is_not_shown(client):
    assessment = finished_assessment()
    sign_in(client, assessment, Role.VIEWER)
    for rest in ("", "check/", "questions/1/", "scope/", "principles/1/"):
        page = client.get(at(assessment, rest)).content.decode()
        for word in ("Save and continue", "Go on to sign-off", ">Abandon", ">Change<", "Add an action", "next open"):
            assert word not in page


# --- list and start ---


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_shows_own_ones_newest_first_at_constant_cost(client, django_assert_num_queries, rows):
    spoc = MembershipFactory(role=Role.SPOC)
    own = [finished_assessment(system__operator=spoc.organisation) for _ in range(rows)]
    ActionItemFactory.create_batch(2, assessment=own[0])
    AssessmentFactory()
    client.force_login(spoc.user)
    with django_assert_num_queries(6):
        page = client.get(f"/workspace/{spoc.organisation.slug}/assessments/")
    shown = page.context["assessments"]
    assert [row["reference"] for row in shown] == [assessment.reference for assessment in own[::-1]]
    assert (shown[-1]["answered"], shown[-1]["open_actions"]) == (9, 2)


def test_the_list_is_paged(client):
    spoc = MembershipFactory(role=Role.SPOC)
    edition = CodeEditionFactory()
    AssessmentFactory.create_batch(21, system__operator=spoc.organisation, edition=edition)
    client.force_login(spoc.user)
    second = client.get(f"/workspace/{spoc.organisation.slug}/assessments/?page=2")
    assert len(second.context["assessments"]) == 1


def test_a_second_start_is_refused_with_a_link_to_the_first(client):
    assessment = AssessmentFactory()
    sign_in(client, assessment, Role.SCHEME_MANAGER)
    page = client.post(
        f"/workspace/{assessment.system.operator.slug}/assessments/start/", {"system": assessment.system.reference}
    )
    assert page.status_code == 422
    (problem,) = page.context["summary"]
    assert problem.url == at(assessment)
    assert Assessment.objects.count() == 1


@pytest.mark.parametrize("reference", ["CS-NOTHERE", "", "' OR 1=1"])
def test_a_forged_system_is_refused(client, reference):
    other = CameraSystemFactory()
    spoc = MembershipFactory(role=Role.SPOC)
    client.force_login(spoc.user)
    start = f"/workspace/{spoc.organisation.slug}/assessments/start/"
    assert client.post(start, {"system": reference}).status_code == 422
    assert client.post(start, {"system": other.reference}).status_code == 422
    assert Assessment.objects.count() == 0


# --- cost of the pages ---


@pytest.mark.parametrize(
    ("rest", "queries"),
    [
        ("", 10),
        ("principles/1/", 9),
        ("questions/1/", 9),
        ("questions/5/", 10),
        ("check/", 9),
        ("questions/1/history/", 8),
    ],
)
@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_however_much_is_written(client, django_assert_num_queries, rest, queries, rows):
    assessment = AssessmentFactory(edition=real_edition())
    for number in range(1, rows + 1):
        AnswerFactory(assessment=assessment, question=assessment.edition.questions.get(number=number))
        ActionItemFactory(assessment=assessment, owner=UserFactory())
    sign_in(client, assessment)
    client.get(at(assessment, rest))
    with django_assert_num_queries(queries):
        client.get(at(assessment, rest))


def test_what_the_task_list_says(client):
    assessment = AssessmentFactory()
    AnswerFactory(assessment=assessment)
    sign_in(client, assessment)
    page = client.get(at(assessment))
    tasks = page.context["tasks"]
    assert [(task["status"], task["hint"]) for task in tasks[1:]] == [
        ("In progress", "1 of 3 answered"),
        ("Not started", "0 of 3 answered, 3 do not apply"),
    ]
    assert page.context["next_open"] == at(assessment, "questions/2/")
    assert "%" not in page.context["counts"]
    assert "compliant" not in page.content.decode()


def test_every_page_says_whose_wording_it_is(client):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    for rest in ("", "principles/1/", "questions/1/", "check/"):
        page = html.unescape(client.get(at(assessment, rest)).content.decode())
        assert assessment.edition.wording_note in page
        assert assessment.edition.source_url in page


# --- one question ---


def test_nothing_is_ticked_before_it_was_answered(client):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    for number in range(1, 10):
        assert " checked" not in client.get(at(assessment, f"questions/{number}/")).content.decode()


def test_a_saved_answer_leads_to_the_next_question_that_is_asked(client):
    assessment = AssessmentFactory()
    person = sign_in(client, assessment, Role.CONTRIBUTOR)
    page = client.post(at(assessment, "questions/4/"), {"choice": "no", "text": "", "version": "0"})
    assert (page.status_code, page.url) == (302, at(assessment, "questions/7/"))
    assert messages_of(page) == ["Question 4 is saved."]
    answer = Answer.objects.get()
    assert (answer.choice, answer.version, answer.updated_by) == ("no", 1, person)
    page = client.post(at(assessment, "questions/4/"), {"choice": "yes", "text": "", "version": "1"})
    assert page.url == at(assessment, "questions/5/")
    page = client.post(at(assessment, "questions/9/"), {"choice": "no", "text": "", "version": "0"})
    assert page.url == at(assessment, "check/")
    page = client.post(at(assessment, "questions/7/"), {"text": "x", "version": "0", "then": "list"})
    assert page.url == at(assessment, "principles/2/")


def test_not_applicable_is_a_tick_beside_an_open_question(client):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    client.post(at(assessment, "questions/7/"), {"text": "No rooms.", "not_applicable": "on", "version": "0"})
    answer = Answer.objects.get()
    assert (answer.choice, answer.text) == ("na", "No rooms.")
    assert " checked" in client.get(at(assessment, "questions/7/")).content.decode()


@pytest.mark.parametrize(
    ("number", "sent", "kept"),
    [
        (1, {"text": "Long " + "x" * 4000, "version": "0"}, "Long xxx"),
        (1, {"text": "Bell \x07 here", "version": "0"}, "Bell"),
        (1, {"text": "My words", "version": "-1"}, "My words"),
        (1, {"text": "My words", "version": "99"}, "My words"),
        (1, {"text": "My words", "version": "9" * 30}, "My words"),
        (1, {"text": "My words", "version": "one"}, "My words"),
        (1, {"text": "My words"}, "My words"),
        (4, {"choice": "na", "text": "My words", "version": "0"}, "My words"),
        (4, {"choice": "compliant", "text": "My words", "version": "0"}, "My words"),
    ],
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(client, number, sent, kept):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    page = client.post(at(assessment, f"questions/{number}/"), sent)
    assert page.status_code == 422
    assert kept in page.content.decode()
    assert page.context["summary"]
    assert Answer.objects.count() == 0


@pytest.mark.parametrize(
    "rest", ["questions/0/", "questions/76/", "questions/999999999999999999999/", "principles/0/", "principles/13/"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_questions_and_principles_that_do_not_exist(client, rest, method):
    assessment = AssessmentFactory(edition=real_edition())
    sign_in(client, assessment)
    assert getattr(client, method)(at(assessment, rest)).status_code in ({404} if "q" in rest else {404, 405})


@pytest.mark.parametrize("rest", ["questions/76/history/", "questions/99999999999999999999/history/"])
def test_histories_that_do_not_exist(client, rest):
    assessment = AssessmentFactory(edition=real_edition())
    sign_in(client, assessment)
    assert client.get(at(assessment, rest)).status_code == 404


def test_a_question_that_is_not_asked_says_why_and_shows_what_is_kept(client):
    assessment = AssessmentFactory()
    AnswerFactory(assessment=assessment, question=assessment.edition.questions.get(number=5), text="Forty people")
    sign_in(client, assessment)
    page = client.get(at(assessment, "questions/5/")).content.decode()
    assert "Asked only if the answer to question 4 is yes." in page
    assert "Forty people" in page
    assert "Save and continue" not in page
    assert "Does not apply, because" in client.get(at(assessment, "questions/6/")).content.decode()


# --- conflicts ---


def test_two_writers_see_both_texts_and_nothing_is_lost(client):
    assessment = AssessmentFactory()
    other = UserFactory(name="Other Writer")
    question = assessment.edition.questions.get(number=1)
    save_answer(assessment=assessment, question=question, choice="", text="Theirs <b>", version=0, by=other)
    sign_in(client, assessment)
    url = at(assessment, "questions/1/")
    page = client.post(url, {"text": "Mine", "version": "0"})
    assert page.status_code == 409
    body = page.content.decode()
    assert "Mine" in body
    assert "Theirs &lt;b&gt;" in body
    assert "Other Writer" in body
    assert page.context["mine_fields"] == [("choice", ""), ("text", "Mine"), ("version", 1)]
    merged = page.context["form"]
    assert (merged.initial["text"], merged.initial["version"]) == ("Mine\n\nTheirs <b>", 1)
    assert client.post(url, dict(page.context["mine_fields"])).status_code == 302
    answer = Answer.objects.get()
    assert (answer.text, answer.version) == ("Mine", 2)
    assert set(answer.revisions.values_list("text", flat=True)) == {"Mine", "Theirs <b>"}


def test_a_third_writer_during_the_merger_is_a_conflict_again(client):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    url, question = at(assessment, "questions/1/"), assessment.edition.questions.get(number=1)
    save_answer(assessment=assessment, question=question, choice="", text="A", version=0, by=UserFactory())
    save_answer(assessment=assessment, question=question, choice="", text="B", version=1, by=UserFactory())
    assert client.post(url, {"text": "Merged", "version": "1"}).status_code == 409
    assert Answer.objects.get().text == "B"


def test_a_double_click_saves_once(client):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    for _ in range(2):
        assert client.post(at(assessment, "questions/1/"), {"text": "Once", "version": "0"}).status_code == 302
    assert Answer.objects.get().version == 1


def test_an_action_typed_beside_a_conflicting_answer_goes_along(client):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    question = assessment.edition.questions.get(number=3)
    save_answer(assessment=assessment, question=question, choice="no", text="", version=0, by=UserFactory())
    sent = {"choice": "yes", "text": "", "version": "0", **an_action()}
    page = client.post(at(assessment, "questions/3/"), sent)
    assert page.status_code == 409
    assert ActionItem.objects.count() == 0
    assert client.post(at(assessment, "questions/3/"), dict(page.context["mine_fields"])).status_code == 302
    assert ActionItem.objects.get().description == "New signs"
    assert Answer.objects.get().choice == "yes"


@pytest.mark.parametrize("rest", ["questions/1/", "scope/"])
def test_a_save_after_it_was_sent_is_409_and_shows_what_was_typed(client, rest):
    assessment = waiting_assessment()
    sign_in(client, assessment)
    page = client.post(at(assessment, rest), {"text": "Too late", "scope": "Too late", "version": "1"})
    assert page.status_code == 409
    assert "Too late" in page.content.decode()
    assert "Save and continue" not in page.content.decode()


def test_two_writers_of_the_scope(client):
    assessment = finished_assessment()
    sign_in(client, assessment)
    page = client.post(at(assessment, "scope/"), {"scope": "Mine", "version": "0"})
    assert page.status_code == 409
    assert "The cameras of the town centre." in page.content.decode()
    assert client.post(at(assessment, "scope/"), dict(page.context["mine_fields"])).status_code == 302
    assessment.refresh_from_db()
    assert (assessment.scope, assessment.scope_version) == ("Mine", 2)


def test_the_history_lists_every_version(client):
    assessment = AssessmentFactory()
    question = assessment.edition.questions.get(number=2)
    for version, text in enumerate(("First", "Second")):
        save_answer(
            assessment=assessment, question=question, choice="yes", text=text, version=version, by=UserFactory()
        )
    sign_in(client, assessment, Role.VIEWER)
    versions = client.get(at(assessment, "questions/2/history/")).context["versions"]
    assert [(v["number"], v["choice"], v["text"]) for v in versions] == [(2, "Yes", "Second"), (1, "Yes", "First")]


# --- gaps and actions ---


def an_action(**changes):
    values = {"description": "New signs", "priority": "high", "owner": "", "day": "27", "month": "3", "year": "2027"}
    values |= changes
    dates = {f"action-due_on_{part}": values.pop(part) for part in ("day", "month", "year")}
    return {**{f"action-{name}": value for name, value in values.items()}, **dates}


def test_a_gap_without_an_action_stays_on_its_page_and_asks_for_one(client):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    url = at(assessment, "questions/3/")
    nothing = an_action(description="", priority="medium", day="", month="", year="")
    page = client.post(url, {"choice": "yes", "text": "", "version": "0", **nothing})
    assert page.url == f"{url}#actions"
    assert "plan at least one action" in client.get(url).content.decode()
    page = client.post(url, {"choice": "yes", "text": "", "version": "1", **an_action()})
    assert page.url == f"{url}#actions"
    action = ActionItem.objects.get()
    assert (action.description, action.priority, action.question.number) == ("New signs", "high", 3)
    page = client.post(url, {"choice": "yes", "text": "", "version": "1", **nothing})
    assert page.url == at(assessment, "questions/4/")


@pytest.mark.parametrize(
    "changes",
    [{"day": "31", "month": "2"}, {"year": "2020"}, {"description": ""}, {"owner": "999"}, {"priority": "no"}],
)
def test_a_half_filled_action_is_refused_and_the_answer_waits_with_it(client, changes):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    sent = {"choice": "yes", "text": "My words", "version": "0", **an_action(**changes)}
    page = client.post(at(assessment, "questions/3/"), sent)
    assert page.status_code == 422
    assert "My words" in page.content.decode()
    assert page.context["summary"]
    assert (Answer.objects.count(), ActionItem.objects.count()) == (0, 0)


def test_ready_made_words_fill_the_form(client):
    assessment = AssessmentFactory(edition=real_edition())
    sign_in(client, assessment)
    url = at(assessment, "actions/add/?principle=3")
    page = client.get(url)
    assert [link["text"] for link in page.context["ready_made"]] == [
        "Survey all signs and replace those without operator, purpose or contact",
        "Name the single point of contact and publish how to reach the post",
    ]
    filled = client.get(page.context["ready_made"][0]["url"])
    assert filled.context["form"].initial["description"].startswith("Survey all signs")
    sent = {"description": "Mine", "priority": "low", "due_on_day": "1", "due_on_month": "2", "due_on_year": "2027"}
    assert client.post(url, sent).url == at(assessment, "principles/3/")
    assert ActionItem.objects.get().principle.number == 3


@pytest.mark.parametrize("principle", ["13", "0", "", "x", "-1", "99999999999999999999", "٣"])
def test_an_action_under_no_principle(client, principle):
    assessment = AssessmentFactory(edition=real_edition())
    sign_in(client, assessment)
    assert client.get(at(assessment, f"actions/add/?principle={principle}")).status_code == 404


# --- check, send, return, sign ---


def test_check_lists_every_problem_with_its_page(client):
    assessment = AssessmentFactory()
    sign_in(client, assessment)
    page = client.get(at(assessment, "check/"))
    assert [p.url for p in page.context["blockers"]] == [
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
    with django_assert_num_queries(9):
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
    assert client.get(at(assessment, "sign/")).status_code == 409


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
    assert json.loads(answer.content)["schema"] == "ccp/self-assessment/1"
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


@pytest.mark.parametrize("status", Assessment.Status.values)
def test_every_page_can_be_read_at_every_stage(client, status):
    assessment = finished_assessment()
    ActionItemFactory(assessment=assessment)
    Assessment.objects.filter(pk=assessment.pk).update(status=status)
    sign_in(client, assessment)
    for rest in READING:
        assert client.get(at(assessment, rest)).status_code == 200
