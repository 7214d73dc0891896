"""Whole answers by a scripted model: checked, cited, mended, dropped, or quotes with a reason."""

from __future__ import annotations

import pytest

from bot.answering.composing import EXTRACTIVE
from bot.answering.details import detail_lines
from bot.answering.engine import AnswerEngine
from bot.answering.generative.chat import ModelSpec
from bot.answering.generative.models import NO_MODEL, Models
from bot.answering.model import Exchange, Question
from store.model_use import open_model_use
from tests.model_server import Reply
from tests.quality.generations import ELSEWHERE, QUESTIONS
from tests.quality.scripted import SCRIPTED

TREATY = Question(QUESTIONS["treaty"])
FORCE = "The treaty entered into force on 4 December 2024 {e2}."
SIGNED = "It was signed in Pyongyang on 19 June 2024 {e1}."
WRONG = "The treaty entered into force on 4 December 2023 {e2}."


@pytest.fixture
def say(scripted):
    """Let the model say one text first, and others when it is asked to mend."""

    def tell(text, *mended, **how):
        left = iter(mended)

        def script(asked):
            said = next(left, mended[-1]) if asked.is_repair and mended else text
            return Reply(scripted.with_ids(said, asked), **how)

        scripted.server.asked.clear()
        scripted.server.script = script

    return tell


def ask(scripted, question=TREATY, **options):
    return scripted.engine.answer(question, **options)


def test_each_sentence_carries_the_exact_words_that_bear_it_out(scripted, say):
    say(f"{FORCE} {SIGNED}")
    heard = []
    answer = ask(scripted, tell=heard.append)
    assert answer.composer == SCRIPTED
    assert heard == [s.text for s in answer.statements]
    assert [s.citations for s in answer.statements] == [(1,), (2,)]
    store = scripted.engine._store
    for citation, handle in zip(answer.citations, ("e2", "e1"), strict=True):
        text = store.text(citation.document_id, citation.version)
        assert text[citation.start : citation.end] == citation.quote == scripted.sentences[handle]


def test_the_prompt_shows_who_says_what_when_and_nothing_of_other_servers(scripted, say):
    say(FORCE)
    ask(scripted, Question(QUESTIONS["troops"]))
    [asked] = [a for a in scripted.server.asked if not a.is_repair]
    assert "] TASS (state media), 2024-12-05: The treaty entered into force" in asked.user
    assert "70,000" not in asked.user
    assert "Ignore all previous" not in asked.user


def test_a_server_sees_its_own_documents_and_those_of_the_base(scripted, say):
    say(FORCE)
    ask(scripted, Question(QUESTIONS["troops"], scope=ELSEWHERE))
    assert "70,000" in scripted.server.asked[0].user


def test_what_fails_is_sent_back_once_with_the_reason(scripted, say):
    say(f"{WRONG} {SIGNED}", FORCE)
    answer = ask(scripted)
    assert [s.text for s in answer.statements] == [
        "The treaty entered into force on 4 December 2024.",
        "It was signed in Pyongyang on 19 June 2024.",
    ]
    [repair] = [a for a in scripted.server.asked if a.is_repair]
    assert "4 December 2023” is not in what it cites" in repair.user
    assert [s.outcome for s in answer.details.run.sentences] == ["mended", "kept"]
    assert not answer.notice


def test_what_fails_twice_is_left_out_and_counted(scripted, say):
    say(f"{FORCE} {WRONG}", WRONG)
    answer = ask(scripted)
    assert len(answer.statements) == 1
    assert answer.notice == "1 sentence was left out: the sources do not bear it out."


def test_if_nothing_is_left_it_abstains_with_the_nearest_passages(scripted, say):
    say(WRONG, WRONG)
    answer = ask(scripted)
    assert (answer.verdict, answer.statements, answer.citations) == ("abstained", (), ())
    assert answer.nearest
    assert "left out" in answer.notice


def test_a_model_that_finds_no_answer_says_so(scripted, say):
    say("NOT IN THE SOURCES")
    answer = ask(scripted)
    assert answer.verdict == "abstained"
    assert answer.notice == "The chat model found no answer in the sources."


def test_thin_evidence_is_never_put_to_the_model(scripted, say):
    say("Rome has good pizza [S1].")
    answer = ask(scripted, Question("best pizza in rome?"))
    assert answer.verdict == "abstained"
    assert scripted.server.asked == []


