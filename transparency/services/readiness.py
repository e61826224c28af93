"""What must be there before a system can be published (domain 7.2); what its readers would miss: page_fields.py."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from compliance.completeness import (
    CONTACTS,
    EXTENT,
    FACTS,
    OVERSIGHT,
    POLICE,
    PURPOSE,
    RIGHTS,
    RUNNING,
    technology_url,
)
from compliance.models import CameraSystem, SystemTechnology, WithheldFact
from compliance.models.vocabulary import Technology
from compliance.services.counted_units import newest_counts
from core.errors import Problem
from transparency.services.gather_facts import BILINGUAL, WITHHELD_WITH

NEVER_MAPPED_TECHNOLOGIES = (Technology.BWV, Technology.DRONE)  # also kinds of CountedUnits
PUBLIC_STATUSES = (CameraSystem.Status.ACTIVE, CameraSystem.Status.AT_RISK)
# Where the Welsh of a text is written; the others stand with the purpose
GROUP_OF_TEXT = {
    "footage_how_to": CONTACTS,
    "monitored_hours": RUNNING,
    "audio_reason": RUNNING,
    "camera_list_policy": EXTENT,
    "other_systems": EXTENT,
    "police_agreement": POLICE,
    "anpr_sharing": POLICE,
    "requests_how_to": POLICE,
    "complaints_how_to": RIGHTS,
    "scrutiny_committee": OVERSIGHT,
}


def obstacles(system: CameraSystem, *, welsh_may_be_missing: bool = False) -> list[Problem]:
    """Everything that forbids publishing, each in a sentence with the address where it is mended.

    With `welsh_may_be_missing`, Welsh that an authority in Wales lacks is none of it: a reason is given or asked for.
    Takes a system of `for_gathering`; one query.
    """
    found = [*_state(system), *_duties(system), *_technologies(system)]
    if not welsh_may_be_missing:
        found += missing_welsh(system)
    return found


def missing_welsh(system: CameraSystem) -> list[Problem]:
    """The texts for the public that an authority in Wales has in English only; none elsewhere, nor of what is withheld.

    No query when `uses` and `withheld_facts` are loaded.
    """
    return list(_welsh(system)) if system.operator.is_welsh else []


def _state(system: CameraSystem) -> Iterator[Problem]:
    where = system.get_absolute_url()
    if system.status == CameraSystem.Status.DRAFT:
        yield Problem(
            _("The system is a draft. Activate it first: the public reads about systems that are in use."), where
        )
    elif system.status not in PUBLIC_STATUSES:
        yield Problem(_("The system is no longer in use. What was published of it can be withdrawn."), where)


def _duties(system: CameraSystem) -> Iterator[Problem]:
    wanted = (
        (PURPOSE, system.purposes, _("Say what the cameras are for: choose at least one purpose.")),
        (PURPOSE, system.legal_bases, _("Say on which lawful basis the cameras are used.")),
        (CONTACTS, system.spoc_post, _("Name the post of the single point of contact: people need somebody to ask.")),
        (CONTACTS, system.spoc_email, _("Give the email address of the single point of contact.")),
        (CONTACTS, system.privacy_notice_url, _("Give the address of the privacy notice.")),
        (CONTACTS, system.footage_how_to.strip(), _("Say how people can ask for footage of themselves.")),
        (RUNNING, system.audio_reason.strip() or not system.records_audio, _("Sound is recorded: say why.")),
    )
    for group, value, sentence in wanted:
        if not value:
            yield Problem(sentence, _edit(system, group))


def _technologies(system: CameraSystem) -> Iterator[Problem]:
    rows = list(system.technologies.all())
    if not rows:
        yield Problem(_("Say which technologies the system has, and how many cameras."), _edit(system, FACTS))
    for row in rows:
        name, where = {"technology": Technology(row.technology).label}, technology_url(system, row.technology)
        if row.retention_days is None:
            yield Problem(_("Say for how many days images are kept: %(technology)s.") % name, where)
        if row.counted_on is None:
            yield Problem(_("Give the day on which the cameras were counted: %(technology)s.") % name, where)
    counted, listed = sum(row.total for row in rows), system.cameras.in_use().count()
    if listed > counted:
        sentence = _("The counts do not add up: %(listed)d cameras in use are in your list, %(counted)d were counted.")
        yield Problem(sentence % {"listed": listed, "counted": counted}, _edit(system, FACTS))
    yield from _by_place(system, counted)
    yield from _counted_twice(system, rows)


def _counted_twice(system: CameraSystem, rows: list[SystemTechnology]) -> Iterator[Problem]:
    """What is worn or flown is counted with the technologies and by itself: both say one number. One query if so."""
    totals = {row.technology: row.total for row in rows if row.technology in NEVER_MAPPED_TECHNOLOGIES}
    for counted in newest_counts(system) if totals else ():
        if counted.kind in totals and counted.count != totals[counted.kind]:
            sentence = _("Two numbers are recorded of these: %(kind)s, %(counted)d and %(total)d. Count them again.")
            values = {"kind": counted.get_kind_display(), "counted": counted.count, "total": totals[counted.kind]}
            yield Problem(sentence % values, technology_url(system, counted.kind))


def _by_place(system: CameraSystem, counted: int) -> Iterator[Problem]:
    """Cameras in public places and inside add up to all, unless they are withheld."""
    withheld = {fact.field for fact in system.withheld_facts.all()}
    if WithheldFact.Field.PLACES in withheld or system.public_space_count is None or system.internal_count is None:
        return
    together = system.public_space_count + system.internal_count
    if together != counted:
        sentence = _("Cameras in public places and inside are %(together)d together, %(counted)d were counted in all.")
        yield Problem(sentence % {"together": together, "counted": counted}, _edit(system, EXTENT))


def _welsh(system: CameraSystem) -> Iterator[Problem]:
    withheld = {fact.field: fact for fact in system.withheld_facts.all()}
    for field in BILINGUAL:
        if WITHHELD_WITH.get(field, field) in withheld or (field == "audio_reason" and not system.records_audio):
            continue
        if _has_words(getattr(system, field)) and not getattr(system, f"{field}_cy").strip():
            label = str(CameraSystem._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
            yield _in_welsh(label, _edit(system, GROUP_OF_TEXT.get(field, PURPOSE)))
    own = [system.operator.slug, system.reference]
    for use in system.uses.all():
        if use.used and use.explanation and not use.explanation_cy:
            yield _in_welsh(use.get_kind_display(), reverse("compliance:public_use", args=[*own, use.kind]))
    for fact in withheld.values():
        if not fact.reason_cy:
            label = _("reason why it is withheld (%(field)s)") % {"field": fact.get_field_display()}
            yield _in_welsh(label, reverse("compliance:public_withhold", args=[*own, fact.field]))


def _has_words(text: str) -> bool:
    """Hours in figures are no English."""
    return any(map(str.isalpha, text))


def _in_welsh(label: str, url: str) -> Problem:
    sentence = _("Write this in Welsh too, or record why the Welsh is missing: %(text)s.")
    return Problem(sentence % {"text": label}, url)


def _edit(system: CameraSystem, group: str) -> str:
    return reverse("compliance:system_edit", args=[system.operator.slug, system.reference, group])
