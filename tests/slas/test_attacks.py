"""What a hurried or hostile party must not bring about: each of these was possible once."""

import datetime as dt
import io
from dataclasses import replace

import pytest
from django.urls import reverse

from accounts.models import Role
from compliance.camera_lists.tables import Line
from core import jobs
from core.dates import add_months, today
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from slas import figures, return_files
from slas.models import Agreement, ClauseRevision, Side, Standing
from slas.services import beginning, drafting, ink, negotiation, signing, standing
from slas.services import returns as services
from slas.services.completing import _takes_its_place
from slas.services.drafting import Frame, PartyWanted
from slas.services.negotiation import Wording
from slas.services.redacting import remove_redaction, set_redaction
from slas.services.returns import Figure, Given
from tests.factories.accounts import OrganisationFactory, PoliceForceFactory, member
from tests.factories.slas import CLAUSES, ClauseLibraryFactory, Table, drafted, negotiating, signed, signed_by_one
from tests.slas.test_ink import Desk
from tests.slas.test_returns import LED_TO, MET, agreed_with, begun, in_force, sent
from transparency.models import Publication
from transparency.services.publish_agreement import publish_agreement

pytestmark = pytest.mark.django_db


def at(table: Table, side: str, name: str, *args: object) -> str:
    return reverse(f"slas:{name}", args=[table.party(side).organisation.slug, table.agreement.reference, *args])


def test_an_agreement_is_not_replaced_by_one_with_somebody_else():
    first = signed()
    other = signed(council=first.council.organisation)
    same = signed(council=first.council.organisation, force=first.force.organisation)
    assert not _takes_its_place(other.agreement, first.again())
    assert _takes_its_place(same.agreement, first.again())
    Agreement.objects.filter(pk=same.agreement.pk).update(clause_set="anpr")
    assert not _takes_its_place(same.again(), first.again())


def test_a_draft_that_was_given_up_unsent_is_never_seen(client):
    table = drafted(title="A plan of our own")
    drafting.abandon(agreement=table.again(), party=table.council, by=table.spoc, reason="We think otherwise.")
    client.force_login(table.police_spoc)
    assert client.get(at(table, Side.POLICE, "agreement")).status_code == 404
    listed = client.get(reverse("slas:agreements", args=[table.force.organisation.slug])).content.decode()
    assert "A plan of our own" not in listed
    given_up = negotiating(title="One that was sent")
    drafting.abandon(agreement=given_up.again(), party=given_up.council, by=given_up.spoc, reason="Too late.")
    client.force_login(given_up.police_spoc)
    assert client.get(at(given_up, Side.POLICE, "agreement")).status_code == 200


def test_a_number_that_would_take_for_ever_is_refused_at_once(client):
    table = in_force()
    made = begun(table)
    client.force_login(table.spoc)
    file = io.BytesIO(b"what,number\nsent_by_disc,1e99999999\n")
    file.name = "return.csv"
    answer = client.post(at(table, Side.COUNCILS, "return_file", made.reference), {"file": file})
    assert answer.status_code == 422


def test_a_file_leaves_alone_what_it_does_not_hold(client):
    table = in_force()
    made = begun(table, Side.POLICE)
    by = table.negotiator(Side.POLICE)
    given = replace(LED_TO, comment="Counted by hand.")
    services.save_return(made=made, party=table.force, given=given, by=by, version=made.version)
    client.force_login(by)
    file = io.BytesIO(b"what,number,of\noutcome_feedback,41,80\n")
    file.name = "return.csv"
    assert client.post(at(table, Side.POLICE, "return_file", made.reference), {"file": file}).status_code == 302
    made.refresh_from_db()
    assert (made.comment, made.outcomes.count()) == ("Counted by hand.", 2)


