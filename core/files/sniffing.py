"""What a file is by its content, whatever its name says, and why each kind that the portal does not hold is refused."""

import re
from collections.abc import Container, Mapping

import filetype
from django.utils.translation import gettext_lazy as _

from core.errors import RuleBroken, Text
from core.files.names import PROGRAM_ENDINGS, words

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"MSCF\x00\x00\x00\x00", "cab"),
    (b"\x7fELF", "elf"),
    (b"\xfe\xed\xfa\xce", "macho"),
    (b"\xfe\xed\xfa\xcf", "macho"),
    (b"\xce\xfa\xed\xfe", "macho"),
    (b"\xcf\xfa\xed\xfe", "macho"),
    (b"\xca\xfe\xba\xbe", "java"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "shortcut"),
    (b"#!", "script"),
    (b"{\\rtf", "rtf"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"SQLite format 3\x00", "database"),
)
# The streams of a compound file, in the UTF-16 of its directory, that say what it is.
OLE_STREAMS: tuple[tuple[str, str], ...] = (
    ("EncryptedPackage", "encrypted_office"),
    ("WordDocument", "old_word"),
    ("Workbook", "old_excel"),
    ("PowerPoint Document", "old_powerpoint"),
    ("__substg1.0_", "outlook"),
)
MARKUP = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|script|iframe|svg|\?xml|!--)", re.I)
TAR_MAGIC = (257, b"ustar")
HEAD = 8192

CONTENT: Mapping[str, Text] = {
    "video": _("This is a film. The portal never holds footage, only records about it."),
    "audio": _("This is a sound recording. The portal never holds sound, only records about it."),
    "windows": _("This is a program for Windows. The portal holds documents only."),
    "elf": _("This is a program for Linux. The portal holds documents only."),
    "macho": _("This is a program for macOS. The portal holds documents only."),
    "java": _("This is a program in Java or for macOS. The portal holds documents only."),
    "script": _(
        "This is a script, which a computer would run. Save what it says as plain text without its first line."
    ),
    "shortcut": _("This is a shortcut to a file, not the file itself. Choose the file that it leads to."),
    "7z": _("This is a 7-Zip archive. Unpack it and add its documents one by one."),
    "rar": _("This is a RAR archive. Unpack it and add its documents one by one."),
    "gzip": _("This is a gzip archive. Unpack it and add its documents one by one."),
    "bzip2": _("This is a bzip2 archive. Unpack it and add its documents one by one."),
    "xz": _("This is an xz archive. Unpack it and add its documents one by one."),
    "cab": _("This is a cabinet archive. Unpack it and add its documents one by one."),
    "tar": _("This is a tar archive. Unpack it and add its documents one by one."),
    "encrypted_office": _("The document is protected with a password. Save it without one and add it again."),
    "old_word": _("This is a document of an old Word (doc). Open it and save it as docx."),
    "old_excel": _("This is a workbook of an old Excel (xls). Open it and save it as xlsx."),
    "old_powerpoint": _("This is a presentation of an old PowerPoint (ppt). Save it as PDF."),
    "outlook": _("This is a message of Outlook. Save it as PDF, and add its attachments one by one."),
    "ole": _("This is a compound file of a kind that can hold programs. Save the document as PDF, docx or xlsx."),
    "rtf": _("This is a rich text document (rtf). Open it in Word and save it as docx."),
    "gif": _("This is a GIF picture, which can move. Save it as PNG."),
    "tiff": _("This is a TIFF picture, which browsers do not show. Save it as PNG or as PDF."),
    "heic": _("This is a picture as a telephone keeps it (HEIC). Save it as JPEG."),
    "database": _("This is a database. Export the table that matters as CSV or Excel."),
    "svg": _("This is an SVG drawing, which can hold programs. Save it as PNG or PDF."),
    "html": _("This is a web page, which can hold programs. Save it as PDF, or give its address as a link."),
    "xml": _("This is an XML file. Save the document that it belongs to as PDF."),
}
# A file that is an archive by its content may still be Word or Excel; by its ending it is nothing else.
ARCHIVE = _("This is a ZIP archive. Unpack it and add its documents one by one.")
PROGRAM = _("Files with this ending are programs. The portal holds documents only.")
MACROS = _("Files with this ending hold macros. Save the document as docx or xlsx, which hold none.")
PRESENTATION = _("Presentations are not taken. Save it as PDF.")
OPEN_DOCUMENT = _("OpenDocument files are not taken. Save it as docx or xlsx, or as PDF.")
MAIL = _("Saved messages are not taken. Save it as PDF, and add its attachments one by one.")
NO_ENDING = _("The name of the file has no ending that says what it is, such as .pdf. Give it one.")
OTHER = _("Files of this kind are not taken. Use PDF, Word (docx), Excel (xlsx), CSV, plain text, PNG, JPEG or WebP.")

