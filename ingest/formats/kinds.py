"""Which format a file is in: what it holds decides, then its name."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Literal
from zipfile import ZipFile

from ingest.parsed import RefusedError

Kind = Literal["csv", "docx", "epub", "html", "markdown", "odt", "pdf", "plain", "pptx", "rtf"]

KIND_OF_SUFFIX: dict[str, Kind] = {
    ".csv": "csv", ".tsv": "csv",
    ".docx": "docx",
    ".epub": "epub",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".md": "markdown", ".markdown": "markdown",
    ".odt": "odt",
    ".pdf": "pdf",
    ".txt": "plain", ".text": "plain",
    ".pptx": "pptx",
    ".rtf": "rtf",
}  # fmt: skip
READS = "Tumen reads PDF, DOCX, ODT, RTF, PPTX, EPUB, HTML, Markdown, CSV, TSV and plain text"

_TEXT_KINDS = ("csv", "html", "markdown", "plain")
_SUFFIX = re.compile(r"\.(?=[a-z0-9]*[a-z])[a-z0-9]{1,10}$")
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--(?:(?!-->).){0,2000}-->\s*){0,5}"
    rb"<(?:!doctype\s+html|html\b|head\b)",
    re.IGNORECASE | re.DOTALL,
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES = {
    b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture",
    b"II*\x00": "a picture", b"MM\x00*": "a picture", b"BM": "a picture",
    b"\x1f\x8b": "an archive", b"7z\xbc\xaf": "an archive", b"Rar!": "an archive",
    b"BZh": "an archive", b"\xfd7zXZ": "an archive", b"(\xb5/\xfd": "an archive",
    b"%!PS": "a PostScript file", b"AT&TFORM": "a DjVu file",
    b"ID3": "a sound file", b"OggS": "a sound file",
    b"\x7fELF": "a program", b"MZ\x90\x00": "a program", b"SQLite format 3": "a database",
}  # fmt: skip
# An entry that tells what a zip is, and the format that we read or what to call it.
_READABLE_ZIPS: dict[str, Kind] = {
    "word/document.xml": "docx",
    "ppt/presentation.xml": "pptx",
    "META-INF/container.xml": "epub",
}
_OTHER_ZIPS = {
    "xl/workbook.xml": ("an Excel workbook", "Save each sheet as CSV"),
    "xl/workbook.bin": ("an Excel workbook", "Save each sheet as CSV"),
    "visio/document.xml": ("a Visio drawing", "Save it as PDF"),
}
_MIME_TYPES = {
    b"application/vnd.oasis.opendocument.spreadsheet": (
        "an OpenDocument spreadsheet", "Save each sheet as CSV"),
    b"application/vnd.oasis.opendocument.presentation": (
        "an OpenDocument presentation", "Save it as PPTX or PDF"),
    b"application/hwp+zip": ("a Hangul document", "Save it as DOCX or PDF"),
}  # fmt: skip
# Streams of the old Office formats, in the encoding of their directory.
_OLD_FORMATS = (
    ("EncryptedPackage", ""),
    ("FileHeader", "It is a Hangul document (.hwp); open it and save it as DOCX or PDF."),
    ("Workbook", "It is in the old Excel format (.xls); open it and save each sheet as CSV."),
    ("PowerPoint Document", "It is in the old Office format (.ppt); open it and save it as .pptx."),
)
_LOCKED = "It is protected by a password; save a copy without the password and add that."
_OLD_WORD = "It is in the old Office format (.doc); open it and save it as .docx."


def kind_of(data: bytes, name: str) -> Kind:
    """The format of a file.

    Raises :class:`RefusedError` for what we don't read, with what it is and what to do.
    """
    match = _SUFFIX.search(name.lower())
    suffix = match[0] if match else ""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(data, suffix)
    if data.startswith(b"{\\rtf"):
        return "rtf"
    _refuse_known(data, suffix)
    return _text(data, suffix)


def _text(data: bytes, suffix: str) -> Kind:
    named = KIND_OF_SUFFIX.get(suffix, "plain" if suffix == "" else None)
    if named != "csv" and _HTML.match(data[:12_000]):
        return "html"
    if named in _TEXT_KINDS:
        return named
    if named is None:
        raise RefusedError(f"It is a {suffix} file; {READS}. Save it as one of these.")
    raise RefusedError(
        f"It is named {suffix} but is no such file, or damaged; open it, save it again, and "
        "add that."
    )


def _refuse_known(data: bytes, suffix: str) -> None:
    """Raise :class:`RefusedError` for what is known by its first bytes or its name."""
    if data.startswith(_OLE):
        raise RefusedError(_old_format(data))
    for signature, called in _SIGNATURES.items():
        if data.startswith(signature) and (signature != b"BM" or suffix == ".bmp"):
            raise RefusedError(f"It is {called}; {READS}. Save the text as one of these.")
    if suffix == ".doc":
        raise RefusedError(_OLD_WORD)


def _zipped(data: bytes, suffix: str) -> Kind:
    names, mime_type = _look_into(data)
    if mime_type == b"application/vnd.oasis.opendocument.text":
        return "odt"
    known = _MIME_TYPES.get(mime_type) or next(
        (found for entry, found in _OTHER_ZIPS.items() if entry in names), None
    )
    if known:
        called, advice = known
        raise RefusedError(f"It is {called}; {READS}. {advice}, and add that.")
    for entry, kind in _READABLE_ZIPS.items():
        if entry in names:
            return kind
    named = KIND_OF_SUFFIX.get(suffix)
    if named in ("docx", "epub", "odt", "pptx"):
        return named
    raise RefusedError(f"It is an archive; {READS}. Unpack it, and add the files in it.")


def _look_into(data: bytes) -> tuple[set[str], bytes]:
    """The names inside a zip and the type that it states; none if it is damaged."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "mimetype" not in names:
                return names, b""
            with archive.open("mimetype") as file:
                return names, file.read(100).strip()
    except Exception:  # a hostile zip raises anything; its parser will refuse it
        return set(), b""


def _old_format(data: bytes) -> str:
    for stream, sentence in _OLD_FORMATS:
        if stream.encode("utf-16-le") in data:
            return sentence or _LOCKED
    return _OLD_WORD
