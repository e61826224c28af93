"""The dry run of a reorganisation: what would expire, clash or be left behind, and how much there is.

It writes nothing. What blocks must be mended before the vesting date; a warning must be known.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import FormerSlug, Kind, Membership, Organisation, User
from accounts.models.organisation import OrganisationQuerySet
from accounts.passing import Act
from accounts.services.organisations import RESERVED_SLUGS
from certification.models import Application, Certificate
from compliance.models import Camera, CameraSystem, Consultation, Dpia
from core.errors import Incomplete
from slas.models import Agreement
from strategy.reorganisation_files import Plan, Successor
from strategy.services.passing_on import COLUMNS, undecided
from transparency.models import Enquiry

NO_SUCCESSOR = gettext_lazy("Nothing says to whom it goes: name it under records, or a successor under rest.")
EXPIRES_WITHIN = dt.timedelta(days=183)  # half a year after the vesting date
ENDED_APPLICATIONS = (Application.Status.AWARDED, Application.Status.DECLINED, Application.Status.WITHDRAWN)
OPEN_AGREEMENTS = (
    Agreement.Status.DRAFT,
    Agreement.Status.NEGOTIATING,
    Agreement.Status.AGREED_TEXT,
    Agreement.Status.SIGNED_BY_ONE,
    Agreement.Status.IN_INK,
)


@dataclass(frozen=True)
class Finding:
    kind: str  # "expiry", "duplicate" or "orphan"
    blocks: bool
    record: str
    sentence: str


@dataclass(frozen=True)
class DryRun:
    findings: tuple[Finding, ...]
    counts: dict[str, int]  # table and column → rows that name a predecessor; those with none are left out

    @property
    def blocking(self) -> int:
        return sum(finding.blocks for finding in self.findings)

    def as_data(self) -> dict[str, Any]:
        return {
            "blocking": self.blocking,
            "findings": [asdict(finding) for finding in self.findings],
            "counts": self.counts,
        }


def dry_run(plan: Plan) -> DryRun:
    """Everything that the plan would meet. Raises Incomplete for predecessors that are unknown or of several kinds."""
    ending = predecessors_of(plan)
    findings = [*_duplicates(plan, ending), *_orphans(plan, ending), *_expiries(plan, ending)]
    return DryRun(tuple(sorted(dict.fromkeys(findings), key=_place)), _counts(ending))


def _place(found: "Finding") -> tuple[bool, int]:
    """What blocks first; last what stands twice, of which there can be thousands."""
    return not found.blocks, ("expiry", "orphan", "duplicate").index(found.kind)


def columns_of_organisations() -> Iterator[tuple[type[Model], str]]:
    """Every column of every table that names an organisation: a new table is counted without being listed."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and field.related_model is Organisation:
                yield model, field.name


def predecessors_of(plan: Plan) -> list[Organisation]:
    found = {
        organisation.slug: organisation for organisation in Organisation.objects.filter(slug__in=plan.predecessors)
    }
    problems = [
        _("No organisation has the address %(slug)s.") % {"slug": slug}
        for slug in plan.predecessors
        if slug not in found
    ]
    problems += [
        _("%(name)s does not exist on the day before the vesting date.") % {"name": organisation.local_name}
        for organisation in found.values()
        if not organisation.is_current(plan.vesting - dt.timedelta(days=1))
    ]
    problems += [
        _("%(name)s is of a kind that is not reorganised here.") % {"name": organisation.local_name}
        for organisation in found.values()
        if not organisation.runs_cameras
    ]
    led = FormerSlug.objects.filter(slug__in=found).order_by("slug").values_list("slug", flat=True)
    problems += [_("%(name)s was reorganised already.") % {"name": found[slug].local_name} for slug in led]
    if len({organisation.is_training for organisation in found.values()}) > 1:
        problems.append(_("Training organisations and real ones are kept apart."))
    if len({organisation.kind for organisation in found.values()}) > 1:
        problems.append(_("The predecessors are of several kinds; authorities and forces are reorganised apart."))
    if problems:
        raise Incomplete(problems)
    return [found[slug] for slug in plan.predecessors]


