"""The permission table: every address of the portal, who gets what answer, and in which prepared state.

Whoever is not named in a row of an organisation's page belongs to a party and gets 403, or is a stranger and gets 404.
`tests/permissions/test_walk.py` walks it; an address without a row fails there.
"""

from typing import Any

from accounts.models import Role
from tests.permissions.cameras import CAMERAS
from tests.permissions.certification import CERTIFICATION
from tests.permissions.consultations import CONSULTATIONS
from tests.permissions.desk import DESK
from tests.permissions.dpias import DPIAS
from tests.permissions.enquiries import ENQUIRIES
from tests.permissions.entrances import ENTRANCE, PERSONAL, PUBLIC, SITE
from tests.permissions.estate import ESTATE
from tests.permissions.finder import FINDER
from tests.permissions.impartial import IMPARTIAL
from tests.permissions.imports import IMPORTS
from tests.permissions.justification import JUSTIFICATION
from tests.permissions.life import LIFE
from tests.permissions.maps import MAPS
from tests.permissions.open_data import OPEN_DATA
from tests.permissions.page_facts import PAGE_FACTS
from tests.permissions.public_documents import PUBLIC_DOCUMENTS
from tests.permissions.publishing import PUBLISHING
from tests.permissions.reviews import REVIEWS
from tests.permissions.rows import (
    AGENCY,
    AGENCY_SPOC,
    BODY,
    NATIONAL,
    OPERATOR,
    OWNER,
    PEOPLE,
    Row,
    act,
    form,
    page,
)
from tests.permissions.searching import SEARCHING
from tests.permissions.signs import SIGNS
from tests.permissions.slas import SLAS
from tests.permissions.slas_publishing import SLAS_PUBLISHING
from tests.permissions.slas_returns import SLAS_RETURNS
from tests.permissions.slas_standing import SLAS_STANDING
from tests.permissions.statistics import STATISTICS
from tests.permissions.strategy_bulletins import STRATEGY_BULLETINS
from tests.permissions.strategy_consultations import STRATEGY_CONSULTATIONS
from tests.permissions.strategy_groups import STRATEGY_GROUPS
from tests.permissions.strategy_models import STRATEGY_MODELS
from tests.permissions.strategy_picture import STRATEGY_PICTURE
from tests.permissions.strategy_plans import STRATEGY_PLANS
from tests.permissions.strategy_questions import STRATEGY_QUESTIONS
from tests.permissions.strategy_reorganisations import STRATEGY_REORGANISATIONS
from tests.permissions.strategy_resources import STRATEGY_RESOURCES
from tests.permissions.strategy_spocs import STRATEGY_SPOCS
from tests.permissions.strategy_surveys import STRATEGY_SURVEYS
from tests.permissions.strategy_surveys_public import STRATEGY_SURVEYS_PUBLIC
from tests.permissions.strategy_training import STRATEGY_TRAINING
from tests.permissions.strategy_trials import STRATEGY_TRIALS
from tests.permissions.subscriptions import SUBSCRIPTIONS
from tests.permissions.upkeep import UPKEEP
from tests.permissions.visits import VISITS
from tests.permissions.working import WORKING

Roles = Any

# --- who ---
DRAFTERS = {Role.CONTRIBUTOR, Role.SCHEME_MANAGER, Role.SPOC}  # edit answers, evidence, actions
MANAGERS = {Role.SCHEME_MANAGER, Role.SPOC}  # create systems and assessments, import
SPOC, SRO = {Role.SPOC}, {Role.SRO}

# Site administrators look after organisations and their people, and after nothing that these record.
LOOKED_AFTER: Any = {"administrator": 200, "superuser": 200}
ADMINISTERED: Any = {"administrator": 422, "superuser": 422}
DONE: Any = {"administrator": 302, "superuser": 302}

# --- what they send ---
NOTE = {"note": "Funding ends in March."}
ANSWER = {"text": "The statement of need of March 2025.", "version": 1}
REASON = {"reason": "For this reason."}
NO_REASON = {"public-1": "no", "reason-1": ""}
FIRST: Any = {"parts": {"position": 1}}
ATTACHED: Any = {"number": 1, "evidence": "@evidence"}
LOOK_AT_ANSWERS: Any = {"of": "system of the draft", "parts": {"token": "@look of the SPOC at answers"}}
NOT_WHO_BROUGHT_IT = {Role.SCHEME_MANAGER: 404, Role.CONTRIBUTOR: 404}

