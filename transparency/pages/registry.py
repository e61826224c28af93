"""The table of baked pages: the name of an address and who builds it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar


@dataclass(frozen=True)
class Page:
    """What a public page is made of, in the language that is active while it is built."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


Builder = TypeVar("Builder", bound=Callable[..., Page | None])
BUILDERS: dict[str, Callable[..., Page | None]] = {}


def builds(name: str) -> Callable[[Builder], Builder]:
    """Name the builder of the page `transparency:<name>`. It takes the parts of the address by name."""

    def register(builder: Builder) -> Builder:
        BUILDERS[name] = builder
        return builder

    return register
