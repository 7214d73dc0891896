"""Is the evidence good enough to answer? A calibrated guess, made before anything is written.

The signs say how well what was found covers the question, never how the question is worded:
on some benchmarks the wording alone gives the unanswerable ones away. Fitted by logistic
regression; `python -m tests.quality.fit_abstention` prints the coefficients anew.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from bot.answering.candidates import SentenceCandidate
from store.analysis import document_terms
from store.model import Hit
from store.question import ParsedQuestion


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for an answer, each between 0 and 1."""

    sentence_similarity: float
    """Cosine of the question and the best sentence."""
    passage_similarity: float
    """Cosine of the question and the nearest passage."""
    sentence_coverage: float
    """Share of the question's weight that the best sentence has."""
    context_coverage: float
    """The same for the best sentence with its neighbours and headings."""
    passage_coverage: float
    """The same for the best sentence's whole passage."""
    heaviest_missing: float
    """Weight of the rarest concept that the context lacks, as a share of all."""
    unknown: float
    """Share of the question's weight that no document mentions at all."""
    gives_wanted: float
    """Whether the best sentence has the number, date, name or reason that is asked for."""


INTERCEPT = -4.0
COEFFICIENTS = Signs(3.0, 1.0, 1.0, 2.0, 0.5, -1.0, -2.0, 0.5)
THRESHOLD = 0.5
"""Below this probability the answer is an abstention."""


def read_signs(
    question: ParsedQuestion, hits: Sequence[Hit], candidates: Sequence[SentenceCandidate]
) -> Signs | None:
    """The signs for the best candidate; ``None`` where there is nothing to quote."""
    if not candidates:
        return None
    best = candidates[0]
    passage = best.hit.passage
    above = [passage.metadata.title, *passage.heading_path]
    in_passage = frozenset(document_terms(" ".join([*above, passage.text])))
    total = sum(concept.weight for concept in question.concepts) or 1.0
    missing = [c.weight for c in question.concepts if not c.in_terms(in_passage)]
    return Signs(
        sentence_similarity=best.similarity,
        passage_similarity=max(hit.similarity for hit in hits),
        sentence_coverage=best.coverage,
        context_coverage=best.context_coverage,
        passage_coverage=question.coverage(in_passage),
        heaviest_missing=max(missing, default=0.0) / total,
        unknown=sum(c.weight for c in question.concepts if not c.known) / total,
        gives_wanted=float(best.gives_wanted),
    )


def confidence(signs: Signs | None) -> float:
    """The probability that the evidence answers the question."""
    if signs is None:
        return 0.0
    logit = INTERCEPT + sum(
        weight * sign for weight, sign in zip(astuple(COEFFICIENTS), astuple(signs), strict=True)
    )
    return 1 / (1 + math.exp(-logit))
