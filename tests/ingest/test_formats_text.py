"""Encodings, plain text, Markdown, front matter and the sources of our briefs."""

from __future__ import annotations

import textwrap

import pytest

from ingest.formats import parse
from ingest.formats.metadata import iso_date, readable_name
from ingest.parsed import ParsedDocument, RefusedError

RUSSIAN = "Вечерний паром отправляется в четверть седьмого, потому что зимой мало воды."
KOREAN = "저녁 배는 여섯 시 십오 분에 떠난다. 겨울에는 물이 얕아지기 때문이다."
CHINESE = "傍晚的渡轮改为六点一刻开船，因为冬季七点以后沙洲上的水太浅。"
JAPANESE = "夕方のフェリーは六時十五分に出航します。冬は水が浅くなるためです。"
ENGLISH = "The captain said “no” – he’d rather wait for the tide."


def blocks(document: ParsedDocument) -> list[tuple[str, str]]:
    return [(b.kind, document.text[b.start : b.end]) for b in document.blocks]


def headings(document: ParsedDocument) -> list[tuple[int, str]]:
    return [
        (b.level, document.text[b.start : b.end]) for b in document.blocks if b.kind == "heading"
    ]


def markdown(text: str) -> ParsedDocument:
    return parse(textwrap.dedent(text).encode(), "brief.md")


def plain(text: str, name: str = "harbour-news.txt") -> ParsedDocument:
    return parse(text.encode(), name)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((RUSSIAN, e) for e in ("utf-8", "utf-8-sig", "cp1251", "koi8-r", "iso8859-5", "cp866")),
        *((KOREAN, e) for e in ("utf-8", "euc-kr", "cp949", "utf-16", "iso2022_kr")),
        *((CHINESE, e) for e in ("utf-8", "gb18030", "gbk", "utf-16")),
        *((JAPANESE, e) for e in ("shift_jis", "euc-jp", "iso2022_jp")),
        *((ENGLISH, e) for e in ("cp1252", "utf-8", "utf-16-le", "utf-16-be", "utf-32")),
    ],
)
def test_a_text_is_read_in_the_encoding_it_was_written_in(text, encoding):
    assert parse(text.encode(encoding), "a.txt").text == text


def test_one_broken_byte_does_not_spoil_a_utf8_text():
    data = KOREAN.encode() + b"\xff" + KOREAN.encode()
    assert parse(data, "a.txt").text == f"{KOREAN}\ufffd{KOREAN}"


def test_line_breaks_of_all_kinds_become_newlines_and_control_characters_go():
    text = parse(
        "One.\r\nTwo.\rThree.\x0bFour.\x0cFive.\u2028Six.\x85Seven\0.\x07".encode(), "a"
    ).text
    assert text == "One.\n\nTwo.\n\nThree.\n\nFour.\n\nFive.\n\nSix.\n\nSeven."


def test_letters_are_never_normalised():
    decomposed = "Cafe\u0301 and 한국"
    assert plain(decomposed).text == decomposed


def test_where_each_line_is_a_paragraph_short_lines_above_longer_ones_are_headings():
    document = plain(
        "A first paragraph that says at some length what this text is going to be all about.\n"
        "What changes for passengers\n"
        "The evening ferry leaves earlier, since the tide leaves too little water over the bar.\n"
        "Why does the ferry leave earlier?\n"
        "Strategic considerations: tides and sand\n"
        "The sand bar grows each winter, and nobody can say whether it is going to be dredged.\n"
        "A last line without a full stop"
    )
    assert headings(document) == [
        (2, "What changes for passengers"),
        (2, "Why does the ferry leave earlier?"),
        (2, "Strategic considerations: tides and sand"),
    ]
    assert document.metadata.title == "Harbour news"
    assert blocks(document)[-1] == ("paragraph", "A last line without a full stop")


def test_a_short_first_line_is_the_title():
    document = plain(
        "여객 안내\n"
        "저녁 배는 여섯 시 십오 분에 떠난다. 겨울에는 일곱 시가 지나면 모래톱 위의 물이 얕아진다."
    )
    assert headings(document) == [(1, "여객 안내")]
    assert document.metadata.title == "여객 안내"