def test_figures_are_agreed_as_they_were_read_and_unread_while_they_are_mended():
    table = in_force()
    made = sent(table)
    read = made.version
    services.ask_about(made=made, party=table.force, by=table.police_spoc, comment="Which month?", version=read)
    made.refresh_from_db()
    changed = Given(figures={"evidence_standard": Figure(1, 100)})
    services.save_return(made=made, party=table.council, given=changed, by=table.spoc, version=made.version)
    assert figures.readings_of(table.again()) == []
    services.submit(made=made, party=table.council, by=table.spoc)
    with pytest.raises(StaleRecord):
        services.agree(made=made, party=table.force, by=table.police_spoc, version=read)
    assert MET.figures["evidence_standard"].numerator == 96


def test_a_clause_that_only_the_other_side_drafts_is_told_by_nothing(client):
    table = negotiating()
    wording = Wording("Words.", "Geiriau.", is_own_wording=True)
    drafting.add_clause(
        agreement=table.again(), party=table.council, title="Unseen", title_cy="", wording=wording, by=table.spoc
    )
    client.force_login(table.police_spoc)
    assert client.post(at(table, Side.POLICE, "notes"), {"text": "A probe.", "clause": "own-1"}).status_code == 404
    last = table.again().clauses.exclude(key="own-1").order_by("-number").first()
    page = client.get(at(table, Side.POLICE, "clause", last.key)).content.decode()
    assert "own-1" not in page


def test_the_words_of_the_library_follow_a_change_of_the_parties():
    ClauseLibraryFactory()
    council, one, two = OrganisationFactory(), PoliceForceFactory(name="Alpha"), PoliceForceFactory(name="Beta")
    by = member(council, Role.SPOC)

    def frame(force) -> Frame:
        parties = [PartyWanted(council, "system_owner"), PartyWanted(force, "data_recipient")]
        return Frame("A title", "", False, frozenset({"cctv"}), parties, ())

    made = beginning.begin(organisation=council, frame=frame(one), clause_set="main", by=by)
    fresh = Agreement.objects.for_page().get(pk=made.pk)
    drafting.change_frame(agreement=fresh, frame=frame(two), by=by, version=made.version)
    text = ClauseRevision.objects.get(clause__agreement=made, clause__key="parties").text
    assert "Beta" in text
    assert "Alpha" not in text


def test_a_text_without_a_first_day_is_never_agreed():
    table = negotiating()
    clause = table.clause("term_review")
    left_out = Wording(is_left_out=True, reason="No need.")
    negotiation.save_draft(clause=clause, party=table.council, wording=left_out, by=table.spoc)
    clause = table.clause("term_review")
    negotiation.propose(clause=clause, party=table.council, by=table.spoc, version=clause.version)
    table.accept(Side.POLICE, *(each.key for each in table.again().clauses.all()))
    with pytest.raises(Incomplete):
        table.confirm(Side.COUNCILS)


def test_a_party_signs_once_whoever_signs_for_it():
    table = signed_by_one()
    other = member(table.council.organisation, Role.SRO)
    text = table.again().texts.standing().get()
    with pytest.raises((RuleBroken, IllegalMove), match="already"):
        signing.sign(
            agreement=table.again(), party=table.council, by=other, typed_name="Another", post="Director",
            password_checked=True, read_sha256=text.sha256,
        )  # fmt: skip


def finish(table: Table) -> None:
    """Both sides agree the whole and sign it."""
    for side in (Side.POLICE, Side.COUNCILS):
        table.confirm(side)
    for side in Side:
        table.sign(side)


def own_clause(table: Table, title: str) -> None:
    wording = Wording("Words.", "Geiriau.", is_own_wording=True)
    drafting.add_clause(
        agreement=table.again(), party=table.council, title=title, title_cy="", wording=wording, by=table.spoc
    )


def test_clauses_that_were_thrown_away_take_no_room(monkeypatch):
    monkeypatch.setattr(drafting, "MOST_CLAUSES", len(CLAUSES) + 1)
    table = negotiating()
    for number in range(3):
        own_clause(table, f"Thought {number}")
        clause = table.clause(f"own-{number + 1}")
        if number < 2:
            negotiation.discard_draft(clause=clause, party=table.council, by=table.spoc)
    with pytest.raises(RuleBroken, match="at most 4 clauses"):
        own_clause(table, "One too many")


