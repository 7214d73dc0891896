"""A saved web page: its article, without what stands around it.

trafilatura finds the article. Nothing is ever fetched. What surely is no part of it
(navigation, sidebars, banners) is taken out first: on a thin page it was taken for the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from configparser import ConfigParser
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from lxml import etree

from ingest.formats.canonical import Piece, assemble, first_heading, join_lines
from ingest.formats.decoding import clean, decode
from ingest.formats.html_dates import publication_date
from ingest.formats.html_walls import signs_of, wall
from ingest.formats.metadata import language_code, one_line, readable_name, web_address
from ingest.formats.tables import Cell, table_pieces
from ingest.formats.xhtml import cell_span, is_invisible, parse_page
from ingest.parsed import BlockKind, ParsedDocument, RefusedError
from store.model import Metadata

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NOTHING = (
    "It has no readable article text (perhaps a menu, a login page, or a page that a script "
    "fills); open it in a browser and save the text or a PDF of it."
)
_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_HEAD = 4096
_HIDDEN = "It has text that no reader of the page sees, which was left out."
_SPAN_MARK = "\ue000"  # for private use: no page has it
_SENTENCE = 40  # characters; less that is hidden is the label of a button
# Characters from which trafilatura's choice of an article holds; below, it takes the whole page
# as one paragraph. By its own 250, menus, headline and text of a wire item ran together, and so
# did those of a whole article in Chinese.
_ENOUGH = 40
_SURROUNDINGS = (
    "nav", "aside", "footer", "script", "style", "noscript", "template", "dialog", "button",
    "iframe", "svg", "select",
)  # fmt: skip
# A class or an id, for pages that mark nothing up. Strict, since "has-sidebar" names what
# stands beside one, and few, since trafilatura knows the rest.
_SURROUNDING_NAME = re.compile(
    r"(?:(?:left|right|primary|secondary|page|site)[-_])?side-?bar(?:[-_]\w+)?"
    r"|(?:cookies?|gdpr|consent)(?:[-_](?:banner|consent|notice|bar|popup|overlay|wrapper))?"
    r"|newsletter(?:[-_]\w+)?|breadcrumbs?|navbar",
    re.IGNORECASE,
)
_SURROUNDING_ROLES = ("navigation", "complementary", "contentinfo", "dialog")
_KEEP = ("html", "body", "main", "article", "h1")
_BLOCKS = {"p", "head", "list", "item", "table", "row", "cell", "quote", "code", "div", "ab"}


def parse_html(data: bytes, name: str) -> ParsedDocument:
    """The article of a web page. Raises :class:`RefusedError` if there is none."""
    declared = _CHARSET.search(data[:_HEAD])
    text = decode(data, declared[1].decode("ascii") if declared else None)
    tree = parse_page(text)
    if tree is None:
        raise RefusedError(_NOTHING)
    metadata = _metadata(tree)
    hidden = _drop_invisible(tree)
    signs = signs_of(tree)
    _mark_spans(tree)
    _prune(tree)
    pieces = list(_pieces(_article(tree)))
    obstacle = wall(signs, pieces)
    if obstacle:
        raise RefusedError(obstacle)
    title = metadata.title or one_line(first_heading(pieces)) or readable_name(name)
    warnings = (_HIDDEN,) if hidden else ()
    return assemble(pieces, replace(metadata, title=title), _NOTHING, warnings=warnings)


def _metadata(tree: HtmlElement) -> Metadata:
    from trafilatura import extract_metadata

    found = extract_metadata(tree, extensive=False)
    url = web_address(found.url)
    # trafilatura wants a space in an author's name, which Korean and Chinese names lack.
    stated_author = tree.xpath("string(//meta[@name='author'][1]/@content)")
    language = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    return Metadata(
        title=one_line(found.title) or "",
        publisher=one_line(found.sitename),
        author=one_line(found.author) or one_line(str(stated_author)),
        published=publication_date(tree, url),
        language=language_code(language or tree.get("xml:lang")),
        url=url,
    )


def _drop_invisible(tree: HtmlElement) -> bool:
    """Take out what a page's own marks hide; tells whether it was text of some length."""
    length = 0
    for element in [found for found in tree.iterdescendants() if is_invisible(found)]:
        kept = (*_KEEP, *_SURROUNDINGS)
        if element.tag not in kept and next(element.iter(*_KEEP), None) is None:
            length = max(length, len(" ".join(element.itertext()).strip()))
            element.drop_tree()
    return length >= _SENTENCE


