"""Numbers in a text: their value, what they count, and whether they are bounds or round.

Written for checking one sentence against another, so it reads "10,000", "10 000", "10k" and
"ten thousand" alike. Dates are no quantities; :func:`store.mentions.named_dates` finds them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from store.aliases import WORD, find_entities
from store.analysis import STOP_TERMS, document_terms
from store.mentions import MONTHS

Bound = Literal["exact", "about", "at least", "at most"]

UNIT_WORDS = 5
"""Words after a number in which the thing counted is looked for."""
ABOUT = 0.1
"""Two round numbers agree when they differ by no more than this share."""
FAR_ABOVE = 1.5
"""How many times a lower bound the real figure may be and still be called "more than" it."""

_SMALL = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
}
_SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "k": 1e3,
    "тыс": 1e3,
    "тысяч": 1e3,
    "천": 1e3,
    "千": 1e3,
    "万": 1e4,
    "만": 1e4,
    "萬": 1e4,
    "m": 1e6,
    "mn": 1e6,
    "million": 1e6,
    "millions": 1e6,
    "млн": 1e6,
    "миллионов": 1e6,
    "億": 1e8,
    "亿": 1e8,
    "억": 1e8,
    "b": 1e9,
    "bn": 1e9,
    "billion": 1e9,
    "billions": 1e9,
    "млрд": 1e9,
    "trillion": 1e12,
}
_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_MONTH = "|".join(f"{name}|{name[:3]}" for name in MONTHS)
_DATE = re.compile(
    rf"\b\d{{4}}-\d\d(?:-\d\d)?\b|\b\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTH})\.?(?:,? \d{{4}})?\b"
    rf"|\b(?:{_MONTH})\.? \d{{1,2}}(?:st|nd|rd|th)?\b(?![,.]\d)(?:,? \d{{4}})?"
    rf"|\b(?:{_MONTH})\.?,? \d{{4}}\b|\b(?:19|20)\d\d\b(?!\s?(?:mm|km|soldiers|troops))"
    r"|\d{4}\s?[年년]|\d{1,2}\s?[月월日일]|\d{1,2} (?:январ|феврал|март|апрел|ма[йя]|июн|июл|август"
    r"|сентябр|октябр|ноябр|декабр)\w*",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    rf"(?<![\w.-])(?P<digits>\d{{1,3}}(?:[,\u00a0\u202f ]\d{{3}})+(?!\d)|\d+(?:[.]\d+)?)"
    rf"\s?(?P<scale>(?:{_SCALE})(?![a-zа-я]))?(?P<percent>\s?(?:%|percent|per cent))?"
    rf"|\b(?P<word>{'|'.join(_SMALL)}|half a|a)\s(?P<word_scale>hundred|thousand|million|billion)\b"
    rf"|\b(?P<small>{'|'.join(list(_SMALL)[2:])})\b",
    re.IGNORECASE,
)
_BOUNDS: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    (
        "at least",
        re.compile(
            r"(?:more than|over|at least|above|upwards of|свыше|более|не менее|至少|超过)"
            r"[ \w]{0,12}$",
            re.IGNORECASE,
        ),
    ),
    (
        "at most",
        re.compile(r"(?:up to|at most|under|fewer than|less than|below|до)\s$", re.IGNORECASE),
    ),
    (
        "about",
        re.compile(
            r"(?:about|around|roughly|some|nearly|almost|approximately|close to|около|почти|약|约)"
            r"\s?$",
            re.IGNORECASE,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts: ``units`` are the terms behind it, synonyms unified."""

    value: float
    bound: Bound
    percent: bool
    units: frozenset[str]
    text: str

    def counts_the_same(self, other: Quantity) -> bool:
        """Whether both are numbers of the same thing, so that they can be compared."""
        return self.percent == other.percent and bool(self.units & other.units)

    def agrees_with(self, other: Quantity) -> bool:
        """Whether two numbers of the same thing can both be true."""
        if self.value == other.value:
            return True
        low, high = sorted((self, other), key=lambda quantity: quantity.value)
        if low.bound == "at least" and high.value <= low.value * FAR_ABOVE:
            return True
        round_ones = "about" in (self.bound, other.bound)
        return round_ones and high.value - low.value <= ABOUT * high.value


def quantities(text: str) -> list[Quantity]:
    """The quantities of a text, in order."""
    blanked = _DATE.sub(lambda match: " " * len(match[0]), text)
    return [
        Quantity(
            value=_value(match),
            bound=_bound(blanked[max(0, match.start() - 24) : match.start()]),
            percent=bool(match["percent"]),
            units=_units(blanked[match.end() :]),
            text=" ".join(text[match.start() : match.end()].split()),
        )
        for match in _NUMBER.finditer(blanked)
    ]


def _value(match: re.Match[str]) -> float:
    if match["small"]:
        return float(_SMALL[match["small"].casefold()])
    if match["word"]:
        word = match["word"].casefold()
        count = {"a": 1.0, "half a": 0.5}.get(word) or float(_SMALL[word])
        return count * _SCALES[match["word_scale"].casefold()]
    digits = re.sub(r"[,\u00a0\u202f ]", "", match["digits"])
    scale = _SCALES[match["scale"].casefold()] if match["scale"] else 1.0
    return float(digits) * scale


def _bound(before: str) -> Bound:
    return next((name for name, pattern in _BOUNDS if pattern.search(before)), "exact")


def _units(after: str) -> frozenset[str]:
    """The terms of the words right behind a number, up to the next number or full stop."""
    stretch = re.split(r"[\d.;:!?。]", after, maxsplit=1)[0]
    return unified(stretch, document_terms(stretch)[:UNIT_WORDS])


def unified(text: str, terms: Sequence[str]) -> frozenset[str]:
    """Terms with synonyms unified, and without names and function words."""
    named = find_entities(text, terms)
    inside = {place for first, end, _ in named for place in range(first, end)}
    groups = {entity.name for _, _, entity in named if entity.kind == WORD}
    rest = {term for place, term in enumerate(terms) if place not in inside}
    return frozenset(groups | (rest - STOP_TERMS))