# Addresses that stand in no row of their own, by the beginning of their names, and why.
GROUPS = {"admin:": "Django's tables, for reading: superusers alone, walked in test_admin_site.py"}


def of_organisation(side: str, *, invite: Roles, trail: Roles) -> list[Row]:
    """Its first page, its people and its audit trail. Site administrators look after these, too."""
    return [
        *page("accounts:organisation", side, **LOOKED_AFTER),
        *page("accounts:people", side, **LOOKED_AFTER),
        *page("accounts:invite", side, invite, **LOOKED_AFTER),
        *act("accounts:invite", side, invite, 422, **ADMINISTERED),
        *page("accounts:trail", side, trail, **LOOKED_AFTER),
    ]


def of_member(side: str, role: str, *, invite: Roles, manage: Roles, anybody: Roles) -> list[Row]:
    """An invitation to that role and a membership with it. `anybody`: who may invite to some role there."""
    invitation = {"of": f"{role} invitation", "first": frozenset(anybody)}
    membership = {"of": f"{role} membership"}
    return [
        *act("accounts:resend", side, invite, **invitation, **DONE),
        *act("accounts:revoke", side, invite, **invitation, **DONE),
        *page("accounts:change_role", side, manage, **membership, **LOOKED_AFTER),
        *act("accounts:change_role", side, manage, 422, **membership, **ADMINISTERED),
        *page("accounts:add_role", side, manage, **membership, **LOOKED_AFTER),
        *act("accounts:add_role", side, manage, 422, **membership, **ADMINISTERED),
        *page("accounts:end_membership", side, manage, **membership, **LOOKED_AFTER),
        *act("accounts:end_membership", side, manage, **membership, **DONE),
        *page("accounts:name_deputy", side, manage, **membership, **LOOKED_AFTER),
        *act("accounts:name_deputy", side, manage, 422, **membership, **ADMINISTERED),
        *page("accounts:reset_second_step", side, manage, **membership, **LOOKED_AFTER),
        *act("accounts:reset_second_step", side, manage, 422, **membership, **ADMINISTERED),
    ]


INVITERS = {Role.SCHEME_MANAGER, Role.SPOC, Role.POLICE_SPOC}
POLICE_SPOC, BODY_MANAGER, NATIONAL_ADMINISTRATOR = {Role.POLICE_SPOC}, {Role.BODY_MANAGER}, {Role.ADMINISTRATOR}

PEOPLE_OF_ORGANISATIONS = [
    *of_organisation(OPERATOR, invite=INVITERS, trail={Role.SPOC, Role.DPO, Role.POLICE_SPOC}),
    *of_member(OPERATOR, Role.CONTRIBUTOR, invite=MANAGERS, manage=SPOC, anybody=INVITERS),
    *of_member(OPERATOR, Role.SRO, invite=SPOC, manage=SPOC, anybody=INVITERS),
    *of_member(OPERATOR, Role.POLICE_SIGNATORY, invite=POLICE_SPOC, manage=POLICE_SPOC, anybody=INVITERS),
    # Nobody gives themselves more or shuts the door behind them: the only SPOC is no exception.
    *page("accounts:change_role", OPERATOR, (), of="spoc membership", **LOOKED_AFTER),
    *page("accounts:add_role", OPERATOR, (), of="spoc membership", **LOOKED_AFTER),
    *page("accounts:end_membership", OPERATOR, (), of="spoc membership", **LOOKED_AFTER),
    *page("accounts:reset_second_step", OPERATOR, (), of="spoc membership", **LOOKED_AFTER),
    # Nobody changes a role of their own, but who goes away says who stands in.
    *page("accounts:name_deputy", OPERATOR, SPOC, of="spoc membership", **LOOKED_AFTER),
    *of_organisation(AGENCY, invite={AGENCY_SPOC}, trail={AGENCY_SPOC}),
    *of_organisation(BODY, invite=BODY_MANAGER, trail=BODY_MANAGER),
    *of_member(BODY, Role.AUDITOR, invite=BODY_MANAGER, manage=BODY_MANAGER, anybody=BODY_MANAGER),
    *of_organisation(NATIONAL, invite=NATIONAL_ADMINISTRATOR, trail=NATIONAL_ADMINISTRATOR),
    *of_member(
        NATIONAL,
        Role.SECRETARY,
        invite=NATIONAL_ADMINISTRATOR,
        manage=NATIONAL_ADMINISTRATOR,
        anybody=NATIONAL_ADMINISTRATOR,
    ),
]

