"""What is counted of a camera system in a year or a month (domain 7.3): the measures, their units, how they are split.

`about_people` marks counts of people: those, and those alone, are withheld when small below authority level
(`compliance.suppression`). Complaints, refusals, cameras, faults and money are never withheld.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.errors import Text


class Unit(models.TextChoices):
    COUNT = "count", _("how many")
    PERCENT = "percent", "%"
    DAYS = "days", _("days")
    POUNDS = "pounds", "£"
    FTE = "fte", _("full-time equivalents")


class Group(models.TextChoices):
    """Sections of the form and of every report, in their order."""

    CONTROL_ROOM = "control_room", _("Control room")
    EVIDENCE = "evidence", _("Evidence and requests")
    RIGHTS = "rights", _("Rights and complaints")
    WELFARE = "welfare", _("Welfare")
    CAMERAS = "cameras", _("Cameras")
    PEOPLE_AND_MONEY = "people_and_money", _("Staff and money")


@dataclass(frozen=True)
class Measure:
    """One measure. `part_of` names the measure that it cannot exceed; `by_category` says by what it may be split."""

    key: str
    group: Group
    label: Text
    unit: Unit = Unit.COUNT
    about_people: bool = False
    by_area: bool = False
    by_category: Text = ""
    part_of: str = ""
    hint: Text = ""

    @property
    def decimals(self) -> int:
        return {Unit.COUNT: 0, Unit.PERCENT: 1, Unit.DAYS: 1, Unit.POUNDS: 2, Unit.FTE: 1}[self.unit]

    @property
    def most(self) -> Decimal:
        """The greatest value that can be true."""
        return Decimal(100) if self.unit == Unit.PERCENT else Decimal(10) ** 9


_LIST: Sequence[Measure] = (
    Measure("log_entries", Group.CONTROL_ROOM, _("Entries in the daily log")),
    Measure(
        "incidents",
        Group.CONTROL_ROOM,
        _("Incidents recorded"),
        about_people=True,
        by_area=True,
        by_category=_("type of incident"),
    ),
    Measure("arrests_assisted", Group.CONTROL_ROOM, _("Arrests assisted"), about_people=True, by_area=True),
    Measure("reviews_requested", Group.EVIDENCE, _("Reviews of footage requested")),
    Measure("reviews_done", Group.EVIDENCE, _("Reviews of footage done"), part_of="reviews_requested"),
    Measure("evidence_packages", Group.EVIDENCE, _("Evidence packages produced"), by_area=True),
    Measure("images_released_police", Group.EVIDENCE, _("Releases of images to the police")),
    Measure("images_released_other", Group.EVIDENCE, _("Releases of images to others")),
    Measure("requests_refused", Group.EVIDENCE, _("Requests refused"), by_category=_("reason")),
    Measure("sars_received", Group.RIGHTS, _("Subject access requests received"), about_people=True),
    Measure(
        "sars_in_time",
        Group.RIGHTS,
        _("Subject access requests answered in time"),
        about_people=True,
        part_of="sars_received",
    ),
    Measure("foi_received", Group.RIGHTS, _("Freedom of information requests received")),
    Measure("complaints", Group.RIGHTS, _("Complaints"), by_area=True, by_category=_("subject")),
    Measure("complaints_upheld", Group.RIGHTS, _("Complaints upheld"), part_of="complaints"),
    Measure("missing_persons", Group.WELFARE, _("Missing people looked for"), about_people=True, by_area=True),
    Measure("safeguarding", Group.WELFARE, _("Safeguarding incidents"), about_people=True, by_area=True),
    Measure(
        "uptime",
        Group.CAMERAS,
        _("Availability of the cameras"),
        Unit.PERCENT,
        hint=_("Hours with usable pictures in every hundred hours of all cameras in use."),
    ),
    Measure("cameras_in_use", Group.CAMERAS, _("Cameras in use at the end of the period")),
    Measure("faults", Group.CAMERAS, _("Faults"), by_area=True),
    Measure("fault_days_median", Group.CAMERAS, _("Days until a fault is repaired, median"), Unit.DAYS),
    Measure("cameras_added", Group.CAMERAS, _("Cameras added")),
    Measure("cameras_moved", Group.CAMERAS, _("Cameras moved")),
    Measure("cameras_removed", Group.CAMERAS, _("Cameras removed")),
    Measure("staff_fte", Group.PEOPLE_AND_MONEY, _("Staff"), Unit.FTE),
    Measure(
        "sia_licensed",
        Group.PEOPLE_AND_MONEY,
        _("Operators who hold a licence for public space surveillance"),
        Unit.PERCENT,
    ),
    Measure("cost_gross", Group.PEOPLE_AND_MONEY, _("Cost of running the system, gross"), Unit.POUNDS),
    Measure(
        "police_contribution",
        Group.PEOPLE_AND_MONEY,
        _("Contribution of the police to it"),
        Unit.POUNDS,
        part_of="cost_gross",
    ),
)

MEASURES: Mapping[str, Measure] = {measure.key: measure for measure in _LIST}


def measures_of(group: Group) -> list[Measure]:
    """Those of one section, in their order."""
    return [measure for measure in _LIST if measure.group == group]
