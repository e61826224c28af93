"""What public pages of groups show, from frozen content, in the language of the page."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language

from core.bilingual import local_words
from strategy.models import Attendance, GroupAction, Strategy
from strategy.models.correspondence import View
from strategy.models.groups import GroupKind, Represents
from transparency.models import Publication
from transparency.pages.words import OwnText, day, own_text

Content = Mapping[str, Any]


def published_groups() -> list[dict[str, Any]]:
    """Groups whose pages are in force, by name. One query."""
    rows = Publication.objects.current().filter(kind=Publication.Kind.GROUP).for_list()
    return [
        {
            "slug": each.subject_reference,
            "name": each.local_title,
            "kind": capfirst(str(GroupKind(each.summary["kind"]).label)),
            "body": each.organisation.local_name,
        }
        for each in rows
    ]


def archives() -> list[dict[str, str]]:
    """Strategies of the past, with the papers of their boards. One query."""
    rows = Strategy.objects.public().filter(kind=Strategy.Kind.ARCHIVE)
    return [{"key": each.key, "name": each.local_name} for each in rows]


def minutes_of(slug: str) -> list[dict[str, Any]]:
    """Published minutes of a group, the newest first, withdrawn ones marked. One query."""
    rows = Publication.objects.filter(kind=Publication.Kind.MEETING, path__startswith=f"/groups/{slug}/meetings/")
    found = [
        {
            "label": each.summary["label"],
            "held_on": day(each.summary["held_on"]),
            "withheld": each.summary["withheld"],
            "is_withdrawn": each.is_withdrawn,
        }
        for each in rows.newest().defer("content")
    ]
    return sorted(found, key=lambda each: [int(part) for part in each["label"].split(".")], reverse=True)


def group_shown(content: Content) -> dict[str, Any]:
    """No query."""
    return {
        "slug": content["slug"],
        "name": local_words(content["name"]),
        "kind": capfirst(str(GroupKind(content["kind"]).label)),
        "body": local_words(content["body"]),
        "reports_to": _own(content["reports_to"]) if content["reports_to"] else None,
        "began_on": day(content["began_on"]),
        "ended_on": day(content["ended_on"]),
        "terms": _own(content["terms"]),
        "terms_version": content["terms_version"],
        "terms_agreed_on": day(content["terms_agreed_on"]),
        "members": [
            {
                **_seat(each),
                "represents": capfirst(str(Represents(each["represents"]).label)),
                "from_on": day(each["from_on"]),
            }
            for each in content["members"]
        ],
        "names_withheld": content["names_withheld"],
        "ahead": [{**each, "held_on": day(each["held_on"])} for each in content["ahead"]],
        "reports": [{**each, "sent_on": day(each["sent_on"])} for each in content["reports"]],
        "decisions": [_decision(each) for each in content["decisions"]],
        "actions": actions_shown(content["actions"]),
    }


def meeting_shown(content: Content) -> dict[str, Any]:
    """No query."""
    items = [_item(each) for each in content["items"]]
    return {
        "label": content["label"],
        "group": content["group"]["slug"],
        "group_name": local_words(content["group"]["name"]),
        "body": local_words(content["body"]),
        "held_on": day(content["held_on"]),
        "starts_at": content["starts_at"],
        "venue": content["venue"],
        "agreed_at": content["agreed_at"],
        "agreed_on": day(content["agreed_on"]),
        "came": [
            {
                "state": str(state.label),
                "seats": [_seat(each) for each in content["attendance"] if each["state"] == state],
            }
            for state in Attendance.State
        ],
        "guests": content["guests"],
        "names_withheld": content["names_withheld"],
        "items": items,
        "withheld": sum(each["withheld"] for each in items),
        "actions": actions_shown(content["actions"]),
        "carried": actions_shown(content["carried"]),
    }


def actions_shown(actions: Iterable[Content]) -> list[dict[str, Any]]:
    return [
        {
            "label": each["label"],
            "text": _own(each["text"]),
            "owner": local_words(each["owner"]),
            "post": each["post"],
            "due_on": day(each["due_on"]),
            "status": capfirst(str(GroupAction.Status(each["status"]).label)),
            "carried_to": each["carried_to"],
        }
        for each in actions
    ]


def _own(words: Mapping[str, str]) -> OwnText:
    return own_text({tag: {"text": words.get(tag, "")} for tag in ("en", "cy")}, "text")


def _seat(seat: Content) -> dict[str, Any]:
    return {
        "organisation": local_words(seat["organisation"]),
        "post": local_words(seat["post"]),
        "name": seat["name"],
        "is_chair": seat["is_chair"],
    }


def _decision(decision: Content) -> dict[str, Any]:
    said: dict[str, list[str]] = {}
    for each in decision["answers"]:
        said.setdefault(each["view"], []).append(local_words(each["organisation"]))
    return {
        "label": decision["label"],
        "question": _own(decision["question"]),
        "outcome": _own(decision["outcome"]),
        "asked_on": day(decision["asked_on"]),
        "decided_on": day(decision["decided_on"]),
        "said": [{"view": capfirst(str(view.label)), "by": said[view]} for view in View if view in said],
    }


def _item(item: Content) -> dict[str, Any]:
    text, lang = _parts(item["text"])
    decision, decision_lang = _parts(item["decision"]) if item["decision"] else ([], "")
    return {
        "number": item["number"],
        "title": _own(item["title"]),
        "paper": item["paper"],
        "text": text,
        "lang": lang,
        "decision": decision,
        "decision_lang": decision_lang,
        "withheld": item["withheld"],
        "reason": _own(item["withheld_reason"]) if item["withheld_reason"] else None,
    }


def _parts(both: Content) -> tuple[list[str | None], str]:
    """Parts of a text in the language of the page; else the English ones, and that they are English."""
    if get_language() == "cy":
        return (both["cy"], "") if "cy" in both else (both["en"], "en")
    return both["en"], ""
