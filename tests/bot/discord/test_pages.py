"""Answers of any length become messages that Discord takes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from bot.answering.factcheck import ClaimCheck, FactCheck
from bot.answering.model import Answer, Citation, Question, Statement
from bot.answering.timeline import Timeline, TimelineEntry
from bot.discord.rendering.answers import Frame, answer_pages
from bot.discord.rendering.citations import Opened, opened_page
from bot.discord.rendering.findings import fact_check_pages, timeline_pages
from bot.discord.rendering.page import MOST_COMPONENTS, MOST_TEXT, Page
from store.answers import Provenance
from store.model import Correction, Source
from tests.bot.discord.reading import walk

FRAME = Frame("0123456789ab", "What happened?" * 40, private=True)
NASTY = "*_~`|<>[]()#@everyone " * 200


def citation(number: int, title: str = "A title", url: str | None = None) -> Citation:
    sources = tuple(
        Source(f"Publisher {i} {title}", f"https://example.org/{i}", "2024-01-01", "agency")
        for i in range(12)
    )
    quote = f"Quote {number}. {title}"
    return Citation(
        number,
        quote,
        "d" * 12,
        1,
        "p",
        0,
        len(quote),
        title,
        title,
        "2024-11",
        title,
        url,
        3,
        sources,
        author=title,
        event="2024-10-18",
        instructions=number == 1,
    )


def answer(sentences: list[str], title: str = "A title", each: int = 1) -> Answer:
    citations = tuple(
        citation(n, title, "https://example.org/" + "x" * 100)
        for n in range(1, len(sentences) * each + 1)
    )
    statements = tuple(
        Statement(text, tuple(range(i * each + 1, (i + 1) * each + 1)))
        for i, text in enumerate(sentences)
    )
    question = Question("What happened?")
    return Answer(question, NASTY, "answered", "generative", statements, citations, (), 0.9)


def check(page: Page) -> None:
    """Discord's limits on a message of Components V2."""
    parts: list[dict[str, Any]] = list(walk(page.tree()))
    shown = [part["content"] for part in parts if part["type"] == 10]
    assert len(parts) <= MOST_COMPONENTS
    assert sum(map(len, shown)) <= MOST_TEXT
    assert all(text.strip() for text in shown)
    ids = [part["custom_id"] for part in parts if part.get("custom_id")]
    assert len(set(ids)) == len(ids)
    assert all(len(i) <= 100 for i in ids)
    for row in (part for part in parts if part["type"] == 1):
        assert 1 <= len(row["components"]) <= 5
    assert page.layout().content_length() <= MOST_TEXT


@pytest.mark.parametrize(
    ("sentences", "title", "each"),
    [
        (["Short."], "A title", 1),
        (["A sentence of some length. " * 20] * 4, "A title", 1),
        (["A sentence of some length. " * 20] * 30, "A title", 1),
        (["Short."] * 60, "A title", 1),
        (["x" * 9_000], "A title", 1),
        ([NASTY] * 5, NASTY, 1),
        (["Well supported. " * 10] * 6, "A title", 6),
        (["말" * 3_000] * 3, "제목" * 200, 2),
    ],
)
def test_every_page_keeps_the_limits(sentences, title, each):
    pages = answer_pages(answer(sentences, title, each), FRAME)
    for page in pages:
        check(page)


def test_a_sentence_and_its_source_and_button_are_on_the_same_page():
    pages = answer_pages(answer(["A sentence of some length. " * 20] * 30), FRAME)
    assert len(pages) > 1
    for page in pages:
        parts = list(walk(page.tree()))
        shown = "\n".join(part["content"] for part in parts if part["type"] == 10)
        in_sentences = set(re.findall(r"\. \*\*\[(\d+)\]\*\*", shown))
        in_sources = set(re.findall(r"(?m)^-# \*\*\[(\d+)\]\*\*", shown))
        on_buttons = {
            part["label"].strip("[]") for part in parts if "cite" in part.get("custom_id", "")
        }
        assert in_sentences == in_sources == on_buttons != set()


def test_no_sentence_is_lost_between_pages():
    sentences = [f"Sentence number {n}. " + "Words. " * 60 for n in range(25)]
    pages = answer_pages(answer(sentences), FRAME)
    shown = "\n".join(
        part["content"] for page in pages for part in walk(page.tree()) if part["type"] == 10
    )
    assert [n for n in range(25) if f"Sentence number {n}." not in shown] == []


def test_only_the_last_page_says_complete_and_has_the_feedback():
    pages = answer_pages(answer(["A sentence of some length. " * 20] * 30), FRAME)
    for page in pages:
        text = str(page.tree())
        assert ("Complete" in text) is (page is pages[-1])
        assert ("tumen:feedback" in text) is (page is pages[-1])


@pytest.mark.parametrize(
    "words", ["", "short", NASTY, "word " * 300, "말" * 900, "a\n\n\nb\n" * 99]
)
def test_an_opened_citation_keeps_the_limits(words):
    cited = citation(1, NASTY, "https://example.org/" + "x" * 600)
    corrections = (Correction("publisher", NASTY, NASTY, "42", "2024-11-07T00:00:00", NASTY),) * 9
    came = Provenance("2024-11-06", NASTY, "x", "42")
    check(opened_page(Opened(cited, words, words, cited.sources, came, corrections)))


def test_an_opened_citation_says_who_and_when_and_what_was_corrected():
    cited = replace(citation(1), author="Ivan Petrov", kind="state media")
    made = Correction("publisher", "Border Post", None, "42", "2024-11-07T00:00:00")
    shown = str(opened_page(Opened(cited, "", "", (), None, (made,))).tree())
    assert "by Ivan Petrov" in shown
    assert "state media" in shown
    assert "Nov 2024 (on 18 Oct 2024)" in shown
    assert "Corrected (publisher), 7 Nov 2024, <@42>: Border Post → none" in shown
    assert "worded like instructions to an AI" in shown
    calm = str(opened_page(Opened(citation(2), "", "", (), None)).tree())
    assert "worded like instructions" not in calm


def test_the_surroundings_of_a_quote_keep_their_paragraphs():
    cited = citation(1)
    shown = str(opened_page(Opened(cited, "One.\nTwo. ", " Three.\nFour.", (), None)).tree())
    assert "> One.\\n> Two. **Quote 1. A title** Three.\\n> Four." in shown


@pytest.mark.parametrize("title", ["A title", NASTY])
def test_a_timeline_crowded_on_one_day_keeps_the_limits_and_loses_nothing(title):
    entries = tuple(
        TimelineEntry((2024, 10, 18), replace(citation(n, title), quote=f"Fact {n}. " + NASTY))
        for n in range(1, 41)
    )
    pages = timeline_pages(Timeline(NASTY, entries), FRAME)
    for page in pages:
        check(page)
    shown = str([page.tree() for page in pages])
    assert [n for n in range(1, 41) if f"Fact {n}." not in shown] == []


def test_a_fact_check_of_long_claims_keeps_the_limits():
    verdicts = ("supported", "contradicted", "not in the corpus")
    claims = tuple(
        ClaimCheck(NASTY, verdict, (citation(2 * n + 1, NASTY), citation(2 * n + 2, NASTY)), NASTY)
        for n, verdict in enumerate(verdicts * 4)
    )
    for page in fact_check_pages(FactCheck("x", claims), FRAME):
        check(page)
