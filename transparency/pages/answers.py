"""The public copy of a self-assessment: each answer as it was signed, or that it is withheld and why."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation
from compliance.exchange.words import choice_label, why_not_asked
from core.bilingual import local_words
from transparency.languages import active
from transparency.models import Publication
from transparency.pages.registry import Page, builds
from transparency.pages.versions import Edition, gone_from, versions_of
from transparency.pages.words import day


@builds("answers")
def answers(organisation: str, system: str) -> Page | None:
    """The newest version at the address, or the page that says why there is none any more. Five queries."""
    path = f"/authorities/{organisation}/{system}/self-assessment/"
    newest = Publication.objects.of_answers().newest_at(path)
    if newest is None:
        return None
    if gone := gone_from(path, newest):
        return gone
    edition = Edition(
        version=newest.version,
        published_on=newest.published_at,
        sha256=newest.sha256,
        earlier=versions_of(newest)[1:],
    )
    context = public_answers(newest.facts(), newest.organisation)
    asked = _questions_of_the_public(path)
    for principle in context["principles"]:
        principle["asked"] = asked.get(principle["number"], [])
    context |= {"edition": edition, "shown_version": newest, "system_slug": system, "path": path}
    return Page("transparency/answers.html", {**context, "as_of": newest.published_at})


def _questions_of_the_public(path: str) -> dict[int, list[dict[str, Any]]]:
    """What people asked on each principle and what they were told, as far as it is published. One query."""
    found: dict[int, list[dict[str, Any]]] = {}
    published = Publication.objects.filter(kind=Publication.Kind.QUESTION, path=path).current()
    for publication in published.order_by("published_at", "pk"):
        said = publication.facts()
        shown = {"question": said["question"], "reply": said["reply"], "lang": _other(said["language"])}
        found.setdefault(said["principle"], []).append({**shown, "published_on": publication.published_at})
    return found


def public_answers(content: Mapping[str, Any], operator: Organisation) -> dict[str, Any]:
    """What the page shows of a frozen (or, for a preview, freshly gathered) content. No queries."""
    signed = content["signed"]
    return {
        "title": local_words(content["name"]),
        "operator": local_words(content["operator"]["name"]),
        "organisation": operator,
        "signed_on": day(signed["on"]),
        "post": signed["post"],
        "sha256": signed["sha256"],
        "edition_title": local_words(signed["edition"]),
        "scope": content["scope"],
        "scope_lang": _other(_usual_language(content)),
        "principles": [_principle(principle) for principle in content["principles"]],
        "withheld": [_withheld(row) for row in content["withheld"]],
        "withheld_by": content["withheld_by"],
        "review_on": day(content["review_on"]),
    }


def _usual_language(content: Mapping[str, Any]) -> str:
    """That of most answers: the scope, which has no mark of its own, is taken to be written in it."""
    answers = (question["answer"] for principle in content["principles"] for question in principle["questions"])
    used = Counter(answer["language"] for answer in answers if answer and answer["text"])
    return used.most_common(1)[0][0] if used else "en"


def _principle(principle: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": principle["number"],
        "title": local_words(principle["title"]),
        "questions": [_question(question) for question in principle["questions"]],
    }


def _question(question: Mapping[str, Any]) -> dict[str, Any]:
    answer = question["answer"] or {"choice": "", "text": "", "language": "en"}
    return {
        "number": question["number"],
        "title": local_words(question["title"]),
        "text": local_words(question["text"]),
        "text_lang": _other("cy" if "cy" in question["text"] and active().tag == "cy" else "en"),
        "why": why_not_asked(question),
        "choice": choice_label(answer["choice"]),
        "answer": answer["text"],
        "lang": _other(answer["language"]),
        **(_reason(question["withheld"]) if question["withheld"] else {}),
    }


def _reason(texts: Mapping[str, str]) -> dict[str, Any]:
    tag = "cy" if active().tag == "cy" and texts.get("cy") else "en"
    return {"is_withheld": True, "reason": local_words(texts), "reason_lang": _other(tag)}


def _other(language: str) -> str:
    """The language where it is not that of the page, else ''."""
    return language if language != active().tag else ""


def _withheld(row: Mapping[str, Any]) -> dict[str, Any]:
    count = ngettext("%(count)d answer", "%(count)d answers", row["answers"]) % {"count": row["answers"]}
    return {"count": count, **_reason(row["reason"])}


def counts_in_words(summary: Mapping[str, Any]) -> str:
    return _("Public: %(public)d. Withheld: %(withheld)d.") % {
        "public": summary["answers_public"],
        "withheld": summary["answers_withheld"],
    }
