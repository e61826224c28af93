"""Ready lists for the page of one assessment: facts, notes, what is to do, what can be done, what it says."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from compliance.dpia_content import (
    address,
    as_values,
    cameras_of,
    differences,
    frozen_values,
    recognition_reasons,
    signed_equality,
)
from compliance.dpia_form import BY_KEY, PARTS, SCREENING_KEYS, lacking, values_of
from compliance.dpia_words import shown, whole_of
from compliance.frozen import digest
from compliance.models import Dpia
from compliance.models.dpia import DpiaChange, Level
from compliance.services.dpia_parts import CONSULTED_IN
from compliance.views.dpia_finding import day
from core.dates import LONDON
from core.registry import Link

Status = Dpia.Status
Row = dict[str, Any]
FROZEN = (Status.SIGNED_OFF, Status.SUPERSEDED)


def is_read(dpia: Dpia) -> bool:
    """Whether its page shows all that it says, rather than a list of tasks."""
    return dpia.status not in (Status.SCREENING, Status.DRAFT, Status.NOT_REQUIRED) and not dpia.made_elsewhere


def covered(dpia: Dpia) -> int:
    """How many cameras it covers; of one that was replaced, covered when it was signed. One query at most."""
    if dpia.status == Status.SUPERSEDED:
        count: int = frozen_values(dpia)["cameras"]["count"]
        return count
    return cameras_of(dpia).count()


def covered_now(dpia: Dpia) -> set[str]:
    """References of the cameras that it covers today. One query."""
    return set(cameras_of(dpia).values_list("reference", flat=True))


def changed_since(dpia: Dpia, now: set[str]) -> list[str]:
    """Reasons to do a signed one again: cameras added or gone, recognition that is in use without an equality
    assessment. `now` are the references of its cameras today. One query.
    """
    then = {camera["reference"] for camera in frozen_values(dpia)["cameras"]["list"]}
    found = []
    if added := len(now - then):
        words = ngettext("%(count)d camera was added since", "%(count)d cameras were added since", added)
        found.append(words % {"count": added})
    if gone := len(then - now):
        words = ngettext("%(count)d camera is gone since", "%(count)d cameras are gone since", gone)
        found.append(words % {"count": gone})
    if not signed_equality(dpia):
        found += [str(reason) for reason in recognition_reasons(dpia)]
    return found


def facts(dpia: Dpia, cameras: int) -> list[Row]:
    """What is known of it; `cameras` is how many it covers."""
    rows: list[Row] = []
    if dpia.own_number:
        rows.append({"key": _("Your own number"), "value": dpia.own_number})
    rows.append(
        {"key": _("Systems"), "values": [system.local_name for system in dpia.systems.all()] or [_("None yet")]}
    )
    rows.append({"key": _("Cameras"), "value": _cameras(dpia, cameras)})
    if dpia.cameras_as_written:
        rows.append({"key": _("Cameras as written"), "value": dpia.cameras_as_written})
    if before := dpia.predecessor:
        link = address("dpia", before) if before.operator_id == dpia.operator_id else ""
        rows.append({"key": _("Follows"), "value": before.reference, "link": link})
    if dpia.made_elsewhere:
        rows += _elsewhere_facts(dpia)
    if dpia.sha256:
        rows += _signature_facts(dpia)
    return rows


def _cameras(dpia: Dpia, count: int) -> str:
    words = ngettext("%(count)d camera", "%(count)d cameras", count) % {"count": count}
    return _("All of these systems: %(cameras)s") % {"cameras": words} if dpia.covers_whole_systems else words


def _elsewhere_facts(dpia: Dpia) -> list[Row]:
    kept = dpia.parts.get("elsewhere", {})
    signed_on = dt.date.fromisoformat(kept["signed_on"])
    return [
        {"key": _("Made outside the portal"), "value": _("Signed on %(day)s") % {"day": day(signed_on)}},
        {"key": _("Post of whoever signed"), "value": kept["post"]},
        {"key": _("What it covers"), "value": kept["scope"]},
        {"key": _("Document"), "value": _("Open"), "link": address("dpia_pdf", dpia)},
        {"key": _("Fingerprint of the file (SHA-256)"), "value": dpia.document_sha256},
    ]


def _signature_facts(dpia: Dpia) -> list[Row]:
    at = dpia.signed_at.astimezone(LONDON) if dpia.signed_at else None
    who = _("Confirmed by") if dpia.made_elsewhere else _("Signed by")
    rows: list[Row] = [
        {"key": who, "value": f"{dpia.signed_name}, {dpia.signed_post}".removesuffix(", ")},
        {"key": _("On"), "value": date_format(at, "j F Y, H:i") if at else ""},
        {"key": _("Review by"), "value": day(dpia.review_on)},
        {"key": _("Fingerprint of the signed text (SHA-256)"), "value": dpia.sha256},
        {"key": _("Signed text"), "value": _("Download (JSON)"), "link": address("dpia_json", dpia)},
    ]
    if not dpia.made_elsewhere:
        printed = {"value": _("Open (PDF)"), "link": address("dpia_pdf", dpia)}
        waits = {"value": _("It is being printed. Load this page again in a moment.")}
        rows.append({"key": _("Document"), **(printed if dpia.evidence else waits)})
    return rows


def notes(dpia: Dpia, changes: Sequence[DpiaChange]) -> list[Row]:
    """What somebody should know before anything else on the page."""
    last = changes[0] if changes else None
    sentences = {
        Status.SCREENING: _screening_note(dpia),
        Status.DPO_ADVICE: _("The data protection officer reads it and advises. What it says is locked meanwhile.")
        if not dpia.advice
        else _("The data protection officer has advised. Say whether the advice is followed."),
        Status.CONSULTATION: _("The people concerned are asked. Then the senior responsible officer signs."),
        Status.HIGH_RESIDUAL_RISK: _(
            "A high risk is left. It cannot be signed: change the measures, or consult the ICO (UK GDPR Article 36)."
        ),
        Status.ICO_CONSULTED: _("The ICO is consulted. Record its answer here. The cameras are not used before."),
        Status.ELSEWHERE: _("It does not count yet: the senior responsible officer has to confirm it."),
        Status.SUPERSEDED: _("It is replaced by a newer one and kept for the record."),
    }
    found: list[Row] = [{"text": sentences[Status(dpia.status)], "kind": ""}] if dpia.status in sentences else []
    if last and last.note and dpia.status in (Status.DRAFT, Status.STOPPED, Status.NOT_REQUIRED, Status.SCREENING):
        who = last.by.get_full_name() if last.by else ""
        found.append({"text": capfirst(last.note), "kind": "care", "by": who, "at": last.at})
    if dpia.sha256 and dpia.status in FROZEN and not _holds(dpia):
        text = _("The stored text no longer has the fingerprint that was signed. Tell whoever runs this portal.")
        found.append({"text": text, "kind": "stop"})
    return found


def _screening_note(dpia: Dpia) -> str:
    said = [dpia.screening.get(key, {}).get("answer", "") for key in SCREENING_KEYS]
    if "yes" in said:
        return _("A question is answered with yes: an assessment has to be made.")
    if "" in said:
        return _("Answer the screening questions. They show whether an assessment is needed.")
    return _("Every question is answered with no. Record why no assessment is needed, or make one all the same.")


def _holds(dpia: Dpia) -> bool:
    return digest(dpia.content) == dpia.sha256


# --- What can be done ---


def acts(user: User, dpia: Dpia) -> list[Link]:
    """Links into the pages of acts that this person may do in this state. One query for a signed one."""
    return [
        Link(label, address(name, dpia)) for name, permission, label in _acts(dpia) if user.has_perm(permission, dpia)
    ]


def _acts(dpia: Dpia) -> Iterator[tuple[str, str, str]]:
    move, sign = "compliance.move_dpia", "compliance.sign_dpia"
    status = dpia.status
    if status == Status.SCREENING:
        yield "dpia_screening", "compliance.write_dpia", _("Answer the screening questions")
        if all(dpia.screening.get(key, {}).get("answer") == "no" for key in SCREENING_KEYS):
            yield "dpia_not_required", move, _("Record that no assessment is needed")
    elif status == Status.NOT_REQUIRED:
        yield "dpia_screen_again", move, _("Something changed: screen again")
    elif status == Status.DPO_ADVICE:
        yield (
            "dpia_advice",
            "compliance.advise_on_dpia",
            _("Give your advice") if not dpia.advice else _("Change your advice"),
        )
        if dpia.advice:
            yield "dpia_advice_answer", move, _("Say whether the advice is followed")
        yield "dpia_return", "compliance.return_dpia", _("Return it to draft")
    elif status == Status.CONSULTATION:
        yield "dpia_sign", sign, _("Read and sign")
        yield "dpia_return", "compliance.return_dpia", _("Return it to draft")
    elif status == Status.HIGH_RESIDUAL_RISK:
        yield "dpia_return", "compliance.return_dpia", _("Change the measures: back to draft")
        yield "dpia_ico", move, _("Record that the ICO is consulted")
    elif status == Status.ICO_CONSULTED:
        yield "dpia_ico_answer", move, _("Record what the ICO answered")
    elif status == Status.SIGNED_OFF:
        yield "dpia_again", move, _("Do it again")
    elif status == Status.ELSEWHERE:
        yield "dpia_decline", sign, _("Do not confirm it")
    if status in (Status.DRAFT, Status.HIGH_RESIDUAL_RISK):
        yield "dpia_stop", move, _("Stop this assessment")
    if status not in (Status.SCREENING, Status.NOT_REQUIRED, Status.DRAFT, Status.STOPPED, Status.SUPERSEDED):
        yield "equality", "compliance.read_dpia", _("Equality impact assessment")


def posts(user: User, dpia: Dpia) -> Row | None:
    """The one act of this state that needs no form, as a button."""
    if dpia.status == Status.SCREENING and user.has_perm("compliance.move_dpia", dpia):
        return {"action": address("dpia_begin", dpia), "label": _("Make the assessment")}
    if dpia.status == Status.DRAFT and user.has_perm("compliance.move_dpia", dpia):
        return {"action": address("dpia_ask", dpia), "label": _("Ask the data protection officer for advice")}
    if dpia.status == Status.ELSEWHERE and user.has_perm("compliance.sign_dpia", dpia):
        return {"action": address("dpia_confirm", dpia), "label": _("Confirm it")}
    return None


# --- What is to do ---


def tasks(user: User, dpia: Dpia, cameras: int) -> list[Row]:
    """The parts to write, with what is open in each. One query in draft."""
    if dpia.status == Status.CONSULTATION:
        return [_part_task(BY_KEY["consultation"], dpia, may=_may_write(user, dpia))]
    if dpia.status not in (Status.SCREENING, Status.DRAFT):
        return []
    may = _may_write(user, dpia)
    found = [_task(_("Title and number"), "dpia_heading", dpia, may=may, done=True)]
    found.append(
        _task(_("Cameras that it covers"), "dpia_cover", dpia, may=may, done=dpia.covers_whole_systems or cameras > 0)
    )
    if dpia.status == Status.SCREENING:
        return found
    for part in PARTS:
        found.append(_part_task(part, dpia, may=may))
        if part.key == "rights":
            done = bool(dpia.matrix) and all(row["level"] for row in dpia.matrix)
            found.append(_task(_("Risk matrix: places and cameras"), "dpia_matrix", dpia, may=may, done=done))
            found.append(_risks_task(dpia, may=may))
    return [*found, _equality_task(dpia)]


def progress(user: User, dpia: Dpia, tasks: Sequence[Row]) -> Row | None:
    """Of a draft: how much of what has to be written is written, and the first that is not. None in other states."""
    if dpia.status != Status.DRAFT:
        return None
    asked = [task for task in tasks if task["status"] != _("Optional")]
    open_ones = [task for task in asked if task.get("colour")]
    words = _("Written: %(done)d of %(all)d.") % {"done": len(asked) - len(open_ones), "all": len(asked)}
    if not open_ones:
        may = user.has_perm("compliance.move_dpia", dpia)
        whose = _("Ask the data protection officer next.") if may else _("Tell a scheme manager, who asks for advice.")
        return {"text": f"{words} {whose}", "url": ""}
    first = open_ones[0]
    return {"text": words, "url": first["url"], "label": _("Go on with: %(title)s") % {"title": first["title"]}}


def _may_write(user: User, dpia: Dpia) -> bool:
    return user.has_perm("compliance.write_dpia", dpia)


def _task(title: Any, name: str, dpia: Dpia, *args: object, may: bool, done: bool, hint: str = "") -> Row:
    status = {"status": _("Completed")} if done else {"status": _("To do"), "colour": "blue"}
    return {"title": title, "url": address(name, dpia, *args) if may else "", "hint": hint, **status}


def _part_task(part: Any, dpia: Dpia, *, may: bool) -> Row:
    if part.key == "consultation" and dpia.status not in CONSULTED_IN:
        may = False
    task = _task(part.title, "dpia_part", dpia, part.key, may=may, done=not lacking(part, dpia))
    if not part.is_required and not values_of(part, dpia):
        task |= {"status": _("Optional"), "colour": "grey"}
    return task


def _risks_task(dpia: Dpia, *, may: bool) -> Row:
    count = len(dpia.risks)
    hint = ngettext("%(count)d risk named", "%(count)d risks named", count) % {"count": count} if count else ""
    task = _task(_("Risks and measures"), "dpia_risks", dpia, may=True, done=bool(count), hint=hint)
    left = max((risk["residual"] for risk in dpia.risks), key=list(Level.values).index, default="")
    if left == Level.HIGH:
        task |= {"status": _("A high risk is left"), "colour": "red"}
    return task


def _equality_task(dpia: Dpia) -> Row:
    task = _task(_("Equality impact assessment"), "equality", dpia, may=True, done=bool(signed_equality(dpia)))
    if not signed_equality(dpia):
        needed = recognition_reasons(dpia)
        task |= {"hint": str(needed[0])} if needed else {"status": _("Optional"), "colour": "grey"}
    return task


# --- What it says ---


def whole(dpia: Dpia) -> Row:
    """All that it says: of a signed one read from the signed text alone. One query for one that is not signed."""
    if dpia.content:
        return whole_of(frozen_values(dpia))
    return whole_of(as_values(dpia))


def changed(dpia: Dpia) -> list[Row]:
    """What differs from the assessment that it follows, question by question."""
    if dpia.predecessor is None:
        return []
    return [
        {
            "part": found["part"].title,
            "question": found["field"].label,
            "before": _joined(shown(found["field"], found["before"])),
            "after": _joined(shown(found["field"], found["after"])),
        }
        for found in differences(dpia.predecessor, dpia)
    ]


def _joined(said: str | list[str]) -> str:
    return said if isinstance(said, str) else "\n".join(said)
