"""Plain text: nothing marks a heading or the end of a paragraph, so both are inferred.

Two kinds of file look the same to a program: those where an editor broke the lines at some
width, and those where each line is a paragraph. :func:`is_hard_wrapped` tells them apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from unicodedata import east_asian_width

from ingest.formats.canonical import Piece, assemble, first_heading
from ingest.formats.decoding import decode
from ingest.formats.front_matter import split_front_matter
from ingest.formats.metadata import one_line, readable_name
from ingest.parsed import ParsedDocument

WIDEST_WRAP = 120
"""Columns; an editor that breaks lines does it before this."""
LONGEST_HEADING = 120
"""Columns."""
MOST_HEADINGS_IN_A_ROW = 3
"""Title, section, subsection; more short lines in a row are a list or an address."""

_CLOSERS = "\"'”’»）)]」』》〉"
_TERMINAL = tuple(".!?。！？…；;")
# A question may be a heading ("Why does the ferry leave early?"); these can't end one.
_NO_HEADING_END = tuple(".!。！…,;:，；：、-–—")
_BULLET = re.compile(r"[-*+•·‣▪◦●■]\s+(?=\S)")
_NUMBER = re.compile(r"(\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)]\s+(?=\S)")
_RULE = re.compile(r"[-=_*~#+.·\s]{3,}")


def parse_plain(data: bytes, name: str) -> ParsedDocument:
    """The document in a text file; front matter is honoured where there is any."""
    front_matter, body = split_front_matter(decode(data))
    lines = body.split("\n")
    pieces = list(_wrapped(lines) if is_hard_wrapped(lines) else _line_by_line(lines))
    title = one_line(first_heading(pieces)) or readable_name(name)
    nothing = "It is empty: there is no text in it."
    return assemble(pieces, front_matter.metadata(title), nothing)


def is_hard_wrapped(lines: list[str]) -> bool:
    """Whether an editor broke the lines of a text's paragraphs at a fixed width.

    Then most lines inside a paragraph end in the middle of a sentence, and stop just where
    the next line's first word would not have fitted any more.
    """
    inner = [
        (before.rstrip(), after.strip())
        for before, after in pairwise(lines)
        if before.strip() and after.strip()
    ]
    if not inner:
        return False
    widths = sorted(_columns(line.rstrip()) for line in lines if line.strip())
    # Not the widest line: a long address can't be broken and stands out.
    width = widths[int(len(widths) * 0.95)] if len(widths) >= 20 else widths[-1]
    if width > WIDEST_WRAP:
        return False
    full = sum(_columns(before) + 1 + _first_word(after) > width for before, after in inner)
    unfinished = sum(not before.rstrip(_CLOSERS).endswith(_TERMINAL) for before, _ in inner)
    return full >= 0.7 * len(inner) and unfinished >= 0.5 * len(inner)


def _wrapped(lines: list[str]) -> Iterator[Piece]:
    paragraphs = list(_paragraphs(lines))
    for index, paragraph in enumerate(paragraphs):
        following = paragraphs[index + 1] if index + 1 < len(paragraphs) else ""
        alone = "\n" not in paragraph and _may_be_heading(paragraph)
        if alone and _is_text(following.replace("\n", " "), paragraph):
            yield Piece(paragraph, "heading", 1 if index == 0 else 2)
        elif _BULLET.match(paragraph) or _NUMBER.match(paragraph):
            yield Piece(_BULLET.sub("", paragraph, count=1), "list_item")
        else:
            yield Piece(paragraph)


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """Runs of lines between blank ones; a bullet also begins a new one."""
    run: list[str] = []
    for line in [*lines, ""]:
        stripped = line.strip()
        if not stripped or _RULE.fullmatch(stripped) or _BULLET.match(stripped):
            if run:
                yield "\n".join(run)
            run = []
        if stripped and not _RULE.fullmatch(stripped):
            run.append(line.rstrip() if run else stripped)


def _line_by_line(lines: list[str]) -> Iterator[Piece]:
    texts = [text for line in lines if (text := line.strip()) and not _RULE.fullmatch(text)]
    short: list[str] = []  # lines that are headings if a text follows
    for index, text in enumerate(texts):
        following = texts[index + 1] if index + 1 < len(texts) else ""
        item = _item(text, following)
        if item is None and _may_be_heading(text):
            short.append(text)
            continue
        first = index == len(short)
        yield from _headings(short, "" if item else text, first=first)
        short = []
        yield item or Piece(text)
    yield from _headings(short, "", first=False)


def _headings(short: list[str], text: str, *, first: bool) -> Iterator[Piece]:
    """The short lines before a text: headings, unless there are too many or no text comes."""
    headings = MOST_HEADINGS_IN_A_ROW if len(short) <= MOST_HEADINGS_IN_A_ROW else 1
    for index, line in enumerate(short):
        if index >= len(short) - headings and _is_text(text, short[-1]):
            yield Piece(line, "heading", 1 if first and index == 0 else 2)
        else:
            yield Piece(line)


def _item(text: str, following: str) -> Piece | None:
    """A list item, or ``None``. One numbered line alone may as well be a numbered heading."""
    if _BULLET.match(text):
        return Piece(_BULLET.sub("", text, count=1), "list_item")
    if _NUMBER.match(text) and (_NUMBER.match(following) or not _may_be_heading(text)):
        return Piece(text, "list_item")
    return None


def _may_be_heading(line: str) -> bool:
    if len(line) > LONGEST_HEADING or _columns(line) > LONGEST_HEADING:
        return False
    if not any(map(str.isalpha, line)) or _BULLET.match(line):
        return False
    return not line.rstrip(_CLOSERS).endswith(_NO_HEADING_END)


def _is_text(line: str, heading: str) -> bool:
    """Whether a line is a paragraph that a heading can stand over."""
    return bool(line) and _columns(line) > _columns(heading) and not _may_be_heading(line)


def _columns(line: str) -> int:
    """The width on a screen: East Asian characters take two columns."""
    if line.isascii():
        return len(line)
    return len(line) + sum(east_asian_width(character) in "WF" for character in line)


def _first_word(line: str) -> int:
    word = line.split(maxsplit=1)[0]
    # Lines without spaces break anywhere.
    return _columns(word) if word.isascii() or len(word) < 20 else 2