SYSTEMS = [
    *page("compliance:systems", OPERATOR),
    *form("compliance:system_new", OPERATOR, MANAGERS),
    *page("compliance:system", OPERATOR, of="draft system"),
    *form("compliance:system_edit", OPERATOR, MANAGERS, of="draft system", parts={"group": "purpose"}),
    *form("compliance:system_edit", OPERATOR, MANAGERS, of="draft system", parts={"group": "running"}),
    *form("compliance:system_edit", OPERATOR, MANAGERS, of="draft system", parts={"group": "contacts"}),
    *form("compliance:system_edit", OPERATOR, MANAGERS, of="draft system", parts={"group": "facts"}),
    *page("compliance:system_edit", OPERATOR, MANAGERS, 404, of="draft system", parts={"group": "nonsense"}),
    *form("compliance:system_technology", OPERATOR, MANAGERS, of="draft system", parts={"technology": "cctv"}),
    *page("compliance:system_technology", OPERATOR, MANAGERS, 404, of="draft system", parts={"technology": "drone"}),
    *page("compliance:system_activate", OPERATOR, SPOC, of="draft system"),
    *act("compliance:system_activate", OPERATOR, SPOC, of="draft system"),
    *act("compliance:system_activate", OPERATOR, SPOC, 409, of="published system"),
    *form("compliance:system_move", OPERATOR, SPOC, of="published system", parts={"act": "at-risk"}),
    *act("compliance:system_move", OPERATOR, SPOC, of="published system", parts={"act": "at-risk"}, sent=NOTE),
    *act("compliance:system_move", OPERATOR, SPOC, 409, of="draft system", parts={"act": "at-risk"}, sent=NOTE),
    *form("compliance:system_move", OPERATOR, SRO, of="published system", parts={"act": "closing"}),
    *act("compliance:system_move", OPERATOR, SRO, of="published system", parts={"act": "closing"}, sent=NOTE),
    *page("compliance:system_move", OPERATOR, SRO, of="published system", parts={"act": "closed"}),
    *act("compliance:system_move", OPERATOR, SRO, 409, of="published system", parts={"act": "closed"}),
    *page("compliance:cameras", OPERATOR, of="published system"),
]

