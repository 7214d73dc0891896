"""Lines of a page become the paragraphs that a reader sees, told from where they stand."""

from __future__ import annotations

from ingest.formats.pdf_layout import to_pieces
from ingest.formats.pdf_lines import Line, drop_running_lines

HEIGHT = 800.0
FULL = "a line of text that goes on to the right margin of the page here"


def line(
    text: str,
    y: float,
    *,
    x: float = 70,
    size: float = 10,
    page: int = 1,
    bold: bool = False,
    hyphenated: bool = False,
    width: float | None = None,
) -> Line:
    right = x + (len(text) * size / 2 if width is None else width)
    return Line(text, page, x, right, y, size, bold, hyphenated, y / HEIGHT)


def read(*lines: Line) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in to_pieces([lines])]


def body(y: float = 700, lines: int = 4) -> list[Line]:
    """A paragraph of full lines, so that body size and leading are known."""
    return [line(FULL, y - 12 * index) for index in range(lines)]


def paragraph(lines: int = 4) -> tuple[str, str]:
    return ("paragraph", " ".join([FULL] * lines))


def test_a_wider_gap_begins_a_paragraph():
    assert read(*body(700), *body(640)) == [paragraph(), paragraph()]


def test_a_short_last_line_ends_a_paragraph_without_a_gap():
    assert read(*body(700), line("and ends.", 652), line(f"A new one is {FULL}", 640)) == [
        ("paragraph", f"{paragraph()[1]} and ends."),
        ("paragraph", f"A new one is {FULL}"),
    ]


def test_a_short_line_inside_a_sentence_does_not_tear_it():
    found = read(*body(700), line("and goes", 652), line("on here.", 640))
    assert found == [("paragraph", f"{paragraph()[1]} and goes on here.")]


def test_an_indented_line_after_a_full_stop_begins_a_paragraph():
    full = line(f"{FULL} so.", 652)
    found = read(*body(700), full, line("Indented.", 640, x=85))
    assert found[1] == ("paragraph", "Indented.")


def test_a_hanging_list_item_is_one_item():
    found = read(
        *body(700),
        line("• An item. It", 640, width=300),
        line("goes on.", 628, x=80),
        line("• Two", 616),
    )
    assert found[1:] == [("list_item", "An item. It goes on."), ("list_item", "Two")]


def test_a_sentence_goes_on_in_the_next_column():
    left = [*body(124, 3), line("and is not at its", 88)]
    right = [line("end before the second column.", 700, x=330), line("Another.", 670, x=330)]
    assert read(*left, *right) == [
        ("paragraph", f"{paragraph(3)[1]} and is not at its end before the second column."),
        ("paragraph", "Another."),
    ]


def test_larger_and_bold_lines_are_headings_by_rank():
    pieces = to_pieces(
        [
            [
                line("The title", 760, size=20),
                line("A part", 735, size=14),
                *body(700, 9),
                line("A bold line", 570, bold=True),
                *body(550),
            ]
        ]
    )
    assert [(piece.level, piece.text) for piece in pieces if piece.kind == "heading"] == [
        (1, "The title"),
        (2, "A part"),
        (3, "A bold line"),
    ]


def test_a_heading_of_two_lines_is_one_heading():
    found = read(line("A long title that", 760, size=20), line("breaks", 736, size=20), *body(700))
    assert found[0] == ("heading", "A long title that breaks")


def test_hyphens_at_line_ends_are_undone_where_that_is_safe():
    found = read(
        line("The harbour has well-known har", 700, hyphenated=True),
        line("bour seals, Russian", 688, hyphenated=True),
        line("Ukrainian tides, a well", 676, hyphenated=True),
        line("known captain and trans", 664, hyphenated=True),
        line("port by sea.", 652),
    )
    # "well-known" is written so elsewhere; "Russian-Ukrainian" is no word broken in two.
    expected = (
        "The harbour has well-known harbour seals, Russian-Ukrainian tides, a well-known captain "
        "and transport by sea."
    )
    assert found == [("paragraph", expected)]


def test_chinese_lines_are_joined_without_a_space_and_korean_ones_with_one():
    assert read(line("船票在三月底", 700), line("以前使用", 688)) == [
        ("paragraph", "船票在三月底以前使用")
    ]
    assert read(line("배는 여섯", 700), line("시에 떠난다", 688)) == [
        ("paragraph", "배는 여섯 시에 떠난다")
    ]


def test_a_raised_figure_does_not_tear_its_line():
    found = read(
        line("an area of 40 km", 700, width=100),
        line("2", 704, x=171, size=6, width=3),
        line("in all", 700, x=178),
    )
    assert found == [("paragraph", "an area of 40 km2 in all")]


def test_a_paragraph_over_a_page_break_is_two_blocks_with_true_pages():
    pieces = to_pieces([[line("A sentence that goes", 100)], [line("on overleaf.", 700, page=2)]])
    assert [(piece.page, piece.text) for piece in pieces] == [
        (1, "A sentence that goes"),
        (2, "on overleaf."),
    ]


def pages_with(*footers: str, y: float = 40) -> list[list[Line]]:
    return [
        [
            line("Weekly briefing", 780, page=number),
            *(line(f"Text {number}.{index}", 700 - 12 * index, page=number) for index in range(9)),
            line(footer, y, page=number),
        ]
        for number, footer in enumerate(footers, start=1)
    ]


def test_headers_footers_and_page_numbers_are_dropped():
    for footers in (["Page 1 of 3", "Page 2 of 3", "Page 3 of 3"], ["- 17 -", "- 18 -", "- 19 -"]):
        kept = drop_running_lines(pages_with(*footers))
        texts = [found.text for page in kept for found in page]
        assert len(texts) == 27
        assert all(text.startswith("Text") for text in texts)


def test_a_page_number_is_dropped_from_a_single_page_too():
    kept = drop_running_lines(pages_with("1", y=130))
    assert "1" not in {found.text for found in kept[0]}


def test_last_lines_that_differ_stay():
    kept = drop_running_lines(pages_with("One end.", "Another end.", "In 2024 it ended."))
    assert [page[-1].text for page in kept] == ["One end.", "Another end.", "In 2024 it ended."]
