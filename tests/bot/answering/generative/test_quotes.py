"""Typed quotation marks stay around exact words only."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.generative.quotes import locate, settle_quotes

SOURCE = (
    "The commission called them “heroes and representatives of the honour — of the motherland”."
)


@pytest.mark.parametrize(
    ("typed", "settled"),
    [
        ('They are "heroes and representatives".', "They are “heroes and representatives”."),
        ("They are «Heroes AND representatives».", "They are “heroes and representatives”."),
        ("It is “the honour - of the motherland.”", "It is “the honour — of the motherland”."),
        ("They are “heroes of the motherland”.", "They are heroes of the motherland."),
        ("They are “hero”.", "They are hero."),
        ("Kim's soldiers' “heroes”", "Kim's soldiers' “heroes”"),
        ("An open “ mark", "An open  mark"),
    ],
)
def test_marks_stay_around_the_exact_words_or_go(typed, settled):
    assert settle_quotes(typed, [SOURCE]) == settled


@settings(deadline=None)
@given(st.text(max_size=80), st.text(max_size=80), st.text(min_size=1, max_size=40))
def test_what_is_located_is_a_stretch_of_the_source(before, after, words):
    found = locate(words, before + words + after)
    assert found is None or found in before + words + after


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_mark_is_left_without_a_source(text):
    assert not set('“”«»"') & set(settle_quotes(text, []))
