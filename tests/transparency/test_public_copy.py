"""The public copy of a self-assessment: decided answer by answer, frozen apart; what is withheld leaves no byte."""

import json

import pytest
from django.conf import settings
from django.core.management import call_command

from accounts.models import Role
from compliance.frozen import canonical, digest
from compliance.models import Answer, AnswerDisclosure, Assessment, CameraSystem
from compliance.services.disclosures import USUAL_REASON, Disclosure, decide_disclosures, disclosures_of
from compliance.services.signing import send_for_sign_off, sign
from core import jobs
from core.errors import IllegalMove, Incomplete, RuleBroken
from core.models import TrailEntry
from tests.factories.accounts import OrganisationFactory, member
from tests.factories.certification import active_system
from tests.factories.compliance import finished_assessment, real_edition
from transparency import pages
from transparency.models import BakedPage, Publication
from transparency.services.gather_answers import gather_answers, newest_signed
from transparency.services.publish import publish_answers, publish_system, withdraw_publication

pytestmark = pytest.mark.django_db

SECRET = "SECRETSAFEGUARD"


def signed_system(*, choices: dict[int, tuple[str, str]] | None = None, **operator: str) -> Assessment:
    """A published system with a signed self-assessment on the small edition, in which question 7 is withheld."""
    system = active_system(OrganisationFactory(**operator))
    assessment = finished_assessment(system=system)
    for number, (choice, text) in (choices or {}).items():
        Answer.objects.filter(assessment=assessment, question__number=number).update(choice=choice, text=text)
    send_for_sign_off(assessment=assessment, by=member(system.operator, Role.SPOC))
    sro = member(system.operator, Role.SRO)
    sign(assessments=[assessment], by=sro, typed_name="SECRETNAME Rees", post="Director", password_checked=True)
    return Assessment.objects.for_detail().get(pk=assessment.pk)


def decide(assessment: Assessment, **decisions: Disclosure) -> list[int]:
    numbered = {int(name.removeprefix("q")): decision for name, decision in decisions.items()}
    return decide_disclosures(
        assessment=assessment, decisions=numbered, by=member(assessment.system.operator, Role.SPOC)
    )


def publish(assessment: Assessment) -> Publication:
    return publish_answers(system=assessment.system, by=None)


def read(publication: Publication, prefix: str = "") -> str:
    return pages.build(f"{prefix}{publication.path}") or ""


def question(publication: Publication, number: int) -> dict:
    return next(
        question
        for principle in publication.facts()["principles"]
        for question in principle["questions"]
        if question["number"] == number
    )


def test_answers_that_are_withheld_by_default_stay_back_until_somebody_decides():
    assessment = signed_system(choices={7: ("", SECRET)})
    publication = publish(assessment)
    assert question(publication, 7)["answer"] is None
    assert question(publication, 7)["withheld"]["en"] == USUAL_REASON
    assert question(publication, 1)["answer"] == {"choice": "", "text": "About question 1.", "language": "en"}
    assert (publication.summary["answers_public"], publication.summary["answers_withheld"]) == (8, 1)
    assert decide(assessment, q7=Disclosure(is_public=True)) == [7]
    assert question(publish(assessment), 7)["answer"]["text"] == SECRET


def test_a_withheld_answer_is_said_to_be_withheld_with_reason_post_and_day():
    assessment = signed_system()
    CameraSystem.objects.filter(pk=assessment.system_id).update(spoc_post="CCTV manager")
    decide(assessment, q1=Disclosure(is_public=False, reason="Named in an investigation."))
    publication = publish(assessment)
    page = read(publication)
    assert "About question 1." not in page
    assert "1 answer: <span>Named in an investigation.</span>" in page
    assert "CCTV manager" in page
    content = publication.facts()
    assert sorted((row["reason"]["en"], row["answers"]) for row in content["withheld"]) == [
        ("Named in an investigation.", 1),
        (USUAL_REASON, 1),
    ]
    assert content["review_on"] > content["as_of"]


def test_what_follows_from_a_withheld_answer_is_withheld_with_it():
    """Question 5 is asked only where question 4 is answered with yes: that it is not asked would tell the answer."""
    assessment = signed_system(choices={4: ("no", "")})
    assert question(publish(assessment), 5)["not_asked"] == {"follows": 4, "answer": "yes"}
    decide(assessment, q4=Disclosure(is_public=False, reason="Under review."))
    publication = publish(assessment)
    assert question(publication, 5) | {"title": 0, "text": 0} == {
        "number": 5,
        "key": "P02Q5",
        "title": 0,
        "text": 0,
        "withheld": {"en": "Under review."},
        "not_asked": None,
        "answer": None,
    }


def test_that_a_question_is_asked_tells_no_withheld_answer_either():
    assessment = signed_system(choices={4: ("yes", ""), 5: ("", "Because of the yes.")})
    assert question(publish(assessment), 5)["answer"]["text"] == "Because of the yes."
    decide(assessment, q4=Disclosure(is_public=False, reason="Under review."), q5=Disclosure(is_public=True))
    publication = publish(assessment)
    assert (question(publication, 5)["withheld"], question(publication, 5)["answer"]) == ({"en": "Under review."}, None)
    assert "Because of the yes." not in publication.content
    assert "Because of the yes." not in read(publication)


