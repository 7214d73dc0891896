"""Numbers are read alike however they are written, and dates are no numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.quantities import quantities


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10,000 soldiers", 10_000),
        ("10 000 soldiers", 10_000),
        ("10k soldiers", 10_000),
        ("ten thousand soldiers", 10_000),
        ("1.5 billion dollars", 1.5e9),
        ("1.5bn dollars", 1.5e9),
        ("six nuclear tests", 6),
        ("около 10 тысяч военных", 10_000),
        ("1万名士兵", 10_000),
        ("1.5만 명", 15_000),
        ("half a million shells", 500_000),
        ("twenty-five ships", 25),
        ("fifty warheads", 50),
        ("$1.5 billion", 1.5e9),
        ("1만 5천 명", 15_000),
        ("达2.8万个集装箱", 28_000),
        ("一万二千名士兵", 12_000),
        ("roughly 2000 North Korean soldiers", 2_000),
        ("11,000,000 shells", 11_000_000),
    ],
)
def test_a_number_has_the_same_value_however_it_is_written(text, value):
    assert [quantity.value for quantity in quantities(text)] == [value]


@pytest.mark.parametrize(
    "text",
    ["on 4 November 2024", "Nov 4, 2024", "in 2025", "2024-12-04", "2024年12月", "4 декабря 2024"],
)
def test_dates_are_no_quantities(text):
    assert quantities(text) == []


def one(text):
    [found] = quantities(text)
    return found


def test_numbers_compare_only_when_they_count_the_same_thing():
    soldiers = one("10,000 North Korean soldiers")
    assert soldiers.counts_the_same(one("about 11,000 troops in Kursk"))
    assert not soldiers.counts_the_same(one("10,000 containers of shells"))
    assert not one("40% of the shells").counts_the_same(one("40 shells"))


@pytest.mark.parametrize(
    ("one_text", "other_text", "agree"),
    [
        ("10,000 soldiers", "10,000 troops", True),
        ("more than 10,000 soldiers", "11,000 troops", True),
        ("more than 10,000 soldiers", "90,000 troops", False),
        ("about 2,000 dead", "2,100 dead", True),
        ("2,000 dead", "2,100 dead", False),
        ("10,000 soldiers", "1,000 soldiers", False),
    ],
)
def test_bounds_and_round_numbers_are_allowed_for(one_text, other_text, agree):
    assert one(one_text).agrees_with(one(other_text)) is agree
    assert one(other_text).agrees_with(one(one_text)) is agree


@given(st.text(max_size=300))
def test_any_text_can_be_read(text):
    assert all(quantity.value >= 0 for quantity in quantities(text))


@given(st.integers(min_value=1000, max_value=999_999_999))
def test_separators_change_nothing(number):
    for written in (f"{number:,}", f"{number:,}".replace(",", " "), str(number)):
        assert one(f"about {written} dollars").value == number


@pytest.mark.parametrize(
    "text", ["Article 4", "resolution 2397", "KN-23", "Depot 7 in Rason", "15th"]
)
def test_the_numbers_of_names_are_no_quantities(text):
    assert quantities(text) == []


def test_offsets_give_back_the_number():
    text = "They sent about 28,000 containers and 1.5 million shells on 4 May 2024."
    assert [text[q.start : q.end] for q in quantities(text)] == ["28,000", "1.5 million"]


def test_killed_and_wounded_together_are_casualties_and_apart_they_are_not():
    assert one("6,000 killed and wounded").kind == "casualties"
    assert [q.kind for q in quantities("300 killed and 2,700 wounded")] == ["killed", "wounded"]


def test_a_bound_does_not_state_its_number():
    ninety = one("90 warheads")
    assert not ninety.is_stated_by(one("up to 90 warheads"))
    assert ninety.is_stated_by(one("about 90 warheads"))


def test_long_runs_of_digits_take_no_long_time():
    quantities("1," * 20_000)
    quantities("9" * 20_000)
    quantities("more than " * 5_000)
