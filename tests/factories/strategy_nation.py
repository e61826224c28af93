"""A made-up nation for the measures of the plan, with an edge of each definition in it. The day of the count is
30 September 2026, which in London is over at 23:00 UTC.
"""

import datetime as dt
from typing import Any

from accounts.models import Kind, Organisation
from certification.models import Certificate
from certification.services.events import add_event
from compliance.models import CameraSystem, MadeElsewhere, SignedAssessment
from compliance.services.elsewhere import confirm_elsewhere
from slas.models import Agreement, AgreementParty, NoAgreement
from strategy.models import NoSystemDeclaration
from tests.factories.accounts import OrganisationFactory, PoliceForceFactory, UserFactory
from tests.factories.certification import CertificateFactory, CertificationSchemeFactory
from tests.factories.compliance import AssessmentFactory, CameraSystemFactory, MadeElsewhereFactory
from tests.factories.slas import AgreementFactory
from transparency.models import Publication, PublishedDocument

DAY = dt.date(2026, 9, 30)
OVER = dt.datetime(2026, 9, 30, 23, tzinfo=dt.UTC)  # when that day was over in London
MINUTE = dt.timedelta(minutes=1)
YEAR_BEFORE = dt.datetime(2025, 9, 30, 23, tzinfo=dt.UTC)  # 1 October 2025 began
SPRING = dt.datetime(2026, 4, 1, 12, tzinfo=dt.UTC)


def council(slug: str, **fields: Any) -> Organisation:
    force = fields.pop("force", None)
    made = OrganisationFactory(slug=slug, name=slug.title(), **fields)
    if force:
        made.police_forces.add(force)
    return made


def main_of(body: Organisation, **fields: Any) -> CameraSystem:
    return CameraSystemFactory(operator=body, is_main=True, technologies=[], **fields)


def never_counted() -> list[Organisation]:
    """A parish, a council that had ended, one that had not begun, one that is made up: none is in any list."""
    return [
        council("parish", kind=Kind.PARISH_COUNCIL),
        council("ended", ends_on=DAY - dt.timedelta(days=1)),
        council("begins-later", starts_on=DAY + dt.timedelta(days=1)),
        council("made-up", is_demonstration=True),
    ]


def declare(body: Organisation, first: dt.date, last: dt.date | None = None) -> NoSystemDeclaration:
    return NoSystemDeclaration.objects.create(organisation=body, declared_on=first, ended_on=last, reason="None here.")


def page(body: Organisation, at: dt.datetime = SPRING, ended: dt.datetime | None = None, **fields: Any) -> Publication:
    """A camera information page; `missing` names required fields that it does not answer."""
    system = fields.pop("system", None) or CameraSystemFactory(operator=body, technologies=[])
    summary = {"is_main": True, "missing": list(fields.pop("missing", ()))}
    return Publication.objects.create(
        **{
            "kind": "system",
            "organisation": body,
            "subject_reference": system.reference,
            "path": f"/authorities/{body.slug}/{system.slug}/",
            "title": system.name,
            "version": Publication.objects.filter(subject_reference=system.reference).count() + 1,
            "content": "{}",
            "sha256": "0" * 64,
            "summary": summary,
            "published_at": at,
            "ended_at": ended,
            **fields,
        }
    )


def document(body: Organisation, kind: str, at: dt.datetime, ended: dt.datetime | None = None, **fields: Any) -> None:
    PublishedDocument.objects.create(
        organisation=body, kind=kind, title=kind, language="en", source="evidence", source_reference="EV-1",
        file="none.pdf", ending="pdf", media_type="application/pdf", size=1, sha256="0" * 64,
        published_at=at, ended_at=ended, **fields,
    )  # fmt: skip


