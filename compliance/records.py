"""What is on record for one system, counted and listed for its page in one query."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Value
from django.utils.text import capfirst

from compliance.models import CameraSystem, Evidence, MadeElsewhere


@dataclass(frozen=True)
class Made:
    """A document made outside the portal, as the page of a system lists it."""

    kind: str
    reference: str
    signed_post: str
    status: str
    signed_on: dt.date
    review_on: dt.date | None


@dataclass
class Records:
    """Kinds of the evidence that is held, one for each piece, and what was made outside the portal."""

    kinds: list[str] = field(default_factory=list)
    elsewhere: list[Made] = field(default_factory=list)

    @property
    def held(self) -> set[str]:
        """The kinds of document that count: those of the evidence, and what the SRO confirmed."""
        confirmed = {made.kind for made in self.elsewhere if made.status == MadeElsewhere.Status.CONFIRMED}
        return {*self.kinds, *confirmed}


def records_of(user: Any, system: CameraSystem) -> Records:
    """Evidence and documents made elsewhere about one system, the latest signature first. One query."""
    nothing = Value("", output_field=CharField())
    evidence = Evidence.objects.visible_to(user).filter(systems=system).order_by()
    made = MadeElsewhere.objects.visible_to(user).filter(systems=system).order_by()
    rows = evidence.values_list("kind", "reference", "title", nothing, "dated", "review_on").union(
        made.values_list("kind", "reference", "signed_post", "status", "signed_on", "review_on"), all=True
    )
    records = Records()
    for kind, reference, text, status, day, review_on in rows:
        if status:
            records.elsewhere.append(Made(kind, reference, text, status, day, review_on))
        else:
            records.kinds.append(kind)
    records.elsewhere.sort(key=lambda made: (made.signed_on, made.reference), reverse=True)
    return records


def words_of_kind(made: Made) -> str:
    return capfirst(str(MadeElsewhere.Kind(made.kind).label))
