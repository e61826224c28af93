"""The clause libraries that are shipped, as tests read them."""

from functools import cache
from pathlib import Path

DATA = Path(__file__).parents[2] / "slas" / "data"
SHIPPED = sorted(DATA.glob("clauses-*.yaml"))
SECOND = Path(__file__).parent / "data" / "clauses-second.yaml"


@cache
def shipped_text(path: Path) -> str:
    return path.read_text("utf-8")
