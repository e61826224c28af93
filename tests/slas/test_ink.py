"""Agreements that were signed in ink: recorded, confirmed by every party, returned."""

import datetime as dt
import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Role
from core.dates import today
from core.errors import IllegalMove, Incomplete, RuleBroken
from slas.models import Agreement, InkRecord, NoAgreement, Standing
from slas.services import drafting, ink, standing
from slas.services.drafting import Frame, PartyWanted
from slas.terms import Terms
from tests.factories.accounts import OrganisationFactory, PoliceForceFactory, member
from tests.factories.slas import ClauseLibraryFactory

pytestmark = pytest.mark.django_db
Status = Agreement.Status
TEXT = b"Agreement between the council and the force. Signed by both."


class Desk:
    """A council that recorded what it and a force signed in ink."""

    def __init__(self) -> None:
        ClauseLibraryFactory()
        self.council, self.force = OrganisationFactory(), PoliceForceFactory()
        self.spoc, self.police = member(self.council, Role.SPOC), member(self.force, Role.POLICE_SPOC)

    def frame(self) -> Frame:
        parties = [PartyWanted(self.council, "system_owner"), PartyWanted(self.force, "data_recipient")]
        return Frame("CCTV agreement of old", "Hen gytundeb TCC", False, frozenset({"cctv"}), parties, [])

    def facts(self, **terms: object) -> ink.InkFacts:
        days = {"starts_on": today() - dt.timedelta(days=100), "ends_on": None, "review_on": None, "notice_months": 3}
        posts = "Director; Superintendent"
        return ink.InkFacts(today() - dt.timedelta(days=120), posts, "All cameras.", "", Terms(**{**days, **terms}))

    def record(self, content: bytes = TEXT, **terms: object) -> Agreement:
        upload = SimpleUploadedFile("signed.txt", content)
        return ink.record_ink(
            organisation=self.council,
            frame=self.frame(),
            clause_set="main",
            facts=self.facts(**terms),
            upload=upload,
            by=self.spoc,
        )

    def of(self, agreement: Agreement, organisation: object) -> dict[str, object]:
        again = Agreement.objects.for_page().get(pk=agreement.pk)
        return {
            "agreement": again,
            "party": again.parties.select_related("organisation").get(organisation=organisation),
        }


def test_it_counts_with_the_last_word_and_ends_the_word_that_there_is_none():
    desk = Desk()
    standing.declare_none(organisation=desk.council, other=desk.force, technology="cctv", by=desk.spoc)
    made = desk.record()
    record = InkRecord.objects.get(agreement=made)
    assert (made.status, made.origin, made.standing()) == (Status.IN_INK, "ink", Standing.OPEN)
    assert record.sha256 == hashlib.sha256(TEXT).hexdigest()
    assert (record.media_type, record.size) == ("text/plain", len(TEXT))
    assert ink.confirm_ink(**desk.of(made, desk.force), by=desk.police, read_sha256=record.sha256) is True
    made.refresh_from_db()
    assert made.standing() == Standing.IN_FORCE
    assert not NoAgreement.objects.current().exists()


def test_another_file_than_was_read_is_not_confirmed():
    desk = Desk()
    made = desk.record()
    with pytest.raises(RuleBroken, match="Read it again"):
        ink.confirm_ink(**desk.of(made, desk.force), by=desk.police, read_sha256="0" * 64)


def test_a_returned_record_is_mended_and_sent_again():
    desk = Desk()
    made = desk.record()
    with pytest.raises(Incomplete):
        ink.return_ink(**desk.of(made, desk.force), by=desk.police, reason=" ")
    ink.return_ink(**desk.of(made, desk.force), by=desk.police, reason="The wrong year.")
    made.refresh_from_db()
    assert (made.status, made.ink.returned_reason) == (Status.DRAFT, "The wrong year.")
    with pytest.raises(IllegalMove):
        drafting.send(**desk.of(made, desk.council), by=desk.spoc)
    again = {"frame": desk.frame(), "facts": desk.facts(notice_months=6), "upload": None, "by": desk.spoc}
    ink.send_again(**desk.of(made, desk.council), **again)
    made.refresh_from_db()
    record = InkRecord.objects.get(agreement=made)
    assert (made.status, made.notice_months, record.returned_reason) == (Status.IN_INK, 6, "")
    assert record.sha256 == hashlib.sha256(TEXT).hexdigest()


def test_who_recorded_it_cannot_return_it():
    desk = Desk()
    with pytest.raises(RuleBroken, match="Your own"):
        ink.return_ink(**desk.of(desk.record(), desk.council), by=desk.spoc, reason="No.")


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_left():
    desk = Desk()
    with pytest.raises(Incomplete) as refusal:
        desk.record(starts_on=None, notice_months=99)
    assert {problem.field for problem in refusal.value.problems} == {"starts_on", "notice_months"}
    with pytest.raises(RuleBroken):
        desk.record(content=b"MZ\x00\x01\x02 a program")
    assert not Agreement.objects.exists()


def test_the_pages_from_recording_to_confirming(client):
    desk = Desk()
    client.force_login(desk.spoc)
    address = reverse("slas:ink_new", args=[desk.council.slug])
    assert "The signed document" in client.get(address).content.decode()
    first = today() - dt.timedelta(days=100)
    sent = {
        "version": 0,
        "clause_set": "main",
        "title": "CCTV agreement of old",
        "technologies": ["cctv"],
        "others": desk.force.name,
        "owner": "councils",
        "signatories": "Director; Superintendent",
        "scope": "All cameras.",
        "file": SimpleUploadedFile("signed.txt", TEXT),
    }
    for name in ("signed_on", "starts_on"):
        sent |= {f"{name}_day": first.day, f"{name}_month": first.month, f"{name}_year": first.year}
    answer = client.post(address, sent)
    assert answer.status_code == 302, answer.context["form"].errors
    made = Agreement.objects.get()
    assert "Made outside the portal" in client.get(answer.url).content.decode()
    file = client.get(reverse("slas:ink_file", args=[desk.council.slug, made.reference]))
    assert b"".join(file.streaming_content) == TEXT
    assert file["X-Content-Type-Options"] == "nosniff"
    client.force_login(desk.police)
    there = [desk.force.slug, made.reference]
    assert "Confirm the record" in client.get(reverse("slas:ink_confirm", args=there)).content.decode()
    client.post(reverse("slas:ink_confirm", args=there), {"sha256": made.ink.sha256, "version": made.version})
    made.refresh_from_db()
    assert made.status == Status.SIGNED_BY_BOTH
    assert "Give notice" not in client.get(reverse("slas:agreement_standing", args=there)).content.decode()