ASSESSMENTS = [
    *page("compliance:assessments", OPERATOR),
    *form("compliance:assessment_start", OPERATOR, MANAGERS),
    *page("compliance:assessment", OPERATOR, of="draft assessment"),
    *page("compliance:assessment", OPERATOR, of="waiting assessment"),
    *page("compliance:assessment", OPERATOR, of="signed assessment"),
    *page("compliance:assessment_scope", OPERATOR, of="draft assessment"),
    *act("compliance:assessment_scope", OPERATOR, DRAFTERS, 422, of="draft assessment"),
    *act("compliance:assessment_scope", OPERATOR, DRAFTERS, of="draft assessment", sent={"scope": "All", "version": 1}),
    *act(
        "compliance:assessment_scope", OPERATOR, DRAFTERS, 409, of="draft assessment", sent={"scope": "A", "version": 0}
    ),
    *act(
        "compliance:assessment_scope",
        OPERATOR,
        DRAFTERS,
        409,
        of="waiting assessment",
        sent={"scope": "A", "version": 1},
    ),
    *page("compliance:principle", OPERATOR, of="draft assessment", parts={"number": 1}),
    *page("compliance:principle", OPERATOR, (), of="draft assessment", parts={"number": 13}, refused=404),
    *page("compliance:question", OPERATOR, of="draft assessment", parts={"number": 1}),
    *page("compliance:question", OPERATOR, of="signed assessment", parts={"number": 1}),
    *page("compliance:question", OPERATOR, (), of="draft assessment", parts={"number": 99}, refused=404),
    *act("compliance:question", OPERATOR, DRAFTERS, 422, of="draft assessment", parts={"number": 1}),
    *act("compliance:question", OPERATOR, DRAFTERS, of="draft assessment", parts={"number": 1}, sent=ANSWER),
    *act("compliance:question", OPERATOR, DRAFTERS, 409, of="waiting assessment", parts={"number": 1}, sent=ANSWER),
    *act("compliance:question", OPERATOR, DRAFTERS, 409, of="signed assessment", parts={"number": 1}, sent=ANSWER),
    *page("compliance:answer_history", OPERATOR, of="draft assessment", parts={"number": 1}),
    *page("compliance:whole_principle", OPERATOR, DRAFTERS, of="draft assessment", parts={"number": 1}),
    *page("compliance:whole_principle", OPERATOR, DRAFTERS, 302, of="waiting assessment", parts={"number": 1}),
    *act("compliance:autosave", OPERATOR, DRAFTERS, 422, of="draft assessment", parts={"number": 1}),
    *act("compliance:autosave", OPERATOR, DRAFTERS, 200, of="draft assessment", parts={"number": 1}, sent=ANSWER),
    *act("compliance:autosave", OPERATOR, DRAFTERS, 409, of="signed assessment", parts={"number": 1}, sent=ANSWER),
    *act("compliance:keep_note", OPERATOR, DRAFTERS, 422, of="draft assessment", parts={"number": 1}),
    *act("compliance:keep_note", OPERATOR, DRAFTERS, of="draft assessment", parts={"number": 1}, sent=ANSWER),
    *act(
        "compliance:restore_answer",
        OPERATOR,
        DRAFTERS,
        of="draft assessment",
        parts={"number": 1, "version": 1},
        sent={"version": 1},
    ),
    *act(
        "compliance:restore_answer",
        OPERATOR,
        DRAFTERS,
        409,
        of="signed assessment",
        parts={"number": 1, "version": 1},
        sent={"version": 1},
    ),
    *page("compliance:check", OPERATOR, of="draft assessment"),
    *page("compliance:abandon", OPERATOR, SPOC, of="draft assessment"),
    *act("compliance:abandon", OPERATOR, SPOC, of="draft assessment"),
    *act("compliance:abandon", OPERATOR, SPOC, 409, of="signed assessment", sent={"reason": "Started twice."}),
    *page("compliance:send", OPERATOR, SPOC, of="draft assessment"),
    *act("compliance:send", OPERATOR, SPOC, of="draft assessment"),
    *act("compliance:send", OPERATOR, SPOC, 422, of="unfinished assessment"),
    *act("compliance:send", OPERATOR, SPOC, 409, of="waiting assessment"),
    *act("compliance:send", OPERATOR, SPOC, 409, of="signed assessment"),
    *form("compliance:sign", OPERATOR, SRO, of="waiting assessment"),
    *page("compliance:sign", OPERATOR, SRO, 302, of="draft assessment"),  # an old message leads to how it stands
    *act("compliance:sign", OPERATOR, SRO, 409, of="draft assessment"),
    *form("compliance:return", OPERATOR, SRO, of="waiting assessment"),
    *act("compliance:return", OPERATOR, SRO, of="waiting assessment", sent={"comments": "Question 1 is too short."}),
    *act("compliance:return", OPERATOR, SRO, 409, of="signed assessment", sent={"comments": "Too late."}),
    *page("compliance:signed", OPERATOR, of="signed assessment"),
    *page("compliance:signed", OPERATOR, (), of="draft assessment", refused=404),
    *page("compliance:signed_json", OPERATOR, of="signed assessment"),
    *page("compliance:signed_json", OPERATOR, (), of="waiting assessment", refused=404),
    *page("compliance:signed_pdf", OPERATOR, answer=404, of="signed assessment"),  # no worker has printed it
    *page("compliance:take", OPERATOR, of="draft assessment"),
    *page("compliance:take", OPERATOR, of="signed assessment"),
    *act("compliance:take", OPERATOR, PEOPLE[OPERATOR], of="draft assessment", sent={"what": "answers"}),
    *page("compliance:take_file", OPERATOR, of="draft assessment", parts={"what": "answers", "ending": "csv"}),
    *page("compliance:take_file", OPERATOR, of="signed assessment", parts={"what": "blank", "ending": "json"}),
    *page(
        "compliance:take_file",
        OPERATOR,
        (),
        of="draft assessment",
        parts={"what": "answers", "ending": "exe"},
        refused=404,
    ),
    *form("compliance:answers_import", OPERATOR, DRAFTERS, of="system of the draft"),
    *page("compliance:answers_import", OPERATOR, DRAFTERS, of="draft system"),
    # A look at a file belongs to the person who uploaded it.
    *page("compliance:answers_import_preview", OPERATOR, SPOC, but=NOT_WHO_BROUGHT_IT, **LOOK_AT_ANSWERS),
    *act("compliance:answers_import_preview", OPERATOR, SPOC, 422, but=NOT_WHO_BROUGHT_IT, **LOOK_AT_ANSWERS),
    *act(
        "compliance:answers_import_preview",
        OPERATOR,
        SPOC,
        but=NOT_WHO_BROUGHT_IT,
        sent={"take": "1", "version-1": "1"},
        **LOOK_AT_ANSWERS,
    ),
]

