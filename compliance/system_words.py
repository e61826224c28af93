"""What is known of a system, in words, as a self-assessment shows it beside the answers."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compliance.models import CameraSystem, SystemTechnology
from compliance.models.vocabulary import Fact, LegalBasis, Purpose


def system_facts(system: CameraSystem) -> list[dict[str, Any]]:
    """Rows for `components/summary_list.html`, as recorded now. No query if technologies are loaded."""
    technologies = [_technology(technology) for technology in system.technologies.all()]
    facts = [str(fact.label) for fact in Fact if getattr(system, fact.value)]
    none = _("None recorded")
    return [
        {"key": _("System"), "value": system.local_name, "link": system.get_absolute_url()},
        {"key": _("Technologies"), "values": technologies or [none]},
        {"key": _("Purposes"), "values": _labels(Purpose, system.purposes) or [none]},
        {"key": _("Lawful basis"), "values": _labels(LegalBasis, system.legal_bases) or [none]},
        {"key": _("Facts that decide what is asked"), "values": facts or [_("None of the four holds")]},
        {"key": _("Senior responsible officer"), "value": system.sro_post or none},
        {"key": _("Single point of contact"), "value": system.spoc_post or none},
    ]


def signed_facts(system: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The same rows from what was signed (docs/decisions/frozen-json.md)."""
    none = _("None recorded")
    facts = [str(fact.label) for fact in Fact if system["facts"][fact.value]]
    return [
        {"key": _("System"), "value": f"{system['name']} ({system['reference']})"},
        {"key": _("Technologies"), "values": [_signed_technology(row) for row in system["technologies"]] or [none]},
        {"key": _("Purposes"), "values": _labels(Purpose, system["purposes"]) or [none]},
        {"key": _("Lawful basis"), "values": _labels(LegalBasis, system["legal_bases"]) or [none]},
        {"key": _("Facts that decide what is asked"), "values": facts or [_("None of the four holds")]},
        {"key": _("Senior responsible officer"), "value": system["sro_post"] or none},
        {"key": _("Single point of contact"), "value": system["spoc_post"] or none},
    ]


def _signed_technology(row: Mapping[str, Any]) -> str:
    counted_on = row["counted_on"]
    return _technology(
        SystemTechnology(
            technology=row["technology"],
            retention_days=row["retention_days"],
            fixed_count=row["fixed"],
            ptz_count=row["ptz"],
            redeployable_count=row["redeployable"],
            mobile_count=row["mobile"],
            counted_on=dt.date.fromisoformat(counted_on) if counted_on else None,
        )
    )


def _labels(vocabulary: Any, keys: list[str]) -> list[str]:
    return [str(vocabulary(key).label) for key in keys if key in vocabulary.values]


def _technology(technology: SystemTechnology) -> str:
    words = [str(technology)]
    if technology.total:
        words.append(
            ngettext("%(number)d camera", "%(number)d cameras", technology.total) % {"number": technology.total}
        )
    if technology.counted_on:
        words.append(_("counted on %(day)s") % {"day": date_format(technology.counted_on, "j F Y")})
    if technology.retention_days is not None:
        days = technology.retention_days
        words.append(ngettext("kept for %(number)d day", "kept for %(number)d days", days) % {"number": days})
    return ", ".join(words)
