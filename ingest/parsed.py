"""What a parser hands on: the text of a document, once and for all, and its structure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from store.model import Metadata, Reference

BlockKind = Literal["heading", "paragraph", "list_item", "table_row", "code"]


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of text that a sentence never crosses.

    ``level`` is a heading's depth (1 is the title) and 0 elsewhere; ``page`` counts
    from 1 where the format has pages.
    """

    start: int
    end: int
    kind: BlockKind
    level: int = 0
    page: int | None = None


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """The canonical text of one document: decoded, newlines normalised, never changed again.

    Blocks are in order and do not overlap; offsets are characters of ``text``. ``warnings`` are
    sentences for whoever brought the file, about what in it is odd or was left out.
    """

    text: str
    blocks: tuple[Block, ...]
    metadata: Metadata
    references: tuple[Reference, ...] = ()
    warnings: tuple[str, ...] = ()


class RefusedError(Exception):
    """A file that can't be taken in; the message says why and what to do."""
