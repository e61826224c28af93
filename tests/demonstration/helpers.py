"""Running the command, the reference data that it needs, and counting what it wrote."""

from io import StringIO
from pathlib import Path

from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).parents[2]


def load_reference_data() -> None:
    call_command("load_code", str(ROOT / "compliance/data/code-2021.yaml"), stdout=StringIO())
    for path in sorted((ROOT / "certification/data").glob("*.yaml")):
        call_command("load_scheme", str(path), stdout=StringIO())
    for path in sorted((ROOT / "slas" / "data").glob("clauses-*.yaml")):
        call_command("load_clauses", str(path), stdout=StringIO())


def run(*arguments: str) -> tuple[str, str, int]:
    """What the command prints, what it says on stderr, and its exit code."""
    out, err = StringIO(), StringIO()
    try:
        call_command("load_demonstration", *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        return out.getvalue(), err.getvalue(), int(end.code or 0)
    return out.getvalue(), err.getvalue(), 0


def rows() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}
