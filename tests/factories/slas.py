"""Agreements as tests need them; stages are reached through the services, as in life."""

import datetime as dt
import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.models import Kind, Organisation, Role, User
from slas.clause_files import LibraryText
from slas.clause_reader import read_library
from slas.models import (
    Agreement,
    AgreementParty,
    AgreementTechnology,
    Clause,
    ClauseLibrary,
    PerformanceReturn,
    ServiceMeasure,
    Side,
    Signature,
)
from slas.services import negotiation, signing
from slas.services.negotiation import Wording
from tests.factories.accounts import OrganisationFactory, PoliceForceFactory, member

DATA = Path(__file__).resolve().parents[2] / "slas" / "data"
TERM = {"starts_on": "2026-04-01", "ends_on": "2029-03-31", "review_on": "2028-04-01"}


class OtherAgencyFactory(OrganisationFactory):
    kind = Kind.OTHER_AGENCY
    name = factory.Sequence(lambda n: f"Transport Police {n}")


@functools.cache
def real_library() -> LibraryText:
    return read_library((DATA / "clauses-2026.yaml").read_text("utf-8"))


class ClauseLibraryFactory(DjangoModelFactory[ClauseLibrary]):
    """The library that the portal ships."""

    class Meta:
        model = ClauseLibrary
        django_get_or_create = ("key",)

    key = factory.LazyFunction(lambda: real_library().key)
    name = factory.LazyFunction(lambda: real_library().name.en)
    name_cy = factory.LazyFunction(lambda: real_library().name.cy)
    published_on = factory.LazyFunction(lambda: real_library().published_on)
    sha256 = factory.LazyFunction(lambda: real_library().sha256)
    content = factory.LazyFunction(lambda: real_library().as_json())


class AgreementFactory(DjangoModelFactory[Agreement]):
    """A draft of a council with a force as the other party and three clauses, the days among them."""

    class Meta:
        model = Agreement
        skip_postgeneration_save = True

    library = factory.SubFactory(ClauseLibraryFactory)
    title = factory.Sequence(lambda n: f"CCTV agreement {n}")
    title_cy = factory.Sequence(lambda n: f"Cytundeb TCC {n}")
    opened_by = factory.SubFactory(OrganisationFactory)
    # So that a status set by hand meets the table's own rules
    starts_on = dt.date(2026, 4, 1)
    ends_on = dt.date(2029, 3, 31)
    completed_at = factory.LazyFunction(lambda: dt.datetime(2026, 3, 20, 12, tzinfo=dt.UTC))
    ends_early_on = dt.date(2028, 1, 31)
    replaced_from = dt.date(2028, 1, 31)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Agreement:
        force = kwargs.pop("force", None) or PoliceForceFactory()
        agreement: Agreement = super()._create(model_class, *args, **kwargs)
        council, police = Side.COUNCILS, Side.POLICE
        AgreementParty.objects.create(
            agreement=agreement, organisation=agreement.opened_by, side=council, role="system_owner"
        )
        AgreementParty.objects.create(agreement=agreement, organisation=force, side=police, role="data_recipient")
        AgreementTechnology.objects.create(agreement=agreement, technology="cctv")
        return agreement


class PerformanceReturnFactory(DjangoModelFactory[PerformanceReturn]):
    class Meta:
        model = PerformanceReturn

    agreement = factory.SubFactory(AgreementFactory)
    organisation = factory.LazyAttribute(lambda made: made.agreement.opened_by)
    starts_on = dt.date(2026, 4, 1)
    ends_on = dt.date(2026, 6, 30)


CLAUSES = (
    ("purpose", "Purpose", {"aims": ["prevent"]}, "Why the cameras are there."),
    ("retention_hold", "Retention", {"days": 31, "hold_days": 30}, "Footage is kept for 31 days."),
    ("term_review", "Term and review", TERM, "From 1 April 2026 to 31 March 2029."),
)


