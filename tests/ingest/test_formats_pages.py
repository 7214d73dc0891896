"""Web pages, PDF and Word documents, read from real files."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest

from ingest.formats import parse
from ingest.parsed import ParsedDocument, RefusedError

FILES = Path(__file__).parent / "files"
BODY = (
    "<p>The evening ferry leaves at a quarter past six, because the tide leaves little water.</p>"
)
FERRY_MOVES = (
    "The evening ferry at Sandy Point will leave at a quarter past six from Monday, the harbour "
    "office said, because the winter tides leave too little water"
)
TICKETS = (
    "Passengers who hold tickets for the later crossing may use them on any day until the end of "
    "March."
)
FIRST_PARAGRAPH = (
    "The harbour office has moved the evening ferry to a quarter past six, because the tide "
    "tables for the winter leave too little water over the sand bar after seven. Passengers who "
    "hold a ticket for the later crossing can use it on any day until the end of March."
)
# The line of the page breaks in the middle of it, where Chinese has no space.
CHINESE_PARAGRAPH = (
    "傍晚的渡轮改为六点一刻开船，因为冬季七点以后沙洲上的水太浅。已经购买的船票在三月底以前任何"
    "一天都可以使用，不必到窗口更换。码头的售票亭在开船前十分钟停止售票。"
)


def read(name: str) -> ParsedDocument:
    return parse((FILES / name).read_bytes(), name)


def blocks(document: ParsedDocument) -> list[tuple[str, str]]:
    return [(b.kind, document.text[b.start : b.end]) for b in document.blocks]


def page(body: str, head: str = "", attributes: str = "") -> ParsedDocument:
    source = f"<html {attributes}><head>{head}</head><body>{body}</body></html>"
    return parse(source.encode(), "saved-page.html")


# Web pages


def test_a_saved_page_becomes_its_article():
    document = read("page.html")
    assert blocks(document)[:4] == [
        ("heading", "Ferry moves to an earlier hour"),
        ("paragraph", f"{FERRY_MOVES} over the sand bar after seven o’clock."),
        ("paragraph", f"{TICKETS} The kiosk at the pier will not exchange them."),
        ("heading", "What the captain says"),
    ]
    assert ("list_item", "Folding bicycles do not.") in blocks(document)
    assert ("table_row", "Boat: Heron | Adult, Child: 9 crowns a car") in blocks(document)
    assert ("code", "18:15  Gull\n18:40  Heron") in blocks(document)


def test_what_stands_around_an_article_is_left_out():
    text = read("page.html").text
    for part in ("cookies", "Sports", "Most read", "sidebar", "rights reserved", "tracker"):
        assert part not in text


def test_a_page_says_who_and_when():
    metadata = read("page.html").metadata
    assert metadata.title == "Ferry moves to an earlier hour"
    assert metadata.publisher == "Sandy Point Courier"
    assert metadata.author == "Mina Park"
    assert metadata.published == "2024-11-05"
    assert metadata.language == "en"
    assert metadata.url == "https://courier.example/2024/11/ferry-moves"


def test_a_thin_page_does_not_give_its_sidebar():
    text = page(
        f"<div>{BODY}</div><div class='sidebar'>"
        + "<p>Soups of the autumn, ranked.</p>" * 40
        + "</div>"
    ).text
    assert "Soups" not in text
    assert "quarter past six" in text


@pytest.mark.parametrize(
    ("head", "body", "published"),
    [
        ("", "", None),
        ("", "<p>The bridge was closed on 2019-05-04 for repairs.</p>", None),
        ("", "<footer>Updated 12 March 2025</footer>", None),
        ("", "<div class='comments'><time datetime='2025-02-01'>now</time></div>", None),
        ("", "<img src='https://x.example/2018/03/04/a.jpg'>", None),
        ("<meta property='article:modified_time' content='2025-01-05'>", "", None),
        ("<meta name='date' content='2024-11'>", "", "2024-11"),
        ("<meta property='article:published_time' content='2024-11-05T23:30Z'>", "", "2024-11-05"),
        ("", "<article><time datetime='2024-11-05'>5.11.</time></article>", "2024-11-05"),
        ("", "<p class='date'>입력 2024.11.05 10:00 수정 2024.11.07</p>", "2024-11-05"),
        ("", "<p class='byline'>Мина Пак, 5 ноября 2024</p>", "2024-11-05"),
        ("<link rel='canonical' href='https://x.example/2024/11/ferry'>", "", "2024-11"),
        ("<link rel='canonical' href='https://x.example/2024/11/05/ferry'>", "", "2024-11-05"),
    ],
)
def test_a_page_has_the_date_that_it_states_and_no_other(head, body, published):
    assert page(f"<article>{BODY}</article>{body}", head).metadata.published == published


@pytest.mark.parametrize("encoding", ["euc-kr", "utf-8", "utf-16"])
def test_a_page_is_read_in_its_encoding(encoding):
    source = (
        f"<html lang='ko-KR'><head><meta charset='{encoding}'><title>여객</title></head><body>"
        "<p>저녁 배는 여섯 시 십오 분에 떠난다.</p></body></html>"
    )
    document = parse(source.encode(encoding), "a.html")
    assert document.text == "저녁 배는 여섯 시 십오 분에 떠난다."
    assert document.metadata.language == "ko"


def test_the_declared_encoding_decides_where_bytes_alone_are_ambiguous():
    source = "<html><head><meta charset=iso-8859-2></head><body><p>Łódź płynie.</p></body></html>"
    assert parse(source.encode("iso-8859-2"), "a.html").text == "Łódź płynie."


def test_character_references_bring_back_no_control_characters():
    text = page(f"{BODY}<p>The fer&shy;ry leaves&#8232;now,&#65279; at half past six.</p>").text
    assert text.endswith("The ferry leaves now, at half past six.")


def test_a_page_nested_a_hundred_thousand_deep_is_refused_and_not_fallen_into():
    with pytest.raises(RefusedError, match="no readable article text"):
        page("<div>" * 100_000 + BODY)


# PDF


def test_a_pdf_becomes_paragraphs_and_headings_with_their_pages():
    document = read("briefing.pdf")
    found = [(b.page, b.kind, document.text[b.start : b.end]) for b in document.blocks]
    assert found[:4] == [
        (1, "heading", "The ferry at Sandy Point"),
        (1, "paragraph", FIRST_PARAGRAPH),
        (1, "heading", "What changes for passengers"),
        (1, "paragraph", "Two boats serve the line."),
    ]
    assert (1, "list_item", "Dogs travel free of charge.") in found
    assert (2, "heading", "Для пассажиров") in found
    assert (2, "paragraph", CHINESE_PARAGRAPH) in found
    assert {b.level for b in document.blocks if b.kind == "heading"} == {1, 2, 3}


def test_running_lines_of_a_pdf_are_dropped():
    text = read("briefing.pdf").text
    assert "weekly briefing" not in text
    assert "Page 1" not in text
    assert "Page 2" not in text


def test_a_pdf_says_who_and_not_when_its_file_was_made():
    metadata = read("briefing.pdf").metadata
    assert metadata.title == "The ferry at Sandy Point"
    assert metadata.author == "Mina Park"
    assert metadata.published is None


def test_a_pdf_without_a_text_layer_is_refused_as_a_scan():
    import pypdfium2

    blank = pypdfium2.PdfDocument.new()
    blank.new_page(200, 200)
    buffer = io.BytesIO()
    blank.save(buffer)
    with pytest.raises(RefusedError, match=r"scan.*OCR"):
        parse(buffer.getvalue(), "scan.pdf")


def test_a_pdf_under_a_password_is_refused():
    with pytest.raises(RefusedError, match="without the password"):
        read("locked.pdf")


def test_a_pdf_that_was_cut_off_is_read_or_refused():
    data = (FILES / "briefing.pdf").read_bytes()
    with pytest.raises(RefusedError, match="damaged PDF"):
        parse(data[:3_000], "half.pdf")


# Word


def test_a_word_document_becomes_its_blocks():
    document = read("briefing.docx")
    found = blocks(document)
    assert found[0] == ("heading", "The ferry at Sandy Point")
    assert found[3][1].startswith("Two boats serve the line. The smaller one carries")
    assert ("list_item", "Dogs travel free of charge.") in found
    assert [row for kind, row in found if kind == "table_row"] == [
        "Boat | Adult | Child",
        "Gull | 4 crowns | 2 crowns",
        "Heron | 9 crowns a car",
    ]
    assert ("heading", "乘客须知") in found
    assert "weekly briefing" not in document.text


def test_a_word_document_says_who_and_when():
    metadata = read("briefing.docx").metadata
    assert metadata.title == "The ferry at Sandy Point"
    assert metadata.author == "Mina Park"
    assert metadata.published == "2024-11-05"
    assert metadata.language == "en"


def word(document: docx.document.Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def replaced(data: bytes, part: str, old: str, new: str) -> bytes:
    """The zip with a text replaced in one part."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == part:
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode())
            target.writestr(entry.filename, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def test_a_library_is_not_taken_for_an_author():
    document = docx.Document()
    document.add_paragraph("The ferry leaves.")
    metadata = parse(word(document), "ferry-note.docx").metadata
    assert (metadata.author, metadata.published, metadata.title) == (None, None, "Ferry note")


def test_merged_cells_are_read_once_and_nested_tables_too():
    document = docx.Document()
    table = document.add_table(3, 2)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "Gull"
    table.cell(0, 1).text = "Adult"
    table.cell(1, 1).text = "Child"
    table.cell(2, 0).merge(table.cell(2, 1)).text = "Fares"
    table.cell(2, 0).add_table(1, 1).cell(0, 0).text = "9 crowns"
    assert blocks(parse(word(document), "a.docx")) == [
        ("table_row", "Gull | Adult"),
        ("table_row", "Child"),
        ("table_row", "Fares 9 crowns"),
    ]


def test_tracked_insertions_and_content_controls_are_read_and_deletions_are_not():
    document = docx.Document()
    document.add_paragraph("The ferry BOX leaves.")
    data = replaced(
        word(document),
        "word/document.xml",
        "<w:r><w:t>The ferry BOX leaves.</w:t></w:r>",
        "<w:ins w:id='1' w:author='x'><w:r><w:t>The ferry </w:t></w:r></w:ins>"
        "<w:del w:id='2' w:author='x'><w:r><w:delText>never </w:delText></w:r></w:del>"
        "<w:sdt><w:sdtContent><w:r><w:t>leaves.</w:t></w:r></w:sdtContent></w:sdt>",
    )
    assert parse(data, "a.docx").text == "The ferry leaves."


def test_a_word_document_that_unfolds_to_too_much_is_refused_before_it_does():
    buffer = io.BytesIO(word(docx.Document()))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/bomb.bin", bytes(250_000_000))
    data = buffer.getvalue()
    assert len(data) < 1_000_000
    with pytest.raises(RefusedError, match=r"unfolds to 25. MB"):
        parse(data, "bomb.docx")


def test_a_zip_that_lies_about_its_size_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(50_000_000))
    honest = (50_000_000).to_bytes(4, "little")
    data = buffer.getvalue().replace(honest, (1_000).to_bytes(4, "little"))
    with pytest.raises(RefusedError, match="damaged Word document"):
        parse(data, "liar.docx")


def test_entities_in_a_word_document_are_never_followed(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret words")
    document = docx.Document()
    document.add_paragraph("HERE")
    data = word(document)
    with_entity = replaced(data, "word/document.xml", "HERE", "&secret;")
    hostile = replaced(
        with_entity,
        "word/document.xml",
        "<w:document",
        f"<!DOCTYPE w [<!ENTITY secret SYSTEM '{secret.as_uri()}'>]><w:document",
    )
    with pytest.raises(RefusedError) as refusal:
        parse(hostile, "xxe.docx")
    assert "secret" not in str(refusal.value)