COPYING = [
    *page("compliance:compare", OPERATOR),
    *page("compliance:side_by_side", OPERATOR),
    *form("compliance:answer_once", OPERATOR, DRAFTERS, parts={"number": 1}),
    *page("compliance:answer_once", OPERATOR, DRAFTERS, 404, parts={"number": 99}),
    *act("compliance:unlink", OPERATOR, DRAFTERS, of="draft assessment", parts={"number": 1}),
    *form("compliance:reconfirm", OPERATOR, DRAFTERS, of="draft assessment", parts={"number": 1}),
    *act("compliance:reconfirm", OPERATOR, DRAFTERS, 409, of="waiting assessment", parts={"number": 1}),
    *act("compliance:reconfirm_one", OPERATOR, DRAFTERS, of="draft assessment", parts={"number": 1}),
    *act("compliance:reconfirm_one", OPERATOR, DRAFTERS, 409, of="waiting assessment", parts={"number": 1}),
    *page("compliance:edition_changes", OPERATOR, (), of="draft assessment", refused=404),  # begun blank
    *form("compliance:reopen", OPERATOR, SPOC, of="signed assessment"),
    *act("compliance:reopen", OPERATOR, SPOC, of="signed assessment", sent=REASON),
    *act("compliance:reopen", OPERATOR, SPOC, 409, of="draft assessment", sent=REASON),
]

ACTIONS = [
    *page("compliance:actions", OPERATOR),
    *form("compliance:action_add", OPERATOR, DRAFTERS, of="draft assessment", query="principle=1"),
    *form("compliance:action_add", OPERATOR, DRAFTERS, of="signed assessment", query="principle=1"),
    *page("compliance:action_add", OPERATOR, DRAFTERS, 404, of="draft assessment", query="principle=13"),
    *act("compliance:action_add", OPERATOR, DRAFTERS, 409, of="waiting assessment", query="principle=1"),
    *form("compliance:action_add_free", OPERATOR, DRAFTERS),
    *page("compliance:handover", OPERATOR),
    *page("compliance:pictures", OPERATOR),
    *page("compliance:calendar", OPERATOR),
    *page("compliance:calendar_addresses", OPERATOR),
    *act("compliance:calendar_addresses", OPERATOR, PEOPLE[OPERATOR], 200, sent={"which": "organisation"}),
    *act("compliance:calendar_revoke", OPERATOR, PEOPLE[OPERATOR], sent={"which": "mine"}),
    # Nothing is ticked.
    *page("compliance:actions_several", OPERATOR, DRAFTERS, 422),
    *act("compliance:actions_several", OPERATOR, DRAFTERS, 422),
    *page("compliance:action", OPERATOR, of="open action"),
    *form("compliance:action_change", OPERATOR, DRAFTERS, of="open action"),
    *act("compliance:action_change", OPERATOR, DRAFTERS, 409, of="dropped action"),
    # Whoever an action belongs to moves it, whatever their role.
    *form("compliance:action_move", OPERATOR, DRAFTERS | {OWNER}, of="open action"),
    *act("compliance:action_move", OPERATOR, DRAFTERS | {OWNER}, of="open action", sent={"status": "in_progress"}),
]

