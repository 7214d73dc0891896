"""OpenDocument texts (ODT): headings, paragraphs, lists, tables and notes in their order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

from ingest.formats.canonical import Piece, assemble, first_heading, join_lines
from ingest.formats.decoding import clean
from ingest.formats.metadata import iso_date, language_code, one_line, readable_name
from ingest.formats.tables import Cell, table_pieces
from ingest.formats.xml import parse_xml
from ingest.formats.zips import check_zip
from ingest.parsed import BlockKind, ParsedDocument, RefusedError
from store.model import Metadata

if TYPE_CHECKING:
    from lxml import etree

_NOTHING = "It is empty: there is no text in it (pictures of text need OCR first)."
_DAMAGED = "It is a damaged OpenDocument text; open it, save it again as .odt, and add that."
_LOCKED = "It is protected by a password; save a copy without the password and add that."

_URN = "urn:oasis:names:tc:opendocument:xmlns:"
_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "draw": f"{_URN}drawing:1.0",
    "meta": f"{_URN}meta:1.0",
    "office": f"{_URN}office:1.0",
    "style": f"{_URN}style:1.0",
    "table": f"{_URN}table:1.0",
    "text": f"{_URN}text:1.0",
}


def _tag(name: str) -> str:
    prefix, local = name.split(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


_HEADING, _PARAGRAPH, _LIST, _ITEM = map(_tag, ("text:h", "text:p", "text:list", "text:list-item"))
_TABLE, _ROW, _HEADER_ROWS = map(
    _tag, ("table:table", "table:table-row", "table:table-header-rows")
)
_NOTE, _NOTE_BODY, _TEXT_BOX = map(_tag, ("text:note", "text:note-body", "draw:text-box"))
# Deleted text, comments, fields nobody sees, and a table of contents, which says all twice.
_UNSEEN = frozenset(map(_tag, (
    "text:tracked-changes", "office:annotation", "text:table-of-content", "text:hidden-text",
    "text:hidden-paragraph", "text:ruby-text", "office:forms", "text:sequence-decls",
    "draw:image", "draw:object",
)))  # fmt: skip
_WHITE = {_tag("text:tab"): "\t", _tag("text:line-break"): "\n", _tag("text:s"): " "}
_HIDDEN = "It has text that is marked as hidden, which was left out."


def parse_odt(data: bytes, name: str) -> ParsedDocument:
    """The document in an ODT file.

    Raises :class:`RefusedError` if it is damaged, empty, locked, or unfolds to too much.
    """
    check_zip(data, _DAMAGED)
    with ZipFile(BytesIO(data)) as archive:
        names = set(archive.namelist())
        manifest = "META-INF/manifest.xml"
        if manifest in names and b"encryption-data" in archive.read(manifest):
            raise RefusedError(_LOCKED)
        if "content.xml" not in names:
            raise RefusedError(_DAMAGED)
        content = parse_xml(archive.read("content.xml"), _DAMAGED)
        described = parse_xml(archive.read("meta.xml"), _DAMAGED) if "meta.xml" in names else None
    body = content.find("office:body/office:text", _NAMESPACES)
    if body is None:
        raise RefusedError(_DAMAGED)
    reader = _Reader(content)
    pieces = list(reader.pieces(body))
    metadata = _metadata(described)
    title = metadata.title or one_line(first_heading(pieces)) or readable_name(name)
    return assemble(
        pieces,
        replace(metadata, title=title),
        _NOTHING,
        warnings=(_HIDDEN,) if reader.left_out else (),
    )


class _Reader:
    """Walks through one document; ``left_out`` tells whether it met hidden text."""

    def __init__(self, content: etree._Element) -> None:
        self.left_out = False
        styles = content.findall("office:automatic-styles/style:style", _NAMESPACES)
        self._parents = {
            style.get(_tag("style:name")): style.get(_tag("style:parent-style-name"))
            for style in styles
        }
        self._hidden = {
            style.get(_tag("style:name"))
            for style in styles
            for properties in style.findall("style:text-properties", _NAMESPACES)
            if properties.get(_tag("text:display")) == "none"
        }
        self._aside: list[Piece] = []  # notes and text boxes, until their paragraph is done

    def pieces(self, node: etree._Element, kind: BlockKind = "paragraph") -> Iterator[Piece]:
        """The pieces of all that a node holds."""
        for child in node:
            if child.tag in _UNSEEN or self._is_hidden(child):
                continue
            if child.tag in (_HEADING, _PARAGRAPH):
                yield self._paragraph(child, kind)
            elif child.tag == _TABLE:
                yield from self._table(child)
            else:
                yield from self.pieces(child, "list_item" if child.tag == _ITEM else kind)
            aside, self._aside = self._aside, []
            yield from aside

    def _paragraph(self, node: etree._Element, kind: BlockKind) -> Piece:
        text = self._line(node)
        style = node.get(_tag("text:style-name"), "")
        if node.tag == _HEADING:
            level = node.get(_tag("text:outline-level"), "")
            return Piece(text, "heading", int(level) if level.isdecimal() else 1)
        if "Title" in (style, self._parents.get(style)):
            return Piece(text, "heading", 1)
        return Piece(text, kind)

    def _table(self, node: etree._Element) -> Iterator[Piece]:
        rows = [
            [
                Cell(self._cell(cell), _count(cell, "table:number-columns-spanned"))
                for cell in row.iterchildren(_tag("table:table-cell"))
                for _ in range(_count(cell, "table:number-columns-repeated"))
            ]
            for row in node.iter(_ROW)
            if next(row.iterancestors(_TABLE)) is node
        ]
        has_header = node.find(f"{_HEADER_ROWS}") is not None
        yield from table_pieces(rows, has_header=has_header or None)

    def _cell(self, node: etree._Element) -> str:
        return join_lines("\n".join(map(self._line, node.iter(_HEADING, _PARAGRAPH))))

    def _line(self, node: etree._Element) -> str:
        return join_lines(clean(self._inline(node)))

    def _inline(self, node: etree._Element) -> str:
        """The words of a paragraph; notes and text boxes in it are put aside."""
        parts = [node.text or ""]
        for child in node:
            if child.tag == _NOTE:
                self._put_aside(child.find(_NOTE_BODY))
            elif child.tag == _TEXT_BOX:
                self._put_aside(child)
            elif child.tag in _WHITE:
                parts.append(_WHITE[child.tag])
            elif child.tag not in _UNSEEN and not self._is_hidden(child):
                parts.append(self._inline(child))
            parts.append(child.tail or "")
        return "".join(parts)

    def _put_aside(self, node: etree._Element | None) -> None:
        if node is not None:
            before, self._aside = self._aside, []
            self._aside = before + list(self.pieces(node))

    def _is_hidden(self, node: etree._Element) -> bool:
        hidden = (
            node.get(_tag("text:style-name")) in self._hidden
            or node.get(_tag("text:display")) == "none"
        )
        self.left_out = self.left_out or hidden
        return hidden


def _count(cell: etree._Element, attribute: str) -> int:
    """A number of columns: 1 where none is stated, or where it is beyond belief."""
    value = cell.get(_tag(attribute), "1")
    return int(value) if value.isdecimal() and 1 <= len(value) <= 2 and int(value) else 1


def _metadata(described: etree._Element | None) -> Metadata:
    def stated(*names: str) -> str | None:
        if described is None:
            return None
        found = (described.findtext(f".//{name}", None, _NAMESPACES) for name in names)
        return next((line for value in found if (line := one_line(value))), None)

    return Metadata(
        title=stated("dc:title") or "",
        author=stated("meta:initial-creator", "dc:creator"),
        published=iso_date(stated("meta:creation-date", "dc:date")),
        language=language_code(stated("dc:language")),
    )
