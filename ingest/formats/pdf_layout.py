"""Where the lines of a page stand, and what follows from it: paragraphs, headings, tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ingest.formats.canonical import Piece, join_lines
from ingest.formats.pdf_lines import WIDE_GAP, Line, Word
from ingest.formats.pdf_tables import Table, split_tables

_TERMINAL = tuple(".!?。！？…:：;；")
_CLOSERS = "\"'”’»）)]」』》〉"
_BULLET = re.compile(r"[•·‣▪◦●■□–\uf0b7]\s*(?=\S)")
_NUMBER = re.compile(r"\(?(\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s+(?=\S)")
_LONGEST_HEADING = 200


def to_pieces(pages: Sequence[Sequence[Line]]) -> list[Piece]:
    """Paragraphs, list items, headings and tables; none goes over the end of a page."""
    pages = [list(_whole_lines(page)) for page in pages]
    lines = [line for page in pages for line in page]
    body = _body_size(lines)
    reader = _Reader(body, _leadings(lines), _heading_levels(lines, body), _Words(lines))
    return [piece for page in pages for part in split_tables(page) for piece in reader.pieces(part)]


def _whole_lines(page: Sequence[Line]) -> Iterator[Line]:
    """Put together what pdfium takes for several lines because a raised figure is among it."""
    whole: Line | None = None
    for line in page:
        if whole is None or not _goes_on(whole, line):
            if whole:
                yield whole
            whole = line
            continue
        space = " " if line.left - whole.right > 0.15 * max(whole.size, line.size) else ""
        text = f"{whole.text}{'-' if whole.hyphenated else space}{line.text}"
        *words, end = whole.words or (_word(whole),)
        beginning, *others = line.words or (_word(line),)
        joined = Word(f"{end.text}{space}{beginning.text}", end.left, beginning.right)
        words += [end, beginning] if _is_wide(end, beginning, line.size) else [joined]
        longer = whole if len(whole.text) >= len(line.text) else line
        whole = replace(
            longer,
            text=text,
            left=whole.left,
            right=line.right,
            hyphenated=line.hyphenated,
            words=(*words, *others),
        )
    if whole:
        yield whole


def _word(line: Line) -> Word:
    return Word(line.text, line.left, line.right)


def _is_wide(before: Word, word: Word, size: float) -> bool:
    return word.left - before.right > WIDE_GAP * size


def _goes_on(before: Line, line: Line) -> bool:
    size = max(before.size, line.size)
    beside = -0.5 * size < line.left - before.right < 2 * size
    return beside and abs(before.baseline - line.baseline) < 0.6 * size


def _body_size(lines: Sequence[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _leadings(lines: Sequence[Line]) -> dict[float, float]:
    """The usual distance between two lines of a paragraph, for each font size."""
    gaps: dict[float, list[float]] = {}
    for before, after in pairwise(lines):
        gap = before.baseline - after.baseline
        alike = before.page == after.page and before.size == after.size
        # Not after a sentence: where each paragraph is one line, the usual gap would be that
        # between paragraphs.
        if alike and 0 < gap < 3 * before.size and not _ends_sentence(before):
            gaps.setdefault(before.size, []).append(gap)
    return {size: median(found) for size, found in gaps.items() if len(found) >= 2}


def _style(line: Line, body: float) -> tuple[float, bool]:
    return (line.size, False) if line.size > 1.12 * body else (body, line.bold)


def _heading_levels(lines: Sequence[Line], body: float) -> dict[tuple[float, bool], int]:
    """The levels of headings by style: larger than the body, or bold where the body is not."""
    letters: Counter[tuple[float, bool]] = Counter()
    for line in lines:
        # A mathematical sign, however large, is no heading.
        if sum(map(str.isalpha, line.text)) >= 3 or not line.text.isascii():
            letters[_style(line, body)] += len(line.text)
    large = sorted((style for style in letters if style[0] > body), reverse=True)
    levels = {style: min(index, 6) for index, style in enumerate(large, start=1)}
    if 0 < letters[body, True] < 0.2 * letters[body, False]:
        levels[body, True] = min(len(large) + 1, 6)
    return levels


@dataclass(frozen=True, slots=True)
class _Reader:
    """What is known of a document's lines.

    The size of its body, the usual distance between lines of each size, the levels of heading
    styles, and its words.
    """

    body: float
    leading: dict[float, float]
    levels: dict[tuple[float, bool], int]
    words: _Words

    def pieces(self, part: list[Line] | Table) -> Iterator[Piece]:
        """The pieces of a part of a page."""
        if isinstance(part, Table):
            yield from part.pieces()
            return
        for group in self._paragraphs(part):
            text = join_lines(self.words.join(group))
            first = group[0]
            level = self.levels.get(_style(first, self.body), 0)
            if level and len(text) <= _LONGEST_HEADING and any(map(str.isalpha, text)):
                yield Piece(text, "heading", level, first.page)
            elif _BULLET.match(text) or _NUMBER.match(text):
                yield Piece(_BULLET.sub("", text, count=1), "list_item", 0, first.page)
            else:
                yield Piece(text, "paragraph", 0, first.page)

    def _paragraphs(self, page: Sequence[Line]) -> Iterator[list[Line]]:
        group: list[Line] = []
        for index, line in enumerate(page):
            if group and self._begins_paragraph(page, index, group):
                yield group
                group = []
            group.append(line)
        if group:
            yield group

    def _begins_paragraph(self, page: Sequence[Line], index: int, group: Sequence[Line]) -> bool:
        """Whether a paragraph begins with a line of a page; ``group`` is the one before it."""
        before, line = page[index - 1], page[index]
        if before.hyphenated:
            return False
        if abs(before.size - line.size) > 0.08 * max(before.size, line.size):
            return True
        styles = _style(before, self.body), _style(line, self.body)
        if styles[0] != styles[1] and (_whole(before) or _whole(line)):
            return True
        gap = before.baseline - line.baseline
        if gap < -0.5 * line.size:  # up: the next column, in which a sentence may go on
            return _ends_sentence(before) or line.text[:1].isupper()
        if gap > 1.3 * self.leading.get(line.size, 1.25 * line.size):
            return True
        if _BULLET.match(line.text):
            return True
        if not _ends_sentence(before):
            return False
        if _NUMBER.match(line.text) and line.left <= group[0].left + 1:
            return True
        return _is_indented(line, before, group) or _would_have_fitted(page, index)


def _whole(line: Line) -> bool:
    """Whether a line can stand alone as a heading rather than be a bold word in a text."""
    return line.bold and not line.text.rstrip(_CLOSERS).endswith((".", "。", ","))


def _is_indented(line: Line, before: Line, group: Sequence[Line]) -> bool:
    hanging = _BULLET.match(group[0].text) or _NUMBER.match(group[0].text)
    return not hanging and 0.8 * line.size < line.left - before.left < 5 * line.size


def _would_have_fitted(page: Sequence[Line], index: int) -> bool:
    """Whether the line before had room for this line's first word, and so ended on purpose."""
    before, line = page[index - 1], page[index]
    near = [
        other.right
        for other in page[max(0, index - 4) : index + 4]
        if other.size == before.size and abs(other.left - before.left) < 3 * before.size
    ]
    character = (line.right - line.left) / max(len(line.text), 1)
    word = len(line.text.split(maxsplit=1)[0]) if " " in line.text else 1
    return before.right + (word + 2) * character < max(near, default=before.right)


