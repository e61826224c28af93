"""Searches for the cameras of a place: each is written down with its reason before anybody sees what it found."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from compliance.finder import RADII, Found, find
from compliance.models import FinderSearch
from core import trail
from core.errors import Incomplete

LONGEST_PLACE, LONGEST_REASON = 200, 250  # as long as the columns


@transaction.atomic
def find_cameras(*, organisation: Organisation, place: str, metres: int, reason: str, by: User) -> Found:
    """Look for cameras on behalf of an organisation. What is returned stands in the log, also when it is nothing.

    Raises Incomplete without a place or a reason, RuleBroken for a point outside England and Wales.
    """
    place, reason = " ".join(place.split()), " ".join(reason.split())
    problems = []
    if not place:
        problems.append(_("Say which place, camera or point."))
    if not reason:
        problems.append(_("Say why you look for it."))
    if metres not in RADII:
        problems.append(_("Choose one of the distances."))
    if len(place) > LONGEST_PLACE or len(reason) > LONGEST_REASON:
        problems.append(_("Shorten it: a place has at most 200 characters, a reason 250."))
    if problems:
        raise Incomplete(problems)
    found = find(organisation, place, metres)
    search = FinderSearch(by=by, organisation=organisation, place=place, reason=reason, found=found.total)
    if found.place is not None:
        search.latitude, search.longitude, search.metres = *found.place, metres
    search.save(force_insert=True)
    operators = {hit.camera.system.operator_id: hit.camera.system.operator for hit in found.hits}
    search.operators.set(operators)
    after = {"found": found.total, "operators": sorted(operator.slug for operator in operators.values())}
    asked = {"place": search.place, "reason": search.reason}
    trail.record("searched", search, by=by, organisation=organisation, after=after, personal=asked)
    return found
