"""What must be there before a system can be published, and what its readers would still miss (domain 7.2)."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from compliance.completeness import CONTACTS, FACTS, PURPOSE, RUNNING, missing_for_public_page, technology_url
from compliance.models import CameraSystem
from compliance.models.vocabulary import DocumentKind, Technology
from core.errors import Problem
from transparency.services.gather import BILINGUAL

PUBLIC_STATUSES = (CameraSystem.Status.ACTIVE, CameraSystem.Status.AT_RISK)
GROUP_OF_TEXT = {"footage_how_to": CONTACTS}  # where the Welsh of a text is written; the others stand with the purpose


def obstacles(system: CameraSystem, *, welsh_may_be_missing: bool = False) -> list[Problem]:
    """Everything that forbids publishing, each in a sentence with the address where it is mended.

    With `welsh_may_be_missing`, Welsh that an authority in Wales lacks is none of it: a reason is given or asked for.
    Needs `operator` and `technologies` loaded; one query.
    """
    found = [*_state(system), *_duties(system), *_technologies(system)]
    if not welsh_may_be_missing:
        found += _welsh(system)
    return found


def missing_welsh(system: CameraSystem) -> list[str]:
    """The texts that an authority in Wales has in English only, by field; none elsewhere."""
    if not system.operator.is_welsh:
        return []
    return [name for name in BILINGUAL if getattr(system, name).strip() and not getattr(system, f"{name}_cy").strip()]


def gaps(system: CameraSystem) -> list[Problem]:
    """What the page can do without and its readers would miss; to be asked when there are no obstacles.

    Documents are left out: evidence stays with the operator until it can be published.
    """
    return missing_for_public_page(system, DocumentKind.values)


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


def _welsh(system: CameraSystem) -> Iterator[Problem]:
    for field in missing_welsh(system):
        label = str(CameraSystem._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
        sentence = _("Write this in Welsh too, or record why the Welsh is missing: %(text)s.") % {"text": label}
        yield Problem(sentence, _edit(system, GROUP_OF_TEXT.get(field, PURPOSE)))


def _edit(system: CameraSystem, group: str) -> str:
    return reverse("compliance:system_edit", args=[system.operator.slug, system.reference, group])
