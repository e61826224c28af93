"""What stands in a PDF beside pages: programs, files, films. Read apart (`core.apart`); its words: `core.files.pdf`."""

import io
from typing import Any

import pikepdf

MOST_OBJECTS = 300_000
MOST_STREAM_BYTES = 256 * 1024 * 1024
MOST_NESTING = 60
KEYS = {
    "/JS": "javascript",
    "/JavaScript": "javascript",
    "/EmbeddedFiles": "attached",
    "/EF": "attached",
    "/Collection": "attached",
    "/XFA": "xfa",
}
ACTIONS = {
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/SubmitForm": "sends",
    "/ImportData": "sends",
    "/GoToE": "attached",
    "/Rendition": "media",
    "/Movie": "media",
    "/Sound": "media",
}
ANNOTATIONS = {
    "/RichMedia": "media",
    "/Movie": "media",
    "/Sound": "media",
    "/Screen": "media",
    "/3D": "media",
    "/FileAttachment": "attached",
}

# What reading a stream may take, in whichever process this is loaded: what was taken in is still a stranger's.
pikepdf.settings.set_qpdf_limits(flate_max_memory=MOST_STREAM_BYTES, run_length_max_memory=MOST_STREAM_BYTES)
pikepdf.settings.set_qpdf_limits(png_max_memory=MOST_STREAM_BYTES, max_stream_filters=4, parser_max_nesting=200)


class _Found(Exception):
    """Something that is no part of a document, by its key."""


def what_is_wrong(data: bytes) -> str:
    """The key of the first thing that makes a PDF more, or less, than a document; '' for one that is none of these."""
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            if document.is_encrypted:
                return "encrypted"
            _look_through(document)
            if any("bad_alloc" in str(warning) for warning in document.get_warnings()):
                return "too_many"  # qpdf goes on where the memory did not suffice
    except _Found as found:
        return str(found)
    except pikepdf.PasswordError:
        return "password"
    except (pikepdf.PdfError, RuntimeError, ValueError):
        return "damaged"
    return ""


def _look_through(document: pikepdf.Pdf) -> None:
    if len(document.objects) > MOST_OBJECTS:
        raise _Found("too_many")
    for each in document.objects:
        _look_at(each, 0)


def _look_at(value: Any, depth: int) -> None:
    """Look through one object and all that stands directly in it; what it refers to has its own turn."""
    if depth > MOST_NESTING:
        raise _Found("nested")
    if isinstance(value, pikepdf.Array):
        for item in value:
            if not getattr(item, "is_indirect", False):
                _look_at(item, depth + 1)
    elif isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        for key, item in value.items():
            if key in KEYS:
                raise _Found(KEYS[key])
            if isinstance(item, pikepdf.Name):
                _look_at_word(key, str(item))
            elif not getattr(item, "is_indirect", False):
                _look_at(item, depth + 1)


def _look_at_word(key: str, word: str) -> None:
    table = {"/S": ACTIONS, "/Subtype": ANNOTATIONS}.get(key, {})
    if word in table:
        raise _Found(table[word])
