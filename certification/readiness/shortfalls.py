"""What auditors usually find wanting under each principle (domain 2, in own words), as rules over the records.

A rule names the systems that fall short. Its sentence says what was looked at, so that nobody takes silence for praise.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from certification.readiness.checks import Check, State
from certification.readiness.documents import names
from certification.readiness.records import Records, older_than_a_year
from compliance.models import CameraSystem
from compliance.models.vocabulary import DocumentKind, Technology
from core.dates import today

Rule = Callable[[Records], Iterable[Check]]
GDPR = dt.date(2018, 5, 25)  # an assessment of before is of another law
STANDARD = re.compile(r"\b(?:BS|EN|ISO|IEC|NCP|NSI|SSAIB|SIA|NASPLE|NOS)\b")
ACCURATE = re.compile(r"accura|error|check|cywir|gwirio", re.IGNORECASE)


def _kind(
    records: Records,
    kind: str,
    *,
    title: str,
    why: str,
    yearly: bool = False,
    state: State = State.MISSING,
    systems: Sequence[CameraSystem] | None = None,
) -> Iterator[Check]:
    """A document of a kind about each system: there, dated, not past its review, if `yearly` of the last year."""
    concerned = records.systems if systems is None else systems
    newest = [(system, records.of_kind(kind, system)) for system in concerned]
    if lacking := [system for system, found in newest if found is None]:
        sentence = _("Not in the records: %(list)s") % {"list": names(lacking)}
        yield Check(title, state, sentence, why, records.add_url(kind, lacking), _("Add it"))
    there = {found.pk: found for _system, found in newest if found is not None}
    for found in there.values():
        url = records.evidence_url(found)
        if found.dated is None:
            sentence = _("Undated: %(title)s") % {"title": found.title}
            yield Check(title, State.LOOK, sentence, why, url, _("Say its date"))
        elif found.review_on and found.review_on < today():
            sentence = _("Its review date is past: %(title)s") % {"title": found.title}
            yield Check(title, State.LOOK, sentence, why, url, _("Replace it or set a date"))
        elif yearly and older_than_a_year(found.dated):
            sentence = _("Older than a year: %(title)s") % {"title": found.title}
            yield Check(title, State.LOOK, sentence, why, url, _("Replace it"))
        elif kind == DocumentKind.DPIA and found.dated < GDPR:
            sentence = _("From before the UK GDPR applied: %(title)s") % {"title": found.title}
            yield Check(title, State.LOOK, sentence, why, url, _("Replace it"))
        elif not lacking:
            yield Check(title, State.THERE, found.title, why)


def _answered_no(
    records: Records, key: str, *, title: str, why: str, systems: Sequence[CameraSystem] | None = None
) -> Iterator[Check]:
    """A signed answer “no” that an auditor will ask about."""
    concerned = records.systems if systems is None else systems
    if said := [s for s in concerned if (records.answer(s, key) or {}).get("choice") == "no"]:
        sentence = _("Answered “no” and signed so: %(list)s") % {"list": names(said)}
        yield Check(title, State.LOOK, sentence, why, records.answers_url(said[0]), _("See the answer"))


def _fact(
    records: Records,
    is_there: Callable[[CameraSystem], object],
    *,
    title: str,
    why: str,
    there: str,
    wants: str,
    group: str = "",
) -> Check:
    """A fact of each system's own record, entered under `group`; `wants` takes the `list` of those without it."""
    if lacking := [system for system in records.systems if not is_there(system)]:
        sentence = wants % {"list": names(lacking)}
        return Check(title, State.MISSING, sentence, why, records.system_url(lacking[0], group), _("Enter it"))
    return Check(title, State.THERE, there, why)


def _in_answers(
    records: Records, short: Sequence[CameraSystem], wants: str, *, title: str, why: str, state: State = State.MISSING
) -> Iterator[Check]:
    """What the signed answers of some systems lack; `wants` takes their `list`. Nothing where `short` is empty."""
    if short:
        url = records.answers_url(short[0])
        yield Check(title, state, wants % {"list": names(short)}, why, url, _("See the answers"))


# --- principles 1 to 12 ---


