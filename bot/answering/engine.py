"""The answering engine: a question in, a grounded and cited answer out."""

from __future__ import annotations

import time
from datetime import date

from bot.answering.candidates import names_a_year, sentence_candidates, wanted_by
from bot.answering.citing import cite
from bot.answering.evidence import THRESHOLD, confidence, read_signs
from bot.answering.extractive import select
from bot.answering.factcheck import FactCheck, fact_check
from bot.answering.followup import stand_alone
from bot.answering.model import Answer, Question, Statement
from bot.answering.timeline import Timeline, timeline
from store.model import BASE_SCOPE
from store.store import Store

HITS = 20
NEAREST = 3
FOREIGN = 0.5
"""Share of a follow-up's own weight that the corpus does not know, from which on it is none."""
COMPOSER = "extractive"


class AnswerEngine:
    """Answers questions from one store; abstains where confidence is below ``threshold``."""

    def __init__(self, store: Store, threshold: float = THRESHOLD) -> None:
        self._store = store
        self._threshold = threshold

    def answer(self, question: Question) -> Answer:
        """Search, judge the evidence, and quote, or abstain with the nearest passages."""
        started = time.perf_counter()
        text = self._stand_alone(question)
        result = self._store.search(text, scope=question.scope, limit=HITS, as_of=question.as_of)
        composing = time.perf_counter()
        wanted = wanted_by(question.text)
        candidates = sentence_candidates(result.question, result.hits, wanted)
        sure = confidence(read_signs(result.question, result.hits, candidates))
        newer_first = wanted == "number" and not names_a_year(text)
        enough = candidates if sure >= self._threshold else []
        selection = select(enough, wanted, newer_first=newer_first)
        citations = cite(self._store, selection.chosen)
        more = cite(self._store, selection.more, first=len(citations) + 1)
        statements = tuple(Statement(" ".join(c.quote.split()), (c.number,)) for c in citations)
        ended = time.perf_counter()
        return Answer(
            question=question,
            standalone_question=text,
            verdict="answered" if statements else "abstained",
            composer=COMPOSER,
            statements=statements,
            citations=citations,
            nearest=() if statements else tuple(result.hits[:NEAREST]),
            confidence=round(sure, 4),
            more=more,
            timings_ms={
                **result.timings_ms,
                "compose": 1000 * (ended - composing),
                "total": 1000 * (ended - started),
            },
        )

    def _stand_alone(self, question: Question) -> str:
        """The question with what it takes from the conversation.

        One that is mostly of things the corpus has never heard of ("best pizza in rome?") takes
        nothing, or it would be answered with what was asked before.
        """
        if self._store.parse(question.text, question.scope).unknown > FOREIGN:
            return stand_alone(question.text, ())
        return stand_alone(question.text, question.history)

    def fact_check(
        self, text: str, scope: str = BASE_SCOPE, as_of: date | None = None
    ) -> FactCheck:
        """Hold the claims of a message against the corpus."""
        return fact_check(self._store, text, scope, as_of)

    def timeline(self, topic: str, scope: str = BASE_SCOPE, as_of: date | None = None) -> Timeline:
        """The dated sentences on a topic, in order."""
        return timeline(self._store, topic, scope, as_of)
