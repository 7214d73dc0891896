"""What holds for all formats: what is taken, what is refused and with what words, and that
nothing else ever happens."""

from __future__ import annotations

import contextlib
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.formats import MAX_BYTES, MAX_CHARACTERS, SUFFIXES, parse
from ingest.parsed import ParsedDocument, RefusedError

FILES = Path(__file__).parent / "files"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(**entries: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def check(document: ParsedDocument) -> None:
    """What the rest of the house relies on."""
    end = 0
    for block in document.blocks:
        assert end <= block.start < block.end <= len(document.text)
        words = document.text[block.start : block.end]
        assert words == words.strip()
        assert document.text[end : block.start].strip() == ""
        assert (block.kind == "heading") == (1 <= block.level <= 6)
        end = block.end
    assert end == len(document.text)
    for reference in document.references:
        assert 0 <= reference.start < reference.end <= len(document.text)
        assert reference.sources
    document.text.encode()  # no half of a surrogate pair
    assert not set(document.text) & set("\0\r\x0b\x0c\x85\u2028\u2029\ufeff")
    assert document.metadata.title
    for value in (document.metadata.title, document.metadata.author, document.metadata.publisher):
        assert value is None or (len(value) <= 300 and "\n" not in value)


@pytest.mark.parametrize("name", ["briefing.pdf", "briefing.docx", "page.html"])
def test_every_block_is_found_at_its_place(name):
    check(parse((FILES / name).read_bytes(), name))


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "a.txt", "empty"),
        (b" \n\t \r\n", "a.md", "empty"),
        (b"\0\0\0\0", "a.txt", "empty"),
        ("\ufeff\u200b".encode(), "a.txt", "empty"),
        (b"---\n---\n", "a.md", "empty"),
        (b"<!-- nothing -->", "a.md", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "photo.txt", "picture"),
        (bytes(range(256)) * 20, "a.txt", "save it as UTF-8"),
        (b"{\\rtf1 hello", "letter.rtf", None),
        (b"{\\rtf1 {\\footnote hello", "letter.rtf", "damaged RTF"),
        (OLE + bytes(600), "letter.doc", "save it as .docx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "letter.docx", "password"),
        (b"no such file at all", "letter.doc", "save it as .docx"),
        (b"this is text", "report.pdf", "named .pdf"),
        (b"this is text", "report.docx", "named .docx"),
        (b"%PDF-1.7\nrubbish", "report.pdf", "damaged PDF"),
        (b"PK\x03\x04 cut off", "report.docx", "damaged Word document"),
        (zipped(notes="x"), "a.zip", "archive"),
        (zipped(**{"xl__workbook.xml": "x"}), "a.xlsx", "Excel"),
        (zipped(**{"content.xml": "x"}), "a.odt", "damaged OpenDocument"),
        (zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "a.ods", "as CSV"),
        (zipped(mimetype="application/hwp+zip"), "a.hwpx", "Hangul"),
        (OLE + "Workbook".encode("utf-16-le"), "a.xls", "each sheet as CSV"),
        (b"print('x')", "a.py", ".py file"),
        (b"<html><body><nav>Home</nav></body></html>", "a.html", "no readable article text"),
        (b"just words", "a.html", None),
    ],
)
def test_what_can_not_be_taken_in_is_refused_with_a_way_out(data, name, says):
    if says is None:
        check(parse(data, name))
        return
    with pytest.raises(RefusedError) as refusal:
        parse(data, name)
    sentence = str(refusal.value)
    assert says in sentence
    assert sentence.startswith("It")
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_file_that_is_too_big_is_refused_with_its_size():
    with pytest.raises(RefusedError, match=r"200 MB; the limit is 50 MB"):
        parse(bytes(200_000_000), "archive.txt")
    assert MAX_BYTES == 50_000_000


def test_a_text_that_is_too_long_is_refused():
    with pytest.raises(RefusedError, match="more than 5,000,000 characters"):
        parse(b"Too long. " * (MAX_CHARACTERS // 10 + 1), "book.txt")


@pytest.mark.parametrize(
    ("data", "name", "starts"),
    [
        (b"<!DOCTYPE html><html><body><p>The ferry leaves.</p></body></html>", "page.php", "The f"),
        (b"<?xml version='1.0'?>\n<!-- x -->\n<html><body><p>Off.</p></body></html>", "a", "Off"),
        (b"No suffix at all, only words.", "README", "No suffix"),
        (b"Dots in the name are no suffix.", "2024.11", "Dots"),
        (b"# Shouted suffix", "NOTES.MD", "Shouted"),
    ],
)
def test_what_a_file_holds_decides_before_its_name(data, name, starts):
    assert parse(data, name).text.startswith(starts)


def test_a_folder_scan_takes_documents_only():
    assert {".md", ".txt", ".html", ".pdf", ".docx", ".csv", ".epub"} <= SUFFIXES
    assert not {".py", ".xlsx", ".doc", ""} & SUFFIXES


def read_or_refuse(data: bytes, name: str) -> None:
    """Parse; anything but a document or a refusal fails the test."""
    with contextlib.suppress(RefusedError):
        check(parse(data, name))


NAMES = st.sampled_from(["a.txt", "a.md", "a.html", "a.pdf", "a.docx", "a"])


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), NAMES)
def test_any_bytes_are_read_or_refused(data, name):
    read_or_refuse(data, name)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), NAMES)
def test_any_text_is_read_or_refused(text, name):
    read_or_refuse(text.encode("utf-8", "replace"), name)


MARKUP = st.lists(
    st.sampled_from(
        ["# ", "\n", "\n\n", "- ", "1. ", "> ", "| a | b |\n|---|---|\n", "[^a]", "[^b]: ", "`",
         "```\n", "*", "**", "[", "](x)", "![", "<p>", "</p>", "<br>", "<!--", "-->", "---\n",
         "sources:\n", "    ", "a", "Wörter.", "句子。", "문장", "&#0;", "&#x85;", "\t", "<h1>",
         "<table><tr><td>", "</td></tr></table>", "<ul><li>", "~~",
         "<div class='sidebar'>", "<article>"]
    ),
    max_size=40,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(MARKUP, st.sampled_from(["a.md", "a.html", "a.txt"]))
def test_any_markup_is_read_or_refused(parts, name):
    head = "---\nsources: [{publisher: P, facts: [a]}]\n---\n" if name == "a.md" else ""
    read_or_refuse((head + "".join(parts)).encode(), name)


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(["briefing.docx", "page.html"]),
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=4)), max_size=8),
    st.integers(0, 10_000),
)
def test_a_damaged_file_is_read_or_refused(name, changes, cut):
    # Damaged PDFs may abort this very process; test_sandbox.py has those.
    data = bytearray((FILES / name).read_bytes())
    for place, new in changes:
        at = place * len(data) // 10_001
        data[at : at + len(new)] = new
    if cut < 2_000:
        del data[cut * len(data) // 2_000 :]
    read_or_refuse(bytes(data), name)
