"""A message's claims are held against the corpus; what is not plain is left open."""

from __future__ import annotations

import pytest

from bot.answering.engine import AnswerEngine
from bot.answering.factcheck import split_claims
from tests.quality.factcheck import load_claims, outcomes

SUPPORTED = [
    "The treaty came into force on 4 December 2024.",
    "2,000 North Korean soldiers died according to the NIS.",
    "North Korea sent 28,000 containers to Russia.",
    "Putin and Kim signed the treaty in Pyongyang.",
    "North Korea stole 1.5 billion dollars from Bybit.",
    "Russia vetoed the panel of experts in March 2024.",
    "SIPRI says north korea has about 50 warheads.",
]
CONTRADICTED = [
    "50,000 North Korean soldiers died.",
    "NK stole $283 billion in crypto.",
    "SIPRI says north korea has about 500 warheads",
]
OPEN = [
    "The treaty came into force on 5 March 2023.",
    "China sent tanks to Russia.",
    "North Korea denied the deployment in April 2025.",
    "Russia did not veto the panel of experts.",
    "Kim is a clown lol",
    "Mongolia sent 400 horses to Kursk.",
    "South Korea vetoed the panel of experts in March 2024.",
    "China sent 28,000 containers to Russia.",
    "The treaty came into force on 4 December 2025.",
    "Zelensky signed the treaty in Pyongyang.",
    "Japan stole 1.5 billion dollars from Bybit.",
    "The weather in Seoul is nice today.",
]


@pytest.fixture(scope="module")
def engine(corpus_store):
    return AnswerEngine(corpus_store)


def only(engine, text):
    [check] = engine.fact_check(text).claims
    return check


@pytest.mark.parametrize("claim", SUPPORTED)
def test_what_one_sentence_says_whole_is_supported(engine, corpus_store, claim):
    check = only(engine, claim)
    assert check.verdict == "supported"
    for cited in check.citations:
        text = corpus_store.text(cited.document_id, cited.version)
        assert text[cited.start : cited.end] == cited.quote


@pytest.mark.parametrize("claim", CONTRADICTED)
def test_another_number_for_the_same_thing_is_shown_side_by_side(engine, claim):
    check = only(engine, claim)
    assert check.verdict == "contradicted"
    assert "The message says" in check.note
    assert check.citations


@pytest.mark.parametrize("claim", OPEN)
def test_everything_else_is_not_in_the_corpus(engine, claim):
    assert only(engine, claim).verdict == "not in the corpus"


def test_nothing_is_claimed_of_the_corpus_that_it_does_not_say(engine):
    found = outcomes(engine, load_claims())
    assert [outcome.case.claim for outcome in found if outcome.is_false] == []
    right = sum(outcome.verdict == outcome.case.verdict for outcome in found)
    assert right >= 0.8 * len(found)


def test_questions_greetings_and_links_are_no_claims():
    text = "Hi all!\nIs that so? https://x.y/z <@123>\nThe treaty has 23 articles.\nok"
    assert split_claims(text) == ["The treaty has 23 articles."]


def test_the_number_of_claims_is_bounded_and_citations_are_numbered_through(engine):
    checked = engine.fact_check(" ".join(SUPPORTED))
    assert len(checked.claims) == 5
    numbers = [citation.number for citation in checked.citations]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_server_is_checked_against_its_own_documents_only(store, add):
    add("Depot 7 in Rason holds 900 barrels of diesel.", "/a", scope="111")
    engine = AnswerEngine(store)
    claim = "Depot 7 in Rason holds 900 barrels of diesel."
    assert engine.fact_check(claim, "111").claims[0].verdict == "supported"
    assert engine.fact_check(claim, "222").claims[0].verdict == "not in the corpus"
