"""Dates are read as far as they are given, in four languages, and with how they bind."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.dates import find_dates


def one(text):
    [found] = find_dates(text)
    return found


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("on 4 November 2024", (2024, 11, 4)),
        ("Nov 4 2024", (2024, 11, 4)),
        ("november 4, 2024", (2024, 11, 4)),
        ("2024-11-04", (2024, 11, 4)),
        ("04.11.2024", (2024, 11, 4)),
        ("4 ноября 2024 года", (2024, 11, 4)),
        ("2024년 11월 4일", (2024, 11, 4)),
        ("2024年11月4日", (2024, 11, 4)),
        ("in May 2024", (2024, 5, 0)),
        ("в мае 2025 года", (2025, 5, 0)),
        ("in 2024", (2024, 0, 0)),
        ("on 4 November", (0, 11, 4)),
    ],
)
def test_a_date_is_the_same_however_it_is_written(text, parts):
    assert one(text).parts == parts


@pytest.mark.parametrize(
    "text", ["about 2000 soldiers", "2,024 shells", "we may 10 times", "resolution 2397", "24개월"]
)
def test_other_numbers_are_no_dates(text):
    assert find_dates(text) == []


def test_a_range_is_two_dates():
    first, last = find_dates("from 8 to 13 October 2024")
    assert (first.parts, first.relation) == ((2024, 10, 8), "from")
    assert (last.parts, last.relation) == ((2024, 10, 13), "until")


@pytest.mark.parametrize(
    ("text", "relation"),
    [("since May 2024", "from"), ("by 30 April 2025", "until"), ("2024年8月以来", "from")],
)
def test_a_date_binds_as_its_words_say(text, relation):
    assert one(text).relation == relation


def test_a_year_goes_on_to_the_next_date_but_not_backwards_over_new_year():
    assert [d.parts for d in find_dates("on 2 January 2024 and on 4 January")][1] == (2024, 1, 4)
    assert [d.parts for d in find_dates("on 30 December 2023 and on 4 January")][1] == (0, 1, 4)


def test_what_may_be_read_in_two_ways_fits_nothing():
    assert not one("11/4/2024").is_given_by(one("4 November 2024"))
    assert not one("11/4/2024").excludes(one("4 December 2024"))


def test_a_coarser_date_is_given_by_a_finer_one_and_not_the_other_way():
    assert one("in June 2024").is_given_by(one("on 19 June 2024"))
    assert not one("on 19 June 2024").is_given_by(one("in June 2024"))
    assert not one("on 19 June 2024").excludes(one("in June 2024"))


@given(st.text(max_size=300))
def test_any_text_can_be_read(text):
    for found in find_dates(text):
        assert 0 <= found.start < found.end <= len(text)


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2099, 12, 31)))
def test_every_day_is_read_back(day):
    parts = (day.year, day.month, day.day)
    assert one(f"It was {day.day} {day:%B} {day.year}.").parts == parts
    assert one(f"It was {day:%B} {day.day}, {day.year}.").parts == parts
