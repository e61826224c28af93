"""What cameras are said to do and the facts of their system are one truth (domain 11.29): the uses decide the facts."""

from collections.abc import Collection, Iterable, Iterator

from django.utils.translation import gettext as _

from compliance.models import SystemUse
from compliance.models.vocabulary import Fact

Kind = SystemUse.Kind
# Kinds that may compare what they see with a list of somebody's
WITH_WATCHLIST = frozenset({Kind.LIVE_RECOGNITION, Kind.RETROSPECTIVE_RECOGNITION, Kind.SEARCH})
AUDIO_FACT = "records_audio"


def settled_facts(uses: Iterable[SystemUse]) -> dict[str, bool]:
    """The facts of a system that its uses leave no choice about, by field.

    Sound is recorded or not. A recognition of faces is biometric; one of live pictures, and whatever has a watchlist,
    compares with a reference database. That neither recognition is used settles nothing: there are other biometrics.
    """
    facts: dict[str, bool] = {}
    for use in uses:
        if use.kind == Kind.AUDIO:
            facts[AUDIO_FACT] = use.used
        if not use.used:
            continue
        if use.kind in SystemUse.RECOGNITION:
            facts[Fact.BIOMETRICS.value] = True
        if use.kind == Kind.LIVE_RECOGNITION or use.watchlist_owner:
            facts[Fact.REFERENCE_DATABASE.value] = True
    return facts


def contradictions(facts: dict[str, bool], uses: Collection[SystemUse]) -> Iterator[str]:
    """A sentence for each fact, as somebody wants it now, that the uses rule out."""
    settled = settled_facts(uses)
    if settled.get(Fact.BIOMETRICS.value) and facts.get(Fact.BIOMETRICS.value) is False:
        yield _(
            "Facial recognition is said to be used, so biometric recognition is. "
            "If it is not used any more, say so first under “What the cameras do”."
        )
    if settled.get(Fact.REFERENCE_DATABASE.value) and facts.get(Fact.REFERENCE_DATABASE.value) is False:
        yield _(
            "A use with a watchlist is recorded, so images are compared with a reference database. "
            "If that ended, say so first under “What the cameras do”."
        )
