"""Kinds of organisation and the roles that people hold in them (design 3). The only place that lists them."""

from collections.abc import Mapping, Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.errors import Text


class Kind(models.TextChoices):
    """What an organisation is, after PoFA 2012 s.33(5)."""

    PRINCIPAL_AUTHORITY = "principal_authority", _("local authority (principal)")
    PARISH_COUNCIL = "parish_council", _("local authority (parish, town or community)")
    POLICE_FORCE = "police_force", _("police force")
    OTHER_AGENCY = "other_agency", _("other police or law enforcement agency")
    PCC_OFFICE = "pcc_office", _("office of a police and crime commissioner")
    OTHER_AUTHORITY = "other_authority", _("other relevant authority")
    VOLUNTARY_ADOPTER = "voluntary_adopter", _("voluntary adopter")
    CERTIFICATION_BODY = "certification_body", _("certification body")
    NATIONAL_BODY = "national_body", _("national body")


def kind_choices() -> Sequence[tuple[str, Text]]:
    """Named here so that a new label is no migration."""
    return Kind.choices


OPERATOR_KINDS = frozenset(
    {
        Kind.PRINCIPAL_AUTHORITY,
        Kind.PARISH_COUNCIL,
        Kind.POLICE_FORCE,
        Kind.PCC_OFFICE,
        Kind.OTHER_AUTHORITY,
        Kind.VOLUNTARY_ADOPTER,
    }
)

# Who stands on the police side of an agreement. An agency without a territory runs no cameras here.
POLICE_KINDS = frozenset({Kind.POLICE_FORCE, Kind.OTHER_AGENCY})


class Role(models.TextChoices):
    """What a person may do for an organisation; each carries those named in IMPLIES."""

    CONTRIBUTOR = "contributor", _("contributor")
    SCHEME_MANAGER = "scheme_manager", _("scheme manager")
    SPOC = "spoc", _("single point of contact (SPOC)")
    SRO = "sro", _("senior responsible officer (SRO)")
    DPO = "dpo", _("data protection officer (DPO)")
    VIEWER = "viewer", _("viewer")
    POLICE_SPOC = "police_spoc", _("police single point of contact")
    POLICE_SIGNATORY = "police_signatory", _("police signatory")
    BODY_MANAGER = "body_manager", _("certification body manager")
    AUDITOR = "auditor", _("auditor")
    DECISION_MAKER = "decision_maker", _("decision maker")
    OBSERVER = "observer", _("observer")
    ADMINISTRATOR = "administrator", _("administrator")
    STRAND_LEAD = "strand_lead", _("strand lead")
    SECRETARY = "secretary", _("secretary")


def role_choices() -> Sequence[tuple[str, Text]]:
    return Role.choices


# What each role may do, in a sentence for whoever gives it (design 3).
ROLE_HINTS: Mapping[str, Text] = {
    Role.CONTRIBUTOR: _("Edits answers, evidence, cameras and actions while they are drafts."),
    Role.SCHEME_MANAGER: _(
        "All of a contributor; creates systems, assessments and proposals, imports cameras, invites contributors."
    ),
    Role.SPOC: _(
        "All of a scheme manager; sends for sign-off, applies for certification, publishes, manages the members."
    ),
    Role.SRO: _("Signs or returns self-assessments, and signs for the organisation."),
    Role.DPO: _("Reads everything of the organisation, advises on data protection, reads the audit trail."),
    Role.VIEWER: _("Reads everything of the organisation, changes nothing."),
    Role.POLICE_SPOC: _(
        "Negotiates agreements for the force or agency, records performance, manages the police members."
    ),
    Role.POLICE_SIGNATORY: _("Signs agreements for the force or agency."),
    Role.BODY_MANAGER: _("Accepts or returns applications, assigns auditors, manages the members."),
    Role.AUDITOR: _("Reviews the applications assigned to them: verdicts, findings, recommendation."),
    Role.DECISION_MAKER: _("Awards, declines, suspends and withdraws; never what they audited."),
    Role.OBSERVER: _("Reads, changes nothing: an assessor of an accreditation body."),
    Role.ADMINISTRATOR: _("Manages organisations, schemes, editions, groups and the members."),
    Role.STRAND_LEAD: _("Records deliverables and the evidence of progress."),
    Role.SECRETARY: _("Keeps meetings, minutes, actions, consultations, bulletins and surveys."),
}

OPERATOR_ROLES = (Role.CONTRIBUTOR, Role.SCHEME_MANAGER, Role.SPOC, Role.SRO, Role.DPO, Role.VIEWER)
POLICE_ROLES = (Role.POLICE_SPOC, Role.POLICE_SIGNATORY)
BODY_ROLES = (Role.BODY_MANAGER, Role.AUDITOR, Role.DECISION_MAKER, Role.OBSERVER)
NATIONAL_ROLES = (Role.ADMINISTRATOR, Role.STRAND_LEAD, Role.SECRETARY)

ROLES_OF_KIND: Mapping[str, tuple[Role, ...]] = {
    **dict.fromkeys(OPERATOR_KINDS, OPERATOR_ROLES),
    Kind.POLICE_FORCE: OPERATOR_ROLES + POLICE_ROLES,
    Kind.OTHER_AGENCY: POLICE_ROLES,
    Kind.CERTIFICATION_BODY: BODY_ROLES,
    Kind.NATIONAL_BODY: NATIONAL_ROLES,
}

# "all of contributor", "all of scheme manager" (design 3).
IMPLIES: Mapping[str, frozenset[Role]] = {
    Role.SCHEME_MANAGER: frozenset({Role.CONTRIBUTOR}),
    Role.SPOC: frozenset({Role.CONTRIBUTOR, Role.SCHEME_MANAGER}),
}

# Which roles the holder of a role gives and ends: "manage members" (design 3). Somebody who manages the operator's
# side of a force does not thereby appoint who signs agreements for the police.
MANAGES: Mapping[str, tuple[Role, ...]] = {
    Role.SPOC: OPERATOR_ROLES,
    Role.POLICE_SPOC: POLICE_ROLES,
    Role.BODY_MANAGER: BODY_ROLES,
    Role.ADMINISTRATOR: NATIONAL_ROLES,
}
MANAGING_ROLES = frozenset(Role(role) for role in MANAGES)

# Roles that a scheme manager may invite: "invite contributors".
INVITED_BY_SCHEME_MANAGER = (Role.CONTRIBUTOR,)
