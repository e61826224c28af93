"""Ready lists for templates: what the public is told of a system beyond its record. No queries of their own."""

import datetime as dt
from collections.abc import Mapping

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from compliance.completeness import TOLD
from compliance.forms.public_facts import QUESTIONS, TOLD_FORMS
from compliance.models import CameraSystem, ServiceStandard, SystemUse, WithheldFact
from compliance.views.system_finding import system_address
from compliance.views.system_rows import Row, rows_of


def told_groups(system: CameraSystem, *, may_change: bool) -> list[Row]:
    """The groups of fields, each with its rows and the address where it is changed (or '')."""
    return [
        {
            "key": group,
            "title": TOLD_FORMS[group].title,  # type: ignore[attr-defined]
            "rows": rows_of(group)(system),
            "url": system_address("system_edit", system, group) if may_change else "",
        }
        for group in TOLD
    ]


def use_rows(system: CameraSystem, *, may_change: bool) -> list[Row]:
    """One for each kind of use: the answer, what is told of it, and where that is changed."""
    stored = {use.kind: use for use in system.uses.all()}
    return [_use_row(system, kind, stored.get(kind), may_change=may_change) for kind in SystemUse.Kind]


def _use_row(system: CameraSystem, kind: SystemUse.Kind, use: SystemUse | None, *, may_change: bool) -> Row:
    row: Row = {"key": QUESTIONS[kind], "values": _told(use)}
    if use and use.used and may_change:
        row |= {"url": system_address("public_use", system, kind), "action": _("Details")}
    return row


def _told(use: SystemUse | None) -> list[str]:
    if use is None:
        return [_("Not answered")]
    if not use.used:
        return [_("No")]
    told = [
        (_("Operated by: %(who)s"), "who", use.run_by),
        (_("Watchlist of: %(who)s"), "who", use.watchlist_owner),
        (_("First used on %(day)s"), "day", _day(use.first_used_on)),
        (_("On trial until %(day)s"), "day", _day(use.trial_until)),
        (_("Approved by: %(who)s"), "who", use.approved_by),
        (_("Approved on %(day)s"), "day", _day(use.approved_on)),
    ]
    permanent = [_("Permanent")] if use.term == SystemUse.Term.PERMANENT else []
    return [_("Yes"), *(text % {name: value} for text, name, value in told if value), *permanent]


def standard_rows(system: CameraSystem, *, may_change: bool) -> list[Row]:
    """One for each promise: target, result, and from when to when it was measured."""
    stored = {standard.kind: standard for standard in system.service_standards.all()}
    return [
        {"key": capfirst(str(kind.label)), "values": promised(stored.get(kind))}
        | ({"url": system_address("public_standard", system, kind), "action": _("Change")} if may_change else {})
        for kind in ServiceStandard.Kind
    ]


def promised(standard: ServiceStandard | None) -> list[str]:
    """Target and result in words."""
    if standard is None:
        return [_("Not given")]
    unit = standard.get_unit_display()
    values = {"number": f"{standard.target.normalize():f}", "unit": unit}
    told = [_("Target: %(number)s %(unit)s") % values]
    if standard.result is not None:
        values["number"] = f"{standard.result.normalize():f}"
        told.append(_("Result: %(number)s %(unit)s") % values)
        days = {"first": _day(standard.measured_from), "last": _day(standard.measured_until)}
        told.append(_("Measured from %(first)s to %(last)s") % days)
    return told


def withheld_rows(system: CameraSystem, *, may_change: bool) -> list[Row]:
    """What is withheld, with all that the public reads of that."""
    return [
        {"key": capfirst(fact.get_field_display()), "values": _decided(fact)}
        | ({"url": system_address("public_withhold", system, fact.field), "action": _("Change")} if may_change else {})
        for fact in system.withheld_facts.all()
    ]


def _decided(fact: WithheldFact) -> list[str]:
    return [
        fact.reason,
        _("Decided by: %(who)s") % {"who": fact.decided_by},
        _("Looked at again on %(day)s") % {"day": _day(fact.review_on)},
    ]


def withholdable_links(system: CameraSystem) -> list[Mapping[str, str]]:
    """Where each field is withheld that may be and is not."""
    held = {fact.field for fact in system.withheld_facts.all()}
    return [
        {"label": capfirst(str(label)), "url": system_address("public_withhold", system, field)}
        for field, label in WithheldFact.Field.choices
        if field not in held
    ]


def _day(day: dt.date | None) -> str:
    return date_format(day, "j F Y") if day else ""
