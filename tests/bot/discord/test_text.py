"""Text from outside can do nothing but be read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.rendering.text import cut, day, escaped, fitted, link, web_address

HOSTILE = [
    "@everyone",
    "@here",
    "<@123456789012345678>",
    "<@&123456789012345678>",
    "<#123456789012345678>",
    "</ask:123456789012345678>",
    "<t:1700000000:R>",
    "[click me](https://evil.example)",
    "**bold** __under__ ~~gone~~ ||hidden|| `code` ```block```",
    "# heading",
    "-# small",
    "> quote",
    "- item",
    "1. item",
    "\u202eright to left",
    "a\x00b\x1b[31m",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_keeps_its_meaning(text):
    shown = escaped(text)
    assert not re.search(r"@(everyone|here)", shown)
    assert not re.search(r"(?<!\\)[<>|`*_~\[\]]", shown)
    assert not re.match(r"([#+-]|\d+[.)])", shown)
    assert not re.search("[\x00-\x08\x1b\u202a-\u202e]", shown)


@given(st.text(max_size=300), st.integers(2, 120))
def test_fitted_text_fits_and_never_ends_inside_of_an_escape(text, room):
    shown = fitted(text, room)
    assert len(shown) <= room
    assert not re.search(r"(?<!\\)(?:\\\\)*\\$", shown)
    assert "\n" not in shown


@given(st.text(max_size=200), st.integers(3, 80))
def test_cut_text_is_short_enough(text, length):
    assert len(cut(text, length)) <= length


def test_a_tower_of_accents_is_cut_down():
    assert len(escaped("a" + "\u0301" * 500)) <= 4


def test_broken_code_units_can_be_sent():
    escaped("\ud800").encode()


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.org",
        "//example.org",
        "https://user:secret@example.org",
        "https://",
        "http://[broken",
        "",
        None,
    ],
)
def test_only_plain_web_addresses_become_links(url):
    assert web_address(url) is None
    assert link("a name", url) == "a name"


def test_a_link_can_not_be_broken_out_of():
    shown = link("a](https://evil.example) [b", "https://example.org/a)b (c)")
    assert shown == r"[a\](https://evil.example) \[b](https://example.org/a%29b%20%28c%29)"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2024-11-06", "6 Nov 2024"),
        ("2024-11", "Nov 2024"),
        ("2024", "2024"),
        ("2024-11-06T10:00:00+00:00", "6 Nov 2024"),
        ("soon", "undated"),
        (None, "undated"),
    ],
)
def test_days_read_as_people_write_them(value, shown):
    assert day(value) == shown
