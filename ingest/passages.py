"""Cutting a document into passages: whole sentences, as many as the model can read well."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ingest.parsed import Block, ParsedDocument
from store.model import PassageSpan, Range
from store.sentences import split_sentences

OVERLAP_SENTENCES = 2
OVERLAP_SHARE = 0.3
"""The overlap never takes more than this share of a passage."""
_WORD_END = re.compile(r"\S(?=\s)|[。，、；,;]")


class TokenCounter(Protocol):
    """The part of an embedder that cutting needs."""

    @property
    def max_tokens(self) -> int:
        """The most tokens of text that the model reads."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    end: int
    tokens: int
    page: int | None


def cut_passages(document: ParsedDocument, counter: TokenCounter) -> tuple[PassageSpan, ...]:
    """The passages of a document, in order.

    No passage crosses a heading, so that its heading path holds for every sentence in it;
    neighbours overlap by up to two sentences. A sentence that alone is too long for the
    model is cut between words.
    """
    passages: list[PassageSpan] = []
    path: list[tuple[int, str]] = []
    section: list[Block] = []
    for block in document.blocks:
        if block.kind != "heading":
            section.append(block)
            continue
        passages += _cut_section(document.text, section, path, counter)
        section = []
        title = " ".join(document.text[block.start : block.end].split())
        path = [(level, name) for level, name in path if level < block.level]
        path.append((block.level, title))
    passages += _cut_section(document.text, section, path, counter)
    return tuple(passages)


def _cut_section(
    text: str,
    section: Sequence[Block],
    path: Sequence[tuple[int, str]],
    counter: TokenCounter,
) -> list[PassageSpan]:
    headings = tuple(name for _, name in path)
    sentences = _fitting(text, section, counter)
    passages = []
    first = 0
    while first < len(sentences):
        last, tokens = _fill(sentences, first, counter.max_tokens)
        run = sentences[first:last]
        passages.append(
            PassageSpan(
                start=run[0].start,
                end=run[-1].end,
                sentences=tuple((sentence.start, sentence.end) for sentence in run),
                heading_path=headings,
                page=run[0].page,
                tokens=tokens,
            )
        )
        if last == len(sentences):
            break
        first = last - _overlap(run, counter.max_tokens)
    return passages


def _fill(sentences: Sequence[_Sentence], first: int, limit: int) -> tuple[int, int]:
    """One past the last sentence that fits from ``first`` on, and the tokens until there."""
    tokens = 0
    for last in range(first, len(sentences)):
        if tokens and tokens + sentences[last].tokens > limit:
            return last, tokens
        tokens += sentences[last].tokens
    return len(sentences), tokens


def _overlap(run: Sequence[_Sentence], limit: int) -> int:
    """How many of a passage's last sentences the next one repeats."""
    budget = limit * OVERLAP_SHARE
    repeated = 0
    for sentence in reversed(run[1:]):
        budget -= sentence.tokens
        if budget < 0 or repeated == OVERLAP_SENTENCES:
            break
        repeated += 1
    return repeated


def _fitting(text: str, section: Sequence[Block], counter: TokenCounter) -> list[_Sentence]:
    """The section's sentences with their token counts, none of them over the model's limit."""
    found = [(sentence, block.page) for block in section for sentence in _sentences_of(text, block)]
    counts = counter.count_tokens([text[start:end] for (start, end), _ in found])
    fitting: list[_Sentence] = []
    for ((start, end), page), tokens in zip(found, counts, strict=True):
        if tokens <= counter.max_tokens:
            fitting.append(_Sentence(start, end, tokens, page))
            continue
        pieces = _pieces(text, (start, end), counter)
        fitting += [_Sentence(*piece, count, page) for piece, count in pieces]
    return fitting


def _sentences_of(text: str, block: Block) -> list[Range]:
    if block.kind in ("table_row", "code"):
        return [(block.start, block.end)]
    return split_sentences(text, block.start, block.end)


def _pieces(text: str, sentence: Range, counter: TokenCounter) -> list[tuple[Range, int]]:
    """A sentence cut into halves, between words where it has any, until each piece fits."""
    start, end = sentence
    [tokens] = counter.count_tokens([text[start:end]])
    if tokens <= counter.max_tokens or end - start < 2:
        return [(sentence, tokens)]
    middle = (start + end) // 2
    ends = [match.end() for match in _WORD_END.finditer(text, start, end - 1)]
    cut = min(ends, key=lambda place: abs(place - middle), default=middle)
    left = (start, cut)
    right_start = cut
    while right_start < end and text[right_start].isspace():
        right_start += 1
    return _pieces(text, left, counter) + _pieces(text, (right_start, end), counter)
