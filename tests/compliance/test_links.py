"""One answer for several systems: linking and unlinking lose nothing, and the pages that show it."""

import pytest

from accounts.models import Role
from compliance.models import AnswerLink, AnswerRevision, Assessment, LinkedAnswer
from compliance.services.answers import AnswerConflict, save_answer
from compliance.services.links import link, linked_with, unlink
from compliance.services.signing import send_for_sign_off
from core.errors import IllegalMove, RuleBroken
from core.models import TrailEntry
from tests.compliance.pages import at
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.compliance import (
    AnswerFactory,
    AssessmentFactory,
    CameraSystemFactory,
    CodeEditionFactory,
    answer_everything,
)

pytestmark = pytest.mark.django_db


def drafts(*names, operator=None, edition=None):
    """Drafts of one operator on one edition, one for each system name, each with a first answer of its own."""
    operator = operator or OrganisationFactory()
    edition = edition or CodeEditionFactory()
    made = [
        AssessmentFactory(system=CameraSystemFactory(operator=operator, name=name), edition=edition) for name in names
    ]
    for assessment in made:
        AnswerFactory(
            assessment=assessment, question=edition.questions.get(number=1), text=f"Of {assessment.system.name}."
        )
    return made


def first_question(assessment):
    return assessment.edition.questions.get(number=1)


def texts(assessments):
    return [a.answers.get(question__number=1).text for a in assessments]


def partners_of(assessment, question):
    return linked_with([assessment]).get((assessment.pk, question.pk), [])


def spoc_of(assessment):
    return member(assessment.system.operator, Role.SPOC)


def test_the_kept_answer_replaces_the_others_and_history_keeps_them():
    made = drafts("ANPR", "CCTV", "Vans")
    by, question = spoc_of(made[0]), first_question(made[0])
    link(question=question, assessments=made, keep=made[1], by=by)
    assert texts(made) == ["Of CCTV."] * 3
    replaced = made[0].answers.get(question=question)
    assert [(r.version, r.text, r.origin, r.note) for r in replaced.revisions.all()] == [
        (2, "Of CCTV.", "linked", made[1].reference),
        (1, "Of ANPR.", "typed", ""),
    ]
    assert made[1].answers.get(question=question).version == 1
    entry = TrailEntry.objects.filter(verb="linked").first()
    assert entry is not None
    assert entry.after["kept"] == made[1].reference
    assert TrailEntry.objects.filter(verb="linked").count() == 3


def test_from_then_on_one_save_writes_all():
    made = drafts("ANPR", "CCTV")
    by, question = spoc_of(made[0]), first_question(made[0])
    link(question=question, assessments=made, keep=made[0], by=by)
    save_answer(assessment=made[1], question=question, choice="", text="Both.", version=2, by=by)
    assert texts(made) == ["Both.", "Both."]


def test_the_same_link_again_changes_nothing():
    made = drafts("ANPR", "CCTV")
    by, question = spoc_of(made[0]), first_question(made[0])
    one = link(question=question, assessments=made, keep=made[0], by=by)
    before = AnswerRevision.objects.count(), TrailEntry.objects.count()
    assert link(question=question, assessments=made[::-1], keep=made[1], by=by) == one
    assert (AnswerRevision.objects.count(), TrailEntry.objects.count()) == before


def test_unlinking_changes_no_answer_and_the_last_one_alone_is_no_link():
    made = drafts("ANPR", "CCTV", "Vans")
    by, question = spoc_of(made[0]), first_question(made[0])
    link(question=question, assessments=made, keep=made[0], by=by)
    unlink(assessment=made[0], question=question, by=by)
    assert texts(made) == ["Of ANPR."] * 3
    assert partners_of(made[1], question) == [made[2]]
    unlink(assessment=made[1], question=question, by=by)
    assert (AnswerLink.objects.count(), LinkedAnswer.objects.count()) == (0, 0)
    unlink(assessment=made[1], question=question, by=by)
    assert TrailEntry.objects.filter(verb="unlinked").count() == 2
    save_answer(assessment=made[0], question=question, choice="", text="Alone.", version=1, by=by)
    assert texts(made) == ["Alone.", "Of ANPR.", "Of ANPR."]


def test_who_joins_another_link_leaves_the_old_one():
    made = drafts("ANPR", "CCTV", "Vans", "Zoo")
    by, question = spoc_of(made[0]), first_question(made[0])
    link(question=question, assessments=made[:3], keep=made[0], by=by)
    link(question=question, assessments=made[2:], keep=made[3], by=by)
    assert partners_of(made[0], question) == [made[1]]
    assert partners_of(made[2], question) == [made[3]]
    assert texts(made) == ["Of ANPR.", "Of ANPR.", "Of Zoo.", "Of Zoo."]


