"""What the bench prints: `name: figure, ratio, bar, holds`."""

from dataclasses import dataclass

HOLDS, FALLS_SHORT, NOT_MEASURED, FOR_COMPARISON = "holds", "falls short", "not measured", "for comparison"


@dataclass(frozen=True)
class Line:
    """One figure. Its parts hold no commas, so that a line can be taken apart at them."""

    name: str
    figure: str
    ratio: str
    bar: str
    verdict: str

    def __str__(self) -> str:
        return f"{self.name}: {self.figure}, {self.ratio}, {self.bar}, {self.verdict}"


def verdict(holds: bool) -> str:
    return HOLDS if holds else FALLS_SHORT


def not_measured(name: str, why: str, bar: str) -> Line:
    return Line(name, why.replace(",", ";"), "no ratio", bar, NOT_MEASURED)


def for_comparison(name: str, figure: str) -> Line:
    return Line(name, figure, "1.00", "no bar", FOR_COMPARISON)
