"""PDF: the text layer, page by page, put back into paragraphs and headings.

pdfium gives lines; what belongs together is told from where the lines stand
(:mod:`ingest.formats.pdf_layout`).
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw

from ingest.formats.canonical import assemble, first_heading
from ingest.formats.decoding import clean
from ingest.formats.limits import MAX_PAGES, SMALLEST_POINTS
from ingest.formats.metadata import one_line, readable_name
from ingest.formats.pdf_layout import to_pieces
from ingest.formats.pdf_lines import WIDE_GAP, Line, Word, drop_running_lines
from ingest.parsed import ParsedDocument, RefusedError
from store.model import Metadata

_NO_TEXT = (
    "It has no text layer, so it is a scan or made of pictures; run OCR over it (for instance "
    "with OCRmyPDF) and add the result."
)
_NO_TITLE = re.compile(
    r"untitled.*|microsoft (word|powerpoint).*|document\d*|.*\.(docx?|pdf|indd|tex|odt|rtf|hwp|qxd)"
    r"|slide \d+|[\W\d_]*",
    re.IGNORECASE,
)
_INVISIBLE = pdfium_raw.FPDF_TEXTRENDERMODE_INVISIBLE
_PALE, _FAINT = 235, 25  # of 255: the darkest part of a colour, and its opacity
_CONTRAST = 40  # of 255; less between the lightest and the darkest dot is no writing
_MOST_PIXELS = 2_000  # along one side of a page that is looked at
# pdfium's sign for a hyphen that ended a line (older versions: \x02), instead of a line break.
_LINE_END = re.compile("\r\n|[\r\n\ufffe\x02]")
_FOOTNOTE_MARK = re.compile(r"(?<=[.,;:!?…。，”’\"')»」』])(?:\d{1,3}|[ivx]{1,4}|[*†‡])(?=\s|$)")
_SPACES = re.compile(r"(?<=\S) +(?=\S)")


def parse_pdf(data: bytes, name: str) -> ParsedDocument:
    """The document in a PDF; each block has its page.

    Raises :class:`RefusedError` for scans, for files that want a password and for broken ones.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise RefusedError(_reason(error)) from None
    try:
        if len(document) > MAX_PAGES:
            raise RefusedError(
                f"It has {len(document):,} pages; the limit is {MAX_PAGES:,}. Split it, or take "
                "the part that matters."
            )
        found = [_lines(document, index) for index in range(len(document))]
        info = document.get_metadata_dict()
    finally:
        document.close()
    pages = [[line for line in lines if not line.unseen] for lines in found]
    unseen = sorted({line.page for lines in found for line in lines if line.unseen})
    pieces = to_pieces(drop_running_lines(pages))
    title = one_line(info.get("Title"))
    if title is None or _NO_TITLE.fullmatch(title):
        title = one_line(first_heading(pieces)) or readable_name(name)
    # The day on which the file was made says nothing of when its words were: better undated.
    metadata = Metadata(title=title, author=one_line(info.get("Author")))
    return assemble(pieces, metadata, _NO_TEXT, warnings=_warnings(unseen))


def _warnings(unseen: list[int]) -> tuple[str, ...]:
    if not unseen:
        return ()
    where = ", ".join(map(str, unseen[:5])) + (" and others" if len(unseen) > 5 else "")
    return (f"It has text that no reader sees (page {where}), which was left out.",)


def _reason(error: pdfium.PdfiumError) -> str:
    if error.err_code == pdfium_raw.FPDF_ERR_PASSWORD:
        return "It is protected by a password; save a copy without the password and add that."
    if error.err_code == pdfium_raw.FPDF_ERR_SECURITY:
        return "It is protected in a way that can't be opened; print it to a new PDF and add that."
    return "It is a damaged PDF; open it in a viewer, print it to a new PDF, and add that."


def _lines(document: pdfium.PdfDocument, index: int) -> list[Line]:
    try:
        page = document[index]
        text_page = page.get_textpage()
    except pdfium.PdfiumError:
        raise RefusedError(
            f"It is a damaged PDF: page {index + 1} can't be read; print it to a new PDF and add "
            "that."
        ) from None
    try:
        lines = list(_read_lines(page, text_page, index + 1))
        suspects = [line for line in lines if line.unseen]
        if suspects:
            seen = _seen(page, suspects)
            lines = [replace(line, unseen=False) if line in seen else line for line in lines]
        return lines
    finally:
        text_page.close()
        page.close()


def _read_lines(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, number: int) -> Iterator[Line]:
    height = page.get_height() or 1.0
    text = text_page.get_text_range()
    position = units = 0  # pdfium counts UTF-16 units
    for match in [*_LINE_END.finditer(text), None]:
        raw = text[position : match.start() if match else len(text)]
        length = len(raw) + sum(character > "\uffff" for character in raw)
        # A soft hyphen is only printed where it stands: then it is one.
        marked = _without_footnote_marks(text_page, raw, units)
        cleaned = clean(marked.replace("\u00ad", "-")).strip()
        if cleaned:
            first = units + len(raw) - len(raw.lstrip())
            last = units + length - 1 - (len(raw) - len(raw.rstrip()))
            hyphenated = match is not None and match[0] in "\ufffe\x02"
            span = _Span(first, max(first, last), hyphenated)
            line = _line(text_page, cleaned, span, number, height)
            yield replace(
                line,
                words=tuple(_words(text_page, raw, units, line)),
                unseen=line.size < SMALLEST_POINTS or _is_pale(text_page, span.first),
            )
        if match:
            position = match.end()
            units += length + len(match[0])


