"""The page of a consultation, from its frozen publication: what is proposed, where, between which days, what became of
it. It prints days; whether an answer is taken today is said by the page that takes it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from compliance.models import ConsultationResponse
from compliance.models.camera import CameraType
from core.bilingual import is_welsh_page, local_words
from core.dates import days_in_words, midnight
from transparency.languages import active
from transparency.models import Publication
from transparency.pages.registry import Page, builds
from transparency.pages.words import OwnText, day

KINDS, VIEWS = ConsultationResponse.Kind, ConsultationResponse.View


@builds("consultation")
def consultation(reference: str) -> Page | None:
    """The newest version, or the page that says why it was withdrawn. One query."""
    newest = newest_of(reference)
    if newest is None or reference != reference.lower():
        return None
    organisation = newest.organisation
    if newest.is_withdrawn:
        context = {"publication": newest, "organisation": organisation, "as_of": newest.ended_at}
        return Page("transparency/consultation_withdrawn.html", context)
    context = {**what_is_asked(newest.facts()), "organisation": organisation, "publication": newest}
    return Page("transparency/consultation.html", {**context, "as_of": newest.published_at})


def newest_of(reference: str) -> Publication | None:
    """The newest version of a consultation, withdrawn or not. One query."""
    versions = Publication.objects.of_consultations().filter(subject_reference=reference.upper())
    return versions.select_related("organisation").order_by("-version").first()


def consultations_of(publications: Iterable[Publication]) -> list[dict[str, Any]]:
    """Those of an authority that were not withdrawn, the newest first. No queries."""
    own = [each for each in publications if each.kind == Publication.Kind.CONSULTATION and not each.is_withdrawn]
    return [row_of(each) for each in sorted(own, key=lambda each: each.summary["opens_on"], reverse=True)]


def row_of(publication: Publication) -> dict[str, Any]:
    """One consultation in a list: its title and its days. No queries."""
    summary = publication.summary
    opens_on, closes_on = (dt.date.fromisoformat(summary[name]) for name in ("opens_on", "closes_on"))
    concluded_on = day(summary["concluded_on"])
    return {
        "path": publication.path,
        "title": publication.local_title,
        "lang": "en" if is_welsh_page() and not publication.title_cy else "",
        "organisation": publication.organisation.local_name,
        "opens_on": opens_on,
        "closes_on": closes_on,
        "begins": _moment(summary, "opens_at") or midnight(opens_on),
        "ends": _moment(summary, "closes_at") or midnight(closes_on + dt.timedelta(days=1)),
        "concluded_on": concluded_on,
        "days": _("Days for answers: %(days)s") % {"days": days_in_words(opens_on, closes_on)},
        "concluded": _("Outcome given on %(day)s") % {"day": date_format(concluded_on, "j F Y")}
        if concluded_on
        else "",
    }


def _moment(summary: Mapping[str, Any], name: str) -> dt.datetime | None:
    """Of a national consultation, which opens and closes at a time of day."""
    return dt.datetime.fromisoformat(summary[name]) if name in summary else None


def what_is_asked(content: Mapping[str, Any]) -> dict[str, Any]:
    """What the pages show of a frozen content. No queries."""
    own = {name: own_words(content[name]) for name in ("title", "summary")}
    outcome = content["outcome"]
    return {
        "reference": content["reference"],
        "title": own["title"],
        "proposal": own["summary"],  # `summary` is what pages list as problems
        "operator": local_words(content["operator"]["name"]),
        "opens_on": day(content["opens_on"]),
        "closes_on": day(content["closes_on"]),
        "asks_police": content["asks_police"],
        "questions": [{"kind": each["kind"], "text": own_words(each["text"])} for each in content["questions"]],
        "cameras": [_camera(row) for row in content["cameras"]["list"]],
        "withheld": [_withheld(row) for row in content["cameras"]["withheld"]],
        "documents": content["documents"],
        "outcome": _outcome(outcome, content["questions"]) if outcome else None,
        "some_english": any(each.lang for each in own.values()),
    }


def own_words(texts: Mapping[str, str]) -> OwnText:
    """An authority's text in the language of the page, else the English, marked as such."""
    return OwnText(local_words(texts), "en" if is_welsh_page() and not texts.get("cy") else "")


def _camera(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": capfirst(str(CameraType(row["type"]).label)),
        "location": row.get("location", ""),
        "ward": row["ward"],
        "purpose": own_words(row["purpose"]) if "purpose" in row else None,
    }


def _withheld(row: Mapping[str, Any]) -> dict[str, str]:
    count = ngettext("%(count)d camera", "%(count)d cameras", row["cameras"]) % {"count": row["cameras"]}
    return {"count": count, "reason": row["reason"]}


def _outcome(outcome: Mapping[str, Any], questions: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "on": day(outcome["on"]),
        "text": own_words(outcome["text"]),
        "answers": outcome["answers"],
        "forces": outcome["forces"],
        "views": _counted(outcome["by_view"], VIEWS),
        "kinds": _counted(outcome["by_kind"], KINDS),
        "released": [_released(row, questions) for row in outcome["released"]],
    }


def _counted(counts: Mapping[str, int], choices: Any) -> list[dict[str, Any]]:
    return [{"label": capfirst(str(each.label)), "count": counts[each]} for each in choices if counts.get(each)]


def _released(row: Mapping[str, Any], questions: list[dict[str, Any]]) -> dict[str, Any]:
    own = zip(questions, row["answers"], strict=False)
    return {
        "kind": capfirst(str(KINDS(row["kind"]).label)),
        "view": capfirst(str(VIEWS(row["view"]).label)),
        "text": row["text"],
        "lang": row["language"] if row["language"] != active().tag else "",
        "own": [
            {"question": own_words(question["text"]), "answer": answer_words(question["kind"], text)}
            for question, text in own
            if text
        ],
    }


def answer_words(kind: str, text: str) -> str:
    """The words of an answer to a question of the consultation's own."""
    if kind != "choice":
        return text
    return {"yes": _("Yes"), "no": _("No"), "unsure": _("I am not sure")}.get(text, text)
