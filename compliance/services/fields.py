"""What is wrong with a record's values, whatever door they came through."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst

from core.errors import Problem
from core.forms import refuse_control_characters, refuse_in_one_line


def field_problems(record: models.Model, *, only: Collection[str] | None = None) -> list[str]:
    """The sentences of `problems_at_fields`."""
    return [str(problem.text) for problem in problems_at_fields(record, only=only)]


def problems_at_fields(record: models.Model, *, only: Collection[str] | None = None) -> list[Problem]:
    """A sentence for each field that breaks its own rules or holds what nobody can see. Relations are not looked at.

    `only` names the fields to look at; None: all.
    """
    problems = []
    for field in record._meta.concrete_fields:
        if only is not None and field.name not in only:
            continue
        if field.is_relation or field.primary_key or isinstance(field, models.FileField):
            continue
        value = getattr(record, field.attname)
        try:
            if value not in field.empty_values or not field.blank:
                value = field.clean(value, record)
            if isinstance(field, (models.CharField, models.TextField)) and value:
                (refuse_control_characters if type(field) is models.TextField else refuse_in_one_line)(value)
        except ValidationError as error:
            label = capfirst(str(field.verbose_name))
            problems += [Problem(f"{label}: {sentence}", field=field.name) for sentence in error.messages]
    return problems
