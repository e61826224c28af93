"""The tables of this app, gathered where Django looks for them."""

from transparency.models.agreement_copy import AgreementCopy
from transparency.models.document import PublicationSchedule, PublishedDocument
from transparency.models.enquiry import Enquiry, EnquiryChange, EnquiryMessage, EnquiryTarget
from transparency.models.former_address import FormerSystemAddress
from transparency.models.places import GridCell, KnownBy, PlaceCount, PlacedSystem, PublicCamera
from transparency.models.publication import BakedPage, Publication
from transparency.models.search import Found, Named, SearchEntry, SearchGram, SearchPhrase, SearchWord
from transparency.models.subscription import Subscription

__all__ = [
    "AgreementCopy",
    "BakedPage",
    "Enquiry",
    "EnquiryChange",
    "EnquiryMessage",
    "EnquiryTarget",
    "FormerSystemAddress",
    "Found",
    "GridCell",
    "KnownBy",
    "Named",
    "PlaceCount",
    "PlacedSystem",
    "PublicCamera",
    "Publication",
    "PublicationSchedule",
    "PublishedDocument",
    "SearchEntry",
    "SearchGram",
    "SearchPhrase",
    "SearchWord",
    "Subscription",
]