def _prune(tree: HtmlElement) -> None:
    """Take out what surrounds the article, never what contains it."""
    surroundings = list(tree.iter(*_SURROUNDINGS))
    # Marks of footnotes, which would stick to the sentence before: "on average.1".
    surroundings += tree.xpath("//sup[a[starts-with(@href, '#')]]")
    surroundings += [
        element
        for element in tree.xpath("//*[@class or @id or @role]")
        if element.get("role") in _SURROUNDING_ROLES
        or any(map(_SURROUNDING_NAME.fullmatch, (element.get("class") or "").split()))
        or _SURROUNDING_NAME.fullmatch(element.get("id") or "")
    ]
    for element in surroundings:
        if element.getparent() is None or element.tag in _KEEP:
            continue
        if next(element.iter(*_KEEP), None) is None:
            element.drop_tree()


def _article(tree: HtmlElement) -> etree._Element | None:
    from trafilatura import bare_extraction

    document = bare_extraction(
        tree, include_comments=False, include_formatting=False, config=_extraction()
    )
    return getattr(document, "body", None)


@cache
def _extraction() -> ConfigParser:
    from trafilatura.settings import use_config

    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", str(_ENOUGH))
    return config


def _pieces(body: etree._Element | None) -> Iterator[Piece]:
    """The blocks of trafilatura's tree, whose elements are those of TEI; none without one."""
    if body is not None:
        yield from _walk(body, "paragraph")


def _walk(node: etree._Element, kind: BlockKind) -> Iterator[Piece]:
    inline = [node.text or ""]
    for child in node:
        if child.tag in _BLOCKS and not _is_inline(child, node):
            yield Piece(_line("".join(inline)), kind)
            inline = []
            yield from _block(child, kind)
        else:
            inline.append(_inline_text(child))
        inline.append(child.tail or "")
    yield Piece(_line("".join(inline)), kind)


def _block(node: etree._Element, kind: BlockKind) -> Iterator[Piece]:
    if node.tag == "head":
        level = (node.get("rend") or "")[1:]
        yield Piece(_line(_inline_text(node)), "heading", int(level) if level.isdecimal() else 2)
    elif node.tag == "list":
        yield from _walk(node, "list_item")
    elif node.tag == "table":
        rows = list(node.iter("row"))
        cells = [_cells(row) for row in rows]
        yield from table_pieces(cells, has_header=_has_header(rows) or None)
    elif node.tag == "code":
        yield Piece(clean("".join(node.itertext())), "code")
    else:
        yield from _walk(node, kind)


def _mark_spans(tree: HtmlElement) -> None:
    """Write into each cell that goes across columns how many, which trafilatura forgets."""
    for cell in tree.iter("td", "th"):
        if (span := cell_span(cell)) > 1:
            mark = f"{_SPAN_MARK}{span}"
            if len(cell):
                cell[-1].tail = (cell[-1].tail or "") + mark
            else:
                cell.text = (cell.text or "") + mark


def _cells(row: etree._Element) -> list[Cell]:
    cells: list[Cell] = []
    covered = 0  # by the cell before; trafilatura puts empty ones there
    for cell in row.iterchildren("cell"):
        text, _, span = _line(_inline_text(cell)).partition(_SPAN_MARK)
        if covered and not text:
            covered -= 1
            continue
        covered = int(span) - 1 if span.isdecimal() else 0
        cells.append(Cell(text.strip(), covered + 1))
    return cells


def _has_header(rows: Sequence[etree._Element]) -> bool:
    first = list(rows[0].iterchildren("cell")) if rows else []
    return bool(first) and all(cell.get("role") == "head" for cell in first)


def _line(text: str) -> str:
    # Character references can bring back what decoding took out (&shy;, &#8232;).
    return join_lines(clean(text))


def _is_inline(child: etree._Element, parent: etree._Element) -> bool:
    """A quotation or code inside a sentence has the tag of a block."""
    if child.tag not in ("quote", "code"):
        return False
    within_text = parent.tag in ("p", "item", "head", "cell")
    return within_text and len(child) == 0 and "\n" not in (child.text or "")


def _inline_text(node: etree._Element) -> str:
    parts: list[str] = []
    for event, element in etree.iterwalk(node, events=("start", "end")):
        if event == "start":
            parts.append("\n" if element.tag == "lb" else element.text or "")
            if element.tag in ("item", "p", "row", "cell"):
                parts.append(" ")
        elif element is not node:
            parts.append(element.tail or "")
    return "".join(parts)
