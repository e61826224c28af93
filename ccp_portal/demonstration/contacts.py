"""Single points of contact at each stage: confirmed and acknowledged, told, only named, asked after a year."""

from accounts.models import Role, User
from ccp_portal.demonstration.people import World
from core.dates import add_months, today
from strategy.models.spoc import SpocConfirmation, SpocEntry
from strategy.services import spoc_confirmation, spocs

POST, POST_CY = "CCTV manager", "Rheolwr TCC"
AGO = 14  # months since the entry that waits for its yearly confirmation was made


def make_contacts(world: World) -> None:
    """By the services that pages use; the day of the oldest entry alone is set back."""
    confirmed = _named(world, "marlbridge", shows_contact=True)
    told = _named(world, "thornhaven")
    _named(world, "kelderwick")
    old = _named(world, "helyg", language=SpocEntry.Language.WELSH)
    for entry in (confirmed, told, old):
        spocs.tell_association(entry=entry, by=_spoc(world, entry))
    known = (confirmed, old)
    spocs.acknowledge(entries=known, body=world.organisations["board"], by=world.holder("board", Role.SECRETARY))
    for entry in (confirmed, old):
        spocs.publish_spoc(entry=entry, by=_spoc(world, entry))
    asked = spoc_confirmation.ask(entry=confirmed, by=_spoc(world, confirmed))
    spoc_confirmation.answer(asked=asked, answer=SpocConfirmation.Answer.STILL_RIGHT)
    _set_back(old)
    spoc_confirmation.ask_due(today())


def _spoc(world: World, entry: SpocEntry) -> User:
    return next(user for user in world.people.values() if user.email == entry.email)


def _named(
    world: World, key: str, *, shows_contact: bool = False, language: str = SpocEntry.Language.ENGLISH
) -> SpocEntry:
    person = world.holder(key, Role.SPOC)
    details = spocs.Details(
        post=POST,
        post_cy=POST_CY,
        name=person.get_full_name(),
        email=person.email,
        shows_contact=shows_contact,
        language=language,
        person=person,
    )
    return spocs.name_spoc(organisation=world.organisations[key], details=details, by=person)


def _set_back(entry: SpocEntry) -> None:
    """As if it had been made, told and published so many months ago."""
    day = add_months(today(), -AGO)
    SpocEntry.objects.filter(pk=entry.pk).update(named_on=day, made_on=day, told_on=day, acknowledged_on=day)
    entry.publications.update(published_on=day)
