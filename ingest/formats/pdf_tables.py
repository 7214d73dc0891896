"""Tables of a PDF, told from wide gaps in lines that stand one under another.

A PDF has no tables, only words at places. What is not plainly one stays lines of text: cells
that were put under a wrong heading would be worse than a row without any.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.formats.canonical import Piece, join_lines
from ingest.formats.pdf_lines import Line, Word
from ingest.formats.tables import Cell, table_pieces

_LONGEST_CELL = 60
"""Characters that a table's cells have at most, on average; more, and it is columns of text."""


@dataclass(slots=True)
class Table:
    """Rows of a page that stand under one another.

    Columns are (left, right) in points; ``starts`` are the places of the rows in ``lines``.
    """

    rows: list[list[Word]] = field(default_factory=list)
    columns: list[tuple[float, float]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    @property
    def first(self) -> Line:
        """The first line of the last row."""
        return self.lines[self.starts[-1]]

    def pieces(self) -> Iterator[Piece]:
        """The table's rows; a bold first row over others names the columns."""
        rows = [[Cell(join_lines("\n".join(cell))) for cell in row] for row in self._grid()]
        end = self.starts[1] if len(self.starts) > 1 else len(self.lines)
        bold = [line.bold for line in self.lines]
        marked = all(bold[:end]) and not any(bold[end:])
        return table_pieces(rows, has_header=marked or None, page=self.lines[0].page)

    def takes(self, row: Sequence[Word]) -> bool:
        """Whether each word of a row stands in a column of its own, or beside all of them."""
        found = [self._column(word) for word in row]
        return None not in found and len(set(found)) == len(found)

    def add(self, row: Sequence[Word], lines: Sequence[Line], *, goes_on: bool) -> None:
        """Add a row, or what a row's cells go on with in the next line."""
        for word in row:
            column = self._column(word)
            if column is not None and column < len(self.columns):
                left, right = self.columns[column]
                self.columns[column] = (min(left, word.left), max(right, word.right))
            else:
                self.columns.append((word.left, word.right))
        self.columns.sort()
        if goes_on and self.rows:
            self.rows[-1] += row
        else:
            self.rows.append(list(row))
            self.starts.append(len(self.lines))
        self.lines += lines

    def _column(self, word: Word) -> int | None:
        """The column that a word stands in: a new one beside all others, or none if two."""
        over = [
            index
            for index, (left, right) in enumerate(self.columns)
            if word.left < right and left < word.right
        ]
        if len(over) > 1:
            return None
        return over[0] if over else len(self.columns)

    def _grid(self) -> Iterator[list[list[str]]]:
        for row in self.rows:
            cells: list[list[str]] = [[] for _ in self.columns]
            for word in row:
                column = self._column(word)
                cells[column if column is not None else 0].append(word.text)
            yield cells

    def is_one(self) -> bool:
        """Whether these rows are a table rather than lines with gaps in them."""
        words = [word for row in self.rows for word in row]
        short = sum(len(word.text) for word in words) <= _LONGEST_CELL * len(words)
        whole = sum(len(row) >= 2 for row in self.rows)
        return short and whole >= (2 if len(self.columns) >= 3 else 3)


def split_tables(page: Sequence[Line]) -> Iterator[list[Line] | Table]:
    """A page's lines in order, with the tables among them set apart."""
    text: list[Line] = []
    table = Table()
    for lines in [*_rows(page), []]:
        row = [word for line in lines for word in line.words]
        if table.rows and lines and _continues(table, row, lines):
            beside = _is_beside(lines[0], table.first)
            table.add(row, lines, goes_on=beside or len(row) < 2)
            continue
        if table.is_one():
            if text:
                yield text
            yield table
            text = []
        else:
            text += table.lines
        table = Table()
        if len(row) >= 2:
            table.add(row, lines, goes_on=False)
        else:
            text += lines
    if text:
        yield text


def _continues(table: Table, row: Sequence[Word], lines: Sequence[Line]) -> bool:
    """Whether a row belongs to a table: below it, near, and in its columns."""
    if _is_beside(lines[0], table.first):  # after a cell of two lines
        return table.takes(row)
    gap = min(line.baseline for line in table.lines[table.starts[-1] :]) - lines[0].baseline
    size = max(table.first.size, lines[0].size)
    if not 0 < gap < 4 * size:
        return False
    if len(row) >= 2:
        return table.takes(row)
    # One word alone is a cell that goes on, and never in the first column, where text begins.
    inside = bool(row) and table.takes(row) and row[0].left > table.columns[0][1]
    return inside and gap < 1.6 * size


def _rows(page: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines that stand beside each other."""
    row: list[Line] = []
    for line in page:
        if row and not _is_beside(line, row[-1]):
            yield row
            row = []
        row.append(line)
    if row:
        yield row


def _is_beside(line: Line, other: Line) -> bool:
    return line.page == other.page and abs(line.baseline - other.baseline) < 0.3 * line.size
