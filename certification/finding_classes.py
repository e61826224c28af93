"""The classes of findings of a scheme, as objects: what an open finding of each stops, and until when it is due."""

import datetime as dt
from dataclasses import dataclass

from certification.models import CertificationScheme
from core.bilingual import local_words
from core.dates import today


@dataclass(frozen=True)
class FindingClass:
    """A class with its name in the language of the page."""

    key: str
    name: str
    deadline_days: int | None
    blocks_award: bool

    @property
    def must_be_answered(self) -> bool:
        """Whether the operator has to answer; a class that neither blocks nor has a deadline only informs."""
        return self.blocks_award or self.deadline_days is not None

    def due_on(self, since: dt.date | None = None) -> dt.date | None:
        """The last day for a finding raised on `since` (today), None where the class has no deadline."""
        if self.deadline_days is None:
            return None
        return (since or today()) + dt.timedelta(days=self.deadline_days)


def classes_of(scheme: CertificationScheme) -> list[FindingClass]:
    """In the order of the scheme, the gravest first."""
    return [
        FindingClass(
            key=found["key"],
            name=local_words(found["name"]),
            deadline_days=found["deadline_days"],
            blocks_award=found["blocks_award"],
        )
        for found in scheme.finding_classes
    ]


def class_of(scheme: CertificationScheme, key: str) -> FindingClass:
    """The class with that key; one that the scheme does not name any more informs only."""
    return next((c for c in classes_of(scheme) if c.key == key), FindingClass(key, key, None, False))
