"""Estate audits: services are asked by a link which cameras they run; what they find is taken up or declined.

The link lets its holder hand in one list, nothing else. A find is no record of a camera before somebody of the operator
takes it up.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import Organisation, User
from accounts.services.notifications import notify, promise_mail
from compliance.asking import ESTATES
from compliance.models import CameraSystem, EstateAudit, EstateFind, EstateRequest
from compliance.models.camera import CameraOrigin
from compliance.models.vocabulary import Technology
from compliance.services.cameras_register import add_camera
from compliance.services.fields import field_problems
from compliance.services.systems import TechnologyRow, create_system, set_technologies, update_system
from compliance.services.texts import checked_text
from core import trail
from core.dates import LONDON, midnight, today
from core.errors import IllegalMove, Incomplete, RuleBroken
from core.forms import refuse_in_one_line

LINK_DAYS = dt.timedelta(days=28)  # a link works so long after the day by which answers are wanted
MOST_ASKED, MOST_SITES, MOST_CAMERAS = 200, 60, 5000
MOST_ONE_BY_ONE = 100  # cameras of one find that are entered each by itself
MOST_MAILS_A_DAY = 300  # by one person: mail in the portal's name is not sent without bound
NOTE_LIMIT = 2000
Status, FindStatus = EstateRequest.Status, EstateFind.Status
FACTS = (
    "site",
    "number_of_cameras",
    "sees_public",
    "purpose",
    "records",
    "kept_days",
    "records_audio",
    "has_sign",
    "looked_after_by",
)


class EstateLinkClosed(RuleBroken):
    """The link was used or withdrawn, or its time is over."""


@transaction.atomic
def open_audit(*, operator: Organisation, title: str, message: str, answer_by: dt.date, by: User) -> EstateAudit:
    """A round of asking, nobody asked yet. Raises RuleBroken, Incomplete."""
    if not operator.runs_cameras:
        raise RuleBroken(_("This organisation is not of a kind that runs cameras."))
    audit = EstateAudit(operator=operator, title=title.strip(), answer_by=answer_by, opened_by=by)
    audit.message = checked_text(message, limit=NOTE_LIMIT)
    problems = field_problems(audit)
    if answer_by < today():
        problems.append(_("The day by which you want answers must not be past."))
    if problems:
        raise Incomplete(problems)
    audit.save(force_insert=True)
    trail.record("started", audit, by=by, after={"title": audit.title, "answer_by": answer_by})
    return audit


@transaction.atomic
def send_requests(*, audit: EstateAudit, asked: Sequence[tuple[str, str]], by: User) -> list[EstateRequest]:
    """Ask services, each given with its mailbox; who was asked already is not asked again. Raises Incomplete."""
    known = {(each.service.casefold(), each.email) for each in audit.requests.exclude(status=Status.WITHDRAWN)}
    wanted = {(service.strip(), email.strip().lower()): None for service, email in asked}
    fresh = [pair for pair in wanted if (pair[0].casefold(), pair[1]) not in known]
    requests = [
        EstateRequest(audit=audit, service=service, email=email, expires_at=_expiry(audit)) for service, email in fresh
    ]
    problems = [_wrong_line(each) for each in requests if not _is_whole(each)]
    if len(known) + len(requests) > MOST_ASKED:
        problems.append(_("Ask at most %(most)d services in one audit.") % {"most": MOST_ASKED})
    if problems:
        raise Incomplete(problems)
    _check_rate(by, len(requests))
    for request in requests:
        request.save(force_insert=True)
        trail.record("asked", request, by=by, after={"service": request.service}, personal={"email": request.email})
        _promise_link(request, by)
    return requests


def _wrong_line(request: EstateRequest) -> str:
    return _("This line needs a service and an email address: %(line)s") % {
        "line": f"{request.service}, {request.email}".strip(", ")[:120]
    }


def _is_whole(request: EstateRequest) -> bool:
    """Whether it names a service and a mailbox."""
    try:
        EstateRequest._meta.get_field("email").run_validators(request.email)
        EstateRequest._meta.get_field("service").run_validators(request.service)
        refuse_in_one_line(request.service)
    except ValidationError:
        return False
    return bool(request.service and request.email)


def _expiry(audit: EstateAudit) -> dt.datetime:
    now = timezone.now()
    last = max(now, midnight(audit.answer_by)) + LINK_DAYS
    return last.replace(microsecond=now.microsecond)  # no two links of a request are alike


def _check_rate(by: User, more: int) -> None:
    """Counted in the trail, where each sending stands. One query."""
    since = timezone.now() - dt.timedelta(days=1)
    sent = trail.TrailEntry.objects.filter(subject_kind=EstateRequest._meta.label, actor_id=by.pk, at__gt=since)
    if sent.filter(verb__in=("asked", "sent again")).count() + more > MOST_MAILS_A_DAY:
        raise RuleBroken(_("You have sent many messages today. Go on tomorrow."))


def _promise_link(request: EstateRequest, by: User) -> None:
    """In the language of whoever asks: the reader's is not known. The link stands in the mail's job alone."""
    audit = request.audit
    with override(by.language):
        values = {
            "name": by.get_full_name(),
            "operator": audit.operator.local_name,
            "service": request.service,
            "day": date_format(audit.answer_by, "j F Y"),
            "link": ESTATES.address(request),
        }
        paragraphs = [
            _("%(operator)s asks all of its services which surveillance cameras they run.") % values,
            _("This message is for: %(service)s") % values,
            *([_("Message from %(name)s:") % values + "\n" + audit.message] if audit.message else []),
            _("Open this link and list your sites, or say that you run no cameras. Please answer by %(day)s:") % values
            + "\n"
            + values["link"],
            _("You need no account. The link takes one answer. Pass it on only to a colleague who answers for you."),
        ]
        subject = _("Which cameras do you run? %(operator)s") % values
        promise_mail(to=request.email, subject=subject, body="\n\n".join(paragraphs))


@transaction.atomic
def send_again(*, request: EstateRequest, by: User) -> None:
    """Send a fresh link; the old one stops working. Raises EstateLinkClosed, RuleBroken."""
    _check_rate(by, 1)
    _send_again(request, by)


def _send_again(request: EstateRequest, by: User) -> None:
    expires_at = _expiry(request.audit)
    if not EstateRequest.objects.filter(pk=request.pk, status=Status.SENT).update(expires_at=expires_at):
        raise EstateLinkClosed(_("This service answered, or its link was withdrawn."))
    request.expires_at = expires_at
    trail.record("sent again", request, by=by, after={"expires_at": expires_at})
    _promise_link(request, by)


@transaction.atomic
def remind(*, audit: EstateAudit, by: User) -> int:
    """Send a fresh link to everybody who has not answered. Returns to how many."""
    silent = list(audit.requests.filter(status=Status.SENT).select_related("audit__operator"))
    _check_rate(by, len(silent))
    for request in silent:
        _send_again(request, by)
    return len(silent)


@transaction.atomic
def withdraw(*, request: EstateRequest, by: User) -> None:
    """The link stops working at once. Raises IllegalMove when it was answered or withdrawn."""
    request.move_to(Status.WITHDRAWN, by=by)


# --- Answering ---


def why_closed(request: EstateRequest) -> str:
    """One sentence: why the link takes no answer; '' while it does."""
    if request.status == Status.WITHDRAWN:
        return _("The person who asked no longer needs an answer, and withdrew the link.")
    if request.status != Status.SENT:
        return _("This link was used already. It takes one answer.")
    if not request.is_open():
        return _("The time of this link is over. Ask the person who sent it for a new one.")
    return ""


@transaction.atomic
def answer(
    *, request: EstateRequest, sites: Sequence[Mapping[str, Any]], name: str, post: str, note: str = ""
) -> list[EstateFind]:
    """Keep what the holder of the link lists; no site at all says that none is run. Raises EstateLinkClosed,
    Incomplete.
    """
    if closed := why_closed(request):
        raise EstateLinkClosed(closed)
    finds = [EstateFind(request=request, **{fact: site.get(fact) for fact in FACTS if fact in site}) for site in sites]
    request.answered_name, request.answered_post = name.strip(), post.strip()
    request.note, request.answered_at = checked_text(note, limit=NOTE_LIMIT), timezone.now()
    problems = [problem for record in (request, *finds) for problem in field_problems(record)]
    if not request.answered_name:
        problems.append(_("Give your name."))
    if any(not 1 <= (find.number_of_cameras or 0) <= MOST_CAMERAS for find in finds):
        problems.append(_("Give the number of cameras of each site: at least 1."))
    if len(finds) > MOST_SITES:
        problems.append(_("List at most %(most)d sites in one answer.") % {"most": MOST_SITES})
    if problems:
        raise Incomplete(problems)
    with trail.acting_as("somebody with the link"):
        request.move_to(Status.ANSWERED if finds else Status.NONE_RUN, by=None)
        request.save(update_fields=["answered_name", "answered_post", "answered_at", "note"])
        personal = {"name": request.answered_name, "post": request.answered_post}
        cameras = sum(find.number_of_cameras for find in finds)
        trail.record("answered", request, by=None, after={"sites": len(finds), "cameras": cameras}, personal=personal)
        for find in finds:
            find.save(force_insert=True)
    _tell(request)
    return finds


def _tell(request: EstateRequest) -> None:
    """Who opened the audit, while they are still there."""
    audit = request.audit
    if audit.opened_by is None or not audit.opened_by.roles_at(audit.operator_id):
        return
    notify(
        users=[audit.opened_by],
        subject=format_lazy(gettext_lazy("Estate audit answered: {service}"), service=request.service),
        body=gettext_lazy("Look at what was found, and take it up or decline it."),
        url=reverse("compliance:estate_audit", args=[audit.operator.slug, audit.reference]),
    )


# --- What becomes of a find ---


@transaction.atomic
def take_up(*, find: EstateFind, by: User, system: CameraSystem | None = None) -> CameraSystem:
    """Enter what was found: each camera into `system`, or a draft system of its own with counts and retention.

    The cameras are in operation, their justification outstanding. Raises IllegalMove, RuleBroken, Incomplete.
    """
    if not find.can_move_to(FindStatus.TAKEN_UP):
        raise IllegalMove(find, FindStatus.TAKEN_UP)
    operator = find.request.audit.operator
    if system is None:
        system = _new_system(find, operator, by)
    elif system.operator_id != operator.pk:
        raise RuleBroken(_("Choose a system of your own organisation."))
    else:
        _enter(find, system, by)
    find.move_to(FindStatus.TAKEN_UP, by=by, note=system.reference)
    find.system, find.settled_by, find.settled_at = system, by, timezone.now()
    find.save(update_fields=["system", "settled_by", "settled_at"])
    return system


def _new_system(find: EstateFind, operator: Organisation, by: User) -> CameraSystem:
    technology = Technology.CCTV.value
    system = create_system(operator=operator, name=find.site[:120], by=by, technologies=[technology])
    answered = find.request.answered_at or timezone.now()
    row = TechnologyRow(
        technology=technology,
        retention_days=find.kept_days,
        fixed_count=find.number_of_cameras,
        counted_on=answered.astimezone(LONDON).date(),
    )
    system = set_technologies(system=system, version=system.version, rows=[row], by=by)
    changes = {"description": find.purpose, "records_audio": bool(find.records_audio)}
    return update_system(system=system, version=system.version, changes=changes, by=by)


def _enter(find: EstateFind, system: CameraSystem, by: User) -> None:
    if find.number_of_cameras > MOST_ONE_BY_ONE:
        raise RuleBroken(_("These are too many to enter one by one. Take them up as a system of their own."))
    for number in range(1, find.number_of_cameras + 1):
        words = {"site": find.site[:200], "number": number, "all": find.number_of_cameras}
        values = {
            "location": _("%(site)s, camera %(number)d of %(all)d") % words,
            "is_public_space": find.sees_public,
            "purpose_note": find.purpose,
            "records_audio": bool(find.records_audio),
        }
        add_camera(system=system, values=values, by=by, origin=CameraOrigin.AUDIT)


@transaction.atomic
def decline(*, find: EstateFind, reason: str, by: User) -> None:
    """It stays out of the register, and why. Raises Incomplete, IllegalMove."""
    reason = checked_text(reason, limit=500)
    if not reason:
        raise Incomplete([_("Say why it stays out of the register.")])
    find.move_to(FindStatus.DECLINED, by=by, note=reason)
    find.reason, find.settled_by, find.settled_at = reason, by, timezone.now()
    find.save(update_fields=["reason", "settled_by", "settled_at"])


@transaction.atomic
def erase_answerer(*, request: EstateRequest, by: User) -> None:
    """Take name and post of whoever answered off the record, for good; the trail's copies go too."""
    request.answered_name = request.answered_post = ""
    request.save(update_fields=["answered_name", "answered_post"])
    kept = trail.TrailEntry.objects.filter(subject_kind=EstateRequest._meta.label, subject_id=request.pk)
    kept.filter(verb="answered").update(personal=None, personal_salt="")
    trail.record("erased", request, by=by, after={"fields": ["answered_name", "answered_post"]})
