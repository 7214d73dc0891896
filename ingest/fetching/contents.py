"""What an answer holds, told by its bytes first and by what the server says only then."""

from __future__ import annotations

import codecs
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ingest.formats import SUFFIXES
from ingest.parsed import RefusedError

if TYPE_CHECKING:
    from ingest.fetching.client import Answer

_SUFFIX_OF = {
    "text/html": ".html", "application/xhtml+xml": ".html", "text/plain": ".txt",
    "text/markdown": ".md", "text/csv": ".csv", "text/tab-separated-values": ".tsv",
    "application/pdf": ".pdf",
    "application/rtf": ".rtf", "text/rtf": ".rtf", "application/epub+zip": ".epub",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.oasis.opendocument.text": ".odt",
}  # fmt: skip
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_FEED = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<(?:rss|feed|rdf:RDF)\b")
_DATA = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\{\s*\"|\[\s*[\[{\"])")
_TEXTS = (".html", ".txt", ".md", ".csv", ".tsv")
_SNIFFED = 2_000
_LONGEST_NAME = 120


def name_of(answer: Answer) -> str:
    """A file name for an answer's body, with the suffix of what it holds.

    Raises :class:`RefusedError` for what is no document: pictures, feeds, data.
    """
    path = PurePosixPath(answer.url.path)
    given = PurePosixPath((answer.file_name or path.name).replace("\\", "/")).name
    stem = given or answer.url.host or "page"
    suffix = PurePosixPath(stem).suffix.lower()
    if suffix in SUFFIXES:
        stem = stem[: -len(suffix)]
    return stem[:_LONGEST_NAME] + _suffix(answer, suffix)


def charset_of(answer: Answer, name: str) -> str | None:
    """The encoding that the server names for a text, if there is one and the text is in it."""
    if not name.endswith(_TEXTS):
        return None
    try:
        codecs.lookup(answer.charset or "")
        answer.body.decode(answer.charset or "")
    except (LookupError, UnicodeError, ValueError):
        return None
    return answer.charset


def _suffix(answer: Answer, named: str) -> str:
    body, media_type = answer.body, answer.media_type or ""
    if b"%PDF-" in body[:1024]:
        return ".pdf"
    if body.startswith((b"PK\x03\x04", b"{\\rtf")):
        return named if named in SUFFIXES else _SUFFIX_OF.get(media_type, "")
    start = body[:_SNIFFED]
    if _FEED.match(start):
        raise RefusedError("The link leads to a news feed; give the link of one of its articles.")
    if _MARKUP.match(start):
        return ".html"
    if _DATA.match(start) and media_type not in ("text/plain", "text/markdown", "text/csv"):
        raise RefusedError("The link leads to data for programs, not to a page for readers.")
    kind = media_type.partition("/")[0]
    if kind in ("image", "audio", "video", "font", "model"):
        raise RefusedError(
            f"The link leads to {'an' if kind in ('image', 'audio') else 'a'} {kind} file, which "
            "holds no text to quote; give the link of a page or a document."
        )
    if media_type.endswith(("/javascript", "/css", "/json", "+json", "/xml", "+xml")) and (
        media_type not in _SUFFIX_OF
    ):
        raise RefusedError("The link leads to data for programs, not to a page for readers.")
    if media_type in ("text/plain", "application/octet-stream", "") and named in SUFFIXES:
        return named
    return _SUFFIX_OF.get(media_type, "")
