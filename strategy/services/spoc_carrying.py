"""The single point of contact of an organisation that is replaced: ended there, and standing at its successor."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from accounts.models import Organisation, User
from core import trail
from strategy.models.spoc import SpocEntry, SpocPublication
from strategy.services.spocs import settle

# The person is the same: what was told, acknowledged and confirmed goes on to hold.
SAME = (
    "post",
    "post_cy",
    "name",
    "email",
    "telephone",
    "shows_name",
    "shows_contact",
    "language",
    "person",
    "told_on",
    "acknowledged_on",
    "acknowledged_by",
    "confirmed_on",
)


@transaction.atomic
def carry_spoc(*, entry: SpocEntry, heirs: Sequence[Organisation], vesting: dt.date, by: User | None) -> int:
    """The entry ends on the day before. At each heir without a contact the same person stands from the vesting day,
    published where they were. Returns at how many.
    """
    last_day = max(vesting - dt.timedelta(days=1), entry.made_on)
    values = {name: getattr(entry, name) for name in SAME}
    was_public = entry.publications.current().exists()
    entry.publications.current().update(ended_on=last_day, name="", email="", telephone="")
    entry.ended_on, entry.email, entry.telephone = last_day, "", ""
    entry.save(update_fields=["ended_on", "email", "telephone"])
    settle(entry)
    trail.record("ended", entry, by=by, after={"post": entry.post, "ended_on": last_day})
    made = 0
    for heir in heirs:
        if SpocEntry.objects.standing().filter(organisation=heir).exists():
            continue
        new = SpocEntry.objects.create(organisation=heir, named_on=vesting, made_on=vesting, made_by=by, **values)
        personal = {"name": new.name, "email": new.email, "telephone": new.telephone}
        trail.record("named", new, by=by, after={"post": new.post, "named_on": vesting}, personal=personal)
        if was_public:
            SpocPublication.objects.create(entry=new, by=by, published_on=vesting, **new.public_facts())
            trail.record("published", new, by=by, after={"post": new.post})
        made += 1
    return made
