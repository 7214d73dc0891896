"""The formats that documents come in: one small module a format, behind one function."""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest.formats.limits import MAX_BYTES, MAX_CHARACTERS, check_size
from ingest.parsed import ParsedDocument, RefusedError

__all__ = ["MAX_BYTES", "MAX_CHARACTERS", "SUFFIXES", "check_size", "parse"]

SUFFIXES = frozenset(
    {".md", ".markdown", ".txt", ".text", ".html", ".htm", ".xhtml", ".pdf", ".docx"}
)
"""What a folder scan takes; in lower case, with the dot."""

Parser = Callable[[bytes, str], ParsedDocument]

_SUFFIX = re.compile(r"\.(?=[a-z0-9]*[a-z])[a-z0-9]{1,10}$")
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--(?:(?!-->).){0,2000}-->\s*){0,5}"
    rb"<(?:!doctype\s+html|html\b|head\b)",
    re.IGNORECASE | re.DOTALL,
)
_READS = "Tumen reads PDF, DOCX, HTML, Markdown and plain text"
_SIGNATURES = {
    b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture",
    b"II*\x00": "a picture", b"MM\x00*": "a picture", b"BM": "a picture",
    b"{\\rtf": "an RTF document", b"\x1f\x8b": "an archive", b"7z\xbc\xaf": "an archive",
    b"Rar!": "an archive", b"ID3": "a sound file", b"OggS": "a sound file",
    b"\x7fELF": "a program", b"MZ\x90\x00": "a program", b"SQLite format 3": "a database",
}  # fmt: skip
_ZIPPED = {
    "xl/workbook.xml": "an Excel workbook",
    "ppt/presentation.xml": "a PowerPoint presentation",
    "META-INF/container.xml": "an e-book",
    "content.xml": "an OpenDocument file",
}


def parse(data: bytes, name: str) -> ParsedDocument:
    """Turn the bytes of a file into a document; what it holds decides, then its name.

    Raises :class:`RefusedError`, and nothing else, with one sentence for the person who
    brought the file. A hostile file may still crash the process: see :mod:`ingest.sandbox`.
    """
    check_size(len(data))
    if not data.strip(b"\x00 \t\r\n"):
        raise RefusedError("It is empty: there is no text in it.")
    try:
        return _parser(data, name)(data, name)
    except RefusedError:
        raise
    except MemoryError:
        raise RefusedError(
            "It needs more memory than a document may; split it, or save its text alone."
        ) from None
    except Exception as error:  # a broken file makes libraries raise anything
        raise RefusedError(
            f"It can't be read, since it is damaged or unusual ({type(error).__name__}); save it "
            "again, or save its text alone."
        ) from error


def _parser(data: bytes, name: str) -> Parser:
    """The parser for a file. Each is imported when it is needed: processes should start fast."""
    match = _SUFFIX.search(name.lower())
    suffix = match[0] if match else ""
    if b"%PDF-" in data[:1024]:
        from ingest.formats.pdf import parse_pdf

        return parse_pdf
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data, suffix)
    _refuse_known(data, suffix)
    return _text(data, suffix)


def _text(data: bytes, suffix: str) -> Parser:
    if suffix in (".html", ".htm", ".xhtml") or _HTML.match(data[:12_000]):
        from ingest.formats.html import parse_html

        return parse_html
    if suffix in (".md", ".markdown"):
        from ingest.formats.markdown import parse_markdown

        return parse_markdown
    if suffix in ("", ".txt", ".text"):
        from ingest.formats.plain import parse_plain

        return parse_plain
    raise RefusedError(f"It is a {suffix} file; {_READS}. Save it as one of these.")


def _refuse_known(data: bytes, suffix: str) -> None:
    """Raise :class:`RefusedError` for what is known by its first bytes or its name."""
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise RefusedError(_legacy_office(data))
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature) and (signature != b"BM" or suffix == ".bmp"):
            raise RefusedError(f"It is {kind}; {_READS}. Save the text as one of these.")
    if suffix == ".doc":
        raise RefusedError(_legacy_office(data))
    if suffix in (".pdf", ".docx"):
        raise RefusedError(
            f"It is named {suffix} but is no such file, or damaged; open it, save it again, and "
            "add that."
        )


def _zipped(data: bytes, suffix: str) -> Parser:
    from ingest.formats.zips import entry_names

    names = entry_names(data)
    kind = next((kind for entry, kind in _ZIPPED.items() if entry in names), None)
    if "word/document.xml" in names or (suffix == ".docx" and kind is None):
        from ingest.formats.docx import parse_docx

        return parse_docx
    raise RefusedError(f"It is {kind or 'an archive'}; {_READS}. Save the text as one of these.")


def _legacy_office(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "It is protected by a password; save a copy without the password and add that."
    return "It is in the old Office format (.doc); open it and save it as .docx."
