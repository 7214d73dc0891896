"""Rich text (RTF): headings, paragraphs, tables and footnotes in their order.

striprtf turns RTF into text and lets go of its structure. So the control words that make a
heading or a table are first given a mark that comes out on the other side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from striprtf.striprtf import rtf_to_text

from ingest.formats.canonical import Piece, assemble, first_heading, join_lines
from ingest.formats.decoding import clean
from ingest.formats.metadata import iso_date, one_line, readable_name
from ingest.formats.tables import Cell, table_pieces
from ingest.parsed import ParsedDocument, RefusedError
from store.model import Metadata

_NOTHING = "It is empty: there is no text in it (pictures of text need OCR first)."
_DAMAGED = "It is a damaged RTF document; open it, save it again as DOCX or ODT, and add that."

# Control characters, which no text holds.
_HEADING, _CELL, _ROW_START, _ROW_END = "\x02\x03\x04\x05"
_PICTURE = re.compile(r"[0-9a-fA-F]{60,}[0-9a-fA-F\s]*")
_MARKED = (
    (re.compile(r"\\outlinelevel([0-8])(?!\d) ?"), rf"\\outlinelevel\1 {_HEADING}\1"),
    (re.compile(r"\\(?:nest)?cell(?![a-z]) ?"), _CELL),
    (re.compile(r"\\trowd(?![a-z]) ?"), rf"\\trowd {_ROW_START}"),
    (re.compile(r"\\(?:nest)?row(?![a-z]) ?"), _ROW_END),
)
_RUN = re.compile(r"\{([^{}]*)\}")
_DELETED = re.compile(r"\\deleted(?![a-z0-9])")
_HIDDEN_RUN = re.compile(r"\\v(?![a-z0-9])")
_HIDDEN = "It has text that is marked as hidden, which was left out."
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_NOTE = re.compile(r"\{\s*(?:\\\*)?\\(?:footnote|annotation)(?![a-z])")
_INFO = r"\{{\s*\\{}\s+((?:\\.|[^{{}}\\])*)\}}"
_MADE = re.compile(r"\\creatim\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")
_CODE_PAGE = re.compile(r"\\ansicpg\d{3,5}")
_ROW = re.compile(f"{_ROW_START}([^{_ROW_END}]*){_ROW_END}")
_BULLET = re.compile(r"[•·▪◦●■\uf0b7]\s+")
_LEVEL = re.compile(f"{_HEADING}([0-8])")


def parse_rtf(data: bytes, name: str) -> ParsedDocument:
    """The document in an RTF file. Raises :class:`RefusedError` if it is damaged or empty."""
    # Pictures are written in hexadecimal digits, and each would be looked at.
    source = _PICTURE.sub("", data.decode("latin-1"))
    source = _RUN.sub(lambda run: "" if _DELETED.search(run[1]) else run[0], source)
    seen = _RUN.sub(lambda run: "" if _HIDDEN_RUN.search(run[1]) else run[0], source)
    body, notes = _without_notes(seen)
    for pattern, mark in _MARKED:
        body = pattern.sub(mark, body)
    code_page = _CODE_PAGE.search(source)
    prefix = rf"{{\rtf1\ansi{code_page[0] if code_page else ''}\uc1 "
    pieces = list(_pieces(_text(body)))
    pieces += [Piece(join_lines(_text(f"{prefix}{note}}}"))) for note in notes]
    title, author = (_info(source, prefix, key) for key in ("title", "author"))
    title = title or one_line(first_heading(pieces)) or readable_name(name)
    made = _MADE.search(source)
    metadata = Metadata(
        title=title, author=author, published=iso_date("-".join(made.groups())) if made else None
    )
    return assemble(pieces, metadata, _NOTHING, warnings=(_HIDDEN,) if seen != source else ())


def _text(source: str) -> str:
    try:
        text = rtf_to_text(source, errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, TypeError, LookupError, OverflowError):
        raise RefusedError(_DAMAGED) from None
    # A character beyond the first 65,536 is written as the two halves of a surrogate pair.
    return str(text).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _without_notes(source: str) -> tuple[str, list[str]]:
    """The source without its footnotes and comments, and the footnotes."""
    parts: list[str] = []
    notes: list[str] = []
    position = 0
    while note := _NOTE.search(source, position):
        end = _end_of_group(source, note.start())
        parts.append(source[position : note.start()])
        if "footnote" in note[0]:
            notes.append(source[note.end() : end - 1])
        position = end
    return "".join((*parts, source[position:])), notes


def _end_of_group(source: str, start: int) -> int:
    depth = 0
    for match in _BRACE.finditer(source, start):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.end()
    raise RefusedError(_DAMAGED)


def _info(source: str, prefix: str, key: str) -> str | None:
    match = re.search(_INFO.format(key), source[:100_000])
    return one_line(_text(f"{prefix}{match[1]}}}")) if match else None


def _pieces(text: str) -> Iterator[Piece]:
    position = 0
    table: list[list[Cell]] = []
    for row in _ROW.finditer(text):
        between = text[position : row.start()]
        if between.strip():
            yield from table_pieces(table)
            table = []
            yield from _paragraphs(between)
        # Some programs define the row again at its end.
        cells = row[1].replace(_ROW_START, "").split(_CELL)[:-1]
        table.append([Cell(_line(_LEVEL.sub("", cell))) for cell in cells])
        position = row.end()
    yield from table_pieces(table)
    yield from _paragraphs(text[position:])


def _paragraphs(text: str) -> Iterator[Piece]:
    for line in text.replace(_CELL, " ").split("\n"):
        level = _LEVEL.match(line.lstrip(" \t"))
        words = _line(_LEVEL.sub("", line))
        bullet = _BULLET.match(words)
        if level:
            yield Piece(words, "heading", int(level[1]) + 1)
        elif bullet:
            yield Piece(words[bullet.end() :], "list_item")
        else:
            yield Piece(words)


def _line(text: str) -> str:
    return join_lines(clean(text))
