"""E-books (EPUB): a zip of pages, read in the order in which the book is."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import unquote
from zipfile import ZipFile

from ingest.formats.canonical import Piece, assemble, first_heading
from ingest.formats.decoding import decode
from ingest.formats.metadata import iso_date, language_code, one_line, readable_name
from ingest.formats.xhtml import page_pieces, parse_page
from ingest.formats.xml import parse_xml
from ingest.formats.zips import check_zip
from ingest.parsed import ParsedDocument, RefusedError
from store.model import Metadata

if TYPE_CHECKING:
    from lxml import etree

_NOTHING = "It is an e-book without text, perhaps one of pictures; run OCR over it first."
_DAMAGED = "It is a damaged e-book; convert it to EPUB again, and add that."
_LOCKED = "It is an e-book under copy protection; add one without it."
_OBFUSCATED_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")


def parse_epub(data: bytes, name: str) -> ParsedDocument:
    """The document in an EPUB file.

    Raises :class:`RefusedError` if it is damaged, empty, locked, or unfolds to too much.
    """
    check_zip(data, _DAMAGED)
    with ZipFile(BytesIO(data)) as archive:
        names = set(archive.namelist())
        _refuse_locked(archive, names)
        path = _package_path(archive, names)
        package = parse_xml(archive.read(path), _DAMAGED)
        contents = _contents(archive, package, path, names)
        pages = [page for page in _reading_order(package, path) if page in names]
        pieces = list(_pieces(archive, pages, contents))
    metadata = _metadata(package)
    title = metadata.title or one_line(first_heading(pieces)) or readable_name(name)
    return assemble(
        pieces,
        replace(metadata, title=title),
        _NOTHING,
    )


def _refuse_locked(archive: ZipFile, names: set[str]) -> None:
    if "META-INF/encryption.xml" not in names:
        return
    for method in parse_xml(archive.read("META-INF/encryption.xml"), _DAMAGED).iterfind(
        ".//{*}EncryptedData/{*}EncryptionMethod"
    ):
        if method.get("Algorithm") not in _OBFUSCATED_FONTS:
            raise RefusedError(_LOCKED)


def _package_path(archive: ZipFile, names: set[str]) -> str:
    container = parse_xml(archive.read("META-INF/container.xml"), _DAMAGED)
    for rootfile in container.iterfind(".//{*}rootfile"):
        path = str(rootfile.get("full-path"))
        if path in names:
            return path
    raise RefusedError(_DAMAGED)


def _reading_order(package: etree._Element, path: str) -> Iterator[str]:
    """The names of the book's pages, without its table of contents."""
    items = {item.get("id"): item for item in package.iterfind("{*}manifest/{*}item")}
    seen: set[str] = set()
    for reference in package.iterfind("{*}spine/{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or item.get("media-type") not in _PAGES:
            continue
        page = _beside(path, item.get("href", ""))
        if "nav" not in (item.get("properties") or "").split() and page not in seen:
            seen.add(page)
            yield page


def _beside(path: str, address: str) -> str:
    """The name in the zip of what a part at ``path`` links to."""
    address = unquote(address.partition("#")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), address))


def _contents(
    archive: ZipFile, package: etree._Element, path: str, names: set[str]
) -> dict[tuple[str, str], int]:
    """The level of each entry of the table of contents, by its page and its words."""
    levels: dict[tuple[str, str], int] = {}
    for item in package.iterfind("{*}manifest/{*}item[@media-type='application/x-dtbncx+xml']"):
        part = _beside(path, item.get("href", ""))
        root = parse_xml(archive.read(part), _DAMAGED) if part in names else package
        for point in root.iter("{*}navPoint"):
            content = point.find("{*}content")
            words = one_line(point.findtext("{*}navLabel/{*}text"))
            if content is not None and words:
                level = 1 + sum(1 for _ in point.iterancestors("{*}navPoint"))
                levels[_beside(part, content.get("src", "")), words] = level
    return levels


def _pieces(
    archive: ZipFile, pages: list[str], contents: dict[tuple[str, str], int]
) -> Iterator[Piece]:
    for page in pages:
        tree = parse_page(decode(archive.read(page)))
        body = tree.find(".//body") if tree is not None else None
        for piece in page_pieces(body) if body is not None else ():
            # Many programs make headings of plain paragraphs: the table of contents knows them.
            level = contents.get((page, piece.text)) if piece.kind == "paragraph" else None
            yield replace(piece, kind="heading", level=level) if level else piece


def _metadata(package: etree._Element) -> Metadata:
    def stated(name: str) -> list[str]:
        return [
            text for node in package.iterfind(f".//{{*}}{name}") if (text := one_line(node.text))
        ]

    dates = list(filter(None, map(iso_date, stated("date"))))
    return Metadata(
        title=next(iter(stated("title")), ""),
        publisher=next(iter(stated("publisher")), None),
        author=one_line(stated("creator")),
        published=min(dates, default=None),
        language=language_code(next(iter(stated("language")), None)),
    )
