"""Measures: named queries that count a deliverable of a plan on a day from the history of the records (domain 6.3).

Each is a function of a day that gives `Row`s, one for each body or pair of bodies that the measure is about. The
reading is derived from them: counted rows of all that are not excluded. Nothing else is stored or estimated.
"""

from strategy.measures import agreements, assurance, information, spocs, working_group
from strategy.measures.base import MEASURES, Counted, Measure, Row, State, choices, measure

__all__ = [
    "MEASURES",
    "Counted",
    "Measure",
    "Row",
    "State",
    "agreements",
    "assurance",
    "choices",
    "information",
    "measure",
    "spocs",
    "working_group",
]
