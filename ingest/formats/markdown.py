"""Markdown, rendered to the words a reader sees, and the sources of our own briefs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from ingest.formats.canonical import Piece, assemble, first_heading, is_unspaced, join_lines
from ingest.formats.decoding import clean, decode
from ingest.formats.front_matter import split_front_matter
from ingest.formats.metadata import one_line, readable_name
from ingest.formats.tables import Cell, table_pieces
from ingest.parsed import BlockKind, ParsedDocument
from store.model import Source

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

Sources = Mapping[str, tuple[Source, ...]]

_MARKER = re.compile(r"\[\^([^\]\[\s\0]{1,100})\]")
_DEFINITION = re.compile(r" {0,3}\[\^[^\]\[\s\0]{1,100}\]:[ \t]*")
# A marker on its way through white space handling. No text holds a NUL: decoding took them.
_PLACEHOLDER = re.compile(r" *(?:\0[^\0]*\0 *)+")
_PLACEHOLDER_ID = re.compile(r"\0([^\0]*)\0")
_CLOSING = re.compile(r"[.,;:!?…。，、！？；：»”’\"')\]）」』》]+(?=\s|\0|$)")


def parse_markdown(data: bytes, name: str) -> ParsedDocument:
    """The document in a Markdown file: its text, its front matter, its marked sources.

    Footnotes of other people's files stay as paragraphs, without their labels.
    """
    front_matter, body = split_front_matter(decode(data))
    pieces = list(_pieces(_parser().parse(body), front_matter.sources()))
    title = one_line(first_heading(pieces)) or readable_name(name)
    nothing = "It is empty: there is no text in it."
    return assemble(pieces, front_matter.metadata(title), nothing)


@cache
def _parser() -> MarkdownIt:
    # Deeper nesting than the 20 levels of the default: what lies beyond is lost.
    parser = MarkdownIt("commonmark", {"maxNesting": 60}).enable(["table", "strikethrough"])
    parser.inline.ruler.before("link", "source_marker", _source_marker)
    parser.block.ruler.before(
        "reference", "footnote_definition", _footnote_definition, {"alt": ["paragraph"]}
    )
    return parser


def _source_marker(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - given by the library
    """The inline rule for ``[^TR-02]``."""
    match = _MARKER.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.push("source_marker", "", 0).content = match[1]
    state.pos = match.end()
    return True


def _footnote_definition(
    state: StateBlock,
    start: int,
    end: int,
    silent: bool,  # noqa: FBT001 - given by the library
) -> bool:
    """The block rule for ``[^1]: …`` up to a blank line or the next definition.

    CommonMark would take a one-word definition for the address of a link and drop it.
    """
    match = _DEFINITION.match(state.src, state.bMarks[start], state.eMarks[start])
    if match is None or state.is_code_block(start):
        return False
    if silent:
        return True
    line = start + 1
    while line < end and not state.isEmpty(line):
        if _DEFINITION.match(state.src, state.bMarks[line], state.eMarks[line]):
            break
        line += 1
    lines = state.getLines(start, line, state.blkIndent, keepLastLF=False).split("\n")
    lines[0] = state.src[match.end() : state.eMarks[start]]
    state.line = line
    for kind, nesting in (("paragraph_open", 1), ("inline", 0), ("paragraph_close", -1)):
        token = state.push(kind, "" if kind == "inline" else "p", nesting)  # type: ignore[arg-type]
        token.map = [start, line]
        if kind == "inline":
            token.content = "\n".join(part.strip() for part in lines)
            token.children = []
    return True


def _pieces(tokens: Sequence[Token], sources: Sources) -> Iterator[Piece]:
    kind: BlockKind = "paragraph"
    level = depth = 0
    rows: list[list[Cell]] = []
    for token in tokens:
        if token.type == "heading_open":
            kind, level = "heading", int(token.tag[1])
        elif token.type == "paragraph_open":
            kind, level = "list_item" if depth else "paragraph", 0
        elif token.type in ("list_item_open", "list_item_close"):
            depth += token.nesting
        elif token.type == "tr_open":
            rows.append([])
        elif token.type == "table_close":
            yield from (_finish(row.text, row.kind, 0, sources) for row in _rows(rows))
            rows = []
        elif token.type == "inline":
            words = _visible(token.children or ())
            if rows:
                rows[-1].append(Cell(words.strip()))
            else:
                yield _finish(words, kind, level, sources)
        elif token.type in ("fence", "code_block"):
            yield Piece(token.content, "code")


def _rows(rows: Sequence[Sequence[Cell]]) -> Iterator[Piece]:
    """The rows of a table; the sources of a heading are not those of what stands under it."""
    header = [Cell(_PLACEHOLDER.sub("", cell.text)) for cell in rows[0]]
    return table_pieces([header, *rows[1:]], has_header=True)


def _visible(tokens: Sequence[Token]) -> str:
    """The words of inline tokens; markers become placeholders, HTML is dropped."""
    parts: list[str] = []
    for token in tokens:
        if token.type == "source_marker":
            parts.append(f"\0{token.content}\0")
        elif token.type == "image":
            parts.append(_visible(token.children or ()))
        elif token.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif token.type == "html_inline":
            parts.append("\n" if token.content.lower().startswith("<br") else "")
        else:
            # Character references can bring back what decoding took out.
            parts.append(clean(token.content))
    return "".join(parts)


def _finish(raw: str, kind: BlockKind, level: int, sources: Sources) -> Piece:
    """Turn placeholders into the stretches of text that rest on sources."""
    line = join_lines(raw)
    text = ""
    stretches: list[tuple[int, int, tuple[Source, ...]]] = []
    position = covered = 0
    for match in _PLACEHOLDER.finditer(line):
        text += line[position : match.start()]
        position = match.end()
        closing = _CLOSING.match(line, position)
        if closing and text:  # "a sentence[^1]." keeps its full stop
            text += closing[0]
            position = closing.end()
        start = covered + len(text[covered:]) - len(text[covered:].lstrip())
        named = tuple(
            dict.fromkeys(
                source
                for identifier in _PLACEHOLDER_ID.findall(match[0])
                for source in sources.get(identifier, ())
            )
        )
        if named and start < len(text):
            stretches.append((start, len(text), named))
        covered = len(text)
        if " " in match[0] and text and position < len(line):
            text += "" if is_unspaced(text[-1]) and is_unspaced(line[position]) else " "
    return Piece(text + line[position:], kind, level, stretches=tuple(stretches))
