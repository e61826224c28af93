"""Enquiries as tests need them: through the service, as from the public form."""

import secrets
from typing import Any

from accounts.models import Organisation, Role
from compliance.models import CameraSystem
from tests.factories.accounts import OrganisationFactory, member
from transparency.models import Enquiry
from transparency.services.enquiries import Asked, receive


def enquiry(organisation: Organisation, *, system: CameraSystem | None = None, **fields: Any) -> Enquiry:
    """A question of somebody who left a mailbox, to an organisation that has somebody who answers."""
    given = {"kind": "question", "text": "Why is it there?", "token": secrets.token_urlsafe(8)}
    given |= {"email": "ann@example.org", "name": "Ann Owen"}
    asked = Asked(**{**given, **fields})
    address = f"https://portal.example/ask-about-cameras/follow/{asked.token}/"
    return receive(organisation=organisation, system=system, asked=asked, address=address)


def received_enquiry() -> Enquiry:
    """A question that came to a council whose contact point answers."""
    council = OrganisationFactory()
    member(council, Role.SPOC)
    return enquiry(council)
