"""Where a draft begins: the model, the last agreement, a published one; who can be party; the interview."""

import datetime as dt

import pytest

from accounts.models import Role
from core.errors import IllegalMove, Incomplete, RuleBroken, StaleRecord
from slas import frozen_text
from slas.models import Agreement, PartyRole, Side
from slas.services import beginning, drafting, interview
from slas.services.drafting import Frame, PartyWanted
from slas.sources import Published, published
from tests.factories.accounts import CertificationBodyFactory, OrganisationFactory, PoliceForceFactory, member
from tests.factories.certification import active_system
from tests.factories.slas import ClauseLibraryFactory, OtherAgencyFactory, Table, drafted, negotiating, signed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def library():
    return ClauseLibraryFactory()


def frame_of(council, *others, **changes) -> Frame:
    wanted = [PartyWanted(council, PartyRole.SYSTEM_OWNER)]
    wanted += [PartyWanted(other, PartyRole.DATA_RECIPIENT) for other in others]
    values = {
        "title": "CCTV agreement",
        "title_cy": "",
        "is_bilingual": False,
        "technologies": frozenset({"cctv"}),
        "parties": wanted,
        "systems": (),
    }
    return Frame(**{**values, **changes})


def begun(council=None, force=None, clause_set="main", **changes) -> Agreement:
    council, force = council or OrganisationFactory(), force or PoliceForceFactory()
    by = member(council, Role.SCHEME_MANAGER)
    source = {name: changes.pop(name) for name in ("previous", "published") if name in changes}
    return beginning.begin(
        organisation=council, frame=frame_of(council, force, **changes), clause_set=clause_set, by=by, **source
    )


def test_a_draft_has_every_model_clause_that_concerns_its_technologies():
    keys = list(begun().clauses.values_list("key", flat=True))
    assert len(keys) == 31
    assert {"anpr", "bwv"}.isdisjoint(keys)
    assert "bwv" in set(begun(technologies=frozenset({"cctv", "bwv"})).clauses.values_list("key", flat=True))


def test_anpr_data_has_clauses_of_its_own():
    keys = set(begun(clause_set="anpr", technologies=frozenset({"anpr"})).clauses.values_list("key", flat=True))
    assert {"anpr", "kpis", "availability", "finance"} <= keys
    assert {"redeployable", "live_access", "communication"}.isdisjoint(keys)


@pytest.mark.parametrize(
    ("clause_set", "technologies"), [("main", {"cctv", "anpr"}), ("anpr", {"cctv"}), ("anpr", {"anpr", "cctv"})]
)
def test_anpr_never_stands_in_one_agreement_with_cameras(clause_set, technologies):
    with pytest.raises(Incomplete, match="ANPR data has an agreement of its own"):
        begun(clause_set=clause_set, technologies=frozenset(technologies))


def test_the_wording_names_the_parties_and_the_suggested_figures():
    council, force = OrganisationFactory(name="Marlbridge"), PoliceForceFactory(name="Norwold Constabulary")
    agreement = begun(council, force)
    texts = {clause.key: clause.revisions.get().text for clause in agreement.clauses.all()}
    assert "between Marlbridge and Norwold Constabulary" in texts["parties"]
    assert "31 days" in texts["retention_hold"]
    assert "[First day]" in texts["term_review"]


def test_a_hub_of_several_councils_and_several_forces():
    hub, second = OrganisationFactory(), OrganisationFactory()
    agreement = begun(
        hub,
        parties=[
            PartyWanted(hub, PartyRole.SERVICE_PROVIDER),
            PartyWanted(second, PartyRole.SYSTEM_OWNER),
            PartyWanted(PoliceForceFactory(), PartyRole.DATA_RECIPIENT),
            PartyWanted(OtherAgencyFactory(), PartyRole.DATA_RECIPIENT),
        ],
    )
    assert len(agreement.parties_on(Side.COUNCILS)) == 2
    assert len(agreement.parties_on(Side.POLICE)) == 2