def refusals():
    made = drafts("ANPR", "CCTV")
    stranger = drafts("Elsewhere", edition=made[0].edition)[0]
    older = drafts("Older", operator=made[0].system.operator)[0]
    empty = AssessmentFactory(system=CameraSystemFactory(operator=made[0].system.operator), edition=made[0].edition)
    carried = drafts("Carried", operator=made[0].system.operator, edition=made[0].edition)[0]
    carried.answers.update(carried_from="SA-1")
    return made, {
        "one alone": ([made[0]], made[0]),
        "the same twice": ([made[0], made[0]], made[0]),
        "kept is another": (made, empty),
        "another operator": ([made[0], stranger], made[0]),
        "another edition": ([made[0], older], made[0]),
        "kept is empty": ([made[0], empty], empty),
        "kept is not confirmed": ([made[0], carried], carried),
    }


@pytest.mark.parametrize(
    "case",
    [
        "one alone",
        "the same twice",
        "kept is another",
        "another operator",
        "another edition",
        "kept is empty",
        "kept is not confirmed",
    ],
)
def test_what_cannot_be_linked(case):
    made, cases = refusals()
    assessments, keep = cases[case]
    before = AnswerRevision.objects.count()
    with pytest.raises(RuleBroken):
        link(question=first_question(made[0]), assessments=assessments, keep=keep, by=spoc_of(made[0]))
    assert (AnswerLink.objects.count(), AnswerRevision.objects.count()) == (0, before)


def test_only_drafts_are_linked():
    made = drafts("ANPR", "CCTV")
    made[1].answers.all()[0].revisions.all().delete()
    made[1].answers.all().delete()
    answer_everything(made[1])
    by = spoc_of(made[0])
    send_for_sign_off(assessment=made[1], by=by)
    with pytest.raises(IllegalMove):
        link(question=first_question(made[0]), assessments=made, keep=made[0], by=by)


def test_nothing_is_replaced_that_nobody_has_seen():
    made = drafts("ANPR", "CCTV")
    by, question = spoc_of(made[0]), first_question(made[0])
    save_answer(assessment=made[1], question=question, choice="", text="Newer.", version=1, by=by)
    with pytest.raises(AnswerConflict):
        link(
            question=question,
            assessments=made,
            keep=made[0],
            by=by,
            read={made[0].reference: 1, made[1].reference: 1},
        )
    assert texts(made) == ["Of ANPR.", "Newer."]


def test_a_link_ends_by_itself_where_one_is_no_longer_running():
    made = drafts("ANPR", "CCTV")
    by, question = spoc_of(made[0]), first_question(made[0])
    link(question=question, assessments=made, keep=made[0], by=by)
    made[1].move_to(Assessment.Status.ABANDONED, by=by)
    assert partners_of(made[0], question) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_links_of_many_cost_one_query(django_assert_num_queries, rows):
    edition = CodeEditionFactory()
    operator = OrganisationFactory()
    made = drafts(*"ABCDEF"[: rows + 1], operator=operator, edition=edition)
    by, question = spoc_of(made[0]), first_question(made[0])
    link(question=question, assessments=made, keep=made[0], by=by)
    with django_assert_num_queries(1):
        found = linked_with(made)
    assert found[made[0].pk, question.pk] == made[1:]
    assert len(found) == rows + 1


# --- pages ---


def side(assessment, rest=""):
    return f"/workspace/{assessment.system.operator.slug}/assessments/side-by-side/{rest}"


@pytest.mark.parametrize("rows", [2, 4])
def test_side_by_side_shows_differences_in_words_at_constant_cost(client, django_assert_num_queries, rows):
    made = drafts(*"ABCD"[:rows])
    drafts("Elsewhere")
    client.force_login(spoc_of(made[0]))
    with django_assert_num_queries(9):
        page = client.get(side(made[0]))
    assert [column["system"] for column in page.context["columns"]] == list("ABCD"[:rows])
    assert [row["sentence"] for row in page.context["rows"]] == [
        "The answers differ.",
        "Not answered for any of these systems yet.",
        "Not answered for any of these systems yet.",
    ]
    assert [p["differs"] for p in page.context["principles"]] == ["1 differs", ""]
    assert [cell["text"] for cell in page.context["rows"][0]["cells"]] == [f"Of {name}." for name in "ABCD"[:rows]]


