"""Which signed self-assessments go with an application: one signature over all its systems, or one for each."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Organisation
from certification.models import Application
from compliance.models import Assessment, CameraSystem, SignedAssessment
from core.dates import LONDON, add_months, today
from core.errors import Problem

MONTHS_FRESH = 12  # after which an auditor asks for a newer one


@dataclass(frozen=True)
class Coverage:
    """One system and the signature that speaks for it. `is_replaced`: one goes with the application, but a newer
    self-assessment of the system was signed since.
    """

    system: CameraSystem
    signed: SignedAssessment | None
    is_replaced: bool = False

    @property
    def signed_on(self) -> dt.date | None:
        return self.signed.signed_at.astimezone(LONDON).date() if self.signed else None

    @property
    def is_old(self) -> bool:
        """Signed more than twelve months ago."""
        return self.signed_on is not None and add_months(self.signed_on, MONTHS_FRESH) < today()


def newest_signed(operator: Organisation, systems: Iterable[CameraSystem]) -> list[SignedAssessment]:
    """The newest signature that covers all the systems with self-assessments not superseded; where there is none, for
    each system the newest that covers it. Empty where no system has one. Two queries, without the signed texts.
    """
    wanted = [system.pk for system in systems]
    signed = (
        SignedAssessment.objects.filter(
            operator=operator, assessments__status=Assessment.Status.SIGNED, assessments__system__in=wanted
        )
        .distinct()
        .defer("content")
        .prefetch_related("assessments")
    )
    candidates = list(signed)
    for candidate in candidates:
        if set(wanted) <= _systems_of(candidate, Assessment.Status.SIGNED):
            return [candidate]
    chosen: dict[int, SignedAssessment] = {}
    for system in wanted:
        found = next((c for c in candidates if system in _systems_of(c, Assessment.Status.SIGNED)), None)
        if found is not None:
            chosen.setdefault(found.pk, found)
    return list(chosen.values())


def taken_with(application: Application) -> list[SignedAssessment]:
    """Those that go with it, newest first, without the signed texts. Two queries."""
    return list(application.signed_assessments.defer("content").prefetch_related("assessments").order_by("-signed_at"))


def coverage_of(systems: Sequence[CameraSystem], signed: Sequence[SignedAssessment]) -> list[Coverage]:
    """Each system with the signature of these that speaks for it today. No query if `assessments` are loaded."""
    found = []
    for system in systems:
        holding = next((s for s in signed if system.pk in _systems_of(s, Assessment.Status.SIGNED)), None)
        replaced = holding is None and any(system.pk in _systems_of(s, Assessment.Status.SUPERSEDED) for s in signed)
        found.append(Coverage(system, holding, replaced))
    return found


def _systems_of(signed: SignedAssessment, status: str) -> set[int]:
    """The systems of its self-assessments that stand so."""
    return {a.system_id for a in signed.assessments.all() if a.status == status}


def problems_of_signatures(application: Application, coverage: Iterable[Coverage]) -> list[Problem]:
    """The systems for which nothing signed goes with a draft, or not the newest."""
    url = reverse("certification:application", args=[application.operator.slug, application.reference])
    problems = []
    for covered in coverage:
        if covered.is_replaced:
            sentence = _("The self-assessment of this system was signed again since. Take the newest: %(system)s")
        elif covered.signed is None:
            sentence = _("No signed self-assessment goes with the application for this system: %(system)s")
        else:
            continue
        problems.append(Problem(sentence % {"system": covered.system.local_name}, url))
    return problems


def remarks_of(coverage: Iterable[Coverage]) -> list[str]:
    """What an auditor will ask about, although it keeps nobody from submitting."""
    return [
        _("The self-assessment of %(system)s was signed more than twelve months ago, on %(day)s.")
        % {"system": covered.system.local_name, "day": date_format(covered.signed_on, "j F Y")}
        for covered in coverage
        if covered.is_old and covered.signed_on
    ]
