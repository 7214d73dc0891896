"""The lines of a PDF's pages, and which of them are headers, footers and page numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

WIDE_GAP = 1.0
"""Font sizes; between the words of a sentence, even a justified one, it hardly ever is as much."""

_BARE_NUMBER = re.compile(r"[\W_]*(\d{1,4})[\W_]*")
_DIGITS = re.compile(r"\d+")
_MARGIN = 0.12  # the share of a page's height where running lines stand
_NUMBER_MARGIN = 0.2  # and where the outermost line may be a bare page number
_MARGIN_LINES = 3
_MOST_NUMBERS = 8
# What a browser prints over and under a page of the web.
_BROWSER = re.compile(
    r"(?:file|https?)://\S+(?: \d+/\d+)?|\d{1,4}[./]\d{1,2}[./]\d{1,4},? \d{1,2}:\d\d(?: [AP]M)?.*"
)

_Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Word:
    """A part of a line between wide gaps, perhaps the cell of a table."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page; lengths are in points, ``height`` in shares of the page from below.

    ``hyphenated`` lines ended in a hyphen, which is not in ``text``; ``words`` are its parts
    between wide gaps. ``unseen`` lines are in the file and not on the page.
    """

    text: str
    page: int
    left: float
    right: float
    baseline: float
    size: float
    bold: bool
    hyphenated: bool
    height: float
    words: tuple[Word, ...] = ()
    unseen: bool = False


def drop_running_lines(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without headers, footers and page numbers.

    A running line stands in the margin, at the same height, on many pages; only a page
    number in it may differ.
    """
    seen = Counter(
        key
        for page in pages
        for line in {id(line): line for line in (*_margin(page), *_outermost(page))}.values()
        for key in _running_keys(line)
    )
    # A chapter's own header is on few of all pages, but on more than chance would have it.
    enough = max(2, min(5, round(0.4 * len(pages))))
    kept: list[list[Line]] = []
    for page in pages:
        running = {id(line) for line in _margin(page) if _is_running(line, seen, enough)}
        running |= {id(line) for line in _outermost(page) if _is_page_number(line, seen)}
        kept.append([line for line in page if id(line) not in running])
    return kept


def _margin(page: Sequence[Line]) -> list[Line]:
    ordered = sorted(page, key=lambda line: -line.baseline)
    outer = [*ordered[:_MARGIN_LINES], *ordered[-_MARGIN_LINES:]]
    return [line for line in outer if not _MARGIN < line.height < 1 - _MARGIN]


def _outermost(page: Sequence[Line]) -> list[Line]:
    if not page:
        return []
    ends = (max(page, key=lambda line: line.baseline), min(page, key=lambda line: line.baseline))
    return [line for line in ends if not _NUMBER_MARGIN < line.height < 1 - _NUMBER_MARGIN]


def _is_running(line: Line, seen: Counter[_Key], enough: int) -> bool:
    return any(seen[key] >= enough for key in _running_keys(line)) or bool(
        _BROWSER.fullmatch(line.text)
    )


def _is_page_number(line: Line, seen: Counter[_Key]) -> bool:
    number = _BARE_NUMBER.fullmatch(line.text)
    if number is None:
        return False
    return int(number[1]) == line.page or any(seen[key] >= 2 for key in _running_keys(line)[1:])


def _running_keys(line: Line) -> list[_Key]:
    """What a running line has in common with those of other pages.

    All of it, or all but one number: on page 7 that is 7, or differs from it by as much as on
    all other pages.
    """
    place = round(line.baseline / 4)
    keys = [(line.text, place)]
    for number in islice(_DIGITS.finditer(line.text), _MOST_NUMBERS):
        offset = f"#{int(number[0][:9]) - line.page}"
        keys.append((f"{line.text[: number.start()]}{offset}{line.text[number.end() :]}", place))
    return keys
