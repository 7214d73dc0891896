"""Word documents (DOCX): headings, paragraphs, lists, tables and notes in their order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from docx import Document
from docx.document import Document as DocumentType
from docx.opc.exceptions import OpcError
from docx.opc.parts.coreprops import CorePropertiesPart
from docx.oxml.ns import qn
from docx.oxml.table import CT_Tbl
from lxml import etree

from ingest.formats.canonical import Piece, assemble, first_heading, join_lines
from ingest.formats.decoding import clean
from ingest.formats.limits import SMALLEST_POINTS
from ingest.formats.metadata import iso_date, language_code, one_line, readable_name
from ingest.formats.tables import Cell, table_pieces
from ingest.formats.xml import parse_xml, refuse_entities
from ingest.formats.zips import check_zip
from ingest.parsed import BlockKind, ParsedDocument, RefusedError
from store.model import Metadata

if TYPE_CHECKING:
    from docx.oxml.table import CT_Tc
    from docx.oxml.text.paragraph import CT_P
    from docx.oxml.xmlchemy import BaseOxmlElement

_NOTHING = "It is empty: there is no text in it (pictures of text need OCR first)."
_DAMAGED = "It is a damaged Word document; open it, save it again as .docx, and add that."
_HIDDEN = "It has text that is hidden or too small to be seen, which was left out."
# What programs write where a person's name belongs.
_NO_AUTHOR = {"python-docx", "microsoft office user", "unknown", "user", "author", "administrator"}
_HEADING_STYLE = re.compile(r"heading (\d)", re.IGNORECASE)

# Wrappers whose content python-docx passes over, and the parts that no reader sees. Without
# this the text of content controls, tracked insertions and fields would be lost.
_WRAPPERS = tuple(map(qn, ("w:sdt", "w:sdtContent", "w:ins", "w:moveTo", "w:smartTag",
                           "w:customXml", "w:fldSimple", "w:dir", "w:bdo")))  # fmt: skip
_UNSEEN = tuple(map(qn, ("w:del", "w:moveFrom", "w:sdtPr", "w:sdtEndPr", "w:smartTagPr",
                         "w:customXmlPr")))  # fmt: skip
# The same text box again, for older programs.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def parse_docx(data: bytes, name: str) -> ParsedDocument:
    """The document in a DOCX file.

    Raises :class:`RefusedError` if it is damaged, empty, or unfolds to too much.
    """
    check_zip(data, _DAMAGED)
    try:
        document = Document(BytesIO(data))
        refuse_entities(document.element)
        reader = _Reader(document)
        pieces = list(reader.pieces())
        metadata = _metadata(document)
    except (
        BadZipFile,
        OpcError,
        etree.LxmlError,
        LookupError,
        ValueError,
        AttributeError,
        TypeError,
    ):
        # python-docx expects well-formed parts and stumbles over others in many ways.
        raise RefusedError(_DAMAGED) from None
    title = metadata.title or one_line(first_heading(pieces)) or readable_name(name)
    warnings = (_HIDDEN,) if reader.left_out else ()
    return assemble(pieces, replace(metadata, title=title), _NOTHING, warnings=warnings)


@dataclass(frozen=True, slots=True)
class _Style:
    """A paragraph style's heading level, whether it makes list items or a table of contents.

    A table of contents is left out: it says everything twice.
    """

    level: int
    listed: bool
    contents: bool


def _unwrap(body: BaseOxmlElement) -> bool:
    """Leave in the body what a reader sees; tells whether hidden text was taken out."""
    for element in list(body.iter(*_UNSEEN, _FALLBACK)):
        _remove(element)
    hidden = [run for run in body.iter(qn("w:r")) if _is_hidden(run)]
    for run in hidden:
        _remove(run)
    for element in list(body.iter(*_WRAPPERS)):
        parent = element.getparent()
        if parent is not None:
            position = parent.index(element)
            parent[position : position + 1] = list(element)
    return any("".join(run.itertext(qn("w:t"))).strip() for run in hidden)


def _remove(element: BaseOxmlElement) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _is_hidden(run: BaseOxmlElement) -> bool:
    properties = run.find(qn("w:rPr"))
    if properties is None:
        return False
    hidden, size = properties.find(qn("w:vanish")), properties.find(qn("w:sz"))
    if hidden is not None and hidden.get(qn("w:val")) not in ("0", "false", "off"):
        return True
    half_points = size.get(qn("w:val"), "") if size is not None else ""
    return half_points.isdecimal() and int(half_points) < 2 * SMALLEST_POINTS


class _Reader:
    """Walks through one document and remembers what its styles mean."""

    def __init__(self, document: DocumentType) -> None:
        self._body = document.element.body
        self._styles = {style.style_id: style for style in document.styles}
        self._known: dict[str | None, _Style] = {}
        self._notes = dict(_notes(document))
        self.left_out = _unwrap(self._body)

    def pieces(self) -> Iterator[Piece]:
        """The pieces of the document's body, each followed by the notes to it."""
        for element in self._body.inner_content_elements:
            if isinstance(element, CT_Tbl):
                yield from self._table(element)
            else:
                for paragraph in element.iter(qn("w:p")):  # itself, and those of its text boxes
                    yield from self._paragraph(paragraph)
            for reference in element.iter(qn("w:footnoteReference"), qn("w:endnoteReference")):
                key = (etree.QName(reference).localname, reference.get(qn("w:id")))
                yield from map(Piece, self._notes.get(key, ()))

    def _table(self, table: CT_Tbl) -> Iterator[Piece]:
        rows = [
            # Where a cell is merged with the one above, its text stands there.
            [
                Cell("" if cell.vMerge == "continue" else _cell_text(cell), cell.grid_span)
                for cell in row.tc_lst
            ]
            for row in table.tr_lst
        ]
        marked = any(
            row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in table.tr_lst[:1]
        )
        yield from table_pieces(rows, has_header=marked or None)

    def _paragraph(self, paragraph: CT_P) -> Iterator[Piece]:
        style = self._style(paragraph.style)
        level, listed = style.level, style.listed
        properties = paragraph.pPr
        if properties is not None:
            level = _outline_level(properties) or level
            listed = _is_numbered(properties, inherited=listed)
        if not style.contents:
            kind: BlockKind = "heading" if level else "list_item" if listed else "paragraph"
            yield Piece(join_lines(clean(paragraph.text)), kind, level)

    def _style(self, style_id: str | None) -> _Style:
        known = self._known.get(style_id)
        if known:
            return known
        level, listed, contents = 0, False, False
        style = self._styles.get(style_id or "")
        for _ in range(20):  # styles are based on each other, in a damaged file in a circle
            if style is None:
                break
            name = (style.name or "").lower()
            properties = style.element.find(qn("w:pPr"))
            heading = _HEADING_STYLE.fullmatch(name)
            level = level or (1 if name == "title" else int(heading[1]) if heading else 0)
            if properties is not None:
                level = level or _outline_level(properties)
                listed = _is_numbered(properties, inherited=listed)
            contents = contents or name.startswith("toc ")
            style = self._styles.get(getattr(style.element.basedOn, "val", None) or "")
        self._known[style_id] = _Style(level, listed, contents)
        return self._known[style_id]