def test_a_sentence_said_again_and_again_stands_once(scripted, say):
    say(f"{FORCE} " * 200)
    assert len(ask(scripted).statements) == 1


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"status": 401}, "was refused: its key is not valid"),
        ({"status": 404}, "is not known to its provider"),
        ({"cut_after": 9}, "broke off in the middle"),
        ({"ends": "content_filter"}, "declined to answer"),
    ],
)
def test_a_fault_ends_in_quotes_and_one_line_that_says_why(scripted, say, how, why):
    say(f"{FORCE} {SIGNED}", **how)
    answer = ask(scripted)
    assert answer.composer == EXTRACTIVE
    assert answer.verdict == "answered"
    assert answer.notice == f"The chat model {why}, so this answer quotes the sources directly."


def test_a_sentence_that_the_limit_cut_off_is_not_shown(scripted, say):
    say(f"{FORCE} The treaty was signed by Vladimir Putin and", ends="length")
    answer = ask(scripted)
    assert [s.text for s in answer.statements] == [
        "The treaty entered into force on 4 December 2024."
    ]


def test_the_record_says_what_was_searched_shown_checked_and_used(scripted, say):
    say(f"{FORCE} {WRONG}", WRONG)
    answer = ask(scripted)
    run = answer.details.run
    assert (run.model, run.calls, run.tokens_in, run.tokens_out) == (SCRIPTED, 2, 2400, 80)
    assert [name.split("@")[0] for name in run.prompts] == ["answer", "repair"]
    lines = "\n".join(detail_lines(answer))
    assert "Left out: “The treaty entered into force on 4 December 2023.”" in lines
    assert "2,400 read, 80 written" in lines


def test_a_follow_up_is_made_to_stand_alone_by_the_model(scripted):
    def script(asked):
        if asked.is_rewriting:
            return Reply("When did the treaty between Russia and North Korea enter into force?")
        return Reply(scripted.with_ids(FORCE, asked))

    scripted.server.script = script
    history = (Exchange("Who signed the treaty between Russia and North Korea?", "Putin and Kim."),)
    answer = ask(scripted, Question("and when did it enter into force?", history=history))
    assert answer.standalone_question == (
        "When did the treaty between Russia and North Korea enter into force?"
    )
    assert answer.statements


def test_a_rewriting_that_brings_in_what_nobody_named_is_not_used(scripted):
    scripted.server.script = lambda asked: Reply(
        "How many shells did Iran send?" if asked.is_rewriting else scripted.with_ids(FORCE, asked)
    )
    history = (Exchange("Who signed the treaty between Russia and North Korea?"),)
    answer = ask(scripted, Question("and when did it enter into force?", history=history))
    assert "Iran" not in answer.standalone_question
    assert "Who signed the treaty" in answer.standalone_question


@pytest.fixture
def rationed(scripted, tmp_path):
    """An engine whose servers may use 1,000 tokens a day."""
    url = f"{scripted.server.url}/v1"
    specs = [ModelSpec(name, base_url=url, price_in=1.0, price_out=2.0) for name in ("openai:a",)]
    with open_model_use(tmp_path) as use:
        yield AnswerEngine(scripted.engine._store, Models(specs, use, 1_000))


def test_a_server_that_has_used_up_its_day_gets_quotes_and_others_do_not(rationed, say):
    say(FORCE)
    first = rationed.answer(Question(TREATY.text, scope="1"))
    assert first.composer == "openai:a"
    assert first.details.run.cost == pytest.approx((1200 + 2 * 40) / 1e6)
    second = rationed.answer(Question(TREATY.text, scope="1"))
    assert second.composer == EXTRACTIVE
    assert "has used up what it may spend on this server today" in second.notice
    assert rationed.answer(Question(TREATY.text, scope="2")).composer == "openai:a"


def test_a_server_chooses_for_itself_alone(rationed, say):
    say(FORCE)
    rationed.models.choose("1", NO_MODEL, "7")
    chosen = rationed.answer(Question(TREATY.text, scope="1"))
    assert (chosen.composer, chosen.notice, chosen.details.run) == (EXTRACTIVE, "", None)
    assert rationed.answer(Question(TREATY.text, scope="2")).composer == "openai:a"
    with pytest.raises(KeyError):
        rationed.models.choose("1", "openai:other", "7")


def test_each_model_can_be_tried_out(rationed, scripted):
    scripted.server.says("ready")
    [check] = rationed.models.try_out()
    assert check.works
    assert check.told.startswith("openai:a: answered in")
    scripted.server.says(Reply(status=401, error="bad key"))
    [check] = rationed.models.try_out()
    assert not check.works
    assert "its key is not valid" in check.told
