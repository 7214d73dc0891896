"""One hostile file, and what such files are made of."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

FILES = Path(__file__).parents[2] / "ingest" / "files"
DOCX, ODT, EPUB, PPTX = "report.docx", "report.odt", "report.epub", "deck.pptx"
MAIN_PARTS = {
    DOCX: "word/document.xml",
    ODT: "content.xml",
    EPUB: "OEBPS/content.opf",
    PPTX: "ppt/slides/slide1.xml",
}
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file; ``says`` is a part of its refusal, or ``None`` if it may as well be read.

    ``never`` is a text that no document made of it may hold.
    """

    group: str
    what: str
    name: str
    make: Callable[[], bytes]
    says: str | None = None
    never: str | None = None


def real(name: str) -> bytes:
    """The bytes of one of the test files."""
    return (FILES / name).read_bytes()


def zipped(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def with_part(name: str, part: str, content: bytes) -> bytes:
    """A test file with one of its parts replaced or added."""
    with zipfile.ZipFile(FILES / name) as archive:
        entries = {entry: archive.read(entry) for entry in archive.namelist()}
    return zipped(entries | {part: content})


def pdf(content: bytes = b"", objects: str = "", pages: str = "/Count 1 /Kids [3 0 R]") -> bytes:
    """A PDF of one page, without a table of its objects, which readers then make up."""
    stream = b"4 0 obj<</Length %d>>stream\n%s\nendstream endobj\n" % (len(content), content)
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        + f"2 0 obj<</Type/Pages {pages}>>endobj\n".encode()
        + b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        b"/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>endobj\n"
        + stream
        + b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
        + objects.encode()
        + b"\ntrailer<</Root 1 0 R>>\n%%EOF"
    )


def said(words: str, how: str = "") -> bytes:
    """The drawing instructions that put words on a page."""
    return f"BT /F 12 Tf {how} 72 700 Td ({words}) Tj ET\n".encode()
