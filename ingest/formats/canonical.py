"""From pieces of text to the canonical text of a document with its blocks and references.

Every format hands on its text as pieces; here they are joined and their offsets taken, so
that the rules about white space and ranges hold for all formats alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.formats.limits import MAX_CHARACTERS
from ingest.parsed import Block, BlockKind, ParsedDocument, RefusedError
from store.model import Metadata, Reference, Source

# Chinese and Japanese are written without spaces, so a line break inside a paragraph stands
# for nothing there. Korean has spaces and is left out on purpose.
_UNSPACED = (
    "\u3001-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff60"
    "\U00020000-\U0003ffff"
)
_SHARED_PUNCTUATION = "“”‘’…—·"
_UNSPACED_BREAK = re.compile(
    rf"(?<=[{_UNSPACED}])[ \t]*\n[ \t\n]*(?=[{_UNSPACED}{_SHARED_PUNCTUATION}])"
    rf"|(?<=[{_SHARED_PUNCTUATION}])[ \t]*\n[ \t\n]*(?=[{_UNSPACED}])"
)
# Only these: a no-break or an ideographic space is something that the author typed.
_WHITE_SPACE = re.compile(r"[ \t\n]+")
_UNSPACED_CHARACTER = re.compile(rf"[{_UNSPACED}]")


@dataclass(frozen=True, slots=True)
class Piece:
    """The text of one future block; ``stretches`` are ranges in it that rest on sources."""

    text: str
    kind: BlockKind = "paragraph"
    level: int = 0
    page: int | None = None
    stretches: tuple[tuple[int, int, tuple[Source, ...]], ...] = ()


def join_lines(text: str) -> str:
    """One line: soft line breaks and runs of white space become one space, or none in Chinese."""
    return _WHITE_SPACE.sub(" ", _UNSPACED_BREAK.sub("", text)).strip()


def is_unspaced(character: str) -> bool:
    """Whether a character belongs to a script written without spaces between words."""
    return _UNSPACED_CHARACTER.match(character) is not None


def first_heading(pieces: Iterable[Piece], level: int = 1) -> str | None:
    """The text of the first heading of a level."""
    return next((p.text for p in pieces if p.kind == "heading" and p.level == level), None)


def assemble(
    pieces: Iterable[Piece], metadata: Metadata, nothing: str, *, warnings: Iterable[str] = ()
) -> ParsedDocument:
    """Join pieces into a document.

    Raises :class:`RefusedError` with the sentence ``nothing`` if no piece has a letter or a
    digit, and if the text is longer than a document may be.
    """
    parts: list[str] = []
    blocks: list[Block] = []
    references: list[Reference] = []
    position = 0
    wordless = True
    previous: BlockKind | None = None
    for piece in pieces:
        text = piece.text.strip()
        if not text:
            continue
        if parts:
            together = piece.kind == previous and piece.kind in ("list_item", "table_row")
            separator = "\n" if together else "\n\n"
            parts.append(separator)
            position += len(separator)
        wordless = wordless and not any(map(str.isalnum, text))
        level = min(max(piece.level, 1), 6) if piece.kind == "heading" else 0
        blocks.append(Block(position, position + len(text), piece.kind, level, piece.page))
        references.extend(
            Reference(position + start, position + end, sources)
            for start, end, sources in piece.stretches
        )
        parts.append(text)
        position += len(text)
        previous = piece.kind
        if position > MAX_CHARACTERS:
            raise RefusedError(
                f"It has more than {MAX_CHARACTERS:,} characters of text; split it into parts."
            )
    if wordless:
        raise RefusedError(nothing)
    return ParsedDocument(
        "".join(parts), tuple(blocks), metadata, tuple(references), tuple(warnings)
    )
