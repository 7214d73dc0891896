"""Numbers in a text: their value, what they count, and whether they are bounds or round.

Written for checking one sentence against another, so it reads "10,000", "10 000", "10k",
"ten thousand", "1만" and "1万" alike. Dates are no quantities (:mod:`bot.answering.dates`), nor
are the numbers of names ("KN-23", "Article 4").
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.answering.dates import find_dates
from bot.answering.numerals import FACTOR, NUMBER, NUMERAL_SCALE, value_of
from store.aliases import WORD, find_entities
from store.analysis import STOP_TERMS, document_terms

Bound = Literal["exact", "about", "at least", "at most"]

UNIT_WORDS = 5
"""Words after a number in which the thing counted is looked for."""
ABOUT = 0.1
"""Two round numbers agree when they differ by no more than this share."""
FAR_ABOVE = 1.5
"""How many times a lower bound the real figure may be and still be called "more than" it."""

_KINDS = (
    "killed wounded casualties prisoners deminers workers troops shells missiles guns oil warheads "
    "containers"
).split()
"""Synonym groups that say what is counted, most telling first: "soldiers killed" are killed."""
_FATES = frozenset(("killed", "wounded"))
_COUNTABLE = (WORD, "term", "weapon")
_UNIT_END = re.compile(
    r"[\d.;:!?。,，、()（）]|\b(?:in|on|at|by|from|since|with|for|as|to|into|plus|per|than|until|в|на"
    r"|из|от|к|по|who|which|that|if|according)\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\s?(?:were|was|are|is|have|has|had|would|will|could|may|might|can|did)\b", re.IGNORECASE
)
"""Behind a number that stands for a noun left out: "another 150 were planned"."""
_KILOMETRE = re.compile(r"\bkilomet(?:re|er)s?\b", re.IGNORECASE)
_METRE = re.compile(r"\b(?:metre|meter)s?\b", re.IGNORECASE)
_CLAUSE_START = re.compile(r"[.;:!?。,，\d]")
_UNIT_BEFORE = 60
_MONEY = re.compile(r"(?:US)?[$€£¥₽₩]\s?$")
_CURRENCIES = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yuan", "₽": "rubl", "₩": "won"}
_LABEL = re.compile(
    r"\b(article|resolution|number|no|committee|package|chapter|clause|section|статья|статье|статьи"
    r"|резолюци\w*|제|第)\.?\s?$",
    re.IGNORECASE,
)
_AFTER_LABEL = re.compile(
    r"\s*(?:[.,;:)!?]|$|(?:in|on|at|of|is|was|holds?|has|had|and|from|to|for)\b)"
)
_PEOPLE = re.compile(r"\b(koreans|russians|ukrainians|americans|japanese)\b", re.IGNORECASE)
_COUNTER = re.compile(r"\s?[\u3040-\u9fff\uac00-\ud7af]")
"""What is counted stands before the number where the number has a counter (컨테이너 90,000개)."""
_RANGE = re.compile(r"\s?(?:to|and|or|-|–|до|~)\s?(?:about\s|as many as\s)?", re.IGNORECASE)
_NOT_A_RANGE = re.compile(r"\s?(?:and|or)\s?", re.IGNORECASE)
_LEAST = (
    r"(?:more than|over|at least|above|upwards of|exceed(?:s|ed|ing)?|past|no (?:fewer|less) than"
    r"|a minimum of|свыше|более|больше|не менее(?:\sчем)?|не "
    r"меньше|как минимум|최소|至少|超过|逾|>)"
)
_MOST = (
    r"(?:up to|as (?:many|much|high) as|at most|under|fewer than|less than|below|no more than"
    r"|a maximum of|(?<!около )(?<!примерно )до|менее|не более|최대|最多|<)"
)
_ABOUT = (
    r"(?:about|around|roughly|some|nearly|almost|approximately"
    r"|close to|an estimated|of the order of"
    r"|~|≈|около|примерно(?: (?:до|в|к|о))?|почти|порядка|약|约|近|大约)"
)
_BOUNDS: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    ("at least", re.compile(rf"{_LEAST}\s?(?:о\s)?(?:{_ABOUT}\s?)?[$€£¥]?\s?$", re.IGNORECASE)),
    ("at most", re.compile(rf"(?<!\w){_MOST}\s?(?:{_ABOUT}\s?)?[$€£¥]?\s?$", re.IGNORECASE)),
    ("about", re.compile(rf"(?<![a-zа-я]){_ABOUT}\s?(?:о\s)?(?:US)?[$€£¥]?\s?$", re.IGNORECASE)),
)
_LEAST_AFTER = re.compile(r"\s?(?:or more|and more|\+|多|余|[개명발人]?\s?이상)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts: ``units`` are the terms behind it, synonyms unified.

    ``start`` and ``end`` are character offsets of the number, multiplier included.
    """

    value: float
    bound: Bound
    percent: bool
    units: frozenset[str]
    text: str
    start: int = 0
    end: int = 0

    @property
    def kind(self) -> str | None:
        """What is counted, if it is a known thing; killed and wounded together are casualties."""
        if {"killed", "wounded"} <= self.units:
            return "casualties"
        return next((kind for kind in _KINDS if kind in self.units), None)

    def counts_the_same(self, other: Quantity) -> bool:
        """Whether both are numbers of the same thing, so that they can be compared."""
        if self.percent or other.percent:
            return self.percent == other.percent
        if self.kind or other.kind:
            return self.kind == other.kind
        return bool(self.units & other.units)

    def may_count_the_same(self, other: Quantity) -> bool:
        """The same, or one of them does not say what it counts."""
        silent = not self.units or not other.units
        return self.percent == other.percent and (silent or self.counts_the_same(other))

    def agrees_with(self, other: Quantity) -> bool:
        """Whether two numbers of the same thing can both be true."""
        if self.value == other.value:
            return {self.bound, other.bound} != {"at least", "at most"}
        low, high = sorted((self, other), key=lambda quantity: quantity.value)
        if low.bound == "at least" and high.value <= low.value * FAR_ABOVE:
            return True
        if high.bound == "at most" and low.value * FAR_ABOVE >= high.value:
            return True
        round_ones = "about" in (self.bound, other.bound)
        return round_ones and high.value - low.value <= ABOUT * high.value

    def is_stated_by(self, other: Quantity) -> bool:
        """Whether the other gives this very number, as firmly: "up to 90" does not say 90."""
        close = abs(self.value - other.value) <= 1e-6 * max(self.value, 1.0)
        one_sided = "at most" in (self.bound, other.bound) and self.bound != other.bound
        return close and not one_sided


