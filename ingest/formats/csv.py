"""Tables as text (CSV, TSV): each row a line that can be quoted, with its columns' headings."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from io import StringIO
from itertools import islice

from ingest.formats.canonical import Piece, assemble, join_lines
from ingest.formats.decoding import decode
from ingest.formats.metadata import readable_name
from ingest.formats.tables import LONGEST_HEADING, Cell, table_pieces
from ingest.parsed import ParsedDocument, RefusedError
from store.model import Metadata

LONGEST_CELL = 100_000
"""Characters; a longer one is no cell but an unclosed quotation mark."""

_NOTHING = "It is empty: there is no value in it."
_DELIMITERS = ",;\t|"
_SAMPLE = 100  # rows


def parse_csv(data: bytes, name: str) -> ParsedDocument:
    """The document in a CSV or TSV file: what stands before the table, then its rows.

    Raises :class:`RefusedError` if it is empty or no such table.
    """
    text = decode(data)
    csv.field_size_limit(LONGEST_CELL)
    delimiter = "\t" if name.lower().endswith((".tsv", ".tab")) else _delimiter(text)
    try:
        rows = [_filled(row) for row in csv.reader(StringIO(text), delimiter=delimiter)]
    except csv.Error:
        raise RefusedError(
            "It is a damaged table: a quotation mark is not closed, or a cell is far too long; "
            "export it again as CSV in UTF-8."
        ) from None
    rows = [row for row in rows if row]
    start = _start(rows)
    pieces = [Piece(" ".join(filter(None, row))) for row in rows[:start]]
    cells = [[Cell(value) for value in row] for row in rows[start:]]
    pieces += table_pieces(cells, has_header=bool(cells) and _is_header(rows[start:]))
    title = pieces[0].text if start and len(pieces[0].text) <= LONGEST_HEADING else None
    return assemble(pieces, Metadata(title=title or readable_name(name)), _NOTHING)


def _delimiter(text: str) -> str:
    """The sign that gives the most rows of one and the same width, of more than one column.

    Not by :class:`csv.Sniffer`, whose patterns take minutes on some inputs.
    """
    lines = list(islice((line for line in text.split("\n") if line.strip()), _SAMPLE))

    def regular(delimiter: str) -> tuple[int, int]:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
        except csv.Error:
            return 0, 0
        width, rows = max(widths.items(), key=lambda found: (found[0] > 1, found[1]))
        return (rows, width) if width > 1 else (0, 0)

    return max(_DELIMITERS, key=regular)


def _filled(row: Sequence[str]) -> list[str]:
    """A row's values, each in one line; an empty list if there is none."""
    values = [join_lines(value) for value in row]
    return values if any(values) else []


def _start(rows: Sequence[Sequence[str]]) -> int:
    """The row where the table begins: statistics offices put a title and a note above it."""
    width = Counter(map(len, rows)).most_common(1)[0][0] if rows else 0
    for index, row in enumerate(rows[:20]):
        if width > 1 and len(row) == width and sum(map(bool, row)) > 1:
            return index
    return 0


def _is_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row can name columns: a table without other rows names nothing."""
    first = rows[0]
    filled = [value for value in first if value]
    return (
        len(rows) > 1
        and len(first) > 1
        and len(filled) >= len(first) - 1  # the corner over the names of rows is often empty
        and len(set(filled)) == len(filled)
        and any(any(map(str.isalpha, value)) for value in filled)
        and all(len(value) <= LONGEST_HEADING for value in filled)
        and not _is_figure(filled[-1])
    )


def _is_figure(value: str) -> bool:
    """Whether a value is a number; a year such as 2024 names a column well."""
    digits = sum(map(str.isdigit, value))
    is_year = value.isdecimal() and len(value) == len("2024")
    return digits > 0 and digits >= sum(map(str.isalpha, value)) and not is_year
