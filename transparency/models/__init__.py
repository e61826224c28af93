"""The tables of this app, gathered where Django looks for them."""

from transparency.models.publication import BakedPage, Publication

__all__ = ["BakedPage", "Publication"]
