"""The hold-back parser: the same sentences however the stream was cut, in linear time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.generative.drafts import LONGEST_SENTENCE, DraftReader

PIECES = (
    "[S1]|[S1, S3]|【S2】|(S4)|[2]|[|]|S1|The treaty| was signed|. |! |。|\n|- |1. |**bold**"
    "|```|<think>|</think>|<|U.S. |3.5| |조약|“quoted”|,|Mr. Kim"
).split("|")


def read(text: str, size: int = 1, *, cut: bool = False):
    reader = DraftReader()
    found = []
    for n in range(0, len(text), size):
        found += reader.feed(text[n : n + size])
    return [*found, *reader.end(cut=cut)]


def pairs(text: str, **options):
    return [(draft.text, draft.ids) for draft in read(text, **options)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A is b [S1]. C is d. [S2][S3]", [("A is b.", ("S1",)), ("C is d.", ("S2", "S3"))]),
        ("A is b [S1, S3].", [("A is b.", ("S1", "S3"))]),
        ("A is b 【S1】 and c (S2).", [("A is b and c.", ("S1", "S2"))]),
        ("A is b 【[S1]】.", [("A is b.", ("S1",))]),
        ("A is b [1]. C [^2].", [("A is b.", ("S1",)), ("C.", ("S2",))]),
        ("A is b [S2-S4].", [("A is b.", ("S2", "S3", "S4"))]),
        ("In [2024] it was.", [("In [2024] it was.", ())]),
        ("- A is b [S1]\n- C is d [S2]", [("A is b", ("S1",)), ("C is d", ("S2",))]),
        ("1. A is b [S1].\n2. C is d [S2].", [("A is b.", ("S1",)), ("C is d.", ("S2",))]),
        ("- [S1] A is b\n- [S2] C is d", [("A is b", ("S1",)), ("C is d", ("S2",))]),
        ("A is b.\n[S1]\nC is d.\n[S2]", [("A is b.", ("S1",)), ("C is d.", ("S2",))]),
        ("## So\n**A is b** [S1].", [("So", ()), ("A is b.", ("S1",))]),
        ("```\nA is b [S1].\n```", [("A is b.", ("S1",))]),
        ("<think>No [S9].</think>A is b [S1].", [("A is b.", ("S1",))]),
        ("The U.S. Army and Mr. Kim met [S1].", [("The U.S. Army and Mr. Kim met.", ("S1",))]),
        (
            "普京签署了条约 [S1]。金也签了 [S2]。",
            [("普京签署了条约。", ("S1",)), ("金也签了。", ("S2",))],
        ),
        ("A is b [S1]. C is d [S", [("A is b.", ("S1",)), ("C is d", ())]),
        ("", []),
        ("[S1]", []),
    ],
)
def test_sentences_and_their_ids(text, expected):
    assert pairs(text) == expected


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.integers(1, 50))
def test_any_cut_of_the_stream_gives_the_same(text, size):
    assert read(text, size) == read(text) == read(text, len(text) or 1)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_read(text):
    assert all(len(draft.text) <= LONGEST_SENTENCE for draft in read(text))


def test_a_sentence_is_released_before_the_next_one_ends():
    reader = DraftReader()
    first = "The treaty entered into force on 4 December 2024 [S1]. "
    assert list(reader.feed(first)) == []
    assert [d.text for d in reader.feed("It was signed in Pyongyang in ")] == [
        "The treaty entered into force on 4 December 2024."
    ]


def test_what_the_limit_cut_off_in_the_middle_is_marked():
    assert [d.whole for d in read("A is b [S1]. And then the", cut=True)] == [True, False]
    assert [d.whole for d in read("A is b [S1]. C is d [S2]", cut=True)] == [True, True]


@pytest.mark.parametrize("unit", [".", "[", "a. ", "[S1] ", "<", "word ", "\n- "])
def test_the_time_is_linear_in_the_length(unit):
    def seconds(length: int) -> float:
        started = time.process_time()
        read(unit * (length // len(unit)), 64)
        return time.process_time() - started

    seconds(500)
    assert seconds(4_000) < 10 * max(seconds(1_000), 0.005)
