"""Pages of national consultations: what each asks of the database, where the public finds them, figures as drawn, a
document taken off, names erased.
"""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from core import jobs
from core.errors import IllegalMove, StaleRecord
from core.trail import TrailEntry
from strategy.models import NationalConsultation, NationalResponse
from strategy.services import consultation_responses as answering
from strategy.services import consultations as services
from strategy.services.consultation_responses import Given, respond
from strategy.tasks import promise_erasing
from tests.factories.accounts import NationalBodyFactory, member
from tests.factories.compliance import PDF
from tests.factories.strategy_consultations import closed, drafted, opened, outcome_of

pytestmark = pytest.mark.django_db
LIST, ONE, ANSWERS, ANSWER = 7, 10, 9, 8  # queries of the pages inside


@pytest.fixture
def secretary():
    return member(NationalBodyFactory(), Role.SECRETARY)


def inside(name, by, *more):
    return reverse(f"national:{name}", args=[by.memberships.get().organisation.slug, *more])


def outside(name, national, *more):
    return reverse(f"strategy:{name}", args=[national.reference.lower(), *more])


def concluded(by, answers=1):
    national = opened(by)
    for number in range(answers):
        respond(national=national, given=Given(answers={"q1": str(number % 3 + 1)}, consent="unnamed"))
    own = NationalResponse.objects.filter(response__consultation=national.consultation)
    answering.accept(responses=list(own.select_related("response__consultation")), by=by)
    national = closed(national)
    version = national.consultation.version
    services.conclude(national=national, facts=outcome_of(national), version=version, by=by)
    return national


# --- What a page asks of the database ---


def test_the_pages_inside_ask_the_same_for_one_row_and_for_three(client, secretary, django_assert_num_queries):
    client.force_login(secretary)
    national = opened(secretary)
    client.get(inside("consultations", secretary))
    for more in (1, 2):
        for _each in range(more):
            respond(national=national, given=Given(answers={"q1": "1", "q4": "Words"}))
            if more == 2:
                drafted(secretary)
        answer = NationalResponse.objects.select_related("response").first().response.reference
        with django_assert_num_queries(LIST):
            client.get(inside("consultations", secretary))
        with django_assert_num_queries(ONE):
            client.get(inside("consultation", secretary, national.reference))
        with django_assert_num_queries(ANSWERS):
            client.get(inside("consultation_answers", secretary, national.reference))
        with django_assert_num_queries(ANSWER):
            client.get(inside("consultation_answer", secretary, national.reference, answer))


def test_the_pages_outside_ask_the_same_for_one_row_and_for_three(client, secretary, django_assert_num_queries):
    for answers in (1, 3):
        national = concluded(secretary, answers)
        with django_assert_num_queries(1):
            page = client.get(outside("consultation", national)).content.decode()
        assert page.count("<blockquote") == answers
        for name in ("consultation_csv", "consultation_json"):
            with django_assert_num_queries(1):
                client.get(outside(name, national))
        with django_assert_num_queries(1):
            client.get(reverse("transparency:consultations"))
    running = opened(secretary)
    with django_assert_num_queries(2):
        client.get(outside("consultation_respond", running))


# --- Where the public finds it ---


def test_it_stands_in_sitemap_search_and_feeds_from_opening_to_withdrawal(client, secretary):
    draft, national = drafted(secretary), opened(secretary)
    places = ("/sitemaps/publications-1.xml", "/search/?q=signs", "/cy/search/?q=arwyddion", "/feeds/changes.json")
    jobs.drain()
    path = outside("consultation", national)
    for place in places:
        shown = client.get(place).content.decode()
        assert path in shown, place
        assert draft.reference.lower() not in shown.lower(), place
    assert "/cy" + path in client.get("/cy/feeds/changes.json").content.decode()
    assert "/cy" + path in client.get(places[0]).content.decode()
    services.withdraw(national=national, version=national.consultation.version, reason="A mistake.", by=secretary)
    jobs.drain()
    assert "A mistake." in client.get("/feeds/changes.json").content.decode()
    for place in places[:3]:
        assert path not in client.get(place).content.decode(), place


