"""What must be there before a system can be published, and what the public would still miss (domain 7.2)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from compliance.models import CameraSystem
from compliance.models.vocabulary import Technology
from core.errors import Problem
from transparency.services.gather import BILINGUAL

PUBLIC_STATUSES = (CameraSystem.Status.ACTIVE, CameraSystem.Status.AT_RISK)


def obstacles(system: CameraSystem, *, welsh_missing_reason: str = "") -> list[Problem]:
    """Everything that forbids publishing, each in a sentence with the address where it is mended.

    Needs `operator` and `technologies` loaded.
    """
    where = system.get_absolute_url()
    found = [Problem(text, where) for text in (*_state(system), *_duties(system), *_technologies(system))]
    if not welsh_missing_reason.strip() and (missing := missing_welsh(system)):
        found.append(
            Problem(
                _(
                    "An authority in Wales publishes in Welsh too. Write the Welsh of these texts, or record "
                    "why it is missing: %(texts)s."
                )
                % {"texts": ", ".join(missing)},
                where,
            )
        )
    return found


def missing_welsh(system: CameraSystem) -> list[str]:
    """Labels of the texts that an authority in Wales has in English only; none elsewhere."""
    if not system.operator.is_welsh:
        return []
    return [
        str(CameraSystem._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        for name in BILINGUAL
        if getattr(system, name).strip() and not getattr(system, f"{name}_cy").strip()
    ]


def gaps(system: CameraSystem) -> list[Problem]:
    """What the page can do without and its readers would miss. Needs `operator` loaded."""
    where = system.get_absolute_url()
    return [Problem(text, where) for text in _wishes(system)]


def _state(system: CameraSystem) -> Iterator[str]:
    if system.status == CameraSystem.Status.DRAFT:
        yield _("The system is a draft. Make it active first: the public reads about systems that are in use.")
    elif system.status not in PUBLIC_STATUSES:
        yield _("The system is no longer in use. What was published of it can be withdrawn, with a reason.")


def _duties(system: CameraSystem) -> Iterator[str]:
    if not system.purposes:
        yield _("Say what the cameras are for: choose at least one purpose.")
    if not system.legal_bases:
        yield _("Say on which lawful basis the cameras are used.")
    if not system.spoc_post:
        yield _("Name the post of the single point of contact: the public needs somebody to ask.")
    if not system.spoc_email:
        yield _("Give the email address of the single point of contact, best a mailbox of the post.")
    if not system.privacy_notice_url:
        yield _("Give the address of the privacy notice.")
    if not system.footage_how_to.strip():
        yield _("Say how people can ask for footage of themselves.")
    if system.records_audio and not system.audio_reason.strip():
        yield _("Sound is recorded: say why.")


def _technologies(system: CameraSystem) -> Iterator[str]:
    rows = list(system.technologies.all())
    if not rows:
        yield _("Say which technologies the system has, and how many cameras of each.")
    for row in rows:
        name = {"technology": Technology(row.technology).label}
        if row.retention_days is None:
            yield _("Say for how many days images are kept: %(technology)s.") % name
        if row.counted_on is None:
            yield _("Give the day on which the cameras were counted: %(technology)s.") % name


def _wishes(system: CameraSystem) -> Iterator[str]:
    if not system.description.strip():
        yield _("A description: where the cameras are and what they look at, in plain words.")
    if not system.pressing_need.strip():
        yield _("The pressing need: which problem the cameras answer, and what shows it.")
    if not system.retention_reason.strip():
        yield _("Why images are kept as long as they are.")
    if not system.monitored_hours.strip():
        yield _("When the cameras are watched, or that the hours are withheld.")
    if not system.areas_covered.strip():
        yield _("The areas covered: people look for their own street or town.")
    if not system.sro_post:
        yield _("The post of the senior responsible officer.")
    if not system.dpo_contact:
        yield _("How to reach the data protection officer.")
    if not system.ico_registration:
        yield _("The registration number at the Information Commissioner’s Office.")
    if not system.complaints_url:
        yield _("The address of the complaints procedure.")
    if not system.postal_address.strip():
        yield _("A postal address, for people who do not write email.")
