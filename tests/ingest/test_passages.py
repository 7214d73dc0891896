"""Passages hold whole sentences, fit the model, and give back the exact words."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.parsed import Block, ParsedDocument
from ingest.passages import cut_passages
from store.model import Metadata

SENTENCES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "Troops left.",
                "Kim met Putin in Vladivostok, far from the front, and spoke of shells.",
                "국정원은 북한군 1만 명이 쿠르스크에 있다고 밝혔다.",
                "По словам Киева, потери составили 4000 человек.",
                "韩国说约有一万名士兵在俄罗斯。",
                "word " * 400,
                "x" * 3000,
            ]
        ),
        st.text(min_size=1, max_size=80),
    ),
    min_size=1,
    max_size=25,
)


def document(paragraphs, heading_every=0):
    text, blocks = "", []
    for number, paragraph in enumerate(paragraphs):
        kind = "heading" if heading_every and number % heading_every == 0 else "paragraph"
        stripped = paragraph.strip()
        if not stripped:
            continue
        start = len(text)
        text += stripped
        blocks.append(Block(start, len(text), kind, 2 if kind == "heading" else 0))
        text += "\n\n"
    return ParsedDocument(text, tuple(blocks), Metadata("A document"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(paragraphs=SENTENCES, heading_every=st.integers(0, 5))
def test_passages_fit_the_model_and_miss_no_sentence(embedder, paragraphs, heading_every):
    made = document(paragraphs, heading_every)
    passages = cut_passages(made, embedder)
    covered = set()
    for passage in passages:
        assert passage.start == passage.sentences[0][0]
        assert passage.end == passage.sentences[-1][1]
        assert passage.tokens <= embedder.max_tokens
        assert embedder.count_tokens([made.text[passage.start : passage.end]])[0] <= 256
        for start, end in passage.sentences:
            assert made.text[start:end] == made.text[start:end].strip() != ""
            covered.update(range(start, end))
    body = {
        place
        for block in made.blocks
        if block.kind != "heading"
        for place in range(block.start, block.end)
        if not made.text[place].isspace()
    }
    assert body <= covered


def test_neighbours_overlap_by_two_sentences(embedder):
    made = document([" ".join(f"Sentence number {n} is about shells." for n in range(100))])
    passages = cut_passages(made, embedder)
    assert len(passages) > 2
    for one, other in pairwise(passages):
        assert one.sentences[-2:] == other.sentences[:2]


def test_passages_are_as_long_as_the_model_reads_well(embedder):
    made = document([" ".join(f"Sentence number {n} is about shells." for n in range(100))])
    assert all(220 <= passage.tokens <= 254 for passage in cut_passages(made, embedder)[:-1])


def test_a_passage_knows_its_headings_and_never_crosses_one(embedder):
    text = "Treaty\n\nClauses\n\nArticle 4 binds both.\n\nSigning\n\nIt was signed in June."
    places = [(0, 6, 1), (8, 15, 2), (17, 38, 0), (40, 47, 2), (49, 71, 0)]
    blocks = tuple(
        Block(start, end, "heading" if level else "paragraph", level)
        for start, end, level in places
    )
    passages = cut_passages(ParsedDocument(text, blocks, Metadata("Treaty")), embedder)
    assert [passage.heading_path for passage in passages] == [
        ("Treaty", "Clauses"),
        ("Treaty", "Signing"),
    ]


def test_a_passage_knows_the_page_on_which_it_begins(embedder):
    text = "First page.\n\nSecond page."
    blocks = (Block(0, 11, "paragraph", page=1), Block(13, 25, "paragraph", page=2))
    [passage] = cut_passages(ParsedDocument(text, blocks, Metadata("Report")), embedder)
    assert passage.page == 1
