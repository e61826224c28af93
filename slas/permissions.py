"""Who may do what with agreements (design 3, domain 5.5). Scopes are the models' `visible_to`.

What concerns one side is asked of an `AgreementParty`: the organisation in the address, on the side where it stands.
"""

from accounts.models import POLICE_KINDS, Kind, Organisation, Role, User
from accounts.policy import allows
from slas.models import Agreement, AgreementParty, Side


def side_of(organisation: Organisation) -> Side:
    """On which side an organisation of its kind stands, whoever owns the system."""
    return Side.POLICE if organisation.kind in POLICE_KINDS else Side.COUNCILS


def takes_part(organisation: Organisation) -> bool:
    """Whether an organisation of its kind may be party to agreements."""
    return organisation.runs_cameras or organisation.kind in POLICE_KINDS


# The role that it takes at a party, by its side: to negotiate and report; to say for the party that a text is whole and
# publish it; to sign
NEGOTIATES = {Side.COUNCILS: Role.SCHEME_MANAGER, Side.POLICE: Role.POLICE_SPOC}
SPEAKS = {Side.COUNCILS: Role.SPOC, Side.POLICE: Role.POLICE_SPOC}
SIGNS = {Side.COUNCILS: Role.SRO, Side.POLICE: Role.POLICE_SIGNATORY}


def _works_for(user: User, organisation: Organisation, side: str) -> bool:
    return user.holds(NEGOTIATES[Side(side)], at=organisation)


def _speaks_for(user: User, organisation: Organisation, side: str) -> bool:
    return user.holds(SPEAKS[Side(side)], at=organisation)


def _signs_for(user: User, organisation: Organisation, side: str) -> bool:
    return user.holds(SIGNS[Side(side)], at=organisation)


@allows("slas.read_agreements")
def may_read_agreements(user: User, organisation: Organisation) -> bool:
    """Everybody of an organisation that may be party to agreements."""
    return takes_part(organisation) and bool(user.roles_at(organisation))


@allows("slas.begin_agreement")
def may_begin(user: User, organisation: Organisation) -> bool:
    """The scheme manager or SPOC of a council, the SPOC of a force or an agency."""
    return takes_part(organisation) and _works_for(user, organisation, side_of(organisation))


@allows("slas.read_agreement")
def may_read(user: User, agreement: Agreement) -> bool:
    """Everybody of whoever drafts it; once the other side was asked, everybody of each party."""
    if user.roles_at(agreement.opened_by_id):
        return True
    if not agreement.was_shared():
        return False
    return any(user.roles_at(party.organisation_id) for party in agreement.parties.all())


@allows("slas.negotiate")
def may_negotiate(user: User, party: AgreementParty) -> bool:
    """Drafts, proposes, accepts and rejects clauses for the party's side, and writes its private notes."""
    return _works_for(user, party.organisation, party.side)


@allows("slas.confirm_text")
def may_confirm(user: User, party: AgreementParty) -> bool:
    """Sends a draft, says that the whole text is agreed, opens it again, confirms what was made in ink."""
    return _speaks_for(user, party.organisation, party.side)


@allows("slas.sign_agreement")
def may_sign(user: User, party: AgreementParty) -> bool:
    """The senior responsible officer of a council, the signatory of a force or an agency."""
    return _signs_for(user, party.organisation, party.side)


@allows("slas.publish_agreement")
def may_publish(user: User, party: AgreementParty) -> bool:
    """Redacts and publishes: the single point of contact of a party."""
    return _speaks_for(user, party.organisation, party.side)


@allows("slas.end_agreement")
def may_end(user: User, party: AgreementParty) -> bool:
    """Gives notice or takes it back: whoever signs for the party."""
    return _signs_for(user, party.organisation, party.side)


@allows("slas.review_agreement")
def may_review(user: User, party: AgreementParty) -> bool:
    """Confirms at a review that it goes on unchanged: the single point of contact of a party."""
    return _speaks_for(user, party.organisation, party.side)


@allows("slas.report_performance")
def may_report(user: User, party: AgreementParty) -> bool:
    """Records returns and outcomes, agrees or asks about those of the other side."""
    return _works_for(user, party.organisation, party.side)


@allows("slas.read_uptake")
def may_read_uptake(user: User, organisation: Organisation) -> bool:
    """Everybody of a possible party; of the national body its administrator, strand leads and secretary."""
    return may_compare(user, organisation) or may_read_agreements(user, organisation)


@allows("slas.compare_outcomes")
def may_compare(user: User, organisation: Organisation) -> bool:
    """Reads what footage led to force by force: administrator, strand leads and secretary of the national body."""
    readers = (Role.ADMINISTRATOR, Role.STRAND_LEAD, Role.SECRETARY)
    return organisation.kind == Kind.NATIONAL_BODY and any(user.holds(role, at=organisation) for role in readers)


@allows("slas.record_ink")
def may_record_ink(user: User, organisation: Organisation) -> bool:
    """Records what was signed in ink, which is its party's word: the single point of contact."""
    return takes_part(organisation) and _speaks_for(user, organisation, side_of(organisation))


@allows("slas.declare_none")
def may_declare_none(user: User, organisation: Organisation) -> bool:
    """Says for a council or a force that there is no agreement: its single point of contact."""
    return takes_part(organisation) and _speaks_for(user, organisation, side_of(organisation))