def test_an_own_clause_is_added_after_a_gap():
    table = negotiating()
    own_clause(table, "Never proposed")
    own_clause(table, "Proposed")
    negotiation.propose(clause=table.clause("own-2"), party=table.council, by=table.spoc)
    table.accept(Side.POLICE, "own-2", *(key for key, *_rest in CLAUSES))
    finish(table)
    council = table.council.organisation
    parties = [PartyWanted(council, "system_owner"), PartyWanted(table.force.organisation, "data_recipient")]
    made = beginning.begin(
        organisation=council,
        frame=Frame("The next", "", False, frozenset({"cctv"}), parties, ()),
        clause_set="main",
        by=table.spoc,
        previous=table.again(),
    )
    added = drafting.add_clause(
        agreement=made,
        party=made.parties.get(organisation=council),
        title="New",
        title_cy="",
        wording=Wording("Words.", "Geiriau.", is_own_wording=True),
        by=table.spoc,
    )
    assert added.key == "own-3"


def test_keys_of_any_length_are_refused_where_clauses_are_accepted(client):
    table = negotiating()
    client.force_login(table.police_spoc)
    for value in (f"{'9' * 30}:1", f"1:{'9' * 40}", f"{'9' * 5000}:1", "1:2:3", "-1:1", "one:1"):
        answer = client.post(at(table, Side.POLICE, "clauses_accept"), {"clause": value})
        assert answer.status_code in {302, 409}, value
    assert not table.again().clauses.filter(agreed__isnull=False).exists()


def test_a_record_in_ink_is_confirmed_as_it_was_read(client):
    desk = Desk()
    made = desk.record()
    read = {"sha256": made.ink.sha256, "version": made.version}
    ink.return_ink(**desk.of(made, desk.force), by=desk.police, reason="The days are wrong.")
    far = desk.facts(starts_on=today(), ends_on=dt.date(2199, 1, 1), notice_months=60)
    ink.send_again(**desk.of(made, desk.council), frame=desk.frame(), facts=far, upload=None, by=desk.spoc)
    client.force_login(desk.police)
    answer = client.post(reverse("slas:ink_confirm", args=[desk.force.slug, made.reference]), read)
    assert answer.status_code == 422
    assert "The record was changed meanwhile" in answer.content.decode()
    assert Agreement.objects.get(pk=made.pk).status == Agreement.Status.IN_INK


def test_notice_is_not_taken_back_once_a_new_agreement_took_the_place():
    first = signed()
    notice = {"agreement": first.again(), "party": first.council, "by": first.sro, "password_checked": True}
    standing.give_notice(**notice, reason="We go on otherwise.", last_day=add_months(today(), 12))
    signed(council=first.council.organisation, force=first.force.organisation, previous=first.again())
    assert (first.again().status, first.again().replaced_from) == (Agreement.Status.REPLACED, today())
    with pytest.raises(IllegalMove):
        standing.take_back_notice(**{**notice, "agreement": first.again()})


def test_notice_ends_an_agreement_before_the_new_one_begins():
    first = signed()
    notice = {"agreement": first.again(), "party": first.council, "by": first.sro, "password_checked": True}
    last_day = add_months(today(), 3)
    standing.give_notice(**notice, reason="We go on otherwise.", last_day=last_day)
    parties = {"council": first.council.organisation, "force": first.force.organisation}
    second = negotiating(**parties, previous=first.again())
    values = {"starts_on": add_months(today(), 6).isoformat(), "review_on": add_months(today(), 12).isoformat()}
    second.propose(Side.COUNCILS, "term_review", "From then.", values=values)
    second.accept(Side.POLICE, *(key for key, *_rest in CLAUSES))
    finish(second)
    ended = first.again()
    assert ended.replaced_from == last_day + dt.timedelta(days=1)
    assert ended.is_in_force(last_day)
    assert ended.standing(ended.replaced_from) == Standing.REPLACED


