"""By what the map and its list are narrowed: the same in the page's address and in those of its tiles."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from accounts.models import Organisation
from compliance.models.camera import NEVER_MAPPED, CameraType
from compliance.models.vocabulary import Technology
from transparency.asked import known, words

TYPES = [each for each in CameraType if each not in NEVER_MAPPED]
TECHNOLOGIES = (Technology.CCTV, Technology.ANPR, Technology.OTHER)  # what has places


@dataclass(frozen=True)
class MapChoice:
    """What somebody asked for. An unknown value of a fixed list narrows nothing; an unknown authority finds nothing."""

    camera_type: str = ""
    technology: str = ""
    authority: str = ""  # its slug
    organisation: int | None = None  # its key; 0 where there is no such authority
    text: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "MapChoice":
        """From the parameters of an address. One query where an authority is named."""
        slug = words(asked, "authority")
        organisation = None
        if slug:
            found = Organisation.objects.outward().at(slug)
            slug, organisation = (found.slug, found.pk) if found else (slug, 0)
        return cls(
            camera_type=known(asked, "type", [each.value for each in TYPES]),
            technology=known(asked, "technology", TECHNOLOGIES),
            authority=slug,
            organisation=organisation,
            text=words(asked),
        )

    def __bool__(self) -> bool:
        return self != MapChoice()

    @property
    def narrows_kind(self) -> bool:
        """Whether some listed cameras are left out by what they are."""
        return bool(self.camera_type or self.technology)

    def columns(self) -> dict[str, Any]:
        """As a filter of any table of the map."""
        asked = {
            "organisation": self.organisation,
            "camera_type": self.camera_type or None,
            "technology": self.technology or None,
        }
        return {name: value for name, value in asked.items() if value is not None}

    def query(self, **more: str) -> str:
        """As parameters of an address, in one order, so that shared caches know them again."""
        asked = {
            "authority": self.authority,
            "q": self.text,
            "technology": self.technology,
            "type": self.camera_type,
            **more,
        }
        return urlencode({name: value for name, value in sorted(asked.items()) if value})

    def query_of_tiles(self) -> str:
        """The same without the words, by which tiles are not narrowed."""
        return MapChoice(self.camera_type, self.technology, self.authority).query()