def test_side_by_side_shows_six_and_says_what_is_left_out(client):
    made = drafts(*"ABCDEFGH")
    client.force_login(spoc_of(made[0]))
    page = client.get(side(made[0]))
    assert ([c["system"] for c in page.context["columns"]], page.context["left_out"]) == (list("ABCDEF"), 2)
    chosen = client.get(side(made[0], f"?system={made[6].reference}&system={made[7].reference}&principle=2"))
    assert [c["system"] for c in chosen.context["columns"]] == ["G", "H"]
    assert [row["number"] for row in chosen.context["rows"]] == [4, 5, 6, 7, 8, 9]
    assert client.get(side(made[0], "?principle=9")).status_code == 404
    assert client.get(side(made[0], "?principle=" + "9" * 5000)).status_code == 404


def test_running_ones_of_another_edition_stand_apart(client):
    made = drafts("A", "B")
    older = drafts("Old", operator=made[0].system.operator, edition=CodeEditionFactory(in_effect_on="2013-08-12"))
    client.force_login(spoc_of(made[0]))
    page = client.get(side(made[0]))
    assert [c["system"] for c in page.context["columns"]] == ["A", "B"]
    other = client.get(side(made[0], f"?edition={older[0].edition.key}"))
    assert [c["system"] for c in other.context["columns"]] == ["Old"]


def test_answer_once_needs_choices_then_links(client):
    made = drafts("A", "B", "C")
    client.force_login(spoc_of(made[0]))
    address = side(made[0], f"1/?edition={made[0].edition.key}")
    page = client.get(address)
    read = {name: field.initial for name, field in page.context["form"].fields.items() if name.startswith("read-")}
    versions = {f"read-{a.reference}": "1" for a in made}
    assert set(read) == set(versions)
    references = [a.reference for a in made[:2]]
    assert client.post(address, versions).status_code == 422
    assert client.post(address, {**versions, "members": references[:1], "keep": references[0]}).status_code == 422
    assert client.post(address, {**versions, "members": references, "keep": made[2].reference}).status_code == 422
    done = client.post(address, {**versions, "members": references, "keep": references[1]})
    assert done.status_code == 302
    assert texts(made) == ["Of B.", "Of B.", "Of C."]
    again = client.post(address, {**versions, "members": [a.reference for a in made], "keep": references[1]})
    assert again.status_code == 422
    assert "changed meanwhile" in again.content.decode()
    linked = client.get(side(made[0])).context["rows"][0]["cells"]
    assert [cell["linked"] for cell in linked] == ["B", "A", ""]


def test_the_page_of_a_question_names_who_shares_it_and_unlinks(client, django_assert_max_num_queries):
    made = drafts("A", "B")
    by, question = spoc_of(made[0]), first_question(made[0])
    link(question=question, assessments=made, keep=made[0], by=by)
    client.force_login(by)
    client.get(at(made[0], "questions/2/"))  # this process has seen the edition
    with django_assert_max_num_queries(10):
        page = client.get(at(made[0], "questions/1/"))
    body = page.content.decode()
    assert "This answer serves also" in body
    assert at(made[1], "questions/1/") in body
    assert client.get(at(made[0], "questions/1/unlink/")).status_code == 405
    assert client.post(at(made[0], "questions/1/unlink/")).url == at(made[0], "questions/1/")
    assert "This answer serves also" not in client.get(at(made[1], "questions/1/")).content.decode()
    assert texts(made) == ["Of A.", "Of A."]
    assert client.post(at(made[0], "questions/99/unlink/")).status_code == 404


def test_a_viewer_looks_and_links_nothing(client):
    made = drafts("A", "B")
    by, question = spoc_of(made[0]), first_question(made[0])
    link(question=question, assessments=made, keep=made[0], by=by)
    client.force_login(member(made[0].system.operator, Role.VIEWER))
    page = client.get(side(made[0]))
    assert [row["link_url"] for row in page.context["rows"]] == ["", "", ""]
    assert "unlink" not in page.content.decode()
    assert client.get(side(made[0], "1/")).status_code == 403
    assert client.post(at(made[0], "questions/1/unlink/")).status_code == 403


def test_nothing_runs(client):
    system = CameraSystemFactory()
    client.force_login(member(system.operator, Role.SPOC))
    page = client.get(f"/workspace/{system.operator.slug}/assessments/side-by-side/")
    assert "No self-assessment is running." in page.content.decode()
    assert client.get(f"/workspace/{system.operator.slug}/assessments/side-by-side/1/").status_code == 404