def test_what_is_withheld_goes_though_welsh_is_missing_elsewhere():
    table = negotiating(is_bilingual=True)
    aims = Wording("Aims", "", {}, is_own_wording=True)
    negotiation.save_draft(clause=table.clause(), party=table.force, wording=aims, by=table.police_spoc)
    negotiation.propose(clause=table.clause(), party=table.force, by=table.police_spoc)
    table.accept(Side.COUNCILS, "purpose")
    table.accept(Side.POLICE, "retention_hold", "term_review")
    finish(table)

    def speaks() -> dict[str, object]:
        return {"agreement": table.again(), "party": table.council, "by": table.spoc}

    set_redaction(**speaks(), clause_key="purpose", reason="operational")
    publish_agreement(**speaks())
    remove_redaction(**speaks(), clause_key="purpose")
    jobs.drain()
    set_redaction(**speaks(), clause_key="retention_hold", reason="operational")
    jobs.drain()
    assert "31 days" not in Publication.objects.of_agreements().current().get().content


def test_of_equally_named_organisations_none_is_taken_unasked(client):
    ClauseLibraryFactory()
    council = OrganisationFactory(name="Anytown")
    one = PoliceForceFactory(name="Hillshire Police", gss_code="E23000099")
    two = PoliceForceFactory(name="Hillshire Police")
    client.force_login(member(council, Role.SPOC))
    url = reverse("slas:agreement_new", args=[council.slug])
    sent = {
        "version": 0,
        "clause_set": "main",
        "source": "model",
        "title": "Kept as it was typed",
        "technologies": ["cctv"],
        "others": "Hillshire Police",
        "owner": "councils",
    }
    refused = client.post(url, sent)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "More than one is called “Hillshire Police”" in page
    assert "Hillshire Police (E23000099)" in page
    assert f"Hillshire Police ({two.slug})" in page
    assert "Kept as it was typed" in page
    assert not Agreement.objects.exists()
    for named, meant in (("Hillshire Police (E23000099)", one), (f"Hillshire Police ({two.slug})", two)):
        assert client.post(url, {**sent, "others": named}).status_code == 302
        made = Agreement.objects.order_by("-pk").first()
        assert made.parties.filter(organisation=meant).exists()
        form = client.get(reverse("slas:agreement_change", args=[council.slug, made.reference])).context["form"]
        assert form.initial["others"] == named
    none = {"named": "Hillshire Police", "technology": "anpr"}
    assert client.post(reverse("slas:no_agreement", args=[council.slug]), none).status_code == 422


def test_of_a_long_file_no_more_is_read_than_is_taken(client, monkeypatch):
    table = in_force()
    made = begun(table)
    read = []

    def lines(path):
        for number in range(1, 10_000):
            read.append(number)
            yield Line(number, ["what", "number"] if number == 1 else ["sent_by_disc", "1"])

    monkeypatch.setattr(return_files, "_lines", lines)
    client.force_login(table.spoc)
    file = io.BytesIO(b"what,number\n")
    file.name = "return.csv"
    answer = client.post(at(table, Side.COUNCILS, "return_file", made.reference), {"file": file})
    assert answer.status_code == 422
    assert "more than 500 rows" in answer.content.decode()
    assert len(read) == return_files.MOST_ROWS + 1


def test_a_party_works_out_no_small_number_of_another_from_the_national_figure(client):
    table = in_force()
    agreed_with(table, arrest=30, charge=6, none=9)
    agreed_with(in_force(), arrest=3, charge=50, none=9)
    force = table.force.organisation
    told = figures.outcome_table(figures.outcomes_for(force))
    (row,) = told["rows"]
    assert row["numbers"] == ["Withheld", 56, 0, 0, 0, 18]
    assert (row["sum"], told["sum"], told["totals"][0]) == ("Withheld",) * 3
    assert told["totals"][1] == 56
    client.force_login(table.police_spoc)
    page = client.get(reverse("slas:outcomes", args=[force.slug])).content.decode()
    assert "or one from which such a number could be worked out" in page
    assert ">33<" not in page
