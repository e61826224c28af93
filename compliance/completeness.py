"""What a camera system still lacks: to be activated, and for its public page (domain 7.2). Sentences, never a score."""

from collections.abc import Collection, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from compliance.models import CameraSystem
from compliance.models.vocabulary import DocumentKind
from core.errors import Problem

# The groups in which a system is described and edited; also the last part of the edit page's address.
PURPOSE, RUNNING, CONTACTS, FACTS = "purpose", "running", "contacts", "facts"
GROUPS = (PURPOSE, RUNNING, CONTACTS, FACTS)
# Those that only the public page tells; they stand on a page of their own.
EXTENT, POLICE, RIGHTS, OVERSIGHT, NAMES = "extent", "police", "rights", "oversight", "names"
TOLD = (EXTENT, POLICE, RIGHTS, OVERSIGHT, NAMES)


def missing_to_activate(system: CameraSystem) -> list[Problem]:
    """All that stands between a draft and an active system (domain 9.1). One query unless technologies are loaded."""
    problems = []
    if not system.operator.runs_cameras:
        problems.append(Problem(_("The operator is not of a kind that runs cameras.")))
    if not system.purposes:
        problems.append(Problem(_("Choose at least one purpose."), _edit(system, PURPOSE)))
    if not system.legal_bases:
        problems.append(Problem(_("Choose the lawful basis."), _edit(system, PURPOSE)))
    if not system.sro_post:
        problems.append(Problem(_("Give the post of the senior responsible officer."), _edit(system, CONTACTS)))
    if not any(technology.retention_days is not None for technology in system.technologies.all()):
        problems.append(Problem(_("Say for at least one technology how long images are kept."), _edit(system, FACTS)))
    return problems


def missing_for_public_page(
    system: CameraSystem, document_kinds: Collection[str], withheld: Collection[str] = ()
) -> list[Problem]:
    """What visitors of the camera information page would look for in vain (domain 7.2, fields marked R).

    `document_kinds` are the kinds of evidence held for the system; what is `withheld` with a reason counts as answered
    (9.11). One query unless technologies are loaded.
    """
    return [
        *missing_to_activate(system),
        *_missing_texts(system, withheld),
        *_missing_counts(system),
        *_missing_documents(system, document_kinds),
    ]


def _missing_texts(system: CameraSystem, withheld: Collection[str]) -> Iterator[Problem]:
    wanted = (
        (PURPOSE, "description", _("Describe the system.")),
        (PURPOSE, "pressing_need", _("Say which pressing need the system meets.")),
        (PURPOSE, "retention_reason", _("Give the reason for the retention period.")),
        (RUNNING, "monitored_hours", _("Say when the cameras are watched.")),
        (RUNNING, "areas_covered", _("List the areas covered.")),
        (CONTACTS, "spoc_post", _("Give the post of the single point of contact.")),
        (CONTACTS, "spoc_email", _("Give an email address of the single point of contact.")),
        (CONTACTS, "dpo_contact", _("Say how to reach the data protection officer.")),
        (CONTACTS, "ico_registration", _("Give the registration number with the Information Commissioner.")),
        (CONTACTS, "privacy_notice_url", _("Link the privacy notice.")),
        (CONTACTS, "complaints_url", _("Link the complaints procedure.")),
        (CONTACTS, "footage_how_to", _("Say how people can ask for footage of themselves.")),
    )
    for group, field, sentence in wanted:
        if not getattr(system, field) and field not in withheld:
            yield Problem(sentence, _edit(system, group))
    if system.records_audio and not system.audio_reason:
        yield Problem(_("Say why sound is recorded."), _edit(system, RUNNING))
    if system.operator.is_welsh:
        yield from _missing_welsh(system)


def _missing_welsh(system: CameraSystem) -> Iterator[Problem]:
    """Each text that has English and lacks Welsh."""
    wanted = (
        (PURPOSE, "name", _("Give the name of the system in Welsh.")),
        (PURPOSE, "description", _("Describe the system in Welsh.")),
        (PURPOSE, "pressing_need", _("Say in Welsh which pressing need the system meets.")),
        (PURPOSE, "retention_reason", _("Give the reason for the retention period in Welsh.")),
        (RUNNING, "monitored_hours", _("Say in Welsh when the cameras are watched.")),
        (CONTACTS, "footage_how_to", _("Say in Welsh how people can ask for footage of themselves.")),
    )
    for group, field, sentence in wanted:
        if getattr(system, field) and not getattr(system, f"{field}_cy"):
            yield Problem(sentence, _edit(system, group))


def _missing_counts(system: CameraSystem) -> Iterator[Problem]:
    for technology in system.technologies.all():
        url = technology_url(system, technology.technology)
        if technology.retention_days is None:
            sentence = _("Say how long images are kept: %(technology)s.")
            yield Problem(sentence % {"technology": technology.get_technology_display()}, url)
        if technology.counted_on is None:
            sentence = _("Count the cameras and date the count: %(technology)s.")
            yield Problem(sentence % {"technology": technology.get_technology_display()}, url)


def _missing_documents(system: CameraSystem, held: Collection[str]) -> Iterator[Problem]:
    wanted = (
        (DocumentKind.CODE_OF_PRACTICE, _("Add your code of practice as evidence.")),
        (DocumentKind.DPIA, _("Add the data protection impact assessment, or its public summary, as evidence.")),
        (DocumentKind.ANNUAL_REPORT, _("Add the latest annual report or review as evidence.")),
    )
    url = reverse("compliance:evidence_list", args=[system.operator.slug])
    for kind, sentence in wanted:
        if kind.value not in held:
            yield Problem(sentence, url)


def technology_url(system: CameraSystem, technology: str) -> str:
    """The page on which retention and counts of one technology are changed."""
    return reverse("compliance:system_technology", args=[system.operator.slug, system.reference, technology])


def _edit(system: CameraSystem, group: str) -> str:
    return reverse("compliance:system_edit", args=[system.operator.slug, system.reference, group])