def _ends_sentence(line: Line) -> bool:
    return line.text.rstrip(_CLOSERS).endswith(_TERMINAL)


class _Words:
    """The document's own words, asked what a word is that a line's end has cut in two."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._known = Counter(
            word.lower() for line in lines for word in re.findall(r"\w+(?:-\w+)*", line.text)
        )

    def join(self, group: Sequence[Line]) -> str:
        """The lines of a paragraph as one text, hyphens at line ends undone where that is safe."""
        parts: list[str] = []
        for index, line in enumerate(group):
            parts.append(line.text)
            if index + 1 == len(group):
                parts.append("-" if line.hyphenated else "")
            elif not line.hyphenated:
                parts.append("\n")
            elif not self._is_one_word(line.text, group[index + 1].text):
                parts.append("-")
        return "".join(parts)

    def _is_one_word(self, before: str, after: str) -> bool:
        head, tail = re.search(r"[\w-]+$", before), re.match(r"\w+", after)
        if not head or not tail or not (before[-1].islower() and after[0].islower()):
            return False
        # "well-" and "known" belong together with a hyphen if the document writes it so elsewhere.
        joined = self._known[(head[0] + tail[0]).lower()]
        return joined > 0 or not self._known[f"{head[0]}-{tail[0]}".lower()]