def test_roles_may_be_reversed():
    council, force = OrganisationFactory(), PoliceForceFactory()
    parties = [PartyWanted(force, PartyRole.SYSTEM_OWNER), PartyWanted(council, PartyRole.SERVICE_RECIPIENT)]
    agreement = begun(council, force, parties=parties)
    assert agreement.party_of(force).role == PartyRole.SYSTEM_OWNER
    assert agreement.party_of(force).side == Side.POLICE


def test_everything_that_is_wrong_with_a_frame_is_said_at_once():
    council = OrganisationFactory()
    foreign = active_system(OrganisationFactory())
    with pytest.raises(Incomplete) as refusal:
        begun(
            council,
            title=" ",
            is_bilingual=True,
            parties=[PartyWanted(CertificationBodyFactory(), "nonsense")],
            systems=[foreign],
        )
    fields = {problem.field for problem in refusal.value.problems}
    assert fields == {"title", "title_cy", "parties", "systems"}
    assert not Agreement.objects.exists()


def test_a_new_agreement_begins_as_the_last_one_ended():
    table = signed()
    again = begun(table.council.organisation, table.force.organisation, previous=table.again())
    revision = again.clauses.get(key="retention_hold").revisions.get()
    assert revision.values == {"days": 31, "hold_days": 30}
    assert again.clauses.get(key="term_review").revisions.get().values == {}  # days are never taken over
    assert (again.begun_from, again.begun_from_reference) == ("previous", table.agreement.reference)


def test_only_a_signed_agreement_is_negotiated_anew():
    table = negotiating()
    with pytest.raises(RuleBroken):
        begun(table.council.organisation, table.force.organisation, previous=table.again())


def test_own_words_of_a_published_agreement_are_taken_over():
    table: Table = signed()
    content = frozen_text.read(table.agreement.texts.get())
    content["clauses"] = [
        {**content["clauses"][0], "text": "Words of others.", "own_wording": True},
        {**content["clauses"][1], "key": "own-1", "title": "Dogs", "text": "No dogs."},
    ]
    plug = Published(search=lambda words: [], content_of=lambda reference: content if reference == "AG-X" else None)
    published.plug(plug)
    try:
        agreement = begun(published="AG-X")
        with pytest.raises(RuleBroken, match="Nothing is published"):
            begun(published="AG-Y")
    finally:
        published._plugs.remove(plug)
    assert agreement.clauses.get(key="purpose").revisions.get().text == "Words of others."
    assert agreement.clauses.get(key="own-1").revisions.get().text == "No dogs."


def test_the_frame_changes_only_while_it_is_a_draft_and_never_unseen():
    table = drafted()
    frame = frame_of(table.council.organisation, table.force.organisation, title="Another title")
    drafting.change_frame(agreement=table.again(), frame=frame, by=table.spoc, version=1)
    assert table.again().title == "Another title"
    with pytest.raises(StaleRecord):
        drafting.change_frame(agreement=table.agreement, frame=frame, by=table.spoc, version=1)
    sent = negotiating()
    with pytest.raises(IllegalMove):
        drafting.change_frame(agreement=sent.again(), frame=frame, by=sent.spoc, version=1)


def test_answers_write_the_clause():
    agreement = begun()
    party = agreement.party_of(agreement.opened_by)
    clause = agreement.clauses.get(key="term_review")
    clause.agreement = party.agreement = agreement
    raw = {"starts_on": dt.date(2026, 4, 1), "ends_on": None, "review_on": dt.date(2027, 4, 1)}
    draft = interview.answer(clause=clause, party=party, raw=raw, by=agreement.made_by)
    assert "in force from 1 April 2026 until it is ended" in draft.text
    assert "o 1 Ebrill 2026 nes" in draft.text_cy
    assert draft.values == {"starts_on": "2026-04-01", "review_on": "2027-04-01"}
    with pytest.raises(Incomplete):
        interview.answer(
            clause=agreement.clauses.get(key="retention_hold"), party=party, raw={"days": 4000}, by=agreement.made_by
        )