EVIDENCE = [
    *page("compliance:evidence_list", OPERATOR),
    *form("compliance:evidence_add", OPERATOR, DRAFTERS),
    *page("compliance:evidence", OPERATOR, of="evidence"),
    *page("compliance:evidence_file", OPERATOR, of="evidence"),
    *page("compliance:evidence_file", OPERATOR, (), of="linked evidence", refused=404),
    *page("compliance:evidence_version", OPERATOR, of="replaced evidence", parts={"number": 1}),
    *page("compliance:evidence_version", OPERATOR, (), of="evidence", parts={"number": 1}, refused=404),
    *form("compliance:evidence_change", OPERATOR, DRAFTERS, of="evidence"),
    *form("compliance:evidence_replace", OPERATOR, DRAFTERS, of="evidence"),
    *page("compliance:evidence_publish", OPERATOR, SPOC, of="evidence"),
    *act("compliance:evidence_publish", OPERATOR, SPOC, of="evidence"),
    *act("compliance:evidence_withdraw", OPERATOR, SPOC, of="evidence"),
    *page("compliance:radar", OPERATOR),
    *form("compliance:question_evidence", OPERATOR, DRAFTERS, of="draft assessment", parts={"number": 1}),
    *act("compliance:question_evidence", OPERATOR, DRAFTERS, 409, of="signed assessment", parts={"number": 1}),
    *form("compliance:question_evidence_add", OPERATOR, DRAFTERS, of="draft assessment", parts={"number": 1}),
    *act("compliance:question_evidence_add", OPERATOR, DRAFTERS, 409, of="signed assessment", parts={"number": 1}),
    *act("compliance:question_evidence_share", OPERATOR, DRAFTERS, of="draft assessment", parts={"number": 1}),
    *act("compliance:question_evidence_share", OPERATOR, DRAFTERS, 409, of="signed assessment", parts={"number": 1}),
    *act("compliance:question_evidence_detach", OPERATOR, DRAFTERS, of="draft assessment", parts=ATTACHED),
    *page("compliance:elsewhere", OPERATOR),
    *form("compliance:elsewhere_new", OPERATOR, DRAFTERS),
    *page("compliance:elsewhere_record", OPERATOR, of="recorded elsewhere"),
    *page("compliance:elsewhere_file", OPERATOR, of="confirmed elsewhere"),
    *act("compliance:elsewhere_confirm", OPERATOR, SRO, of="recorded elsewhere"),
    *act("compliance:elsewhere_confirm", OPERATOR, SRO, 409, of="confirmed elsewhere"),
    *form("compliance:elsewhere_decline", OPERATOR, SRO, of="recorded elsewhere"),
    *act("compliance:elsewhere_decline", OPERATOR, SRO, of="recorded elsewhere", sent=REASON),
    *act("compliance:elsewhere_decline", OPERATOR, SRO, 409, of="confirmed elsewhere", sent=REASON),
]

TABLE: list[Row] = [
    *PUBLIC,
    *ENTRANCE,
    *PERSONAL,
    *SITE,
    *PEOPLE_OF_ORGANISATIONS,
    *SYSTEMS,
    *CAMERAS,
    *IMPORTS,
    *UPKEEP,
    *JUSTIFICATION,
    *REVIEWS,
    *CONSULTATIONS,
    *DPIAS,
    *STATISTICS,
    *ESTATE,
    *FINDER,
    *ASSESSMENTS,
    *WORKING,
    *COPYING,
    *ACTIONS,
    *EVIDENCE,
    *CERTIFICATION,
    *DESK,
    *LIFE,
    *IMPARTIAL,
    *VISITS,
    *PUBLISHING,
    *PAGE_FACTS,
    *PUBLIC_DOCUMENTS,
    *MAPS,
    *SEARCHING,
    *SIGNS,
    *SLAS,
    *SLAS_RETURNS,
    *SLAS_STANDING,
    *STRATEGY_CONSULTATIONS,
    *STRATEGY_SPOCS,
    *STRATEGY_RESOURCES,
    *STRATEGY_TRIALS,
    *STRATEGY_QUESTIONS,
    *STRATEGY_REORGANISATIONS,
    *STRATEGY_SURVEYS,
    *STRATEGY_SURVEYS_PUBLIC,
    *STRATEGY_TRAINING,
    *STRATEGY_BULLETINS,
    *STRATEGY_PLANS,
    *STRATEGY_MODELS,
    *STRATEGY_PICTURE,
    *STRATEGY_GROUPS,
    *SLAS_PUBLISHING,
    *ENQUIRIES,
    *SUBSCRIPTIONS,
    *OPEN_DATA,
]