def purpose(records: Records) -> Iterator[Check]:
    title = _("Dated statement of purpose")
    why = _("Purposes copied from an old code of practice without a date or approval are the first thing sent back.")
    bare, undated = [], []
    for system in records.systems:
        evidence = records.evidence_by_reference(records.attached(system, 1))
        if not evidence:
            bare.append(system)
        elif all(piece.dated is None for piece in evidence):
            undated.append(system)
    wants = _("Nothing is attached to the answers under principle 1: %(list)s")
    yield from _in_answers(records, bare, wants, title=title, why=why)
    if undated:
        sentence = _("All that is attached under principle 1 is undated: %(list)s") % {"list": names(undated)}
        first = records.evidence_by_reference(records.attached(undated[0], 1))[0]
        yield Check(title, State.LOOK, sentence, why, records.evidence_url(first), _("Say its date"))
    if not bare and not undated:
        yield Check(title, State.THERE, _("Dated documents support the answers under principle 1."), why)
    yield _fact(
        records,
        lambda system: system.pressing_need.strip(),
        title=_("Pressing need"),
        why=_("Need has to be shown for this system and its places, not for cameras at large."),
        there=_("Stated in the record of each system."),
        wants=_("Not stated in the record of the system: %(list)s"),
        group="purpose",
    )


def privacy(records: Records) -> Iterator[Check]:
    yield from _kind(
        records,
        DocumentKind.DPIA,
        title=_("Data protection impact assessment (DPIA)"),
        why=_("An old privacy assessment that never became a DPIA, or one past its review, is the usual shortfall."),
    )
    title, why = _("DPIA kept up to date"), _("It is done again when cameras are added, moved, re-aimed or upgraded.")
    yield from _answered_no(records, "P02Q4", title=title, why=why)
    biometric = [system for system in records.systems if system.biometrics]
    if biometric:
        yield Check(
            _("Biometric recognition"),
            State.LOOK,
            _("Used by: %(list)s") % {"list": names(biometric)},
            _("An auditor asks for a written justification and an equality assessment of its own."),
            records.answers_url(biometric[0]),
            _("See the answer"),
        )


def openness(records: Records) -> Iterator[Check]:
    yield from _kind(
        records,
        DocumentKind.SIGN_SURVEY,
        title=_("Survey of signs"),
        why=_(
            "Signs that lack operator, purpose or contact are found at nearly every visit; a yearly survey finds them."
        ),
        yearly=True,
        state=State.LOOK,
    )
    yield _fact(
        records,
        lambda system: system.spoc_post and system.spoc_email,
        title=_("Single point of contact, published"),
        why=_("Without a post and an address the public has nobody to ask."),
        there=_("Post and email stand in the record of each system."),
        wants=_("Post or email is missing: %(list)s"),
        group="contacts",
    )
    yield _fact(
        records,
        lambda system: system.complaints_url,
        title=_("Complaints procedure"),
        why=_("An auditor opens the published address."),
        there=_("Its address is recorded for each system."),
        wants=_("No address is recorded: %(list)s"),
        group="contacts",
    )


def accountability(records: Records) -> Iterator[Check]:
    yield _fact(
        records,
        lambda system: system.sro_post,
        title=_("Senior responsible officer"),
        why=_("Cameras that nobody answers for are the usual shortfall here."),
        there=_("The post stands in the record of each system."),
        wants=_("No post is recorded: %(list)s"),
        group="contacts",
    )
    title, why = _("Contract or agreement of joint owners"), _("Joint systems need each partner's part in writing.")
    joint = [system for system in records.systems if system.joint]
    if joint:
        yield from _kind(records, DocumentKind.CONTRACT, title=title, why=why, systems=joint)
    else:
        yield Check(title, State.NOT_ASKED, _("No system is owned or run jointly."), why)


def rules(records: Records) -> Iterator[Check]:
    yield from _kind(
        records,
        DocumentKind.PROCEDURES_MANUAL,
        title=_("Procedures manual, dated"),
        why=_("A manual without a date or version cannot be shown to be the one in use."),
    )
    yield from _kind(
        records,
        DocumentKind.TRAINING_RECORD,
        title=_("Training record of the last twelve months"),
        why=_("Colleagues outside the control room who hand out footage are often untrained."),
        yearly=True,
    )
    if any(records.of_kind(DocumentKind.LICENCE, system) for system in records.systems):
        yield from _kind(
            records,
            DocumentKind.LICENCE,
            title=_("Licences"),
            why=_("Expired licences are found by looking at their dates."),
            state=State.LOOK,
        )


def retention(records: Records) -> Iterator[Check]:
    yield _fact(
        records,
        lambda system: all(row.retention_days is not None for row in system.technologies.all()),
        title=_("Retention period of each technology"),
        why=_("An auditor compares the period with what the recorder is set to."),
        there=_("Stated for each technology."),
        wants=_("Not stated: %(list)s"),
    )
    yield _fact(
        records,
        lambda system: system.retention_reason.strip(),
        title=_("Reason for the period"),
        why=_("A period inherited from the days of tape has no reason."),
        there=_("Stated in the record of each system."),
        wants=_("No reason is stated: %(list)s"),
        group="purpose",
    )


