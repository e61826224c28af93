"""The fields of an answer are drawn once for everybody, and read as if they were drawn for each."""

from typing import Any

import pytest
from django.utils import translation

from compliance.forms.answers import TEXT_HERE, answer_form, drawn_fields
from compliance.models import Question
from compliance.rules import choices_of
from tests.factories.compliance import real_edition

pytestmark = pytest.mark.django_db
TEXTS = ("", "Forty people.", "\n<b>'First'</b> & \"last\"\r\n", f"{TEXT_HERE}</textarea> {{}} %s", " ")


def initial(choice: str, text: str, **further: Any) -> dict[str, Any]:
    return {"choice": choice, "not_applicable": choice == "na", "text": text, "version": 3, **further}


@pytest.mark.parametrize("language", ["en-gb", "cy"])
@pytest.mark.parametrize("further", [{}, {"language": "cy"}])
def test_they_are_those_of_the_form(language: str, further: dict[str, Any]) -> None:
    with translation.override(language):
        for question in real_edition().questions.all():
            for choice in ("", *(choice.value for choice in choices_of(question))):
                for text in TEXTS:
                    own = initial(choice, text, **further)
                    drawn = answer_form(question, initial=own, prefix_of_ids="a").drawn()
                    assert drawn_fields(question, own, prefix_of_ids="a") == drawn


def test_what_is_kept_holds_nobodys_text_and_no_other_questions_words() -> None:
    first, second = real_edition().questions.filter(kind=Question.Kind.TEXT)[:2]
    drawn_fields(first, initial("", "Only mine."))
    assert "Only mine." not in str(vars(first))
    assert drawn_fields(first, initial("", "")) != drawn_fields(second, initial("", ""))
    again = Question.objects.get(pk=first.pk)
    again.text = "Asked in other words?"
    assert "Asked in other words?" in drawn_fields(again, initial("", ""))