def _duplicates(plan: Plan, ending: list[Organisation]) -> Iterator[Finding]:
    """Addresses, GSS codes and camera numbers that two would bear on the vesting date."""
    others = Organisation.objects.exclude(pk__in=[organisation.pk for organisation in ending])
    for after in plan.successors:
        yield from _clashes_of_successor(plan, after, ending, others)
    heirs = [after.slug for after in plan.successors if after.existing]
    theirs = CameraSystem.objects.filter(Q(operator__in=ending) | Q(operator__slug__in=heirs))
    systems = [
        (plan.addresses.get(reference, slug), reference)
        for slug, reference in theirs.values_list("slug", "reference").order_by("reference")
    ]
    cameras = (
        Camera.objects.filter(system__operator__in=ending)
        .exclude(operator_ref="")
        .values_list("operator_ref", "system__reference")
    )
    if plan.kind != "join":
        return  # they stood side by side before
    yield from _clashes(systems, blocks=True, what=_("The public address of a system would stand twice: %(where)s."))
    yield from _clashes(
        cameras, blocks=False, what=_("The operator's own number of a camera would stand twice: %(where)s.")
    )
    main = list(theirs.filter(is_main=True).order_by("reference").values_list("reference", flat=True))
    if len(main) > 1:
        yield Finding(
            "duplicate", False, ", ".join(main), _("Each is the main system; that of the first goes on as it.")
        )


def _clashes_of_successor(
    plan: Plan, after: Successor, ending: list[Organisation], others: OrganisationQuerySet
) -> Iterator[Finding]:
    """Its address and code, and that one which is to stand already does so and is of the same kind."""
    holder = others.filter(slug=after.slug).first()
    if after.existing:
        first = ending[0]
        if not (
            holder is not None
            and holder.kind == first.kind
            and holder.is_current(plan.vesting)
            and holder.deals_with(first)
        ):
            yield Finding(
                "orphan", True, after.slug, _("No organisation of this kind stands at this address on the day.")
            )
        return
    if holder is not None:
        yield Finding("duplicate", True, after.slug, _("Another organisation has this address."))
    elif FormerSlug.objects.filter(slug=after.slug).exclude(organisation__in=ending).exists():
        yield Finding("duplicate", True, after.slug, _("This address leads to another organisation."))
    if after.slug in RESERVED_SLUGS:
        yield Finding("duplicate", True, after.slug, _("This word cannot be an address."))
    if after.gss_code and (holder := others.by_code(after.gss_code)):
        yield Finding("duplicate", True, after.gss_code, _("%(name)s has this GSS code.") % {"name": holder.local_name})
    named = others.current(plan.vesting).filter(name__iexact=after.name, kind=ending[0].kind).first()
    if named is not None:
        yield Finding("duplicate", True, after.name, _("Another organisation of this kind has this name."))
    if after.force and not Organisation.objects.filter(slug=after.force, kind=Kind.POLICE_FORCE).exists():
        yield Finding("orphan", True, after.force, _("No police force has this address."))


def _clashes(pairs: Iterable[tuple[str, str]], *, blocks: bool, what: str) -> Iterator[Finding]:
    bearers: dict[str, list[str]] = defaultdict(list)
    for key, reference in pairs:
        bearers[key].append(reference)
    for key, references in sorted(bearers.items()):
        if len(references) > 1:
            where = ", ".join(sorted(set(references)))
            yield Finding("duplicate", blocks, key, what % {"where": where})


def _orphans(plan: Plan, ending: list[Organisation]) -> Iterator[Finding]:
    """Systems that no successor was named for, and work in progress that would change hands midway."""
    if plan.kind == "split":
        theirs = CameraSystem.objects.filter(operator__in=ending).order_by("reference")
        references = list(theirs.values_list("reference", flat=True))
        for reference in references:
            if reference not in plan.systems:
                yield Finding("orphan", True, reference, _("No successor is named for this system."))
        for reference in sorted(plan.systems.keys() - set(references)):
            yield Finding("orphan", True, reference, _("The predecessor has no system with this reference."))
        yield from _left_behind(plan, ending)
    unknown = plan.addresses.keys() - set(
        CameraSystem.objects.filter(reference__in=plan.addresses, operator__in=ending).values_list(
            "reference", flat=True
        )
    )
    for reference in sorted(unknown):
        yield Finding("orphan", True, reference, _("The predecessor has no system with this reference."))
    running: tuple[tuple[str, Any], ...] = (
        (
            _("An application is running."),
            Application.objects.filter(operator__in=ending).exclude(status__in=ENDED_APPLICATIONS),
        ),
        (
            _("An enquiry is open."),
            Enquiry.objects.filter(organisation__in=ending).exclude(status=Enquiry.Status.CLOSED),
        ),
        (
            _("A consultation is open."),
            Consultation.objects.filter(organisation__in=ending, status=Consultation.Status.OPEN),
        ),
        (
            _("An agreement is not signed by all."),
            Agreement.objects.filter(parties__organisation__in=ending, status__in=OPEN_AGREEMENTS),
        ),
    )
    for sentence, rows in running:
        for reference in sorted(set(rows.values_list("reference", flat=True))):
            yield Finding("orphan", False, reference, sentence)


