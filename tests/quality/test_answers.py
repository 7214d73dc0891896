"""A guard against regressions: a slice of our question set, with margins below what is measured.

The figures themselves come from `tumen eval --corpus corpus --half all`.
"""

from __future__ import annotations

import pytest

from bot.answering.engine import AnswerEngine
from bot.evaluation.cases import read_cases
from bot.evaluation.measures import summarise
from bot.evaluation.scoring import examine
from bot.settings import QUESTION_SET


@pytest.fixture(scope="module")
def scores(corpus_store):
    engine = AnswerEngine(corpus_store)
    cases = [case for case in read_cases([QUESTION_SET]) if case.half == "open"]
    return [examine(case, engine, corpus_store) for case in cases]


def test_every_quote_stands_in_its_document(scores):
    assert all(score.verbatim for score in scores)


def test_nothing_off_topic_is_answered(scores):
    answered = [s.case.id for s in scores if s.case.kind == "off-topic" and not s.right_verdict]
    assert len(answered) <= 1, answered


def test_answers_hold_what_was_asked_for(scores):
    figures = summarise("answerable", [score for score in scores if score.case.answerable])
    assert figures.right_verdict >= 0.82
    assert figures.coverage >= 0.64
    assert figures.recall_at_5 >= 0.76
