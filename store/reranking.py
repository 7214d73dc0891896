"""Ranking the best of what was found again, by signs that cost more to read.

Each sign is standardised over the passages that are ranked, then weighed. The weights were
learnt by a listwise softmax loss on three sets of questions at once (news, an encyclopedia, our
own), so that none of them is served at the price of another: `python -m
tests.quality.fit_ranking` learns them anew. A boosted forest on the same signs did better on the
news only because it learnt which of its articles are asked about (`tests/quality/LOG.md`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from store.analysis import sentence_terms, shared_pairs, telling_pairs
from store.model import Hit
from store.question import ParsedQuestion

DEPTH = 80
"""Passages ranked again. With 200 nothing was gained."""


class Signs(NamedTuple):
    """What speaks for a passage; also the weights of each."""

    lexical: float
    """BM25 over the passage, its title, headings, publisher and date."""
    dense: float
    """Cosine of the question and the passage. Beside its sentences', it speaks for long ones."""
    best_sentence: float
    """Cosine of the question and the nearest sentence."""
    second_sentence: float
    """The same for the next one."""
    sentence_coverage: float
    """Share of the question's weight that one sentence holds."""
    coverage: float
    """Share of it that all sentences hold together."""
    coverage_with_title: float
    """Share of it that these hold with title and headings."""
    best_of_both: float
    """The best sentence by cosine and half its coverage together."""
    phrases: float
    """Share of the question's pairs of neighbouring words that the passage has, too."""
    publisher: float
    """1 if the question names the publisher."""
    date: float
    """1 if the question names a date of the publication."""
    language: float
    """1 if the passage is in the question's language."""


WEIGHTS = Signs(
    lexical=0.18,
    dense=-0.50,
    best_sentence=0.45,
    second_sentence=0.32,
    sentence_coverage=0.40,
    coverage=-0.38,
    coverage_with_title=0.72,
    best_of_both=0.36,
    phrases=0.12,
    publisher=2.0,
    date=1.45,
    language=2.2,
)
FLAGS = ("publisher", "date", "language")
"""Signs that are yes or no, and weigh as they are."""
_FLAG_COLUMNS = [name in FLAGS for name in Signs._fields]


@dataclass(frozen=True, slots=True)
class Found:
    """A hit of the first ranking with what only that knows of it."""

    hit: Hit
    lexical: float
    publisher: bool
    date: bool
    language: bool


def rerank(question: ParsedQuestion, found: Sequence[Found]) -> list[Hit]:
    """The hits with their scores and signs, best first."""
    signs = signs_of(question, found)
    scores = signs @ np.array(WEIGHTS)
    return [
        replace(found[n].hit, score=round(float(scores[n]), 4), signs=tuple(map(float, signs[n])))
        for n in np.argsort(-scores, kind="stable")
    ]


def signs_of(question: ParsedQuestion, found: Sequence[Found]) -> NDArray[np.float64]:
    """The standardised signs, shape (passages, signs)."""
    pairs = telling_pairs(sentence_terms(question.text))
    signs = np.array([_read(question, pairs, one) for one in found])
    result: NDArray[np.float64] = np.where(_FLAG_COLUMNS, signs, standardised(signs))
    return result


def standardised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values, or each column of them, less their mean and in standard deviations."""
    spread = values.std(axis=0)
    result: NDArray[np.float64] = (values - values.mean(axis=0)) / np.where(
        spread > 1e-9, spread, 1.0
    )
    return result


def _read(question: ParsedQuestion, pairs: frozenset[tuple[str, str]], found: Found) -> Signs:
    passage = found.hit.passage
    sentences = [sentence_terms(text) for text in passage.sentence_texts]
    covered = [question.coverage(frozenset(terms)) for terms in sentences]
    together = frozenset(term for terms in sentences for term in terms)
    above = sentence_terms(passage.headline)
    similar = found.hit.sentence_similarities
    nearest = sorted(similar, reverse=True)[:2] or [0.0]
    return Signs(
        lexical=found.lexical,
        dense=found.hit.similarity,
        best_sentence=nearest[0],
        second_sentence=nearest[-1],
        sentence_coverage=max(covered, default=0.0),
        coverage=question.coverage(together),
        coverage_with_title=question.coverage(together.union(above)),
        best_of_both=max(
            (cosine + share / 2 for cosine, share in zip(similar, covered, strict=True)),
            default=0.0,
        ),
        phrases=shared_pairs(pairs, [term for terms in sentences for term in terms]),
        publisher=float(found.publisher),
        date=float(found.date),
        language=float(found.language),
    )
