"""Pages that are nothing but text, such as the chapters of an e-book, as pieces.

A page of a web site is another thing: what surrounds its article is taken off in
:mod:`ingest.formats.html`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lxml import etree
from lxml import html as lxml_html

from ingest.formats.canonical import Piece, join_lines
from ingest.formats.decoding import clean
from ingest.formats.tables import Cell, table_pieces
from ingest.parsed import BlockKind

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt",
    "figcaption", "figure", "footer", "header", "hr", "li", "main", "ol", "p", "pre", "section",
    "table", "ul", *_HEADINGS,
}  # fmt: skip
_UNSEEN = {"head", "math", "nav", "noscript", "object", "rp", "rt", "script", "style", "svg",
           "template", "title"}  # fmt: skip
_NOTE_MARK = re.compile(r"\s*[\[(]?(?:\d{1,3}|[ivx]{1,5}|[*†‡§↩^]{1,3})[\])]?\s*")
_INVISIBLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*[01](?:px|pt)?\s*(?:;|$)",
    re.IGNORECASE,
)


def parse_page(text: str) -> HtmlElement | None:
    """The tree of a page, never deeper than 256 elements; ``None`` if there is none."""
    # As bytes: of a string with an XML declaration lxml refuses to read any.
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return lxml_html.document_fromstring(text.encode("utf-8", "ignore"), parser=parser)
    except (etree.LxmlError, ValueError):
        return None


def is_invisible(element: HtmlElement) -> bool:
    """Whether an element says of itself that no reader sees it."""
    return "hidden" in element.attrib or bool(_INVISIBLE.search(element.get("style") or ""))


def page_pieces(node: HtmlElement, kind: BlockKind = "paragraph") -> Iterator[Piece]:
    """The pieces of a node of a page, in order."""
    inline = [node.text or ""]
    for child in node:
        if child.tag in _UNSEEN or is_invisible(child):
            pass
        elif child.tag in _BLOCKS or any(inner.tag in _BLOCKS for inner in child.iterdescendants()):
            yield Piece(_line("".join(inline)), kind)
            inline = []
            yield from _block(child, kind)
        else:
            inline.append(_inline(child))
        inline.append(child.tail or "")
    yield Piece(_line("".join(inline)), kind)


def _block(node: HtmlElement, kind: BlockKind) -> Iterator[Piece]:
    if node.tag in _HEADINGS:
        yield Piece(_line(_inline(node)), "heading", _HEADINGS[node.tag])
    elif node.tag == "pre":
        yield Piece(clean("".join(node.itertext())), "code")
    elif node.tag == "table":
        rows = [
            [Cell(_line(_inline(cell)), cell_span(cell)) for cell in row.iterchildren("td", "th")]
            for row in node.iter("tr")
        ]
        yield from table_pieces(rows, has_header=_has_header(node) or None)
    else:
        yield from page_pieces(node, "list_item" if node.tag == "li" else kind)


def _has_header(table: HtmlElement) -> bool:
    first = next(table.iter("tr"), None)
    return first is not None and len(first) > 0 and all(cell.tag == "th" for cell in first)


def cell_span(cell: HtmlElement) -> int:
    """How many columns a cell says that it takes: 1 where that is beyond belief."""
    value = cell.get("colspan", "1")
    return int(value) if value.isdecimal() and 1 <= len(value) <= 2 and int(value) else 1


def _inline(node: HtmlElement) -> str:
    """The words of a node. The mark of a note, there and back, is none of them."""
    if node.tag in _UNSEEN or is_invisible(node) or _is_note_mark(node):
        return ""
    parts = ["\n" if node.tag in ("br", "p", "li", "div") else "", node.text or ""]
    for child in node:
        parts += [_inline(child), child.tail or ""]
    return "".join(parts)


def _is_note_mark(node: HtmlElement) -> bool:
    text = "".join(node.itertext())
    return node.tag == "a" and "#" in (node.get("href") or "") and bool(_NOTE_MARK.fullmatch(text))


def _line(text: str) -> str:
    # Character references can bring back what decoding took out (&shy;, &#8232;).
    return join_lines(clean(text))