def quantities(text: str) -> list[Quantity]:
    """The quantities of a text, in order."""
    blanked = without_dates(text)
    found: list[Quantity] = []
    scaled: list[bool] = []
    for match in NUMBER.finditer(blanked):
        before = blanked[max(0, match.start() - 32) : match.start()]
        value = value_of(match)
        if value is None or _LABEL.search(before) or _is_label(blanked, match):
            continue
        end = match.end()
        found.append(
            Quantity(
                value=value,
                bound="at least" if _is_least(blanked, match) else _bound(before),
                percent=bool(match["percent"]) or match[0].casefold() == "half",
                units=_units(blanked, match.start(), end),
                text=" ".join(text[match.start() : end].split()),
                start=match.start(),
                end=end,
            )
        )
        scaled.append(bool(match["scale"]))
    return _with_ranges(blanked, found, scaled)


def without_dates(text: str) -> str:
    """A text with spaces in the place of its dates."""
    chars = list(text)
    for date in find_dates(text):
        chars[date.start : date.end] = " " * (date.end - date.start)
    return "".join(chars)


def labels(text: str) -> frozenset[tuple[str, str]]:
    """Numbered things: ("article", "4"), ("resolution", "2397")."""
    pairs = re.findall(
        r"\b(article|resolution|package|clause|статья|статье|статьи|резолюци\w*)\s(\d+)",
        text.casefold(),
    )
    return frozenset((word[:6], number) for word, number in pairs)


