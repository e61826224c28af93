"""What the public reads of a group and of a meeting, ready to be frozen. Each field that leaves is named here.

Never: closed papers, passages that are withheld, declarations of interests, addresses of calls, who did what for an
action, and names of members who did not agree to that.
"""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch

from core.dates import today
from strategy.models.correspondence import CorrespondenceAnswer, CorrespondenceDecision
from strategy.models.groups import Group, GroupMembership
from strategy.models.meetings import AgendaItem, GroupAction, Meeting, Minute
from strategy.services.redaction import Part, parts_of, passages_in
from transparency.models import Publication

GROUP_SCHEMA, MEETING_SCHEMA = "ccp/group-publication/1", "ccp/minutes-publication/1"
TITLES = r"(?:mr|mrs|ms|miss|mx|dr|cllr|councillor|pc|sergeant|inspector|superintendent|commander)"
Texts = dict[str, str]


def texts(english: str, welsh: str) -> Texts:
    return {"en": english, "cy": welsh} if welsh else {"en": english}


def group_path(group: Group) -> str:
    return f"/groups/{group.slug}/"


def meeting_path(meeting: Meeting) -> str:
    return f"{group_path(meeting.group)}meetings/{meeting.label}/"


def published_meetings(group: Group) -> Any:
    """Publications of minutes in force."""
    references = group.meetings.values("reference")
    return Publication.objects.current().filter(kind=Publication.Kind.MEETING, subject_reference__in=references)


def gather_group(group: Group) -> dict[str, Any]:
    """Terms, members, dates ahead, reports, decisions in writing, and actions of minutes that are public. Nine queries
    at most.
    """
    members = list(group.memberships.current().select_related("organisation", "person"))
    version = group.versions.first()
    ahead = group.meetings.filter(addendum=0, status__in=(Meeting.Status.PLANNED, Meeting.Status.AGENDA_PUBLISHED))
    return {
        "schema": GROUP_SCHEMA,
        "as_of": today().isoformat(),
        "slug": group.slug,
        "kind": group.kind,
        "name": texts(group.name, group.name_cy),
        "body": texts(group.body.name, group.body.name_cy),
        "reports_to": _reports_to(group),
        "began_on": group.began_on.isoformat(),
        "ended_on": group.ended_on.isoformat() if group.ended_on else None,
        "terms": texts(group.terms, group.terms_cy),
        "terms_version": version.number if version else 1,
        "terms_agreed_on": (version.agreed_on if version else group.began_on).isoformat(),
        "members": [
            {**_seat(member), "represents": member.represents, "from_on": member.from_on.isoformat()}
            for member in members
        ],
        "names_withheld": names_withheld(members),
        "ahead": [_date(meeting) for meeting in ahead.order_by("held_on", "pk")],
        "reports": [
            {"title": each.title, "sent_to": each.sent_to, "sent_on": each.sent_on.isoformat()}
            for each in group.reports.all()
        ],
        "decisions": [_decision(each) for each in _decisions(group)],
        "actions": [_action(action) for action in _public_actions(group)],
    }


def _reports_to(group: Group) -> Texts | None:
    if group.reports_to:
        return texts(group.reports_to.name, group.reports_to.name_cy)
    return {"en": group.reports_to_body} if group.reports_to_body else None


def _seat(member: GroupMembership) -> dict[str, Any]:
    organisation = member.organisation
    return {
        "organisation": texts(organisation.name, organisation.name_cy),
        "post": texts(member.post, member.post_cy),
        "name": member.who if member.shows_name else "",
        "is_chair": member.is_chair,
    }


def names_withheld(members: Iterable[GroupMembership]) -> int:
    """How many members are known by name inside, and not outside."""
    return sum(1 for member in members if member.who and not member.shows_name)


def _date(meeting: Meeting) -> dict[str, Any]:
    return {
        "reference": meeting.reference,
        "label": meeting.label,
        "held_on": meeting.held_on.isoformat(),
        "starts_at": f"{meeting.starts_at:%H:%M}",
        "venue": meeting.public_venue,
        "moves": meeting.moves,
    }


def _decisions(group: Group) -> Iterable[CorrespondenceDecision]:
    answers = CorrespondenceAnswer.objects.select_related("membership__organisation")
    return group.decisions.filter(decided_on__isnull=False).prefetch_related(Prefetch("answers", answers))


