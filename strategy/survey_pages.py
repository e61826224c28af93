"""What the pages behind the links of a survey tell: what is asked, and what one organisation answers."""

from typing import Any

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.bilingual import local_text
from strategy import survey_words
from strategy.models.surveys import SurveyReturn

Status = SurveyReturn.Status


def asked(record: SurveyReturn) -> dict[str, Any]:
    """One query, for the questions."""
    survey = record.survey
    return {
        "title": survey.local_title,
        "purpose": local_text(survey, "purpose"),
        "closes_on": survey.closes_on,
        "body_name": survey.organisation.local_name,
        "organisation_name": record.organisation.local_name,
        "status": record.get_status_display(),
        "is_open": record.status == Status.ASKED,
        "questions": [each.local_question for each in survey.questions.all()],
    }


def answered(record: SurveyReturn) -> dict[str, Any]:
    """The whole return as its organisation reads it."""
    nothing = _("no answer")
    rows: list[dict[str, Any]] = []
    if record.lead is not None:
        rows.append({"key": _("Another organisation leads the systems"), "value": record.lead.local_name})
    for question in record.survey.questions.all():
        values = [survey_words.answer_words(question, record.answers.get(question.key)) or nothing]
        known = record.prefilled.get(question.key)
        if known and known["value"] != record.answers.get(question.key):
            said = {"value": survey_words.answer_words(question, known["value"]), "day": _day(known["on"])}
            values.append(_("The records said on %(day)s: %(value)s.") % said)
            if reason := record.reasons.get(question.key):
                values.append(_("Why it was corrected: %(reason)s") % {"reason": reason})
        row = {"key": question.local_question, "value": values[0]}
        rows.append(row if len(values) == 1 else {"key": question.local_question, "values": values})
    who = ", ".join(filter(None, (record.completer_name, record.completer_post)))
    rows.append({"key": _("Completed by"), "value": who or nothing})
    if record.status == Status.SIGNED:
        rows.append({"key": _("Signed by"), "value": f"{record.signer_name}, {record.signer_post}"})
    return {**asked(record), "rows": rows, "is_signed": record.status == Status.SIGNED, "signed_at": record.signed_at}


def sent_back(record: SurveyReturn) -> str:
    """The words with which it was sent back last, by who signs or by who asks; '' where nobody did. One query."""
    last = record.changes.order_by("pk").last()
    return last.note if last is not None and last.after == Status.ASKED else ""


def _day(iso: str) -> str:
    day = parse_date(iso)
    return date_format(day, "j F Y") if day else iso
