"""The tables of this app, gathered where Django looks for them."""

from transparency.models.places import GridCell, KnownBy, PlaceCount, PlacedSystem, PublicCamera
from transparency.models.publication import BakedPage, Publication

__all__ = ["BakedPage", "GridCell", "KnownBy", "PlaceCount", "PlacedSystem", "PublicCamera", "Publication"]
