"""Presentations (PPTX): slide by slide its title, its text, its tables and its notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from lxml import etree
from pptx import Presentation
from pptx.exc import PythonPptxError
from pptx.shapes.group import GroupShape

from ingest.formats.canonical import Piece, assemble, join_lines
from ingest.formats.decoding import clean
from ingest.formats.metadata import language_code, one_line, readable_name
from ingest.formats.tables import Cell, Row, table_pieces
from ingest.formats.xml import refuse_entities
from ingest.formats.zips import check_zip
from ingest.parsed import BlockKind, ParsedDocument, RefusedError
from store.model import Metadata

if TYPE_CHECKING:
    from pptx.presentation import Presentation as PresentationType
    from pptx.shapes.base import BaseShape
    from pptx.slide import Slide
    from pptx.table import Table
    from pptx.text.text import TextFrame

_NOTHING = "It is empty: there is no text in it (pictures of text need OCR first)."
_DAMAGED = "It is a damaged presentation; open it, save it again as .pptx, and add that."
# Placeholders that repeat on every slide: date, footer, slide number.
_RUNNING = {"dt", "ftr", "sldNum", "hdr"}
_BODY = {"body", "obj", None}
_NO_AUTHOR = "Steve Canny"  # who wrote the library, and its template
_MOST_NESTED_GROUPS = 20


def parse_pptx(data: bytes, name: str) -> ParsedDocument:
    """The document in a PPTX file; a block's page is the number of its slide.

    Raises :class:`RefusedError` if it is damaged, empty, or unfolds to too much.
    """
    check_zip(data, _DAMAGED)
    try:
        presentation = Presentation(BytesIO(data))
        pieces = [
            piece
            for number, slide in enumerate(presentation.slides, start=1)
            if slide.element.get("show") not in ("0", "false")
            for piece in _slide(slide, number)
        ]
        metadata = _metadata(presentation)
    except (
        BadZipFile,
        PythonPptxError,
        etree.LxmlError,
        LookupError,
        ValueError,
        AttributeError,
        TypeError,
    ):
        # python-pptx expects well-formed parts and stumbles over others in many ways.
        raise RefusedError(_DAMAGED) from None
    first = next((piece.text for piece in pieces if piece.kind == "heading"), None)
    title = metadata.title or one_line(first) or readable_name(name)
    return assemble(pieces, replace(metadata, title=title), _NOTHING)


def _slide(slide: Slide, number: int) -> Iterator[Piece]:
    refuse_entities(slide.element)
    title = slide.shapes.title
    if title is not None:
        level = 1 if number == 1 else 2
        yield Piece(_line(title.text_frame.text), "heading", level, number)
    for shape in slide.shapes:
        # python-pptx makes another object of the same element each time.
        if title is None or shape.shape_id != title.shape_id:
            yield from _shape(shape, number, depth=0)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        yield from _text(slide.notes_slide.notes_text_frame, "paragraph", number)


def _shape(shape: BaseShape, number: int, depth: int) -> Iterator[Piece]:
    if isinstance(shape, GroupShape):
        if depth < _MOST_NESTED_GROUPS:
            for inner in shape.shapes:
                yield from _shape(inner, number, depth + 1)
        return
    placeholder = shape.element.find(".//{*}nvPr/{*}ph")
    role = placeholder.get("type") if placeholder is not None else None
    if role in _RUNNING:
        return
    if getattr(shape, "has_table", False):
        table: Table = shape.table  # type: ignore[attr-defined]
        yield from table_pieces(_rows(table), has_header=table.first_row or None, page=number)
    elif shape.has_text_frame:
        listed = placeholder is not None and role in _BODY
        frame: TextFrame = shape.text_frame  # type: ignore[attr-defined]
        yield from _text(frame, "list_item" if listed else "paragraph", number)


def _text(frame: TextFrame, kind: BlockKind, number: int) -> Iterator[Piece]:
    for paragraph in frame.paragraphs:
        yield Piece(_line(paragraph.text), kind, page=number)


def _rows(table: Table) -> list[Row]:
    return [
        [
            Cell(_line(cell.text), cell.span_width if cell.is_merge_origin else 1)
            for cell in row.cells
            if not cell.is_spanned or cell.is_merge_origin
        ]
        for row in table.rows
    ]


def _metadata(presentation: PresentationType) -> Metadata:
    properties = presentation.core_properties
    author = one_line(properties.author)
    # Without a date: presentations grow out of older ones and keep the day of the first.
    return Metadata(
        title=one_line(properties.title) or "",
        author=None if author == _NO_AUTHOR else author,
        language=language_code(properties.language),
    )


def _line(text: str) -> str:
    return join_lines(clean(text))