def _notes(document: DocumentType) -> Iterator[tuple[tuple[str, str | None], list[str]]]:
    """The paragraphs of each foot- and endnote, by the name and number of what refers to it.

    python-docx knows neither.
    """
    for relationship in document.part.rels.values():
        for kind in ("footnote", "endnote"):
            if relationship.is_external or not relationship.reltype.endswith(f"/{kind}s"):
                continue
            # Bytes of the part read anew: other parts than python-docx knows are not parsed.
            root = parse_xml(relationship.target_part.blob, _DAMAGED)
            for note in root.iterchildren(qn(f"w:{kind}")):
                for element in list(note.iter(*_UNSEEN, _FALLBACK)):
                    _remove(element)
                lines = ("".join(p.itertext(qn("w:t"))) for p in note.iter(qn("w:p")))
                yield (
                    (f"{kind}Reference", note.get(qn("w:id"))),
                    [join_lines(clean(x)) for x in lines],
                )


def _cell_text(cell: CT_Tc) -> str:
    """The words of a table cell, those of tables in it as well."""
    return join_lines(clean("\n".join(paragraph.text for paragraph in cell.iter(qn("w:p")))))


def _outline_level(properties: BaseOxmlElement) -> int:
    """The heading level that paragraph properties state, in every language; 0 for body text."""
    outline = properties.find(qn("w:outlineLvl"))
    value = outline.get(qn("w:val"), "") if outline is not None else ""
    return int(value) + 1 if value in tuple("012345678") else 0


def _is_numbered(properties: BaseOxmlElement, *, inherited: bool) -> bool:
    number = properties.find(f"{qn('w:numPr')}/{qn('w:numId')}")
    return inherited if number is None else number.get(qn("w:val")) != "0"


def _metadata(document: DocumentType) -> Metadata:
    # Looked up by hand: LibreOffice misspells the relationship, and python-docx then makes
    # properties up ("Word Document").
    for relationship in document.part.package.rels.values():
        if relationship.is_external or not isinstance(relationship.target_part, CorePropertiesPart):
            continue
        properties = relationship.target_part.core_properties
        author = one_line(properties.author)
        made_by_library = author == "python-docx"  # whose template has a date of its own
        return Metadata(
            title=one_line(properties.title) or "",
            author=None if author is None or author.lower() in _NO_AUTHOR else author,
            published=None if made_by_library else iso_date(properties.created),
            language=language_code(properties.language),
        )
    return Metadata(title="")
