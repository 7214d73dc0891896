"""Scores: what an answer holds of its gold, and where it went wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answering.engine import AnswerEngine
from bot.answering.model import Question
from bot.evaluation.cases import Case
from bot.evaluation.measures import auroc, by_group, trades
from bot.evaluation.report import render_report
from bot.evaluation.scoring import examine

TRUCKS = "The Border Post counted 412 trucks on the Tumen bridge in February 2025."


@pytest.fixture
def scored(store, add):
    add(f"{TRUCKS} Officers in Khasan said that nothing was declared.", "/trucks.md")
    add("The choir of Rason sang for guests from Vladivostok.", "/choir.md")
    engine = AnswerEngine(store)

    def score(text, points=(), passages=(), *, answerable=True, kind="numbers"):
        case = Case(text, kind, "en", Question(text), answerable, points, passages)
        return examine(case, engine, store)

    return score


def test_a_good_answer_holds_its_points_and_found_its_passage_first(scored):
    score = scored(
        "how many trucks crossed the Tumen bridge?", (("412  TRUCKS",), ("nine",)), (TRUCKS,)
    )
    assert score.points == (True, False)
    assert score.coverage == 0.5
    assert score.gold_rank == 1
    assert score.recalled
    assert score.reciprocal_rank == 1.0
    assert score.precision == 1 / len(score.answer.citations)
    assert score.verbatim
    assert score.trouble == "1 of 2 points not in the answer; the passage was found"


def test_abstaining_from_what_the_corpus_says_is_trouble(scored):
    score = scored("when was the eiffel tower painted?", (("blue",),), ("It was painted blue.",))
    assert not score.right_verdict
    assert score.coverage == 0.0
    assert score.gold_rank is None
    assert score.trouble
    assert score.trouble.startswith("abstained at")


def test_answering_what_the_corpus_does_not_say_is_trouble(scored):
    score = scored("how many trucks crossed the Tumen bridge?", answerable=False)
    assert score.trouble == "answered, but the corpus does not say"
    assert score.coverage is None


def test_a_quote_that_is_not_in_its_document_is_trouble_above_all(scored):
    score = scored("how many trucks crossed the Tumen bridge?", (("412 trucks",),), (TRUCKS,))
    assert score.trouble is None
    assert replace(score, verbatim=False).trouble == "a quote does not stand in its document"


def test_groups_and_trades_count_each_kind_for_itself(scored):
    good = scored("how many trucks crossed the Tumen bridge?", (("412 trucks",),), (TRUCKS,))
    foreign = scored("when was the eiffel tower painted?", answerable=False, kind="off-topic")
    groups = {group.name: group for group in by_group([good, foreign])}
    assert groups["all answerable"].coverage == 1.0
    assert groups["off-topic"].right_verdict == 1.0
    assert "near misses" not in groups
    assert auroc([good, foreign]) == 1.0
    assert auroc([good]) is None
    [low, high] = trades([good, foreign], [0.0, 1.01])
    assert (low.answered, low.risk, low.off_topic_refused) == (1.0, 0.5, 0.0)
    assert (high.answered, high.risk, high.false_abstention) == (0.0, None, 1.0)


def test_the_report_shows_each_question_and_escapes_what_documents_say(store, add):
    add("The <b>Border</b> Post counted 412 trucks on the Tumen bridge.", "/trucks.md")
    question = Question("how many trucks on the Tumen bridge?")
    case = Case("q<1>", "numbers", "en", question, answerable=True, points=(), passages=())
    page = render_report([examine(case, AnswerEngine(store), store)], "a & b", 0.5)
    assert "how many trucks on the Tumen bridge?" in page
    assert "&lt;b&gt;Border&lt;/b&gt;" in page
    assert "<b>Border" not in page
    assert "a &amp; b" in page