@dataclass
class Table:
    """An agreement between one council and one force, with somebody for each role on both sides."""

    agreement: Agreement
    council: AgreementParty
    force: AgreementParty
    manager: User
    spoc: User
    sro: User
    police_spoc: User
    signatory: User

    def negotiator(self, side: str) -> User:
        return self.police_spoc if side == Side.POLICE else self.spoc

    def party(self, side: str) -> AgreementParty:
        return self.force if side == Side.POLICE else self.council

    def clause(self, key: str = "purpose") -> Clause:
        return Clause.objects.select_related("agreement", "agreed", "tabled").get(agreement=self.agreement, key=key)

    def again(self) -> Agreement:
        self.agreement = Agreement.objects.for_page().get(pk=self.agreement.pk)
        return self.agreement

    def propose(self, side: str, key: str, text: str, **more: Any) -> None:
        clause = self.clause(key)
        wording = Wording(text=text, text_cy=f"{text} (cy)", is_own_wording=True, **more)
        negotiation.save_draft(clause=clause, party=self.party(side), wording=wording, by=self.negotiator(side))
        negotiation.propose(clause=clause, party=self.party(side), by=self.negotiator(side))

    def accept(self, side: str, *keys: str) -> None:
        for key in keys:
            clause = self.clause(key)
            negotiation.accept(clause=clause, party=self.party(side), by=self.negotiator(side), version=clause.version)

    def confirm(self, side: str) -> bool:
        agreement = self.again()
        _content, sha256 = signing.text_to_read(agreement)
        return signing.confirm_text(
            agreement=agreement, party=self.party(side), by=self.negotiator(side), read_sha256=sha256
        )

    def sign(self, side: str) -> Signature:
        agreement = self.again()
        by = self.signatory if side == Side.POLICE else self.sro
        _content, sha256 = signing.text_to_read(agreement)
        return signing.sign(
            agreement=agreement,
            party=self.party(side),
            by=by,
            typed_name=by.name,
            post="Chief Superintendent" if side == Side.POLICE else "Director of Communities",
            password_checked=True,
            read_sha256=sha256,
        )


def drafted(council: Organisation | None = None, force: Organisation | None = None, **fields: Any) -> Table:
    """A council's draft with a text for each of three clauses."""
    council, force = council or OrganisationFactory(), force or PoliceForceFactory()
    none = dict.fromkeys(("starts_on", "ends_on", "completed_at", "ends_early_on", "replaced_from"))
    agreement = AgreementFactory(opened_by=council, force=force, **{**none, **fields})
    parties = {party.side: party for party in agreement.parties.select_related("organisation")}
    table = Table(
        agreement,
        parties[Side.COUNCILS],
        parties[Side.POLICE],
        member(council, Role.SCHEME_MANAGER),
        member(council, Role.SPOC),
        member(council, Role.SRO),
        member(force, Role.POLICE_SPOC),
        member(force, Role.POLICE_SIGNATORY),
    )
    for number, (key, title, values, text) in enumerate(CLAUSES, 1):
        clause = Clause.objects.create(agreement=agreement, key=key, number=number, title=title, title_cy=f"{title} cy")
        wording = Wording(text=text, text_cy=f"{text} (cy)", values=values)
        negotiation.save_draft(clause=clause, party=table.council, wording=wording, by=table.spoc)
    return table


def negotiating(**given: Any) -> Table:
    """The same, sent to the force: everything waits for it."""
    from slas.services.drafting import send

    table = drafted(**given)
    send(agreement=table.again(), party=table.council, by=table.spoc)
    return table


def text_agreed(**given: Any) -> Table:
    table = negotiating(**given)
    table.accept(Side.POLICE, *(key for key, *_rest in CLAUSES))
    table.confirm(Side.POLICE)
    table.confirm(Side.COUNCILS)
    table.again()
    return table


def signed_by_one(**given: Any) -> Table:
    table = text_agreed(**given)
    table.sign(Side.COUNCILS)
    table.again()
    return table


def signed(**given: Any) -> Table:
    """Signed by both; its document is promised."""
    table = signed_by_one(**given)
    table.sign(Side.POLICE)
    table.again()
    return table


def measured(table: Table) -> list[ServiceMeasure]:
    """Two measures on an agreement: a share owed by the council and one owed by the police."""
    share = {"unit": "percent", "better": "higher"}
    rows = (
        {"key": "evidence_standard", "name": "Requests met in standard time", "target": 95, "owed_by": "councils"},
        {"key": "outcome_feedback", "name": "Requests with outcome returned", "target": 80, "owed_by": "police"},
    )
    return [
        ServiceMeasure.objects.create(agreement=table.agreement, position=position, name_cy="", **share, **row)
        for position, row in enumerate(rows)
    ]
