"""Agreements with the police: one in force with its figures, published; one about ANPR data under negotiation."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from accounts.models import Role
from ccp_portal.demonstration import data
from ccp_portal.demonstration.people import World
from core.dates import today
from slas import frozen_text, return_periods
from slas.models import Agreement, AgreementParty, Clause, PartyRole, Side
from slas.services import beginning, drafting, interview, negotiation, redacting, returns, signing
from slas.services.drafting import Frame, PartyWanted
from slas.services.negotiation import Wording
from slas.services.returns import Figure, Given
from transparency.services.publish_agreement import publish_agreement

Record = Mapping[str, Any]


def make_agreements(world: World) -> None:
    """What data/agreements.yaml says, by the services that pages use."""
    for wanted in data.agreements():
        _Making(world, wanted).make()


class _Making:
    """One agreement on its way, with the people who take it there."""

    def __init__(self, world: World, wanted: Record) -> None:
        self.world, self.wanted = world, wanted
        self.spoc = world.holder(wanted["council"], Role.SPOC)
        self.sro = world.holder(wanted["council"], Role.SRO)
        self.police = world.holder(wanted["force"], Role.POLICE_SPOC)
        self.signatory = world.holder(wanted["force"], Role.POLICE_SIGNATORY)

    def make(self) -> None:
        self.agreement = self._begun()
        self.council, self.force = (self._party(side) for side in (Side.COUNCILS, Side.POLICE))
        self._answer()
        drafting.send(agreement=self.agreement, party=self.council, by=self.spoc)
        for key, values in self.wanted.get("counters", {}).items():
            clause = self._clause(key)
            interview.answer(clause=clause, party=self.force, raw=values, by=self.police)
            negotiation.propose(clause=self._clause(key), party=self.force, by=self.police)
        if "returns" in self.wanted:
            self._agree_and_sign()
            self._report()
        if self.wanted.get("published"):
            for key, reason in self.wanted.get("withheld", {}).items():
                redacting.set_redaction(
                    agreement=self._fresh(), party=self.council, clause_key=key, reason=reason, by=self.spoc
                )
            publish_agreement(agreement=self._fresh(), party=self.council, by=self.spoc)

    def _begun(self) -> Agreement:
        council, force = (self.world.organisations[self.wanted[who]] for who in ("council", "force"))
        clause_set = self.wanted.get("set", "main")
        system = self.wanted.get("system")
        frame = Frame(
            title=self.wanted["title"],
            title_cy="",
            is_bilingual=False,
            technologies=frozenset({"anpr" if clause_set == "anpr" else "cctv"}),
            parties=[PartyWanted(council, PartyRole.SYSTEM_OWNER), PartyWanted(force, PartyRole.DATA_RECIPIENT)],
            systems=[self.world.systems[system]] if system else (),
        )
        return beginning.begin(organisation=council, frame=frame, clause_set=clause_set, by=self.spoc)

    def _fresh(self) -> Agreement:
        return Agreement.objects.for_page().get(pk=self.agreement.pk)

    def _party(self, side: Side) -> AgreementParty:
        party = self.agreement.parties_on(side)[0]
        party.agreement = self.agreement
        return party

    def _clause(self, key: str) -> Clause:
        clause: Clause = self.agreement.clauses.select_related("agreed", "tabled").get(key=key)
        clause.agreement = self.agreement
        return clause

    def _answer(self) -> None:
        days = {
            "starts_on": self._day("starts"),
            "ends_on": self._day("ends"),
            "review_on": self._day("review"),
        }
        for key, values in {**self.wanted["fields"], "term_review": days}.items():
            clause = self._clause(key)
            current = interview.current_of(clause, Side.COUNCILS)
            raw = {**(current.values if current else {}), **values}
            interview.answer(clause=clause, party=self.council, raw=raw, by=self.spoc)
        for key, reason in self.wanted.get("left_out", {}).items():
            wording = Wording(is_left_out=True, reason=reason)
            negotiation.save_draft(clause=self._clause(key), party=self.council, wording=wording, by=self.spoc)

    def _day(self, name: str) -> dt.date:
        return today() + dt.timedelta(days=self.wanted[name])

    def _agree_and_sign(self) -> None:
        versions = dict(self.agreement.clauses.values_list("pk", "version"))
        negotiation.accept_many(agreement=self.agreement, party=self.force, versions=versions, by=self.police)
        content = frozen_text.text_of(self._fresh(), frozen_text.load_clauses(self.agreement))
        sha256 = frozen_text.sha256_of(content)
        for party, by in ((self.council, self.spoc), (self.force, self.police)):
            signing.confirm_text(agreement=self._fresh(), party=party, by=by, read_sha256=sha256)
        posts = ((self.council, self.sro, "Director of Place"), (self.force, self.signatory, "Superintendent"))
        for party, by, post in posts:
            signing.sign(
                agreement=self._fresh(),
                party=party,
                by=by,
                typed_name=by.name,
                post=post,
                password_checked=True,
                read_sha256=sha256,
            )

    def _report(self) -> None:
        agreement = self._fresh()
        told = self.wanted["returns"]
        periods = return_periods.periods_of(agreement)[: len(told)]
        for (starts_on, _last), figures in zip(reversed(periods), told, strict=False):
            self._return(agreement, starts_on, figures, self.council)
            self._return(agreement, starts_on, figures, self.force)

    def _return(self, agreement: Agreement, starts_on: dt.date, told: Record, party: AgreementParty) -> None:
        """Sent by one party and agreed by the other."""
        own = (self.council, self.spoc) if party is self.council else (self.force, self.police)
        other = (self.force, self.police) if party is self.council else (self.council, self.spoc)
        made = returns.begin_return(agreement=agreement, party=party, starts_on=starts_on, by=own[1])
        made.agreement = agreement
        given = self._given(told, party, [figure.measure.key for figure in made.figures.select_related("measure")])
        returns.save_return(made=made, party=party, given=given, by=own[1], version=made.version)
        returns.submit(made=made, party=party, by=own[1])
        returns.agree(made=made, party=other[0], by=other[1])

    def _given(self, told: Record, party: AgreementParty, keys: list[str]) -> Given:
        figures = told["council" if party is self.council else "police"]
        outcomes = {}
        if party is self.force:
            outcomes = {
                (use, result): n for (use, result), n in ((k.split("/"), n) for k, n in told["outcomes"].items())
            }
        return Given(
            figures={key: _figure(figures.get(key)) for key in keys},
            counts=dict(told["sent"]) if party is self.council else {},
            outcomes=outcomes,
        )


def _figure(numbers: list[int] | None) -> Figure:
    if numbers is None:
        return Figure(comment="Not counted.")
    parts = [Decimal(number) for number in numbers]
    return Figure(parts[0], parts[1] if len(parts) > 1 else None)