def test_whether_the_system_is_on_a_network_is_told_to_nobody():
    system = active_system(OrganisationFactory(), networked=False)
    edition = real_edition()
    edition.questions.filter(key="P09Q2").update(withheld_by_default=False)
    assessment = finished_assessment(system=system, edition=edition)
    Answer.objects.filter(assessment=assessment, question__kind="gap").update(choice="no")
    send_for_sign_off(assessment=assessment, by=member(system.operator, Role.SPOC))
    sro = member(system.operator, Role.SRO)
    sign(assessments=[assessment], by=sro, typed_name="M Rees", post="Director", password_checked=True)
    publication = publish(assessment)
    assert question(publication, 53)["withheld"]["en"] == USUAL_REASON
    assert "networked" not in publication.content
    withheld = [
        row["number"]
        for principle in publication.facts()["principles"]
        for row in principle["questions"]
        if row["withheld"]
    ]
    assert withheld == [52, 53, 54, 55, 56, 57, 58]


def test_no_public_byte_holds_what_is_withheld(client, tmp_path):
    assessment = signed_system(choices={7: ("", SECRET), 1: ("", f"{SECRET} too")})
    decide(assessment, q1=Disclosure(is_public=False, reason="For a reason."))
    publish_system(system=assessment.system, by=None)
    publication = publish(assessment)
    call_command("publish", "--all")
    jobs.drain()
    folder = settings.PUBLIC_ROOT
    baked = [path for path in folder.rglob("*") if path.is_file()]
    assert (folder / publication.path.strip("/") / "index.html").is_file()
    plain = [path for path in baked if path.suffix == ".html"]
    assert len(plain) > 10
    for path in plain:
        text = path.read_text()
        assert SECRET not in text, path
        assert "SECRETNAME" not in text, path
    for address in ("/api/v1/publications/", f"/api/v1/publications/{publication.reference}/"):
        assert SECRET not in client.get(address).content.decode()
    assert SECRET not in publication.content


def test_both_copies_are_kept():
    assessment = signed_system(choices={7: ("", SECRET)})
    publication = publish(assessment)
    signed = assessment.signed_as.get()
    assert SECRET in signed.content
    assert publication.facts()["signed"]["sha256"] == signed.sha256
    assert digest(publication.content) == publication.sha256
    assert canonical(publication.facts()) == publication.content


def test_the_page_is_baked_in_both_languages_and_the_page_of_the_system_leads_to_it():
    assessment = signed_system()
    system = publish_system(system=assessment.system, by=None)
    jobs.drain()
    assert "self-assessment/" not in (settings.PUBLIC_ROOT / system.path.strip("/") / "index.html").read_text()
    publication = publish(assessment)
    jobs.drain()
    assert set(BakedPage.objects.filter(path__endswith="/self-assessment/").values_list("path", flat=True)) == {
        publication.path,
        f"/cy{publication.path}",
    }
    for prefix in ("", "cy/"):
        page = (settings.PUBLIC_ROOT / f"{prefix}{system.path.strip('/')}" / "index.html").read_text()
        assert f'href="/{prefix}{publication.path.strip("/")}/"' in page


def test_answers_carry_their_language():
    assessment = signed_system()
    text = "Ateb yn Gymraeg."
    signed = assessment.signed_as.get()
    content = json.loads(signed.content)
    content["assessments"][0]["principles"][0]["questions"][0]["answer"] |= {"language": "cy", "text": text}
    type(signed).objects.filter(pk=signed.pk).update(content=canonical(content))
    publication = publish(assessment)
    assert f'lang="cy">{text}' in read(publication)
    welsh = read(publication, "/cy")
    assert f'ccp-prewrap">{text}' in welsh
    assert 'lang="en">About question 2.' in welsh
    assert 'lang="en">The cameras of the town centre.' in welsh


def test_texts_signed_under_the_first_schema_are_published():
    assessment = signed_system()
    signed = assessment.signed_as.get()
    content = json.loads(signed.content)
    content["schema"] = "ccp/self-assessment/1"
    for principle in content["assessments"][0]["principles"]:
        for asked in principle["questions"]:
            del asked["evidence"]
            for name in ("language", "carried_from"):
                (asked["answer"] or {}).pop(name, None)
    type(signed).objects.filter(pk=signed.pk).update(content=canonical(content))
    assert "About question 2." in read(publish(assessment))


def test_the_same_again_is_no_new_version_and_another_decision_is_one():
    assessment = signed_system()
    first = publish(assessment)
    assert publish(assessment) == first
    decide(assessment, q1=Disclosure(is_public=False, reason="For a reason."))
    second = publish(assessment)
    first.refresh_from_db()
    assert (second.version, first.ended_at is None) == (2, False)


