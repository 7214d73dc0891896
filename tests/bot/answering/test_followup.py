"""Follow-up questions take what they leave out from the conversation."""

from __future__ import annotations

import pytest

from bot.answering.followup import needs_context, stand_alone
from bot.answering.model import Exchange

SHELLS = Exchange("How many shells did North Korea send to Russia?", "About 12 million.")


@pytest.mark.parametrize(
    "question",
    [
        "and China?",
        "what about missiles?",
        "when was that?",
        "did they deny it?",
        "а Китай?",
        "why?",
    ],
)
def test_a_follow_up_carries_the_last_question_along(question):
    made = stand_alone(question, [SHELLS])
    assert "shells did North Korea send to Russia" in made
    assert made != question


@pytest.mark.parametrize(
    "question",
    [
        "How many soldiers did North Korea lose in Kursk?",
        "What does Article 4 of the treaty say?",
        "who is Choe Son Hui",
    ],
)
def test_a_question_with_its_own_subject_stays_as_it_is(question):
    assert stand_alone(question, [SHELLS]) == question


def test_without_a_conversation_nothing_is_added():
    assert stand_alone("and China?", []) == "and China?"


def test_a_chain_of_follow_ups_goes_back_to_the_subject():
    made = stand_alone("when was that?", [SHELLS, Exchange("and missiles?")])
    assert "missiles" in made
    assert "shells did North Korea send" in made


def test_a_follow_up_is_recognised_by_what_it_lacks():
    assert needs_context("and in 2025?")
    assert not needs_context("How many North Korean soldiers are in Russia today?")


@pytest.mark.parametrize("question", ["hi", "thanks!", "ok", "lol", "спасибо", "谢谢"])
def test_small_talk_is_no_follow_up_and_no_subject(question):
    assert stand_alone(question, [SHELLS]) == question
    assert "shells did North Korea" in stand_alone("and China?", [SHELLS, Exchange(question)])


def test_a_whole_question_in_chinese_stands_for_itself():
    question = "中国对朝鲜的石油出口是多少?"
    assert stand_alone(question, [SHELLS]) == question


def test_a_long_chain_carries_no_more_than_the_last_question_and_the_subject():
    chain = [SHELLS, *(Exchange(f"and number {n}?") for n in range(5))]
    made = stand_alone("when?", chain)
    assert made == "when? (and number 4; How many shells did North Korea send to Russia?)"
