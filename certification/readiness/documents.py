"""The documents with which a desktop review begins (domain 4.3)."""

from collections.abc import Iterable, Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from certification.readiness.checks import Check, State
from certification.readiness.records import Records, older_than_a_year
from certification.services.found_documents import AskedFor
from compliance.models import CameraSystem, Evidence
from core.dates import today


def names(systems: Iterable[CameraSystem]) -> str:
    return ", ".join(system.local_name for system in systems)


def documents_of(records: Records) -> list[Check]:
    """The signed self-assessment, the number of cameras, then what the scheme asks for, in its order."""
    return [_signed(records), _cameras(records), *(_wanted(records, wanted) for wanted in records.asked())]


def _signed(records: Records) -> Check:
    title = _("Signed self-assessment of each system")
    why = _("Every other document is read beside it; it says which technologies each system uses.")
    lacking = [c.system for c in records.coverage if c.signed is None]
    old = [c.system for c in records.coverage if c.is_old]
    url, action = records.address("application"), _("See which signatures go with it")
    if any(c.is_replaced for c in records.coverage):
        return Check(
            title, State.MISSING, _("Signed again since: %(list)s") % {"list": names(lacking)}, why, url, action
        )
    if lacking:
        sentence = _("Nothing signed goes with it: %(list)s") % {"list": names(lacking)}
        return Check(
            title, State.MISSING, sentence, why, records.answers_url(lacking[0]), _("Go to the self-assessment")
        )
    if old:
        sentence = _("Signed more than twelve months ago: %(list)s") % {"list": names(old)}
        return Check(title, State.LOOK, sentence, why, records.answers_url(old[0]), _("Begin a newer one"))
    return Check(title, State.THERE, _("Signed within the last twelve months."), why)


def _cameras(records: Records) -> Check:
    title = _("Number of cameras")
    why = _("The number decides how long an audit takes, and it must agree with what is published.")
    for system in records.systems:
        for technology in system.technologies.all():
            if not technology.total or technology.counted_on is None:
                sentence = _("Not counted, or without a date: %(system)s") % {"system": system.local_name}
                return Check(title, State.MISSING, sentence, why, records.system_url(system), _("Enter the count"))
            if older_than_a_year(technology.counted_on):
                sentence = _("Last counted on %(day)s: %(system)s") % {
                    "day": date_format(technology.counted_on, "j F Y"),
                    "system": system.local_name,
                }
                return Check(title, State.LOOK, sentence, why, records.system_url(system), _("Count again"))
    total = sum(technology.total for system in records.systems for technology in system.technologies.all())
    return Check(title, State.THERE, _("%(number)d, counted within the last twelve months.") % {"number": total}, why)


def _wanted(records: Records, wanted: AskedFor) -> Check:
    why = _("The scheme asks for it.") if wanted.required else _("The scheme takes it if there is one.")
    choose, choose_words = records.address("application_documents"), _("Choose the documents")
    if wanted.chosen:
        chosen: Sequence[Evidence] = [document.evidence for document in wanted.chosen]
        worst = next((e for e in chosen if e.review_on and e.review_on < today()), None)
        if worst is not None:
            sentence = _("Chosen, but its review date is past: %(title)s") % {"title": worst.title}
            return Check(
                wanted.name, State.LOOK, sentence, why, records.evidence_url(worst), _("Replace it or set a date")
            )
        undated = next((e for e in chosen if e.dated is None), None)
        if undated is not None:
            sentence = _("Chosen, but undated: %(title)s") % {"title": undated.title}
            return Check(wanted.name, State.LOOK, sentence, why, records.evidence_url(undated), _("Say its date"))
        return Check(
            wanted.name, State.THERE, _("Chosen: %(list)s") % {"list": ", ".join(e.title for e in chosen)}, why
        )
    if wanted.found:
        sentence = _("In your records, not chosen yet: %(title)s") % {"title": wanted.found[0].title}
        state = State.MISSING if wanted.required else State.LOOK
        return Check(wanted.name, state, sentence, why, choose, choose_words)
    state = State.MISSING if wanted.required else State.LOOK
    return Check(wanted.name, state, _("Not in your records."), why, choose, _("Add it or ask for it"))
