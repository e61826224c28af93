"""The tables of this app, gathered where Django looks for them."""

from transparency.models.enquiry import Enquiry, EnquiryChange, EnquiryMessage, EnquiryTarget
from transparency.models.places import GridCell, KnownBy, PlaceCount, PlacedSystem, PublicCamera
from transparency.models.publication import BakedPage, Publication
from transparency.models.subscription import Subscription

__all__ = [
    "BakedPage",
    "Enquiry",
    "EnquiryChange",
    "EnquiryMessage",
    "EnquiryTarget",
    "GridCell",
    "KnownBy",
    "PlaceCount",
    "PlacedSystem",
    "PublicCamera",
    "Publication",
    "Subscription",
]
