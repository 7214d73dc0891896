"""What a claim holds: its figures, its dates, and the concepts that a sentence must name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from bot.answering import wording
from bot.answering.actors import actors
from bot.answering.dates import DateMention, find_dates
from bot.answering.quantities import Quantity, quantities
from store.analysis import STOP_TERMS, document_terms, split_words, terms_of
from store.model import Range
from store.question import Concept, ParsedQuestion

FEWEST_CONCEPTS = 2
COVERED_ELSEWHERE = 0.75
"""Share of a claim's weight that a sentence in Korean or Chinese must have: where words are
cut into pairs of characters, endings and particles never all agree."""
NEAR = 0.5
"""Share of a claim's weight that a sentence on about the same has."""


def _terms(words: str) -> frozenset[str]:
    return frozenset(terms_of(split_words(words)))


LIGHT = _terms(
    "number total figure estimate estimated count counted put report reported announced stated "
    "according account official officials roughly approximately nearly almost around least amount "
    "dollars dollar usd bn billion million thousand percent cent "
    "year month day already until since "
    "overall carried out reach reached came took place stood worth "
    "roughly been went been gave spoke "
    "circa fyi per mostly whole including about over up some been there now "
    "currently still recently late early mid "
    "сообщила сообщил заявила заявил насчитал около примерно года году год человек тысяч "
    "млн млрд всего и в на с по что"
) | _terms("밝혔다 보고했다 추정했다 发表 报告 估计 年 月 日 个")
"""Terms that a supporting sentence need not have: the figures and names beside them decide."""
ALIKE = tuple(
    _terms(words)
    for words in (
        (
            "sent send sends sending went gone goes go deployed deploy dispatched ship "
            "shipped supplied delivered provided "
            "provide transferred moved gone brought carried"
        ),
        "began begun begin started start launched opened",
        "ended end over expired ran last finished",
        "flew fly flight flown air",
        "stole stolen steal took theft",
        "fell fall dropped shrank declined",
        "rose rise grew climbed increased growth",
        "направила отправила послала направили отправили",
    )
)
_NOT_A_DEED = _terms("first also already has had have been was were itself himself too then")


class Said:
    """A text read once: its figures, dates and terms."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def quantities(self) -> list[Quantity]:
        """The numbers with what they count."""
        return quantities(self.text)

    @cached_property
    def dates(self) -> list[DateMention]:
        """The dates, as exactly as they are given."""
        return find_dates(self.text)

    @cached_property
    def terms(self) -> list[str]:
        """The terms, in order."""
        return terms_of(split_words(self.text))

    @cached_property
    def places(self) -> list[Range]:
        """Where numbers and dates stand."""
        numbers = [(quantity.start, quantity.end) for quantity in self.quantities]
        return numbers + [(date.start, date.end) for date in self.dates]


class Claim(Said):
    """A claim, with the concepts that a sentence must name to speak of it."""

    def __init__(self, text: str, parsed: ParsedQuestion) -> None:
        super().__init__(text)
        marks = [text[start:end] for start, end in self.places]
        inside = {term for mark in marks for term in document_terms(mark)}
        inside |= {re.sub(r"\s", "", mark) for mark in marks}  # "90,000개" keeps its comma
        rest = text
        for start, end in sorted(self.places, reverse=True):
            rest = f"{rest[:start]} {rest[end:]}"
        outside = set(document_terms(rest))
        self.concepts = [
            concept
            for concept in parsed.concepts
            if concept.is_name or not _only_of(concept, (inside - outside) | LIGHT)
        ]
        if "according to" in text.casefold():  # not an accord
            self.concepts = [c for c in self.concepts if not _only_as(c, "accord", outside)]
        spelt = {
            term for concept in parsed.concepts for wording in concept.wordings for term in wording
        }
        self.loose_digits = set(re.findall(r"(?<![\w.])\d+(?![\w.])", rest))
        self.is_readable = all(
            term in spelt or term in STOP_TERMS or term in inside or not word[:1].isupper()
            for word in rest.split()
            for term in document_terms(word)
        )
        """Whether no name was taken for the misspelling of another."""
        self.is_spaced = not any("\u3000" < char < "\ud7ff" for char in text)
        self.stances = wording.stances(text)
        self.parts = wording.parts(text)
        self.deeds = list(deeds(text, self.terms))

    def is_checkable(self) -> bool:
        """Whether there is enough in it to be held against a sentence."""
        enough = len(self.concepts) + len(self.places) > FEWEST_CONCEPTS - 1
        return self.is_readable and enough and bool(self.concepts)

    def covered(self, text: str) -> bool:
        """Whether a stretch of text names all that the claim does."""
        terms = frozenset(document_terms(text))
        missing = [concept for concept in self.concepts if not _names(concept, terms)]
        if self.is_spaced or any(concept.is_name for concept in missing):
            return not missing
        return self._share_missing(missing) <= 1 - COVERED_ELSEWHERE

    def is_near(self, text: str) -> bool:
        """Whether a sentence speaks of about the same: its figures are then worth a look."""
        terms = frozenset(document_terms(text))
        missing = [concept for concept in self.concepts if not _names(concept, terms)]
        return self._share_missing(missing) <= 1 - NEAR

    def _share_missing(self, missing: Sequence[Concept]) -> float:
        total = sum(concept.weight for concept in self.concepts) or 1.0
        return sum(concept.weight for concept in missing) / total


def _only_of(concept: Concept, terms: Iterable[str]) -> bool:
    known = frozenset(terms)
    return all(len(w) == 1 and w[0] in known for w in concept.wordings)


def _only_as(concept: Concept, term: str, terms: Iterable[str]) -> bool:
    """Whether of all its wordings a text has but this term."""
    known = frozenset(terms)
    return (term,) in concept.wordings and not any(
        known.issuperset(w) for w in concept.wordings if w != (term,)
    )


def _names(concept: Concept, terms: frozenset[str]) -> bool:
    """Whether a text speaks of a concept, in its own words or in those that mean the same."""
    if concept.in_terms(terms):
        return True
    own = {term for w in concept.wordings if len(w) == 1 for term in w}
    return any(own & alike and terms & alike for alike in ALIKE)


def deeds(text: str, terms: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Who does what: each actor with the word behind it, where there are two actors or more."""
    found = [actor for actor in actors(text) if not actor.speaks]
    if len({actor.name for actor in found}) < 2:
        return
    for actor in found:
        behind = [term for term in terms[actor.end : actor.end + 3] if term not in _NOT_A_DEED]
        if behind and behind[0] not in STOP_TERMS | LIGHT and not behind[0][0].isdigit():
            yield actor.name, behind[0]
