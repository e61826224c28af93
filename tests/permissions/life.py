"""The rows of the permission table for decisions after the review and the life of certificates, and their records."""

from typing import TYPE_CHECKING, Any

from accounts.models import Role
from certification.models import Application, Certificate
from certification.services import decisions, marks, reissues, transfers
from core.dates import today
from tests.factories.accounts import SiteAdministratorFactory
from tests.factories.certification import Parties, SchemeBodyFactory
from tests.factories.certification_life import declared, full_certificate, issued, reviewed, succeeded, under_review
from tests.permissions.rows import ASSIGNED, BODY, HAD_PART, OPERATOR, act, form, page, site

if TYPE_CHECKING:
    from tests.permissions.world import World

SPOC, BODY_MANAGER, DECISION_MAKER, AUDITOR = {Role.SPOC}, {Role.BODY_MANAGER}, {Role.DECISION_MAKER}, {ASSIGNED}
READERS = {Role.BODY_MANAGER, Role.DECISION_MAKER, HAD_PART, Role.OBSERVER}
FIRST: Any = {"parts": {"number": 1}}
NINTH: Any = {"parts": {"number": 9}}
CHANGES, GROUNDS = {"changes": "None."}, {"grounds": "The signs were there."}
FREE_AUDITOR = {"auditor": "@free auditor"}
CONTINUES = {"outcome": "continue", "reasons": "Nothing stands against it."}
PLACE = {"kind": "website", "where": "https://example.org/cctv"}
GONE = {"removed_on_day": today().day, "removed_on_month": today().month, "removed_on_year": today().year}
SEEN = {"result": "ok"}
NARROWER = {"scope": "Fewer cameras.", "systems": "@system of the certificate", "reason": "Some were removed."}
OTHER_BODY = {"body": "@other body", "reason": "It is nearer."}
REFUSED = {"outcome": "refuse", "reasons": "It is too far."}
AWARD = {"outcome": "award", "reasons": "The review holds."}
KEY: Any = {"parts": {"key": "@scheme"}}

LIFE = [
    # An award is checked first; an appeal is decided by somebody with part in neither review nor decision.
    *act("certification:decision", BODY, DECISION_MAKER, 200, of="recommended application", sent=AWARD),
    *page("certification:decision", BODY, (), of="appealed application"),
    *form("certification:appeal", OPERATOR, SPOC, of="declined application"),
    *act("certification:appeal", OPERATOR, SPOC, of="declined application", sent=GROUNDS),
    *act("certification:appeal", OPERATOR, SPOC, 409, of="awarded application", sent=GROUNDS),
    *act("certification:appeal", OPERATOR, SPOC, 409, of="appealed application", sent=GROUNDS),
    *page("certification:appeal", BODY, (), of="declined application"),
    # Scope, renewal, transfer
    *form("certification:certificate_scope", BODY, DECISION_MAKER, of="full certificate"),
    *act("certification:certificate_scope", BODY, DECISION_MAKER, of="full certificate", sent=NARROWER),
    *act("certification:certificate_scope", BODY, DECISION_MAKER, 409, of="withdrawn certificate", sent=NARROWER),
    *page("certification:certificate_scope", OPERATOR, (), of="full certificate"),
    *act("certification:certificate_renew", OPERATOR, SPOC, of="full certificate"),
    *act("certification:certificate_renew", OPERATOR, SPOC, 409, of="withdrawn certificate"),
    *act("certification:certificate_renew", BODY, (), of="full certificate"),
    *form("certification:certificate_transfer", OPERATOR, SPOC, of="full certificate"),
    *act("certification:certificate_transfer", OPERATOR, SPOC, of="full certificate", sent=OTHER_BODY),
    *act("certification:certificate_transfer", OPERATOR, SPOC, 409, of="withdrawn certificate", sent=OTHER_BODY),
    *page("certification:certificate_transfer", BODY, (), of="full certificate"),
    *page("certification:transfer", OPERATOR, of="transfer"),
    *page("certification:transfer", BODY, READERS, of="transfer"),
    *form("certification:transfer_decision", BODY, {Role.DECISION_MAKER, HAD_PART}, of="transfer"),
    *act("certification:transfer_decision", BODY, {Role.DECISION_MAKER, HAD_PART}, of="transfer", sent=REFUSED),
    *act("certification:transfer_decision", BODY, {Role.DECISION_MAKER, HAD_PART}, 409, of="refused transfer"),
    *page("certification:transfer_decision", OPERATOR, (), of="transfer"),
    *act("certification:transfer_cancel", OPERATOR, SPOC, of="transfer"),
    *act("certification:transfer_cancel", OPERATOR, SPOC, 409, of="refused transfer"),
    *act("certification:transfer_cancel", BODY, (), of="transfer"),
    # Where the mark is shown
    *page("certification:marks", OPERATOR, of="full certificate"),
    *page("certification:marks", BODY, of="full certificate"),
    *act("certification:marks", OPERATOR, SPOC, 422, of="full certificate"),
    *act("certification:marks", OPERATOR, SPOC, of="full certificate", sent=PLACE),
    *act("certification:marks", OPERATOR, SPOC, 422, of="withdrawn certificate", sent=PLACE),
    *act("certification:marks", BODY, (), of="full certificate", sent=PLACE),
    *form("certification:mark_removed", OPERATOR, SPOC, of="full certificate", **FIRST),
    *act("certification:mark_removed", OPERATOR, SPOC, of="full certificate", **FIRST, sent=GONE),
    *page("certification:mark_removed", OPERATOR, (), of="full certificate", refused=404, **NINTH),
    *page("certification:mark_removed", BODY, (), of="full certificate", **FIRST),
    *form("certification:mark_check", BODY, AUDITOR, of="watched certificate", **FIRST),
    *act("certification:mark_check", BODY, AUDITOR, of="watched certificate", **FIRST, sent=SEEN),
    *act("certification:mark_check", BODY, AUDITOR, 409, of="full certificate", **FIRST, sent=SEEN),
    *page("certification:mark_check", OPERATOR, (), of="watched certificate", **FIRST),
    # Surveillance
    *page("certification:surveillance", OPERATOR, of="full certificate", **FIRST),
    *page("certification:surveillance", BODY, READERS | AUDITOR, of="full certificate", **FIRST),
    *page("certification:surveillance", BODY, READERS | AUDITOR, of="reviewed certificate", **FIRST),
    *page("certification:surveillance", BODY, (), of="full certificate", refused=404, **NINTH),
    *form("certification:surveillance_changes", OPERATOR, SPOC, of="full certificate", **FIRST),
    *act("certification:surveillance_changes", OPERATOR, SPOC, of="full certificate", **FIRST, sent=CHANGES),
    *act("certification:surveillance_changes", OPERATOR, SPOC, 409, of="reviewed certificate", **FIRST, sent=CHANGES),
    *page("certification:surveillance_changes", BODY, (), of="full certificate", **FIRST),
    *form("certification:surveillance_assign", BODY, BODY_MANAGER, of="full certificate", **FIRST),
    *act("certification:surveillance_assign", BODY, BODY_MANAGER, of="full certificate", **FIRST, sent=FREE_AUDITOR),
    *act(
        "certification:surveillance_assign",
        BODY,
        BODY_MANAGER,
        409,
        of="reviewed certificate",
        **FIRST,
        sent=FREE_AUDITOR,
    ),
    *page("certification:surveillance_assign", OPERATOR, (), of="full certificate", **FIRST),
    *act("certification:surveillance_begin", BODY, AUDITOR, of="declared certificate", **FIRST),
    *act("certification:surveillance_begin", BODY, AUDITOR, 422, of="full certificate", **FIRST),
    *act("certification:surveillance_begin", BODY, AUDITOR, 409, of="watched certificate", **FIRST),
    *act("certification:surveillance_begin", OPERATOR, (), of="declared certificate", **FIRST),
    *form("certification:surveillance_decision", BODY, DECISION_MAKER, of="reviewed certificate", **FIRST),
    *act(
        "certification:surveillance_decision", BODY, DECISION_MAKER, of="reviewed certificate", **FIRST, sent=CONTINUES
    ),
    *act(
        "certification:surveillance_decision", BODY, DECISION_MAKER, 409, of="full certificate", **FIRST, sent=CONTINUES
    ),
    *page("certification:surveillance_decision", OPERATOR, (), of="reviewed certificate", **FIRST),
    # Many at once
    *site("schemes:reissue", **KEY),
    *site("schemes:reissue", "POST", 422, **KEY),
    *site("schemes:reissue_progress", parts={"key": "@scheme", "reference": "@reissue"}),
]


