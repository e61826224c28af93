"""Delivery plans as PDFs: the same as the pages, in both languages, printed again only when they say something else."""

import datetime as dt
import io

import pytest
from pypdf import PdfReader

from core import jobs
from strategy.models import PlanPrint
from strategy.services.plan_printing import print_plans
from strategy.services.readings import take_readings
from strategy.tasks import promise_readings
from tests.factories.strategy import deliverable

pytestmark = pytest.mark.django_db


@pytest.fixture
def counted():
    return deliverable(measure="working_group", target_percent=100, text="A group meets.", text_cy="Mae grŵp yn cwrdd.")


def words_of(answer):
    reader = PdfReader(io.BytesIO(b"".join(answer.streaming_content)))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]  # tagged
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_the_pdf_has_the_numbers_of_the_page_in_each_language(client, counted):
    take_readings(dt.date(2026, 11, 1))
    key = counted.objective.strategy.key
    assert client.get(f"/strategy/{key}/plan.pdf").status_code == 404
    assert "plan.pdf" not in client.get(f"/strategy/{key}/").content.decode()
    print_plans()
    english = words_of(client.get(f"/strategy/{key}/plan.pdf"))
    assert "A group meets." in english
    assert "0 of 3 (0%), 3 without data, on 1 November 2026" in english
    assert "Mae grŵp yn cwrdd." in words_of(client.get(f"/cy/strategy/{key}/plan.pdf"))
    assert "plan.pdf" in client.get(f"/strategy/{key}/").content.decode()


def test_it_is_printed_again_only_when_it_says_something_else(counted):
    print_plans()
    first = {each.pk: each.says for each in PlanPrint.objects.all()}
    print_plans()
    assert {each.pk: each.says for each in PlanPrint.objects.all()} == first
    take_readings(dt.date(2026, 11, 1))
    print_plans()
    assert all(each.says != first[each.pk] for each in PlanPrint.objects.all())
    assert len(first) == 2


def test_the_nightly_reading_promises_it(counted):
    promise_readings()
    jobs.drain()
    assert PlanPrint.objects.count() == 2
