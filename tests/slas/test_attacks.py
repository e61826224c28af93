"""What a hurried or hostile party must not bring about: each of these was possible once."""

import io
from dataclasses import replace

import pytest
from django.urls import reverse

from accounts.models import Role
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from slas import figures
from slas.models import Agreement, ClauseRevision, Side
from slas.services import beginning, drafting, negotiation, signing
from slas.services import returns as services
from slas.services.completing import _takes_its_place
from slas.services.drafting import Frame, PartyWanted
from slas.services.negotiation import Wording
from slas.services.returns import Figure, Given
from tests.factories.accounts import OrganisationFactory, PoliceForceFactory, member
from tests.factories.slas import ClauseLibraryFactory, Table, drafted, negotiating, signed, signed_by_one
from tests.slas.test_returns import LED_TO, MET, begun, in_force, sent

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
