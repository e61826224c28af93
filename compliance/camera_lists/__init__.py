"""An operator's list of cameras: any file read, its columns guessed, its records judged and sorted (design 7).

Reads no database and writes nothing. Two doors, both raise RuleBroken with one sentence for a file that is no list:

    look_at(path, *, file_name, settings=None) -> ListLook
    sort_list(path, *, file_name, settings=None, known=(), centre=None, progress=None) -> Sorting

`settings` may be empty, part or all of how the file is read; what it lacks is guessed. `known` are the cameras of the
system as `Known` tuples, `centre` the middle of the operator's area (a Place). `progress(done, total)` is called now
and then with counts of records. `field_named`, `known_encoding` and `known_crs` check what a person typed.
"""

from compliance.camera_lists.coordinates import known_crs
from compliance.camera_lists.doors import look_at, sort_list
from compliance.camera_lists.encodings import known_encoding
from compliance.camera_lists.guessing import field_named
from compliance.camera_lists.shapes import (
    FIELDS,
    WORDS_OF_SORTING,
    CameraRow,
    Column,
    Known,
    KnownChange,
    ListLook,
    ListSettings,
    RowProblem,
    Sorting,
)

__all__ = [
    "FIELDS",
    "WORDS_OF_SORTING",
    "CameraRow",
    "Column",
    "Known",
    "KnownChange",
    "ListLook",
    "ListSettings",
    "RowProblem",
    "Sorting",
    "field_named",
    "known_crs",
    "known_encoding",
    "look_at",
    "sort_list",
]
