"""What a survey can fill in from the records: one row of the picture of the nation holds it for every authority."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation, Role
from compliance.models import CameraSystem, SystemTechnology
from compliance.models.vocabulary import Technology
from core.dates import today
from core.errors import Text
from strategy.measures import State
from strategy.models import PictureRow
from strategy.models.surveys import QuestionKind

Values = Mapping[int, Any]  # by key of the organisation; who is not in it has nothing recorded


@dataclass(frozen=True)
class Fact:
    label: Text
    kind: str  # of the questions that it fits
    read: Callable[[Iterable[int]], Values]


RUNNING = (CameraSystem.Status.ACTIVE, CameraSystem.Status.AT_RISK, CameraSystem.Status.CLOSING)


def _systems(keys: Iterable[int]) -> Values:
    """Only bodies that keep systems here: an empty register says nothing about the street. One query."""
    counted: dict[int, int] = {}
    rows = CameraSystem.objects.filter(operator__in=list(keys), status__in=RUNNING)
    for owner in rows.order_by().values_list("operator_id", flat=True):
        counted[owner] = counted.get(owner, 0) + 1
    return counted


def _cameras(technology: str) -> Callable[[Iterable[int]], Values]:
    """As the systems that are run state them. Who states nothing of that technology is not said to have none."""

    def read(keys: Iterable[int]) -> Values:
        rows = SystemTechnology.objects.filter(
            technology=technology, system__operator__in=list(keys), system__status__in=RUNNING
        )
        counted: dict[int, int] = {}
        for row in rows.select_related("system"):
            counted[row.system.operator_id] = counted.get(row.system.operator_id, 0) + row.total
        return counted

    return read


def _sro(keys: Iterable[int]) -> Values:
    """Who has nobody with that role here may have named somebody elsewhere. One query."""
    held = Membership.objects.current().holding([Role.SRO]).filter(organisation__in=list(keys))
    return dict.fromkeys(held.values_list("organisation_id", flat=True), "yes")


def _column(name: str) -> Callable[[Iterable[int]], Values]:
    def read(keys: Iterable[int]) -> Values:
        rows = PictureRow.objects.filter(organisation__in=list(keys)).values_list("organisation_id", "states")
        said = {State.COUNTED: "yes", State.NOT_COUNTED: "no"}
        return {key: said[states[name]] for key, states in rows if states.get(name) in said}

    return read


FACTS: Mapping[str, Fact] = {
    "systems": Fact(_("number of camera systems"), QuestionKind.NUMBER, _systems),
    "cameras_cctv": Fact(_("number of CCTV cameras"), QuestionKind.NUMBER, _cameras(Technology.CCTV)),
    "cameras_anpr": Fact(_("number of ANPR cameras"), QuestionKind.NUMBER, _cameras(Technology.ANPR)),
    "cameras_bwv": Fact(_("number of body-worn cameras"), QuestionKind.NUMBER, _cameras(Technology.BWV)),
    "cameras_drone": Fact(_("number of drones"), QuestionKind.NUMBER, _cameras(Technology.DRONE)),
    "cameras_other": Fact(_("number of other cameras"), QuestionKind.NUMBER, _cameras(Technology.OTHER)),
    "sro": Fact(_("senior responsible officer named"), QuestionKind.YES_NO, _sro),
    "published": Fact(_("information published"), QuestionKind.YES_NO, _column("published")),
    "assessed": Fact(_("self-assessment signed within 12 months"), QuestionKind.YES_NO, _column("assessed")),
    "certified": Fact(_("main system certified"), QuestionKind.YES_NO, _column("certified")),
    "agreed": Fact(_("agreement with the police in force"), QuestionKind.YES_NO, _column("agreed")),
    "spoc": Fact(_("SPOC known and published"), QuestionKind.YES_NO, _column("spoc")),
}


def prefilled(questions: Iterable[Any], organisations: Iterable[Organisation]) -> dict[int, dict[str, Any]]:
    """What the records say now, by organisation and key of the question. One query for each fact that is asked for."""
    keys, day = [each.pk for each in organisations], today().isoformat()
    found: dict[int, dict[str, Any]] = {key: {} for key in keys}
    for question in questions:
        if question.prefill in FACTS:
            for owner, value in FACTS[question.prefill].read(keys).items():
                found[owner][question.key] = {"value": value, "fact": question.prefill, "on": day}
    return found
