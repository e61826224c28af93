"""Search for people: `find` answers what they type from the read model of the search."""

from transparency.search.finding import Result, find

__all__ = ["Result", "find"]