# --- Figures as drawn ---


def test_the_plot_is_as_long_as_what_was_chosen_and_its_table_says_the_same(client, secretary):
    national = opened(secretary)
    for number, chosen in enumerate("1" * 12 + "2" * 6):
        who = {"is_organisation": True, "organisation": f"Body {number}"} if number % 2 else {}
        respond(national=national, given=Given(answers={"q1": chosen}, **who))
    answering.accept(responses=list(NationalResponse.objects.select_related("response__consultation")), by=secretary)
    national = closed(national)
    version = national.consultation.version
    services.conclude(national=national, facts=outcome_of(national), version=version, by=secretary)
    page = client.get(outside("consultation", national)).content.decode()
    drawn = page.split('aria-labelledby="result-q1"')[1].split("</section>")[0]
    bars = dict(re.findall(r'width="([\d.]+)" height="15"[^>]*><title>(\w): ', drawn))
    widths = {option: float(width) for width, option in bars.items()}
    assert widths["A"] == pytest.approx(2 * widths["B"])
    assert (widths["A"] > 0, widths["C"]) == (True, 0)
    cells = [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", drawn, re.S)]
    at = cells.index("A")
    assert cells[at : at + 3] == ["A", "12", "67%"]
    assert cells[cells.index("B") : cells.index("B") + 3] == ["B", "6", "33%"]
    assert "split into people and organisations" in drawn  # three organisations chose B


# --- A document taken off; names erased ---


def test_a_document_comes_off_a_draft_and_stays_once_it_is_open(client, secretary, django_capture_on_commit_callbacks):
    national = drafted(secretary)
    upload = SimpleUploadedFile("paper.pdf", PDF, "application/pdf")
    facts = {"title": "Paper", "title_cy": "Papur", "language": "en"}
    version = national.consultation.version
    paper = services.add_document(national=national, upload=upload, facts=facts, version=version, by=secretary)
    with pytest.raises(StaleRecord):
        services.remove_document(document=paper, version=version, by=secretary)
    client.force_login(secretary)
    address = inside("consultation_document_drop", secretary, national.reference, paper.reference)
    assert address in client.get(inside("consultation", secretary, national.reference)).content.decode()
    storage, name = paper.file.storage, paper.file.name
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address).status_code == 302
    assert not national.documents.exists()
    assert not storage.exists(name)
    assert TrailEntry.objects.filter(verb="removed").count() == 1
    assert client.post(address).status_code == 404
    national = NationalConsultation.objects.get(pk=national.pk)
    upload = SimpleUploadedFile("paper.pdf", PDF, "application/pdf")
    version = national.consultation.version
    paper = services.add_document(national=national, upload=upload, facts=facts, version=version, by=secretary)
    services.open_it(national=national, version=version + 1, by=secretary)
    address = inside("consultation_document_drop", secretary, national.reference, paper.reference)
    assert client.post(address).status_code == 409
    with pytest.raises(IllegalMove):
        services.remove_document(
            document=paper, version=NationalConsultation.objects.get().consultation.version, by=secretary
        )
    assert national.documents.count() == 1


def test_names_of_a_withdrawn_consultation_go_when_their_time_is_over(secretary):
    national = opened(secretary, keep_months=2)
    kept = respond(national=national, given=Given(answers={"q1": "1"}, name="Jo", email="jo@example.org"))
    services.withdraw(national=national, version=national.consultation.version, reason="A mistake.", by=secretary)
    assert answering.erase_due() == 0
    day = timezone.now().date() - dt.timedelta(days=63)
    NationalConsultation.objects.update(withdrawn_on=day)
    promise_erasing()
    jobs.drain()
    kept.refresh_from_db()
    assert (kept.name, kept.email, kept.answers[0]) == ("", "", "1")
    assert answering.erase_due() == 0