def test_a_withdrawn_copy_keeps_its_address_and_shows_nothing_of_it():
    assessment = signed_system()
    publication = publish(assessment)
    withdraw_publication(publication=publication, by=None, reason="An answer was wrong.")
    page = read(publication)
    assert "An answer was wrong." in page
    assert "About question 2." not in page


def test_nothing_is_published_of_what_is_not_signed():
    system = active_system(OrganisationFactory())
    finished_assessment(system=system)
    with pytest.raises(RuleBroken):
        publish_answers(system=system, by=None)


# --- deciding ---


def test_withholding_needs_a_reason_and_writes_nothing_without():
    assessment = signed_system()
    with pytest.raises(Incomplete) as refused:
        decide(
            assessment,
            q1=Disclosure(is_public=False, reason=" "),
            q2=Disclosure(is_public=False, reason="Yes."),
            q3=Disclosure(is_public=False),
        )
    assert [str(problem.text) for problem in refused.value.problems] == [
        "Say why the answer to question 1 is withheld.",
        "Say why the answer to question 3 is withheld.",
    ]
    assert AnswerDisclosure.objects.count() == 0


def test_only_what_changes_is_written_and_entered_in_the_trail():
    assessment = signed_system()
    same = {f"q{number}": now for number, now in disclosures_of(assessment).items()}
    assert decide(assessment, **same) == []
    assert AnswerDisclosure.objects.count() == 0
    assert decide(assessment, **{**same, "q2": Disclosure(is_public=False, reason="Why.")}) == [2]
    assert TrailEntry.objects.filter(verb="disclosure_decided").count() == 1


def test_what_is_not_signed_is_not_decided_about():
    draft = finished_assessment()
    with pytest.raises(IllegalMove):
        decide(draft, q1=Disclosure(is_public=True))


# --- the pages of the operator ---


def at(assessment: Assessment, rest: str = "") -> str:
    system = assessment.system
    return f"/workspace/{system.operator.slug}/publications/{system.reference}/answers/{rest}"


def test_the_spoc_decides_previews_and_publishes(client):
    assessment = signed_system(choices={7: ("", SECRET)})
    client.force_login(member(assessment.system.operator, Role.SPOC))
    page = client.get(at(assessment)).content.decode()
    assert SECRET in page  # its own people read the whole
    assert client.post(at(assessment), {"public-1": "no", "reason-1": ""}).status_code == 422
    assert client.post(at(assessment), {"public-1": "no", "reason-1": "Why."}).status_code == 302
    preview = client.get(at(assessment, "preview/en/")).content.decode()
    assert SECRET not in preview
    assert "About question 1." not in preview
    assert "About question 2." in preview
    assert client.get(at(assessment, "publish/")).status_code == 200
    assert client.post(at(assessment, "publish/")).status_code == 302
    publication = Publication.objects.of_answers().get()
    public = read(publication)
    head = preview.index("<h2 class")
    body = preview[head : preview.index("</main>")]
    assert body.split("<h2", 2)[1] in public
    assert client.post(at(assessment, "withdraw/"), {"reason": "Wrong."}).status_code == 302


def test_a_page_that_was_overtaken_makes_nothing_public_again(client):
    """The form sends every answer: saved from an old page it would undo what a colleague withheld meanwhile."""
    assessment = signed_system()
    client.force_login(member(assessment.system.operator, Role.SPOC))
    page = client.get(at(assessment))
    sent = {"seen": page.context["seen"], "public-1": "yes", "public-2": "no", "reason-2": "Why."}
    assert f'name="seen" value="{sent["seen"]}"' in page.content.decode()
    decide(assessment, q1=Disclosure(is_public=False, reason="Named in an investigation."))
    assert client.post(at(assessment), sent).status_code == 409
    held = disclosures_of(assessment)
    assert (held[1].is_public, held[2].is_public) == (False, True)
    again = client.get(at(assessment)).context["seen"]
    assert client.post(at(assessment), {**sent, "seen": again, "public-1": ""}).status_code == 302
    assert [disclosures_of(assessment)[number].is_public for number in (1, 2)] == [False, False]


def test_a_contributor_reads_and_does_not_decide(client):
    assessment = signed_system()
    client.force_login(member(assessment.system.operator, Role.CONTRIBUTOR))
    page = client.get(at(assessment)).content.decode()
    assert 'type="radio"' not in page
    assert client.post(at(assessment), {"public-1": "yes"}).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_for_any_number(client, django_assert_num_queries, rows):
    for _ in range(rows):
        assessment = signed_system()
        decide(assessment, **{f"q{n}": Disclosure(is_public=False, reason="Why.") for n in range(1, rows + 1)})
        publication = publish(assessment)
    with django_assert_num_queries(4):
        pages.build(publication.path)
    with django_assert_num_queries(5):
        gather_answers(assessment.system, newest_signed(assessment.system), on=assessment.started_at.date())
    client.force_login(member(assessment.system.operator, Role.SPOC))
    with django_assert_num_queries(18):  # the system comes with all that its own page tells
        client.get(at(assessment))