def pages_of_a_nation() -> None:
    for body in never_counted():
        page(body)
    page(council("abbot"), published_at=OVER - MINUTE)
    page(council("beck"), published_at=OVER)  # tomorrow
    page(council("carr"), published_at=YEAR_BEFORE)  # the first minute of the 12 months
    page(council("dell"), published_at=YEAR_BEFORE - MINUTE)
    page(council("eden"), ended=OVER - MINUTE, withdrawn_reason="An error.")
    page(council("fell"), ended=OVER, withdrawn_reason="An error.")  # withdrawn tomorrow
    page(council("gill"), missing=["areas_covered", "dpias"])
    paper = ["code_of_practice"]
    page(hall := council("hall"), missing=paper)
    document(hall, "code_of_practice", SPRING)
    page(inch := council("inch"), missing=paper)
    document(inch, "code_of_practice", SPRING, OVER - MINUTE)
    document(inch, "code_of_practice", SPRING, system=CameraSystemFactory(operator=inch))  # of another system
    council("keld")
    CameraSystemFactory(operator=council("lea"), technologies=[])
    declare(council("mere"), DAY)
    page(nook := council("nook"), missing=["areas_covered"])
    page(nook)
    replaced = page(oak := council("oak"), ended=OVER - MINUTE)  # replaced by what lacks something
    subject = CameraSystem.objects.get(reference=replaced.subject_reference)
    page(oak, OVER - MINUTE, missing=["dpias"], system=subject)
    force = PoliceForceFactory()
    for slug, last in (("pike", DAY), ("quay", DAY - dt.timedelta(days=1))):
        agreed = agree(body := council(slug), force, ends_on=last)
        agreed.systems.set([system := CameraSystemFactory(operator=body, technologies=[])])
        page(body, missing=["agreement"], system=system)
        show(agreed)
    page(council("rye"), missing=["agreement"])  # no agreement names its system


def certify(body: Organisation, *systems: CameraSystem, **fields: Any) -> Certificate:
    """A certificate of these systems from 1 April 2026 to the day of the count, unless told otherwise."""
    first = fields.pop("valid_from", dt.date(2026, 4, 1))
    days = {"issued_on": first, "valid_from": first, "valid_until": DAY}
    made = CertificateFactory(application__operator=body, **{**days, **fields})
    made.systems.set(systems)
    return made


def certificates_of_a_nation() -> None:
    for body in never_counted():
        certify(body, main_of(body))
    tomorrow, yesterday = DAY + dt.timedelta(days=1), DAY - dt.timedelta(days=1)
    closed = CertificationSchemeFactory(closed_on=DAY)
    closing = CertificationSchemeFactory(closed_on=tomorrow)
    for slug, fields in (
        ("abbot", {}),
        ("beck", {"valid_until": yesterday}),
        ("carr", {"valid_from": tomorrow, "valid_until": None}),
        ("dell", {"aim": "full", "valid_from": DAY, "valid_until": None}),
        ("eden", {"application__scheme": closed}),
        ("fell", {"application__scheme": closing}),
    ):
        certify(body := council(slug), main_of(body), **fields)
    for slug, events in (
        ("gill", (("suspended", OVER - MINUTE),)),
        ("hall", (("suspended", SPRING), ("reinstated", OVER - MINUTE))),
        ("inch", (("withdrawn", OVER),)),  # tomorrow
        ("keld", (("replaced", OVER - MINUTE),)),
    ):
        made = certify(body := council(slug), main_of(body))
        for kind, at in events:
            add_event(made, kind, by=None, at=at)
    lea = council("lea")
    main_of(lea)
    certify(lea, CameraSystemFactory(operator=lea))  # of another than the main system
    certify(mere := council("mere"), main_of(mere))
    declare(mere, DAY)
    certify(nook := council("nook"), main_of(nook))
    declare(nook, dt.date(2026, 1, 1), yesterday)
    declare(council("oak"), dt.date(2026, 1, 1), DAY)
    council("pike")


def sign(system: CameraSystem, at: dt.datetime) -> SignedAssessment:
    signed = SignedAssessment.objects.create(
        operator=system.operator, content="{}", sha256="0" * 64, typed_name="A. Director", post="Director",
        signed_by=UserFactory(), signed_at=at,
    )  # fmt: skip
    signed.assessments.add(AssessmentFactory(system=system, status="superseded"))
    return signed


def elsewhere(system: CameraSystem, signed_on: dt.date, confirmed_at: dt.datetime | None) -> MadeElsewhere:
    record = MadeElsewhereFactory(operator=system.operator, systems=[system], signed_on=signed_on)
    if confirmed_at:
        confirm_elsewhere(record=record, by=UserFactory())
        MadeElsewhere.objects.filter(pk=record.pk).update(confirmed_at=confirmed_at)
    return record


