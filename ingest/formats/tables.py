"""The rows of a table as texts that can be quoted alone: each value with its column's heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.formats.canonical import Piece

SEPARATOR = " | "
LONGEST_HEADING = 80
"""Characters; a longer cell in the first row is text, not the name of a column."""
MOST_SPANNED = 3
"""Columns whose headings are put before one cell that goes across them."""

_NUMBER = re.compile(r"[^\w]*\d")


@dataclass(frozen=True, slots=True)
class Cell:
    """The words of a cell, in one line, and how many columns it takes."""

    text: str
    span: int = 1


Row = Sequence[Cell]


def table_pieces(
    rows: Sequence[Row], *, has_header: bool | None = None, page: int | None = None
) -> Iterator[Piece]:
    """A piece a row: ``Boat: Gull | Fare: 4 crowns``, or bare values where no heading is known.

    ``has_header`` is whether the first row names the columns, ``None`` if the format does not
    say. Then it is only believed of a row that is plainly one, since a wrong heading would put
    words into a source's mouth.
    """
    filled = [row for row in rows if any(cell.text for cell in row)]
    if not filled:
        return
    if has_header is None:
        has_header = _looks_like_header(filled)
    headings = _headings(filled[0]) if has_header else []
    for index, row in enumerate(filled):
        names = headings if index else []
        if sum(cell.span for cell in row) != len(names):
            names = []
        yield Piece(SEPARATOR.join(_values(row, names)), "table_row", page=page)


def _headings(row: Row) -> list[str]:
    names = []
    for cell in row:
        name = cell.text.rstrip(":： ")
        names += [name if len(name) <= LONGEST_HEADING else ""] * cell.span
    return names


def _values(row: Row, names: Sequence[str]) -> Iterator[str]:
    column = 0
    for cell in row:
        over = dict.fromkeys(name for name in names[column : column + cell.span] if name)
        column += cell.span
        if not cell.text:
            continue
        # A cell across the whole row stands under no column in particular.
        named = over and cell.span <= MOST_SPANNED and cell.span < max(len(names), 2)
        yield f"{', '.join(over)}: {cell.text}" if named else cell.text


def _looks_like_header(rows: Sequence[Row]) -> bool:
    """Whether the first row is words only, over at least one column of figures only.

    A table of two columns is never taken so: it may as well be a list of names and values.
    """
    first, below = rows[0], [row for row in rows[1:] if len(row) == len(rows[0])]
    texts = [cell.text for cell in first]
    if len(first) < 3 or len(below) < 2 or len(set(texts)) < len(texts):
        return False
    if any(not text or len(text) > LONGEST_HEADING or _NUMBER.match(text) for text in texts):
        return False
    return any(
        all(_NUMBER.match(row[column].text) for row in below) for column in range(1, len(first))
    )
