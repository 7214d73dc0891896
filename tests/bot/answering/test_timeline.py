"""A timeline is dated sentences in order, or nothing."""

from __future__ import annotations

from datetime import date

import pytest

from bot.answering.engine import AnswerEngine
from bot.answering.timeline import first_day
from store.language import detect_language


@pytest.fixture(scope="module")
def engine(corpus_store):
    return AnswerEngine(corpus_store)


@pytest.mark.parametrize("topic", ["treaty", "crypto theft", "north korean casualties", "Bybit"])
def test_entries_stand_in_the_order_of_their_dates_with_their_words(engine, corpus_store, topic):
    entries = engine.timeline(topic).entries
    assert 2 <= len(entries) <= 12
    assert [entry.day for entry in entries] == sorted(entry.day for entry in entries)
    assert [entry.citation.number for entry in entries] == list(range(1, len(entries) + 1))
    for entry in entries:
        cited = entry.citation
        text = corpus_store.text(cited.document_id, cited.version)
        assert text[cited.start : cited.end] == cited.quote
        assert str(entry.day[0]) in cited.quote


@pytest.mark.parametrize("topic", ["pizza", "football world cup", "🙂", "?"])
def test_what_the_corpus_lacks_has_no_timeline(engine, topic):
    assert engine.timeline(topic).entries == ()


def test_no_day_speaks_for_too_long(engine):
    days = [entry.day for entry in engine.timeline("Panel of Experts").entries]
    assert max(days.count(day) for day in days) <= 2


@pytest.mark.parametrize(("topic", "language"), [("북한군 파병", "ko"), ("договор с КНДР", "ru")])
def test_a_topic_is_told_in_its_own_language_where_there_is_enough(engine, topic, language):
    entries = engine.timeline(topic).entries
    assert len(entries) >= 3
    assert {detect_language(entry.citation.quote) for entry in entries} == {language}


def test_as_of_ends_the_timeline(engine):
    entries = engine.timeline("treaty", as_of=date(2024, 12, 31)).entries
    assert entries
    assert all(entry.day[0] <= 2024 for entry in entries)


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("It began on 4 December 2024 in Moscow.", (2024, 12, 4)),
        ("In June 2025 the bridge was begun.", (2025, 6, 0)),
        ("By 2026 the bridge will stand.", (2026, 0, 0)),
        ("Договор подписан 19 июня 2024 года.", (2024, 6, 19)),
        ("2025년 4월 28일 확인했다.", (2025, 4, 28)),
        ("The 2024 pact replaced that of 9 February 2000.", (2000, 2, 9)),
        ("Nobody knows when.", None),
    ],
)
def test_a_sentence_is_dated_as_far_as_it_says(sentence, day):
    assert first_day(sentence) == day