def test_a_chinese_sentence_is_no_heading():
    document = plain("渡轮提早开船。\n傍晚的渡轮改为六点一刻开船，因为冬季七点以后沙洲上的水太浅。")
    assert headings(document) == []


def test_hard_wrapped_paragraphs_keep_their_lines_and_end_at_blank_lines():
    text = textwrap.dedent("""\
        Ferry moves

        The harbour office has moved the evening ferry to a quarter past
        six, because the tide tables for the winter leave too little
        water over the sand bar after seven.

        Passengers who hold a ticket for the later crossing can use it on
        any day until the end of March.
        """)
    document = plain(text)
    assert [kind for kind, _ in blocks(document)] == ["heading", "paragraph", "paragraph"]
    assert document.metadata.title == "Ferry moves"
    for _, block in blocks(document):
        assert block in text  # found in the user's own file


def test_lists_in_plain_text_are_list_items():
    document = plain(
        "You need:\n• a ticket\n• a coat\n1. Wait.\n2. Board the ferry when it is there."
    )
    assert blocks(document) == [
        ("paragraph", "You need:"),
        ("list_item", "a ticket"),
        ("list_item", "a coat"),
        ("list_item", "1. Wait."),
        ("list_item", "2. Board the ferry when it is there."),
    ]
    assert "a ticket\na coat" in document.text


def test_a_plain_text_may_have_front_matter():
    document = plain("---\ntitle: Tides\nsource: Harbour Office\n---\nThe water is low.")
    assert document.metadata.title == "Tides"
    assert document.metadata.publisher == "Harbour Office"
    assert document.text == "The water is low."


def test_a_rule_of_dashes_is_no_front_matter():
    assert plain("---\nThe water is low.\n---\nStill.").text == "The water is low.\n\nStill."


def test_markdown_becomes_the_words_a_reader_sees():
    document = markdown("""\
        # The *ferry* &amp; the `tide`

        The **evening** ferry leaves
        [earlier](https://example.org) <!-- really --> now.

        ![A boat](boat.png) ~~Not~~ seen <b>twice</b>.

        - Dogs travel
          free.
            1. Small ones.
        - Bicycles don't.

        | Boat | Fare |
        |------|------|
        | Gull | 4    |

        > Nobody knows.

        ```
        18:15  Gull
        ```

        <div>gone</div>

        第一行
        第二行。
        """)
    assert blocks(document) == [
        ("heading", "The ferry & the tide"),
        ("paragraph", "The evening ferry leaves earlier now."),
        ("paragraph", "A boat Not seen twice."),
        ("list_item", "Dogs travel free."),
        ("list_item", "Small ones."),
        ("list_item", "Bicycles don't."),
        ("table_row", "Boat | Fare"),
        ("table_row", "Boat: Gull | Fare: 4"),
        ("paragraph", "Nobody knows."),
        ("code", "18:15  Gull"),
        ("paragraph", "第一行第二行。"),
    ]
    assert document.text.startswith("The ferry & the tide\n\nThe evening")
    assert "free.\nSmall ones.\nBicycles" in document.text
    assert document.metadata.title == "The ferry & the tide"


BRIEF = """\
---
title: A brief
as_of: 2024-12-05            # the newest fact
sources:
  - publisher: TASS
    url: https://tass.example/1
    published: 2024-11
    kind: state media
    facts: [TR-01, TR-02]
  - publisher: KCNA
    url: https://kcna.example/2
    published: 2024-06-20
    kind: agency
    facts: [TR-02]
---
## What was signed?

A treaty was signed.[^TR-01] It has
an article.[^TR-02] Nobody says more.[^XX-99] It is in force. It lasts.[^TR-01][^TR-02] An end.

- One point[^TR-02].
"""