def _left_behind(plan: Plan, ending: list[Organisation]) -> Iterator[Finding]:
    """In a split: what the plan sends nowhere. Roles end then and their people are told; records block."""
    roles = Membership.objects.filter(organisation__in=ending).not_over(plan.vesting).select_related("user")
    people = sum(1 for role in roles if role.user.email.casefold() not in plan.people)
    if people:
        yield Finding(
            "orphan",
            False,
            "memberships",
            ngettext("%(count)d role needs a successor.", "%(count)d roles need a successor each.", people)
            % {"count": people},
        )
    policed = Organisation.objects.current(plan.vesting).filter(police_forces__in=ending)
    areas = policed.exclude(slug__in=plan.areas).order_by("slug")
    for slug in areas.values_list("slug", flat=True).distinct():
        yield Finding("orphan", True, slug, _("No successor is named that polices this area."))
    act = act_of(plan, ending, {}, None)
    for column in COLUMNS:
        if column.key == "compliance.CameraSystem.operator":
            continue  # told by reference above
        for record in undecided(act, column):
            sentence = _("Stays behind: name a successor for the person.") if column.person else str(NO_SUCCESSOR)
            yield Finding("orphan", not column.person, record, sentence)


def act_of(plan: Plan, ending: list[Organisation], heirs: Mapping[str, Organisation], by: User | None) -> Act:
    """What the columns are asked with. Without heirs it only finds out where rows would go. Two queries."""
    systems = CameraSystem.objects.filter(reference__in=plan.systems, operator__in=ending)
    areas = Organisation.objects.filter(slug__in=plan.areas).values_list("pk", "slug")
    return Act(
        kind=plan.kind,
        vesting=plan.vesting,
        interim_until=plan.interim_until,
        predecessors=ending,
        heirs=heirs,
        systems={key: plan.systems[reference] for key, reference in systems.values_list("pk", "reference")},
        records=plan.records,
        areas={key: plan.areas[slug] for key, slug in areas},
        people=plan.people,
        rest=plan.rest,
        by=by,
    )


def _expiries(plan: Plan, ending: list[Organisation]) -> Iterator[Finding]:
    """What runs out or falls due in the half year after the vesting date, or before it."""
    last = plan.vesting + EXPIRES_WITHIN
    certificates = Certificate.objects.filter(
        operator__in=ending, status=Certificate.Status.VALID, valid_until__lte=last
    ).values_list("reference", "valid_until")
    agreements = Agreement.objects.filter(
        parties__organisation__in=ending, status=Agreement.Status.SIGNED_BY_BOTH, review_on__lte=last
    ).values_list("reference", "review_on")
    dpias = Dpia.objects.filter(operator__in=ending, status=Dpia.Status.SIGNED_OFF, review_on__lte=last).values_list(
        "reference", "review_on"
    )
    for sentence, rows in (
        (_("The certificate ends on %(day)s."), certificates),
        (_("The review of the agreement is due on %(day)s."), agreements),
        (_("The review of the data protection impact assessment is due on %(day)s."), dpias),
    ):
        for reference, day in sorted((reference, day) for reference, day in set(rows) if day):
            yield Finding("expiry", False, reference, sentence % {"day": date_format(day, "j F Y")})


def _counts(ending: list[Organisation]) -> dict[str, int]:
    counted = {
        f"{model._meta.label}.{column}": model._default_manager.filter(**{f"{column}__in": ending}).count()
        for model, column in columns_of_organisations()
    }
    return {table: rows for table, rows in sorted(counted.items()) if rows}
