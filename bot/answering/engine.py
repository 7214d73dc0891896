"""The answering engine: a question in, a grounded and cited answer out."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

from bot.answering.candidates import sentence_candidates, wanted_by
from bot.answering.composing import (
    EXTRACTIVE,
    Composed,
    ExtractiveComposer,
    Found,
    Tell,
    tell_nobody,
)
from bot.answering.evidence import THRESHOLD, confidence, read_signs
from bot.answering.factcheck import FactCheck, fact_check
from bot.answering.followup import stand_alone
from bot.answering.generative.answering import ModelAnswering
from bot.answering.generative.models import Models
from bot.answering.model import Answer, Details, PassageScore, Question
from bot.answering.timeline import Timeline, timeline
from store.model import BASE_SCOPE, Hit
from store.store import Store

HITS = 20
NEAREST = 3
NOTED = 12
"""Passages of a search that are kept with the answer's details."""
FOREIGN = 0.5
"""Share of a follow-up's own weight that the corpus does not know, from which on it is none."""


class AnswerEngine:
    """Answers questions from one store: by a chat model where one is named, else by quotes.

    It abstains where confidence is below ``threshold``.
    """

    def __init__(
        self, store: Store, models: Models | None = None, threshold: float = THRESHOLD
    ) -> None:
        self._store = store
        self._threshold = threshold
        self._extractive = ExtractiveComposer(store)
        self.models = models

    def answer(self, question: Question, tell: Tell = tell_nobody) -> Answer:
        """Search, judge the evidence, and compose, or abstain with the nearest passages.

        ``tell`` hears each sentence as soon as it has passed its checks.
        """
        started = time.perf_counter()
        by_model = self._by_model(question)
        text = self._stand_alone(question, by_model)
        result = self._store.search(text, scope=question.scope, limit=HITS, as_of=question.as_of)
        composing = time.perf_counter()
        wanted = wanted_by(question.text)
        candidates = sentence_candidates(result.question, result.hits, wanted)
        sure = confidence(read_signs(result.question, result.hits, candidates))
        found = Found(question, text, tuple(result.hits), tuple(candidates), wanted)
        composed = Composed(EXTRACTIVE, (), ())
        if sure >= self._threshold:
            composed = self._compose(found, by_model, tell)
        if by_model:
            composed = by_model.settle(composed)
        ended = time.perf_counter()
        return Answer(
            question=question,
            standalone_question=text,
            verdict="answered" if composed.statements else "abstained",
            composer=composed.composer,
            statements=composed.statements,
            citations=composed.citations,
            nearest=() if composed.statements else tuple(result.hits[:NEAREST]),
            confidence=round(sure, 4),
            more=composed.more,
            timings_ms={
                **result.timings_ms,
                "compose": 1000 * (ended - composing),
                "total": 1000 * (ended - started),
            },
            notice=composed.notice,
            details=Details(
                searched=(text,),
                passages=tuple(_scored(hit) for hit in result.hits[:NOTED]),
                run=composed.run,
            ),
        )

    def _by_model(self, question: Question) -> ModelAnswering | None:
        models = self.models
        model = models.model_for(question.scope) if models else None
        return ModelAnswering(self._store, models, model, question) if models and model else None

    def _compose(self, found: Found, by_model: ModelAnswering | None, tell: Tell) -> Composed:
        """By the model; where it gives no answer, by quotes, with a line that says why."""
        composed = by_model.compose(found, tell) if by_model else None
        if composed and composed.run and composed.run.fault is None:
            return composed
        quoted = self._extractive.compose(found, tell)
        return replace(quoted, notice=composed.notice, run=composed.run) if composed else quoted

    def _stand_alone(self, question: Question, by_model: ModelAnswering | None) -> str:
        """The question with what it takes from the conversation.

        One that is mostly of things the corpus has never heard of ("best pizza in rome?") takes
        nothing, or it would be answered with what was asked before.
        """
        known = question.history and self._store.parse(question.text, question.scope)
        if not known or known.unknown > FOREIGN:
            return stand_alone(question.text, ())
        rewritten = by_model.rewrite() if by_model else None
        return rewritten or stand_alone(question.text, question.history)

    def fact_check(
        self, text: str, scope: str = BASE_SCOPE, as_of: date | None = None
    ) -> FactCheck:
        """Hold the claims of a message against the corpus."""
        return fact_check(self._store, text, scope, as_of)

    def timeline(self, topic: str, scope: str = BASE_SCOPE, as_of: date | None = None) -> Timeline:
        """The dated sentences on a topic, in order."""
        return timeline(self._store, topic, scope, as_of)


def _scored(hit: Hit) -> PassageScore:
    passage = hit.passage
    return PassageScore(
        passage.id, passage.metadata.title, hit.score, round(hit.similarity, 4), hit.reasons
    )