def add_life(world: "World", parties: Parties) -> None:
    """Certificates at every stage of their life; a transfer to the body from another one."""
    records: Any = world.records
    full = records["full certificate"] = full_certificate(parties)
    marks.add_place(certificate=full, kind="website", where="https://example.org", by=parties.spoc)
    records["declared certificate"] = declared(parties).certificate
    watched = under_review(parties)
    marks.add_place(certificate=watched.certificate, kind="sign", where="Car parks", by=parties.spoc)
    records["watched certificate"] = watched.certificate
    records["reviewed certificate"] = reviewed(parties).certificate
    records["withdrawn certificate"] = issued(
        application=full.application, operator=world.operator, status=Certificate.Status.WITHDRAWN
    )
    records["declined application"] = _declined(parties)
    records["appealed application"] = _declined(parties)
    records["appealed application"].move_to(Application.Status.APPEALED, by=parties.spoc)
    elsewhere = Parties.make()
    SchemeBodyFactory(scheme=elsewhere.scheme, body=world.organisations[BODY])
    elsewhere.operator, elsewhere.spoc = world.operator, parties.spoc
    for name in ("transfer", "refused transfer"):
        records[name] = transfers.ask(
            certificate=elsewhere.awarded().certificate,
            body=world.organisations[BODY],
            reason="Nearer.",
            by=parties.spoc,
        )
    transfers.decide(transfer=records["refused transfer"], outcome="refuse", reasons="Too far.", by=parties.decider)
    other = SchemeBodyFactory(scheme=parties.scheme).body
    successor = succeeded(parties.scheme, other)
    lone = issued(application=full.application, operator=world.operator, body=other)
    made = reissues.start(scheme=parties.scheme, successor=successor, reason="Its name.", by=SiteAdministratorFactory())
    assert made.items.get(refusal="").certificate == lone
    world.words |= {
        "system of the certificate": full.systems.get().reference,
        "other body": other.slug,
        "reissue": made.reference,
    }


def _declined(parties: Parties) -> Application:
    application = parties.recommended("decline")
    decisions.decide(application=application, outcome="decline", reasons="Signs are missing.", by=parties.decider)
    return application
