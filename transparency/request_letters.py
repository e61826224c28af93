"""The letter by which somebody asks a controller for footage of themselves; what only they know stays a gap to fill."""

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.dates import today
from transparency.controllers import Controller, kept_until


def letter_text(controller: Controller, day: dt.date | None, place: str = "") -> str:
    """In the language of the page. Nothing about whoever asks is known here, and nothing is asked."""
    contacts = controller.contacts
    head = [
        contacts.get("dpo_contact") or contacts.get("spoc_post") or _("Data protection officer"),
        controller.organisation.local_name,
        *contacts.get("postal_address", "").splitlines(),
        contacts.get("spoc_email", ""),
    ]
    asked_day = date_format(day, "j F Y") if day else _("[the day]")
    body = [
        "\n".join(dict.fromkeys(line.strip() for line in head if line.strip())),
        date_format(today(), "j F Y"),
        _("Subject access request: footage of myself"),
        _("I ask for a copy of the images in which I can be seen (UK GDPR, article 15)."),
        _("Day: %(day)s") % {"day": asked_day}
        + "\n"
        + _("Time: %(gap)s") % {"gap": _("[from – to, as nearly as you can]")}
        + "\n"
        + _("Place: %(place)s") % {"place": place or _("[street, landmark or number of the camera]")}
        + "\n"
        + _("How I can be recognised: %(gap)s") % {"gap": _("[clothing, what you carried, where you walked]")},
    ]
    if controller.title:
        body[-1] += "\n" + _("Camera system: %(system)s") % {"system": controller.title}
    if kept := _keep(controller, day):
        body.append(kept)
    body += [
        _("Please tell me if you need anything to be sure who I am, and by which safe way to send it."),
        _("Please answer within one month of receiving this letter."),
        _("Yours faithfully") + "\n\n" + _("[your name]") + "\n" + _("[how the answer can reach you]"),
    ]
    return "\n\n".join(body) + "\n"


def _keep(controller: Controller, day: dt.date | None) -> str:
    """Ask that it is kept, with the first day on which any of it goes."""
    until = [kept.goes_on for kept in kept_until(controller, day)] if day else []
    if not until:
        return _("Please keep the images until you have answered, so that they are not deleted in the meantime.")
    return _(
        "By what you publish, these images are deleted from %(goes)s on. Please keep them until you have answered."
    ) % {"goes": date_format(min(until), "j F Y")}