def disclosure(records: Records) -> Iterator[Check]:
    yield from _kind(
        records,
        DocumentKind.SHARING_AGREEMENT,
        title=_("Information sharing agreement"),
        why=_("It says who may have images, and for what."),
    )
    title = _("Written policy on disclosure")
    why = _("Clips sent by email and refusals that nobody noted are the usual shortfalls.")
    yield from _answered_no(records, "P07Q2", title=title, why=why)
    yield from _kind(
        records,
        DocumentKind.DISCLOSURE_SUMMARY,
        title=_("Summary of disclosures, counts only"),
        why=_("It shows that the register is kept. Never add the register itself."),
        yearly=True,
        state=State.LOOK,
    )


def standards(records: Records) -> Iterator[Check]:
    title = _("Standards named and shown")
    why = _("A standard that is claimed without a certificate, or in a superseded edition, is the usual shortfall.")
    unnamed, unshown = [], []
    for system in records.systems:
        if not STANDARD.search(records.words(system, 8)):
            unnamed.append(system)
        elif not records.attached(system, 8):
            unshown.append(system)
    wants_names = _("No standard is named under principle 8: %(list)s")
    yield from _in_answers(records, unnamed, wants_names, title=title, why=why)
    wants_proof = _("Standards are named, but nothing is attached: %(list)s")
    yield from _in_answers(records, unshown, wants_proof, title=title, why=why, state=State.LOOK)
    if not unnamed and not unshown:
        yield Check(title, State.THERE, _("Named and supported under principle 8."), why)


def security(records: Records) -> Iterator[Check]:
    title = _("Evidence of security")
    why = _("Default passwords and open remote access show in a test or review; auditors ask for the latest.")
    bare = [system for system in records.systems if not records.attached(system, 9)]
    wants = _("Nothing is attached to the answers under principle 9: %(list)s")
    yield from _in_answers(records, bare, wants, title=title, why=why, state=State.LOOK)
    if not bare:
        yield Check(title, State.THERE, _("Documents support the answers under principle 9."), why)
    networked = [system for system in records.systems if system.networked]
    yield from _answered_no(records, "P09Q2", title=_("Controls on wider networks"), why=why, systems=networked)


def review(records: Records) -> Iterator[Check]:
    yield from _kind(
        records,
        DocumentKind.ANNUAL_REPORT,
        title=_("Annual review or report of the last twelve months"),
        why=_("Reviews without figures for each camera, or without other measures beside them, are sent back."),
        yearly=True,
    )
    title, why = _("Camera sites no longer justified"), _("A review that never removes anything is doubted.")
    yield from _answered_no(records, "P10Q2", title=title, why=why)


def effectiveness(records: Records) -> Iterator[Check]:
    yield from _kind(
        records,
        DocumentKind.OPERATIONAL_REQUIREMENT,
        title=_("Operational requirement"),
        why=_("It says what each camera must be able to show; without it quality cannot be judged."),
        state=State.LOOK,
    )
    yield from _kind(
        records,
        DocumentKind.MAINTENANCE_RECORD,
        title=_("Maintenance record of the last twelve months"),
        why=_("Dirty domes, drifting clocks and dead cameras show there."),
        yearly=True,
        state=State.LOOK,
    )


def databases(records: Records) -> Iterator[Check]:
    title = _("Accuracy of reference databases")
    why = _("Lists without a check of accuracy and a day of removal lead to wrong hits.")
    using = [system for system in records.systems if system.reference_database]
    silent = [
        system
        for system in records.systems
        if not system.reference_database and Technology.ANPR in system.technology_keys()
    ]
    bare = [system for system in using if not ACCURATE.search(records.words(system, 12))]
    wants = _("No check of accuracy is described under principle 12: %(list)s")
    yield from _in_answers(records, bare, wants, title=title, why=why)
    if silent:
        sentence = _("Number plates are read, yet no reference database is recorded: %(list)s") % {
            "list": names(silent)
        }
        yield Check(title, State.LOOK, sentence, why, records.system_url(silent[0], "facts"), _("Check the record"))
    if using and not bare:
        yield Check(title, State.THERE, _("A check of accuracy is described under principle 12."), why)
    if not using and not silent:
        yield Check(title, State.NOT_ASKED, _("No system compares images or plates with a database."), why)


RULES: Mapping[int, Rule] = {
    1: purpose,
    2: privacy,
    3: openness,
    4: accountability,
    5: rules,
    6: retention,
    7: disclosure,
    8: standards,
    9: security,
    10: review,
    11: effectiveness,
    12: databases,
}
