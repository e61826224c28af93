"""What an assessment says, in words for pages and paper: ready lists made from its content. No queries."""

from collections.abc import Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from compliance.dpia_form import (
    CATEGORIES,
    CHARACTERISTICS,
    LIKELIHOODS,
    SCREENING,
    SEVERITIES,
    Field,
    Kind,
    Part,
)
from compliance.models.camera import CameraType
from compliance.models.dpia import Level

Row = dict[str, Any]
LEVEL_COLOURS: Mapping[str, str] = {Level.LOW: "green", Level.MEDIUM: "yellow", Level.HIGH: "red"}


def level_label(level: str) -> str:
    return str(capfirst(Level(level).label)) if level else _("Open")


def shown(field: Field, value: Any) -> str | list[str]:
    """An answer in words."""
    labels = dict(field.choices)
    if field.kind == Kind.MANY:
        return [str(labels[key]) for key in value or ()]
    if field.kind == Kind.CHOICE:
        return capfirst(str(labels.get(value, "")))
    if field.kind == Kind.YES_NO:
        return {"yes": _("Yes"), "no": _("No")}.get(value, "")
    return str(value or "")


def answer_rows(part: Part, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The answered questions of a part, for `components/summary_list.html`."""
    rows = []
    for field in part.fields:
        if said := shown(field, values.get(field.key)):
            row: dict[str, Any] = {"key": field.label}
            row |= {"values": said} if isinstance(said, list) else {"value": said}
            rows.append(row)
    return rows


def matrix_rows(matrix: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the risk matrix in words."""
    return [
        {
            "category": capfirst(CATEGORIES[row["category"]]),
            "camera_type": capfirst(CameraType(row["camera_type"]).label),
            "count": row["count"],
            "level": level_label(row["level"]),
            "colour": LEVEL_COLOURS.get(row["level"], "grey"),
        }
        for row in matrix
    ]


def risk_rows(risks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Risks in words, each with its number."""
    return [
        {
            "number": number,
            "source": risk["source"],
            "likelihood": LIKELIHOODS[risk["likelihood"]],
            "severity": SEVERITIES[risk["severity"]],
            "level": level_label(risk["level"]),
            "colour": LEVEL_COLOURS[risk["level"]],
            "measure": risk["measure"],
            "residual": level_label(risk["residual"]),
            "residual_colour": LEVEL_COLOURS[risk["residual"]],
        }
        for number, risk in enumerate(risks, start=1)
    ]


def whole_of(content: Row) -> Row:
    """The content in words."""
    return {
        "screening": _screening(content["screening"]),
        "parts": [_part(part) for part in content["parts"] if part["answers"]],
        "matrix": matrix_rows(content["matrix"]),
        "risks": risk_rows(content["risks"]),
        "residual": level_label(content["residual_risk"]) if content["residual_risk"] else "",
        "advice": _advice(content["advice"]),
        "ico": content["ico"],
        "equality": equality_rows(content["equality"]) if content["equality"] else [],
        "cameras": content["cameras"],
    }


def _screening(answers: dict[str, dict[str, str]]) -> list[Row]:
    said = {"yes": _("Yes"), "no": _("No"), "": ""}
    return [
        {
            "key": question.label,
            "value": "\n".join(filter(None, [said[answers[question.key]["answer"]], answers[question.key]["comment"]])),
        }
        for question in SCREENING
        if question.key in answers
    ]


def _part(part: Row) -> Row:
    """By the words that stand in the content: the form may have changed since."""
    return {"key": part["key"], "title": part["title"], "rows": [_answer(answer) for answer in part["answers"]]}


def _answer(answer: Row) -> Row:
    if "chosen" in answer:
        return {"key": answer["question"], "values": [capfirst(chosen) for chosen in answer["chosen"]]}
    said = {"yes": _("Yes"), "no": _("No")}.get(answer["answer"], answer["answer"])
    return {"key": answer["question"], "value": said}


def _advice(advice: Row) -> list[Row]:
    if not advice["text"]:
        return []
    rows = [{"key": _("Advice of the data protection officer"), "value": advice["text"]}]
    if advice["followed"] is not None:
        followed = _("Yes") if advice["followed"] else _("No")
        rows.append(
            {"key": _("Is the advice followed?"), "value": "\n".join(filter(None, [followed, advice["why_not"]]))}
        )
    return rows


def equality_rows(values: Row) -> list[Row]:
    """What an equality impact assessment says, group by group."""
    rows = [
        {"key": name, "value": "\n\n".join(filter(None, values["groups"].get(key, {}).values()))}
        for key, name in CHARACTERISTICS.items()
        if values["groups"].get(key)
    ]
    rest = {
        "accuracy": _("How accuracy differs between groups"),
        "involved": _("Who was involved"),
        "conclusion": _("Conclusion"),
    }
    return rows + [{"key": label, "value": values[name]} for name, label in rest.items() if values[name]]