def assessments_of_a_nation() -> None:
    for body in never_counted():
        sign(main_of(body), SPRING)
    for slug, at in (("abbot", OVER - MINUTE), ("beck", OVER), ("carr", YEAR_BEFORE), ("dell", YEAR_BEFORE - MINUTE)):
        sign(main_of(council(slug)), at)
    elsewhere(main_of(council("eden")), dt.date(2025, 10, 1), OVER - MINUTE)
    elsewhere(main_of(council("fell")), dt.date(2026, 5, 1), None)
    elsewhere(main_of(council("gill")), dt.date(2026, 5, 1), OVER)  # confirmed tomorrow
    sign(CameraSystemFactory(operator=council("hall"), technologies=[]), SPRING)  # no main system
    inch = main_of(council("inch"))
    sign(inch, SPRING)
    sign(inch, YEAR_BEFORE - MINUTE)
    council("keld")
    declare(council("lea"), DAY)


def agree(body: Organisation, force: Organisation, **fields: Any) -> Agreement:
    """Signed by both on 1 April 2026, in force from that day until the day of the count."""
    days = {"starts_on": SPRING.date(), "ends_on": DAY, "completed_at": SPRING}
    status = {"status": Agreement.Status.SIGNED_BY_BOTH, "ends_early_on": None, "replaced_from": None}
    return AgreementFactory(opened_by=body, force=force, **{**days, **status, **fields})


def show(agreement: Agreement, at: dt.datetime = SPRING, ended: dt.datetime | None = None, **fields: Any) -> None:
    """Publish it: what the public read of it at that time."""
    names = ("starts_on", "ends_on", "review_on", "replaced_from", "ends_early_on")
    summary = {name: day.isoformat() if (day := getattr(agreement, name)) else None for name in names}
    parties = [
        {"slug": party.organisation.slug, "side": party.side}
        for party in AgreementParty.objects.filter(agreement=agreement)
    ]
    named = [system.reference for system in agreement.systems.all()]
    earlier = Publication.objects.filter(subject_reference=agreement.reference).count()
    Publication.objects.create(
        kind="agreement", organisation=agreement.opened_by, subject_reference=agreement.reference,
        path=f"/agreements/{agreement.reference}/", title=agreement.title, version=earlier + 1, content="{}",
        sha256="0" * 64, published_at=at, ended_at=ended, **fields,
        summary=summary | {"status": agreement.status, "parties": parties, "systems": named, "technologies": ["cctv"]},
    )  # fmt: skip


def agreements_of_a_nation() -> None:
    force, other = PoliceForceFactory(slug="north", name="North"), PoliceForceFactory(slug="south", name="South")
    for body in never_counted():
        body.police_forces.add(force)
        show(agree(body, force))
    tomorrow, yesterday = DAY + dt.timedelta(days=1), DAY - dt.timedelta(days=1)
    show(agree(both := council("abbot", force=force), force))
    both.police_forces.add(other, PoliceForceFactory(slug="made-up-force", is_demonstration=True))
    show(agree(council("beck", force=force), force, ends_on=yesterday))
    show(agree(council("carr", force=force), force, starts_on=tomorrow, ends_on=None))
    show(agree(council("dell", force=force), force), OVER)  # published tomorrow
    show(agree(council("eden", force=force), force), ended=OVER - MINUTE, withdrawn_reason="An error.")
    show(agree(council("fell", force=force), force, status="terminated", ends_early_on=yesterday, ends_on=None))
    show(agree(council("gill", force=force), force, status="terminated", ends_early_on=DAY, ends_on=None))
    show(agree(council("hall", force=force), force, status="replaced", replaced_from=DAY))
    agree(council("inch", force=force), force)  # signed, never published
    agree(council("keld", force=force), force, status="negotiating", completed_at=None)
    for slug, ended in (("lea", None), ("mere", DAY)):
        NoAgreement.objects.create(
            council=(body := council(slug, force=force)), force=force, technology="cctv",
            declared_on=SPRING.date(), declared_for=body, ended_on=ended,
        )  # fmt: skip
    show(agree(nook := council("nook", force=force), force))
    declare(nook, DAY)
    show(agree(oak := council("oak", force=force), force))
    declare(oak, SPRING.date(), yesterday)
    show(agree(council("pike", force=force), other))  # with another than its force
    council("quay")  # of no force: no pair


def whole(slug: str, force: Organisation) -> Organisation:
    """A council that every measure counts."""
    body = council(slug, force=force)
    system = main_of(body)
    page(body, system=system)
    certify(body, system)
    sign(system, SPRING)
    show(agree(body, force))
    return body
