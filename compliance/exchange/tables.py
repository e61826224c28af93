"""A self-assessment as tables: what stands in which column, in every kind of file alike."""

from collections.abc import Mapping, Sequence
from typing import Any

from compliance.exchange import words

# The columns of the table of answers. Their names are the same in every language, so that a file finds its way back.
COLUMNS = (
    "number",
    "key",
    "principle",
    "title",
    "question",
    "kind",
    "standing",
    "not_asked",
    "choice",
    "text",
    "language",
    "carried_from",
    "version",
    "saved_at",
    "evidence",
)
ACTION_COLUMNS = ("reference", "principle", "question", "description", "priority", "due_on", "status")
EVIDENCE_COLUMNS = ("reference", "title", "kind", "file_name", "url", "version", "sha256", "questions")

Cell = str | int
Row = dict[str, Cell]


def answer_rows(part: Mapping[str, Any]) -> list[Row]:
    """One row for each question, asked or not."""
    return [
        _answer_row(principle["number"], question) for principle in part["principles"] for question in _of(principle)
    ]


def _of(principle: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    questions: Sequence[Mapping[str, Any]] = principle["questions"]
    return questions


def _answer_row(principle: int, question: Mapping[str, Any]) -> Row:
    kept = question.get("kept")
    answer = words.answer_of({"answer": kept} if kept else question)
    return {
        "number": question["number"],
        "key": question["key"],
        "principle": principle,
        "title": words.title_of(question),
        "question": words.text_of(question),
        "kind": question["kind"],
        "standing": question["standing"],
        "not_asked": words.why_not_asked(question),
        **answer,
        "evidence": "; ".join(piece["reference"] for piece in words.evidence_of(question)),
    }


def action_rows(part: Mapping[str, Any]) -> list[Row]:
    return [
        {name: action[name] if action[name] is not None else "" for name in ACTION_COLUMNS}
        for action in words.actions_of(part)
    ]


def evidence_rows(part: Mapping[str, Any]) -> list[Row]:
    return [
        {name: piece[name] for name in EVIDENCE_COLUMNS} | {"questions": ", ".join(map(str, piece["questions"]))}
        for piece in words.evidence_list(part)
    ]


def front_rows(content: Mapping[str, Any], part: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Whose it is, of which system, against which edition: names and values."""
    system, edition, operator = part["system"], part["edition"], content["operator"]
    return [
        ("schema", content["schema"]),
        ("operator", operator["name"]),
        ("gss_code", operator["gss_code"] or ""),
        ("reference", part["reference"]),
        ("started_on", part["started_on"]),
        ("edition", edition["title"]),
        ("edition_key", edition["key"]),
        ("edition_sha256", edition["sha256"]),
        ("system", system["reference"]),
        ("system_name", system["name"]),
        ("purposes", ", ".join(system["purposes"])),
        ("legal_bases", ", ".join(system["legal_bases"])),
        ("facts", ", ".join(name for name, holds in sorted(system["facts"].items()) if holds)),
        ("sro_post", system["sro_post"]),
        ("spoc_post", system["spoc_post"]),
        *(("technology", _technology(row)) for row in system["technologies"]),
        ("scope", part["scope"]),
    ]


def _technology(row: Mapping[str, Any]) -> str:
    figures = [f"{name} {row[name]}" for name in ("fixed", "ptz", "redeployable", "mobile", "retention_days")]
    return ", ".join([row["technology"], *figures, f"counted_on {row['counted_on'] or ''}"])