def _is_label(text: str, match: re.Match[str]) -> bool:
    """Whether a number belongs to a name: "Depot 7 in Rason", but not "in Kursk 300 died"."""
    plain = match["digits"] and match[0].isdigit() and len(match[0]) <= 4
    before = text[max(0, match.start() - 24) : match.start()]
    word = before.split()[-1:] or [""]
    return bool(
        plain
        and before.endswith(" ")
        and word[0][:1].isupper()
        and word[0].isalpha()
        and word[0].casefold() not in STOP_TERMS
        and _AFTER_LABEL.match(text, match.end())
    )


def _is_least(text: str, match: re.Match[str]) -> bool:
    return bool(match["over"] or _LEAST_AFTER.match(text, match.end()))


def _bound(before: str) -> Bound:
    return next((name for name, pattern in _BOUNDS if pattern.search(before)), "exact")


def _units(text: str, start: int, end: int) -> frozenset[str]:
    """The terms of the words right behind a number; else what the clause before it counts."""
    money = _MONEY.search(text[max(0, start - 4) : start])
    if money:
        return frozenset({_CURRENCIES[money[0].strip()[-1]]})
    after = re.sub(r"^\s?(?:or more|or so|\+|of)\b", " ", text[end : end + 80])
    cut = _UNIT_END.search(after)
    stretch = after[: cut.start()] if cut else after
    stretch = _METRE.sub("m", _KILOMETRE.sub("km", stretch))
    units = unified(stretch, document_terms(stretch)[:UNIT_WORDS])
    if not _FATES.isdisjoint(units):  # "killed or wounded", however long the noun before it
        units |= _FATES & unified(stretch, document_terms(stretch))
    if _VERB.match(stretch):
        units &= frozenset(_KINDS)
    if units and not units.isdisjoint(_KINDS):
        return units
    people = _PEOPLE.search(stretch)
    if people:
        return units | {people[1].casefold()}
    before = _CLAUSE_START.split(text[max(0, start - _UNIT_BEFORE) : start])[-1]
    earlier = unified(before, document_terms(before))
    counted = frozenset(kind for kind in _KINDS if kind in earlier)
    return units | counted if not units or _COUNTER.match(stretch) else units


def _with_ranges(text: str, found: list[Quantity], scaled: list[bool]) -> list[Quantity]:
    """Give the first number of "25 to 30 thousand men" its multiplier, unit and bound."""
    result = list(found)
    for place, (low, high) in enumerate(itertools.pairwise(found)):
        between = text[low.end : high.start]
        between_too = text[: low.start].rstrip().casefold().endswith("between")
        loose = _NOT_A_RANGE.fullmatch(between) and not between_too
        if not _RANGE.fullmatch(between) or loose:
            continue
        scale = NUMERAL_SCALE.search(text[high.start : high.end])
        value = low.value
        if scaled[place + 1] and not scaled[place] and scale and low.value < high.value:
            value *= FACTOR[scale[0].casefold()]
        if value < high.value:
            result[place] = replace(low, value=value, bound="at least", units=high.units)
            result[place + 1] = replace(high, bound="at most")
    return result


def unified(text: str, terms: Sequence[str]) -> frozenset[str]:
    """Terms with synonyms unified, and without names and function words."""
    named = find_entities(text, terms)
    inside = {place for first, end, _ in named for place in range(first, end)}
    groups = {entity.name for _, _, entity in named if entity.kind in _COUNTABLE}
    rest = {term for place, term in enumerate(terms) if place not in inside}
    return frozenset(groups | (rest - STOP_TERMS))