def _decision(decision: CorrespondenceDecision) -> dict[str, Any]:
    """With what each organisation said, and no remark."""
    return {
        "label": decision.label,
        "question": texts(decision.question, decision.question_cy),
        "outcome": texts(decision.outcome, decision.outcome_cy),
        "asked_on": decision.asked_on.isoformat(),
        "decided_on": decision.decided_on.isoformat() if decision.decided_on else None,
        "answers": [
            {
                "organisation": texts(each.membership.organisation.name, each.membership.organisation.name_cy),
                "view": each.view,
            }
            for each in decision.answers.all()
        ],
    }


def _public_actions(group: Group) -> Iterable[GroupAction]:
    public = published_meetings(group).values("subject_reference")
    rows = GroupAction.objects.filter(meeting__group=group, meeting__reference__in=public)
    return rows.select_related("owner", "carried_to").order_by("due_on", "pk")


def _action(action: GroupAction) -> dict[str, Any]:
    return {
        "label": action.label,
        "text": texts(action.text, action.text_cy),
        "owner": texts(action.owner.name, action.owner.name_cy),
        "post": action.owner_post,
        "due_on": action.due_on.isoformat(),
        "status": action.status,
        "carried_to": action.carried_to.label if action.carried_to else "",
    }


def gather_meeting(meeting: Meeting) -> dict[str, Any]:
    """Minutes less what is withheld, who came by post and organisation, the actions. Six queries."""
    group = meeting.group
    seats = meeting.attendance.select_related("membership__organisation", "membership__person")
    came = list(seats)
    return {
        "schema": MEETING_SCHEMA,
        "as_of": today().isoformat(),
        "reference": meeting.reference,
        "label": meeting.label,
        "group": {"slug": group.slug, "name": texts(group.name, group.name_cy)},
        "body": texts(group.body.name, group.body.name_cy),
        "held_on": meeting.held_on.isoformat(),
        "starts_at": f"{meeting.starts_at:%H:%M}",
        "venue": meeting.public_venue,
        "agreed_at": meeting.agreed_at.label if meeting.agreed_at else "",
        "agreed_on": meeting.agreed_at.held_on.isoformat() if meeting.agreed_at else None,
        "attendance": [
            {**_seat(row.membership), "is_chair": row.membership_id == meeting.chair_id, "state": row.state}
            for row in came
        ],
        "guests": meeting.guests.splitlines(),
        "names_withheld": names_withheld(row.membership for row in came),
        "items": [_item(item) for item in meeting.items.select_related("minute")],
        "actions": [_action(each) for each in meeting.actions.select_related("owner", "carried_to")],
        "carried": [_action(each) for each in meeting.carried.select_related("owner", "carried_to")],
    }


def _item(item: AgendaItem) -> dict[str, Any]:
    minute: Minute = item.minute
    welsh = {
        "text": {"cy": parts_of(minute.text_cy)} if minute.text_cy else {},
        "decision": {"cy": parts_of(minute.decision_cy)} if minute.decision_cy else {},
    }
    passages = sum(passages_in(text) for text in (minute.text, minute.decision))
    withheld = passages + bool(minute.withheld)
    return {
        "number": item.number,
        "title": texts(item.title, item.title_cy),
        "paper": _paper(item),
        "text": {"en": parts_of(minute.text), **welsh["text"]},
        "decision": {"en": parts_of(minute.decision), **welsh["decision"]} if minute.decision else None,
        "withheld": withheld,
        "withheld_reason": texts(minute.withheld_reason, minute.withheld_reason_cy) if withheld else None,
    }


def _paper(item: AgendaItem) -> dict[str, Any] | None:
    """None where there is none; of a closed one nothing but that it is closed."""
    if not item.paper and not item.paper_url:
        return None
    if item.is_closed:
        return {"is_closed": True}
    paper: dict[str, Any] = {"is_closed": False, "url": item.paper_url}
    if item.paper:
        paper |= {"name": item.paper_name, "sha256": item.paper_sha256, "size": item.paper.size}
    return paper


def named_in(members: Iterable[GroupMembership], written: Iterable[str | list[Part]]) -> list[GroupMembership]:
    """Members who did not agree to be named and whose names stand in texts for the public: the whole name, or the
    family name after a title.
    """
    said = " ".join(part or "" for each in written for part in ([each] if isinstance(each, str) else each))
    return [
        member
        for member in members
        if member.who and not member.shows_name and re.search(_name(member.who), said, re.IGNORECASE)
    ]


def _name(who: str) -> str:
    words = who.split()
    whole = r"\s+".join(re.escape(word) for word in words)
    return rf"\b(?:{whole}|{TITLES}\.?\s+{re.escape(words[-1])})\b"