def _without_footnote_marks(text_page: pdfium.PdfTextPage, raw: str, units: int) -> str:
    """The line without raised figures after a sentence: "in March.1" would be a number."""

    def remove(match: re.Match[str]) -> str:
        at = units + match.start() + sum(c > "\uffff" for c in raw[: match.start()])
        raised = _font_size(text_page, at) < 0.85 * _font_size(text_page, at - 1)
        return "" if raised else match[0]

    return _FOOTNOTE_MARK.sub(remove, raw)


@dataclass(frozen=True, slots=True)
class _Span:
    """The characters of a line in pdfium's own count, both ends included."""

    first: int
    last: int
    hyphenated: bool


def _line(
    text_page: pdfium.PdfTextPage, text: str, span: _Span, page: int, page_height: float
) -> Line:
    x, baseline = ctypes.c_double(), ctypes.c_double()
    pdfium_raw.FPDFText_GetCharOrigin(text_page, span.first, x, baseline)
    middle = (span.first + span.last) // 2
    sizes = sorted(_font_size(text_page, at) for at in {span.first, middle, span.last})
    try:
        right = text_page.get_charbox(span.last)[2]
    except pdfium.PdfiumError:
        right = x.value
    return Line(
        text=text,
        page=page,
        left=x.value,
        right=right,
        baseline=baseline.value,
        size=sizes[len(sizes) // 2],
        bold=_is_bold(text_page, middle),
        hyphenated=span.hyphenated,
        height=baseline.value / page_height,
    )


def _words(text_page: pdfium.PdfTextPage, raw: str, units: int, line: Line) -> Iterator[Word]:
    """The parts of a line between gaps so wide that they may be those between columns."""
    start, left = 0, line.left
    for space in _SPACES.finditer(raw) if raw.isascii() or max(raw) <= "\uffff" else ():
        try:
            right = text_page.get_charbox(units + space.start() - 1)[2]
            beyond = text_page.get_charbox(units + space.end())[0]
        except pdfium.PdfiumError:
            continue
        if beyond - right > WIDE_GAP * line.size:
            yield Word(clean(raw[start : space.start()]).strip(), left, right)
            start, left = space.end(), beyond
    yield Word(clean(raw[start:]).strip() if start else line.text, left, line.right)


def _font_size(text_page: pdfium.PdfTextPage, index: int) -> float:
    """The size as printed: many programs set size 1 and scale it by the text matrix."""
    matrix = pdfium_raw.FS_MATRIX()
    pdfium_raw.FPDFText_GetMatrix(text_page, index, matrix)
    scale = math.hypot(matrix.b, matrix.d) or 1.0
    return float(round(pdfium_raw.FPDFText_GetFontSize(text_page, index) * scale, 1))


def _is_pale(text_page: pdfium.PdfTextPage, index: int) -> bool:
    """Whether a character may not be seen: white, transparent, or not painted at all."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium_raw.FPDFText_GetFillColor(text_page, index, red, green, blue, alpha):
        return False
    painted = pdfium_raw.FPDFText_GetTextObject(text_page, index)
    if painted and pdfium_raw.FPDFTextObj_GetTextRenderMode(painted) == _INVISIBLE:
        return True
    return alpha.value < _FAINT or min(red.value, green.value, blue.value) > _PALE


def _seen(page: pdfium.PdfPage, suspects: list[Line]) -> list[Line]:
    """Those lines where the page, drawn, shows anything at all.

    White words on a dark ground are seen, and so is the picture of a scan, over which its words
    stand invisibly.
    """
    scale = min(1.0, _MOST_PIXELS / max(page.get_width(), page.get_height(), 1.0))
    bitmap = page.render(scale=scale, grayscale=True, no_smoothtext=False)
    pixels, stride = bytes(bitmap.buffer), bitmap.stride
    seen = []
    for line in suspects:
        bottom = (page.get_height() - line.baseline) * scale
        top = bottom - max(line.size, SMALLEST_POINTS) * scale
        left, right = (round(side * scale) for side in (line.left, line.right))
        rows = range(max(0, int(top)), min(bitmap.height, int(bottom) + 1))
        ink = [pixels[y * stride + max(0, left) : y * stride + max(0, right)] for y in rows]
        shades = [shade for row in ink if row for shade in (min(row), max(row))]
        if line.size >= SMALLEST_POINTS and shades and max(shades) - min(shades) > _CONTRAST:
            seen.append(line)
    bitmap.close()
    return seen


def _is_bold(text_page: pdfium.PdfTextPage, index: int) -> bool:
    if pdfium_raw.FPDFText_GetFontWeight(text_page, index) >= 600:
        return True
    buffer = ctypes.create_string_buffer(128)
    length = pdfium_raw.FPDFText_GetFontInfo(text_page, index, buffer, len(buffer), None)
    name = buffer.value.lower() if 0 < length <= len(buffer) else b""
    return any(weight in name for weight in (b"bold", b"black", b"heavy"))
