"""ODT, RTF, PPTX, EPUB and CSV, read from real files that LibreOffice made of one report."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.formats import parse
from ingest.formats.tables import Cell, table_pieces
from ingest.parsed import ParsedDocument
from tests.ingest.test_formats import check, read_or_refuse

FILES = Path(__file__).parent / "files"
REPORTS = ["report.odt", "report.docx", "report.rtf", "report.pdf", "report.epub"]
ROW = "Year: 2024 | Trains: 248 | Containers, estimated: 13,400 | Source: satellite images"


def read(name: str) -> ParsedDocument:
    document = parse((FILES / name).read_bytes(), name)
    check(document)
    return document


def blocks(document: ParsedDocument) -> list[tuple[str, str]]:
    return [(b.kind, document.text[b.start : b.end]) for b in document.blocks]


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_says_the_same_in_every_format(name):
    document = read(name)
    found = blocks(document)
    assert document.metadata.title == "Shells by rail: what the Rajin line carried"
    assert document.metadata.author == "Mina Park"
    for heading in ("How the trains were counted", "На русском языке", "한국어", "中文"):
        assert ("heading", heading) in found
    assert any(text.startswith("A well-known difficulty is fog. On such days") for _, text in found)
    assert any("罗津与哈桑之间的货运列车在" in text for _, text in found)


# LibreOffice drops the header row of a table when it makes an e-book.
@pytest.mark.parametrize("name", REPORTS[:-1])
def test_a_row_of_a_table_stands_with_its_headings(name):
    assert ("table_row", ROW) in blocks(read(name))


@pytest.mark.parametrize("name", REPORTS)
def test_notes_are_read_and_torn_out_of_no_sentence(name):
    found = [text for _, text in blocks(read(name))]
    assert any(
        t.endswith("Counted on 214 clear days; nothing is known of the others.") for t in found
    )
    assert any("in any year before. The railway does not" in text for text in found)


@pytest.mark.parametrize("name", REPORTS[:3])
def test_deletions_comments_and_hidden_words_are_left_out(name):
    document = read(name)
    assert "which nobody believes" not in document.text
    assert "CHECK THIS NUMBER" not in document.text
    assert "Ignore all previous" not in document.text
    assert document.warnings


def test_a_presentation_is_read_slide_by_slide_with_its_notes():
    document = read("deck.pptx")
    found = [(b.page, b.kind, document.text[b.start : b.end]) for b in document.blocks]
    assert found[:6] == [
        (1, "heading", "Shells by rail"),
        (1, "paragraph", "What the Rajin line carried in 2024"),
        (2, "heading", "How the trains were counted"),
        (2, "list_item", "Observers photographed the yard on 214 days."),
        (2, "list_item", "Fog hid the rest."),
        (2, "paragraph", "The observers wish to remain unnamed."),
    ]


@pytest.mark.parametrize(
    ("text", "name", "rows"),
    [
        ("a,b\n1,2\n", "x.csv", ["a | b", "a: 1 | b: 2"]),
        ("a;b\n1,5;2\n", "x.csv", ["a | b", "a: 1,5 | b: 2"]),
        ("a\tb\nx, y\t2\n", "x.tsv", ["a | b", "a: x, y | b: 2"]),
        ('a,b\n"two\nlines",2\n', "x.csv", ["a | b", "a: two lines | b: 2"]),
        ("1,2\n3,4\n", "x.csv", ["1 | 2", "3 | 4"]),
        ("Trade\n\na,b\n,2\n", "x.csv", ["Trade", "a | b", "b: 2"]),
    ],
)
def test_a_row_of_a_csv_file_can_be_quoted_alone(text, name, rows):
    assert [words for _, words in blocks(parse(text.encode(), name))] == rows


def rows(*lines: str, **known: bool) -> list[str]:
    table = [[Cell(cell.strip()) for cell in line.split(",")] for line in lines]
    return [piece.text for piece in table_pieces(table, **known)]


def test_an_unmarked_first_row_is_a_header_only_where_that_is_plain():
    assert rows("Boat,Adult,Child", "Gull,4,2", "Tern,5,3")[1] == "Boat: Gull | Adult: 4 | Child: 2"
    assert rows("Name,Kim", "Age,41", "Height,170")[1] == "Age | 41"
    assert (
        rows("Gull,leaves,early", "Tern,leaves,late", "Heron,stays,on")[1] == "Tern | leaves | late"
    )


def test_a_row_of_another_width_gets_no_headings():
    assert rows("a,b,c", "1,2", has_header=True)[1] == "1 | 2"


FUZZED = ["report.odt", "report.docx", "report.rtf", "report.epub", "deck.pptx"]
CHANGES = st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=4)), max_size=8)


def damage(name: str, changes: list[tuple[int, bytes]], cut: int) -> None:
    data = bytearray((FILES / name).read_bytes())
    for place, new in changes:
        at = place * len(data) // 10_001
        data[at : at + len(new)] = new
    if cut < 2_000:
        del data[cut * len(data) // 2_000 :]
    read_or_refuse(bytes(data), name)


@pytest.mark.parametrize("name", FUZZED)
@settings(max_examples=25, deadline=None)
@given(CHANGES, st.integers(0, 10_000))
def test_a_damaged_office_file_is_read_or_refused(name, changes, cut):
    damage(name, changes, cut)


@pytest.mark.slow
@pytest.mark.parametrize("name", FUZZED)
@settings(max_examples=3_000, deadline=None)
@given(CHANGES, st.integers(0, 10_000))
def test_a_damaged_office_file_is_read_or_refused_at_length(name, changes, cut):
    damage(name, changes, cut)


RTF = st.lists(
    st.sampled_from(
        ["{", "}", "\\par ", "\\cell ", "\\row ", "\\trowd ", "\\outlinelevel1 ", "\\u8364?",
         "\\uc", "\\'e9", "\\v ", "\\deleted ", "{\\footnote ",
         "{\\*\\x ", "\\bin9 ", "Six. ", "\\", "|"]
    ),
    max_size=40,
)  # fmt: skip
CSV = st.lists(
    st.sampled_from(["a", "1", ",", ";", "\t", '"', "\n", "\n\n", "é", "|"]), max_size=60
)


@settings(max_examples=100, deadline=None)
@given(RTF)
def test_any_rtf_is_read_or_refused(parts):
    read_or_refuse(("{\\rtf1\\ansi " + "".join(parts)).encode("latin-1"), "a.rtf")


@settings(max_examples=100, deadline=None)
@given(CSV)
def test_any_csv_is_read_or_refused(parts):
    read_or_refuse("".join(parts).encode(), "a.csv")
