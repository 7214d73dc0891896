"""The formats that documents come in: one small module a format, behind one function."""

from __future__ import annotations

from collections.abc import Callable

from ingest.formats.kinds import KIND_OF_SUFFIX, READS, Kind, kind_of
from ingest.formats.limits import MAX_BYTES, MAX_CHARACTERS, check_size
from ingest.parsed import ParsedDocument, RefusedError

__all__ = ["MAX_BYTES", "MAX_CHARACTERS", "READS", "SUFFIXES", "check_size", "parse"]

SUFFIXES = frozenset(KIND_OF_SUFFIX)
"""What a folder scan takes; in lower case, with the dot."""

Parser = Callable[[bytes, str], ParsedDocument]


def parse(data: bytes, name: str) -> ParsedDocument:
    """Turn the bytes of a file into a document; what it holds decides, then its name.

    Raises :class:`RefusedError`, and nothing else, with one sentence for the person who
    brought the file. A hostile file may still crash the process: see :mod:`ingest.sandbox`.
    """
    check_size(len(data))
    if not data.strip(b"\x00 \t\r\n"):
        raise RefusedError("It is empty: there is no text in it.")
    try:
        return _parser(kind_of(data, name))(data, name)
    except RefusedError:
        raise
    except MemoryError:
        raise RefusedError(
            "It needs more memory than a document may; split it, or save its text alone."
        ) from None
    except RecursionError:
        raise RefusedError(
            "It is nested too deeply for a document; save its text alone, and add that."
        ) from None
    except Exception as error:  # a broken file makes libraries raise anything
        raise RefusedError(
            f"It can't be read, since it is damaged or unusual ({type(error).__name__}); save it "
            "again, or save its text alone."
        ) from error


def _parser(kind: Kind) -> Parser:  # noqa: C901 - a branch a format
    """The parser of a format. Each is imported when it is needed: processes should start fast."""
    match kind:
        case "csv":
            from ingest.formats.csv import parse_csv as parser
        case "docx":
            from ingest.formats.docx import parse_docx as parser
        case "epub":
            from ingest.formats.epub import parse_epub as parser
        case "html":
            from ingest.formats.html import parse_html as parser
        case "markdown":
            from ingest.formats.markdown import parse_markdown as parser
        case "odt":
            from ingest.formats.odt import parse_odt as parser
        case "pdf":
            from ingest.formats.pdf import parse_pdf as parser
        case "plain":
            from ingest.formats.plain import parse_plain as parser
        case "pptx":
            from ingest.formats.pptx import parse_pptx as parser
        case "rtf":
            from ingest.formats.rtf import parse_rtf as parser
    return parser
