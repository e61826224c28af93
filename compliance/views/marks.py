"""What stands beside a principle on the task list."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """Something to know of a principle, in words, with the page that explains it ('': it needs none)."""

    text: str
    url: str = ""
    turns_amber: bool = False  # what was green is amber beside it: the calendar alone decides
