"""Is the evidence good enough to answer? A calibrated guess, made before anything is written.

The signs say how well what was found covers the question, never how the question is worded:
on some benchmarks the wording alone gives the unanswerable ones away. Fitted by logistic
regression; `python -m tests.quality.fit_abstention` prints the coefficients anew.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from bot.answering.candidates import WEIGHT_SIMILARITY, SentenceCandidate
from store.model import Hit
from store.question import ParsedQuestion


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for an answer, each between 0 and 1."""

    sentence_similarity: float
    """Cosine of the question and the best sentence; :data:`NOTHING_KNOWN` in other scripts."""
    passage_similarity: float
    """Cosine of the question and the nearest passage; likewise."""
    titled_coverage: float
    """Share of the question's weight that the best sentence has, its title and headings added."""
    names_missing: float
    """Share of the names in the question that the best sentence lacks."""
    unknown: float
    """Share of the question's weight that no document mentions at all."""
    gives_wanted: float
    """1 if the best sentence has a number, a date, a name, a reason where one is asked for."""
    asked_missing: float
    """1 if the best sentence lacks the very thing asked about, as in "how many nukes"."""


NOTHING_KNOWN = 0.55
"""Stands for a similarity that says nothing: the default model does not read the script."""
INTERCEPT = -3.34
COEFFICIENTS = Signs(
    sentence_similarity=2.78,
    passage_similarity=2.54,
    titled_coverage=1.96,
    names_missing=-0.22,
    unknown=-0.88,
    gives_wanted=0.23,
    asked_missing=-1.29,
)
THRESHOLD = 0.52
"""Below this probability the answer is an abstention."""


def read_signs(
    question: ParsedQuestion, hits: Sequence[Hit], candidates: Sequence[SentenceCandidate]
) -> Signs | None:
    """The signs for the first candidate, the one that would lead the answer.

    ``None`` where there is nothing to quote, or where the corpus knows nothing of what is asked.
    """
    if not candidates or not any(concept.known for concept in question.concepts):
        return None
    best = candidates[0]
    reads = best.similarity_weight == WEIGHT_SIMILARITY
    names = [concept for concept in question.concepts if concept.is_name]
    missing = [name for name in names if not name.in_terms(best.terms)]
    return Signs(
        sentence_similarity=best.similarity if reads else NOTHING_KNOWN,
        passage_similarity=max(hit.similarity for hit in hits) if reads else NOTHING_KNOWN,
        titled_coverage=question.coverage(best.titled_terms),
        names_missing=len(missing) / len(names) if names else 0.0,
        unknown=question.unknown,
        gives_wanted=float(best.gives_wanted),
        asked_missing=float(not best.names_asked),
    )


def confidence(signs: Signs | None) -> float:
    """The probability that the evidence answers the question."""
    if signs is None:
        return 0.0
    logit = INTERCEPT + sum(
        weight * sign for weight, sign in zip(astuple(COEFFICIENTS), astuple(signs), strict=True)
    )
    return 1 / (1 + math.exp(-logit))
