"""Every column that names an organisation or a system has one decision about reorganisations, in its own app."""

from collections import Counter

from django.apps import apps
from django.db.models import ForeignKey

from accounts import succession as accounts
from accounts.models import Organisation
from accounts.passing import Fate
from certification import succession as certification
from compliance import succession as compliance
from compliance.models import CameraSystem
from slas import succession as slas
from strategy import succession as strategy
from strategy.services.passing_on import COLUMNS, SYSTEM_COLUMNS
from transparency import succession as transparency

OWN = {
    "accounts": accounts,
    "compliance": compliance,
    "certification": certification,
    "slas": slas,
    "transparency": transparency,
    "strategy": strategy,
}


def columns_naming(target):
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model is target
    }


def test_each_column_that_names_an_organisation_is_decided_on_exactly_once():
    decided = Counter(column.key for column in COLUMNS)
    assert set(decided) == columns_naming(Organisation)
    assert set(decided.values()) == {1}


def test_each_column_that_names_a_system_is_decided_on_exactly_once():
    decided = Counter(column.key for column in SYSTEM_COLUMNS)
    assert set(decided) == columns_naming(CameraSystem)
    assert set(decided.values()) == {1}


def test_each_app_decides_on_its_own_tables_alone_and_says_why():
    for name, module in OWN.items():
        for column in (*module.COLUMNS, *getattr(module, "SYSTEM_COLUMNS", ())):
            assert column.model.startswith(f"{name}."), column.key
            assert column.why.endswith("."), column.key


def test_what_can_stand_once_says_so_where_it_moves():
    """A column in a unique constraint that moves names the other columns, or two that join would break it."""
    excused = {"compliance.CameraSystem.operator"}  # addresses that meet block the plan; one main system is kept
    for column in COLUMNS:
        model = apps.get_model(column.model)
        field = model._meta.get_field(column.name)
        unique = [set(c.fields) for c in model._meta.constraints if column.name in getattr(c, "fields", ())]
        unique += [{column.name}] if field.unique else []
        if column.fate is Fate.MOVES and unique and column.key not in excused:
            assert column.alone is not None, column.key
            assert {frozenset(fields - {column.name}) for fields in unique} == {frozenset(column.alone)}, column.key