def test_a_marker_covers_the_text_since_the_one_before_it():
    document = markdown(BRIEF)
    covered = [
        (document.text[r.start : r.end], [source.publisher for source in r.sources])
        for r in document.references
    ]
    assert covered == [
        ("A treaty was signed.", ["TASS"]),
        ("It has an article.", ["TASS", "KCNA"]),
        ("It is in force. It lasts.", ["TASS", "KCNA"]),
        ("One point.", ["TASS", "KCNA"]),
    ]
    assert "[^" not in document.text
    assert "Nobody says more. It is in force. It lasts. An end." in document.text
    source = document.references[0].sources[0]
    assert (source.url, source.published, source.kind) == (
        "https://tass.example/1",
        "2024-11",
        "state media",
    )


def test_other_peoples_footnotes_stay_as_paragraphs():
    document = markdown("""\
        The ferry leaves earlier.[^1] It is small[^note].

        [^1]: https://example.org/tides
        [^note]: Forty people
            fit on it.
        """)
    assert [block for _, block in blocks(document)] == [
        "The ferry leaves earlier. It is small.",
        "https://example.org/tides",
        "Forty people fit on it.",
    ]
    assert document.references == ()


def test_front_matter_is_read_liberally():
    document = markdown("""\
        ---
        Title: "  Ferry:  news "
        site: Courier
        authors: [Mina Park, Juri Lee]
        date: 2024-11-05 10:30:00
        lang: zh-Hant-TW
        kind: outlet
        link: https://courier.example/ferry
        tags: {a: [b]}
        ---
        Text.
        """)
    metadata = document.metadata
    assert metadata.title == "Ferry: news"
    assert metadata.publisher == "Courier"
    assert metadata.author == "Mina Park, Juri Lee"
    assert metadata.published == "2024-11-05"
    assert metadata.language == "zh"
    assert metadata.kind == "outlet"
    assert metadata.url == "https://courier.example/ferry"


def test_front_matter_that_makes_no_sense_does_no_harm():
    document = markdown("""\
        ---
        published: 2024-02-30
        language: no
        author:
        url: javascript:alert(1)
        publisher: !!python/object/apply:os.system ["true"]
        ---
        Text.
        """)
    metadata = document.metadata
    assert (metadata.published, metadata.language) == (None, "no")
    assert (metadata.author, metadata.url) == (None, None)
    assert metadata.title == "Brief"


def test_malformed_front_matter_is_refused_and_names_the_line():
    with pytest.raises(RefusedError, match=r"front matter can't be read \(line 3: "):
        markdown("---\ntitle: Ferry\nauthor: Park: Mina\n---\nText.")


def test_front_matter_nested_a_thousandfold_is_refused():
    with pytest.raises(RefusedError, match="nested too deeply"):
        markdown("---\na: " + "[" * 5_000 + "\n---\nText.")


@pytest.mark.parametrize(
    ("stated", "date"),
    [
        ("2024-11-05T23:30:00Z", "2024-11-05"),
        ("2024-11", "2024-11"),
        ("2024", "2024"),
        ("2024/11/5", "2024-11-05"),
        ("20241105", "2024-11-05"),
        ("2024. 11. 5.", "2024-11-05"),
        ("2024년 11월 5일", "2024-11-05"),
        ("2024年11月", "2024-11"),
        ("5 November 2024", "2024-11-05"),
        ("Nov. 5th, 2024", "2024-11-05"),
        ("5 ноября 2024 года", "2024-11-05"),
        ("November 2024", "2024-11"),
        ("05.11.2024", "2024-11-05"),
        ("Tue, 05 Nov 2024 10:00:00 GMT", "2024-11-05"),
        ("05/11/2024", None),  # nobody can tell
        ("2024-13-01", None),
        ("soon", None),
        ("~", None),
        (None, None),
        ({"a": 1}, None),
    ],
)
def test_dates_are_read_where_they_are_sure(stated, date):
    assert iso_date(stated) == date


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("owner-article.txt", "Owner article"),
        ("/home/x/harbour_news-2.md", "Harbour news 2"),
        ("North-South talks.pdf", "North-South talks"),
        ("%EC%97%AC%EA%B0%9D.html", "여객"),
        ("C:\\files\\report.docx", "Report"),
        ("report.v2.final.pdf", "Report.v2.final"),
        ("", "Untitled"),
    ],
)
def test_a_file_name_becomes_a_readable_title(name, title):
    assert readable_name(name) == title
