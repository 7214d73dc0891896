"""Fusing what the vector and the lexical index found into one ranking.

Both lists' scores are standardised over the candidates and added with weights, because
equal-weight rank fusion did worse than BM25 alone (``tests/benchmarks/multihop.py``). The best
are then ranked again (:mod:`store.reranking`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from store.embedding import Vector
from store.language import detect_language
from store.lexical import ScoredIds
from store.mentions import NamedDate, named_dates, named_publishers
from store.model import Hit
from store.question import ParsedQuestion
from store.record import Candidate
from store.reranking import DEPTH, Found, rerank, standardised

POOL = 100
"""Passages taken from each index before fusing."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each sign counts, in standard deviations of the candidates' scores."""

    lexical: float = 0.7
    dense: float = 0.2
    sentence: float = 0.5
    publisher: float = 2.5
    date: float = 2.5
    language: float = 1.0


def rank(
    question: ParsedQuestion,
    vector: Vector,
    dense: ScoredIds,
    lexical: ScoredIds,
    candidates: Mapping[str, Candidate],
    publishers: Sequence[str],
    weights: Weights = Weights(),
) -> list[Hit]:
    """The best candidates as hits, best first, at most :data:`store.reranking.DEPTH`.

    ``vector`` is the question's; ``dense`` and ``lexical`` are the two indexes' lists, and
    ``candidates`` those of their passages that may be shown. Publishers and dates that the
    question names raise their passages, as does the question's language; several named
    publishers take turns.
    """
    ids = [i for i in dict.fromkeys(i for i, _ in [*dense, *lexical]) if i in candidates]
    if not ids:
        return []
    members = [candidates[i] for i in ids]
    similarity = np.array([float(member.vector @ vector) for member in members])
    sentences = [member.sentence_vectors @ vector for member in members]
    best_sentence = np.array([float(s.max()) if len(s) else 0.0 for s in sentences])
    bm25 = dict(lexical)
    # A full list says of what it lacks only that it is no better than its last.
    floor = min(bm25.values()) if len(lexical) >= POOL else 0.0
    scores = (
        weights.lexical * standardised(np.array([bm25.get(i, floor) for i in ids]))
        + weights.dense * standardised(similarity)
        + weights.sentence * standardised(best_sentence)
    )
    named = named_publishers(question.text, publishers)
    dates = named_dates(question.text)
    reasons = [_reasons(member, named, dates) for member in members]
    scores += np.array([weights.publisher * ("publisher" in found) for found in reasons])
    scores += np.array([weights.date * ("date" in found) for found in reasons])
    asked_in = detect_language(question.text)
    spoken = [bool(asked_in) and m.passage.metadata.language == asked_in for m in members]
    scores += np.array([weights.language * same for same in spoken])
    dense_rank = {i: position for position, (i, _) in enumerate(dense, 1)}
    lexical_rank = {i: position for position, (i, _) in enumerate(lexical, 1)}
    found = [
        Found(
            Hit(
                passage=members[n].passage,
                score=0.0,
                similarity=float(similarity[n]),
                ranks={
                    name: ranks[ids[n]]
                    for name, ranks in (("dense", dense_rank), ("lexical", lexical_rank))
                    if ids[n] in ranks
                },
                reasons=tuple(f"the question names its {reason}" for reason in reasons[n]),
                sentence_similarities=tuple(float(s) for s in sentences[n]),
            ),
            lexical=bm25.get(ids[n], floor),
            publisher="publisher" in reasons[n],
            date="date" in reasons[n],
            language=spoken[n],
        )
        for n in np.argsort(-scores, kind="stable")[:DEPTH]
    ]
    hits = rerank(question, found)
    return _take_turns(hits, named) if len(named) > 1 else hits


def _reasons(
    member: Candidate, named: Sequence[str], dates: Sequence[NamedDate]
) -> tuple[str, ...]:
    meta = member.passage.metadata
    found = []
    if meta.publisher in named:
        found.append("publisher")
    if any(day.fits(meta.published) for day in dates):
        found.append("date")
    return tuple(found)


def _take_turns(hits: Sequence[Hit], named: Sequence[str]) -> list[Hit]:
    """One hit of each named publisher in turn, while they last; then all others in order."""
    queues = [[hit for hit in hits if hit.passage.metadata.publisher == name] for name in named]
    turns = []
    for place in range(max(map(len, queues))):
        row = [queue[place] for queue in queues if place < len(queue)]
        turns += sorted(row, key=lambda hit: -hit.score)
    return turns + [hit for hit in hits if hit.passage.metadata.publisher not in named]
