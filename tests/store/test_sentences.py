"""Sentences are found properly in the four languages, and never lose a character."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.sentences import split_sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Dr. Smith spoke on Nov. 4 in the U.S. Senate.", "Nobody answered."],
        ["It cost $1.5 billion, i.e. 2.1 trillion won.", "No. 5 was lost."],
        ['"We know," he said.', '"Really?" asked Kim.', "Yes!"],
        ["Lt. Gen. J. R. Smith agreed (see p. 5).", "He left."],
        ["They left the U.S.", "The army stayed."],
        ["He waited... and then left.", "Why?", "No one knows."],
        ["김정은 위원장은 러시아를 방문했다.", "정말인가?", "그렇다!"],
        ["국정원은 약 1.5만 명이라고 밝혔다.", "러시아는 부인했다."],
        ["По данным НИС, погибло 2 тыс. человек.", "Он уехал в г. Курск."],
        ["Договор подписан 4 дек. 2024 г. в Москве.", "Он вступил в силу."],
        ["朝鲜向俄罗斯派兵。", "韩国国家情报院说：“约一万人。”", "中国外交部回应！"],
        ["他说：「不知道」。", "Then he left."],
    ],
)
def test_sentences_end_where_a_reader_would_end_them(sentences):
    separator = "" if sentences[0][0] > "\u3000" and sentences[0][-1] in "。！？” 」" else " "
    assert split(separator.join(sentences)) == sentences


@given(st.text(alphabet=st.sampled_from('aB3.?!…"” \n。한국Кл中Mr,'), max_size=200))
def test_every_character_but_white_space_is_in_exactly_one_sentence(text):
    ranges = split_sentences(text)
    assert all(end <= start for (_, end), (start, _) in pairwise(ranges))
    kept = "".join(text[start:end] for start, end in ranges)
    assert "".join(kept.split()) == "".join(text.split())
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in ranges)


@given(st.text(max_size=100), st.text(max_size=30))
def test_a_stretch_is_split_without_looking_outside_of_it(before, inside):
    text = before + "\n" + inside + "\nNext."
    start, end = len(before) + 1, len(before) + 1 + len(inside)
    assert all(start <= s < e <= end for s, e in split_sentences(text, start, end))


def test_a_very_long_text_takes_no_longer_than_its_length():
    assert len(split("Word. " * 50_000)) == 50_000
    assert len(split("." * 100_000)) == 1
    assert len(split("A" * 100_000 + ".")) == 1
