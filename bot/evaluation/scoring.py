"""How well one question was answered, and where it went wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.engine import AnswerEngine
from bot.answering.model import Answer, Citation
from bot.evaluation.cases import Case
from store.model import Hit
from store.store import Store

TOP = 20
"""Passages among which the gold one is looked for; the composer sees as many."""
RECALLED = 5


@dataclass(frozen=True, slots=True)
class Score:
    """One question's answer held against its gold. ``None`` where a measure says nothing.

    ``points`` tells for each gold point whether a cited sentence holds it, ``bearing`` for each
    citation whether it bears on the question; ``gold_rank`` is the rank, from 1, of the first
    passage found that holds a gold passage.
    """

    case: Case
    answer: Answer
    hits: tuple[Hit, ...]
    points: tuple[bool, ...]
    bearing: tuple[bool, ...]
    gold_rank: int | None
    verbatim: bool

    @property
    def right_verdict(self) -> bool:
        """Whether it was answered exactly if the corpus can."""
        return (self.answer.verdict == "answered") == self.case.answerable

    @property
    def coverage(self) -> float | None:
        """The share of gold points that the cited sentences hold."""
        return sum(self.points) / len(self.points) if self.points else None

    @property
    def precision(self) -> float | None:
        """The share of cited sentences that hold a gold point or a gold passage."""
        return sum(self.bearing) / len(self.bearing) if self.bearing else None

    @property
    def recalled(self) -> bool | None:
        """Whether a gold passage is among the first five."""
        if not self.case.passages:
            return None
        return self.gold_rank is not None and self.gold_rank <= RECALLED

    @property
    def reciprocal_rank(self) -> float | None:
        """One over the rank of the first gold passage, 0 if it was not found."""
        if not self.case.passages:
            return None
        return 1 / self.gold_rank if self.gold_rank else 0.0

    @property
    def trouble(self) -> str | None:
        """What went wrong, in words; ``None`` if nothing did."""
        if not self.verbatim:
            return "a quote does not stand in its document"
        if not self.case.answerable:
            return None if self.right_verdict else "answered, but the corpus does not say"
        if self.gold_rank is None and self.case.passages:
            found = f"no gold passage among the first {TOP}"
        elif not self.recalled and self.case.passages:
            found = f"the gold passage came {self.gold_rank}th"
        else:
            found = "the passage was found"
        if not self.right_verdict:
            return f"abstained at {self.answer.confidence:.2f}; {found}"
        missed = self.points.count(False)
        if not missed:
            return None
        return f"{missed} of {len(self.points)} points not in the answer; {found}"


def examine(case: Case, engine: AnswerEngine, store: Store) -> Score:
    """Ask a question and score its answer."""
    answer = engine.answer(case.question)
    found = store.search(answer.standalone_question, scope=case.question.scope, limit=TOP)
    return judge(case, answer, found.hits, store)


def judge(case: Case, answer: Answer, hits: Sequence[Hit], store: Store) -> Score:
    """Hold an answer, and the passages that were found for it, against the gold."""
    quotes = [_plain(citation.quote) for citation in answer.citations]
    everything = " ".join(quotes)
    points = [any(_plain(text) in everything for text in point) for point in case.points]
    gold = [_plain(passage) for passage in case.passages]
    wordings = [_plain(text) for point in case.points for text in point]
    bearing = [any(text in quote for text in [*wordings, *gold]) for quote in quotes]
    found = [_plain(hit.passage.text) for hit in hits[:TOP]]
    ranks = [rank for rank, text in enumerate(found, 1) if any(g in text for g in gold)]
    return Score(
        case=case,
        answer=answer,
        hits=tuple(hits[:TOP]),
        points=tuple(points) if case.answerable else (),
        bearing=tuple(bearing) if case.answerable else (),
        gold_rank=ranks[0] if ranks else None,
        verbatim=all(is_verbatim(citation, store) for citation in answer.citations),
    )


def is_verbatim(citation: Citation, store: Store) -> bool:
    """Whether the document gives back the quote at the place cited."""
    text = store.text(citation.document_id, citation.version)
    return text[citation.start : citation.end] == citation.quote


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).casefold().strip()