ENDINGS: tuple[tuple[frozenset[str], Text], ...] = (
    (frozenset({""}), NO_ENDING),
    (PROGRAM_ENDINGS, PROGRAM),
    (words("docm dotm xlsm xltm xlsb xlam pptm potm ppsm"), MACROS),
    (words("mp4 m4v mov avi mkv webm wmv mpg mpeg flv 3gp ts dav"), CONTENT["video"]),
    (words("mp3 wav m4a ogg oga flac aac wma amr"), CONTENT["audio"]),
    (frozenset({"zip", "zipx"}), ARCHIVE),
    (frozenset({"7z"}), CONTENT["7z"]),
    (frozenset({"rar"}), CONTENT["rar"]),
    (frozenset({"gz", "tgz"}), CONTENT["gzip"]),
    (frozenset({"tar"}), CONTENT["tar"]),
    (frozenset({"doc", "dot"}), CONTENT["old_word"]),
    (frozenset({"xls", "xlt"}), CONTENT["old_excel"]),
    (frozenset({"pptx", "ppt", "ppsx", "key"}), PRESENTATION),
    (frozenset({"odt", "ods", "odp"}), OPEN_DOCUMENT),
    (frozenset({"rtf"}), CONTENT["rtf"]),
    (frozenset({"eml", "msg", "mbox"}), MAIL),
    (frozenset({"svg", "svgz"}), CONTENT["svg"]),
    (frozenset({"html", "htm", "xhtml", "mht", "mhtml"}), CONTENT["html"]),
    (frozenset({"xml", "xsl"}), CONTENT["xml"]),
    (frozenset({"gif"}), CONTENT["gif"]),
    (frozenset({"tif", "tiff"}), CONTENT["tiff"]),
    (frozenset({"heic", "heif"}), CONTENT["heic"]),
)


def what_is(data: bytes) -> str:
    """One word for the content: a key of CONTENT, "pdf", "png", "jpeg", "webp", "zip", or "text" for all else."""
    for signature, kind in SIGNATURES:
        if data.startswith(signature):
            return _compound(data) if kind == "ole" else kind
    if kind := _further_in(data):
        return kind
    guessed = filetype.guess(data[:HEAD])
    family = guessed.mime.split("/")[0] if guessed else ""
    if family in {"video", "audio"}:
        return family
    return _markup(data[:HEAD]) or "text"


def _further_in(data: bytes) -> str:
    """Kinds that are known by what stands further in; '' for none of them."""
    if data.startswith(b"MZ") and b"\x00" in data[:64]:
        return "windows"
    if data[8:12] == b"WEBP" and data.startswith(b"RIFF"):
        return "webp"
    if data[TAR_MAGIC[0] : TAR_MAGIC[0] + 5] == TAR_MAGIC[1]:
        return "tar"
    is_heic = data[4:8] == b"ftyp" and data[8:12] in {b"heic", b"heix", b"mif1", b"hevc"}
    return "heic" if is_heic else ""


def _compound(data: bytes) -> str:
    for stream, kind in OLE_STREAMS:
        if stream.encode("utf-16-le") in data:
            return kind
    return "ole"


def _markup(head: bytes) -> str:
    if not MARKUP.match(head):
        return ""
    low = head.lower()
    if b"<svg" in low:
        return "svg"
    if any(tag in low for tag in (b"<html", b"<script", b"<body", b"<head", b"<iframe", b"<!doctype html")):
        return "html"
    return "xml" if b"<?xml" in low else ""


def refuse_content(content: str, ending: str) -> None:
    """Raises RuleBroken for content that is never held, under whatever name; the name alone is asked afterwards."""
    if content in CONTENT and not (content == "xml" and ending not in {"", "xml", "txt", "csv"}):
        raise RuleBroken(CONTENT[content])


def refuse_ending(ending: str, accepted: Container[str]) -> None:
    """Raises RuleBroken for an ending that is not taken, with what to do about that one."""
    if ending in accepted:
        return
    for endings, sentence in ENDINGS:
        if ending in endings:
            raise RuleBroken(sentence)
    raise RuleBroken(OTHER)
