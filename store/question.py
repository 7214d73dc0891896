"""What a question asks about: its concepts, each with the ways in which a text may word it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from store.aliases import WORD, Terms, find_entities
from store.analysis import STOP_TERMS, split_words, terms_of

UNKNOWN_ELSEWHERE = 0.2
"""Of the weight of a term in another script that no passage has. It tells little: most such
bigrams span the border of two words, and most words are missing where there are few documents."""

Respeller = Callable[[str], str | None]
"""Gives the word of the corpus that an unknown one is probably a misspelling of."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that a question names. A text speaks of it if it has all terms of a wording.

    ``weight`` is the idf of the wording that the corpus uses most. ``known`` is false where no
    document has any of them; such a concept weighs like the rarest.
    """

    wordings: tuple[Terms, ...]
    weight: float
    known: bool
    is_name: bool = False

    def in_terms(self, terms: frozenset[str]) -> bool:
        """Whether a text with these terms speaks of the concept."""
        return any(map(terms.issuperset, self.wordings))


@dataclass(frozen=True)
class ParsedQuestion:
    """A question as the search sees it.

    ``dense_text`` is what is embedded: misspellings mended, names added in English where the
    question has them in another script or in short, since the default model reads English.
    """

    text: str
    concepts: tuple[Concept, ...]
    dense_text: str

    @property
    def unknown(self) -> float:
        """The share of the question's weight that no document mentions at all, 0 to 1.

        Of a question without a subject of its own ("since when?") nothing is unknown.
        """
        if all(STOP_TERMS.issuperset(chain(*concept.wordings)) for concept in self.concepts):
            return 0.0
        lost = sum(concept.weight for concept in self.concepts if not concept.known)
        return lost / self._total if self._total else 0.0

    def coverage(self, terms: frozenset[str]) -> float:
        """The share of the question's weight that a text with these terms speaks of, 0 to 1."""
        known = terms.intersection(self._mentions)
        if not known or not self._total:
            return 0.0
        touched = {place for term in known for place in self._mentions[term]}
        spoken = (self.concepts[place] for place in touched)
        return sum(c.weight for c in spoken if c.in_terms(known)) / self._total

    @cached_property
    def _total(self) -> float:
        return sum(concept.weight for concept in self.concepts)

    @cached_property
    def _mentions(self) -> dict[str, list[int]]:
        """The places of the concepts that each term may speak of.

        Many sentences are held against one question, and most have few of its terms.
        """
        places: dict[str, list[int]] = {}
        for place, concept in enumerate(self.concepts):
            for term in set(chain.from_iterable(concept.wordings)):
                places.setdefault(term, []).append(place)
        return places


def parse_question(
    text: str,
    documents_with: Callable[[str], int],
    documents: int,
    respell: Respeller,
) -> ParsedQuestion:
    """Split a question into concepts.

    ``documents_with`` counts the passages with a term, ``documents`` all passages.
    """
    words = split_words(text)
    respelt = {word: better for word in words if (better := respell(word))}
    terms = terms_of(respelt.get(word, word) for word in words)
    named = find_entities(text, terms)
    inside = {place for first, end, _ in named for place in range(first, end)}

    def weight_of(wordings: Iterable[Terms]) -> tuple[float, bool]:
        """The idf of the wording that the corpus uses most; unknown ones weigh like rare ones."""
        counts = [min(documents_with(term) for term in wording) for wording in wordings]
        count = max(counts, default=0)
        return math.log(1 + (documents - count + 0.5) / (count + 0.5)), count > 0

    concepts: dict[tuple[Terms, ...], Concept] = {}
    for _, _, entity in named:
        weight, known = weight_of(entity.spellings)
        concept = Concept(entity.spellings, weight, known, is_name=entity.kind != WORD)
        concepts.setdefault(entity.spellings, concept)
    rest = [term for place, term in enumerate(terms) if place not in inside]
    telling = [term for term in rest if term not in STOP_TERMS]
    for term in telling or ([] if named else rest):
        wordings: tuple[Terms, ...] = ((term,),)
        weight, known = weight_of(wordings)
        if not known and not term.isascii():
            weight *= UNKNOWN_ELSEWHERE
        concepts.setdefault(wordings, Concept(wordings, weight, known))
    dense_text = text
    for word, better in respelt.items():
        dense_text = re.sub(rf"\b{re.escape(word)}\b", better, dense_text, flags=re.IGNORECASE)
    lowered = dense_text.casefold()
    names = [entity.name for _, _, entity in named if entity.kind != WORD]
    added = dict.fromkeys(name for name in names if name.casefold() not in lowered)
    return ParsedQuestion(text, tuple(concepts.values()), " ".join([dense_text, *added]))
